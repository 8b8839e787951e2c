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

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, Text, cast, func, literal, null, select, union_all

from pulse.analytics.basis import sums_by_currency
from pulse.analytics.movement.reasons import Bucket, Reason
from pulse.analytics.movement.rows import joined_deals, moved_deals
from pulse.analytics.sums import Sums
from pulse.core.modules import DEALS
from pulse.models import PendingChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side

NOTHING: Final = Decimal(0)
ByCurrency = Mapping[str | None, Sums]
"""Sums of deals by the currency of their amounts."""
_COUNTED: Final = {
    Bucket.NEW: 1,
    Bucket.PULLED_IN: 1,
    Bucket.PUSHED_OUT: -1,
    Bucket.WON: -1,
    Bucket.LOST: -1,
}
"""Deals that a bucket brings or takes."""


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
class Parts:
    """What moved, by bucket and reason; `pending` as in `Movement`."""

    reasons: dict[Bucket, dict[Reason, Part]]
    pending: int | None


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


async def read_movement(
    db: AsyncSession,
    then: Side,
    now: Side,
    sums: tuple[ByCurrency, ByCurrency] | None = None,
) -> Movement:
    """Return how the deals of `then` became those of `now`: one filter at two moments.

    `sums` are what the deals of both add up to, by currency, where that is known before.
    """
    before, after = sums or await sums_by_currency(db, then, now)
    start, end = _total(before), _total(after)
    parts = await read_parts(db, then, now)
    if not _adds_up(start, parts, end):
        # The mirror shows a deal otherwise than its last version and its local edits say.
        parts = await read_parts(db, then, now, is_whole=True)
    return Movement(start, end, parts.pending, parts.reasons)


def _total(by_currency: ByCurrency) -> Total:
    sums = sum(by_currency.values(), start=Sums())
    return Total(sums.deals, sums.value, sums.deals - sums.valued)


def _adds_up(start: Total, parts: Parts, end: Total) -> bool:
    deals, value = start.deals, start.value
    for bucket, reasons in parts.reasons.items():
        part = sum(reasons.values(), start=Part())
        value += part.value
        deals += _COUNTED.get(bucket, 0) * part.deals
    return (deals, value) == (end.deals, end.value)


async def read_parts(db: AsyncSession, then: Side, now: Side, *, is_whole: bool = False) -> Parts:
    """Return what moved, and why: out of the deals that may have moved, or out of all."""
    joined = joined_deals(then, now, is_whole=is_whole)
    moved = moved_deals(joined, then, now).c
    parts = select(
        moved.bucket,
        moved.reason,
        func.count(),
        func.sum(moved.difference),
        func.sum(cast(moved.is_without_value, Integer)),
        func.sum(moved.of_rates),
    ).group_by(moved.bucket, moved.reason)
    if now.at is not None:
        return Parts(_by_reason((await db.execute(parts)).all()), None)
    waiting = select(PendingChange.record_id).where(PendingChange.module == DEALS)
    nothing = [literal(0) for _ in range(3)]
    pending = select(cast(null(), Text), cast(null(), Text), func.count(), *nothing).where(
        joined.c.id.in_(waiting)
    )
    # Any: rows of mixed columns.
    rows: Sequence[Any] = (await db.execute(union_all(parts, pending))).all()
    return Parts(
        _by_reason(row for row in rows if row[0] is not None),
        next(row[2] for row in rows if row[0] is None),
    )


# Any: rows of mixed columns.
def _by_reason(rows: Iterable[Any]) -> dict[Bucket, dict[Reason, Part]]:
    reasons: dict[Bucket, dict[Reason, Part]] = {}
    for bucket, reason, count, value, without_value, of_rates in rows:
        reasons.setdefault(Bucket(bucket), {})[Reason(reason)] = Part(
            int(count), value, int(without_value), of_rates
        )
    return reasons
