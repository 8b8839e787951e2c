"""Action items: what is to be done, by whom and until when; for a deal or in general.

Each change closes the version that held and begins another (`o2r_action_versions`), in one
transaction with the item, so that a past week still tells what was open then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, insert, select, text, update

from pulse.kit.errors import InvalidInputError, NotFoundError
from pulse.models import O2rAction, O2rActionVersion, UserAccount
from pulse.o2r.opportunities_known import known_deal, tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.o2r.actions_schemas import ActionChange, NewAction
    from pulse.web.access import Principal

_FOR_EVER: Final = text("'infinity'::timestamptz")
_TICK: Final = timedelta(microseconds=1)
_PLACE_OF_PRIORITY: Final = {"high": 0, "medium": 1, "low": 2}

OwnedAction = tuple[O2rAction, str | None]
"""An action item and its owner's name."""


def action_not_found(action_id: int) -> NotFoundError:
    """Return the error of an action item that is not there."""
    return NotFoundError(
        f"There is no action item {action_id}.",
        code="action_item_not_found",
        fix="It may have been deleted; read the list again.",
    )


def unknown_owner() -> InvalidInputError:
    """Return the error of an owner who cannot log in."""
    return InvalidInputError(
        "owner_id: there is no active user of this id.",
        code="unknown_owner",
        fix="GET /api/o2r/people lists who can own action items.",
        extra={"field": "owner_id"},
    )


async def read_actions(db: AsyncSession, deal_id: int) -> Sequence[OwnedAction]:
    """Return a deal's items: open ones by priority and due date, then done, latest first."""
    rows = await db.execute(
        select(O2rAction, UserAccount.name)
        .outerjoin(UserAccount, UserAccount.id == O2rAction.owner_id)
        .where(O2rAction.deal_id == deal_id, O2rAction.deleted_at.is_(None))
        .order_by(
            O2rAction.done_at.desc().nulls_first(),
            case(_PLACE_OF_PRIORITY, value=O2rAction.priority),
            O2rAction.due_on.asc().nulls_last(),
            O2rAction.id,
        )
    )
    return [(action, owner) for action, owner in rows]


async def read_people(db: AsyncSession) -> Sequence[tuple[UUID, str]]:
    """Return everybody who can own an action item, by name."""
    rows = await db.execute(
        select(UserAccount.id, UserAccount.name)
        .where(UserAccount.is_active)
        .order_by(func.lower(UserAccount.name), UserAccount.id)
    )
    return [(row.id, row.name) for row in rows]


async def add_action(
    db: AsyncSession, who: Principal, wanted: NewAction, now: datetime
) -> OwnedAction:
    """Add an action item. Raises NotFoundError for its deal, InvalidInputError for its owner."""
    if wanted.deal_id is not None:
        await known_deal(db, int(wanted.deal_id))
    owner = await _owner(db, wanted.owner_id)
    action = O2rAction(
        deal_id=None if wanted.deal_id is None else int(wanted.deal_id),
        title=wanted.title,
        priority=wanted.priority,
        owner_id=wanted.owner_id,
        due_on=wanted.due_on,
        created_at=now,
        created_by=who.user_id,
        created_by_name=who.name,
    )
    db.add(action)
    await _keep(db, action, now)
    await _tell(db, who, "action_item.added", action, after=_facts(action))
    return action, owner


