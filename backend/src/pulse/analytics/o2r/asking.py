"""From a question about deals to how they are judged as of its moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.analytics.o2r.health import Day, judge_deals
from pulse.asking.scope import day_of
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.question import Side
    from pulse.core.o2r.health import Thresholds
    from pulse.queries.deal_filters import Scope


async def read_thresholds(db: AsyncSession) -> Thresholds:
    """Return from where on the rules of health apply."""
    return (await read_settings(db)).thresholds


def day_at(moment: datetime, scope: Scope, thresholds: Thresholds) -> Day:
    """Return what deals are judged by at a moment; thresholds are those of now at any moment."""
    return Day(day_of(moment, scope), scope.zone, scope.process, thresholds)


def judge_side(side: Side, moment: datetime, thresholds: Thresholds) -> Judged:
    """Return how the deals of a side are judged; `moment` is the side's, or now."""
    return judge_deals(day_at(moment, side.scope, thresholds), side.deals())
