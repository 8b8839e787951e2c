"""The open pipeline, and what was realised: counted and summed in SQL, in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Boolean,
    Text,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    union_all,
)

from pulse.analytics.kept import kept
from pulse.analytics.sums import Sums, priced, read_sums, sums_again, sums_of
from pulse.dashboard.history import open_deals_then
from pulse.models import Deal

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, CompoundSelect, Select
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.queries.moments import Moment
    from pulse.queries.money import Conversion
    from pulse.queries.stages import SalesProcess

# What GROUPING() says: a bit for each way, set where a row is not grouped by it.
_WHOLE: Final = 0b1111
_STAGE: Final = 0b0111
_COUNTRY: Final = 0b1011
_CURRENCY: Final = 0b1101
_LATE: Final = 0b1110
# Beside these: no way to group, but other deals.
_OF_THEN: Final = -1
_REALISED: Final = -2


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The open deals as a whole and by group; the key None is "has none"."""

    total: Sums = field(default_factory=Sums)
    overdue: Sums = field(default_factory=Sums)
    """Open, though the closing date has passed."""
    by_stage: dict[str | None, Sums] = field(default_factory=dict)
    by_country: dict[str | None, Sums] = field(default_factory=dict)
    by_currency: dict[str | None, Sums] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are read, and by which rates and days."""

    process: SalesProcess
    money: Conversion
    today: date
    """The organisation's date."""
    quarter_began: date
    fresh_after: date
    """Revenue recognised later than this is told apart."""
    since: datetime | None
    """The moment that the pipeline is compared with; None if there is no history of it."""
    money_then: Conversion
    """By the rates of that moment."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found."""

    pipeline: Pipeline
    then: Sums
    """The open deals of the moment compared with."""
    realised: Sums
    """Deals whose revenue was recognised in this quarter, up to today."""
    fresh: Sums
    """Those of them that are told apart."""


async def read_figures(db: AsyncSession, asked: Asked) -> Figures:
    """Return the open deals of now and then, and those realised, in one statement.

    PostgreSQL may share its parts out among processes.
    """
    found: dict[int, dict[Any, Sums]] = {}
    query = _figures_query(replace(asked, since=None), asked.since)
    for way, stage, country, currency, flag, *row in await db.execute(*query):
        key = {_STAGE: stage, _COUNTRY: country, _CURRENCY: currency}.get(way, flag)
        found.setdefault(way, {})[key] = read_sums(row)
    realised = found.get(_REALISED, {})
    return Figures(
        Pipeline(
            total=found.get(_WHOLE, {}).get(None, Sums()),
            overdue=found.get(_LATE, {}).get(True, Sums()),
            by_stage=found.get(_STAGE, {}),
            by_country=found.get(_COUNTRY, {}),
            by_currency=found.get(_CURRENCY, {}),
        ),
        then=found.get(_OF_THEN, {}).get(None, Sums()),
        realised=sum(realised.values(), start=Sums()),
        fresh=realised.get(True, Sums()),
    )


# Any: which group, and sums.
@kept
def _figures_query(asked: Asked, since: Moment | None) -> CompoundSelect[*tuple[Any, ...]]:
    parts = [_open_groups(asked), _realised(asked)]
    if since is not None:
        then = open_deals_then(asked.process, asked.money_then, since).subquery().c
        parts.append(_no_group(_OF_THEN, null(), then))
    return union_all(*parts)


def _open_groups(asked: Asked) -> Select[*tuple[Any, ...]]:
    is_overdue = func.coalesce(Deal.closing_date < asked.today, false()).label("is_overdue")
    deals = (
        priced(Deal, asked.money, Deal.stage, Deal.country, Deal.currency, is_overdue)
        .where(Deal.is_live, asked.process.is_open())
        .subquery()
        .c
    )
    keys = (deals.stage, deals.country, deals.currency, deals.is_overdue)
    # Deals are read and priced once; the few groups that they make are added up each way.
    group = select(*keys, *sums_of(deals)).group_by(*keys).cte("small_groups").c
    ways = (group.stage, group.country, group.currency, group.is_overdue)
    return select(
        func.grouping(*ways).label("way"),
        *ways,
        *sums_again(group),
    ).group_by(func.grouping_sets(tuple_(), *(tuple_(each) for each in ways)))


def _realised(asked: Asked) -> Select[*tuple[Any, ...]]:
    is_fresh = (Deal.revenue_recognised_on > asked.fresh_after).label("is_fresh")
    deals = (
        priced(Deal, asked.money, is_fresh)
        .where(Deal.is_live, Deal.revenue_recognised_on.between(asked.quarter_began, asked.today))
        .subquery()
        .c
    )
    return _no_group(_REALISED, deals.is_fresh, deals).group_by(deals.is_fresh)


# Any: columns of a subquery, of many types.
def _no_group(
    way: int, flag: ColumnElement[Any], deals: ReadOnlyColumnCollection[str, Any]
) -> Select[*tuple[Any, ...]]:
    no_text = (cast(null(), Text) for _ in range(3))
    return select(literal(way), *no_text, cast(flag, Boolean), *sums_of(deals))


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
