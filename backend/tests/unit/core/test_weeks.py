"""Weeks begin and end at the organisation's midnights, and one is meant without being named."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.moves import Move, Standing, move_of
from pulse.core.weeks import TICK, Week, usual_week, week_of

NEW_YORK, SINGAPORE = ZoneInfo("America/New_York"), ZoneInfo("Asia/Singapore")


def test_every_day_of_a_week_belongs_to_its_monday() -> None:
    week = Week(date(2026, 3, 2))
    days = [week.monday + timedelta(days=number) for number in range(7)]
    assert {week_of(day) for day in days} == {week}
    assert week.sunday == days[-1]
    assert week_of(week.sunday + timedelta(days=1)) == week.after == Week(date(2026, 3, 9))
    assert week_of(week.monday - timedelta(days=1)) == week.before


@pytest.mark.parametrize(
    ("zone", "monday", "hours"),
    [
        (SINGAPORE, date(2026, 3, 2), 168),
        (NEW_YORK, date(2026, 3, 2), 167),  # the clocks went forward on its Sunday
        (NEW_YORK, date(2026, 10, 26), 169),  # and back
    ],
)
def test_a_week_lasts_from_midnight_to_midnight(zone: ZoneInfo, monday: date, hours: int) -> None:
    week = Week(monday)
    starts, ends = week.starts_at(zone), week.ends_at(zone)
    assert ends - starts == timedelta(hours=hours)
    assert ends == week.after.starts_at(zone)
    assert (starts.astimezone(zone).date(), (ends - TICK).astimezone(zone).date()) == (
        monday,
        week.sunday,
    )


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 3, 9, 0, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 9, 11, 59, 59, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 9, 12, 0, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 10, 9, 0, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC), date(2026, 3, 9)),
    ],
)
@pytest.mark.parametrize("zone", [NEW_YORK, SINGAPORE])
def test_on_a_monday_morning_people_look_back(zone: ZoneInfo, now: datetime, monday: date) -> None:
    assert usual_week(now.replace(tzinfo=zone), zone) == Week(monday)


@pytest.mark.parametrize(
    ("now", "then", "move"),
    [
        (Standing(DealHealth.RED, 60), None, Move.NEW),
        (Standing(DealHealth.RED, 60), Standing(DealHealth.RED, 60), Move.STABLE),
        (Standing(DealHealth.RED, 52), Standing(DealHealth.RED, 60), Move.WORSE),
        (Standing(DealHealth.RED, 60), Standing(DealHealth.RED, 52), Move.IMPROVED),
        # Health stands before the score.
        (Standing(DealHealth.RED, 68), Standing(DealHealth.YELLOW, 52), Move.WORSE),
        (Standing(DealHealth.YELLOW, 52), Standing(DealHealth.BLOCKED, 68), Move.IMPROVED),
    ],
)
def test_health_then_score_say_how_an_opportunity_moved(
    now: Standing, then: Standing | None, move: Move
) -> None:
    assert move_of(now, then) is move
