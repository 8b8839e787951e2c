"""Routes of the O2R dashboard and of the rules of health."""

from typing import Annotated

from fastapi import APIRouter, Query

from pulse.analytics.asked import QUESTION_PROBLEMS, AskedQuestion
from pulse.analytics.o2r.asking import read_thresholds
from pulse.core.o2r.health import HEALTH_OF_RULE, POINTS_A_SEVERITY, SEVERITY_OF_RULE, Rule
from pulse.core.quarters import PATTERN, quarter_of, read_quarter
from pulse.o2r.dashboard import o2r_dashboard, o2r_pace
from pulse.o2r.dashboard_schemas import O2rDashboard, O2rPace, RuleOfHealth, RulesOfHealth
from pulse.web.access import Viewer
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS

router = APIRouter(prefix="/api/o2r", tags=["o2r"], responses=DATABASE_PROBLEMS)

AskedQuarter = Annotated[
    str | None,
    Query(
        pattern=PATTERN,
        description="Which quarter realised revenue and cycle time are of, as 2026-Q3; without it "
        "that of `as_of`.",
    ),
]


@router.get("/dashboard", summary="How opportunities become revenue", responses=QUESTION_PROBLEMS)
async def get_o2r_dashboard(
    _: Viewer, db: ReadDb, question: AskedQuestion, quarter: AskedQuarter = None
) -> O2rDashboard:
    """Phases, money that waits, revenue at risk, health by territory, deals that need somebody.

    A territory is the filter `region`. Figures are of open opportunities (not lost, revenue not
    recognised), except realised revenue and cycle time. What was at risk earlier is told by
    `/api/dashboard/risk`.
    """
    chosen = quarter_of(question.today) if quarter is None else read_quarter(quarter)
    return await o2r_dashboard(db, question, chosen)


@router.get("/pace", summary="How deals went through the phases", responses=QUESTION_PROBLEMS)
async def get_o2r_pace(_: Viewer, db: ReadDb, question: AskedQuestion) -> O2rPace:
    """Of each phase, who entered it in the last two years, moved on, and how soon."""
    return await o2r_pace(db, question)


@router.get("/thresholds", summary="The rules of health")
async def get_thresholds(_: Viewer, db: ReadDb) -> RulesOfHealth:
    """Every rule with severity and threshold; admins change thresholds among the settings."""
    held = await read_thresholds(db)
    items = []
    for rule in Rule:
        unit = next((each for each in ("days", "percent") if hasattr(held, f"{rule}_{each}")), None)
        name = f"{rule}_{unit}"
        items.append(
            RuleOfHealth(
                rule=rule,
                health=HEALTH_OF_RULE[rule],
                severity=SEVERITY_OF_RULE[rule],
                points=POINTS_A_SEVERITY * SEVERITY_OF_RULE[rule],
                setting=None if unit is None else f"o2r.{name}",
                threshold=None if unit is None else getattr(held, name),
                unit=unit,
            )
        )
    return RulesOfHealth(items=items)
