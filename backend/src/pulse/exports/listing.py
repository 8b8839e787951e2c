"""The list of opportunities as an export takes it.

How opportunities are judged is another slice's, so whoever makes exports, or tells how large one
would be, hands in the reader of the list (`ListReader`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.basis import Basis
    from pulse.exports.cells import Cell
    from pulse.exports.words import Line
    from pulse.exports.xlsx_file import Head


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a list is before its rows are read."""

    rows: int
    filters: list[Line]
    heads: Sequence[Head]
    basis: Basis
    zone: ZoneInfo


class ListReader(Protocol):
    """Reads a list by the query string of its page. Raises InvalidFilterError, naming `query`."""

    async def facts(self, db: AsyncSession, query: str, now: datetime) -> ListFacts:
        """Return how many rows there are, by which filters, and the heads of the columns."""
        ...

    def blocks(
        self, db: AsyncSession, query: str, now: datetime
    ) -> AsyncIterator[list[list[Cell]]]:
        """Yield the cells of all rows, block by block, in the order that the page shows."""
        ...