async def change_action(
    db: AsyncSession, who: Principal, action_id: int, wanted: ActionChange, now: datetime
) -> OwnedAction:
    """Change what is given: words, priority, owner, due date, done or not.

    Raises NotFoundError, and InvalidInputError for an owner who cannot log in.
    """
    action = await _action(db, action_id)
    if action.deleted_at is not None:
        raise action_not_found(action_id)
    before = _facts(action)
    given = wanted.model_fields_set
    if wanted.title is not None:
        action.title = wanted.title
    if wanted.priority is not None:
        action.priority = wanted.priority
    if "due_on" in given:
        action.due_on = wanted.due_on
    # An owner who has left may stay where only something else changes.
    if "owner_id" in given and wanted.owner_id != action.owner_id:
        await _owner(db, wanted.owner_id)
        action.owner_id = wanted.owner_id
    if wanted.is_done is not None and wanted.is_done != (action.done_at is not None):
        action.done_at = now if wanted.is_done else None
        action.done_by = who.user_id if wanted.is_done else None
        action.done_by_name = who.name if wanted.is_done else None
    after = _facts(action)
    changed = [key for key, value in after.items() if value != before[key]]
    if changed:
        await _keep(db, action, now)
        await _tell(
            db,
            who,
            _what_happened(before, after),
            action,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return action, await _name(db, action.owner_id)


async def delete_action(
    db: AsyncSession, who: Principal, action_id: int, now: datetime
) -> OwnedAction:
    """Hide an action item; `restore_action` takes it back. Raises NotFoundError."""
    action = await _action(db, action_id)
    if action.deleted_at is None:
        action.deleted_at = now
        await _keep(db, action, now)
        await _tell(db, who, "action_item.deleted", action, before=_facts(action))
    return action, await _name(db, action.owner_id)


async def restore_action(
    db: AsyncSession, who: Principal, action_id: int, now: datetime
) -> OwnedAction:
    """Show a deleted action item again. Raises NotFoundError."""
    action = await _action(db, action_id)
    if action.deleted_at is not None:
        action.deleted_at = None
        await _keep(db, action, now)
        await _tell(db, who, "action_item.restored", action, after=_facts(action))
    return action, await _name(db, action.owner_id)


def _what_happened(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    if before["is_done"] == after["is_done"]:
        return "action_item.changed"
    return "action_item.done" if after["is_done"] else "action_item.reopened"


async def _action(db: AsyncSession, action_id: int) -> O2rAction:
    found = await db.scalar(select(O2rAction).where(O2rAction.id == action_id).with_for_update())
    if found is None:
        raise action_not_found(action_id)
    return found


async def _owner(db: AsyncSession, owner_id: UUID | None) -> str | None:
    """Return the name of somebody who may become an owner. Raises InvalidInputError."""
    if owner_id is None:
        return None
    # Shared lock: an account that is being removed is waited for, not pointed to.
    name = await db.scalar(
        select(UserAccount.name)
        .where(UserAccount.id == owner_id, UserAccount.is_active)
        .with_for_update(read=True)
    )
    if name is None:
        raise unknown_owner()
    return name


async def _name(db: AsyncSession, owner_id: UUID | None) -> str | None:
    if owner_id is None:
        return None
    name: str | None = await db.scalar(select(UserAccount.name).where(UserAccount.id == owner_id))
    return name


async def _keep(db: AsyncSession, action: O2rAction, now: datetime) -> None:
    """Close the version that held and begin the one that holds; the caller has locked the item."""
    await db.flush()
    is_open = (O2rActionVersion.action_id == action.id, O2rActionVersion.valid_to == _FOR_EVER)
    last = await db.scalar(select(O2rActionVersion.valid_from).where(*is_open))
    if last is not None:
        # Two processes' clocks may differ by a little; versions never overlap or stand still.
        now = max(now, last + _TICK)
        await db.execute(update(O2rActionVersion).where(*is_open).values(valid_to=now))
    # Not by the session: it would read the version's end back, and Python has no such moment.
    await db.execute(
        insert(O2rActionVersion).values(
            action_id=action.id,
            valid_from=now,
            deal_id=action.deal_id,
            title=action.title,
            priority=action.priority,
            owner_id=action.owner_id,
            due_on=action.due_on,
            done_at=action.done_at,
            deleted_at=action.deleted_at,
        )
    )


def _facts(action: O2rAction) -> dict[str, object]:
    return {
        "title": action.title,
        "priority": action.priority,
        "owner_id": action.owner_id,
        "due_on": action.due_on,
        "is_done": action.done_at is not None,
    }


async def _tell(
    db: AsyncSession,
    who: Principal,
    happened: str,
    action: O2rAction,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    which: dict[str, object] = {"action_item": action.id}
    await tell(
        db,
        who,
        happened,
        None if action.deal_id is None else await known_deal(db, action.deal_id),
        subject=action.id,
        name=action.title,
        before=None if before is None else {**which, **before},
        after=None if after is None else {**which, **after},
    )
