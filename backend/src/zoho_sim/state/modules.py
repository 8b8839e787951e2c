"""A module: its fields, its live records with their sorted indexes, its bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sortedcontainers import SortedList

from zoho_sim.state.records import CREATED_TIME, MODIFIED_TIME, Record, Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zoho_sim.state.fields import Field, JsonObject, JsonValue


class UnknownFieldError(LookupError):
    """The module has no field of that API name."""


class ModuleStore:
    """One module's fields and records.

    ``records`` and the indexes hold what the API user can see: live and not hidden. The indexes
    are ``by_id`` (ids), ``by_created`` and ``by_modified`` (pairs of wire time and id), ascending.
    """

    def __init__(
        self,
        *,
        module_id: str,
        api_name: str,
        singular: str,
        plural: str,
        name_role: str,
    ) -> None:
        self.id = module_id
        self.api_name = api_name
        self.singular = singular
        self.plural = plural
        self.name_role = name_role
        self.is_writable = True
        self.fields: dict[str, Field] = {}
        self.by_role: dict[str, Field] = {}
        self.width = 0
        self.records: dict[str, Record] = {}
        self.hidden: dict[str, Record] = {}
        self.bin: dict[str, Tombstone] = {}
        self.purged: dict[str, Tombstone] = {}
        self.by_id: SortedList = SortedList()
        self.by_created: SortedList = SortedList()
        self.by_modified: SortedList = SortedList()
        # Ids of dependent rows by parent id (DealHistory rows by deal).
        self.children: dict[str, list[str]] = {}
        self.numbers_given = 0
        # Last known holder of a text, by field; entries may be stale and are checked when used.
        self._holders: dict[str, dict[str, str]] = {}
        self._references: dict[str, JsonObject] = {}

    def field(self, api_name: str) -> Field:
        """Return the field of that API name (case-sensitive), or raise UnknownFieldError."""
        try:
            return self.fields[api_name]
        except KeyError:
            raise UnknownFieldError(api_name) from None

    @property
    def name_field(self) -> Field:
        """The field that gives a record its display name."""
        return self.by_role[self.name_role]

    def add_field(self, field: Field) -> None:
        """Append a field; its position must be the next column. Records get an empty column."""
        if field.position != self.width:
            msg = f"position of {field.api_name} must be {self.width}, not {field.position}"
            raise ValueError(msg)
        self.fields[field.api_name] = field
        self.by_role[field.role] = field
        self.width += 1
        for record in self.all_records():
            record.values.append(None)

    def rename_field(self, api_name: str, new_name: str) -> None:
        """Give a field another API name; its values, order and role stay."""
        field = self.field(api_name)
        field.api_name = new_name
        self.fields = {known.api_name: known for known in self.fields.values()}

    def remove_field(self, api_name: str) -> None:
        """Drop a field. Its column stays empty so that other positions hold."""
        field = self.field(api_name)
        del self.fields[api_name]
        self.by_role.pop(field.role, None)
        for record in self.all_records():
            record.values[field.position] = None

    def all_records(self) -> Iterable[Record]:
        """Yield every record that still has values: live, hidden and in the bin."""
        yield from self.records.values()
        yield from self.hidden.values()
        for tombstone in self.bin.values():
            if tombstone.record is not None:
                yield tombstone.record

    def display_name(self, record: Record) -> str | None:
        """Return the record's name as lookups and deleted lists show it."""
        name = record.values[self.name_field.position]
        return name if isinstance(name, str) else None

    def reference(self, record: Record) -> JsonObject:
        """Return the one ``{"name", "id"}`` dict that every lookup to this record shares."""
        found = self._references.get(record.id)
        if found is None:
            found = {"name": self.display_name(record), "id": record.id}
            self._references[record.id] = found
        return found

    def refresh_reference(self, record: Record) -> None:
        """Make lookups to the record show its present name."""
        if record.id in self._references:
            self._references[record.id]["name"] = self.display_name(record)

    def find(self, field: Field, value: JsonValue) -> Record | None:
        """Return a live record whose field holds the value; text is compared without case."""
        holders = self._holders.get(field.id)
        if holders is None:
            holders = {
                key: record.id
                for record in self.records.values()
                if (key := _fold(record.values[field.position])) is not None
            }
            self._holders[field.id] = holders
        wanted = _fold(value)
        if wanted is None or wanted not in holders:
            return None
        record = self.records.get(holders[wanted])
        if record is not None and _fold(record.values[field.position]) == wanted:
            return record
        del holders[wanted]
        for other in self.records.values():
            if _fold(other.values[field.position]) == wanted:
                holders[wanted] = other.id
                return other
        return None

    def note_values(self, record: Record) -> None:
        """Remember the record as the holder of its values, for ``find``."""
        for field in self.fields.values():
            holders = self._holders.get(field.id)
            key = None if holders is None else _fold(record.values[field.position])
            if holders is not None and key is not None:
                holders[key] = record.id

    def next_number(self) -> int:
        """Return the next auto-number: one more than every record ever made."""
        self.numbers_given = max(
            self.numbers_given, len(self.records) + len(self.hidden) + len(self.bin)
            + len(self.purged)
        ) + 1  # fmt: skip
        return self.numbers_given

    def load(self, records: Iterable[Record]) -> None:
        """Add many records at once (used by the seed): one sort instead of many insertions."""
        fresh = {record.id: record for record in records}
        self.records.update(fresh)
        self.by_id.update(fresh)
        self.by_created.update((r.values[CREATED_TIME], r.id) for r in fresh.values())
        self.by_modified.update((r.values[MODIFIED_TIME], r.id) for r in fresh.values())

    def show(self, record: Record) -> None:
        """Put a record among the live ones."""
        self.records[record.id] = record
        self.by_id.add(record.id)
        self.by_created.add((record.values[CREATED_TIME], record.id))
        self.by_modified.add((record.values[MODIFIED_TIME], record.id))

    def take(self, record: Record) -> None:
        """Take a record from the live ones."""
        del self.records[record.id]
        self.by_id.remove(record.id)
        self.by_created.remove((record.values[CREATED_TIME], record.id))
        self.by_modified.remove((record.values[MODIFIED_TIME], record.id))

    def stamp(self, record: Record, modified_time: str) -> None:
        """Set Modified_Time and keep its index true."""
        if record.id in self.records:
            self.by_modified.remove((record.values[MODIFIED_TIME], record.id))
            self.by_modified.add((modified_time, record.id))
        record.values[MODIFIED_TIME] = modified_time


def _fold(value: JsonValue) -> str | None:
    return None if value is None else str(value).casefold()
