"""Which way to go, and why: a load by pages, COQL slices or Bulk Read; a push by calls of a size.

The prices and limits are those of `zoho-crm-v8.md` §2.2, §3, §6, §7 as this product understands
them; the CRM's own figures correct the ledger, not the choice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from math import ceil
from typing import Final

from pulse.sync.domain.errors import CreditsSpentError


class Source(StrEnum):
    """Where records come from."""

    PAGES = "pages"
    COQL = "coql"
    BULK_READ = "bulk_read"


PAGE_ROWS: Final = 200
COQL_ROWS: Final = 2_000
EXPORT_ROWS: Final = 200_000
PAGES_REACH: Final = 100_000
"""Page tokens end here; the load goes on by COQL after the last id."""
FIELDS_A_CALL: Final = 50
_COQL_CREDITS: Final = 3
_SMALL_COQL: Final = ((200, 1), (1_000, 2))
_EXPORT_CREDITS: Final = 50
_EXPORT_CALLS: Final = 5  # create, about three looks at the state, download
_EXPORT_WAIT_S: Final = 5.0
_MAX_SLICES: Final = 8  # of ten calls in the sub-concurrency group, two stay free for people
_RECORDS_A_SECOND: Final = 10_000  # what the database takes; the same for all sources


@dataclass(frozen=True, slots=True)
class Situation:
    """What the choice depends on."""

    records: int
    fields: int
    credits_left: int | None
    latency_s: float
    """What a call has taken lately."""
    wanted: Source | None = None
    """A person's choice, if there is one."""


