"""What stands on slides, in words: filled by who knows the facts, laid out by `pptx_file`.

How opportunities become revenue is another slice's, so whoever starts an export hands in the
reader of its slides (`SlideReader`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name, and what matters about it."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table in words; `shares` say how wide its columns are to each other."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    nothing: str = "None"
    """What is said in place of no rows."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: title, a line below it, at most five facts, at most two columns of tables."""

    title: str
    line: str
    facts: tuple[Fact, ...] = ()
    left: tuple[SlideTable, ...] = ()
    right: tuple[SlideTable, ...] = ()


class SlideReader(Protocol):
    """Reads the facts of slides. Raises NotFoundError, InvalidInputError."""

    async def deal(self, db: AsyncSession, deal_id: int, now: datetime) -> Slide:
        """Return the slide of one deal."""
        ...

    async def deck(
        self, db: AsyncSession, question: Question, quarter: str | None
    ) -> tuple[Slide, ...]:
        """Return the slides of a question's deals, without a cover."""
        ...
