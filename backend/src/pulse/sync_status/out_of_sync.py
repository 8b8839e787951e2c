"""Records whose sides do not agree: which, since when, and why in a sentence."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import case, func, select

from pulse.core.modules import DEALS
from pulse.core.sync import Presence, RecordStatus
from pulse.models import Deal, RecordSyncStatus
from pulse.web.paging import Page

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.paging import PageRequest

MEANING: Final = {
    RecordStatus.SYNCED: "Both sides hold the same values",
    RecordStatus.PENDING: "Edited locally, on its way to the CRM",
    RecordStatus.CONFLICT: "Both sides changed the same field. Someone decides",
    RecordStatus.ERROR: "The CRM refused the change, or the record may no longer be seen",
}
"""One sentence a status, the same in every place that explains it."""


class OpenStatus(StrEnum):
    """The statuses of a record that is not in sync."""

    PENDING = "pending"
    CONFLICT = "conflict"
    ERROR = "error"


class RecordOutOfSync(BaseModel):
    """One record whose sides do not agree."""

    record_id: str = Field(description="Of the CRM; a string, as it is longer than a double holds.")
    name: str | None = Field(description="As the mirror has it.")
    status: OpenStatus
    presence: Presence = Field(description="Whether the CRM still shows the record to us.")
    reason: str
    since: datetime | None = Field(description="When the sides came apart, as far as known.")


class OutOfSyncPage(Page[RecordOutOfSync]):
    """Records that are not in sync, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "items": [
                        {
                            "record_id": "554023000000235001",
                            "name": "Metro signalling",
                            "status": "error",
                            "presence": "invisible",
                            "reason": "The CRM no longer shows this record to the connected user: "
                            "it was merged, moved or its sharing changed.",
                            "since": "2026-03-02T06:12:40Z",
                        }
                    ],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )


def apart_since() -> ColumnElement[datetime | None]:
    """Return when a record's sides came apart: edited, clashed, refused or gone from sight."""
    local, crm = RecordSyncStatus.local_modified_at, RecordSyncStatus.crm_modified_at
    return case(
        (RecordSyncStatus.sync_status == RecordStatus.PENDING, func.coalesce(local, crm)),
        # The later of the two edits made the conflict; greatest() passes over what is unknown.
        (RecordSyncStatus.sync_status == RecordStatus.CONFLICT, func.greatest(local, crm)),
        (
            RecordSyncStatus.sync_status == RecordStatus.ERROR,
            func.coalesce(RecordSyncStatus.gone_at, local, crm),
        ),
    )


async def out_of_sync(
    db: AsyncSession, statuses: tuple[OpenStatus, ...], page: PageRequest
) -> OutOfSyncPage:
    """Return a page of the deals that are not in sync, oldest first; no statuses means all."""
    wanted = [
        RecordSyncStatus.module == DEALS,
        # Said apart from the choice, so that the partial index serves it. Tombstones are in sync;
        # what was deleted in the CRM and edited here is not.
        RecordSyncStatus.sync_status != RecordStatus.SYNCED,
    ]
    if statuses:
        wanted.append(RecordSyncStatus.sync_status.in_(statuses))
    count = await db.scalar(select(func.count()).select_from(RecordSyncStatus).where(*wanted)) or 0
    since = apart_since()
    rows = (
        await db.execute(
            select(
                RecordSyncStatus.zoho_record_id,
                Deal.name,
                RecordSyncStatus.sync_status,
                RecordSyncStatus.presence,
                RecordSyncStatus.error_details,
                RecordSyncStatus.conflict_fields,
                since.label("since"),
            )
            .outerjoin(Deal, Deal.id == RecordSyncStatus.zoho_record_id)
            .where(*wanted)
            .order_by(since.asc().nulls_last(), RecordSyncStatus.zoho_record_id)
            .limit(page.limit)
            .offset(page.offset)
        )
    ).all()
    return OutOfSyncPage(
        count=count,
        items=[
            RecordOutOfSync(
                record_id=str(row.zoho_record_id),
                name=row.name,
                status=OpenStatus(row.sync_status),
                presence=Presence(row.presence),
                reason=_reason(row),
                since=row.since,
            )
            for row in rows
        ],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
    )


# Any: a row of mixed columns.
def _reason(row: Row[Any]) -> str:
    if row.error_details:
        return str(row.error_details)
    if row.conflict_fields:
        return f"Changed on both sides: {', '.join(sorted(row.conflict_fields))}"
    return MEANING[RecordStatus(row.sync_status)]
