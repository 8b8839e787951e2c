"""What this slice needs of the CRM; the composition root hands it in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from pulse.core.crm_search import Match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulse.core.crm_search import Criterion, MirrorMark
    from pulse.sync.ports import Applied, Row


class SearchBy(StrEnum):
    """The four ways to search; the CRM takes one of them at a time."""

    CRITERIA = "criteria"
    WORD = "word"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One page of one search."""

    by: SearchBy
    value: str
    page: int
    per_page: int
    criteria: tuple[Criterion, ...] = ()
    """Of a search by criteria, instead of a value."""
    match: Match = Match.ALL


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Rows as the CRM sent them, and what they told the mirror."""

    rows: Sequence[Row]
    has_more: bool
    applied: Applied
    marks: Mapping[int, MirrorMark]
    """How each row stood to the mirror before."""
    is_applied: bool
    """False in the mode local to CRM: the mirror takes nothing over."""
    expression: str
    """What the CRM was asked."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What one read of one record told the mirror."""

    applied: Applied
    changed_fields: Sequence[str]


class CrmRecords(Protocol):
    """Reads deals in the CRM; what is seen is applied to the mirror on the way.

    Both methods raise the errors of `pulse.sync.domain.errors`.
    """

    async def search(self, query: SearchQuery) -> SearchResult:
        """Search the CRM's index, which lags behind writes by some seconds.

        Raises InvalidInputError where the CRM refuses the expression.
        """
        ...

    async def read_again(self, record_id: int) -> ReadAgain:
        """Read one record, all its fields, now."""
        ...


@dataclass(frozen=True, slots=True)
class PushedRecord:
    """What a push of one record did, by API names."""

    pushed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    is_restored: bool = False
    """It was in the CRM's bin and is back."""
    is_waiting: bool = False
    """It kept changing in the CRM: it is tried again by itself."""
    is_on_its_way: bool = False
    """Another push has it just now."""


class RecordPush(Protocol):
    """Writes the local changes of a deal to the CRM now."""

    async def push(self, record_id: int) -> PushedRecord:
        """Push one deal; raises the errors of `pulse.sync.domain.errors`."""
        ...
