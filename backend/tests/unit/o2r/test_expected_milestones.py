"""Milestones to come are expected by a deal's own pace: over its plan, else over what is usual."""

from datetime import date, timedelta

import pytest

from pulse.core.o2r.milestones import MILESTONES, Milestone
from pulse.o2r.milestones_expected import MilestoneDates, Outlook, next_milestone, outlook

CREATED = date(2026, 3, 1)
TODAY = date(2026, 8, 17)


def after(days: int) -> date:
    """Return the day so many days after the deal was created."""
    return CREATED + timedelta(days=days)


def seen(
    *dates: MilestoneDates,
    usual: dict[Milestone, int] | None = None,
    today: date = TODAY,
    created: date | None = CREATED,
) -> Outlook:
    return outlook(created, dates, usual or {}, today)


def at(
    milestone: Milestone, planned: int | None = None, actual: int | None = None
) -> MilestoneDates:
    return MilestoneDates(
        milestone,
        None if planned is None else after(planned),
        None if actual is None else after(actual),
    )


def test_next_milestone_follows_the_last_one_reached_whatever_was_passed_over() -> None:
    assert next_milestone([]) is Milestone.QUALIFIED
    assert next_milestone([at(Milestone.QUALIFIED, actual=5)]) is Milestone.PROPOSAL_SENT
    assert next_milestone([at(Milestone.KICK_OFF, actual=5)]) is Milestone.MILESTONES_BASELINED
    assert next_milestone([at(Milestone.REVENUE_RECOGNISED, actual=5)]) is None


def test_slow_deal_is_expected_as_much_slower_than_its_plan_as_it_was() -> None:
    found = seen(
        at(Milestone.EXECUTION_STARTED, planned=100, actual=150),
        at(Milestone.CUSTOMER_SIGN_OFF, planned=120),
        at(Milestone.PAYMENT, planned=200),
    )

    assert float(found.pace) == 1.5
    assert found.expected == {
        Milestone.CUSTOMER_SIGN_OFF: after(150 + 30),
        Milestone.PAYMENT: after(150 + 150),
    }


def test_without_a_plan_the_usual_days_are_taken_and_a_plan_goes_first() -> None:
    usual = {Milestone.PROPOSAL_SENT: 30, Milestone.PO_RECEIVED: 90, Milestone.KICK_OFF: 100}
    reached = at(Milestone.PROPOSAL_SENT, actual=60)

    found = seen(reached, usual=usual, today=after(61))
    assert float(found.pace) == 2.0
    assert found.expected == {
        Milestone.PO_RECEIVED: after(60 + 120),
        Milestone.KICK_OFF: after(60 + 140),
    }

    planned = seen(
        at(Milestone.PROPOSAL_SENT, planned=60, actual=60),
        at(Milestone.PO_RECEIVED, planned=80),
        usual=usual,
        today=after(61),
    )
    assert planned.expected[Milestone.PO_RECEIVED] == after(80)


def test_nothing_is_expected_before_today_or_before_what_comes_earlier() -> None:
    found = seen(
        at(Milestone.PROPOSAL_SENT, planned=10, actual=10),
        at(Milestone.PO_RECEIVED, planned=20),
        at(Milestone.KICK_OFF, planned=15),
        at(Milestone.PAYMENT, planned=400),
    )

    assert found.expected == {
        Milestone.PO_RECEIVED: TODAY,
        Milestone.KICK_OFF: TODAY,
        Milestone.PAYMENT: after(400),
    }


@pytest.mark.parametrize(("took", "pace"), [(10, 0.5), (50, 0.5), (300, 3.0), (900, 3.0)])
def test_pace_stays_between_a_half_and_three(took: int, pace: float) -> None:
    found = seen(
        at(Milestone.KICK_OFF, planned=100, actual=took), at(Milestone.INVOICE, planned=130)
    )

    assert float(found.pace) == pace


@pytest.mark.parametrize(("planned", "pace"), [(6, 1.0), (7, 2.0)])
def test_less_than_a_week_says_nothing_of_the_pace(planned: int, pace: float) -> None:
    found = seen(at(Milestone.QUALIFIED, planned=planned, actual=14))

    assert float(found.pace) == pace


def test_what_nobody_planned_and_nothing_usual_tells_is_not_expected() -> None:
    found = seen(at(Milestone.KICK_OFF, actual=40))

    assert (found.next, found.expected) == (Milestone.MILESTONES_BASELINED, {})


def test_milestones_passed_over_are_not_expected_any_more() -> None:
    found = seen(
        at(Milestone.SOW_APPROVED, planned=30),
        at(Milestone.PO_RECEIVED, planned=40, actual=40),
        at(Milestone.KICK_OFF, planned=250),
    )

    assert found.expected == {Milestone.KICK_OFF: after(250)}


def test_deal_that_arrived_or_whose_creation_is_unknown_has_no_outlook() -> None:
    assert seen(at(Milestone.REVENUE_RECOGNISED, actual=9)) == Outlook(None)
    assert seen(at(Milestone.KICK_OFF, planned=1), created=None) == Outlook(MILESTONES[0].milestone)
