"""Which open opportunities need somebody, how many there are, and which are the reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from pulse.analytics.names import names_of
from pulse.analytics.o2r.asking import day_at
from pulse.analytics.o2r.attention import read_told_deals
from pulse.core.o2r.health import NEEDS_ATTENTION
from pulse.dashboard.attention_schemas import NeedyDeal, NeedyDeals, OwnDeals
from pulse.dashboard.judged_sums import read_judged_sums
from pulse.dashboard.pipeline import undescribed_deals
from pulse.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r import attention
    from pulse.analytics.question import Question
    from pulse.queries.moments import DealsAt

    # Any: id, account_id and owner_id, which SQLAlchemy does not type.
    People = Row[*tuple[Any, ...]]

SHOWN: Final = 6
"""Deals in one answer: what the page shows."""


async def read_attention(db: AsyncSession, question: Question, email: str | None) -> NeedyDeals:
    """Return what needs somebody among a question's deals; `email` is the reader's."""
    side = question.now
    day = day_at(question.as_of, side.scope, side.scope.thresholds)
    reader = await _crm_user(db, email)
    needed = await read_judged_sums(db, side, day, NEEDS_ATTENTION, owner=reader, worst=SHOWN)
    needy = await read_told_deals(db, side, day, needed.worst)
    people = await _people(db, side.deals(), [deal.id for deal in needy])
    references = {each for row in people.values() for each in (row.account_id, row.owner_id)}
    names = await names_of(db, [each for each in references if each is not None])
    return NeedyDeals(
        basis=needed.basis(question),
        count=needed.whole.deals,
        own=None if reader is None else OwnDeals(owner=str(reader), deals=needed.owned),
        items=[_item(deal, people[deal.id], names, reader) for deal in needy],
        undescribed_deals=await undescribed_deals(db, side.scope.process),
    )


async def _crm_user(db: AsyncSession, email: str | None) -> int | None:
    """Return which user of the CRM a reader is: the one with the same e-mail address."""
    if email is None:
        return None
    same = select(User.id).where(func.lower(User.email) == email.lower())
    # Of several with one address, somebody who works there rather than somebody who left.
    found: int | None = await db.scalar(same.order_by(User.is_active.desc(), User.id).limit(1))
    return found


async def _people(db: AsyncSession, deals: DealsAt, ids: Sequence[int]) -> Mapping[int, People]:
    deal = deals.deal
    query: Select[*tuple[Any, ...]] = select(
        deals.id.label("id"), deal.account_id.label("account_id"), deal.owner_id.label("owner_id")
    )
    rows = await db.execute(query.where(deals.held(), deals.id.in_(ids)))
    return {row.id: row for row in rows}


def _item(
    deal: attention.NeedyDeal,
    people: People,
    names: Mapping[str, str],
    reader: int | None,
) -> NeedyDeal:
    worst = deal.verdict.signals[0]
    return NeedyDeal(
        id=str(deal.id),
        name=deal.name,
        account=names.get(str(people.account_id)),
        owner=names.get(str(people.owner_id)),
        is_own=reader is not None and people.owner_id == reader,
        phase=deal.phase.number,
        health=deal.verdict.health,
        rule=worst.rule,
        reason=worst.words.reason,
        brief=worst.words.brief,
        next_step=worst.words.next_step,
        signals=len(deal.verdict.signals),
        value=deal.value,
    )
