"""The figures of a week: how many deals each group has, what they are worth, and which stand out.

A week's deals are read and judged once, in a statement that groups them by currency and by owner.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Numeric, cast, func, select
from sqlalchemy.dialects.postgresql import array

from pulse.analytics.review.rows import MOVES, Group, is_in, week_rows
from pulse.analytics.sums import SUMS, Sums, percentage, read_sums, sums_of
from pulse.queries.money import weighted_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.review.rows import Rows
    from pulse.analytics.review.week import ReviewedWeek
    from pulse.core.o2r.health import Thresholds

_NOTHING: Final = Decimal(0)
GREATEST_OF: Final = (
    Group.WORSE,
    Group.IMPROVED,
    Group.WON,
    Group.LOST,
    Group.REALISED,
)
"""Groups of which the deal of the greatest value is told."""


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """Deals of a group. Those without a value count, and add nothing."""

    deals: int = 0
    value: Decimal = _NOTHING

    def __add__(self, other: GroupFigure) -> GroupFigure:
        """Return both as one."""
        return GroupFigure(self.deals + other.deals, self.value + other.value)


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """All figures of a week."""

    groups: Mapping[Group, GroupFigure]
    weighted: Decimal
    """Of open opportunities."""
    by_currency: Mapping[str | None, Sums]
    """Of the deals that any figure is made of."""
    greatest: Mapping[Group, int] = field(default_factory=dict)
    """The deal of the greatest value of a group, by `GREATEST_OF`."""
    overdue_by_owner: Mapping[int | None, GroupFigure] = field(default_factory=dict)

    def of(self, group: Group) -> GroupFigure:
        """Return the figure of a group."""
        return self.groups.get(group, GroupFigure())

    @property
    def closed(self) -> GroupFigure:
        """Won and lost deals."""
        return self.of(Group.WON) + self.of(Group.LOST)

    @property
    def share_updated(self) -> Decimal | None:
        """Updated of all open opportunities, in percent with two places; None without any."""
        return percentage(self.of(Group.UPDATED).deals, self.of(Group.OPEN).deals)


STANDING: Final = tuple(group for group in Group if group not in MOVES)
"""Groups of which last week's figure is told."""


async def read_figures(
    db: AsyncSession,
    week: ReviewedWeek,
    thresholds: Thresholds,
    groups: Sequence[Group] = tuple(Group),
) -> WeekFigures:
    """Return the figures of a week, of these groups; of others they are zero."""
    tops = tuple(group for group in GREATEST_OF if group in groups)
    rows = week_rows(week, thresholds).c
    statement = select(
        func.grouping(rows.currency).label("is_by_owner"),
        rows.currency,
        rows.owner_id,
        *(column for group in groups for column in _figure(group, rows)),
        *(_greatest(group, rows) for group in tops),
        func.coalesce(
            func.sum(weighted_value(rows.value, rows.probability)).filter(rows.is_open), 0
        ),
        *sums_of(rows),
    ).group_by(func.grouping_sets(rows.currency, rows.owner_id))
    return _read((await db.execute(statement)).all(), groups, tops)


# Any: columns of several types, of which each place below knows its own.
def _figure(group: Group, rows: Rows) -> tuple[Any, Any]:
    is_meant = is_in(group, rows)
    return (
        func.count().filter(is_meant),
        func.coalesce(func.sum(rows.value).filter(is_meant), 0),
    )


def _greatest(group: Group, rows: Rows) -> Any:  # noqa: ANN401 - as above
    # The greatest array is that of the greatest first element: value, then id.
    pair = array([cast(rows.value, Numeric), cast(rows.id, Numeric)])
    return func.max(pair).filter(is_in(group, rows), rows.value.is_not(None))


def _read(
    found: Any,  # noqa: ANN401 - as above
    asked: Sequence[Group],
    tops: Sequence[Group],
) -> WeekFigures:
    groups: defaultdict[Group, GroupFigure] = defaultdict(GroupFigure)
    by_currency: dict[str | None, Sums] = {}
    overdue: dict[int | None, GroupFigure] = {}
    greatest: dict[Group, tuple[Decimal, int]] = {}
    weighted = _NOTHING
    for row in found:
        is_by_owner, currency, owner_id, *rest = row
        pairs = rest[: 2 * len(asked)]
        figures = {
            group: GroupFigure(pairs[2 * place], pairs[2 * place + 1])
            for place, group in enumerate(asked)
        }
        if is_by_owner:
            if Group.OVERDUE in figures and figures[Group.OVERDUE].deals:
                overdue[owner_id] = figures[Group.OVERDUE]
            continue
        for group, figure in figures.items():
            groups[group] += figure
        found_tops = rest[2 * len(asked) :][: len(tops)]
        for group, top in zip(tops, found_tops, strict=True):
            if top is not None:
                value, deal = top
                greatest[group] = max(greatest.get(group, (value, int(deal))), (value, int(deal)))
        weighted += rest[-len(SUMS) - 1]
        by_currency[currency] = read_sums(rest[-len(SUMS) :])
    return WeekFigures(
        groups=dict(groups),
        weighted=weighted,
        by_currency=by_currency,
        greatest={group: deal for group, (_, deal) in greatest.items()},
        overdue_by_owner=overdue,
    )
