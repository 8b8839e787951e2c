"""What the pipeline is worth, computed once more: from the CRM's own answers, in plain Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from support.crm_calls import CrmCalls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.simulator import SimulatorHandle

_CENT = Decimal("0.01")
_MONTHS = 3

# Any: what the CRM sends.
Row = dict[str, Any]


@dataclass
class Sums:
    """Deals, value and weighted value of a group."""

    deals: int = 0
    value: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)

    def add(self, value: Decimal | None, probability: int | None) -> None:
        self.deals += 1
        if value is not None:
            self.value += value
            self.weighted += _cents(value * Decimal(probability or 0) / 100)

    def answer(self) -> dict[str, object]:
        return {
            "deals": self.deals,
            "value": float(self.value),
            "weighted": float(self.weighted),
        }


@dataclass
class Expected:
    """The figures of the Dashboard."""

    total: Sums = field(default_factory=Sums)
    overdue: Sums = field(default_factory=Sums)
    realised: Sums = field(default_factory=Sums)
    realised_lately: Decimal = Decimal(0)
    by_stage: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    by_country: dict[str | None, Sums] = field(default_factory=lambda: defaultdict(Sums))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


class Oracle:
    """Reads stages and rates from the CRM; sums dumps of its deals. Home is SGD, as is the base."""

    def __init__(self, crm: SimulatorHandle) -> None:
        calls = CrmCalls(crm)
        fields = calls.get("/settings/fields", module="Deals").json()["fields"]
        [stage] = [each for each in fields if each["api_name"] == "Stage"]
        values = sorted(stage["pick_list_values"], key=lambda each: each["sequence_number"])
        self.open_stages = [
            each["actual_value"] for each in values if each["forecast_type"] == "Open"
        ]
        self.labels = {each["actual_value"]: each["display_value"] for each in values}
        currencies = calls.get("/org/currencies").json()["currencies"]
        self.rates = {each["iso_code"]: Decimal(each["exchange_rate"]) for each in currencies}

    def value(self, deal: Row) -> Decimal | None:
        amount = _exact(deal["Amount"])
        if amount is None or deal["Currency"] == "SGD":
            return amount
        rate = _exact(deal["Exchange_Rate"]) or self.rates.get(deal["Currency"])
        return None if rate is None else _cents(amount / rate)

    def expected(self, deals: Iterable[Row], today: date) -> Expected:
        found = Expected()
        quarter = date(today.year, (today.month - 1) // _MONTHS * _MONTHS + 1, 1)
        for deal in deals:
            value, probability = self.value(deal), deal["Probability"]
            if deal["Stage"] in self.open_stages:
                for group in self._groups(found, deal, today):
                    group.add(value, probability)
            recognised = deal["OB_Recognition_Date"]
            if recognised and quarter <= date.fromisoformat(recognised) <= today:
                found.realised.add(value, probability)
                if date.fromisoformat(recognised) > today - timedelta(days=7):
                    found.realised_lately += value or 0
        return found

    def _groups(self, found: Expected, deal: Row, today: date) -> Iterable[Sums]:
        yield found.total
        yield found.by_stage[deal["Stage"]]
        yield found.by_country[deal["Country"]]
        if deal["Closing_Date"] and date.fromisoformat(deal["Closing_Date"]) < today:
            yield found.overdue
