"""Reads a module through the client: the engine's selections as COQL, pages, jobs and files."""

from __future__ import annotations

import asyncio
import tempfile
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.sync.domain.canonical import instant
from pulse.sync.domain.errors import PageTokenLostError
from pulse.sync.ports import (
    Aggregate,
    Cells,
    ChangedSince,
    CreatedRange,
    DeletedPage,
    DeletedRecord,
    Export,
    ExportState,
    IdRange,
    Page,
    Row,
    Selection,
    TheseIds,
)
from zoho_crm.bulk_read import read_bulk_csv
from zoho_crm.errors import LimitExceeded, WalkBroken
from zoho_crm.protocol import coql
from zoho_crm.protocol.bulk_read import BulkState
from zoho_crm.protocol.records import DeletedKind, SortBy, SortOrder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from zoho_crm.client import ZohoClient
    from zoho_crm.protocol.coql import Condition

_EXPORT_BATCH: Final = 2_000
_OFFSET_REACH: Final = 100_000


def condition_of(selection: Selection) -> Condition:
    """Return a selection as a COQL condition; a query must have one, so "all" is one too."""
    parts: list[Condition] = []
    match selection:
        case CreatedRange(start, end):
            if start is not None:
                parts.append(coql.compare("Created_Time", ">=", start))
            if end is not None:
                parts.append(coql.compare("Created_Time", "<", end))
        case IdRange(after, up_to):
            if after is not None:
                parts.append(coql.compare("id", ">", after))
            if up_to is not None:
                parts.append(coql.compare("id", "<=", up_to))
        case ChangedSince(moment, watched):
            parts.append(
                coql.any_of(
                    coql.compare("Modified_Time", ">=", moment),
                    *(
                        coql.is_in("id", watched[start : start + coql.IN_LIMIT])
                        for start in range(0, len(watched), coql.IN_LIMIT)
                    ),
                )
            )
        case TheseIds(ids):
            parts.append(
                coql.any_of(
                    *(
                        coql.is_in("id", ids[start : start + coql.IN_LIMIT])
                        for start in range(0, len(ids), coql.IN_LIMIT)
                    )
                )
            )
    return coql.all_of(*parts) if parts else coql.is_not_null("id")


