from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.core.periods import Days, Period, days_of

AUTUMN = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (Period.ALL, Days()),
        (Period.CURRENT_MONTH, Days(date(2026, 11, 1), date(2026, 11, 30))),
        (Period.CURRENT_QUARTER, Days(date(2026, 10, 1), date(2026, 12, 31))),
        (Period.NEXT_QUARTER, Days(date(2027, 1, 1), date(2027, 3, 31))),
        (Period.NEXT_YEAR_Q1, Days(date(2027, 1, 1), date(2027, 3, 31))),
        (Period.NEXT_YEAR_Q2, Days(date(2027, 4, 1), date(2027, 6, 30))),
        (Period.NEXT_YEAR_Q3, Days(date(2027, 7, 1), date(2027, 9, 30))),
        (Period.NEXT_YEAR_Q4, Days(date(2027, 10, 1), date(2027, 12, 31))),
    ],
)
def test_a_period_is_whole_months_of_the_calendar(period: Period, days: Days) -> None:
    assert days_of(period, AUTUMN) == days


def test_february_of_a_leap_year_has_its_day() -> None:
    assert days_of(Period.CURRENT_MONTH, date(2028, 2, 10)).last == date(2028, 2, 29)


@given(st.dates(date(1900, 1, 1), date(9000, 1, 1)))
def test_next_quarter_begins_the_day_after_the_current_one_which_holds_today(today: date) -> None:
    current = days_of(Period.CURRENT_QUARTER, today)
    following = days_of(Period.NEXT_QUARTER, today)

    assert current.first is not None
    assert current.last is not None
    assert current.first <= today <= current.last
    assert following.first == current.last + timedelta(days=1)
