"""Phase, signals, health and score of the deals of a moment, in SQL.

This is `pulse.core.o2r` written as expressions over one row of deals: set-based, so that a hundred
thousand deals are filtered, counted and sorted by them. Words are not made here: rows that are
shown are judged once more by the pure law, out of `Judged.facts`.

    judged = judge_deals(day, deals)
    query = judged.onto(select(deals.id, judged.score).select_from(deals.table))

`onto` joins what the expressions refer to, one row a deal; a query without it lacks tables.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import (
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    type_coerce,
)

from pulse.analytics.o2r.additions import UPDATES, changed_between, last_touches, open_blockers
from pulse.core.modules import DEALS
from pulse.core.o2r.facts import Facts, OpenBlocker
from pulse.core.o2r.health import (
    AT_RISK,
    BEST_SCORE,
    HEALTH_OF_RULE,
    NEEDS_ATTENTION,
    POINTS_A_SEVERITY,
    SEVERITY_OF_RULE,
    DealHealth,
    Rule,
)
from pulse.core.o2r.phases import PHASE_STARTS_WITH, Phase
from pulse.models import ChangeLogEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Subquery

    from pulse.core.o2r.health import Thresholds
    from pulse.queries.moments import DealsAt
    from pulse.queries.stages import SalesProcess

# Any: a select of whatever columns.
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])

_KNOWN: Final = len(fields(Facts)) - 1
"""Facts that are one column each: all but the blockers."""
FACTS: Final = _KNOWN + 3
"""How many columns `Judged.facts` has."""


@dataclass(frozen=True, slots=True)
class Day:
    """What deals are judged by: the organisation's day of the moment, its zone, stages, limits."""

    today: date
    zone: ZoneInfo
    process: SalesProcess
    thresholds: Thresholds

    def of(self, instant: SQLColumnExpression[Any]) -> ColumnElement[date]:
        """Return the organisation's date at an instant."""
        return cast(func.timezone(self.zone.key, instant), Date)

    def starts(self, day: date) -> datetime:
        """Return when one of the organisation's days begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Judged:
    """Expressions over one row of deals at a moment, and the tables that they need.

    Each is made once: an answer mentions them again and again.
    """

    deals: DealsAt
    day: Day
    blockers: Subquery
    touches: Subquery
    changed: Subquery | None
    """Deals that changed lately, as of a past moment; the mirror itself says it of now."""

    def onto(self, query: Query) -> Query:
        """Return a query over the deals with what was added to them joined; no deal is lost."""
        for table in (self.blockers, self.touches, self.changed):
            if table is not None:
                query = query.outerjoin(table, table.c.deal_id == self.deals.id)
        return query

    # Phases

    @cached_property
    def phase(self) -> ColumnElement[str]:
        """`pulse.core.o2r.phases.Phase`."""
        return case(
            *((self._started(phase), literal_column(f"'{phase}'")) for phase in _LATEST_FIRST),
            else_=literal_column(f"'{Phase.OPPORTUNITY}'"),
        )

    @cached_property
    def phase_number(self) -> ColumnElement[int]:
        """`Phase.number`: compared in less time than its name."""
        return case(
            *((self._started(phase), _whole(phase.number)) for phase in _LATEST_FIRST),
            else_=_whole(Phase.OPPORTUNITY.number),
        )

    @cached_property
    def phase_since(self) -> ColumnElement[date | None]:
        """The day on which the phase began; NULL where the CRM does not say."""
        return case(
            *((self._started(phase), self.entered(phase)) for phase in _LATEST_FIRST),
            else_=self.entered(Phase.OPPORTUNITY),
        )

    @cached_property
    def days_in_phase(self) -> ColumnElement[int | None]:
        """Days from the beginning of the phase to today."""
        return type_coerce(literal(self.day.today, Date) - self.phase_since, Integer)

    def entered(self, phase: Phase) -> ColumnElement[Any]:
        """Return the date that begins a phase, come or still to come."""
        column = getattr(self.deals.deal, PHASE_STARTS_WITH[phase])
        return self.day.of(column) if phase is Phase.OPPORTUNITY else column

    @cached_property
    def is_lost(self) -> ColumnElement[bool]:
        """Whether the CRM forecasts the deal as lost."""
        return func.coalesce(self.day.process.is_lost(self.deals.deal), false())

    @cached_property
    def is_opportunity(self) -> ColumnElement[bool]:
        """Whether it is on its way: not lost, revenue not recognised."""
        return and_(not_(self.is_lost), self._is_due(self.deals.deal.revenue_recognised_on))

    @cached_property
    def waits_for_invoice(self) -> ColumnElement[bool]:
        """Whether an opportunity is won, and nothing is invoiced."""
        return and_(self.is_opportunity, self.lacks_invoice)

    @cached_property
    def lacks_invoice(self) -> ColumnElement[bool]:
        """The same, said of a deal that is known to be an opportunity."""
        deal = self.deals.deal
        won = func.coalesce(self.day.process.is_won(deal), false())
        return and_(won, self._is_due(deal.invoiced_on))

    @cached_property
    def waits_for_payment(self) -> ColumnElement[bool]:
        """Whether an opportunity is invoiced, and not paid."""
        return and_(self.is_opportunity, self.lacks_payment)

    @cached_property
    def lacks_payment(self) -> ColumnElement[bool]:
        """The same, said of a deal that is known to be an opportunity."""
        deal = self.deals.deal
        return and_(self._has_happened(deal.invoiced_on), self._is_due(deal.payment_received_on))

    # DealHealth

    @cached_property
    def signals(self) -> Mapping[Rule, ColumnElement[bool]]:
        """Whether each rule applies to an opportunity; of others it says nothing."""
        deal, limits = self.deals.deal, self.day.thresholds
        return {
            Rule.BLOCKER_OPEN: self.blockers.c.deal_id.is_not(None),
            Rule.PROPOSAL_WITHOUT_PO: and_(
                self._is_over(deal.proposal_submitted_on, limits.proposal_without_po_days),
                self._is_due(deal.po_generated_on),
            ),
            Rule.INVOICE_UNPAID: and_(
                self._is_over(deal.invoiced_on, limits.invoice_unpaid_days),
                self._is_due(deal.payment_received_on),
            ),
            Rule.CLOSING_PASSED: self._is_over(deal.closing_date, 0),
            Rule.PO_WITHOUT_KICK_OFF: and_(
                self._is_over(deal.po_generated_on, limits.po_without_kick_off_days),
                self._is_due(deal.kicked_off_on),
            ),
            Rule.KICK_OFF_WITHOUT_INVOICE: and_(
                self._is_over(deal.kicked_off_on, limits.kick_off_without_invoice_days),
                self._is_due(deal.invoiced_on),
            ),
            Rule.LIKELY_WITHOUT_PO: and_(
                deal.probability >= limits.likely_without_po_percent,
                self._is_due(deal.po_generated_on),
            ),
            Rule.UNLIKELY_KICKED_OFF: and_(
                deal.probability <= limits.unlikely_kicked_off_percent,
                self._has_happened(deal.kicked_off_on),
            ),
            Rule.NOT_UPDATED: self._is_not_updated(),
        }

    @cached_property
    def rank(self) -> ColumnElement[int]:
        """Health from worst (0) to best (4): `DealHealth.rank`."""
        return case(
            (not_(self.is_opportunity), _whole(DealHealth.GREEN.rank)), else_=rank_of(self.signals)
        )

    @cached_property
    def score(self) -> ColumnElement[int]:
        """100 less 8 times the severities, not below 0; 100 of an exempt deal."""
        return case((self.is_opportunity, score_of(self.signals)), else_=_whole(BEST_SCORE))

    def is_any_of(self, healths: Sequence[DealHealth]) -> ColumnElement[bool]:
        """Return whether a deal has one of these healths."""
        worst = tuple(DealHealth)[: len(healths)]
        if DealHealth.GREEN in healths or set(healths) != set(worst):
            return self.rank.in_([_whole(health.rank) for health in healths])
        # The worst so many: any of their signals will do. PostgreSQL leaves out the joins that
        # only the others need.
        signals = self.signals
        found = [signals[rule] for rule in Rule if HEALTH_OF_RULE[rule] in healths]
        return and_(self.is_opportunity, func.coalesce(or_(*found), false()))

    @cached_property
    def needs_attention(self) -> ColumnElement[bool]:
        """Whether somebody has to do something: blocked, red or yellow."""
        return self.is_any_of(NEEDS_ATTENTION)

    @cached_property
    def is_at_risk(self) -> ColumnElement[bool]:
        """Whether its revenue may not come: blocked or red."""
        return self.is_any_of(AT_RISK)

    # Facts

    @property
    def updated_at(self) -> ColumnElement[datetime]:
        """The last change by anybody known at the moment; as of the past, asked row by row."""
        return func.greatest(self._changed_at(), self.touches.c.at)

    @property
    def facts(self) -> tuple[SQLColumnExpression[Any], ...]:
        """The columns that `read_facts` reads, for rows that are shown."""
        deal, day, blockers = self.deals.deal, self.day, self.blockers.c
        return (
            day.of(deal.crm_created_at),
            deal.proposal_submitted_on,
            deal.po_generated_on,
            deal.kicked_off_on,
            deal.invoiced_on,
            deal.payment_received_on,
            deal.revenue_recognised_on,
            deal.closing_date,
            deal.probability,
            self.is_lost,
            day.of(self.updated_at),
            blockers.title,
            day.of(blockers.opened_at),
            func.coalesce(blockers.count, 0),
        )

    def _started(self, phase: Phase) -> ColumnElement[bool]:
        column: SQLColumnExpression[Any] = getattr(self.deals.deal, PHASE_STARTS_WITH[phase])
        return column <= self.day.today

    def _has_happened(self, column: SQLColumnExpression[date | None]) -> ColumnElement[bool]:
        return func.coalesce(column <= self.day.today, false())

    def _is_due(self, column: SQLColumnExpression[date | None]) -> ColumnElement[bool]:
        return or_(column.is_(None), column > self.day.today)

    def _is_over(
        self, column: SQLColumnExpression[date | None], limit_days: int
    ) -> ColumnElement[bool]:
        return column < self.day.today - timedelta(days=limit_days)

    def _is_not_updated(self) -> ColumnElement[bool]:
        # A day of the organisation's is compared as the instant of its beginning: cheaper.
        limit = self.day.starts(
            self.day.today - timedelta(days=self.day.thresholds.not_updated_days)
        )
        untouched = or_(self.touches.c.at.is_(None), self.touches.c.at < limit)
        if self.changed is None:
            return and_(self.deals.table.crm_modified_at < limit, untouched)
        return and_(
            self.deals.table.valid_from < limit, self.changed.c.deal_id.is_(None), untouched
        )

    def _changed_at(self) -> SQLColumnExpression[Any]:
        table, at = self.deals.table, self.deals.at
        if at is None:
            changed: SQLColumnExpression[Any] = table.crm_modified_at
            return changed
        logged = (
            select(func.max(ChangeLogEntry.changed_at))
            .where(
                ChangeLogEntry.module == DEALS,
                ChangeLogEntry.record_id == self.deals.id,
                ChangeLogEntry.changed_at <= at,
                ChangeLogEntry.kind.in_(UPDATES),
            )
            .correlate(table)
            .scalar_subquery()
        )
        return func.greatest(table.valid_from, logged)


def rank_of(signals: Mapping[Rule, ColumnElement[bool]]) -> ColumnElement[int]:
    """Return the rank of an opportunity's health by its signals."""
    return case(
        *(
            (
                or_(*(signals[rule] for rule in Rule if HEALTH_OF_RULE[rule] is health)),
                _whole(health.rank),
            )
            for health in DealHealth
            if health is not DealHealth.GREEN
        ),
        else_=_whole(DealHealth.GREEN.rank),
    )


