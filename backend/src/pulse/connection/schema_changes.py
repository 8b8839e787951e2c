"""How a module's fields changed between two readings: decided here, applied in `fields`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulse.core.directory import FieldFacts


class SchemaChangeKind(StrEnum):
    """What happened to a field, by its id."""

    ADDED = "added"
    RENAMED = "renamed"
    REMOVED = "removed"
    RETYPED = "retyped"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field as it was read last."""

    field_id: int
    api_name: str
    data_type: str
    is_removed: bool


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of one field.

    `api_name` is the present name (of a removed field the last one); `before` is the former name of
    a renamed field, or the former type of a retyped one, and `after` the new one.
    """

    kind: SchemaChangeKind
    field_id: int
    api_name: str
    before: str | None = None
    after: str | None = None


def schema_changes(known: Iterable[KnownField], seen: Iterable[FieldFacts]) -> list[SchemaChange]:
    """Return what changed, in the order of field ids; a field can be renamed and retyped at once.

    Fields are told apart by id: a field that took over the name of a removed one is another field.
    """
    before = {field.field_id: field for field in known}
    after = {field.field_id: field for field in seen}
    changes: list[SchemaChange] = []
    for field_id in sorted(before.keys() | after.keys()):
        old, new = before.get(field_id), after.get(field_id)
        if new is None:
            if old is not None and not old.is_removed:
                changes.append(SchemaChange(SchemaChangeKind.REMOVED, field_id, old.api_name))
            continue
        if old is None:
            changes.append(SchemaChange(SchemaChangeKind.ADDED, field_id, new.api_name))
            continue
        if old.is_removed:
            changes.append(SchemaChange(SchemaChangeKind.RETURNED, field_id, new.api_name))
        for kind, was, becomes in (
            (SchemaChangeKind.RENAMED, old.api_name, new.api_name),
            (SchemaChangeKind.RETYPED, old.data_type, new.data_type),
        ):
            if was != becomes:
                changes.append(SchemaChange(kind, field_id, new.api_name, was, becomes))
    return changes
