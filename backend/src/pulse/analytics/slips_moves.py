"""How often the closing dates of a few deals were moved later, and by whom last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from pulse.analytics.names import names_of
from pulse.core.modules import DEALS
from pulse.models import ChangeLogEntry, DealVersion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question

_KIND = "updated"


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves of one deal's closing date between the two moments."""

    count: int
    by: str | None
    """Who made the last one; None where the change log does not know."""
    at: datetime | None


async def read_moves(
    db: AsyncSession, question: Question, ids: Sequence[int]
) -> Mapping[int, Moves]:
    """Return the moves of deals that were moved, at least one each.

    A local edit is a move, though it makes no version before the CRM takes it.
    """
    then = question.then
    if then is None or not ids:
        return {}
    counts = await _counts(db, question, ids)
    last = await _last(db, question, ids)
    known = await names_of(
        db, [int(by) for by, _ in last.values() if by is not None and by.isdigit()]
    )
    found: dict[int, Moves] = {}
    for deal in ids:
        by, at = last.get(deal, (None, None))
        name = by if by is None or not by.isdigit() else known.get(by)
        found[deal] = Moves(max(1, counts.get(deal, 0)), name, at)
    return found


async def _counts(db: AsyncSession, question: Question, ids: Sequence[int]) -> dict[int, int]:
    then = question.then
    since = None if then is None else then.at
    steps = (
        select(
            DealVersion.deal_id,
            DealVersion.valid_from,
            DealVersion.closing_date,
            func.lag(DealVersion.closing_date)
            .over(partition_by=DealVersion.deal_id, order_by=DealVersion.valid_from)
            .label("before"),
        )
        .where(
            DealVersion.deal_id.in_(ids),
            DealVersion.valid_to > since,
            DealVersion.valid_from <= question.as_of,
        )
        .subquery()
        .c
    )
    rows = await db.execute(
        select(steps.deal_id, func.count())
        .where(steps.closing_date > steps.before, steps.valid_from > since)
        .group_by(steps.deal_id)
    )
    return {row[0]: row[1] for row in rows}


async def _last(
    db: AsyncSession, question: Question, ids: Sequence[int]
) -> dict[int, tuple[str | None, datetime]]:
    then = question.then
    rows = await db.execute(
        select(ChangeLogEntry.record_id, ChangeLogEntry.changed_by, ChangeLogEntry.changed_at)
        .ext(distinct_on(ChangeLogEntry.record_id))
        .where(
            ChangeLogEntry.module == DEALS,
            ChangeLogEntry.record_id.in_(ids),
            ChangeLogEntry.kind == _KIND,
            ChangeLogEntry.field == question.now.scope.fields.mapped.get("closing_date"),
            ChangeLogEntry.changed_at > (None if then is None else then.at),
            ChangeLogEntry.changed_at <= question.as_of,
        )
        .order_by(
            ChangeLogEntry.record_id, ChangeLogEntry.changed_at.desc(), ChangeLogEntry.id.desc()
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}
