"""What of the open opportunities is at risk, now and at an earlier moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.analytics.basis import comparison_of
from pulse.analytics.o2r.asking import day_at
from pulse.analytics.o2r.standing import read_value_at_risk
from pulse.core.o2r.health import AT_RISK
from pulse.dashboard.attention_schemas import RevenueAtRisk
from pulse.dashboard.judged_sums import read_judged_sums

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question


async def read_risk(db: AsyncSession, question: Question) -> RevenueAtRisk:
    """Return what is at risk among a question's deals; of past moments by today's thresholds."""
    thresholds = question.now.scope.thresholds
    day = day_at(question.as_of, question.now.scope, thresholds)
    at_risk = await read_judged_sums(db, question.now, day, AT_RISK)
    deals_then, value_then = None, None
    if question.then is not None and question.then.at is not None:
        then = day_at(question.then.at, question.then.scope, thresholds)
        deals_then, value_then = await read_value_at_risk(db, question.then, then)
    return RevenueAtRisk(
        basis=at_risk.basis(question),
        comparison=comparison_of(question),
        deals=at_risk.whole.deals,
        value=at_risk.whole.value,
        deals_then=deals_then,
        value_then=value_then,
    )
