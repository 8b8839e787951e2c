"""Phases and health: one table of cases, every boundary both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pulse.core.o2r.facts import Facts, OpenBlocker
from pulse.core.o2r.health import (
    HEALTH_OF_RULE,
    SEVERITY_OF_RULE,
    DealHealth,
    Rule,
    Thresholds,
    judge,
)
from pulse.core.o2r.milestones import MILESTONES, SETTABLE_MILESTONES, Milestone
from pulse.core.o2r.phases import Phase, is_opportunity, phase_of, phase_since

TODAY = date(2026, 8, 17)
USUAL = Thresholds()
CALM = Facts(created_on=date(2026, 1, 5), updated_on=TODAY, probability=Decimal(50))
"""A deal of which nothing is to be said."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


BLOCKER = OpenBlocker("Security review", ago(6))

APPLIES = [
    (Rule.PROPOSAL_WITHOUT_PO, replace(CALM, proposal_on=ago(31)), True),
    (Rule.PROPOSAL_WITHOUT_PO, replace(CALM, proposal_on=ago(30)), False),
    (Rule.PROPOSAL_WITHOUT_PO, replace(CALM, proposal_on=ago(31), po_on=TODAY), False),
    (Rule.PROPOSAL_WITHOUT_PO, replace(CALM, proposal_on=ago(31), po_on=ago(-1)), True),
    (Rule.PROPOSAL_WITHOUT_PO, replace(CALM, proposal_on=ago(-40)), False),
    (Rule.INVOICE_UNPAID, replace(CALM, invoiced_on=ago(46)), True),
    (Rule.INVOICE_UNPAID, replace(CALM, invoiced_on=ago(45)), False),
    (Rule.INVOICE_UNPAID, replace(CALM, invoiced_on=ago(46), payment_on=TODAY), False),
    (Rule.INVOICE_UNPAID, replace(CALM, invoiced_on=ago(46), payment_on=ago(-1)), True),
    (Rule.CLOSING_PASSED, replace(CALM, closing_on=ago(1)), True),
    (Rule.CLOSING_PASSED, replace(CALM, closing_on=TODAY), False),
    (Rule.CLOSING_PASSED, replace(CALM, closing_on=ago(1), recognised_on=TODAY), False),
    (Rule.CLOSING_PASSED, replace(CALM, closing_on=ago(1), recognised_on=ago(-1)), True),
    (Rule.BLOCKER_OPEN, replace(CALM, blockers=(BLOCKER,)), True),
    (Rule.BLOCKER_OPEN, CALM, False),
    (Rule.PO_WITHOUT_KICK_OFF, replace(CALM, po_on=ago(15)), True),
    (Rule.PO_WITHOUT_KICK_OFF, replace(CALM, po_on=ago(14)), False),
    (Rule.PO_WITHOUT_KICK_OFF, replace(CALM, po_on=ago(15), kick_off_on=TODAY), False),
    (Rule.KICK_OFF_WITHOUT_INVOICE, replace(CALM, kick_off_on=ago(61)), True),
    (Rule.KICK_OFF_WITHOUT_INVOICE, replace(CALM, kick_off_on=ago(60)), False),
    (Rule.KICK_OFF_WITHOUT_INVOICE, replace(CALM, kick_off_on=ago(61), invoiced_on=TODAY), False),
    (Rule.LIKELY_WITHOUT_PO, replace(CALM, probability=Decimal(80)), True),
    (Rule.LIKELY_WITHOUT_PO, replace(CALM, probability=Decimal("79.99")), False),
    (Rule.LIKELY_WITHOUT_PO, replace(CALM, probability=Decimal(80), po_on=TODAY), False),
    (Rule.LIKELY_WITHOUT_PO, replace(CALM, probability=None), False),
    (Rule.UNLIKELY_KICKED_OFF, replace(CALM, probability=Decimal(20), kick_off_on=TODAY), True),
    (Rule.UNLIKELY_KICKED_OFF, replace(CALM, probability=Decimal(21), kick_off_on=TODAY), False),
    (Rule.UNLIKELY_KICKED_OFF, replace(CALM, probability=Decimal(20), kick_off_on=ago(-1)), False),
    (Rule.UNLIKELY_KICKED_OFF, replace(CALM, probability=Decimal(20)), False),
    (Rule.NOT_UPDATED, replace(CALM, updated_on=ago(8)), True),
    (Rule.NOT_UPDATED, replace(CALM, updated_on=ago(7)), False),
]


