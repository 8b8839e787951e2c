"""What `/api/dashboard` gives."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pulse.web.money import Figure


class Totals(BaseModel):
    """A group of deals. Those without an amount or without a rate count, and add nothing."""

    deals: int
    value: Figure = Field(description="In the base currency.")
    weighted: Figure = Field(description="Value by probability (in percent), in the base currency.")


class StageTotals(Totals):
    """The open deals of one stage."""

    stage: str | None = Field(description="As records carry it.")
    label: str = Field(description="As people see it in the CRM.")
    probability: int | None = Field(description="Of the stage, by the CRM.")


class CountryTotals(Totals):
    """The open deals of one country; null for deals that name none."""

    country: str | None


class OtherCountries(Totals):
    """The open deals of all countries but those listed."""

    countries: int


class WithoutRate(BaseModel):
    """Open deals whose amount has no rate, and so is in no total."""

    currency: str | None = Field(description="Null for deals without a currency.")
    deals: int


class OpenPipeline(BaseModel):
    """What counts as open, in a form that a filter of deals can repeat."""

    rule: Literal["forecast", "probability"] = Field(
        description="`forecast`: the CRM forecasts the deal's stage as open. `probability`: it "
        "forecasts no stage, so a probability of 10 to 89 is open."
    )
    stages: list[str] = Field(description="The open stages; empty under `probability`.")
    probability_from: int | None = Field(description="Under `probability` only.")
    probability_to: int | None
    undescribed_deals: int = Field(
        description="Live deals in stages that the CRM does not describe: in no total."
    )


class Difference(BaseModel):
    """How a figure differs from what it was."""

    absolute: Figure
    relative: float | None = Field(description="Of what it was; null where that was zero.")


class Change(BaseModel):
    """The open pipeline against what it was: versions of deals and rates of that day."""

    since: datetime
    is_cut: bool = Field(description="True if history is shorter than seven days.")
    deals: Difference
    value: Difference
    weighted: Difference
    new_deals: int = Field(description="Created since then.")
    won_deals: int
    lost_deals: int
    postponed_deals: int = Field(description="Open then and now, with a later closing date.")


class Realised(BaseModel):
    """Revenue recognised in this quarter, up to today."""

    quarter: int = Field(ge=1, le=4)
    year: int
    starts_on: date
    deals: int
    value: Figure
    last_7_days: Figure = Field(description="Of it, recognised within the last seven days.")
    without_rate: int


class Dashboard(BaseModel):
    """The pipeline of this moment. Money is in the base currency."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as_of": "2026-03-02T09:30:00Z",
                    "today": "2026-03-02",
                    "base_currency": "SGD",
                    "rates_read_at": "2026-03-02T09:00:00Z",
                    "open": {
                        "rule": "forecast",
                        "stages": ["Qualification", "Negotiation/Review"],
                        "probability_from": None,
                        "probability_to": None,
                        "undescribed_deals": 0,
                    },
                    "total": {"deals": 214, "value": 48615240.00, "weighted": 26989605.40},
                    "overdue": {"deals": 12, "value": 1806000.00, "weighted": 903000.00},
                    "without_rate": [{"currency": "LKR", "deals": 3}],
                    "change": {
                        "since": "2026-02-23T09:30:00Z",
                        "is_cut": False,
                        "deals": {"absolute": 9, "relative": 0.0439},
                        "value": {"absolute": 2140000.00, "relative": 0.046},
                        "weighted": {"absolute": -1306420.00, "relative": -0.0462},
                        "new_deals": 18,
                        "won_deals": 4,
                        "lost_deals": 2,
                        "postponed_deals": 9,
                    },
                    "realised": {
                        "quarter": 1,
                        "year": 2026,
                        "starts_on": "2026-01-01",
                        "deals": 41,
                        "value": 6284917.00,
                        "last_7_days": 742800.00,
                        "without_rate": 0,
                    },
                    "by_stage": [
                        {
                            "stage": "Qualification",
                            "label": "Qualification",
                            "probability": 10,
                            "deals": 52,
                            "value": 10128281.00,
                            "weighted": 1012828.10,
                        }
                    ],
                    "by_country": [
                        {
                            "country": "Singapore",
                            "deals": 62,
                            "value": 17842300.00,
                            "weighted": 9813265.00,
                        }
                    ],
                    "other_countries": {
                        "countries": 3,
                        "deals": 28,
                        "value": 4537650.00,
                        "weighted": 2041942.50,
                    },
                }
            ]
        }
    )

    as_of: datetime
    today: date = Field(description="The organisation's date: what is overdue is so by it.")
    base_currency: str
    rates_read_at: datetime | None = Field(
        description="When the CRM's rates were read last; null before."
    )
    open: OpenPipeline
    total: Totals
    overdue: Totals = Field(description="Open, though the closing date has passed.")
    without_rate: list[WithoutRate] = Field(description="By currency, most deals first.")
    change: Change | None = Field(
        description="Against seven days ago, or since history began; null before a full sync."
    )
    realised: Realised
    by_stage: list[StageTotals] = Field(description="In the CRM's order of stages.")
    by_country: list[CountryTotals] = Field(description="The five greatest values, in order.")
    other_countries: OtherCountries | None = Field(description="Null where five are all.")
