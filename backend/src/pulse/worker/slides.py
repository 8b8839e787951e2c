"""Slides of exports, filled with what O2R knows of deals and territories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.core.o2r.health import DealHealth
from pulse.core.quarters import quarter_of, read_quarter
from pulse.exports.slides import Fact, Slide, SlideTable
from pulse.exports.words import day_words
from pulse.o2r.dashboard import o2r_dashboard, o2r_pace
from pulse.o2r.detail import read_opportunity
from pulse.web.access import Principal

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question
    from pulse.o2r.dashboard_schemas import O2rDashboard, O2rPace
    from pulse.o2r.detail_schemas import MilestoneLine, OpportunityDetail

TOP_DEALS: Final = 5
"""Open deals of the greatest value that get a slide of their own in a deck."""
NONE: Final = "\N{EN DASH}"
_HEALTH: Final = {
    DealHealth.BLOCKED: "Blocked",
    DealHealth.RED: "At risk",
    DealHealth.YELLOW: "Watch",
    DealHealth.NEEDS_UPDATE: "Needs update",
    DealHealth.GREEN: "Healthy",
}
_READER: Final = Principal.of_system()


class O2rSlides:
    """Reads slides by the services behind the O2R pages, so that both say the same."""

    async def deal(self, db: AsyncSession, deal_id: int, now: datetime) -> Slide:
        """Return the slide of one deal. Raises NotFoundError."""
        return deal_slide(await read_opportunity(db, deal_id, _READER, now))

    async def deck(
        self, db: AsyncSession, question: Question, quarter: str | None
    ) -> tuple[Slide, ...]:
        """Return numbers, phases, health, who needs help, and the greatest open deals."""
        chosen = quarter_of(question.today) if quarter is None else read_quarter(quarter)
        slides = deck_slides(
            await o2r_dashboard(db, question, chosen), await o2r_pace(db, question)
        )
        if question.now.at is not None:
            # An opportunity is told as of now: what people add to it has no other moment.
            return slides
        return (
            *slides,
            *[await self.deal(db, each, question.as_of) for each in await _greatest(db, question)],
        )


async def _greatest(db: AsyncSession, question: Question) -> list[int]:
    side = question.now
    deals = side.deals()
    value = side.scope.money.value(deals.deal)
    query = (
        select(deals.id)
        .where(*side.meets(deals), side.scope.process.is_open(deals.deal), value.is_not(None))
        .order_by(value.desc(), deals.id)
        .limit(TOP_DEALS)
    )
    return list((await db.scalars(query)).all())


def _money(value: Decimal | None) -> str:
    return NONE if value is None else f"{value:,.2f}".replace("-", "\N{MINUS SIGN}")


def _day(day: date | None) -> str:
    return NONE if day is None else day_words(day)


def _days(count: int | None) -> str:
    return NONE if count is None else f"{count:,} days" if count != 1 else "1 day"


def deal_slide(deal: OpportunityDetail) -> Slide:
    """Return where a deal is, its milestones, what is wrong and what is next."""
    base, phase, revenue = deal.base_currency, deal.phase, deal.revenue
    parties = [
        each.name or f"#{each.id}" for each in (deal.account, deal.owner) if each is not None
    ]
    own = "" if deal.currency in {base, None} else f"{deal.currency} {_money(deal.amount)}"
    comes_on = revenue.received_on or revenue.expected_on or revenue.planned_on
    open_blockers = [each for each in deal.blockers if each.resolved_at is None]
    to_do = [each for each in deal.actions if each.done_at is None]
    received = revenue.received_on is not None
    return Slide(
        title=deal.name or f"Deal {deal.id}",
        line=" · ".join(
            (
                *parties,
                *(each for each in (deal.country, deal.stage) if each),
                *(["Strategic account"] if deal.is_strategic else []),
            )
        ),
        facts=(
            Fact(
                f"Value ({base})",
                _money(deal.value),
                own,
            ),
            Fact("Phase", phase.title, _days(phase.days)),
            Fact("Closing date", _day(deal.closing_date)),
            Fact(
                "Payment received" if received else "Payment expected",
                _day(comes_on),
                "" if received or revenue.expected_on is None else "an estimate",
            ),
            Fact("Health", _HEALTH[deal.health.status], f"score {deal.health.score}"),
        ),
        left=(
            SlideTable(
                "Milestones",
                ("Milestone", "Planned", "Actual", "Expected", "Late"),
                tuple(_milestone(line) for each in deal.phases for line in each.milestones),
                (34, 20, 20, 20, 14),
            ),
        ),
        right=(
            SlideTable(
                "Health signals",
                ("Reason", "What to do", "Points"),
                (
                    *(
                        (each.reason, each.advice, f"\N{MINUS SIGN}{each.points}")
                        for each in deal.health.signals
                    ),
                ),
                (45, 45, 12),
                "No signal: nothing asks for anybody.",
            ),
            SlideTable(
                "Blockers",
                ("Blocker", "Since", "Days"),
                tuple(
                    (each.title, _day(each.opened_at.date()), str(each.days))
                    for each in open_blockers
                ),
                (60, 24, 12),
                "No open blocker.",
            ),
            SlideTable(
                "Next steps",
                ("Step", "Who", "Due"),
                (
                    *(
                        (
                            each.title,
                            (each.owner.name if each.owner else None) or NONE,
                            _day(each.due_on),
                        )
                        for each in to_do
                    ),
                ),
                (56, 28, 18),
                "Nothing is agreed.",
            ),
        ),
    )


def _milestone(line: MilestoneLine) -> tuple[str, ...]:
    late = line.late_days
    return (
        line.label,
        _day(line.planned_on),
        _day(line.actual_on),
        _day(line.expected_on),
        NONE if late is None or late <= 0 else f"{late} d",
    )


def deck_slides(told: O2rDashboard, paces: O2rPace) -> tuple[Slide, ...]:
    """Return the slides of a dashboard and of the pace beside it."""
    base, unpaid = told.basis.base_currency, told.waiting_for_payment
    return (
        Slide(
            "Where the money is",
            f"{told.open.deals:,} open opportunities worth {base} {_money(told.open.value)}",
            facts=(
                Fact(
                    f"Realised in {told.quarter.quarter}",
                    _money(told.realised.value),
                    f"{told.realised.deals:,} deals",
                ),
                Fact(
                    "Won, not invoiced",
                    _money(told.waiting_for_invoice.value),
                    f"{told.waiting_for_invoice.deals:,} deals",
                ),
                Fact(
                    "Invoiced, not paid",
                    _money(unpaid.value),
                    f"{unpaid.overdue_deals:,} of {unpaid.deals:,} over {unpaid.limit_days} days",
                ),
                Fact(
                    "Revenue at risk", _money(told.at_risk.value), f"{told.at_risk.deals:,} deals"
                ),
                Fact(
                    "Cycle time",
                    _days(told.cycle.median_days),
                    f"median of {told.cycle.deals:,} deals",
                ),
            ),
            left=(
                SlideTable(
                    f"Phases, values in {base}",
                    ("Phase", "Deals", "Value", "Median days", "Moved on"),
                    tuple(
                        (
                            each.title,
                            f"{each.deals:,}",
                            _money(each.value),
                            NONE if each.median_days is None else f"{each.median_days:,}",
                            NONE
                            if pace.share_moved_on is None
                            else f"{pace.share_moved_on * 100:.1f} %",
                        )
                        for each, pace in zip(told.phases, paces.phases, strict=True)
                    ),
                    (34, 12, 26, 16, 14),
                ),
            ),
        ),
        Slide(
            "Health by territory",
            "Blocked, at risk, to watch, to be updated, healthy: number of open deals",
            left=(
                SlideTable(
                    f"Territories, values in {base}",
                    (
                        "Territory",
                        "Deals",
                        "Value",
                        "Blocked",
                        "At risk",
                        "Watch",
                        "Needs update",
                        "Healthy",
                    ),
                    tuple(
                        (
                            each.territory or "None",
                            f"{each.deals:,}",
                            _money(each.value),
                            *(
                                f"{count:,}"
                                for count in (
                                    each.blocked,
                                    each.red,
                                    each.yellow,
                                    each.needs_update,
                                    each.green,
                                )
                            ),
                        )
                        for each in told.territories
                    ),
                    (26, 10, 22, 10, 10, 10, 14, 10),
                ),
            ),
        ),
        Slide(
            "Deals that need attention",
            f"{told.attention.count:,} in all, the worst first",
            left=(
                SlideTable(
                    "What is wrong, and what to do",
                    ("Deal", "Health", "Reason", "What to do", f"Value ({base})"),
                    tuple(
                        (
                            each.name or f"#{each.id}",
                            _HEALTH[each.health],
                            each.reason,
                            each.next_step,
                            _money(each.value),
                        )
                        for each in told.attention.items
                    ),
                    (26, 12, 34, 34, 18),
                    "Nothing needs anybody.",
                ),
            ),
        ),
    )
