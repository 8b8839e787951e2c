"""The weeks before the demo: the simulated sales team works through them, the mirror follows.

The simulator's clock stands at the moment where the seeded story ends. The team works one day after
another, and each working day ends with a quick sync, so that versions and the change log come from
what the CRM said and when, as in any other mirror. Then the clock is set to the present.

The same days of the same organisation bring about the same records, so that a later run lets the
team work through them again, and finds what the mirror already holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from demo.organisation import Organisation
from demo.sync import LiveSync
from pulse.kit.clock import Clock

# The seeded organisation keeps the time of Singapore; its people work from 9 to 18.
_WORK_BEGINS = timedelta(hours=1)
_WORK_ENDS = timedelta(hours=10)
_FRIDAY = 4
# An organisation of 5,000 deals makes some fifty edits a day.
_DEALS_AN_EDIT = 100
_FEWEST_EDITS = 6
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A stretch of work of the sales team."""

    begin: datetime
    end: datetime
    edits: int


def working_days(organisation: Organisation) -> Sequence[WorkingDay]:
    """Return what the team worked between the seeded moment and the demo's first present."""
    seeded = datetime.fromtimestamp(organisation.seeded_at, UTC)
    arrived = datetime.fromtimestamp(organisation.arrived_at, UTC)
    edits = max(_FEWEST_EDITS, organisation.deals // _DEALS_AN_EDIT)
    midnight = seeded.replace(hour=0, minute=0, second=0)
    days = []
    while midnight < arrived:
        begin, end = max(midnight + _WORK_BEGINS, seeded), min(midnight + _WORK_ENDS, arrived)
        if begin < end and midnight.weekday() <= _FRIDAY:
            days.append(WorkingDay(begin, end, edits))
        midnight += timedelta(days=1)
    return days


class Past:
    """The past of one organisation, in a simulator that was started without a team at work."""

    def __init__(self, organisation: Organisation, control_url: str, clock: Clock) -> None:
        self._organisation = organisation
        self._control_url = control_url
        self._clock = clock

    async def begin(self) -> None:
        """Set the CRM's clock to where the seeded story ends."""
        moment = datetime.fromtimestamp(self._organisation.seeded_at, UTC)
        await self._tell("/clock/set", {"time": moment.isoformat()})

    async def live_through(self, live_sync: LiveSync, activity: float, console: Console) -> None:
        """Let the team work day by day, each day followed by a quick sync, up to the present.

        `activity` is the team's pace from then on. Raises as `LiveSync.run` does.
        """
        days = working_days(self._organisation)
        with Progress(*_COLUMNS, console=console) as progress:
            for day in progress.track(days, description="Days at work"):
                await self._work(day)
                await live_sync.run("incremental", Console(quiet=True))
        await self._arrive(activity)

    async def come_about_again(self, activity: float) -> None:
        """Let the team work as it did before the first run's present; nobody needs to look."""
        await self.begin()
        for day in working_days(self._organisation):
            await self._work(day)
        await self._arrive(activity)

    async def _work(self, day: WorkingDay) -> None:
        await self._tell(
            "/activity/work",
            {"begin": day.begin.isoformat(), "end": day.end.isoformat(), "edits": day.edits},
        )

    async def _arrive(self, activity: float) -> None:
        await self._tell("/clock/set", {"time": self._clock.now().isoformat()})
        await self._tell("/activity", {"edits_per_minute": activity})

    async def _tell(self, path: str, body: Mapping[str, Any]) -> None:
        async with (
            aiohttp.ClientSession(raise_for_status=True) as client,
            client.post(f"{self._control_url}{path}", json=body),
        ):
            pass
