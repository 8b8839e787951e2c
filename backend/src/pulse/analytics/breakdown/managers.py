"""Account managers: what each one's pipeline is worth, where it is, and how much of it is won.

Whoever owns a deal under the filters is a manager, and whoever closed one in the range of the win
rates, though nothing is left in the pipeline: so the managers' won and lost deals add up to all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_

from pulse.analytics.basis import basis_of, open_conflicts
from pulse.analytics.kept import kept
from pulse.analytics.names import names_of
from pulse.analytics.sums import Sums, priced, read_sums, sums_again, sums_of
from pulse.analytics.wins import Closed, closed_side, is_closed
from pulse.models import User

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.basis import Basis
    from pulse.analytics.question import Question, Side
    from pulse.analytics.wins import ClosedDays


@dataclass(frozen=True, slots=True)
class Manager:
    """One owner of deals; `owner_id` is None for deals without one."""

    owner_id: int | None
    name: str | None
    is_active: bool | None
    """As the CRM says; None if it never named the user among its own."""
    sums: Sums
    closed: Closed
    countries: tuple[tuple[str | None, Sums], ...]
    """Greatest value first."""


@dataclass(frozen=True, slots=True)
class Managers:
    """All owners of a pipeline, greatest value first."""

    basis: Basis
    managers: tuple[Manager, ...]
    total: Sums
    closed: Closed


# What GROUPING() says: a bit for owner, country and currency, set where a line is not by it.
_COUNTRY = 0b001
_OWNER = 0b011
_CURRENCY = 0b110


async def read_managers(db: AsyncSession, question: Question, days: ClosedDays) -> Managers:
    """Return the managers of a pipeline; `days` is the range of the win rates."""
    by_owner: dict[int | None, Sums] = {}
    countries: dict[int | None, list[tuple[str | None, Sums]]] = {}
    by_currency: dict[str | None, Sums] = {}
    for level, owner, country, currency, sums in await _groups(db, question.now):
        match level:
            case _ if level == _OWNER:
                by_owner[owner] = sums
            case _ if level == _COUNTRY:
                countries.setdefault(owner, []).append((country, sums))
            case _:
                by_currency[currency] = sums
    closed = await _closed(db, closed_side(question.now, days))
    owners = {*by_owner, *closed}
    ids = [owner for owner in owners if owner is not None]
    names = await names_of(db, ids)
    active = await db.execute(select(User.id, User.is_active).where(User.id.in_(ids)))
    is_active: dict[int, bool] = {row.id: row.is_active for row in active}
    managers = [
        Manager(
            owner_id=owner,
            name=None if owner is None else names.get(str(owner)),
            is_active=None if owner is None else is_active.get(owner),
            sums=by_owner.get(owner, Sums()),
            closed=closed.get(owner, Closed()),
            countries=tuple(sorted(countries.get(owner, []), key=_by_value)),
        )
        for owner in owners
    ]
    return Managers(
        basis=basis_of(question, by_currency, await open_conflicts(db, question.now)),
        managers=tuple(
            sorted(
                managers,
                key=lambda each: (-each.sums.value, -each.sums.deals, each.name or "~"),
            )
        ),
        total=sum(by_owner.values(), start=Sums()),
        closed=sum(closed.values(), start=Closed()),
    )


def _by_value(each: tuple[str | None, Sums]) -> tuple[Any, ...]:
    country, sums = each
    return (-sums.value, -sums.deals, country is None, country or "")


async def _groups(
    db: AsyncSession, side: Side
) -> list[tuple[int, int | None, str | None, str | None, Sums]]:
    """Return sums by owner, by owner and country, and by currency."""
    found = await db.execute(*_groups_query(side))
    return [(*row[:4], read_sums(row[4:])) for row in found]


# Any: GROUPING(), owner, country, currency, and sums.
@kept
def _groups_query(side: Side) -> Select[*tuple[Any, ...]]:
    # Deals are read once; the few groups that they make are added up each way.
    deals = side.deals()
    deal = deals.deal
    keys = ("owner_id", "country", "currency")
    rows = (
        priced(deal, side.scope.money, *(getattr(deal, name).label(name) for name in keys))
        .where(*side.meets(deals))
        .subquery()
        .c
    )
    group = (
        select(*(rows[name] for name in keys), *sums_of(rows))
        .group_by(*(rows[name] for name in keys))
        .cte("small_groups")
        .c
    )
    ways = (group.owner_id, group.country, group.currency)
    return select(func.grouping(*ways), *ways, *sums_again(group)).group_by(
        func.grouping_sets(
            tuple_(group.owner_id),
            tuple_(group.owner_id, group.country),
            tuple_(group.currency),
        )
    )


async def _closed(db: AsyncSession, side: Side) -> dict[int | None, Closed]:
    found = await db.execute(*_closed_query(side))
    return {owner: Closed(won, count - won) for owner, won, count in found}


@kept
def _closed_query(side: Side) -> Select[int | None, int, int]:
    deals = side.deals()
    is_won = side.scope.process.is_won(deals.deal)
    return (
        select(deals.deal.owner_id, func.count().filter(is_won), func.count())
        .where(*side.meets(deals), is_closed(side, deals))
        .group_by(deals.deal.owner_id)
    )
