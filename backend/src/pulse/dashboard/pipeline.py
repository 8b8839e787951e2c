"""The open pipeline of now: counted and summed in SQL, whole and by group, in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import false, func, or_, select, text, tuple_

from pulse.analytics.sums import Sums, priced, read_sums, sums_again, sums_of
from pulse.models import Deal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.money import Conversion
    from pulse.queries.stages import SalesProcess

# What GROUPING() says: a bit for each way, set where a row is not grouped by it.
_WHOLE: Final = 0b1111
_STAGE: Final = 0b0111
_COUNTRY: Final = 0b1011
_CURRENCY: Final = 0b1101
_LATE: Final = 0b1110


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The open deals as a whole and by group; the key None is "has none"."""

    total: Sums = field(default_factory=Sums)
    overdue: Sums = field(default_factory=Sums)
    """Open, though the closing date has passed."""
    by_stage: dict[str | None, Sums] = field(default_factory=dict)
    by_country: dict[str | None, Sums] = field(default_factory=dict)
    by_currency: dict[str | None, Sums] = field(default_factory=dict)


async def open_pipeline(
    db: AsyncSession, process: SalesProcess, money: Conversion, today: date
) -> Pipeline:
    """Return the open deals of now; `today` is the organisation's date."""
    is_overdue = func.coalesce(Deal.closing_date < today, false()).label("is_overdue")
    deals = (
        priced(Deal, money, Deal.stage, Deal.country, Deal.currency, is_overdue)
        .where(Deal.is_live, process.is_open())
        .subquery()
        .c
    )
    keys = (deals.stage, deals.country, deals.currency, deals.is_overdue)
    # Deals are read and priced once; the few groups that they make are added up each way.
    group = select(*keys, *sums_of(deals)).group_by(*keys).cte("small_groups").c
    ways = (group.stage, group.country, group.currency, group.is_overdue)
    rows = await db.execute(
        select(
            func.grouping(*ways).label("way"),
            *ways,
            *sums_again(group),
        ).group_by(func.grouping_sets(tuple_(), *(tuple_(each) for each in ways)))
    )
    found: dict[int, dict[Any, Sums]] = {}
    for row in rows:
        way, stage, country, currency, late = row[:5]
        key = {_STAGE: stage, _COUNTRY: country, _CURRENCY: currency, _LATE: late}.get(way)
        sums = read_sums(row[5:])
        found.setdefault(way, {})[key] = sums
    return Pipeline(
        total=found.get(_WHOLE, {}).get(None, Sums()),
        overdue=found.get(_LATE, {}).get(True, Sums()),
        by_stage=found.get(_STAGE, {}),
        by_country=found.get(_COUNTRY, {}),
        by_currency=found.get(_CURRENCY, {}),
    )


# From one stage to the next on the index: a handful of steps, however many deals there are.
_STAGES_IN_USE: Final = text("""
    WITH RECURSIVE used (stage) AS (
      (SELECT stage FROM deals WHERE is_live ORDER BY stage LIMIT 1)
      UNION ALL
      SELECT (SELECT deals.stage FROM deals WHERE is_live AND deals.stage > used.stage
              ORDER BY deals.stage LIMIT 1)
      FROM used WHERE used.stage IS NOT NULL
    )
    SELECT stage FROM used WHERE stage IS NOT NULL
""")


async def undescribed_deals(db: AsyncSession, process: SalesProcess) -> int:
    """Count the live deals whose stage says nothing, as they have none or the CRM tells none."""
    used = await db.scalars(_STAGES_IN_USE)
    unknown = [stage for stage in used if not process.describes(stage)]
    without = [] if process.describes(None) else [Deal.stage.is_(None)]
    count = await db.scalar(
        select(func.count()).where(Deal.is_live, or_(false(), Deal.stage.in_(unknown), *without))
    )
    return int(count or 0)
