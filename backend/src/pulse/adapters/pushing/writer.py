"""Writes a module through the client: guarded rows, restores, and the timeline of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.sync.pushing.ports import (
    Refusal,
    RefusedFor,
    RowOutcome,
    RowRefused,
    RowUnknown,
    RowWritten,
    TimelineEntry,
)
from zoho_crm import errors as zoho
from zoho_crm.protocol import outcomes
from zoho_crm.protocol.writes import WRITE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from zoho_crm.client import ZohoClient

OUR_SOURCE: Final = "crm_api"
"""How the timeline spells that something came through the API."""


class ZohoWriter:
    """The `CrmWriter` port. `connected_user` is the id of the user as whom the client writes.

    Without it, as where the connection may not read users, the API alone stands for us.
    """

    def __init__(self, client: ZohoClient, connected_user: int | None) -> None:
        self._client = client
        self._user = None if connected_user is None else str(connected_user)

    async def update(
        self,
        module: str,
        rows: Sequence[Mapping[str, object]],
        guard: datetime,
        *,
        run_automation: bool,
    ) -> Sequence[RowOutcome]:
        """Write up to 100 rows, each with its `id`, unless modified after `guard`; in order."""
        with crm_errors(f"Writing {module}"):
            try:
                answer = await self._client.update(
                    module,
                    rows,
                    if_unmodified_since=guard,
                    trigger=None if run_automation else (),
                )
            except zoho.AnswerLost:
                return [RowUnknown() for _ in rows]
        return [row_outcome(row) for row in answer.rows]

    async def restore(self, record_ids: Sequence[int]) -> Mapping[int, Refusal]:
        """Take records out of the recycle bin; returns why not, by id, of those that stay."""
        refused: dict[int, Refusal] = {}
        for start in range(0, len(record_ids), WRITE_LIMIT):
            refused |= await self._restore(record_ids[start : start + WRITE_LIMIT])
        return refused

    async def _restore(self, record_ids: Sequence[int]) -> dict[int, Refusal]:
        with crm_errors("Restoring records"):
            try:
                answer = await self._client.restore([str(record_id) for record_id in record_ids])
            except zoho.AnswerLost:
                return {}  # the read that follows tells whether they are back
            except zoho.RequestRefused as error:
                # A call of which no record was in the bin is refused as a whole.
                if len(record_ids) == 1:
                    return {record_ids[0]: Refusal(error.code, error.message)}
            else:
                return {
                    record_id: Refusal(row.code, row.message, row.api_name)
                    for record_id, row in zip(record_ids, answer.rows, strict=True)
                    if isinstance(row, outcomes.RecordError)
                }
        refused: dict[int, Refusal] = {}
        for record_id in record_ids:
            refused |= await self._restore([record_id])
        return refused

    async def timeline(
        self, module: str, record_id: int, since: datetime | None
    ) -> Sequence[TimelineEntry]:
        """Return what was done to a record, the latest first; without `since`, the latest page."""
        with crm_errors("Reading a timeline"):
            events = (
                (await self._client.timeline(module, str(record_id))).events
                if since is None
                else await self._client.timeline_since(module, str(record_id), since)
            )
        return [
            TimelineEntry(
                event.audited_time,
                frozenset(change.api_name for change in event.changes),
                is_ours=event.source == OUR_SOURCE
                and (self._user is None or event.done_by_id == self._user),
            )
            for event in events
        ]


def row_outcome(row: outcomes.RecordWritten | outcomes.RecordError) -> RowOutcome:
    """Return what became of a row, in the push's words."""
    if isinstance(row, outcomes.RecordWritten):
        if row.modified_time is None:
            return RowUnknown()  # written, at a time that only another read tells
        return RowWritten(row.modified_time, row.modified_by_id)
    parts = row.parts
    asked = {part.refusal for part in parts}
    reason = RefusedFor.ITS_VALUES
    if outcomes.Refusal.ALREADY_MODIFIED in asked:
        reason = RefusedFor.MOVED_ON
    elif outcomes.Refusal.GONE in asked:
        reason = RefusedFor.GONE
    return RowRefused(
        reason, tuple(Refusal(part.code, part.message, part.api_name) for part in parts)
    )
