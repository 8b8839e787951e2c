"""Which source to load a module from: pages, COQL slices or Bulk Read, and why.

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
