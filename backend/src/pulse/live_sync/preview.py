"""Tell what a full sync would do, before anybody starts it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pulse.live_sync.plan_schemas import (
    CreditForecast,
    LoadPreview,
    PreviewCost,
    ResumedLoad,
    SourceOption,
)
from pulse.queries.credits import credit_state
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.live_sync.ports import Outlook


async def preview_of(db: AsyncSession, outlook: Outlook, now: datetime) -> LoadPreview:
    """Return an outlook with the credits of the day before and after."""
    day = await credit_state(db, now)
    share = (await read_settings(db)).budget_share
    price = outlook.plan.chosen.credits
    used_after = day.used + price
    return LoadPreview(
        records=outlook.records,
        counted_by="crm" if outlook.is_counted_in_crm else "mirror",
        chosen=SourceOption.model_validate(asdict(outlook.plan.chosen)),
        rejected=[SourceOption.model_validate(asdict(each)) for each in outlook.plan.rejected],
        is_affordable=day.remaining is None or price <= day.remaining,
        credits=CreditForecast(
            used_before=day.used,
            used_after=used_after,
            limit=day.limit,
            remaining_after=None if day.limit is None else max(day.limit - used_after, 0),
            scheduled_share=share,
        ),
        resumes=(
            None if outlook.resumes is None else ResumedLoad.model_validate(asdict(outlook.resumes))
        ),
        spent_by_preview=PreviewCost(calls=outlook.calls_spent, credits=outlook.credits_spent),
    )
