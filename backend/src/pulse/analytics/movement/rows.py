"""The deals of a movement in SQL: each once, with both values, its bucket and its reason.

Most deals did not move, so they must cost little. A deal that did not change between the moments,
and that the rates cannot price otherwise, is in no bucket; only the others are *touched*. These are
read and priced at each moment, the two are joined by id, and only of deals that moved the row of
the other moment is looked up by its key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Numeric,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
)

from pulse.analytics.movement.reasons import Bucket, Facts, Reason, change_reason, named, reason_of
from pulse.core.deal_filters import Outcome
from pulse.core.modules import DEALS
from pulse.core.sync import Presence
from pulse.models import DealVersion, PendingChange, RecordSyncStatus
from pulse.queries.deal_filters import conditions
from pulse.queries.moments import deals_at
from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, Select, Subquery
    from sqlalchemy.sql.base import ReadOnlyColumnCollection
    from sqlalchemy.sql.selectable import LateralFromClause

    from pulse.analytics.question import Side
    from pulse.queries.moments import DealsAt

_ZERO: Final = cast(literal(0), Numeric)
_STILL: Final = text("'infinity'::timestamptz")
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
"""When only versions hold that have not ended."""


def joined_deals(then: Side, now: Side, *, is_whole: bool = True) -> CTE:
    """Return each deal that is meant at either moment, once, with its value at both.

    Unless the whole is wanted, only those that may have moved.
    """
    earlier, later = _earlier(then, now, is_whole=is_whole), _later(then, now, is_whole=is_whole)
    before, after = earlier.c, later.c
    facts = [
        column.label(f"{name}_{side}")
        for side, columns in (("then", before), ("now", after))
        for name, column in (
            ("amount", columns.amount),
            ("currency", columns.currency),
            ("exchange_rate", columns.exchange_rate),
        )
    ]
    return (
        select(
            func.coalesce(before.id, after.id).label("id"),
            before.id.is_not(None).label("was_in"),
            after.id.is_not(None).label("is_in"),
            before.value.label("before"),
            after.value.label("after"),
            before.repriced,
            before.was_won,
            before.was_lost,
            *facts,
        )
        .select_from(earlier.join(later, before.id == after.id, full=True))
        .cte("joined")
    )


def moved_deals(joined: CTE, then: Side, now: Side) -> CTE:
    """Return the deals that moved, with bucket, reason, difference and `of_rates`."""
    deal = joined.c
    stays = and_(deal.was_in, deal.is_in)
    difference = func.coalesce(deal.after, 0) - func.coalesce(deal.before, 0)
    was, is_now = _then_of(deal, then), _now_of(deal, now)
    change = change_reason(_facts(deal, "then", deal.before), _facts(deal, "now", deal.after))
    gone = and_(is_now.c.id.is_(None), not_(deal.is_in))
    came = _came(deal, now)
    is_younger = func.coalesce(came.c.crm_created_at > then.at, false())
    is_new = or_(is_younger, and_(was.c.id.is_(None), not_(_was_ever_seen(deal, then))))
    bucket = case(
        (and_(stays, difference > 0), named(Bucket.INCREASED)),
        (stays, named(Bucket.DECREASED)),
        (and_(deal.is_in, is_new), named(Bucket.NEW)),
        (deal.is_in, named(Bucket.PULLED_IN)),
        (and_(is_now.c.is_won, not_(deal.was_won)), named(Bucket.WON)),
        (and_(is_now.c.is_lost, not_(deal.was_lost)), named(Bucket.LOST)),
        else_=named(Bucket.PUSHED_OUT),
    )
    reason = case(
        (stays, change),
        (
            and_(deal.is_in, is_younger),
            named(Reason.CREATED),
        ),
        (and_(deal.is_in, is_new), named(Reason.FIRST_SEEN)),
        (and_(deal.is_in, was.c.id.is_(None)), named(Reason.RESTORED)),
        (deal.is_in, was.c.reason),
        (and_(is_now.c.is_won, not_(deal.was_won)), named(Reason.WON)),
        (and_(is_now.c.is_lost, not_(deal.was_lost)), named(Reason.LOST)),
        (and_(gone, _is_hidden(deal)), named(Reason.HIDDEN)),
        (gone, named(Reason.DELETED)),
        else_=is_now.c.reason,
    )
    return (
        select(
            deal.id,
            bucket.label("bucket"),
            reason.label("reason"),
            deal.before,
            deal.after,
            difference.label("difference"),
            case(
                (stays, func.coalesce(deal.repriced, 0) - func.coalesce(deal.before, 0)),
                else_=_ZERO,
            ).label("of_rates"),
            and_(deal.before.is_(None), deal.after.is_(None)).label("is_without_value"),
        )
        .select_from(
            joined.outerjoin(was, true()).outerjoin(came, true()).outerjoin(is_now, true())
        )
        .where(or_(not_(stays), difference != 0))
        .cte("moved")
    )


def _may_have_changed(then: Side, now: Side, earlier: DealsAt) -> ColumnElement[bool]:
    """Return whether a deal may be another at the later moment than it was at the earlier."""
    unlike = then.scope.money.may_price_unlike(now.scope.money, earlier.deal)
    if now.at is not None:
        return or_(earlier.table.valid_to <= now.at, unlike)
    return or_(earlier.table.valid_to < _STILL, earlier.id.in_(_edited()), unlike)


def _may_have_been_another(then: Side, now: Side, later: DealsAt) -> ColumnElement[bool]:
    """Return the same, of how a deal is at the later moment."""
    unlike = then.scope.money.may_price_unlike(now.scope.money, later.deal)
    if now.at is not None:
        return or_(later.table.valid_from > then.at, unlike)
    # The mirror does not say since when a deal is as it is, but its last version does.
    last = deals_at(_END_OF_TIME)
    since = select(last.id).where(
        last.table.valid_from > then.at, *conditions(now.wanted, now.scope, last)
    )
    # Else each process of a parallel plan would read them again.
    once = since.cte("changed_since").prefix_with("MATERIALIZED")
    return or_(later.id.in_(select(once.c[0])), later.id.in_(_edited()), unlike)


def _edited() -> Select[int]:
    """Return deals with local edits: they make no version before the CRM takes them."""
    return select(PendingChange.record_id).where(PendingChange.module == DEALS)


def _earlier(then: Side, now: Side, *, is_whole: bool) -> Subquery:
    deals = then.deals()
    deal, process = deals.deal, then.scope.process
    value = then.scope.money.value(deal)
    is_same = then.scope.money.has_same_rates(now.scope.money)
    may_be_closed = set(then.wanted.outcomes) != {Outcome.OPEN}
    query: Select[*tuple[Any, ...]] = select(
        deals.id.label("id"),
        value.label("value"),
        (value if is_same else now.scope.money.value(deal)).label("repriced"),
        deal.amount,
        deal.currency,
        deal.exchange_rate,
        *(
            (func.coalesce(closed, false()) if may_be_closed else false()).label(name)
            for name, closed in (
                ("was_won", process.is_won(deal)),
                ("was_lost", process.is_lost(deal)),
            )
        ),
    ).where(*then.meets(deals))
    if not is_whole:
        query = query.where(_may_have_changed(then, now, deals))
    return computed_once(query).subquery("earlier")


def _later(then: Side, now: Side, *, is_whole: bool) -> Subquery:
    deals = now.deals()
    deal = deals.deal
    query: Select[*tuple[Any, ...]] = select(
        deals.id.label("id"),
        now.scope.money.value(deal).label("value"),
        deal.amount,
        deal.currency,
        deal.exchange_rate,
    ).where(*now.meets(deals))
    if not is_whole:
        query = query.where(_may_have_been_another(then, now, deals))
    return computed_once(query).subquery("later")


# Any: columns of a subquery, of many types.
def _then_of(joined: ReadOnlyColumnCollection[str, Any], then: Side) -> LateralFromClause:
    """Look up what a deal that came was before; no row if it was not there."""
    deals = then.deals()
    return (
        select(
            deals.id.label("id"),
            reason_of(then.wanted, then.scope, deals).label("reason"),
        )
        .where(deals.id == joined.id, not_(joined.was_in), deals.held())
        .offset(0)
        .lateral("was")
    )


def _came(joined: ReadOnlyColumnCollection[str, Any], now: Side) -> LateralFromClause:
    """Look up when a deal that came was created, which no index tells; no row for another."""
    deals = now.deals()
    return (
        select(deals.deal.crm_created_at)
        .where(deals.id == joined.id, not_(joined.was_in), deals.held())
        .offset(0)
        .lateral("came")
    )


def _now_of(joined: ReadOnlyColumnCollection[str, Any], now: Side) -> LateralFromClause:
    """Look up what became of a deal that left; no row if it is gone."""
    deals = now.deals()
    deal, process = deals.deal, now.scope.process
    return (
        select(
            deals.id.label("id"),
            func.coalesce(process.is_won(deal), false()).label("is_won"),
            func.coalesce(process.is_lost(deal), false()).label("is_lost"),
            reason_of(now.wanted, now.scope, deals).label("reason"),
        )
        .where(deals.id == joined.id, not_(joined.is_in), deals.held())
        .offset(0)
        .lateral("is_now")
    )


def _was_ever_seen(joined: ReadOnlyColumnCollection[str, Any], then: Side) -> ColumnElement[bool]:
    return exists().where(DealVersion.deal_id == joined.id, DealVersion.valid_from <= then.at)


def _is_hidden(joined: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    """Return whether the CRM does not show a deal to us; which of both it was, only now tells."""
    return exists().where(
        RecordSyncStatus.zoho_record_id == joined.id,
        RecordSyncStatus.presence == Presence.INVISIBLE,
    )


def _facts(
    joined: ReadOnlyColumnCollection[str, Any], side: str, value: ColumnElement[Any]
) -> Facts:
    return Facts(
        value,
        joined[f"amount_{side}"],
        joined[f"currency_{side}"],
        joined[f"exchange_rate_{side}"],
    )
