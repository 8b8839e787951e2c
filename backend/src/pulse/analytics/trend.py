"""How the numbers of a pipeline went between two moments: a few points, each as of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.analytics.numbers import read_sums_of
from pulse.analytics.question import Side
from pulse.asking.scope import scopes_at

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question
    from pulse.analytics.sums import Sums

POINTS: Final = 8
"""Of a trend, both ends included."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What a filter's deals added up to at a moment."""

    at: datetime
    sums: Sums


async def read_trend(db: AsyncSession, question: Question) -> list[TrendPoint]:
    """Return the points from the earlier moment to that of the question; none without history."""
    if question.then is None or question.then.at is None:
        return []
    moments = moments_between(question.then.at, question.as_of)
    wanted, scope = question.now.wanted, question.now.scope
    earlier = [
        Side(wanted, at, held)
        for at, held in zip(moments, await scopes_at(db, scope, moments[:-1]), strict=False)
    ]
    sums = await read_sums_of(db, *earlier, question.now)
    return [TrendPoint(*point) for point in zip(moments, sums, strict=True)]


def moments_between(first: datetime, last: datetime) -> list[datetime]:
    """Return the moments of a trend, evenly spread, both ends included; one if they are one."""
    if first == last:
        return [last]
    step = (last - first) / (POINTS - 1)
    return [*(first + step * place for place in range(POINTS - 1)), last]
