"""The four phases of one deal with their milestones, as a page draws them. Pure.

A phase lasts from the day that begins it until the next one begins that has a date; the last until
revenue is recognised. One that a later phase overtook without a date of its own was skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pulse.core.o2r.milestones import MILESTONE_BY_NAME, MILESTONES, Milestone
from pulse.core.o2r.phases import PHASE_TITLE, Phase, has_happened
from pulse.o2r.detail_schemas import MilestoneLine, PhaseLine
from pulse.o2r.milestones_expected import LATE_OVER_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pulse.core.o2r.facts import Facts
    from pulse.o2r.milestones import MilestoneOfDeal
    from pulse.o2r.milestones_expected import Outlook

_BEGINS: dict[Phase, Milestone] = {
    Phase.PROPOSAL: Milestone.PROPOSAL_SENT,
    Phase.EXECUTION: Milestone.PO_RECEIVED,
    Phase.REVENUE: Milestone.INVOICE,
}
"""The milestone whose day begins each phase; the first begins with the deal."""
_PLACE = {spec.milestone: place for place, spec in enumerate(MILESTONES)}


def phase_lines(
    facts: Facts,
    milestones: Sequence[MilestoneOfDeal],
    outlook: Outlook,
    now: Phase,
    today: date,
) -> list[PhaseLine]:
    """Return the phases in order. `now` is the phase that the deal is in on `today`."""
    by_name = {each.dates.milestone: each for each in milestones}
    starts = _starts(facts, today)
    is_over = facts.is_lost or has_happened(facts.recognised_on, today)
    return [
        _line(phase, by_name, outlook, starts, facts, now, today, is_over=is_over)
        for phase in Phase
    ]


def _starts(facts: Facts, today: date) -> Mapping[Phase, date | None]:
    days = {
        Phase.OPPORTUNITY: facts.created_on,
        Phase.PROPOSAL: facts.proposal_on,
        Phase.EXECUTION: facts.po_on,
        Phase.REVENUE: facts.invoiced_on,
    }
    return {phase: day if has_happened(day, today) else None for phase, day in days.items()}


def _line(
    phase: Phase,
    by_name: Mapping[Milestone, MilestoneOfDeal],
    outlook: Outlook,
    starts: Mapping[Phase, date | None],
    facts: Facts,
    now: Phase,
    today: date,
    *,
    is_over: bool,
) -> PhaseLine:
    start, end = starts[phase], _end(phase, starts, facts, today)
    state = _state(phase, now, start)
    # A deal that was lost waits for nothing, but how long it has been there still counts.
    until = end if end is not None else today
    is_coming = state in {"now", "to_come"} and not is_over
    return PhaseLine(
        number=phase.number,
        title=PHASE_TITLE[phase],
        state=state,
        starts_on=start,
        ends_on=end,
        expected_start_on=_expected_start(phase, outlook) if state == "to_come" else None,
        expected_end_on=_expected_end(phase, outlook) if is_coming else None,
        days=None if start is None else max((until - start).days, 0),
        planned_days=_planned_days(phase, by_name, facts),
        milestones=[
            milestone_line(by_name[spec.milestone], outlook)
            for spec in MILESTONES
            if spec.phase is phase
        ],
    )


def milestone_line(found: MilestoneOfDeal, outlook: Outlook) -> MilestoneLine:
    """Return a milestone as the page shows it."""
    dates, keeper = found.dates, found.keeper
    expected = outlook.expected.get(dates.milestone)
    last = dates.actual_on or expected
    late = None if last is None or dates.planned_on is None else (last - dates.planned_on).days
    following = len(MILESTONES) if outlook.next is None else _PLACE[outlook.next]
    kept: Literal["crm", "here", "nowhere"] = "crm" if keeper.is_crm else "here"
    return MilestoneLine(
        milestone=dates.milestone,
        label=MILESTONE_BY_NAME[dates.milestone].label,
        planned_on=dates.planned_on,
        actual_on=dates.actual_on,
        expected_on=expected,
        late_days=late,
        is_late=late is not None and late > LATE_OVER_DAYS,
        is_passed_over=dates.actual_on is None and _PLACE[dates.milestone] < following,
        kept="nowhere" if keeper.is_unmapped else kept,
        crm_field=keeper.label,
        change=found.change,
        error=found.error,
        planned_by=found.planned_by,
    )


def _state(
    phase: Phase, now: Phase, start: date | None
) -> Literal["done", "now", "to_come", "skipped"]:
    if phase is now:
        return "now"
    if phase.number > now.number:
        return "to_come"
    return "done" if start is not None else "skipped"


def _end(
    phase: Phase, starts: Mapping[Phase, date | None], facts: Facts, today: date
) -> date | None:
    if phase is Phase.REVENUE:
        return facts.recognised_on if has_happened(facts.recognised_on, today) else None
    later = (starts[each] for each in Phase if each.number > phase.number)
    return next((day for day in later if day is not None), None)


def _expected_start(phase: Phase, outlook: Outlook) -> date | None:
    return outlook.expected.get(_BEGINS[phase]) if phase in _BEGINS else None


def _expected_end(phase: Phase, outlook: Outlook) -> date | None:
    if phase is Phase.REVENUE:
        ends = (Milestone.REVENUE_RECOGNISED, Milestone.PAYMENT)
        return next((day for each in ends if (day := outlook.expected.get(each))), None)
    return _expected_start(tuple(Phase)[phase.number], outlook)


def _planned_days(
    phase: Phase, by_name: Mapping[Milestone, MilestoneOfDeal], facts: Facts
) -> int | None:
    first = (
        facts.created_on if phase is Phase.OPPORTUNITY else by_name[_BEGINS[phase]].dates.planned_on
    )
    last = (
        by_name[Milestone.REVENUE_RECOGNISED].dates.planned_on
        if phase is Phase.REVENUE
        else by_name[_BEGINS[tuple(Phase)[phase.number]]].dates.planned_on
    )
    if first is None or last is None or last < first:
        return None
    return (last - first).days
