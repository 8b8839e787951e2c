"""Single reads and searches in the CRM; what they see is applied to the mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.core.crm_search import Match, MirrorMark, marks_of
from pulse.kit.errors import InvalidInputError
from pulse.sync.domain.canonical import STAMP
from pulse.sync.domain.errors import CrmRefusedError
from pulse.sync.ports import Applied, TheseIds
from pulse.sync.pull import Observed, observe_record, observe_rows
from pulse.sync.sources import read_whole
from zoho_crm.protocol import criteria as crm_criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pulse.core.crm_search import Criterion
    from pulse.sync.loading import PullContext
    from pulse.sync.ports import Row
    from zoho_crm.client import ZohoClient

_FIELDS_A_SEARCH: Final = 50
_IDS_A_QUERY: Final = 100
_REFUSED_EXPRESSIONS: Final = frozenset(
    {"INVALID_QUERY", "INVALID_DATA", "LIMIT_REACHED", "CRITERIA_LIMIT_EXCEEDED", "NOT_SUPPORTED"}
)


@dataclass(frozen=True, slots=True)
class OpenReads:
    """A client and the context in which what it reads is applied."""

    client: ZohoClient
    context: PullContext
    refreshes: bool = True
    """Whether the mirror takes over what a search finds."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one page of a search, and what they told the mirror."""

    rows: Sequence[Row]
    has_more: bool
    applied: Applied
    marks: Mapping[int, MirrorMark]
    is_applied: bool


class ZohoRecords:
    """Opens the stored connection for each call: people search now and then, not all day."""

    def __init__(self, open_reads: Callable[[], AbstractAsyncContextManager[OpenReads]]) -> None:
        self._open_reads = open_reads

    async def search(self, by: str, value: str, page: int, per_page: int) -> Found:
        """Search the CRM's index by criteria, word, email or phone.

        Raises InvalidInputError where the CRM refuses the expression.
        """
        async with self._open_reads() as reads:
            context = reads.context
            whole = context.canonical.list_fields
            # The index gives at most 50 fields, and rich text cut.
            fields = (
                STAMP,
                *(n for n in whole if n != STAMP and n not in context.canonical.cut_fields),
            )
            fields = fields[:_FIELDS_A_SEARCH]
            number = await context.mirror.next_number()
            try:
                with crm_errors(f"Searching {context.module}"):
                    found = await reads.client.search(
                        context.module,
                        fields=fields,
                        page=page,
                        per_page=per_page,
                        criteria=value if by == "criteria" else None,
                        word=value if by == "word" else None,
                        email=value if by == "email" else None,
                        phone=value if by == "phone" else None,
                    )
            except CrmRefusedError as refused:
                if refused.extra.get("crm_code") not in _REFUSED_EXPRESSIONS:
                    raise
                raise InvalidInputError(
                    refused.detail,
                    code="search_refused",
                    fix=f"Correct the {by}; field names are the CRM's API names.",
                    extra=refused.extra,
                ) from refused
            batch = context.batch(found.records, number, fields)
            seen = [(each.record_id, each.stamp) for each in batch.observations]
            marks = marks_of(
                await context.mirror.stamps_among([record_id for record_id, _ in seen]), seen
            )
            applied = Applied()
            if reads.refreshes:
                is_partial = set(fields) != set(whole)
                applied = await observe_rows(
                    context, found.records, number, fields, is_partial=is_partial
                )
                news = [each for each, mark in marks.items() if mark is not MirrorMark.KNOWN]
                if is_partial and news:
                    applied += await _read_news(context, news)
            return Found(found.records, found.more, applied, marks, reads.refreshes)

    async def read_again(self, record_id: int) -> Observed:
        """Read one record, all its fields, now."""
        async with self._open_reads() as reads:
            return await observe_record(reads.context, record_id)


async def _read_news(context: PullContext, ids: Sequence[int]) -> Applied:
    """Read records whole that the index showed in part, so that they stand in the mirror."""
    applied = Applied()
    for start in range(0, len(ids), _IDS_A_QUERY):
        some = ids[start : start + _IDS_A_QUERY]
        page, number = await read_whole(context, TheseIds(tuple(some)), limit=len(some))
        applied += await observe_rows(
            context, page.rows, number, context.canonical.list_fields, is_partial=False
        )
    return applied


def expression(criteria: Sequence[Criterion], match: Match) -> str:
    """Return criteria as the CRM's search takes them; brackets and commas are escaped."""
    parts = [
        crm_criteria.where(each.field, crm_criteria.Operator(each.operator.value), *each.values)
        for each in criteria
    ]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part if match is Match.ALL else whole | part
    return str(whole)
