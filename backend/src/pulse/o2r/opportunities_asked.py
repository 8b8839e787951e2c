"""How a request says which opportunities it means, beside the filters of all deals."""

from typing import Annotated, Final

from fastapi import Depends, Query

from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.phases import Phase
from pulse.core.quarters import PATTERN, read_quarter
from pulse.o2r.opportunities_filter import OpportunityFilter, Waiting

_PHASE_OF: Final = {phase.number: phase for phase in Phase}


def _opportunity_filter(
    phase: Annotated[
        list[Annotated[int, Query(ge=1, le=4)]],
        Query(
            max_length=4,
            description="1 opportunity, 2 proposal, 3 execution, 4 revenue; without it any.",
        ),
    ] = [],  # noqa: B006 - FastAPI copies it
    health: Annotated[
        list[DealHealth], Query(max_length=5, description="One of these; without it any.")
    ] = [],  # noqa: B006 - as above
    strategic: Annotated[
        bool | None, Query(description="Of strategic accounts only, or of others only.")
    ] = None,
    attention: Annotated[
        bool | None,
        Query(description="Those that are blocked, red or yellow only; or others only."),
    ] = None,
    waiting: Annotated[
        list[Waiting],
        Query(
            max_length=2,
            description="`invoice`: won, and not invoiced. `payment`: invoiced, and not paid.",
        ),
    ] = [],  # noqa: B006 - as above
    recognised: Annotated[
        str | None,
        Query(
            pattern=PATTERN,
            description="In place of opportunities: deals whose revenue was recognised in this "
            "quarter, as 2026-Q3, up to today.",
        ),
    ] = None,
    *,
    ended: Annotated[
        bool,
        Query(
            description="Also deals that are no opportunities any more: lost, or with their "
            "revenue recognised."
        ),
    ] = False,
) -> OpportunityFilter:
    return OpportunityFilter(
        phases=tuple(_PHASE_OF[number] for number in phase),
        healths=tuple(health),
        strategic=strategic,
        attention=attention,
        waiting=tuple(waiting),
        with_ended=ended,
        recognised=None if recognised is None else read_quarter(recognised),
    )


AskedOpportunities = Annotated[OpportunityFilter, Depends(_opportunity_filter)]
"""Filters of opportunities alone."""
