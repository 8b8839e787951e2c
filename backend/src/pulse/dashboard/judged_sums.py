"""What open opportunities of a certain health add up to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, func, literal, null, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from pulse.analytics.basis import OpenConflicts, basis_of, conflicted_deals
from pulse.analytics.kept import kept
from pulse.analytics.o2r.health import judge_deals
from pulse.analytics.sums import Sums, priced, read_sums, sums_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ScalarSelect, Select
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.analytics.basis import Basis
    from pulse.analytics.o2r.health import Day
    from pulse.analytics.question import Question, Side
    from pulse.core.o2r.health import DealHealth


@dataclass(frozen=True, slots=True)
class JudgedSums:
    """Deals of one side that were judged alike."""

    by_currency: Mapping[str | None, Sums] = field(default_factory=dict)
    owned: int = 0
    """Those of the owner that was asked about."""
    conflicts: OpenConflicts | None = None
    """Those in an open conflict; None as of a past moment."""
    worst: Sequence[int] = ()
    """Ids by health, then score, then value, as many as were asked for."""

    @property
    def whole(self) -> Sums:
        """All of them."""
        return sum(self.by_currency.values(), start=Sums())

    def basis(self, question: Question) -> Basis:
        """Return what an answer about them rests on."""
        return basis_of(question, self.by_currency, self.conflicts)


async def read_judged_sums(
    db: AsyncSession,
    side: Side,
    day: Day,
    healths: Sequence[DealHealth],
    *,
    owner: int | None = None,
    worst: int = 0,
) -> JudgedSums:
    """Sum the open opportunities of a side that have one of these healths.

    Deals are read once for all of it: for the sums, for those of an owner, and for the ids of so
    many of the worst.
    """
    found = (await db.execute(*_query(side, day, healths, owner, worst))).all()
    return JudgedSums(
        by_currency={row[1]: read_sums(row[5:]) for row in found},
        owned=sum(row[2] for row in found),
        conflicts=None
        if side.at is not None
        else OpenConflicts(
            deals=sum(row[3] for row in found), value=sum((row[4] for row in found), Decimal(0))
        ),
        worst=found[0][0] or () if found else (),
    )


# Any: the ids of the worst, and sums of each currency.
@kept
def _query(
    side: Side, day: Day, healths: Sequence[DealHealth], owner: int | None, worst: int
) -> Select[*tuple[Any, ...]]:
    deals = side.deals()
    deal, judged = deals.deal, judge_deals(day, deals)
    is_owned = false() if owner is None else deal.owner_id == literal(owner)
    in_conflict = false() if side.at is not None else deals.id.in_(conflicted_deals())
    order = (judged.rank.label("rank"), judged.score.label("score")) if worst else ()
    rows = (
        judged.onto(
            priced(
                deal,
                side.scope.money,
                deals.id.label("id"),
                deal.currency.label("currency"),
                is_owned.label("is_owned"),
                in_conflict.label("in_conflict"),
                *order,
            ).select_from(deals.table)
        )
        .where(*side.meets(deals), judged.is_any_of(healths))
        .cte("judged_deals")
        .c
    )
    return select(
        _worst(rows, worst) if worst else null(),
        rows.currency,
        func.count().filter(rows.is_owned),
        func.count().filter(rows.in_conflict),
        func.coalesce(func.sum(rows.value).filter(rows.in_conflict), 0),
        *sums_of(rows),
    ).group_by(rows.currency)


def _worst(
    rows: ReadOnlyColumnCollection[str, Any], count: int
) -> ScalarSelect[Sequence[int] | None]:
    order = (rows.rank, rows.score, rows.value.desc().nulls_last(), rows.id)
    top = (
        select(rows.id, func.row_number().over(order_by=order).label("place"))
        .order_by(*order)
        .limit(count)
        .subquery("worst_deals")
        .c
    )
    return select(func.array_agg(aggregate_order_by(top.id, top.place))).scalar_subquery()
