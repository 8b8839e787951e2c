"""The list of opportunities for exports, read by the services behind its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.analytics.basis import MissingRate, read_basis
from pulse.analytics.question import read_question
from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.phases import PHASE_TITLE, Phase
from pulse.exports.cells import CellKind
from pulse.exports.listing import ListFacts
from pulse.exports.words import filter_words
from pulse.exports.xlsx_file import Head
from pulse.o2r.opportunities import in_order, opportunity_summary, read_judging, read_rows
from pulse.o2r.opportunities_filter import Waiting
from pulse.o2r.opportunities_schemas import Ended
from pulse.o2r.opportunities_text import read_list

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.exports.cells import Cell
    from pulse.exports.words import Line
    from pulse.o2r.opportunities_filter import OpportunityFilter
    from pulse.o2r.opportunities_schemas import OpportunityRow

BLOCK: Final = 1_000
"""Opportunities that are in memory at a time; of the others their ids alone."""
_HEALTH: Final[Mapping[DealHealth, str]] = {
    DealHealth.BLOCKED: "Blocked",
    DealHealth.RED: "At risk",
    DealHealth.YELLOW: "Watch",
    DealHealth.NEEDS_UPDATE: "Needs update",
    DealHealth.GREEN: "Healthy",
}
_ENDED: Final[Mapping[Ended, str]] = {Ended.LOST: "Lost", Ended.RECOGNISED: "Recognised"}
_WAITING: Final[Mapping[Waiting, str]] = {Waiting.INVOICE: "Invoice", Waiting.PAYMENT: "Payment"}
_NUMERALS: Final = ("", "I", "II", "III", "IV")


class OpportunityList:
    """Reads the list of opportunities for a file: of now, as its page does."""

    async def facts(self, db: AsyncSession, query: str, now: datetime) -> ListFacts:
        """Return how many there are, by which filters. Raises InvalidFilterError."""
        wanted = read_list(query)
        question = await read_question(db, wanted.asked, now)
        scope = question.now.scope
        summary = await opportunity_summary(db, wanted.asked, wanted.wanted, now)
        basis = await read_basis(db, question)
        missing = [
            MissingRate(currency=each.currency, deals=each.count) for each in summary.without_rate
        ]
        return ListFacts(
            rows=summary.count,
            filters=[
                *await filter_words(db, wanted.asked, question.today, scope),
                *_words(wanted.wanted),
            ],
            heads=_heads(scope.money.base),
            # Of the opportunities alone: the basis counts all deals of the filters.
            basis=basis.model_copy(update={"without_rate": missing, "conflicts": None}),
            zone=scope.zone,
        )

    async def blocks(
        self, db: AsyncSession, query: str, now: datetime
    ) -> AsyncIterator[list[list[Cell]]]:
        """Yield the rows in the order of the page. Raises InvalidFilterError."""
        wanted = read_list(query)
        judging = await read_judging(db, now)
        ids = (await db.scalars(in_order(wanted.asked, wanted.wanted, wanted.sort, judging))).all()
        for start in range(0, len(ids), BLOCK):
            rows = await read_rows(db, ids[start : start + BLOCK], judging)
            yield [_cells(row) for row in rows]


def _heads(base: str) -> tuple[Head, ...]:
    text, number, day = CellKind.TEXT, CellKind.NUMBER, CellKind.DATE
    return (
        Head("Health", text),
        Head("Opportunity", text, 40),
        Head("Record id", CellKind.ID),
        Head("Account", text),
        Head("Owner", text),
        Head("Territory", text),
        Head("Solution", text),
        Head("Strategic", CellKind.BOOLEAN),
        Head("Phase", text),
        Head("Days in phase", number),
        Head("Next milestone", text, 24),
        Head("Planned", day),
        Head("Reason", text, 36),
        Head("Next step", text, 28),
        Head("Score", number),
        Head("Closing date", day),
        Head("Amount", CellKind.MONEY),
        Head("Currency", text),
        Head(f"Value ({base})", CellKind.MONEY),
    )


def _cells(row: OpportunityRow) -> list[Cell]:
    following = row.next_milestone
    return [
        _HEALTH[row.health] if row.ended is None else _ENDED[row.ended],
        row.name,
        row.id,
        None if row.account is None else row.account.name,
        None if row.owner is None else row.owner.name,
        row.region,
        row.solution,
        row.is_strategic,
        f"{_NUMERALS[row.phase]} {row.phase_title}",
        row.days_in_phase,
        None if following is None else following.label,
        None if following is None else following.planned_on,
        row.reason,
        row.next_step,
        row.score if row.ended is None else None,
        row.closing_date,
        row.amount,
        row.currency,
        row.value,
    ]


def _words(wanted: OpportunityFilter) -> Iterator[Line]:
    if wanted.phases:
        yield "Phase", ", ".join(_phase(each) for each in wanted.phases)
    if wanted.healths:
        yield "Health", ", ".join(_HEALTH[each] for each in wanted.healths)
    if wanted.strategic is not None:
        yield "Strategic", "Yes" if wanted.strategic else "No"
    if wanted.attention is not None:
        yield "Needs attention", "Yes" if wanted.attention else "No"
    if wanted.waiting:
        yield "Waiting for", ", ".join(_WAITING[each] for each in wanted.waiting)
    if wanted.recognised is not None:
        yield "Revenue recognised", f"Q{wanted.recognised.number} {wanted.recognised.year}"
    elif wanted.with_ended:
        yield "Shown", "Also lost and recognised"


def _phase(phase: Phase) -> str:
    return f"{_NUMERALS[phase.number]} {PHASE_TITLE[phase]}"
