"""What a pipeline is worth, by a second reading of the law: plain Python over the CRM's own dump.

Imports nothing of the product. Deals are the rows of the simulator's dump; stages and rates are
what the CRM's API tells. Filters are the query parameters of the API, read anew.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from support.crm_calls import CrmCalls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from support.simulator import SimulatorHandle

# Any: what the CRM sends.
Deal = dict[str, Any]
Parameters = dict[str, list[str]]

_CENT: Final = Decimal("0.01")
_BANDS: Final = {
    "sales": (10, 39),
    "presales": (40, 70),
    "deal_approval": (71, 80),
    "delivery": (81, 100),
    "active": (10, 89),
}
_PICKLISTS: Final = {
    "country": "Country",
    "region": "Business_Region",
    "solution": "Solution_Type",
    "funding": "Type_of_Funding",
    "segment": "Market_Segment",
    "stage": "Stage",
    "currency": "Currency",
}
_REFERENCES: Final = {"owner": "Owner", "account": "Account_Name"}
_OUTCOMES: Final = {"Open": "open", "Closed Won": "won", "Closed Lost": "lost"}


def cents(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_UP)


def exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


def mean(numbers: Sequence[Decimal]) -> float | None:
    return float(cents(sum(numbers, Decimal(0)) / len(numbers))) if numbers else None


@dataclass
class Figures:
    """Deals of one group, added up one by one."""

    deals: int = 0
    values: list[Decimal] = field(default_factory=list)
    weighted: Decimal = Decimal(0)
    probabilities: list[Decimal] = field(default_factory=list)
    without_rate: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    won: int = 0
    lost: int = 0

    @property
    def value(self) -> Decimal:
        return sum(self.values, Decimal(0))

    def figure(self, measure: str) -> float | None:
        """Return a measure as an answer shows it."""
        match measure:
            case "value":
                return float(self.value)
            case "weighted":
                return float(self.weighted)
            case "deals":
                return float(self.deals)
            case "average_size":
                return mean(self.values)
            case "average_probability":
                return mean(self.probabilities)
            case _:
                ended = self.won + self.lost
                return float(cents(Decimal(self.won) * 100 / ended)) if ended else None


class PipelineOracle:
    """The law of values, outcomes, filters and groups, for one organisation."""

    def __init__(self, crm: SimulatorHandle, base: str, zone: str) -> None:
        calls = CrmCalls(crm)
        fields = calls.get("/settings/fields", module="Deals").json()["fields"]
        [stage] = [each for each in fields if each["api_name"] == "Stage"]
        self.stages = [
            each["actual_value"]
            for each in sorted(stage["pick_list_values"], key=lambda one: one["sequence_number"])
        ]
        self.outcome_of = {
            each["actual_value"]: _OUTCOMES[each["forecast_type"]]
            for each in stage["pick_list_values"]
        }
        currencies = calls.get("/org/currencies").json()["currencies"]
        self.rates = {each["iso_code"]: Decimal(each["exchange_rate"]) for each in currencies}
        [self.home] = [each["iso_code"] for each in currencies if each["is_base"]]
        self.base = base
        self.zone = ZoneInfo(zone)

    def value(self, deal: Deal) -> Decimal | None:
        """Return what a deal is worth in the base currency; None if that is unknown."""
        amount, currency = exact(deal["Amount"]), deal["Currency"]
        if amount is None or currency is None:
            return None
        if currency == self.base:
            return cents(amount)
        if currency == self.home:
            rate: Decimal | None = Decimal(1)
        else:
            own = exact(deal["Exchange_Rate"])
            rate = own if own is not None and own > 0 else self.rates.get(currency)
        return None if rate is None else cents(amount * self.rates[self.base] / rate)

    def figures(self, deals: Iterable[Deal], closed: Iterable[Deal] = ()) -> Figures:
        """Add deals up; `closed` are those of the win rate."""
        found = Figures()
        for deal in deals:
            found.deals += 1
            value, probability = self.value(deal), exact(deal["Probability"])
            if probability is not None:
                found.probabilities.append(probability)
            if value is not None:
                found.values.append(value)
                found.weighted += cents(value * (probability or 0) / 100)
            elif deal["Amount"] is not None:
                found.without_rate[deal["Currency"]] += 1
        for deal in closed:
            is_won = self.outcome_of[deal["Stage"]] == "won"
            found.won += is_won
            found.lost += not is_won
        return found

    def grouped(
        self, deals: Iterable[Deal], closed: Iterable[Deal], names: Sequence[str]
    ) -> dict[tuple[str | None, ...], Figures]:
        """Return the figures of every combination of keys that deals have."""
        sides: dict[tuple[str | None, ...], tuple[list[Deal], list[Deal]]] = defaultdict(
            lambda: ([], [])
        )
        for side, rows in enumerate((deals, closed)):
            for deal in rows:
                sides[tuple(self.key(deal, name) for name in names)][side].append(deal)
        return {keys: self.figures(*both) for keys, both in sides.items()}

    def key(self, deal: Deal, name: str) -> str | None:  # noqa: PLR0911 - a rule a line
        """Return which group of a dimension a deal is in."""
        if name in _PICKLISTS:
            return None if deal[_PICKLISTS[name]] is None else str(deal[_PICKLISTS[name]])
        if name in _REFERENCES:
            reference = deal[_REFERENCES[name]]
            return None if reference is None else str(reference["id"])
        if name.startswith("crm."):
            kept = deal[name.removeprefix("crm.")]
            return str(kept).lower() if isinstance(kept, bool) else kept
        if name == "outcome":
            return self.outcome_of.get(deal["Stage"])
        if name == "created_month":
            return f"{datetime.fromisoformat(deal['Created_Time']).astimezone(self.zone):%Y-%m}"
        if name == "probability_band":
            return _band(deal["Probability"])
        closing = deal["Closing_Date"]
        if closing is None:
            return None
        year, month = closing[:4], int(closing[5:7])
        return closing[:7] if name == "closing_month" else f"{year}-Q{(month + 2) // 3}"

    def chosen(self, deals: Iterable[Deal], asked: Parameters, today: date) -> list[Deal]:
        """Return the deals that fulfil query parameters."""
        return [deal for deal in deals if self._fits(deal, asked, today)]

    def closed(
        self, deals: Iterable[Deal], asked: Parameters, first: date, last: date
    ) -> list[Deal]:
        """Return the deals of a win rate: closed in a range, wherever filters say they stand."""
        stands = ("closing", "closing_from", "closing_to", "probability", "outcome", "stage")
        rest = {name: values for name, values in asked.items() if name not in stands}
        return [
            deal
            for deal in self.chosen(deals, rest, last)
            if self.outcome_of[deal["Stage"]] != "open"
            and deal["Closing_Date"] is not None
            and first <= date.fromisoformat(deal["Closing_Date"]) <= last
        ]

    def _fits(self, deal: Deal, asked: Parameters, today: date) -> bool:
        tests = (
            self._fits_choice(deal, asked),
            _fits_closing(deal["Closing_Date"], asked, today),
            self._fits_value(deal, asked),
            "q" not in asked or any(asked["q"][0].lower() in name for name in _names(deal)),
        )
        return all(tests)

    def _fits_choice(self, deal: Deal, asked: Mapping[str, list[str]]) -> bool:
        for name in (*_PICKLISTS, *_REFERENCES, "outcome"):
            if name in asked and (self.key(deal, name) or "") not in asked[name]:
                return False
        bands = asked.get("probability", ["all"])
        likely = deal["Probability"]
        return "all" in bands or (
            likely is not None
            and any(_BANDS[band][0] <= likely <= _BANDS[band][1] for band in bands)
        )

    def _fits_value(self, deal: Deal, asked: Parameters) -> bool:
        value = self.value(deal)
        for name, sign in (("value_from", 1), ("value_to", -1)):
            if name in asked and (value is None or value * sign < Decimal(asked[name][0]) * sign):
                return False
        return True


def _names(deal: Deal) -> list[str]:
    referred = [deal[field]["name"] for field in _REFERENCES.values() if deal[field] is not None]
    return [name.lower() for name in (deal["Deal_Name"], *referred)]


def _band(probability: float | None) -> str | None:
    if probability is None:
        return None
    names = [name for name in _BANDS if name != "active"]
    for name in names:
        if _BANDS[name][0] <= probability <= _BANDS[name][1]:
            return name
    return "below_sales"


def _fits_closing(closing: str | None, asked: Parameters, today: date) -> bool:
    first, last = asked.get("closing_from", [""])[0], asked.get("closing_to", [""])[0]
    if not first and not last and asked.get("closing") == ["current_quarter"]:
        month = (today.month - 1) // 3 * 3 + 1
        start = date(today.year, month, 1)
        end = (start + timedelta(days=93)).replace(day=1) - timedelta(days=1)
        first, last = start.isoformat(), end.isoformat()
    if not first and not last:
        return True
    return closing is not None and first <= closing <= (last or "9999")
