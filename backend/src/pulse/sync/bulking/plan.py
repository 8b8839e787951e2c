"""How to write many records: which call, how many, at what price, and why.

Prices and limits are those of `zoho-crm-v8.md` §2.2, §4, §8, §9. Every way reads its records before
it writes them (what they hold is what an undo restores; what they hold already is not written) and
again afterwards (that alone tells what was taken), so both readings are part of its price.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from pulse.core.bulk import ROWS_A_CALL, Way
from pulse.sync.planner import FIELDS_A_CALL, coql_credits

if TYPE_CHECKING:
    from collections.abc import Mapping

MASS_UPDATE_FIELDS: Final[Mapping[str, int]] = {"Deals": 3}
"""Fields that one mass update sets; 1 in other modules."""
IDS_A_READ: Final = 1_000
"""Twenty conditions of fifty ids, of twenty-five allowed in one query."""
_REFUSED_TYPES: Final = frozenset(
    {"email", "textarea", "layout", "lookup", "ownerlookup", "userlookup", "multiselectlookup"}
)
"""Data types that a mass update does not take."""
_AUTOMATION_BELOW: Final = 1_000
"""A mass update over a view of this size or more runs no automation."""
_POLLS: Final = 3
_JOB_WAIT_S: Final = 5.0
_CLOSE: Final = 1.05
"""Prices within five per cent are as good as equal: then the quicker way is taken."""


@dataclass(frozen=True, slots=True)
class WritePrices:
    """Credits of writes; the organisation's own where it has put them in."""

    rows_per_credit: int = 10
    rows_per_mass_update_credit: int = 10
    bulk_write: int = 500
    upload: int = 1


@dataclass(frozen=True, slots=True)
class Situation:
    """What the choice depends on."""

    module: str
    records: int
    """Those that will be written."""
    types: tuple[str, ...]
    """Data types of the fields that are set."""
    are_values_shared: bool
    """All records get the same values."""
    list_fields: int
    """Fields that a reading of a record asks for."""
    credits_left: int | None
    latency_s: float
    field_sets: int = 1
    """Different sets of fields among the records: each needs a file of its own."""
    is_whole_view: bool = False
    """The records are exactly those of a custom view, and each of them is to be written."""
    wanted: Way | None = None
    """A person's choice."""
    prices: WritePrices = WritePrices()


@dataclass(frozen=True, slots=True)
class Option:
    """One way with its price."""

    way: Way
    title: str
    calls: int
    credits: int
    seconds: float
    reason: str
    runs_automation: bool | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen way, and the others with why they were not."""

    chosen: Option
    rejected: tuple[Option, ...]
    credits_left: int | None

    @property
    def is_affordable(self) -> bool:
        """Return whether the day's credits suffice, as far as they are known."""
        return self.credits_left is None or self.chosen.credits <= self.credits_left

    def as_json(self) -> dict[str, object]:
        """Return the plan as it is kept on the session and shown."""
        left = self.credits_left
        return {
            **asdict(self.chosen),
            "credits_left": left,
            "credits_left_after": None if left is None else max(left - self.chosen.credits, 0),
            "is_affordable": self.is_affordable,
            "rejected": [asdict(option) for option in self.rejected],
        }


def why_no_mass_update(situation: Situation) -> str | None:
    """Return why a mass update cannot set these fields; None where it can."""
    most = MASS_UPDATE_FIELDS.get(situation.module, 1)
    if not situation.are_values_shared:
        return "a mass update writes the same values into all records"
    if len(situation.types) > most:
        return f"a mass update of {situation.module} sets at most {_counted(most, 'field')}"
    refused = sorted(_REFUSED_TYPES.intersection(situation.types))
    if refused:
        return f"a mass update takes no field of type {refused[0]}"
    return None


def plan_writes(situation: Situation) -> Plan:
    """Return the way to take: the cheapest in credits, and the quickest of those about as cheap.

    A way that a person wants is taken where it is possible at all.
    """
    possible, impossible = _options(situation)
    if not possible:  # pragma: no cover - updates are always possible
        raise ValueError("no way to write")
    wanted = next((option for option in possible if option.way is situation.wanted), None)
    least = min(option.credits for option in possible)
    chosen = wanted or min(
        (option for option in possible if option.credits <= least * _CLOSE),
        key=lambda option: (option.seconds, option.credits),
    )
    rejected = tuple(option for option in possible if option is not chosen)
    return Plan(chosen, (*rejected, *impossible), situation.credits_left)


