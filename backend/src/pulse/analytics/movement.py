"""How a pipeline became another between two moments: a waterfall that adds up to the cent.

Between t0 and t1 one filter with fixed closing days is asked at both. `start` and `end` are what
the deals that fulfil it add up to at each, priced at the rates of its day. Every deal in either
goes one way, so that

    start + new + pulled in + increased + decreased + pushed out + won + lost = end

to the cent, where what reduces is negative:

- A deal in both is *increased* or *decreased* by value(t1) less value(t0); `of_rates` is the part
  that the CRM's rates alone moved: what it was at t0, at the rates of t1, less value(t0).
- A deal only at the end is *new* if it was created after t0 or if we had never seen it by then,
  else *pulled in*. Both bring the value of t1.
- A deal only at the start is *won* or *lost* if it is so at t1 and was not at t0, else *pushed
  out*: also one that was deleted in the CRM or is no longer shown to us. They take the value of t0.

A deal without a value (no amount, or no rate for it) moves nothing; it is counted, and told by
`without_value`. One that gets or loses its rate is increased or decreased by all it is worth.

Where t1 is now, deals are as the mirror shows them, with local edits that the CRM has not taken yet
(`pending` deals): so the end is the number on the page. A past moment knows the CRM's values only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import Integer, Text, cast, func, literal, null, select, union_all

from pulse.analytics.movement_reasons import Bucket, Reason
from pulse.analytics.movement_rows import joined_deals, moved_deals
from pulse.core.modules import DEALS
from pulse.models import PendingChange

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side

NOTHING: Final = Decimal(0)
_START, _END, _PENDING = "start", "end", "pending"


@dataclass(frozen=True, slots=True)
class Total:
    """What the deals of one moment add up to."""

    deals: int = 0
    value: Decimal = NOTHING
    without_value: int = 0
    """Deals among them that have no amount, or no rate for it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Deals that moved one way, or for one reason; `value` has its sign."""

    deals: int = 0
    value: Decimal = NOTHING
    without_value: int = 0
    of_rates: Decimal = NOTHING
    """Part of the value that rates alone moved; of increased and decreased only."""

    def __add__(self, other: Part) -> Part:
        """Return both as one."""
        return Part(
            self.deals + other.deals,
            self.value + other.value,
            self.without_value + other.without_value,
            self.of_rates + other.of_rates,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """A waterfall. Buckets and reasons without deals are absent."""

    start: Total = Total()
    end: Total = Total()
    pending: int | None = None
    """Deals at the start or the end with local edits that wait for the CRM; None of the past."""
    reasons: dict[Bucket, dict[Reason, Part]] = field(default_factory=dict)

    def bucket(self, bucket: Bucket) -> Part:
        """Return a bucket as a whole."""
        return sum(self.reasons.get(bucket, {}).values(), start=Part())


async def read_movement(db: AsyncSession, then: Side, now: Side) -> Movement:
    """Return how the deals of `then` became those of `now`: one filter at two moments."""
    joined = joined_deals(then, now)
    moved = moved_deals(joined, then, now).c
    no_number = cast(null(), Text)
    waiting = select(PendingChange.record_id).where(PendingChange.module == DEALS)
    rows = await db.execute(
        union_all(
            select(
                moved.bucket,
                moved.reason,
                func.count(),
                func.sum(moved.difference),
                func.sum(cast(moved.is_without_value, Integer)),
                func.sum(moved.of_rates),
            ).group_by(moved.bucket, moved.reason),
            *(
                select(
                    literal(name, Text),
                    no_number,
                    func.count().filter(is_there),
                    func.coalesce(func.sum(value), 0),
                    func.count().filter(is_there, value.is_(None)),
                    literal(0),
                )
                for name, is_there, value in (
                    (_START, joined.c.was_in, joined.c.before),
                    (_END, joined.c.is_in, joined.c.after),
                )
            ),
            select(
                literal(_PENDING, Text), no_number, func.count(), literal(0), literal(0), literal(0)
            ).where(joined.c.id.in_(waiting)),
        )
    )
    totals: dict[str, tuple[int, Decimal, int]] = {}
    reasons: dict[Bucket, dict[Reason, Part]] = {}
    for name, reason, count, value, without_value, of_rates in rows:
        if reason is None:
            totals[name] = (int(count), Decimal(value), int(without_value))
        else:
            reasons.setdefault(Bucket(name), {})[Reason(reason)] = Part(
                int(count), value, int(without_value), of_rates
            )
    return Movement(
        start=Total(*totals[_START]),
        end=Total(*totals[_END]),
        pending=totals[_PENDING][0] if now.at is None else None,
        reasons=reasons,
    )