@dataclass(frozen=True, slots=True)
class Option:
    """One source with what it would cost."""

    source: Source
    slices: int
    calls: int
    credits: int
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen source, and the others with why they were not."""

    chosen: Option
    rejected: tuple[Option, ...]

    def as_json(self) -> dict[str, object]:
        """Return the plan as it is kept on the session."""
        return {
            **asdict(self.chosen),
            "rejected": [asdict(option) for option in self.rejected],
        }


def coql_credits(limit: int) -> int:
    """Return the price of one COQL call by its LIMIT."""
    return next((price for most, price in _SMALL_COQL if limit <= most), _COQL_CREDITS)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _options(situation: Situation) -> list[Option]:
    records = max(1, situation.records)
    reads = ceil(situation.fields / FIELDS_A_CALL)
    loading_s = records / _RECORDS_A_SECOND
    page_calls = ceil(records / PAGE_ROWS) * reads
    query_calls = ceil(records / COQL_ROWS) * reads
    query_credits = reads * (
        coql_credits(records) if records <= COQL_ROWS else _COQL_CREDITS * ceil(records / COQL_ROWS)
    )
    slices = max(1, min(_MAX_SLICES, ceil(records / COQL_ROWS)))
    jobs = ceil(records / EXPORT_ROWS)
    return [
        Option(
            Source.COQL,
            slices,
            query_calls,
            query_credits,
            round(ceil(query_calls / slices) * situation.latency_s + loading_s, 1),
            f"{_counted(query_calls, 'query', 'queries')} of up to {COQL_ROWS:,} records, "
            f"{slices} at a time",
        ),
        Option(
            Source.PAGES,
            1,
            page_calls,
            page_calls,
            round(page_calls * situation.latency_s + loading_s, 1),
            f"{_counted(page_calls, 'page', 'pages')} of {PAGE_ROWS}, one after the other",
        ),
        Option(
            Source.BULK_READ,
            jobs,
            jobs * _EXPORT_CALLS,
            jobs * (_EXPORT_CREDITS + _EXPORT_CALLS - 1),
            round(jobs * (_EXPORT_WAIT_S + _EXPORT_CALLS * situation.latency_s) + loading_s, 1),
            f"{_counted(jobs, 'export job', 'export jobs')} of up to {EXPORT_ROWS:,} records",
        ),
    ]


def plan_load(situation: Situation) -> Plan:
    """Return the cheapest source in credits, the faster one where two cost the same.

    A wanted source is chosen whatever it costs. Raises CreditsSpentError when the chosen source
    does not fit into the credits that are left.
    """
    options = sorted(_options(situation), key=lambda option: (option.credits, option.seconds))
    chosen = options[0]
    if situation.wanted is not None:
        chosen = next(option for option in options if option.source is situation.wanted)
    if situation.credits_left is not None and chosen.credits > situation.credits_left:
        raise CreditsSpentError(
            f"This load needs about {chosen.credits:,} credits and "
            f"{max(0, situation.credits_left):,} are left in its budget.",
            fix="Credits come back 24 hours after they were spent. Try again later.",
        )
    why = "it was asked for" if situation.wanted is not None else "it costs the fewest credits"
    rejected = tuple(
        Option(
            option.source,
            option.slices,
            option.calls,
            option.credits,
            option.seconds,
            _why_not(option, chosen),
        )
        for option in options
        if option is not chosen
    )
    reason = f"{situation.records:,} records: {chosen.reason}; {why}"
    return Plan(
        Option(chosen.source, chosen.slices, chosen.calls, chosen.credits, chosen.seconds, reason),
        rejected,
    )


def _why_not(option: Option, chosen: Option) -> str:
    if (option.credits, option.seconds) < (chosen.credits, chosen.seconds):
        return f"{option.reason}: another source was asked for"
    if option.credits > chosen.credits:
        return f"{option.reason}: {option.credits - chosen.credits:,} credits more"
    if option.seconds > chosen.seconds:
        return f"{option.reason}: {option.seconds - chosen.seconds:.1f} s longer"
    return f"{option.reason}: neither cheaper nor faster"


WRITE_ROWS: Final = 100
CREDIT_ROWS: Final = 10
"""Rows that one credit writes; a call of no more stays outside the sub-concurrency group."""
_ROW_WRITE_S: Final = 0.002  # what a row adds to a call's latency
_WORTH_LARGE_CALLS_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class CallSlots:
    """Calls at once that this kind of work may bring about."""

    all_calls: int
    complex_calls: int


@dataclass(frozen=True, slots=True)
class PushPlan:
    """How many rows a call writes, how many calls go at once, and what all of it costs."""

    rows_a_call: int
    at_once: int
    calls: int
    credits: int
    seconds: float
    reason: str


def plan_push(
    records: int, *, credits_left: int | None, latency_s: float, slots: CallSlots
) -> PushPlan:
    """Plan the guarded PUTs of a push.

    Small calls are the rule: a record that moved on sends fewer others round again, and they leave
    the slots of complex calls to the pulls. Large ones are taken where they save a second.
    Raises CreditsSpentError when the writes do not fit into the credits that are left.
    """
    small = _push_of(records, min(records, CREDIT_ROWS), slots.all_calls, latency_s)
    large = _push_of(records, WRITE_ROWS, slots.complex_calls, latency_s)
    if credits_left is not None and small.credits > credits_left:
        raise CreditsSpentError(
            f"Writing {records:,} records needs about {small.credits:,} credits and"
            f" {max(0, credits_left):,} are left in its budget.",
            fix="The changes stay queued. Credits come back 24 hours after they were spent.",
        )
    if records > CREDIT_ROWS and small.seconds - large.seconds >= _WORTH_LARGE_CALLS_S:
        return large
    return small


def _push_of(records: int, rows_a_call: int, slots: int, latency_s: float) -> PushPlan:
    calls = ceil(records / rows_a_call)
    at_once = max(1, min(slots, calls))
    rows = min(rows_a_call, records)
    seconds = round(ceil(calls / at_once) * (latency_s + rows * _ROW_WRITE_S), 1)
    return PushPlan(
        rows_a_call,
        at_once,
        calls,
        calls * ceil(rows / CREDIT_ROWS),
        seconds,
        f"{_counted(records, 'record', 'records')}: {_counted(calls, 'call', 'calls')} of up to"
        f" {_counted(rows, 'row', 'rows')}, {at_once} at a time, about {seconds:,.1f} s",
    )
