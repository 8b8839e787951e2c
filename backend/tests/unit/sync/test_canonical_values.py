"""Canonical form, kind by kind: what a JSON value becomes, and the CSV cell of the same value."""

from decimal import Decimal

import pytest

from pulse.sync.domain.canonical import converter, is_detail, split_choices
from pulse.sync.domain.field import FieldSpec

OPTIONS = ("Wi-Fi", "Core", "Fabric", "Fabric; Core", "A", "A;B", "A;B;C", "C")


def read(data_type: str, value: object, options: tuple[str, ...] = OPTIONS) -> object:
    return converter(FieldSpec("Field", data_type, options=options))(value)


@pytest.mark.parametrize("data_type", ["lookup", "ownerlookup", "userlookup", "layout"])
@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ({"id": "3652397000000123", "name": "Acme"}, "3652397000000123"),
        ({"id": 3652397000000123}, "3652397000000123"),
        ({"id": "7", "name": None, "email": "a@example.com"}, "7"),
        ("3652397000000123", "3652397000000123"),
        ({"id": None, "name": "Acme"}, None),
        ({"name": "Acme"}, None),
        ({}, None),
        ("", None),
        (None, None),
    ],
)
def test_a_looked_up_record_is_its_id(data_type: str, value: object, canonical: object) -> None:
    assert read(data_type, value) == canonical


@pytest.mark.parametrize("data_type", ["datetime", "event_reminder"])
@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ("2026-08-17T08:42:00+08:00", "2026-08-17T00:42:00Z"),
        ("2026-08-17T00:42:00Z", "2026-08-17T00:42:00Z"),
        ("2026-08-16T17:42:00-07:00", "2026-08-17T00:42:00Z"),
        ("2026-08-17T06:12:00+05:30", "2026-08-17T00:42:00Z"),
        ("2026-08-17T06:27:00+05:45", "2026-08-17T00:42:00Z"),
        ("2026-08-16T21:12:00-03:30", "2026-08-17T00:42:00Z"),
        ("2026-12-31T23:59:59-01:00", "2027-01-01T00:59:59Z"),
        ("2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00Z"),
        ("2026-08-17T00:42:00.999+00:00", "2026-08-17T00:42:00Z"),
        # Dirty: kept as it is.
        ("2026-08-17T08:42:00", "2026-08-17T08:42:00"),
        ("2026-08-17", "2026-08-17"),
        ("2026-02-30T08:42:00+08:00", "2026-02-30T08:42:00+08:00"),
        ("2026-08-17T08:99:00+08:00", "2026-08-17T08:99:00+08:00"),
        ("2026-08-17T08:42:60+08:00", "2026-08-17T08:42:60+08:00"),
        ("2026-08-17T24:42:00+08:00", "2026-08-17T24:42:00+08:00"),
        ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"),
        ("9999-12-31T23:59:59-07:00", "9999-12-31T23:59:59-07:00"),
        ("soon, at half past eight.", "soon, at half past eight."),
        ("", None),
        (None, None),
        (1_765_000_000, None),
    ],
)
def test_an_instant_is_utc_to_the_second(data_type: str, value: object, canonical: object) -> None:
    assert read(data_type, value) == canonical


@pytest.mark.parametrize("data_type", ["double", "currency", "percent", "integer", "number"])
@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        (0, 0),
        (-12, -12),
        (1500.25, Decimal("1500.25")),
        (0.1, Decimal("0.1")),
        (Decimal("1234567890123456.123456789"), Decimal("1234567890123456.123456789")),
        ("1234567890123456.123456789", Decimal("1234567890123456.123456789")),
        ("9007199254740993", Decimal(9007199254740993)),
        ("-0.000000001", Decimal("-0.000000001")),
        ("12.50", Decimal("12.5")),
        (".5", Decimal("0.5")),
        ("1E+3", Decimal(1000)),
        # Dirty: kept as it is.
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("\u0661\u0662", "\u0661\u0662"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("1e1000", "1e1000"),
        ("1e-999999", "1e-999999"),
        ("€ 5", "€ 5"),
        ("", None),
        (None, None),
        ([], None),
    ],
)
def test_a_number_has_all_its_digits_and_is_never_a_float(
    data_type: str, value: object, canonical: object
) -> None:
    kept = read(data_type, value)

    assert kept == canonical
    assert not isinstance(kept, float)


@pytest.mark.parametrize(
    ("value", "canonical"),
    [(True, True), ("true", True), (False, False), ("false", False), ("", None), (None, None)],
)
def test_a_boolean_that_is_false_is_not_empty(value: object, canonical: object) -> None:
    assert read("boolean", value) is canonical


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        (["Wi-Fi", "Core"], ["Core", "Wi-Fi"]),
        ("Wi-Fi;Core", ["Core", "Wi-Fi"]),
        (["Core"], ["Core"]),
        ("Core", ["Core"]),
        (["Fabric; Core", "Wi-Fi"], ["Fabric; Core", "Wi-Fi"]),
        ("Fabric; Core;Wi-Fi", ["Fabric; Core", "Wi-Fi"]),
        (["Core", "", None], ["Core"]),
        ("Core;", ["Core"]),
        ([1, 2], ["1", "2"]),
        ([], None),
        ([None, ""], None),
        (";", None),
        ("", None),
        (None, None),
        ({"id": "1"}, None),
    ],
)
def test_several_choices_are_a_sorted_list(value: object, canonical: object) -> None:
    assert read("multiselectpicklist", value) == canonical


