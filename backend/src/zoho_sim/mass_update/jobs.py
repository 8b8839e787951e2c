"""A scheduled mass update over what a custom view showed when it was ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.behaviour.row_jobs import Phase, RowJob
from zoho_sim.state.writes import RowRefusedError

if TYPE_CHECKING:
    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.writer import RecordWriter

_STATUS = {Phase.WAITING: "SCHEDULED", Phase.AT_WORK: "RUNNING", Phase.ENDED: "COMPLETED"}


class MassUpdateJob(RowJob):
    """Counts what was updated and what failed; a record that is gone by then has failed."""

    def __init__(
        self,
        job_id: str,
        created_at: float,
        *,
        store: ModuleStore,
        writer: RecordWriter,
        row: JsonObject,
        ids: list[str],
    ) -> None:
        super().__init__(job_id, len(ids), created_at)
        self.module = store.api_name
        self._store = store
        self._writer = writer
        self._row = row
        self._ids = ids
        self._updated = 0

    def write(self, place: int) -> None:
        """Update one record, if it lets itself be updated."""
        record = self._store.records.get(self._ids[place])
        if record is None:
            return
        try:
            self._writer.change(record, self._row, 0)
        except RowRefusedError:
            return
        self._updated += 1

    def describe(self) -> JsonObject:
        """Return the job as the status call shows it."""
        return {
            "Status": _STATUS[self.phase],
            "Failed_Count": self.done - self._updated,
            "Updated_Count": self._updated,
            "Not_Updated_Count": self.total - self.done,
            "Total_Count": self.total,
        }
