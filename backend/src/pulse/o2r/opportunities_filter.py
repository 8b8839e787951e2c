"""Filters that only opportunities have, as data and as conditions on judged deals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, false, not_, or_

from pulse.o2r.strategic import is_strategic
from pulse.queries.deal_filters import conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from pulse.analytics.o2r.health import Judged
    from pulse.core.deal_filters import DealFilter
    from pulse.core.o2r.health import DealHealth
    from pulse.core.o2r.phases import Phase
    from pulse.core.quarters import Quarter
    from pulse.queries.deal_filters import Scope


class Waiting(StrEnum):
    """What an opportunity waits for."""

    INVOICE = "invoice"
    """Won, and nothing is invoiced."""
    PAYMENT = "payment"
    """Invoiced, and not paid."""


@dataclass(frozen=True, slots=True)
class OpportunityFilter:
    """What is asked of opportunities beside the filters of all deals; each narrows further."""

    phases: Sequence[Phase] = ()
    healths: Sequence[DealHealth] = ()
    strategic: bool | None = None
    attention: bool | None = None
    waiting: Sequence[Waiting] = ()
    with_ended: bool = False
    recognised: Quarter | None = None
    """Those whose revenue was recognised in it, up to today: they are no opportunities any more."""


def opportunity_conditions(
    deals: DealFilter, wanted: OpportunityFilter, scope: Scope, judged: Judged
) -> list[ColumnElement[bool]]:
    """Return what a row of the judged deals must fulfil. Raises InvalidFilterError."""
    found = [judged.deals.held(), *conditions(deals, scope, judged.deals)]
    if wanted.recognised is not None:
        recognised = judged.deals.deal.revenue_recognised_on
        last = min(wanted.recognised.last, judged.day.today)
        found.append(recognised.between(wanted.recognised.first, last))
    elif not wanted.with_ended:
        found.append(judged.is_opportunity)
    if wanted.phases:
        found.append(judged.phase.in_([phase.value for phase in wanted.phases]))
    if wanted.healths:
        found.append(judged.is_any_of(wanted.healths))
    if wanted.strategic is not None:
        flagged = is_strategic(judged.deals.deal.account_id.expression, judged.deals.at)
        found.append(flagged if wanted.strategic else not_(flagged))
    if wanted.attention is not None:
        # An opportunity that ended needs nobody.
        needed = and_(judged.is_opportunity, judged.needs_attention)
        found.append(needed if wanted.attention else not_(needed))
    if wanted.waiting:
        ways = {
            Waiting.INVOICE: judged.waits_for_invoice,
            Waiting.PAYMENT: judged.waits_for_payment,
        }
        found.append(or_(false(), *(ways[each] for each in wanted.waiting)))
    return found
