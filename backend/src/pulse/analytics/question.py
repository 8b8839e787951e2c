"""Which deals a figure is of, as of when, and which earlier moment it is compared with.

One filter with fixed closing days is asked at both moments: a named period is read on the
organisation's day of `as_of`, so that a new quarter does not make a pipeline "grow". Each moment is
priced at the rates of its day.

What is compared with is seven days before `as_of` unless the caller says otherwise, and never
before the beginning of history: then the comparison `is_cut`. A filter that knows no past (sync
status, further CRM fields, changed since) is answered of now, and its comparison says why it is
missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pulse.asking.moment import InvalidMomentError, check_within_history
from pulse.asking.scope import day_of, read_scope_and_history, scopes_at
from pulse.queries.deal_filters import conditions
from pulse.queries.moments import deals_at, parameter

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter
    from pulse.queries.asked_deals import AskedFilter
    from pulse.queries.deal_filters import Scope
    from pulse.queries.moments import DealsAt, Moment

COMPARED_WITH: Final = timedelta(days=7)
"""How long before `as_of` a figure is compared, unless the caller says otherwise."""

NO_HISTORY: Final = "There is no history yet: it begins when the first full sync is complete."


@dataclass(frozen=True, slots=True)
class Side:
    """A filter at one moment: deals are chosen, and priced, by what held then."""

    wanted: DealFilter
    at: datetime | None
    """None is now."""
    scope: Scope
    """With the rates of the moment."""
    parameter: str | None = None
    """Under which name a kept query takes the moment; `at` is then some moment, not the one."""

    @property
    def moment(self) -> Moment | None:
        """What a query compares with: the past moment, or the parameter that tells it."""
        return self.at if self.parameter is None else parameter(self.parameter)

    def deals(self) -> DealsAt:
        """Return the table of deals of the moment; a past one is an alias of its own each time."""
        return deals_at(self.moment)

    def meets(self, deals: DealsAt) -> list[ColumnElement[bool]]:
        """Return what a row must fulfil. Deals that are gone are in no figure, asked for or not."""
        wanted = conditions(self.wanted, self.scope, deals)
        return [deals.held(), *wanted] if self.wanted.states else wanted


@dataclass(frozen=True, slots=True)
class Question:
    """A filter as of a moment, beside the same as of an earlier one."""

    now: Side
    """As of the moment that is asked about, past or not."""
    then: Side | None
    """As of the moment to compare with; None where it cannot be told."""
    as_of: datetime
    today: date
    """The organisation's date at `as_of`."""
    is_cut: bool
    """History is shorter than the comparison wanted."""
    uncompared_because: str | None
    """Why `then` is missing, in a sentence."""
    history_began: datetime | None


async def read_question(
    db: AsyncSession,
    asked: AskedFilter,
    now: datetime,
    as_of: datetime | None = None,
    compared_with: datetime | None = None,
) -> Question:
    """Read a request. Raises InvalidMomentError and InvalidFilterError, naming the parameter."""
    present, began = await read_scope_and_history(db)
    if as_of is not None:
        check_within_history(began, as_of, now)
    moment = now if as_of is None else as_of
    _check_order(began, compared_with, moment)
    today = day_of(moment, present)
    wanted = asked.on(today)
    usual = moment - COMPARED_WITH
    earlier = compared_with or (usual if began is None else max(usual, began))
    here, before = await scopes_at(db, present, [as_of, earlier])
    side = Side(wanted, as_of, here)
    # A filter that cannot be answered of its own moment is refused, before anything is read.
    side.meets(side.deals())
    why = _uncompared(wanted, began, moment)
    return Question(
        now=side,
        then=None if why is not None else Side(wanted, earlier, before),
        as_of=moment,
        today=today,
        is_cut=why is None and compared_with is None and earlier > usual,
        uncompared_because=why,
        history_began=began,
    )


def _check_order(began: datetime | None, compared_with: datetime | None, moment: datetime) -> None:
    if compared_with is None:
        return
    if compared_with > moment:
        raise InvalidMomentError(
            f"compared_with: {compared_with.isoformat()} is later than as_of.",
            fix="Give an earlier moment, or leave it out for seven days before.",
            extra={"field": "compared_with"},
        )
    check_within_history(began, compared_with, moment, "compared_with")


def _uncompared(wanted: DealFilter, began: datetime | None, moment: datetime) -> str | None:
    """Return why a filter cannot be asked of an earlier moment; None if it can."""
    if began is None or began > moment:
        return NO_HISTORY
    first = next(iter(wanted.fields), None)
    if first is not None:
        return f"{first.api_name} has no history, so deals chosen by it cannot be compared."
    if wanted.states:
        return "Sync status has no history, so deals chosen by it cannot be compared."
    if wanted.changed_since is not None:
        return "Deals chosen by when they changed cannot be compared with earlier ones."
    return None