class ZohoSource:
    """The `Crm` port. `folder` takes downloaded exports for as long as they are read."""

    def __init__(self, client: ZohoClient, folder: Path | None = None) -> None:
        self._client = client
        self._folder = folder
        self._rows_a_query = coql.ROWS_LIMIT

    async def select(
        self,
        module: str,
        fields: Sequence[str],
        selection: Selection,
        *,
        after: int | None = None,
        limit: int = coql.ROWS_LIMIT,
    ) -> Page:
        """Return up to `limit` records of the selection in order of id, those after `after`."""
        where = condition_of(selection)
        if after is not None:
            where = coql.all_of(where, coql.compare("id", ">", after))
        columns = [name for name in fields if name != "id"]
        with crm_errors(f"Reading {module}"):
            asked = min(limit, self._rows_a_query)
            try:
                found = await self._query(module, columns, where, limit)
            except LimitExceeded:
                # By what this query asked for: one beside it may have learned the limit meanwhile.
                if asked <= coql.ROWS_DEFAULT:
                    raise
                # Older pages of the vendor allow 200 rows only: stay with what this CRM takes.
                self._rows_a_query = coql.ROWS_DEFAULT
                found = await self._query(module, columns, where, limit)
        return Page(found.rows, found.more, crm_time=found.meta.server_time)

    async def _query(
        self, module: str, columns: Sequence[str], where: Condition, limit: int
    ) -> coql.CoqlPage:
        return await self._client.coql(
            coql.select(
                ["id", *columns] if len(columns) < coql.COLUMNS_LIMIT else columns,
                source=module,
                where=where,
                order_by=["id asc"],
                limit=min(limit, self._rows_a_query),
            )
        )

    async def ids_at(self, module: str, offsets: Sequence[int]) -> Sequence[int]:
        """Return the ids that stand at `offsets` in order of id; those past the end are left out.

        An OFFSET reaches 100,000 records: what lies deeper is counted from the last one in reach.
        """
        with crm_errors(f"Cutting {module} into slices"):
            bases: list[tuple[int, int | None]] = [(0, None)]
            while max(offsets, default=0) - bases[-1][0] >= _OFFSET_REACH:
                start, after = bases[-1]
                base = await self._id_at(module, after, _OFFSET_REACH - 1)
                if base is None:
                    break
                bases.append((start + _OFFSET_REACH, base))

            def nearest(offset: int) -> tuple[int, int | None]:
                return max((base for base in bases if base[0] <= offset), key=itemgetter(0))

            found = await asyncio.gather(
                *(
                    self._id_at(module, after, offset - start)
                    for offset in offsets
                    for start, after in [nearest(offset)]
                    if offset - start < _OFFSET_REACH
                )
            )
        return [record_id for record_id in found if record_id is not None]

    async def _id_at(self, module: str, after: int | None, offset: int) -> int | None:
        page = await self._client.coql(
            coql.select(
                ["id"],
                source=module,
                where=coql.is_not_null("id") if after is None else coql.compare("id", ">", after),
                order_by=["id asc"],
                limit=1,
                offset=offset,
            )
        )
        return int(str(page.rows[0]["id"])) if page.rows else None

    async def list_page(self, module: str, fields: Sequence[str], token: str | None) -> Page:
        """Return a page of at most 200 records in ascending order of id, by page token."""
        with crm_errors(f"Listing {module}"):
            try:
                page = await self._client.get_records(
                    module,
                    fields,
                    page_token=token,
                    sort_by=SortBy.ID,
                    sort_order=SortOrder.ASCENDING,
                )
            except WalkBroken as broken:
                raise PageTokenLostError(
                    f"The CRM no longer takes the page token of this walk ({broken})."
                ) from broken
        return Page(page.records, page.more, page.next_page_token, page.meta.server_time)

    async def aggregate(self, module: str, selection: Selection) -> Aggregate:
        """Count a selection by one cheap call."""
        query = coql.select(
            ["COUNT(id) as records", "MAX(Modified_Time) as latest"],
            source=module,
            where=condition_of(selection),
        )
        with crm_errors(f"Counting {module}"):
            page = await self._client.coql(query)
        row = page.rows[0] if page.rows else {}
        latest = row.get("latest")
        return Aggregate(
            int(str(row.get("records") or 0)),
            instant(latest) if isinstance(latest, str) else None,
            page.meta.server_time,
        )

    async def deleted_page(
        self, module: str, since: datetime | None, page: int, *, only_bin: bool = False
    ) -> DeletedPage:
        """Return a page of the deleted-records list, or of those in the recycle bin only."""
        kind = DeletedKind.RECYCLE if only_bin else DeletedKind.ALL
        with crm_errors(f"Listing deleted {module}"):
            try:
                found = await self._client.deleted_records(
                    module, since=since, page=page, kind=kind
                )
            except LimitExceeded:
                if page == 1:
                    raise
                return DeletedPage((), has_more=False, is_out_of_reach=True)
        return DeletedPage(
            [
                DeletedRecord(
                    int(row.id),
                    row.deleted_time,
                    row.kind is DeletedKind.PERMANENT,
                    row.deleted_by_id,
                )
                for row in found.records
            ],
            found.more,
            found.meta.server_time,
        )

    async def record(self, module: str, record_id: int) -> Row | None:
        """Return one record complete, or None if it is not there for us."""
        with crm_errors(f"Reading a record of {module}"):
            return await self._client.get_record(module, str(record_id))

    async def start_export(self, module: str, fields: Sequence[str], token: str | None) -> str:
        """Start a Bulk Read job and return its id."""
        with crm_errors(f"Exporting {module}"):
            if token is not None:
                return await self._client.bulk_read.create(module, (), page_token=token)
            return await self._client.bulk_read.create(module, fields)

    async def export(self, job_id: str) -> Export:
        """Return where a job stands."""
        with crm_errors("Looking at an export"):
            job = await self._client.bulk_read.status(job_id)
        if job.state is BulkState.COMPLETED:
            token = job.next_page_token if job.more else None
            return Export(ExportState.READY, job.count, token)
        if job.state.is_final:
            return Export(ExportState.FAILED, reason=job.error)
        return Export(ExportState.WORKING)

    async def export_rows(self, job_id: str) -> AsyncIterator[Cells]:
        """Download a finished job and yield its rows in batches; the file is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="pulse-export-", dir=self._folder) as folder:
            path = Path(folder) / f"{job_id}.zip"
            with crm_errors("Downloading an export"):
                await self._client.bulk_read.download(job_id, path)
            with crm_errors("Reading an export"), read_bulk_csv(path) as (header, rows):
                while batch := await asyncio.to_thread(list, islice(rows, _EXPORT_BATCH)):
                    yield Cells(header, batch)
