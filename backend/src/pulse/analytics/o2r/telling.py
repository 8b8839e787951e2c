"""What the write-back tells the CRM of each deal: its phase and its health score.

The query is given as text for psycopg, as the write-back composes it with others of its kind.
Exempt deals are told too: the phase that their dates say, and the score 100, as nothing is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select, union_all

from pulse.analytics.o2r.asking import day_at
from pulse.analytics.o2r.health import judge_deals
from pulse.asking.scope import read_scope
from pulse.core.owned import OwnedRole
from pulse.queries.moments import NOW

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Told:
    """A query of (record_id, role, value), value as JSON, with its parameters."""

    query: str
    # Any: whatever psycopg adapts.
    parameters: Mapping[str, Any]


async def read_told(db: AsyncSession, roles: Collection[OwnedRole], now: datetime) -> Told | None:
    """Return what is told of live deals at a moment; None if none of these roles is asked for."""
    scope = await read_scope(db)
    judged = judge_deals(day_at(now, scope, scope.thresholds), NOW)
    values = {OwnedRole.PHASE: judged.phase, OwnedRole.HEALTH_SCORE: judged.score}
    parts = [
        judged.onto(
            select(
                NOW.id.label("record_id"),
                literal_column(f"'{role}'").label("role"),
                func.to_jsonb(value).label("value"),
            ).select_from(NOW.table)
        ).where(NOW.held())
        for role, value in values.items()
        if role in roles
    ]
    if not parts:
        return None
    compiled = union_all(*parts).compile(
        dialect=db.get_bind().dialect, compile_kwargs={"render_postcompile": True}
    )
    return Told(str(compiled), compiled.params)
