"""Bulk writes through the client: updates, mass updates, the CRM's jobs and their results."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.core.bulk import Way
from pulse.sync.bulking.ports import Answer, JobState
from pulse.sync.domain.canonical import INSTANT_TYPES, LOOKUP_TYPES, NUMBER_TYPES, instant
from pulse.sync.domain.errors import CrmRefusedError, CrmUnavailableError
from pulse.sync.domain.wire import wire_value
from zoho_crm import errors as zoho
from zoho_crm.bulk_write import read_bulk_outcomes, write_bulk_file
from zoho_crm.protocol.bulk_columns import BulkColumn, ColumnKind
from zoho_crm.protocol.bulk_outcomes import RowStatus
from zoho_crm.protocol.bulk_write import BulkOperation, BulkWriteState
from zoho_crm.protocol.mass_update import MassUpdateState
from zoho_crm.protocol.outcomes import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pulse.sync.bulking.ports import Item
    from pulse.sync.domain.field import FieldSpec
    from pulse.sync.domain.observation import JsonValue
    from zoho_crm.client import ZohoClient
    from zoho_crm.protocol.bulk_outcomes import RowFault
    from zoho_crm.protocol.outcomes import Outcome

_ID: Final = "id"
_UNKNOWN_SPEC_TYPE: Final = "text"


class ZohoBulkWriter:
    """The `BulkWriter` port. `org_id` is what the host of Bulk Write files asks for."""

    def __init__(
        self,
        client: ZohoClient,
        specs: Mapping[str, FieldSpec],
        org_id: str,
        *,
        run_automation: bool = True,
    ) -> None:
        self._client = client
        self._specs = specs
        self._org_id = org_id
        self._trigger = None if run_automation else ()

    async def update(
        self, module: str, rows: Sequence[Item], guard: datetime
    ) -> Sequence[Answer] | None:
        """Write 1 to 100 records that have not changed since `guard`; an answer for each."""
        sent = [{_ID: str(row.record_id), **self._wire(row.after)} for row in rows]
        with crm_errors(f"Updating {module}"):
            try:
                result = await self._client.update(
                    module, sent, if_unmodified_since=guard, trigger=self._trigger
                )
            except zoho.AnswerLost:
                return None
        return [_answer(row) for row in result.rows]

    async def mass_update(
        self, module: str, ids: Sequence[int], values: Mapping[str, JsonValue | None]
    ) -> Sequence[Answer] | None:
        """Write the same values into 1 to 500 records; an answer for each."""
        with crm_errors(f"Mass update of {module}"):
            try:
                result = await self._client.mass_update.by_ids(
                    module, [str(each) for each in ids], self._wire(values), over_write=True
                )
            except zoho.AnswerLost:
                return None
        return [_answer(row) for row in result.rows]

    async def start_view_update(
        self, module: str, view_id: str, values: Mapping[str, JsonValue | None], records: int
    ) -> str | None:
        """Let the CRM write values into all records of a view; return the job's id."""
        with crm_errors(f"Mass update of {module}"):
            try:
                return await self._client.mass_update.by_view(
                    module, view_id, self._wire(values), records=records, over_write=True
                )
            except zoho.AnswerLost:
                return None
            except zoho.AlreadyScheduled as other:
                raise CrmUnavailableError(
                    "The CRM is at work on another mass update; it takes one at a time.",
                    fix="Start this one again when it has ended.",
                ) from other

    async def view_ids(self, module: str, view_id: str) -> Sequence[int]:
        """Return the records of a custom view in order of id."""
        with crm_errors(f"Listing a custom view of {module}"):
            return sorted(await ids_of_view(self._client, module, view_id))

    async def start_bulk_write(self, module: str, rows: Sequence[Item]) -> str | None:
        """Upload a file of 1 to 25,000 records and start its job; return the job's id."""
        names = sorted({name for row in rows for name in row.after})
        columns = [BulkColumn(_ID, ColumnKind.ID), *(self._column(name) for name in names)]
        lines = (
            [
                str(row.record_id),
                *(_cell(self._specs.get(name), row.after.get(name)) for name in names),
            ]
            for row in rows
        )
        with (
            tempfile.TemporaryDirectory(prefix="pulse-write-") as folder,
            crm_errors(f"Bulk Write of {module}"),
        ):
            path = Path(folder) / "records.zip"
            try:
                file = await asyncio.to_thread(write_bulk_file, path, columns, lines)
            except ValueError as wrong:
                raise CrmRefusedError(
                    f"A file for Bulk Write cannot hold these values: {wrong}.",
                    fix='Start it again with "way": "put".',
                ) from wrong
            file_id = await self._client.bulk_write.upload(file, org_id=self._org_id)
            try:
                return await self._client.bulk_write.create(
                    module,
                    BulkOperation.UPDATE,
                    file,
                    file_id,
                    ignore_empty=False,
                    find_by=_ID,
                )
            except zoho.AnswerLost:
                return None

    async def job(self, module: str, way: Way, job_id: str) -> JobState:
        """Return where a job stands."""
        with crm_errors("Looking at a job of the CRM"):
            if way is Way.BULK_WRITE:
                return await self._bulk_write_job(job_id)
            found = await self._client.mass_update.status(module, job_id)
        return JobState(
            found.state.value,
            is_over=found.state.is_final,
            has_failed=found.state is not MassUpdateState.COMPLETED and found.state.is_final,
            counts={
                "total": found.total,
                "updated": found.updated,
                "not_updated": found.not_updated,
                "failed": found.failed,
            },
        )

    async def _bulk_write_job(self, job_id: str) -> JobState:
        found = await self._client.bulk_write.status(job_id)
        return JobState(
            found.state.value,
            is_over=found.state.is_final,
            has_failed=found.state is BulkWriteState.FAILED,
            counts={
                "total": sum(file.total for file in found.files),
                "updated": sum(file.updated for file in found.files),
                "skipped": sum(file.skipped for file in found.files),
            },
            has_result=found.download_url is not None,
            reason=next((file.code for file in found.files if file.code), None),
        )

    async def bulk_write_result(self, job_id: str) -> Mapping[int, Answer]:
        """Return what a finished Bulk Write says of each record, by id."""
        with tempfile.TemporaryDirectory(prefix="pulse-result-") as folder:
            path = Path(folder) / "result.zip"
            with crm_errors("Downloading the result of a Bulk Write"):
                job = await self._client.bulk_write.status(job_id)
                await self._client.bulk_write.download(job, path)
            with crm_errors("Reading the result of a Bulk Write"):
                return await asyncio.to_thread(_result, path)

    # Any: wire values of any type.
    def _wire(self, values: Mapping[str, JsonValue | None]) -> dict[str, Any]:
        return {
            name: value if name not in self._specs else wire_value(self._specs[name], value)
            for name, value in values.items()
        }

    def _column(self, name: str) -> BulkColumn:
        spec = self._specs.get(name)
        return BulkColumn(name, _kind(_UNKNOWN_SPEC_TYPE if spec is None else spec.data_type))


