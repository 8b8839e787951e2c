"""Quarters of the calendar year, as people choose and compare them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

PATTERN: Final = r"^[12][0-9]{3}-Q[1-4]$"
"""How a quarter is written: 2026-Q3."""
_MONTHS: Final = 3
_QUARTERS: Final = 4


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter; `number` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        """Return it as `PATTERN` says."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self._moved(1).first - timedelta(days=1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return self._moved(-1)

    def _moved(self, count: int) -> Quarter:
        years, place = divmod(self.number - 1 + count, _QUARTERS)
        return Quarter(self.year + years, place + 1)


def quarter_of(day: date) -> Quarter:
    """Return the quarter in which a day lies."""
    return Quarter(day.year, (day.month - 1) // _MONTHS + 1)


def read_quarter(text: str) -> Quarter:
    """Read a quarter that fulfils `PATTERN`."""
    return Quarter(int(text[:4]), int(text[-1]))
