"""Which opportunities are meant, and in which order, as the address of their list says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pulse.asking.text import read_filter
from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.phases import Phase
from pulse.core.quarters import PATTERN, read_quarter
from pulse.o2r.opportunities import DEFAULT_SORT
from pulse.o2r.opportunities_filter import OpportunityFilter, Waiting
from pulse.o2r.opportunities_schemas import OpportunityOrder
from pulse.queries.deal_filters import InvalidFilterError

if TYPE_CHECKING:
    from pulse.queries.asked_deals import AskedFilter

_PHASE_OF: Final = {phase.number: phase for phase in Phase}


class _Text(BaseModel):
    """What only opportunities are chosen by, beside the filters of all deals."""

    model_config = ConfigDict(extra="forbid")

    phase: list[Annotated[int, Field(ge=1, le=4)]] = []
    health: list[DealHealth] = []
    strategic: bool | None = None
    attention: bool | None = None
    waiting: list[Waiting] = []
    ended: bool = False
    recognised: str | None = Field(default=None, pattern=PATTERN)
    sort: str = Field(default=DEFAULT_SORT, pattern=f"^-?({'|'.join(OpportunityOrder)})$")


_LISTS: Final = frozenset({"phase", "health", "waiting"})


@dataclass(frozen=True, slots=True)
class AskedList:
    """A list of opportunities."""

    asked: AskedFilter
    wanted: OpportunityFilter
    sort: str


def read_list(text: str, field: str = "query") -> AskedList:
    """Read the list's query string. Raises InvalidFilterError that names `field` and parameter."""
    # Any: pydantic reads them.
    own: dict[str, Any] = {}
    filters: list[tuple[str, str]] = []
    for name, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True):
        if name in _LISTS:
            own.setdefault(name, []).append(value)
        elif name in _Text.model_fields:
            own[name] = value
        else:
            filters.append((name, value))
    try:
        read = _Text.model_validate(own)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise InvalidFilterError(
            f"{field}: {name}: {str(first['msg']).lower()}.",
            fix="Take the filters from the address of the list, as `phase=2&health=red`.",
            extra={"field": field, "parameter": name},
        ) from error
    return AskedList(
        asked=read_filter(urlencode(filters), field),
        wanted=OpportunityFilter(
            phases=tuple(_PHASE_OF[number] for number in read.phase),
            healths=tuple(read.health),
            strategic=read.strategic,
            attention=read.attention,
            waiting=tuple(read.waiting),
            with_ended=read.ended,
            recognised=None if read.recognised is None else read_quarter(read.recognised),
        ),
        sort=read.sort,
    )