@pytest.mark.parametrize(
    ("cell", "choices"),
    [
        ("Core", ["Core"]),
        ("Core;Wi-Fi", ["Core", "Wi-Fi"]),
        ("Fabric; Core", ["Fabric; Core"]),
        ("Fabric;Core", ["Fabric", "Core"]),
        ("Wi-Fi;Fabric; Core", ["Wi-Fi", "Fabric; Core"]),
        # The longest option wins.
        ("A;B;C", ["A;B;C"]),
        ("A;B", ["A;B"]),
        ("A;C", ["A", "C"]),
        ("A;B;A;B;C", ["A;B", "A;B;C"]),
        # Parts that are no option stand for themselves.
        ("Retired", ["Retired"]),
        ("Retired;Core;Older", ["Retired", "Core", "Older"]),
        ("B;C", ["B", "C"]),
        ("", [""]),
    ],
)
def test_a_cell_is_split_where_no_option_holds_the_separator(cell: str, choices: list[str]) -> None:
    assert split_choices(cell, frozenset(OPTIONS)) == choices


@pytest.mark.parametrize("data_type", ["text", "textarea", "picklist", "date", "bigint", "unheard"])
@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ("Acme", "Acme"),
        (" Acme ", " Acme "),
        ("日本\u2028🜁", "日本\u2028🜁"),
        ("a\0b", "a\0b"),
        ("2026-08-17", "2026-08-17"),
        ("0000-00-00", "0000-00-00"),
        ("007", "007"),
        (3652397000000123, "3652397000000123"),
        (0, "0"),
        ("", None),
        (None, None),
    ],
)
def test_text_stays_as_it_is(data_type: str, value: object, canonical: object) -> None:
    assert read(data_type, value) == canonical


@pytest.mark.parametrize("data_type", ["formula", "rollup_summary"])
@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        (True, True),
        ("true", True),
        (False, False),
        ("false", False),
        (12, 12),
        ("12", Decimal(12)),
        (12.5, Decimal("12.5")),
        ("12.5", Decimal("12.5")),
        ("-1.5E+3", Decimal(-1500)),
        ("2026-08-17T08:42:00+08:00", "2026-08-17T00:42:00Z"),
        ("2026-08-17", "2026-08-17"),
        ("2026-was a year of many deals", "2026-was a year of many deals"),
        ("Hot", "Hot"),
        # No number in JSON, so text in every source.
        ("0012", "0012"),
        ("+47", "+47"),
        ("1_000", "1_000"),
        (" 12", " 12"),
        ("\u0661\u0662", "\u0661\u0662"),
        ("NaN", "NaN"),
        ("1e1000", "1e1000"),
        ("", None),
        (None, None),
    ],
)
def test_a_computed_value_is_typed_by_itself(
    data_type: str, value: object, canonical: object
) -> None:
    kept = read(data_type, value)

    assert kept == canonical
    assert isinstance(kept, bool) == isinstance(canonical, bool)


@pytest.mark.parametrize(
    "data_type",
    [
        "subform",
        "multiselectlookup",
        "multiuserlookup",
        "multi_module_lookup",
        "fileupload",
        "imageupload",
        "profileimage",
        "territories",
        "consent_lookup",
    ],
)
def test_what_only_single_reads_give_is_kept_whole(data_type: str) -> None:
    assert is_detail(FieldSpec("Lines", data_type))
    assert read(data_type, [{"id": "1", "Rate": Decimal("1.5")}]) == [
        {"id": "1", "Rate": Decimal("1.5")}
    ]
    assert [read(data_type, empty) for empty in (None, "", [], {})] == [None] * 4


@pytest.mark.parametrize(
    ("data_type", "json_type", "expected"),
    [
        # Described as text and sent as a list of objects.
        ("text", "jsonarray", True),
        ("text", "jsonobject", True),
        ("text", "string", False),
        ("text", None, False),
        ("multiselectpicklist", "jsonarray", False),
        ("lookup", "jsonobject", False),
        ("ownerlookup", "jsonobject", False),
        ("layout", "jsonobject", True),
        ("subform", "jsonarray", True),
    ],
)
def test_a_list_that_is_no_choice_and_an_object_that_is_no_lookup_are_details(
    data_type: str, json_type: str | None, *, expected: bool
) -> None:
    assert is_detail(FieldSpec("Field", data_type, json_type)) is expected


def test_the_tag_list_is_kept_whole_though_it_is_called_text() -> None:
    read_tag = converter(FieldSpec("Tag", "text", "jsonarray"))

    assert read_tag([{"name": "VIP", "id": "9"}]) == [{"name": "VIP", "id": "9"}]
    assert read_tag([]) is None
