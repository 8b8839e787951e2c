"""Acknowledge alerts, and take that back: twice is once, and who was first stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from pulse.alerts.reading import open_alerts
from pulse.alerts.schemas import AlertsChanged
from pulse.db.events import Topic, notify
from pulse.kit.errors import NotFoundError
from pulse.models import Alert
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal

_KIND: Final = "alerts"


class AlertNotFoundError(NotFoundError):
    """An id belongs to no alert; nothing was changed."""

    code = "alert_not_found"


def alert_not_found(alert_id: int) -> AlertNotFoundError:
    """Return the error of an id that belongs to no alert."""
    return AlertNotFoundError(
        f"ids: there is no alert {alert_id}.",
        fix="Take ids as GET /api/alerts gives them. None of these alerts was changed.",
        extra={"field": "ids", "alert_id": str(alert_id)},
    )


async def acknowledge(
    db: AsyncSession, who: Principal, ids: Sequence[int], now: datetime
) -> AlertsChanged:
    """Note that a person has seen to alerts, all or none. Raises AlertNotFoundError."""
    open_ones = await _lock(db, ids, is_open=True)
    await db.execute(
        update(Alert)
        .where(Alert.id.in_(open_ones))
        .values(acknowledged_at=now, acknowledged_by=who.label, acknowledged_by_id=who.user_id)
    )
    return await _told(db, who, "alerts.acknowledged", ids, open_ones)


async def unacknowledge(db: AsyncSession, who: Principal, ids: Sequence[int]) -> AlertsChanged:
    """Open alerts again, all or none. Raises AlertNotFoundError."""
    closed = await _lock(db, ids, is_open=False)
    await db.execute(
        update(Alert)
        .where(Alert.id.in_(closed))
        .values(acknowledged_at=None, acknowledged_by=None, acknowledged_by_id=None)
    )
    return await _told(db, who, "alerts.opened_again", ids, closed)


async def _lock(db: AsyncSession, ids: Sequence[int], *, is_open: bool) -> list[int]:
    """Lock alerts, in order of id, and return those that are (not) open."""
    rows = (
        await db.execute(
            select(Alert.id, Alert.acknowledged_at)
            .where(Alert.id.in_(ids))
            .order_by(Alert.id)
            .with_for_update()
        )
    ).all()
    known = {row.id for row in rows}
    for each in ids:
        if each not in known:
            raise alert_not_found(each)
    return [row.id for row in rows if (row.acknowledged_at is None) is is_open]


async def _told(
    db: AsyncSession, who: Principal, action: str, asked: Sequence[int], changed: Sequence[int]
) -> AlertsChanged:
    if changed:
        await audit(
            db,
            who,
            action,
            kind=_KIND,
            subject=str(changed[0]) if len(changed) == 1 else None,
            after={"ids": [str(each) for each in changed]},
        )
        await notify(db, Topic.ALERTS, "deals")
    return AlertsChanged(
        changed=[str(each) for each in changed],
        unchanged=[str(each) for each in sorted(set(asked) - set(changed))],
        open=(await open_alerts(db)).open,
    )
