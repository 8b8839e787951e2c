"""Weeks of an organisation: Monday 00:00 to the next Monday 00:00, in its own zone.

A week is named by its Monday. Its end belongs to the week after, so a week lasts 167 or 169 hours
where the clocks are changed in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WEEK: Final = timedelta(days=7)
TICK: Final = timedelta(microseconds=1)
"""The least step of a stored moment."""
_NOON: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """Seven days from a Monday."""

    monday: date

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> Week:
        """The week before it."""
        return Week(self.monday - WEEK)

    @property
    def after(self) -> Week:
        """The week after it."""
        return Week(self.monday + WEEK)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return its first moment, in UTC."""
        return datetime.combine(self.monday, time(), zone).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """Return the first moment that is not in it any more, in UTC."""
        return self.after.starts_at(zone)


def week_of(day: date) -> Week:
    """Return the week that holds a day."""
    return Week(day - timedelta(days=day.weekday()))


def usual_week(now: datetime, zone: ZoneInfo) -> Week:
    """Return the week that a review is of unless somebody says which.

    On a Monday before noon people look back at the week that is over; later at the one that runs.
    """
    here = now.astimezone(zone)
    running = week_of(here.date())
    return running.before if here.weekday() == 0 and here.hour < _NOON else running
