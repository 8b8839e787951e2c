"""A bulk write at work: row by row, each with an outcome, and at the end a file of outcomes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.behaviour.row_jobs import Phase, RowJob
from zoho_sim.bulk_write.cells import BadCellError, value_in
from zoho_sim.state.writes import RowRefusedError

if TYPE_CHECKING:
    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.bulk_write.cells import Column
    from zoho_sim.bulk_write.orders import Order
    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record
    from zoho_sim.state.writer import RecordWriter
    from zoho_sim.state.writes import RowError

# Of the file's own columns only these come back.
RESULT_COLUMNS = 3
# What the result file calls a refusal that it has no word of its own for.
_CODES = {"RECORD_LOCKED": "BLOCKED_RECORD", "NO_PERMISSION": "CANNOT_PROCESS",
          "RECORD_IN_BLUEPRINT": "CANNOT_PROCESS"}  # fmt: skip


class Outcome(NamedTuple):
    """What became of a row, as the last three columns of the result file say it."""

    status: str
    record_id: str = ""
    errors: str = ""


class BulkWriteJob(RowJob):
    """Writes the rows of an order. A job that ``fails`` gives up halfway."""

    def __init__(
        self,
        job_id: str,
        created_at: float,
        *,
        order: Order,
        organisation: Organisation,
        switches: Switches,
        writer: RecordWriter,
        fails: bool,
    ) -> None:
        super().__init__(job_id, len(order.table.rows), created_at)
        self.order = order
        self.fails = fails
        self.counts: Counter[str] = Counter()
        self.created_time = organisation.now()
        self.ended_at: float | None = None
        self.file = b""
        self._organisation = organisation
        self._switches = switches
        self._writer = writer
        self._outcomes: list[Outcome] = []
        self._titles = {column.field.api_name: column.title for column in order.columns}

    def write(self, place: int) -> None:
        """Write one row, or note why not."""
        if self.fails and place >= self.total // 2:
            outcome = Outcome("unprocessed")
        else:
            outcome = self._outcome(self.order.table.rows[place])
        self.counts[outcome.status] += 1
        self._outcomes.append(outcome)

    def end(self) -> None:
        """Pack the result file."""
        self.ended_at = self._organisation.clock.timestamp()
        shown = [c for c in self.order.columns if c.index is not None][:RESULT_COLUMNS]
        text = io.StringIO(newline="")
        sheet = csv.writer(text)
        sheet.writerow([*(column.title for column in shown), "STATUS", "RECORD_ID", "ERRORS"])
        for cells, outcome in zip(self.order.table.rows, self._outcomes, strict=True):
            sheet.writerow([*(_cell(cells, column) for column in shown), *outcome])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            name = f"{self.order.store.api_name}-{self.order.file_name}"
            archive.writestr(name, text.getvalue())
        self.file = packed.getvalue()

    @property
    def state(self) -> str:
        """The job's state as the wire spells it."""
        match self.phase:
            case Phase.WAITING:
                return "ADDED"
            case Phase.AT_WORK:
                spaced = self._switches.bulk_write_in_progress_has_space
                return "IN PROGRESS" if spaced else "INPROGRESS"
            case Phase.ENDED:
                return "FAILED" if self.fails else "COMPLETED"

    def _outcome(self, cells: list[str]) -> Outcome:
        order = self.order
        row, errors = self._read(cells)
        found = None
        if order.key is not None:
            text = _cell(cells, order.key)
            found = None if not text else self._found(order.key, text)
            if not text and order.operation == "update":
                errors.append(f"MANDATORY_NOT_FOUND-{order.key.title}")
            elif found is None and order.operation == "update":
                errors.append(f"{self._switches.bulk_write_missing_code}-{order.key.title}")
            elif found is not None and order.operation == "insert":
                errors.append(f"DUPLICATE_DATA-{order.key.title}")
        record_id = "" if found is None else found.id
        if errors:
            return Outcome("skipped", record_id, ":".join(errors))
        try:
            if found is None:
                return Outcome("added", self._writer.insert(row, 0).id)
            self._writer.change(found, row, 0)
        except RowRefusedError as refused:
            told = [self._told(error) for error in refused.errors]
            return Outcome("skipped", record_id, ":".join(told))
        return Outcome("updated", record_id)

    def _read(self, cells: list[str]) -> tuple[JsonObject, list[str]]:
        """Return the row by API names, and what is wrong with its cells."""
        row: JsonObject = {}
        errors: list[str] = []
        for column in self.order.columns:
            text = _cell(cells, column)
            name = column.field.api_name
            if not text and column.default is not None:
                row[name] = self._default(column)
            elif not text:
                if not self.order.ignore_empty:
                    row[name] = None
            else:
                try:
                    row[name] = value_in(self._organisation, column, text)
                except BadCellError:
                    errors.append(f"INVALID_DATA-{column.title}")
        row.pop("id", None)
        return row, errors

    def _default(self, column: Column) -> JsonValue:
        default = column.default
        if not isinstance(default, str):
            return default
        try:
            return value_in(self._organisation, column, default)
        except BadCellError:
            return default  # the field refuses it, row by row

    def _found(self, key: Column, text: str) -> Record | None:
        store = self.order.store
        if key.field.api_name == "id":
            return store.records.get(text)
        return store.find(key.field, text)

    def _told(self, error: RowError) -> str:
        """Return ``CODE-Column``; the path of an error begins with the field that it is about."""
        path: str = error.details["json_path"]
        name = re.split(r"[.\[]", path.removeprefix("$.data[0]."), maxsplit=1)[0]
        return f"{_CODES.get(error.code, error.code)}-{self._titles.get(name, name)}"


def _cell(cells: list[str], column: Column) -> str:
    """Return the text of a cell; a short line has empty ones at its end."""
    if column.index is None or column.index >= len(cells):
        return ""
    return cells[column.index].strip()
