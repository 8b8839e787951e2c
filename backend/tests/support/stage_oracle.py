"""How deals went through the stages, computed once more: plain Python over the CRM's own dump."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from support.crm_calls import CrmCalls
from support.stage_history import stays_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from support.simulator import SimulatorHandle

_DAY_S = 86_400

# Any: what the CRM sends.
Row = dict[str, Any]
Stay = tuple[str, datetime, datetime | None, str | None]
"""Stage, beginning, end, next stage."""


@dataclass
class Figures:
    """One stage."""

    became: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    times: list[tuple[float, bool]] = field(default_factory=list)
    """Seconds, and whether the deal had left by then."""
    won: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)

    @property
    def entered(self) -> int:
        return sum(self.became.values())


class StageOracle:
    """Knows the CRM's stages; figures are of deals whose stays it is given."""

    def __init__(self, crm: SimulatorHandle) -> None:
        fields = CrmCalls(crm).get("/settings/fields", module="Deals").json()["fields"]
        [stage] = [each for each in fields if each["api_name"] == "Stage"]
        values = sorted(stage["pick_list_values"], key=lambda each: each["sequence_number"])
        self.order = [each["actual_value"] for each in values]
        self.forecast = {each["actual_value"]: each["forecast_type"] for each in values}

    def figures(
        self, stays: Mapping[int, Iterable[Stay]], start: datetime, end: datetime, as_of: datetime
    ) -> dict[str, Figures]:
        found: dict[str, Figures] = {name: Figures() for name in self.order}
        for deal, path in stays.items():
            whole = list(path)
            last = self.forecast[whole[-1][0]]
            for stage, entered, left, following in whole:
                if not start <= entered < end:
                    continue
                figures = found[stage]
                figures.became[self._became(stage, following)] += 1
                figures.times.append(
                    (((left or as_of) - entered).total_seconds(), left is not None)
                )
                if last == "Closed Won":
                    figures.won.add(deal)
                elif last == "Closed Lost":
                    figures.lost.add(deal)
        return found

    def _became(self, stage: str, following: str | None) -> str:
        if following is None:
            return "still_there"
        outcome = self.forecast[following]
        if outcome != "Open":
            return {"Closed Won": "won", "Closed Lost": "lost"}[outcome]
        return "forward" if self.order.index(following) > self.order.index(stage) else "back"

    def cycles(
        self,
        stays: Mapping[int, Iterable[Stay]],
        deals: Iterable[Row],
        start: datetime,
        end: datetime,
    ) -> dict[str, dict[str, object]]:
        seconds: dict[str, list[float]] = {"Closed Won": [], "Closed Lost": []}
        for deal in deals:
            stage, entered, _, _ = list(stays[int(deal["id"])])[-1]
            if self.forecast[stage] in seconds and start <= entered < end:
                created = datetime.fromisoformat(deal["Created_Time"])
                seconds[self.forecast[stage]].append((entered - created).total_seconds())
        return {
            name: {
                "deals": len(each),
                "timed": len(each),
                "median_days": round(median(each) / _DAY_S, 2) if each else None,
                "mean_days": round(fmean(each) / _DAY_S, 2) if each else None,
            }
            for name, each in seconds.items()
        }


def told_stays(crm: SimulatorHandle) -> dict[int, list[Stay]]:
    """Return the stays of the dump's deals, with their ends."""
    found: dict[int, list[Stay]] = {}
    for deal, rows in stays_of(crm).items():
        moments = [datetime.fromisoformat(moment) for _, moment in rows]
        stages = [stage for stage, _ in rows]
        found[deal] = list(
            zip(stages, moments, [*moments[1:], None], [*stages[1:], None], strict=True)
        )
    return found


def survival(times: Iterable[tuple[float, bool]]) -> tuple[float | None, float | None, bool]:
    """Return Kaplan and Meier's median and mean in days, and whether the mean is a least one."""
    told = sorted(times)
    share, middle, area, before = Fraction(1), None, 0.0, 0.0
    for moment in sorted({each for each, _ in told}):
        area += float(share) * (moment - before)
        before = moment
        at_risk = sum(1 for each, _ in told if each >= moment)
        share *= 1 - Fraction(sum(1 for each, left in told if each == moment and left), at_risk)
        if middle is None and share <= Fraction(1, 2):
            middle = moment
    return (
        None if middle is None else round(middle / _DAY_S, 2),
        round(area / _DAY_S, 2) if told else None,
        bool(told) and share > 0,
    )


def a_year_before(moment: datetime) -> datetime:
    return (
        moment.replace(year=moment.year - 1)
        if (moment.month, moment.day) != (2, 29)
        else (moment.replace(year=moment.year - 1, day=28))
    )
