"""What stands out in a week is found by rules and told with its figures; nothing found, no word."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pulse.analytics.review.deals import ReviewedDeal
from pulse.analytics.review.figures import GroupFigure, WeekFigures
from pulse.analytics.review.insights import Insight, InsightKind, Told, Tone, insights_of
from pulse.analytics.review.rows import Group
from pulse.core.o2r.facts import Facts
from pulse.core.o2r.health import Thresholds, judge
from pulse.core.o2r.moves import Move
from pulse.core.o2r.phases import Phase

SUNDAY = date(2026, 3, 8)
RED = judge(Facts(proposal_on=date(2026, 2, 5)), Thresholds(), SUNDAY)
GREEN = judge(Facts(), Thresholds(), SUNDAY)
DEAL = ReviewedDeal(
    id=7,
    name="Grid analytics",
    account=None,
    owner=None,
    stage=None,
    phase=Phase.PROPOSAL,
    closing_date=None,
    value=Decimal("1806000.40"),
    verdict=RED,
    before=GREEN,
    move=Move.WORSE,
)


def figures(**groups: tuple[int, int]) -> WeekFigures:
    return WeekFigures(
        groups={Group(name): GroupFigure(n, Decimal(value)) for name, (n, value) in groups.items()},
        weighted=Decimal(0),
        by_currency={},
    )


QUIET = Told("SGD", figures(), None, {}, {}, {}, {})


def only(told: Told) -> Insight:
    [insight] = insights_of(told)
    return insight


def test_a_week_in_which_nothing_stands_out_says_nothing() -> None:
    assert insights_of(QUIET) == ()
    same = replace(QUIET, this=figures(at_risk=(2, 500)), risk_then=GroupFigure(1, Decimal(500)))
    assert insights_of(same) == ()


def test_revenue_at_risk_rises_and_falls() -> None:
    told = replace(QUIET, this=figures(at_risk=(2, 1500)), risk_then=GroupFigure(1, Decimal(300)))
    assert only(told) == Insight(
        InsightKind.RISK_MOVED,
        Tone.BAD,
        "Revenue at risk rose by SGD 1,200 to SGD 1,500 in 2 deals.",
        group=Group.AT_RISK,
    )
    fallen = only(replace(told, risk_then=GroupFigure(9, Decimal(1501))))
    assert (fallen.tone, fallen.words) == (
        Tone.GOOD,
        "Revenue at risk fell by SGD 1 to SGD 1,500 in 2 deals.",
    )


def test_the_greatest_moves_tell_from_what_to_what_and_why() -> None:
    worse = only(replace(QUIET, greatest={Group.WORSE: DEAL}))
    assert (worse.tone, worse.deal_id, worse.words) == (
        Tone.BAD,
        7,
        (
            "The greatest deal that got worse is Grid analytics, SGD 1,806,000, from "
            "Healthy (100) to At risk (60): Proposal out 31 d."
        ),
    )
    better = replace(DEAL, verdict=GREEN, before=RED, name=None)
    improved = only(replace(QUIET, greatest={Group.IMPROVED: better}))
    assert (improved.tone, improved.words) == (
        Tone.GOOD,
        (
            "The greatest deal that improved is id 7, SGD 1,806,000, from At risk (60) to "
            "Healthy (100); gone: Proposal out 31 d."
        ),
    )


def test_the_greatest_deals_that_were_won_lost_and_paid() -> None:
    told = replace(
        QUIET,
        this=figures(realised=(3, 2_000_000)),
        greatest={Group.WON: DEAL, Group.LOST: DEAL, Group.REALISED: DEAL},
    )
    assert [(each.kind, each.tone, each.words) for each in insights_of(told)] == [
        (
            InsightKind.GREATEST_REALISED,
            Tone.GOOD,
            "Grid analytics brought the most revenue, SGD 1,806,000 of SGD 2,000,000.",
        ),
        (InsightKind.GREATEST_WON, Tone.GOOD, "Grid analytics is won, worth SGD 1,806,000."),
        (InsightKind.GREATEST_LOST, Tone.BAD, "Grid analytics is lost, worth SGD 1,806,000."),
    ]


def test_the_owner_with_the_most_deals_past_closing_is_named() -> None:
    this = replace(
        figures(overdue=(6, 900)),
        overdue_by_owner={
            None: GroupFigure(3, Decimal(800)),
            21: GroupFigure(2, Decimal(40)),
            22: GroupFigure(1, Decimal(60)),
        },
    )
    told = only(replace(QUIET, this=this, owners={21: "Arjun Mehta", 22: "Mei Tan"}))
    assert (told.group, told.owner_id, told.words) == (
        Group.OVERDUE,
        21,
        "Arjun Mehta has the most deals past their closing date: 2 of 6, worth SGD 40.",
    )


def test_the_phase_that_slowed_most_is_told_and_none_that_did_not() -> None:
    ages = {Phase.OPPORTUNITY: 40, Phase.PROPOSAL: 60, Phase.REVENUE: 9}
    then = {Phase.OPPORTUNITY: 39, Phase.PROPOSAL: 53, Phase.EXECUTION: 1}
    told = only(replace(QUIET, ages=ages, ages_then=then))
    assert (told.phase, told.words) == (
        Phase.PROPOSAL,
        (
            "Deals stay longer in phase II, Proposal: half of them for 60 days or more, 53 days a "
            "week before."
        ),
    )
    assert insights_of(replace(QUIET, ages=then, ages_then=ages)) == ()
