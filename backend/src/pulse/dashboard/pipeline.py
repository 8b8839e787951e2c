"""The open pipeline of now: counted and summed in SQL, whole and by group, in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import false, func, or_, select, text, tuple_

from pulse.models import Deal
from pulse.queries.money import weighted_value

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.models.deals import DealFacts
    from pulse.queries.money import Conversion
    from pulse.queries.stages import SalesProcess

NOTHING: Final = Decimal(0)
# What GROUPING() says: a bit for each way, set where a row is not grouped by it.
_WHOLE: Final = 0b1111
_STAGE: Final = 0b0111
_COUNTRY: Final = 0b1011
_CURRENCY: Final = 0b1101
_LATE: Final = 0b1110


@dataclass(frozen=True, slots=True)
class Sums:
    """Deals of one group. Those without an amount or without a rate count, and add nothing."""

    deals: int = 0
    value: Decimal = NOTHING
    weighted: Decimal = NOTHING
    without_rate: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Return both groups as one."""
        return Sums(
            self.deals + other.deals,
            self.value + other.value,
            self.weighted + other.weighted,
            self.without_rate + other.without_rate,
        )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The open deals as a whole and by group; the key None is "has none"."""

    total: Sums = Sums()
    overdue: Sums = Sums()
    """Open, though the closing date has passed."""
    by_stage: dict[str | None, Sums] = field(default_factory=dict)
    by_country: dict[str | None, Sums] = field(default_factory=dict)
    by_currency: dict[str | None, Sums] = field(default_factory=dict)


def priced(
    deal: type[DealFacts], money: Conversion, *columns: SQLColumnExpression[Any]
) -> Select[tuple[Any, ...]]:
    """Return a query of deals with their values, and of other columns; conditions may be added.

    OFFSET 0 keeps PostgreSQL from computing a value again wherever it is mentioned.
    """
    return select(
        money.value(deal).label("value"),
        deal.probability.label("probability"),
        deal.amount.is_not(None).label("has_amount"),
        *columns,
    ).offset(0)


def sums_of(deals: ReadOnlyColumnCollection[str, Any]) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of `Sums`, in their order, over the rows of a `priced` query."""
    return (
        func.count().label("deals"),
        func.coalesce(func.sum(deals.value), 0).label("value"),
        func.coalesce(func.sum(weighted_value(deals.value, deals.probability)), 0).label(
            "weighted"
        ),
        func.count().filter(deals.has_amount, deals.value.is_(None)).label("without_rate"),
    )


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
            *(
                func.coalesce(func.sum(group[name]), 0)
                for name in ("deals", "value", "weighted", "without_rate")
            ),
        ).group_by(func.grouping_sets(tuple_(), *(tuple_(each) for each in ways)))
    )
    found: dict[int, dict[Any, Sums]] = {}
    for way, stage, country, currency, late, deals, value, weighted, without_rate in rows:
        key = {_STAGE: stage, _COUNTRY: country, _CURRENCY: currency, _LATE: late}.get(way)
        sums = Sums(int(deals), value, weighted, int(without_rate))
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