async def ids_of_view(
    client: ZohoClient, module: str, view_id: str, limit: int | None = None
) -> list[int]:
    """Return the ids of a view's records, by pages; at most about `limit` of them."""
    ids: list[int] = []
    token: str | None = None
    while limit is None or len(ids) < limit:
        page = await client.get_records(module, [_ID], view_id=view_id, page_token=token)
        ids += [int(str(row[_ID])) for row in page.records]
        token = page.next_page_token
        if not page.more or token is None:
            break
    return ids[:limit]


def _answer(row: Outcome) -> Answer:
    if not isinstance(row, RecordError):
        return Answer(is_written=True)
    parts = row.parts
    return Answer(
        is_written=False,
        code=parts[0].code,
        message="; ".join(dict.fromkeys(part.message for part in parts)),
        field=", ".join(dict.fromkeys(part.api_name for part in parts if part.api_name)) or None,
        is_outdated=row.is_already_modified,
    )


def _kind(data_type: str) -> ColumnKind:
    if data_type in LOOKUP_TYPES:
        return ColumnKind.LOOKUP
    if data_type in INSTANT_TYPES:
        return ColumnKind.DATETIME
    if data_type in NUMBER_TYPES:
        return ColumnKind.NUMBER
    return {
        "boolean": ColumnKind.BOOLEAN,
        "date": ColumnKind.DATE,
        "multiselectpicklist": ColumnKind.CHOICES,
    }.get(data_type, ColumnKind.TEXT)


def _cell(spec: FieldSpec | None, value: JsonValue | None) -> object:
    """Return a canonical value as the column of its field takes it."""
    if value is None or spec is None:
        return value
    if spec.data_type in INSTANT_TYPES:
        return instant(str(value))
    if spec.data_type == "date":
        return date.fromisoformat(str(value))
    return value


def _why(faults: Sequence[RowFault]) -> str:
    """Return the CRM's reasons as its result file spells them."""
    told = ": ".join(
        fault.code if fault.column is None else f"{fault.code}-{fault.column}" for fault in faults
    )
    return f"The CRM skipped the row: {told}." if told else "The CRM skipped the row."


def _result(path: Path) -> dict[int, Answer]:
    with read_bulk_outcomes(path) as rows:
        found: dict[int, Answer] = {}
        for row in rows:
            record_id = row.record_id or row.echo.get(_ID)
            if record_id is None or not record_id.isdigit():
                continue
            is_written = row.status is RowStatus.UPDATED
            first = row.faults[0] if row.faults else None
            found[int(record_id)] = Answer(
                is_written,
                code=None if is_written else row.status.value if first is None else first.code,
                message=None if is_written else _why(row.faults),
                field=None if first is None else first.column,
            )
        return found
