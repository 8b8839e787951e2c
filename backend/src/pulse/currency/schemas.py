"""What `/api/currency` takes and gives; rates and amounts are decimal texts, digit for digit."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from pulse.fields.values import DecimalText

if TYPE_CHECKING:
    from pydantic.config import JsonDict

_STEP: JsonDict = {"since": "2026-08-10", "rate": "65.4", "in_base": "0.0152905198777"}
_RATE: JsonDict = {
    "currency": "INR",
    "name": "Indian Rupee",
    "symbol": "₹",
    "is_home": False,
    "is_base": False,
    "is_active": True,
    "is_known": True,
    "rate": "65.4",
    "in_base": "0.0152905198777",
    "since": "2026-08-10",
    "deals": 1204,
    "without_rate": 0,
    "by_crm_rate": 31,
    "history": [_STEP],
}
_TOUCHED: JsonDict = {"currency": "LKR", "deals": 3}


class CacheState(StrEnum):
    """How old what is known of the CRM's rates is."""

    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never"
    """They have not been read yet."""


class RateStep(BaseModel):
    """A rate that held from a day on."""

    since: date
    rate: DecimalText = Field(description="Units of the currency for one of the home currency.")
    in_base: DecimalText | None = Field(
        description="What one unit is worth in the base currency by the rates of that day, to "
        "twelve digits; null where the base had no rate then."
    )


class CurrencyRate(BaseModel):
    """A currency, its rate and the deals in it."""

    currency: str = Field(description="ISO code.")
    name: str | None = Field(description="Null: deals use it, and the CRM does not list it.")
    symbol: str | None
    is_home: bool = Field(description="The organisation's own: rates are told in it.")
    is_base: bool = Field(description="What pages sum in.")
    is_active: bool = Field(description="Whether the CRM still offers it.")
    is_known: bool = Field(description="Whether the CRM lists it at all.")
    rate: DecimalText | None = Field(
        description="Units for one of the home currency; null: there is none."
    )
    in_base: DecimalText | None = Field(
        description="What one unit is worth in the base currency, to twelve digits."
    )
    since: date | None = Field(description="Since when it holds; null for the home currency.")
    deals: int = Field(description="Deals in this currency now.")
    without_rate: int = Field(description="Of these, with an amount that cannot be converted.")
    by_crm_rate: int = Field(
        description="Of these, valued by the CRM's rates and not by their own alone."
    )
    history: list[RateStep] = Field(description="The last thirty changes, oldest first.")


class CurrencyRates(BaseModel):
    """The rates of a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "on": None,
                    "base_currency": "SGD",
                    "home_currency": "SGD",
                    "read_at": "2026-08-17T00:02:11Z",
                    "items": [_RATE],
                    "deals_without_currency": 0,
                }
            ]
        }
    )

    on: date | None = Field(description="The day that was asked for; null: now.")
    base_currency: str
    home_currency: str | None = Field(description="Null before the organisation was read.")
    read_at: datetime | None = Field(description="When the CRM's currencies were read last.")
    items: list[CurrencyRate] = Field(description="Home first, then by code.")
    deals_without_currency: int = Field(
        description="With an amount in no currency, so in no total."
    )


class SupportedCurrency(BaseModel):
    """A currency that the CRM lists."""

    currency: str
    name: str
    symbol: str | None
    is_home: bool
    is_base: bool
    is_active: bool
    is_convertible: bool = Field(description="Whether amounts in it have a value in the base.")


class SupportedCurrencies(BaseModel):
    """The currencies that the CRM lists."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "base_currency": "SGD",
                    "items": [
                        {
                            "currency": "INR",
                            "name": "Indian Rupee",
                            "symbol": "₹",
                            "is_home": False,
                            "is_base": False,
                            "is_active": True,
                            "is_convertible": True,
                        }
                    ],
                }
            ]
        }
    )

    base_currency: str
    items: list[SupportedCurrency]


class RateOfConversion(BaseModel):
    """A rate of the CRM's that a conversion used."""

    currency: str
    rate: DecimalText = Field(description="Units for one of the home currency.")
    since: date


class ConvertedAmount(BaseModel):
    """An amount in another currency."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "amount": "118500000",
                    "from_currency": "INR",
                    "to_currency": "SGD",
                    "on": None,
                    "result": "1811926.61",
                    "rate": "0.0152905198777",
                    "rates": [{"currency": "INR", "rate": "65.4", "since": "2026-08-10"}],
                }
            ]
        }
    )

    amount: DecimalText
    from_currency: str
    to_currency: str
    on: date | None = Field(description="The day whose rates were used; null: now.")
    result: DecimalText = Field(description="To cents, half away from zero.")
    rate: DecimalText = Field(description="Units of the one for one of the other; twelve digits.")
    rates: list[RateOfConversion] = Field(description="The home currency's is always 1.")


class TouchedDeals(BaseModel):
    """Deals in a currency."""

    currency: str | None = Field(description="Null: they have none.")
    deals: int


class CacheStatus(BaseModel):
    """How old the rates are, and whom that touches."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "fresh",
                    "read_at": "2026-08-17T00:02:11Z",
                    "age_seconds": 2329,
                    "fresh_for_seconds": 604800,
                    "currencies": 6,
                    "without_rate": [_TOUCHED],
                    "by_crm_rate": [{"currency": "INR", "deals": 31}],
                }
            ]
        }
    )

    status: CacheState
    read_at: datetime | None
    age_seconds: int | None
    fresh_for_seconds: int
    currencies: int = Field(description="That the CRM offers.")
    without_rate: list[TouchedDeals] = Field(
        description="Deals whose amount is in no total, for a rate is missing."
    )
    by_crm_rate: list[TouchedDeals] = Field(
        description="Deals whose value is as old as these rates; others have rates of their own."
    )


class ChangedRate(BaseModel):
    """A rate that a refresh changed."""

    currency: str
    before: DecimalText | None = Field(description="Null: it is the currency's first.")
    after: DecimalText


class RatesRefreshed(BaseModel):
    """What a refresh brought."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "1 rate changed: INR.",
                    "changed": [{"currency": "INR", "before": "65.1", "after": "65.4"}],
                    "calls": 1,
                    "credits": 1,
                }
            ]
        }
    )

    message: str
    changed: list[ChangedRate]
    calls: int
    credits: int