def is_possible(situation: Situation, way: Way) -> str | None:
    """Return why a way cannot be taken; None where it can."""
    match way:
        case Way.PUT:
            return None
        case Way.BULK_WRITE:
            return None
        case Way.MASS_UPDATE:
            return why_no_mass_update(situation)
        case Way.MASS_UPDATE_VIEW:
            if not situation.is_whole_view:
                return "not exactly the records of a custom view are to be written"
            return why_no_mass_update(situation)


def _options(situation: Situation) -> tuple[list[Option], list[Option]]:
    possible, impossible = [], []
    for option in (
        _mass_update(situation),
        _mass_update_view(situation),
        _put(situation),
        _bulk_write(situation),
    ):
        why_not = is_possible(situation, option.way)
        if why_not is None:
            possible.append(option)
        else:
            impossible.append(
                Option(option.way, option.title, 0, 0, 0.0, f"Not possible: {why_not}", None)
            )
    return possible, impossible


def _reads(situation: Situation, chunk: int) -> tuple[int, int]:
    """Return calls and credits of reading all records before and after their writes."""
    records = max(1, situation.records)
    calls = spent = 0
    widths = ceil(situation.list_fields / FIELDS_A_CALL) or 1
    for size in _parts(records, chunk):
        for part in _parts(size, IDS_A_READ):
            calls += 2 * widths
            spent += 2 * widths * coql_credits(part)
    return calls, spent


def _parts(whole: int, size: int) -> list[int]:
    full, rest = divmod(whole, size)
    return [size] * full + ([rest] if rest else [])


def _option(
    situation: Situation,
    way: Way,
    title: str,
    calls: int,
    spent: int,
    reason: str,
    *,
    automation: bool | None,
    wait_s: float = 0.0,
) -> Option:
    read_calls, read_credits = _reads(situation, ROWS_A_CALL[way])
    calls += read_calls
    seconds = round(calls * situation.latency_s + wait_s, 1)
    return Option(way, title, calls, spent + read_credits, seconds, reason, automation)


def _put(situation: Situation) -> Option:
    chunks = _parts(max(1, situation.records), ROWS_A_CALL[Way.PUT])
    spent = sum(ceil(size / situation.prices.rows_per_credit) for size in chunks)
    return _option(
        situation,
        Way.PUT,
        f"Update in {_counted(len(chunks), 'call')}",
        len(chunks),
        spent,
        f"{_counted(len(chunks), 'update')} of up to {ROWS_A_CALL[Way.PUT]} records, each guarded "
        "against changes made meanwhile",
        automation=True,
    )


def _mass_update(situation: Situation) -> Option:
    chunks = _parts(max(1, situation.records), ROWS_A_CALL[Way.MASS_UPDATE])
    spent = sum(ceil(size / situation.prices.rows_per_mass_update_credit) for size in chunks)
    return _option(
        situation,
        Way.MASS_UPDATE,
        f"Mass update in {_counted(len(chunks), 'call')}",
        len(chunks),
        spent,
        f"{_counted(len(chunks), 'mass update')} of up to {ROWS_A_CALL[Way.MASS_UPDATE]} ids",
        automation=True,
    )


def _mass_update_view(situation: Situation) -> Option:
    spent = ceil(max(1, situation.records) / situation.prices.rows_per_mass_update_credit)
    return _option(
        situation,
        Way.MASS_UPDATE_VIEW,
        "The CRM's own job over the view",
        1 + _POLLS,
        spent + _POLLS,
        f"one job of the CRM over the whole view, {_counted(_POLLS, 'look')} at its state",
        automation=situation.records < _AUTOMATION_BELOW,
        wait_s=_JOB_WAIT_S,
    )


def _bulk_write(situation: Situation) -> Option:
    jobs = len(_parts(max(1, situation.records), ROWS_A_CALL[Way.BULK_WRITE]))
    jobs += max(0, situation.field_sets - 1)
    prices = situation.prices
    return _option(
        situation,
        Way.BULK_WRITE,
        f"Bulk Write in {_counted(jobs, 'job')}",
        jobs * (3 + _POLLS),
        jobs * (prices.upload + prices.bulk_write + _POLLS + 1),
        f"{_counted(jobs, 'file')} of up to {ROWS_A_CALL[Way.BULK_WRITE]:,} records: upload, job, "
        "result",
        automation=None,
        wait_s=jobs * _JOB_WAIT_S,
    )


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else f'{one}s'}"