@pytest.mark.parametrize(("rule", "facts", "applies"), APPLIES)
def test_a_rule_applies_from_the_day_after_its_limit_and_ends_with_the_date_it_waits_for(
    rule: Rule,
    facts: Facts,
    applies: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    verdict = judge(facts, USUAL, TODAY)

    found = [signal.rule for signal in verdict.signals if signal.rule is rule]
    assert found == ([rule] if applies else [])


@pytest.mark.parametrize(
    ("rule", "health", "severity"),
    [
        (Rule.BLOCKER_OPEN, "blocked", 4),
        (Rule.PROPOSAL_WITHOUT_PO, "red", 5),
        (Rule.INVOICE_UNPAID, "red", 5),
        (Rule.CLOSING_PASSED, "red", 4),
        (Rule.PO_WITHOUT_KICK_OFF, "yellow", 3),
        (Rule.KICK_OFF_WITHOUT_INVOICE, "yellow", 3),
        (Rule.LIKELY_WITHOUT_PO, "yellow", 2),
        (Rule.UNLIKELY_KICKED_OFF, "yellow", 2),
        (Rule.NOT_UPDATED, "needs_update", 1),
    ],
)
def test_each_rule_alone_names_the_health_and_takes_eight_points_a_severity(
    rule: Rule, health: str, severity: int
) -> None:
    assert (HEALTH_OF_RULE[rule], SEVERITY_OF_RULE[rule]) == (health, severity)
    facts = next(facts for each, facts, applies in APPLIES if each is rule and applies)
    verdict = judge(facts, USUAL, TODAY)
    assert [signal.rule for signal in verdict.signals] == [rule]
    assert (verdict.health, verdict.score) == (DealHealth(health), 100 - 8 * severity)


def test_the_worst_signal_names_the_health_and_signals_stand_worst_first() -> None:
    everything = Facts(
        created_on=ago(300),
        proposal_on=ago(40),
        invoiced_on=ago(50),
        kick_off_on=ago(70),
        closing_on=ago(3),
        probability=Decimal(90),
        updated_on=ago(9),
        blockers=(BLOCKER,),
    )

    verdict = judge(everything, USUAL, TODAY)

    assert [signal.rule for signal in verdict.signals] == [
        Rule.BLOCKER_OPEN,
        Rule.PROPOSAL_WITHOUT_PO,
        Rule.INVOICE_UNPAID,
        Rule.CLOSING_PASSED,
        Rule.LIKELY_WITHOUT_PO,
        Rule.NOT_UPDATED,
    ]
    assert verdict.health is DealHealth.BLOCKED
    # 4 + 5 + 5 + 4 + 2 + 1 severities are 168 points: there are only 100.
    assert verdict.score == 0
    without = [
        DealHealth.RED,
        DealHealth.RED,
        DealHealth.YELLOW,
        DealHealth.NEEDS_UPDATE,
        DealHealth.GREEN,
    ]
    steps = [
        replace(everything, blockers=()),
        replace(everything, blockers=(), invoiced_on=None),
        replace(CALM, probability=Decimal(90), updated_on=ago(9)),
        replace(CALM, updated_on=ago(9)),
        CALM,
    ]
    assert [judge(each, USUAL, TODAY).health for each in steps] == without


@pytest.mark.parametrize("exempt", [{"is_lost": True}, {"recognised_on": TODAY}])
def test_lost_and_recognised_deals_are_exempt_whatever_else_is_true(
    exempt: dict[str, object],
) -> None:
    late = replace(CALM, proposal_on=ago(90), closing_on=ago(30), blockers=(BLOCKER,))
    facts = replace(late, **exempt)  # type: ignore[arg-type] # the fields of the table above

    verdict = judge(facts, USUAL, TODAY)

    assert (verdict.health, verdict.score, verdict.signals) == (DealHealth.GREEN, 100, ())
    assert not is_opportunity(facts, TODAY)
    assert phase_of(facts, TODAY) is Phase.PROPOSAL


def test_a_blocker_of_today_is_open_since_today() -> None:
    [signal] = judge(replace(CALM, blockers=(OpenBlocker("Legal", TODAY),)), USUAL, TODAY).signals
    assert signal.words.reason == "Legal, open since today."


def test_reasons_carry_their_figures_and_advice_says_what_to_do() -> None:
    facts = replace(
        CALM,
        proposal_on=ago(34),
        closing_on=ago(1),
        probability=Decimal("82.50"),
        blockers=(BLOCKER, OpenBlocker("Legal", ago(2))),
    )

    words = [signal.words for signal in judge(facts, USUAL, TODAY).signals]

    assert [(each.reason, each.brief, each.next_step) for each in words] == [
        (
            "Security review, open for 6 days, 1 more.",
            "Security review, 6 d, 1 more",
            "Remove the blocker",
        ),
        (
            "The proposal was sent 34 days ago and there is no PO. The limit is 30 days.",
            "Proposal out 34 d",
            "Ask for the PO",
        ),
        (
            "The closing date passed 1 day ago and no revenue is recognised.",
            "Closing date passed, 1 d",
            "Agree a new date",
        ),
        (
            "The probability is 82.5 % and there is no PO. From 80 % on one is expected.",
            "82.5 %, no PO",
            "Get the PO",
        ),
    ]
    assert all(each.advice.endswith(".") for each in words)


def test_thresholds_move_the_boundaries() -> None:
    strict = Thresholds(proposal_without_po_days=10, likely_without_po_percent=50)
    facts = replace(CALM, proposal_on=ago(11))

    assert judge(facts, USUAL, TODAY).signals == ()
    assert [signal.rule for signal in judge(facts, strict, TODAY).signals] == [
        Rule.PROPOSAL_WITHOUT_PO,
        Rule.LIKELY_WITHOUT_PO,
    ]


@pytest.mark.parametrize(
    ("facts", "phase", "since"),
    [
        (CALM, Phase.OPPORTUNITY, CALM.created_on),
        (replace(CALM, created_on=None), Phase.OPPORTUNITY, None),
        (replace(CALM, proposal_on=TODAY), Phase.PROPOSAL, TODAY),
        (replace(CALM, proposal_on=ago(-1)), Phase.OPPORTUNITY, CALM.created_on),
        (replace(CALM, po_on=ago(3)), Phase.EXECUTION, ago(3)),
        (replace(CALM, proposal_on=ago(9), po_on=ago(-1)), Phase.PROPOSAL, ago(9)),
        (replace(CALM, po_on=ago(3), invoiced_on=ago(5)), Phase.REVENUE, ago(5)),
        (replace(CALM, kick_off_on=ago(3), payment_on=ago(3)), Phase.OPPORTUNITY, CALM.created_on),
    ],
)
def test_the_latest_phase_whose_date_came_counts(
    facts: Facts, phase: Phase, since: date | None
) -> None:
    assert (phase_of(facts, TODAY), phase_since(facts, TODAY)) == (phase, since)


def test_thirteen_milestones_stand_in_four_phases_and_six_have_fields_of_their_own() -> None:
    assert [spec.milestone for spec in MILESTONES] == list(Milestone)
    assert [sum(spec.phase is phase for spec in MILESTONES) for phase in Phase] == [3, 3, 3, 4]
    assert {spec.canonical for spec in MILESTONES if spec.canonical} == {
        "Proposal_Submission_date",
        "PO_Generation_Date",
        "Kick_off_Date",
        "Invoice_Date",
        "Received_On",
        "OB_Recognition_Date",
    }
    assert len(SETTABLE_MILESTONES) == 7
    assert [(phase.number, phase.numeral) for phase in Phase] == [
        (1, "I"),
        (2, "II"),
        (3, "III"),
        (4, "IV"),
    ]
