"""When milestones may be expected: an estimate from a deal's own pace, which no score counts.

A deal has a *plan* as far as people gave its milestones planned dates, and a *usual* way: the
median days between the dates that the CRM keeps, over the organisation's deals. Both begin with the
deal's creation. Its *pace* is the days it took from there to the last milestone reached, by the
days that the plan, else the usual way, has for the same stretch: 1.2 is a fifth slower. It stays
between a half and three, and is 1 while less than a week can be compared.

A milestone that is still to come is expected after the latest one reached that it can be compared
with, by pace times the days of the plan, else of the usual way; never before today, and
never before one that comes earlier on the way. Where neither plan nor usual way tells, nothing is
expected. Milestones passed over, that is without a date though a later one has one, are not
expected any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from pulse.core.o2r.milestones import MILESTONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pulse.core.o2r.milestones import Milestone

LATE_OVER_DAYS: Final = 5
"""A milestone this many days behind its plan is not called late yet."""
_LEAST_COMPARED_DAYS: Final = 7
_SLOWEST: Final = Fraction(3)
_FASTEST: Final = Fraction(1, 2)
_ORDER: Final = {spec.milestone: place for place, spec in enumerate(MILESTONES)}


@dataclass(frozen=True, slots=True)
class MilestoneDates:
    """When a milestone is planned and when it was reached; never a day that is still to come."""

    milestone: Milestone
    planned_on: date | None = None
    actual_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be expected of a deal."""

    next: Milestone | None = None
    """The first milestone after the last one reached; None when all are behind it."""
    pace: Fraction = Fraction(1)
    expected: Mapping[Milestone, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """A point on the way: its day in the plan, and its days after creation on the usual way."""

    planned_on: date | None
    usual_days: int | None
    actual_on: date | None = None


def next_milestone(dates: Sequence[MilestoneDates]) -> Milestone | None:
    """Return the first milestone after the last one reached."""
    reached = [_ORDER[each.milestone] for each in dates if each.actual_on is not None]
    place = max(reached, default=-1) + 1
    return MILESTONES[place].milestone if place < len(MILESTONES) else None


def outlook(
    created_on: date | None,
    dates: Sequence[MilestoneDates],
    usual: Mapping[Milestone, int],
    today: date,
) -> Outlook:
    """Return what may be expected of a deal that is on its way.

    `usual` gives the median days from creation to a milestone (`pulse.o2r.milestones_usual`).
    """
    following = next_milestone(dates)
    if created_on is None or following is None:
        return Outlook(following)
    by_name = {each.milestone: each for each in dates}
    start = _Place(created_on, 0, created_on)
    places = {
        spec.milestone: _Place(
            by_name[spec.milestone].planned_on if spec.milestone in by_name else None,
            usual.get(spec.milestone),
            by_name[spec.milestone].actual_on if spec.milestone in by_name else None,
        )
        for spec in MILESTONES
    }
    # Latest first: what is nearest says most.
    anchors = [place for place in reversed(places.values()) if place.actual_on is not None]
    anchors.append(start)
    pace = _pace(start, anchors)
    coming = [spec.milestone for spec in MILESTONES if _ORDER[spec.milestone] >= _ORDER[following]]
    expected = dict(_expected(coming, places, anchors, pace, today))
    return Outlook(following, pace, expected)


def _pace(start: _Place, anchors: Sequence[_Place]) -> Fraction:
    for reached in anchors:
        days = _days_between(start, reached)
        if days is not None and days >= _LEAST_COMPARED_DAYS and reached.actual_on is not None:
            assert start.actual_on is not None  # noqa: S101 - a deal's creation is a date
            took = (reached.actual_on - start.actual_on).days
            return min(max(Fraction(took, days), _FASTEST), _SLOWEST)
    return Fraction(1)


def _expected(
    coming: Sequence[Milestone],
    places: Mapping[Milestone, _Place],
    anchors: Sequence[_Place],
    pace: Fraction,
    today: date,
) -> Iterator[tuple[Milestone, date]]:
    earliest = today
    for milestone in coming:
        for reached in anchors:
            days = _days_between(reached, places[milestone])
            if days is not None and reached.actual_on is not None:
                day = reached.actual_on + timedelta(days=round(pace * max(days, 0)))
                earliest = max(earliest, day)
                yield milestone, earliest
                break


def _days_between(one: _Place, other: _Place) -> int | None:
    """Return the days from one place to another in the plan, else on the usual way."""
    if one.planned_on is not None and other.planned_on is not None:
        return (other.planned_on - one.planned_on).days
    if one.usual_days is not None and other.usual_days is not None:
        return other.usual_days - one.usual_days
    return None
