"""The stages of deals in the CRM's order, and the law of what is open, won and lost.

The CRM says of each value of the stage field whether it forecasts it as open, won or lost (CRM v8,
"Field Metadata": `forecast_type`); that decides, never a stage's name. Where it says so of no
stage, probability decides: 10 to 89 is open (product: *Active Pipeline*), 100 won, 0 lost.

A deal in a stage that the CRM does not describe is neither open nor won nor lost; it is counted
apart, so that totals say what they leave out.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, func, select

from pulse.core.deal_filters import Outcome
from pulse.core.modules import DEALS
from pulse.db.as_text import as_text, rows_of
from pulse.models import CrmField, Deal, FieldMapEntry

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.models.deals import DealFacts

STAGE: Final = "Stage"
"""The canonical name of the stage."""
ACTIVE_PROBABILITY: Final = (10, 89)
"""Both included."""
_WON_PROBABILITY: Final = 100
_LOST_PROBABILITY: Final = 0


_OUTCOMES: Final = {"Open": Outcome.OPEN, "Closed Won": Outcome.WON, "Closed Lost": Outcome.LOST}


@dataclass(frozen=True, slots=True)
class Stage:
    """One value of the stage field."""

    name: str
    """As records carry it."""
    label: str
    """As people see it in the CRM."""
    probability: int | None
    outcome: Outcome | None
    """None where the CRM does not say."""


@dataclass(frozen=True, slots=True)
class SalesProcess:
    """All stages in the CRM's order. Its methods return SQL over a deal's columns.

    Like any comparison in SQL they are NULL, not false, for a deal without a stage: so an index on
    the stage serves them. To negate one, write `.is_not(true())`.
    """

    stages: tuple[Stage, ...] = ()

    @property
    def tells_outcomes(self) -> bool:
        """Whether the CRM forecasts stages; else probability decides."""
        return any(stage.outcome is not None for stage in self.stages)

    def names(self, outcome: Outcome) -> tuple[str, ...]:
        """Return the stages of an outcome, in order."""
        return tuple(stage.name for stage in self.stages if stage.outcome is outcome)

    def position(self, name: str | None) -> int:
        """Return the place of a stage in the CRM's order, from 0; unknown ones come last."""
        places = (place for place, stage in enumerate(self.stages) if stage.name == name)
        return next(places, len(self.stages))

    def label(self, name: str) -> str:
        """Return a stage as people see it."""
        return next((stage.label for stage in self.stages if stage.name == name), name)

    def is_open(self, deal: type[DealFacts] = Deal) -> ColumnElement[bool]:
        """Return whether a deal is still being sold."""
        if self.tells_outcomes:
            return self._is(Outcome.OPEN, deal)
        lowest, highest = ACTIVE_PROBABILITY
        return deal.probability.between(lowest, highest)

    def is_won(self, deal: type[DealFacts] = Deal) -> ColumnElement[bool]:
        """Return whether a deal is won."""
        if self.tells_outcomes:
            return self._is(Outcome.WON, deal)
        return deal.probability == _WON_PROBABILITY

    def is_lost(self, deal: type[DealFacts] = Deal) -> ColumnElement[bool]:
        """Return whether a deal is lost."""
        if self.tells_outcomes:
            return self._is(Outcome.LOST, deal)
        return deal.probability == _LOST_PROBABILITY

    def has(self, outcome: Outcome, deal: type[DealFacts] = Deal) -> ColumnElement[bool]:
        """Return whether a deal has an outcome."""
        match outcome:
            case Outcome.OPEN:
                return self.is_open(deal)
            case Outcome.WON:
                return self.is_won(deal)
            case Outcome.LOST:
                return self.is_lost(deal)

    def describes(self, name: str | None) -> bool:
        """Return whether the outcome of deals in a stage can be told."""
        return not self.tells_outcomes or any(
            stage.name == name and stage.outcome is not None for stage in self.stages
        )

    def _is(self, outcome: Outcome, deal: type[DealFacts]) -> ColumnElement[bool]:
        return deal.stage.in_(self.names(outcome))


_MAPPED: Final = (
    select(FieldMapEntry.api_name)
    .where(FieldMapEntry.module == DEALS, FieldMapEntry.canonical_name == STAGE)
    .scalar_subquery()
)
STAGES_AS_TEXT: Final = as_text(
    select(CrmField.document["pick_list_values"].label("values")).where(
        CrmField.module == DEALS,
        CrmField.api_name == func.coalesce(_MAPPED, STAGE),
        CrmField.removed_at.is_(None),
    )
)
"""The values of the stage field, as the CRM described them last."""


async def read_sales_process(db: AsyncSession) -> SalesProcess:
    """Return the stages as the CRM described them last; none before its fields were read."""
    return sales_process_of(await db.scalar(select(STAGES_AS_TEXT)) or "[]")


@lru_cache(maxsize=8)
def sales_process_of(told: str) -> SalesProcess:
    """Return the stages that `STAGES_AS_TEXT` tells of."""
    fields = rows_of(told)
    return sales_process(fields[0][0] if fields else None)


def sales_process(pick_list_values: object) -> SalesProcess:
    """Return the stages that a field's `pick_list_values` describe, in the CRM's order."""
    found: list[tuple[int, Stage]] = []
    for value in pick_list_values if isinstance(pick_list_values, list) else []:
        if not isinstance(value, dict) or not isinstance(name := value.get("actual_value"), str):
            continue
        place, label = value.get("sequence_number"), value.get("display_value")
        probability = value.get("probability")
        found.append(
            (
                place if isinstance(place, int) else len(found) + 1,
                Stage(
                    name=name,
                    label=label if isinstance(label, str) else name,
                    probability=(
                        round(probability)
                        if isinstance(probability, int | float | Decimal)
                        else None
                    ),
                    outcome=_OUTCOMES.get(str(value.get("forecast_type"))),
                ),
            )
        )
    # Stable: values that share a number keep the order in which the CRM gave them.
    return SalesProcess(tuple(stage for _, stage in sorted(found, key=lambda each: each[0])))
