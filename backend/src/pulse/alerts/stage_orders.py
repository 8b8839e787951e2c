"""The order in which deals go through stages: that of their pipeline, else that of the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.core.alerts import StageOrder
from pulse.core.deal_filters import Outcome
from pulse.models import CrmPipeline
from pulse.queries.stages import read_sales_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.stages import Stage

_BY_PROBABILITY: Final = {100: Outcome.WON, 0: Outcome.LOST}
"""What a stage means where the CRM forecasts none: see `pulse.queries.stages`."""


@dataclass(frozen=True, slots=True)
class StageOrders:
    """The orders of all pipelines."""

    stages: Sequence[str]
    """All values of the stage field in the CRM's order."""
    outcomes: Mapping[str, Outcome]
    pipelines: Mapping[tuple[str, str], Sequence[str]]
    """Layout's id and the value that records carry → stages."""

    def of(self, layout: str | None, pipeline: str | None, *compared: object) -> StageOrder:
        """Return the order of a deal's pipeline, if it names all that are compared."""
        own = self.pipelines.get((layout or "", pipeline or ""), ())
        names_all = all(stage in own for stage in compared)
        return StageOrder(own if names_all else self.stages, self.outcomes)


async def read_stage_orders(db: AsyncSession) -> StageOrders:
    """Return the orders as the CRM described them last."""
    process = await read_sales_process(db)
    pipelines = await db.execute(
        select(CrmPipeline.layout_id, CrmPipeline.value, CrmPipeline.stages)
    )
    return StageOrders(
        stages=[stage.name for stage in process.stages],
        outcomes={
            stage.name: outcome
            for stage in process.stages
            if (outcome := _outcome(stage, tells=process.tells_outcomes)) is not None
        },
        pipelines={(str(row.layout_id), row.value): row.stages for row in pipelines},
    )


def _outcome(stage: Stage, *, tells: bool) -> Outcome | None:
    if tells:
        return stage.outcome
    return None if stage.probability is None else _BY_PROBABILITY.get(stage.probability)
