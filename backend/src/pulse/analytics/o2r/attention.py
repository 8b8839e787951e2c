"""Opportunities that need somebody, each with its reason and its next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.analytics.o2r.health import read_facts
from pulse.core.o2r.health import judge
from pulse.core.o2r.phases import phase_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.question import Side
    from pulse.core.o2r.health import Verdict
    from pulse.core.o2r.phases import Phase


@dataclass(frozen=True, slots=True)
class NeedyDeal:
    """An opportunity with what is wrong with it."""

    id: int
    name: str | None
    value: Decimal | None
    phase: Phase
    verdict: Verdict


async def read_told_deals(
    db: AsyncSession, side: Side, judged: Judged, order: Sequence[int]
) -> list[NeedyDeal]:
    """Return what is wrong with these deals, in the order of their ids."""
    # Facts are asked of the few rows that are shown, and not of all that were sorted.
    deals = judged.deals
    value = side.scope.money.value(deals.deal)
    rows = await db.execute(
        judged.onto(
            select(deals.id, deals.deal.name, value, *judged.facts).select_from(deals.table)
        ).where(deals.held(), deals.id.in_(order))
    )
    day = judged.day
    found = {}
    for row in rows:
        facts = read_facts(row[3:])
        found[row[0]] = NeedyDeal(
            id=row[0],
            name=row[1],
            value=row[2],
            phase=phase_of(facts, day.today),
            verdict=judge(facts, day.thresholds, day.today),
        )
    return [found[each] for each in order if each in found]
