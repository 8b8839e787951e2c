"""Two readings of a module's fields, told apart by field id."""

from pulse.connection.schema_changes import (
    KnownField,
    SchemaChange,
    SchemaChangeKind,
    schema_changes,
)
from support.fields import field


def known(field_id: int, name: str, data_type: str = "text", *, gone: bool = False) -> KnownField:
    return KnownField(field_id, name, data_type, gone)


def test_the_same_fields_are_no_change() -> None:
    assert schema_changes([known(1, "A")], [field(1, "A")]) == []


def test_each_kind_of_change_is_named_by_id() -> None:
    before = [
        known(1, "Old"),
        known(2, "Amount", "currency"),
        known(3, "Gone"),
        known(4, "Back", gone=True),
        known(5, "Long_gone", gone=True),
    ]
    after = [field(1, "New"), field(2, "Amount", "double"), field(4, "Back"), field(6, "Fresh")]

    assert schema_changes(before, after) == [
        SchemaChange(SchemaChangeKind.RENAMED, 1, "New", "Old", "New"),
        SchemaChange(SchemaChangeKind.RETYPED, 2, "Amount", "currency", "double"),
        SchemaChange(SchemaChangeKind.REMOVED, 3, "Gone"),
        SchemaChange(SchemaChangeKind.RETURNED, 4, "Back"),
        SchemaChange(SchemaChangeKind.ADDED, 6, "Fresh"),
    ]


def test_a_new_field_of_an_old_name_is_another_field() -> None:
    assert schema_changes([known(1, "Country")], [field(2, "Country")]) == [
        SchemaChange(SchemaChangeKind.REMOVED, 1, "Country"),
        SchemaChange(SchemaChangeKind.ADDED, 2, "Country"),
    ]


def test_a_field_can_return_renamed_and_retyped() -> None:
    assert schema_changes([known(1, "A", gone=True)], [field(1, "B", "date")]) == [
        SchemaChange(SchemaChangeKind.RETURNED, 1, "B"),
        SchemaChange(SchemaChangeKind.RENAMED, 1, "B", "A", "B"),
        SchemaChange(SchemaChangeKind.RETYPED, 1, "B", "text", "date"),
    ]
