"""The five numbers of a pipeline, at one moment and against an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulse.analytics.basis import basis_of, open_conflicts, sums_by_currency, sums_of_both
from pulse.analytics.sums import Sums

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.basis import Basis
    from pulse.analytics.question import Question, Side


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a question's deals add up to."""

    basis: Basis
    now: Sums
    then: Sums | None
    """None where nothing can be compared."""


async def read_numbers(db: AsyncSession, question: Question) -> Numbers:
    """Return the sums of a question's deals at its moment and at the earlier one."""
    by_currency, earlier = await sums_of_both(db, question)
    return Numbers(
        basis=basis_of(question, by_currency, await open_conflicts(db, question.now)),
        now=sum(by_currency.values(), start=Sums()),
        then=None if earlier is None else sum(earlier.values(), start=Sums()),
    )


async def read_sums_at(db: AsyncSession, side: Side) -> Sums:
    """Return what the deals of one side add up to."""
    return (await read_sums_of(db, side))[0]


async def read_sums_of(db: AsyncSession, *sides: Side) -> list[Sums]:
    """Return what the deals of each side add up to, in one statement."""
    return [sum(each.values(), start=Sums()) for each in await sums_by_currency(db, *sides)]
