"""Routes of currencies: rates, conversion, and reading the CRM's rates now."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from pulse.currency import rates, service
from pulse.currency.ports import RefreshRates
from pulse.currency.schemas import (
    CacheStatus,
    ConvertedAmount,
    CurrencyRates,
    RatesRefreshed,
    SupportedCurrencies,
)
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.problems import problems

router = APIRouter(prefix="/api/currency", tags=["currency"], responses=DATABASE_PROBLEMS)

_FUTURE: Final = rates.future_day(date(2026, 8, 18), date(2026, 8, 17))
_MOST: Final = 10**16
_ISO: Final = r"^[A-Z]{3}$"


def _refresh(request: Request) -> RefreshRates:
    refresh: RefreshRates = request.app.state.refresh_rates
    return refresh


Day = Annotated[
    date | None, Query(description="By the rates that held on this day (UTC); without it, now.")
]


@router.get("/rates", summary="Rates with their history", responses=problems(_FUTURE))
async def get_rates(_: Viewer, db: ReadDb, clock: ClockOf, on: Day = None) -> CurrencyRates:
    """Return each currency's rate, since when it holds, and the deals that it touches."""
    return await service.read_rates(db, on, clock.now())


@router.get("/supported", summary="Currencies that the CRM lists")
async def get_supported(_: Viewer, db: ReadDb) -> SupportedCurrencies:
    """Return the currencies of the CRM and whether amounts in them have a value."""
    return await service.read_supported(db)


@router.get(
    "/convert",
    summary="Convert an amount",
    responses=problems(rates.missing_rate("from", "LKR"), _FUTURE),
)
async def get_conversion(
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    amount: Annotated[Decimal, Query(ge=-_MOST, le=_MOST, examples=["118500000"])],
    given: Annotated[
        str, Query(alias="from", pattern=_ISO, description="ISO code.", examples=["INR"])
    ],
    wanted: Annotated[
        str, Query(alias="to", pattern=_ISO, description="ISO code.", examples=["SGD"])
    ],
    on: Day = None,
) -> ConvertedAmount:
    """Convert by the CRM's rates; a missing one is an error that names the currency."""
    asked = service.Wanted(amount, given, wanted, on)
    return await service.convert_amount(db, asked, clock.now())


@router.get("/cache-status", summary="How old the rates are")
async def get_cache_status(_: Viewer, db: ReadDb, clock: ClockOf) -> CacheStatus:
    """Return when rates were read last, and the deals that missing or old ones touch."""
    return await service.cache_status(db, clock.now())


@router.post(
    "/refresh",
    summary="Read the CRM's rates now",
    responses=problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable()),
)
async def refresh_rates(
    who: Editor, refresh: Annotated[RefreshRates, Depends(_refresh)]
) -> RatesRefreshed:
    """Read the CRM's currencies with one call, and keep what changed in the history."""
    return service.refreshed(await refresh(who))
