"""Opportunities that need somebody, each with its reason and its next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, select

from pulse.analytics.kept import kept
from pulse.analytics.o2r.health import judge_deals, read_facts
from pulse.core.o2r.health import judge
from pulse.core.o2r.phases import phase_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Day
    from pulse.analytics.question import Side
    from pulse.core.o2r.health import Verdict
    from pulse.core.o2r.phases import Phase


_IDS: Final = "ids"


@dataclass(frozen=True, slots=True)
class NeedyDeal:
    """An opportunity with what is wrong with it."""

    id: int
    name: str | None
    value: Decimal | None
    phase: Phase
    verdict: Verdict


async def read_told_deals(
    db: AsyncSession, side: Side, day: Day, order: Sequence[int]
) -> list[NeedyDeal]:
    """Return what is wrong with these deals, in the order of their ids."""
    query, moments = _told_query(side, day)
    found = {}
    for row in await db.execute(query, {**moments, _IDS: list(order)}):
        facts = read_facts(row[3:])
        found[row[0]] = NeedyDeal(
            id=row[0],
            name=row[1],
            value=row[2],
            phase=phase_of(facts, day.today),
            verdict=judge(facts, day.thresholds, day.today),
        )
    return [found[each] for each in order if each in found]


# Any: id, name, value, and facts.
@kept
def _told_query(side: Side, day: Day) -> Select[*tuple[Any, ...]]:
    # Facts are asked of the few rows that are shown, and not of all that were sorted.
    deals = side.deals()
    judged = judge_deals(day, deals)
    value = side.scope.money.value(deals.deal)
    shown = bindparam(_IDS, type_=ARRAY(BigInteger), required=True)
    return judged.onto(
        select(deals.id, deals.deal.name, value, *judged.facts).select_from(deals.table)
    ).where(deals.held(), deals.id == any_(shown))
