"""Take a decision for the CRM back: the edits that it gave up clash again.

What went to the CRM is not taken back here: it is pushed at once, and the field is edited again
instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from pulse.conflicts.reading import field_named
from pulse.conflicts.schemas import Action, Resolved
from pulse.conflicts.service import RESOLVED
from pulse.conflicts.words import listed
from pulse.core.modules import DEALS
from pulse.core.sync import RecordStatus
from pulse.edits.connection import driver_connection
from pulse.edits.records import lock_record
from pulse.edits.resolving import GivenUp, bring_back
from pulse.fields.field_book import label_of, read_field_book
from pulse.kit.errors import ConflictError
from pulse.models import AuditEntry
from pulse.web.audit import audit

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal

UNDONE: Final = "conflict.undone"


def cannot_be_undone(record_id: int) -> ConflictError:
    """Return the error for a record whose last decision cannot be taken back."""
    return ConflictError(
        f"There is no decision about record {record_id} that you can take back.",
        code="cannot_be_undone",
        fix="Your last decision for the CRM's values can be undone; what goes to the CRM cannot."
        " Edit the deal instead.",
        extra={"record_id": str(record_id)},
    )


async def undo(db: AsyncSession, who: Principal, record_id: int, now: datetime) -> Resolved:
    """Undo the last decision about a record, if it is the caller's and let the CRM win everywhere.

    Raises NotFoundError `record_not_found`, ConflictError `cannot_be_undone` and `edited_since`.
    """
    await lock_record(await driver_connection(db), DEALS, record_id)
    last = await db.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.kind == "deal",
            AuditEntry.subject == str(record_id),
            AuditEntry.action.in_((RESOLVED, UNDONE)),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if (
        last is None
        or last.action != RESOLVED
        or last.user_id != who.user_id
        or not last.after
        or not last.before
        or set(last.after.values()) != {Action.USE_CRM.value}
    ):
        raise cannot_be_undone(record_id)
    given_up = [_given_up(name, last.before[name]) for name in last.after]
    status = await bring_back(db, DEALS, record_id, given_up, last.at)
    await audit(
        db,
        who,
        UNDONE,
        kind="deal",
        subject=str(record_id),
        name=last.name,
        before=last.after,
        after={edit.field: last.before[edit.field]["local"] for edit in given_up},
    )
    book = await read_field_book(db)
    fields = listed([label_of(field_named(book, edit.field)) for edit in given_up])
    are = "is" if len(given_up) == 1 else "are"
    message = f"{fields} {are} " + (
        "in conflict again."
        if status is RecordStatus.CONFLICT
        else "edited again; nothing clashes any more."
    )
    return Resolved(message=message, conflict_id=str(record_id), new_status=status, resolved_at=now)


def _given_up(field: str, told: dict[str, object]) -> GivenUp:
    author = told["edited_by_id"]
    return GivenUp(
        field=field,
        is_base_known=bool(told["is_base_known"]),
        author_id=None if author is None else UUID(str(author)),
        author_name=str(told["edited_by"]),
        edited_at=datetime.fromisoformat(str(told["edited_at"])),
    )
