"""Slipped and pushed deals as files hold them: those of each kind, as the page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.analytics.movement.deals import read_told
from pulse.analytics.movement.words import DealFactsAt
from pulse.analytics.slips import SlipKind, read_slipped_deals
from pulse.analytics.slips_moves import read_moves
from pulse.exports.cells import CellKind
from pulse.exports.tables import Table
from pulse.exports.xlsx_file import Head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question
    from pulse.analytics.slips import SlippedDeal
    from pulse.analytics.slips_moves import Moves
    from pulse.exports.cells import Cell

SLIP_WORDS: Final[Mapping[SlipKind, str]] = {
    SlipKind.MOVED: "Moved later",
    SlipKind.MOVED_OUT: "Moved out of the period",
    SlipKind.OVERDUE: "Overdue",
}
"""As the page calls them, in its order."""
_BLOCK: Final = 2_000
"""Deals that are named at a time: a statement carries their ids."""


@dataclass(frozen=True, slots=True)
class SlippedLine:
    """A deal that slipped one way, in words."""

    deal: SlippedDeal
    name: str | None
    facts: DealFactsAt
    days: int
    """By how much it was moved; of an overdue one since when it is due."""
    moves: Moves | None
    """None of overdue ones."""


SlippedLists = dict[SlipKind, list[SlippedLine]]
"""All deals of each kind, most days first; what there is none of is left out."""


async def read_slipped_lists(db: AsyncSession, question: Question) -> SlippedLists:
    """Read the deals that slipped each way; without a comparison those that are overdue."""
    return {kind: lines for kind in SLIP_WORDS if (lines := await _read_lines(db, question, kind))}


async def _read_lines(db: AsyncSession, question: Question, kind: SlipKind) -> list[SlippedLine]:
    lines: list[SlippedLine] = []
    while True:
        deals = await read_slipped_deals(db, question, kind, limit=_BLOCK, offset=len(lines))
        ids = [deal.id for deal in deals]
        told = await read_told(db, question.now, ids)
        moves = {} if kind is SlipKind.OVERDUE else await read_moves(db, question, ids)
        for deal in deals:
            name, facts = told.get(deal.id, (None, DealFactsAt()))
            days = _days(deal, kind, question.today)
            lines.append(SlippedLine(deal, name, facts, days, moves.get(deal.id)))
        if len(deals) < _BLOCK:
            return lines


def _days(deal: SlippedDeal, kind: SlipKind, today: date) -> int:
    since = today if kind is SlipKind.OVERDUE or deal.closed_on is None else deal.closed_on
    return abs((deal.closes_on - since).days)


def slips_table(lists: SlippedLists, base: str, zone: ZoneInfo) -> Table | None:
    """Return all of them in one table; a deal that slipped two ways stands there twice."""
    heads = (
        Head("Slipped", CellKind.TEXT, 24),
        Head("Deal ID", CellKind.ID),
        Head("Deal", CellKind.TEXT, 34),
        Head("Account", CellKind.TEXT, 26),
        Head("Owner", CellKind.TEXT, 20),
        Head("Stage", CellKind.TEXT, 20),
        Head("Closing date then", CellKind.DATE, 18),
        Head("Closing date", CellKind.DATE),
        Head("Days", CellKind.NUMBER, 8),
        Head("Moves", CellKind.NUMBER, 8),
        Head("Moved by", CellKind.TEXT),
        Head(f"Last moved ({zone.key})", CellKind.INSTANT),
        Head(f"Value ({base})", CellKind.MONEY),
    )
    rows = [
        (
            SLIP_WORDS[kind],
            str(line.deal.id),
            line.name,
            line.facts.account,
            line.facts.owner,
            line.facts.stage,
            *_told(line),
            None if line.moves is None else line.moves.by,
            None if line.moves is None else line.moves.at,
            line.deal.value,
        )
        for kind, lines in lists.items()
        for line in lines
    ]
    return Table("Slipped deals", heads, tuple(rows)) if rows else None


def printed_slips(lines: Sequence[SlippedLine], kind: SlipKind, base: str, most: int) -> Table:
    """Return the first `most` deals of one kind as a table across a page."""
    deal = (
        Head("Deal", CellKind.TEXT, 34),
        Head("Account", CellKind.TEXT, 26),
        Head("Owner", CellKind.TEXT, 20),
    )
    closing = Head("Closing date", CellKind.DATE, 14)
    value = Head(f"Value ({base})", CellKind.MONEY, 18)
    shown = [
        (line, (line.name or f"Deal {line.deal.id}", line.facts.account, line.facts.owner))
        for line in lines[:most]
    ]
    if kind is SlipKind.OVERDUE:
        return Table(
            SLIP_WORDS[kind],
            (*deal, closing, Head("Days overdue", CellKind.NUMBER, 10), value),
            tuple(
                (*names, line.deal.closes_on, line.days, line.deal.value) for line, names in shown
            ),
        )
    return Table(
        SLIP_WORDS[kind],
        (
            *deal,
            Head("Closing date then", CellKind.DATE, 14),
            closing,
            Head("Days moved", CellKind.NUMBER, 8),
            Head("Moves", CellKind.NUMBER, 8),
            value,
        ),
        tuple((*names, *_told(line), line.deal.value) for line, names in shown),
    )


def _told(line: SlippedLine) -> tuple[Cell, ...]:
    return (
        line.deal.closed_on,
        line.deal.closes_on,
        line.days,
        None if line.moves is None else line.moves.count,
    )
