"""The deals of one bucket of a movement, greatest difference first, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from pulse.analytics.movement.reasons import Reason
from pulse.analytics.movement.rows import joined_deals, moved_deals
from pulse.analytics.movement.words import DealFactsAt, sentence
from pulse.analytics.names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.movement.reasons import Bucket
    from pulse.analytics.question import Side
    from pulse.models.deals import DealFacts

    # Any: a row of what is selected below.
    Facts = Mapping[int, Any]

_COLUMNS: Final = (
    "name", "account_id", "owner_id", "stage", "closing_date", "probability", "amount", "currency",
    "exchange_rate", "country", "business_region", "solution_type", "funding_type",
    "market_segment", "crm_created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MovedDeal:
    """A deal that moved; money is in the base currency."""

    id: int
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    """At the later moment; of a deal that is gone, at the earlier."""
    before: Decimal | None
    """None where it was not in the pipeline, or had no value."""
    after: Decimal | None
    difference: Decimal
    reason: Reason
    words: str


@dataclass(frozen=True, slots=True)
class MovedDeals:
    """Some deals of a bucket, and how many it has."""

    count: int
    items: tuple[MovedDeal, ...]


async def read_moved_deals(
    db: AsyncSession, then: Side, now: Side, bucket: Bucket, *, limit: int, offset: int
) -> MovedDeals:
    """Return deals of a bucket, the greatest difference first, ties by id."""
    moved = moved_deals(joined_deals(then, now), then, now).c
    query = select(
        moved.id, moved.reason, moved.before, moved.after, moved.difference, func.count().over()
    ).where(moved.bucket == bucket.value)
    rows = (
        await db.execute(
            query.order_by(func.abs(moved.difference).desc(), moved.id).limit(limit).offset(offset)
        )
    ).all()
    count = rows[0][-1] if rows else 0
    if not rows and offset:
        count = await db.scalar(select(func.count()).where(moved.bucket == bucket.value)) or 0
    ids = [row.id for row in rows]
    earlier, later = await _facts(db, then, ids), await _facts(db, now, ids)
    names = await names_of(db, _references([*earlier.values(), *later.values()]))
    return MovedDeals(
        count,
        tuple(
            _shown(row, earlier.get(row.id), later.get(row.id), names, now)
            for row in rows
        ),
    )  # fmt: skip


async def read_told(
    db: AsyncSession, side: Side, ids: Sequence[int]
) -> dict[int, tuple[str | None, DealFactsAt]]:
    """Return the names of deals at a moment, and what they were, in words."""
    rows = await _facts(db, side, ids)
    names = await names_of(db, _references(rows.values()))
    return {deal: (row.name, _told(row, names, side)) for deal, row in rows.items()}


async def _facts(db: AsyncSession, side: Side, ids: Sequence[int]) -> Facts:
    deals = side.deals()
    columns = (getattr(deals.deal, name).label(name) for name in _COLUMNS)
    rows = await db.execute(
        select(deals.id.label("id"), *columns).where(deals.id.in_(ids), deals.held())
    )
    return {row.id: row for row in rows}


def _references(rows: Iterable[DealFacts]) -> list[int]:
    found = {each for row in rows for each in (row.account_id, row.owner_id)}
    return [each for each in found if each is not None]


# Any: rows of what is selected above.
def _shown(row: Any, then: Any, now: Any, names: Mapping[str, str], side: Side) -> MovedDeal:  # noqa: ANN401 - as above
    before = None if then is None else _told(then, names, side)
    after = None if now is None else _told(now, names, side)
    latest, told = (then, before) if now is None else (now, after)
    reason = Reason(row.reason)
    return MovedDeal(
        id=row.id,
        name=None if latest is None else latest.name,
        account=None if told is None else told.account,
        owner=None if told is None else told.owner,
        stage=None if told is None else told.stage,
        before=row.before,
        after=row.after,
        difference=row.difference,
        reason=reason,
        words=sentence(reason, before, after),
    )


def _told(row: Any, names: Mapping[str, str], side: Side) -> DealFactsAt:  # noqa: ANN401 - as above
    fields = side.scope.fields

    def labelled(column: str) -> str | None:
        stored = getattr(row, column)
        return None if stored is None else fields.labels(column).get(stored, stored)

    return DealFactsAt(
        closing_date=row.closing_date,
        probability=row.probability,
        stage=None if row.stage is None else side.scope.process.label(row.stage),
        owner=_name(row.owner_id, names),
        account=_name(row.account_id, names),
        country=labelled("country"),
        region=labelled("business_region"),
        solution=labelled("solution_type"),
        funding=labelled("funding_type"),
        segment=labelled("market_segment"),
        amount=row.amount,
        currency=row.currency,
        exchange_rate=row.exchange_rate,
        created_at=row.crm_created_at,
    )


def _name(record_id: int | None, names: Mapping[str, str]) -> str | None:
    return None if record_id is None else names.get(str(record_id), f"#{record_id}")
