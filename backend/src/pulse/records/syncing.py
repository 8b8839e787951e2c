"""Sync one record on request, in either direction, and say what was really done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.core.modules import DEALS
from pulse.core.sync import SyncMode
from pulse.edits.errors import crm_is_read_only
from pulse.kit.errors import ConflictError, NotFoundError
from pulse.models import PendingChange, RecordSyncStatus
from pulse.records.schemas import ActionTaken, Direction, RecordSync, SyncResult
from pulse.settings.service import read_settings
from pulse.sync.domain.merge import ChangeState
from pulse.sync.domain.refusals import fix_of
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.records.ports import CrmRecords, PushedRecord, ReadAgain, RecordPush
    from pulse.sync.ports import Applied
    from pulse.web.access import Principal

_WORDS: Final = {
    ActionTaken.CREATED: "The mirror did not hold this record yet; now it does.",
    ActionTaken.UPDATED: "The mirror took over what changed in the CRM.",
    ActionTaken.UNCHANGED: "The mirror already agreed with the CRM.",
    ActionTaken.DELETED: "The record was deleted in the CRM; it is kept as a tombstone.",
    ActionTaken.NOT_VISIBLE: "The CRM no longer shows this record to the connected user; "
    "it has left the totals.",
    ActionTaken.PUSHED: "The CRM has taken over what was edited here.",
    ActionTaken.REFUSED: "The CRM refused what was edited here.",
    ActionTaken.CONFLICT: "Both sides changed the same field: a person decides.",
    ActionTaken.WAITING: "The edits are on their way, or are tried again shortly.",
    ActionTaken.NOTHING_TO_PUSH: "No edit of this record waits for the CRM.",
}
_PULLS: Final = frozenset({Direction.FROM_CRM, Direction.BOTH})
_PUSHES: Final = frozenset({Direction.TO_CRM, Direction.BOTH})


def pulls_paused() -> ConflictError:
    """Return the error for reading from the CRM while only the other direction flows."""
    return ConflictError(
        f"Nothing is read from the CRM while the mode is {SyncMode.LOCAL_TO_CRM}.",
        code="pulls_paused",
        fix="Send direction=to_crm, or choose another mode in Live Sync Control.",
    )


async def refuse_direction(db: AsyncSession, direction: Direction) -> None:
    """Raise ConflictError if the mode does not let this direction flow."""
    mode = (await read_settings(db)).mode
    if mode is SyncMode.LOCAL_TO_CRM and direction in _PULLS:
        raise pulls_paused()
    if mode is SyncMode.CRM_TO_LOCAL and direction in _PUSHES:
        raise crm_is_read_only()


@dataclass(frozen=True, slots=True)
class LocalEdits:
    """How the local edits of a record stand: API names by state."""

    waiting: frozenset[str]
    in_conflict: frozenset[str]
    refused: Mapping[str, str]
    """With the CRM's words, and what to do about them."""


async def local_edits(db: AsyncSession, record_id: int) -> LocalEdits:
    """Return how the local edits of a deal stand."""
    rows = (
        await db.execute(
            select(
                PendingChange.field,
                PendingChange.state,
                PendingChange.error_code,
                PendingChange.error_message,
            )
            .where(PendingChange.record_id == record_id, PendingChange.module == DEALS)
            .order_by(PendingChange.field)
        )
    ).all()

    def of(*states: ChangeState) -> frozenset[str]:
        return frozenset(row.field for row in rows if row.state in states)

    refused = {
        row.field: f"{row.error_message} ({row.error_code}). {fix_of(row.error_code or '')}"
        for row in rows
        if row.state == ChangeState.ERROR
    }
    return LocalEdits(of(ChangeState.QUEUED, ChangeState.SENT), of(ChangeState.CONFLICT), refused)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done for one direction or both; None where it was not asked for."""

    seen: ReadAgain | None = None
    pushed: PushedRecord | None = None


async def do_sync(crm: CrmRecords, push: RecordPush, record_id: int, direction: Direction) -> Done:
    """Read a record, push its edits, or both in that order.

    Raises the errors of `pulse.sync.domain.errors`; what was done before one stays.
    """
    seen = await crm.read_again(record_id) if direction in _PULLS else None
    pushed = await push.push(record_id) if direction in _PUSHES else None
    return Done(seen, pushed)


def report(direction: Direction, done: Done, edits: LocalEdits, now: datetime) -> RecordSync:
    """Tell what was done to a record whose local edits stand like this afterwards."""
    action = _action(done, edits)
    changed = {
        *(done.seen.changed_fields if done.seen else ()),
        *(done.pushed.pushed if done.pushed else ()),
    }
    return RecordSync(
        message=_words(action, edits),
        direction=direction,
        sync_result=SyncResult(
            action_taken=action,
            conflicts_detected=len(edits.in_conflict),
            changed_fields=sorted(changed),
            refused_fields=sorted(edits.refused),
        ),
        timestamp=now,
    )


def _words(action: ActionTaken, edits: LocalEdits) -> str:
    if action is not ActionTaken.REFUSED or not edits.refused:
        return _WORDS[action]
    return " ".join(f"{field}: {words}" for field, words in edits.refused.items())


def _action(done: Done, edits: LocalEdits) -> ActionTaken:
    """Return what was done, that which asks for a person first."""
    read = None if done.seen is None else action_of(done.seen.applied)
    pushed = done.pushed
    if pushed is None:
        return read or ActionTaken.UNCHANGED
    told = (
        (pushed.refused, ActionTaken.REFUSED),
        (edits.in_conflict, ActionTaken.CONFLICT),
        (pushed.pushed, ActionTaken.PUSHED),
        (edits.waiting, ActionTaken.WAITING),
        (edits.refused, ActionTaken.REFUSED),
    )
    fallback = read or ActionTaken.NOTHING_TO_PUSH
    return next((action for fields, action in told if fields), fallback)


def action_of(applied: Applied) -> ActionTaken:
    """Return what a single read did."""
    if applied.created:
        return ActionTaken.CREATED
    if applied.changed or applied.restored:
        return ActionTaken.UPDATED
    if applied.deleted:
        return ActionTaken.DELETED
    return ActionTaken.NOT_VISIBLE if applied.hidden else ActionTaken.UNCHANGED


async def require_known(db: AsyncSession, record_id: int) -> None:
    """Raise NotFoundError if the mirror, after a read of the CRM, still knows nothing of an id."""
    known = await db.scalar(
        select(RecordSyncStatus.id).where(
            RecordSyncStatus.zoho_record_id == record_id, RecordSyncStatus.module == DEALS
        )
    )
    if known is None:
        raise NotFoundError(
            f"Neither the CRM nor the mirror has a deal {record_id}.",
            code="record_not_found",
            fix="Check the id, and that the connected user may see the record.",
        )


async def note_sync(db: AsyncSession, record_id: int, result: RecordSync, who: Principal) -> None:
    """Write down that somebody had a record synced, and what that did."""
    await audit(
        db,
        who,
        "record.synced",
        kind="record",
        subject=str(record_id),
        after={"direction": result.direction.value, **result.sync_result.model_dump(mode="json")},
    )
