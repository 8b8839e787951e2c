"""Ranges of days that people name: a month, a quarter, a quarter of next year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_MONTHS_IN_QUARTER: Final = 3
_MONTHS_IN_YEAR: Final = 12


class Period(StrEnum):
    """A named range of days around today."""

    CURRENT_MONTH = "current_month"
    CURRENT_QUARTER = "current_quarter"
    NEXT_QUARTER = "next_quarter"
    NEXT_YEAR_Q1 = "next_year_q1"
    NEXT_YEAR_Q2 = "next_year_q2"
    NEXT_YEAR_Q3 = "next_year_q3"
    NEXT_YEAR_Q4 = "next_year_q4"
    ALL = "all"


_QUARTERS_OF_NEXT_YEAR: Final = (
    Period.NEXT_YEAR_Q1,
    Period.NEXT_YEAR_Q2,
    Period.NEXT_YEAR_Q3,
    Period.NEXT_YEAR_Q4,
)


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included; None leaves an end open."""

    first: date | None = None
    last: date | None = None


def days_of(period: Period, today: date) -> Days:
    """Return the days of a period as seen on `today`; quarters are of the calendar year."""
    match period:
        case Period.ALL:
            return Days()
        case Period.CURRENT_MONTH:
            return _months(today.year, today.month, 1)
        case Period.CURRENT_QUARTER:
            return _quarter(today.year, _quarter_index(today))
        case Period.NEXT_QUARTER:
            return _quarter(today.year, _quarter_index(today) + 1)
        case _:
            return _quarter(today.year + 1, _QUARTERS_OF_NEXT_YEAR.index(period))


def _quarter_index(day: date) -> int:
    return (day.month - 1) // _MONTHS_IN_QUARTER


def _quarter(year: int, index: int) -> Days:
    return _months(year, index * _MONTHS_IN_QUARTER + 1, _MONTHS_IN_QUARTER)


def _months(year: int, month: int, count: int) -> Days:
    return Days(_first_day(year, month), _first_day(year, month + count) - timedelta(days=1))


def _first_day(year: int, month: int) -> date:
    """Return the first day of a month; months beyond twelve are of the years after."""
    years, place = divmod(month - 1, _MONTHS_IN_YEAR)
    return date(year + years, place + 1, 1)
