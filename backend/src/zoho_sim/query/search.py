"""The four ways to search: criteria, e-mail address, phone number, word (zoho-crm-v8.md section 5).

Where several are given, the first of that order counts.
"""

from __future__ import annotations

import re
from heapq import merge
from typing import TYPE_CHECKING

from zoho_sim.query.columns import Kind, Values, kind_of
from zoho_sim.query.errors import QueryError
from zoho_sim.query.planner import plan_on, walk
from zoho_sim.query.predicates import Conjunct, all_hold
from zoho_sim.query.search_criteria import bind_criteria
from zoho_sim.state.fields import DataType
from zoho_sim.state.records import ID, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

SEARCHES = ("criteria", "email", "phone", "word")
WORD_MINIMUM = 2
_WORD_KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.PICKLIST)
_SPECIAL = re.compile(r"[^\w\s.@'*&-]")


def conditions_of(
    organisation: Organisation, module: ModuleStore, parameters: Mapping[str, str]
) -> list[Conjunct]:
    """Return the conditions of a search, or raise QueryError."""
    by = next((name for name in SEARCHES if name in parameters), None)
    if by is None:
        raise QueryError(
            "EXPECTED_PARAM_MISSING",
            "one of the expected parameter is missing",
            {"param_names": [*SEARCHES]},
        )
    wanted = parameters[by].strip()
    if by == "criteria":
        return bind_criteria(organisation, module, wanted)
    if by == "email":
        if "@" not in wanted:
            raise QueryError("INVALID_QUERY", "Invalid query formed", {"param_name": "email"})
        return [Conjunct(None, _any_equal(module, DataType.EMAIL, str.casefold, wanted))]
    if by == "phone":
        if not _digits(wanted):
            raise QueryError("INVALID_QUERY", "Invalid query formed", {"param_name": "phone"})
        return [Conjunct(None, _any_equal(module, DataType.PHONE, _digits, wanted))]
    return [Conjunct(None, _word(module, wanted))]


def found(
    module: ModuleStore, parts: list[Conjunct], images: Mapping[str, Values | None]
) -> Iterator[Record]:
    """Yield matching records, newest id first, as the search index sees them.

    ``images`` holds the values of those records of which it does not see the present ones.
    """
    plan = plan_on(module, parts, ID)
    holds = all_hold(parts)
    present = (
        record
        for record in walk(module, plan.stretch, reverse=True)
        if record.id not in images and (plan.residual is None or plan.residual(record.values))
    )
    past = [
        Record(values)
        for values in images.values()
        if values is not None and (holds is None or holds(values))
    ]
    past.sort(key=_id, reverse=True)
    return merge(present, past, key=_id, reverse=True)


def _id(record: Record) -> str:
    return record.id


def _any_equal(
    module: ModuleStore, data_type: DataType, normalise: Callable[[str], str], wanted: str
) -> Callable[[Values], bool]:
    positions = [f.position for f in module.fields.values() if f.data_type is data_type]
    if not positions:
        raise QueryError("FIELD_TYPE_UNAVAILABLE", "this data type is not found in this module")
    sought = normalise(wanted)
    return lambda values: any(
        (text := values[position]) is not None and normalise(text) == sought
        for position in positions
    )


def _word(module: ModuleStore, wanted: str) -> Callable[[Values], bool]:
    if sum(character.isalnum() for character in wanted) < WORD_MINIMUM:
        raise QueryError(
            "INVALID_DATA", "provide atleast 2 letters for search", {"param_name": "word"}
        )
    if wanted.count("*") > 1:
        raise QueryError(
            "INVALID_DATA",
            "More than one wildcard(*) not allowed in a searchword",
            {"param_name": "word"},
        )
    if _SPECIAL.search(wanted):
        raise QueryError(
            "INVALID_DATA", "special characters are not allowed", {"param_name": "word"}
        )
    positions = [f.position for f in module.fields.values() if kind_of(f) in _WORD_KINDS]
    starts = re.compile(rf"(?<!\w){re.escape(wanted.rstrip('*'))}", re.IGNORECASE)
    return lambda values: any(
        (text := values[position]) is not None and starts.search(text) is not None
        for position in positions
    )


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
