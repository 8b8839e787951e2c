"""What every file tells of itself: filters, moment, currency, rates, what is left out, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulse.exports.words import NO_FILTER, Line, day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pulse.analytics.basis import Basis


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked for a file, and when."""

    by: str
    at: datetime
    zone: ZoneInfo
    """The organisation's: files tell times in it."""


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return such as `17 Aug 2026, 08:42 (Asia/Singapore)`."""
    there = moment.astimezone(zone)
    return f"{day_words(there.date())}, {there:%H:%M} ({zone.key})"


def about_lines(
    title: str, rows: int, filters: Sequence[Line], basis: Basis, origin: Origin
) -> list[Line]:
    """Return the facts of a file, in the order in which they are read."""
    base = basis.base_currency
    when = "as they stood then" if basis.is_past else "as the mirror stood, local edits included"
    return [
        ("Content", title),
        ("Deals", f"{rows:,}"),
        *([("Filter: " + name, fact) for name, fact in filters] or [("Filters", NO_FILTER)]),
        ("As of", f"{moment_words(basis.as_of, origin.zone)}, {when}"),
        ("Base currency", f"{base}; values are rounded to cents deal by deal, so that they add up"),
        *rate_lines(basis),
        *left_out(basis),
        ("Exported by", origin.by),
        ("Exported at", moment_words(origin.at, origin.zone)),
        ("Made by", "Pipeline Pulse"),
    ]


def rate_lines(basis: Basis) -> list[Line]:
    """Return the rates that made values."""
    lines = [
        (
            f"Rate {each.currency}",
            f"{each.rate} for 1 {basis.home_currency}, CRM rate of {day_words(each.since)}",
        )
        for each in basis.rates
    ]
    if basis.own_rate_deals:
        lines.append(
            ("Own rates", f"{basis.own_rate_deals:,} deals by an exchange rate of their own")
        )
    return lines or [("Rates", "none were needed")]


def left_out(basis: Basis) -> list[Line]:
    """Return what values leave out or what may still change."""
    lines: list[Line] = []
    if basis.without_rate:
        by = ", ".join(
            f"{each.deals:,} in {each.currency or 'no currency'}" for each in basis.without_rate
        )
        lines.append(("Without rate", f"{by}: they count and add nothing to any value"))
    if basis.conflicts is not None and basis.conflicts.deals:
        conflicts = basis.conflicts
        lines.append(
            (
                "Open conflicts",
                f"{conflicts.deals:,} deals worth {basis.base_currency} {conflicts.value:,.2f}",
            )
        )
    return lines


def about_text(lines: Sequence[Line]) -> str:
    """Return the facts as a text file."""
    width = max(len(name) for name, _ in lines)
    return "".join(f"{name:<{width}}  {fact}\r\n" for name, fact in lines)
