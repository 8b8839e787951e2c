"""How long the organisation's deals usually take to their milestones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sqlalchemy import Date, cast, func, select

from pulse.core.fields import DEAL_FIELD_BY_NAME
from pulse.core.o2r.milestones import MILESTONES
from pulse.models import Deal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.o2r.milestones import Milestone

LEAST_DEALS: Final = 5
"""Fewer deals than this that went a stretch say nothing of what is usual."""

_CHAIN: Final = tuple(spec for spec in MILESTONES if spec.canonical is not None)


async def usual_days(db: AsyncSession, zone: ZoneInfo) -> Mapping[Milestone, int]:
    """Return days from creation to each milestone that a canonical field dates.

    They are the sums of the median days from one such milestone to the next, of the live deals that
    have both in this order; the sum ends where fewer than `LEAST_DEALS` have.
    """
    dates = [cast(func.timezone(zone.key, Deal.crm_created_at), Date)]
    dates += [getattr(Deal, DEAL_FIELD_BY_NAME[str(spec.canonical)].column) for spec in _CHAIN]
    columns = []
    for earlier, later in pairwise(dates):
        days = later - earlier
        is_in_order = later >= earlier
        columns += [
            func.percentile_cont(0.5).within_group(days).filter(is_in_order),
            func.count().filter(is_in_order),
        ]
    row = (await db.execute(select(*columns).where(Deal.is_live))).one()
    usual: dict[Milestone, int] = {}
    total = 0
    for place, spec in enumerate(_CHAIN):
        median, count = row[2 * place], row[2 * place + 1]
        if count < LEAST_DEALS:
            break
        total += round(median)
        usual[spec.milestone] = total
    return usual