def score_of(signals: Mapping[Rule, ColumnElement[bool]]) -> ColumnElement[int]:
    """Return the score of an opportunity by its signals."""
    lost_points = [
        case((signal, _whole(POINTS_A_SEVERITY * SEVERITY_OF_RULE[rule])), else_=_whole(0))
        for rule, signal in signals.items()
    ]
    total: ColumnElement[int] = lost_points[0]
    for points in lost_points[1:]:
        total += points
    return func.greatest(_whole(BEST_SCORE) - total, _whole(0))


_LATEST_FIRST: Final = (Phase.REVENUE, Phase.EXECUTION, Phase.PROPOSAL)


def judge_deals(day: Day, deals: DealsAt) -> Judged:
    """Return how deals are judged as of their moment, which is on `day.today`."""
    changed = None
    if deals.at is not None:
        since = day.starts(day.today - timedelta(days=day.thresholds.not_updated_days))
        changed = changed_between(since, deals.at)
    return Judged(deals, day, open_blockers(deals.at), last_touches(deals.at), changed)


# Any: a row of the columns of `Judged.facts`, which SQLAlchemy does not type.
def read_facts(row: Sequence[Any]) -> Facts:
    """Return what the pure law has to know of a deal."""
    title, opened_on, count = row[_KNOWN:]
    # Of further blockers only the number is told: the oldest one stands for them.
    blockers = (OpenBlocker(title, opened_on),) * count
    return replace(Facts(*row[:_KNOWN]), blockers=blockers)


def health_of(rank: int) -> DealHealth:
    """Return the health of a rank."""
    return tuple(DealHealth)[rank]


def _whole(number: int) -> ColumnElement[int]:
    # Constants of the law, written out: PostgreSQL folds them, and no parameter is made of each.
    return literal_column(str(number))
