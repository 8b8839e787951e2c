"""A row of a call becomes a write: what forbids it, what its values are, and what follows from it.

Every call that writes goes through here, so that a lock or a blueprint binds all of them alike; how
a refusal is worded in the answer is the caller's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.state.edits import create_record, edit_record
from zoho_sim.state.protections import is_locked
from zoho_sim.state.writes import RowError, RowReader, RowRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.edits import Author
    from zoho_sim.state.fields import Field, JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

LOCKED_TEXT = "Sorry, you cannot perform this operation as the record is locked."


class RecordWriter:
    """Writes rows into one module for one author.

    ``afterwards`` is told of every record written: it is where automation begins; None runs none.
    """

    def __init__(
        self,
        organisation: Organisation,
        store: ModuleStore,
        switches: Switches,
        by: Author,
        afterwards: Callable[[ModuleStore, Record], None] | None = None,
    ) -> None:
        self._organisation = organisation
        self._store = store
        self._by = by
        self._reader = RowReader(organisation, store, switches)
        self._afterwards = afterwards

    def insert(self, row: JsonObject, place: int) -> Record:
        """Add a record, or raise RowRefusedError."""
        values = self._reader.read(row, place, None)
        record = create_record(self._organisation, self._store, values, self._by)
        return self._written(record)

    def change(self, record: Record, row: JsonObject, place: int) -> Record:
        """Change a record, or raise RowRefusedError; then nothing of it is changed."""
        barred = self._barred(record, place)
        if barred is not None:
            raise RowRefusedError([barred])
        values = self._reader.read(row, place, record)
        if self._leaves_blueprint(record, values):
            stage = self._store.by_role["Stage"].api_name
            where = {"api_name": stage, "json_path": f"$.data[{place}].{stage}"}
            raise RowRefusedError(
                [RowError("RECORD_IN_BLUEPRINT", "The record is in blue print", where)]
            )
        edit_record(self._organisation, self._store, record, values, self._by)
        return self._written(record)

    def _written(self, record: Record) -> Record:
        if self._afterwards is not None:
            self._afterwards(self._store, record)
        return record

    def _barred(self, record: Record, place: int) -> RowError | None:
        where: JsonObject = {"api_name": "id", "json_path": f"$.data[{place}].id"}
        if record.id in self._organisation.protections.not_editable:
            return RowError("NO_PERMISSION", "permission denied", where)
        if is_locked(self._store, record):
            return RowError("RECORD_LOCKED", LOCKED_TEXT, {**where, "action": "record_locking"})
        return None

    def _leaves_blueprint(self, record: Record, values: dict[Field, JsonValue]) -> bool:
        stage = self._store.by_role.get("Stage")
        return (
            record.id in self._organisation.protections.in_blueprint
            and stage in values
            and values[stage] != record.values[stage.position]
        )
