"""How fast deals move on: estimates that count unfinished stays as unfinished."""

from datetime import date

import pytest

from pulse.core.o2r.pace import Fate, Stays, pace_of
from pulse.core.quarters import Quarter, quarter_of, read_quarter

MOVED, STILL, LOST = Fate.MOVED_ON, Fate.UNFINISHED, Fate.LOST


def test_nobody_entered_and_nothing_is_estimated() -> None:
    pace = pace_of([])

    assert (pace.entered, pace.median_stay_days, pace.share_moved_on) == (0, None, None)


def test_when_all_moved_on_the_median_is_that_of_their_stays() -> None:
    pace = pace_of([Stays(days, MOVED, 1) for days in (10, 20, 30, 40)])

    assert (pace.entered, pace.moved_on, pace.unfinished, pace.lost) == (4, 4, 0, 0)
    assert pace.median_stay_days == 20
    assert pace.share_moved_on == 1


def test_unfinished_stays_make_the_median_longer_and_are_not_taken_for_ends() -> None:
    # Kaplan-Meier by hand: after day 10 5/6 are left, after day 30 5/6 x 2/3, after 50 none.
    pace = pace_of(
        [
            Stays(10, MOVED, 1),
            Stays(15, STILL, 2),
            Stays(30, MOVED, 1),
            Stays(40, STILL, 1),
            Stays(50, MOVED, 1),
        ]
    )

    assert pace.median_stay_days == 50
    assert pace.share_moved_on == 1
    # Those who leave on a day were there with those last seen on it.
    assert pace_of([Stays(5, MOVED, 1), Stays(5, STILL, 1)]).median_stay_days == 5


def test_while_fewer_than_half_moved_on_there_is_no_median() -> None:
    pace = pace_of([Stays(10, MOVED, 4), Stays(90, STILL, 5)])

    assert pace.median_stay_days is None
    assert pace.share_moved_on == pytest.approx(4 / 9)


def test_a_lost_deal_never_moves_on_and_is_out_of_the_median() -> None:
    pace = pace_of([Stays(10, MOVED, 1), Stays(12, MOVED, 1), Stays(400, LOST, 2)])

    assert (pace.lost, pace.median_stay_days) == (2, 10)
    assert pace.share_moved_on == pytest.approx(0.5)


def test_whoever_moved_on_after_a_year_is_not_among_those_within_it() -> None:
    pace = pace_of([Stays(365, MOVED, 1), Stays(366, MOVED, 1)])

    assert pace.share_moved_on == pytest.approx(0.5)


def test_quarters_have_days_a_text_and_one_before() -> None:
    first = quarter_of(date(2026, 3, 31))

    assert (first, str(first), first.first, first.last) == (
        Quarter(2026, 1),
        "2026-Q1",
        date(2026, 1, 1),
        date(2026, 3, 31),
    )
    assert first.before == Quarter(2025, 4) == read_quarter("2025-Q4")
    assert first.before.last == date(2025, 12, 31)
    assert [quarter_of(date(2026, month, 1)).number for month in (1, 4, 6, 7, 10, 12)] == [
        1,
        2,
        2,
        3,
        4,
        4,
    ]
