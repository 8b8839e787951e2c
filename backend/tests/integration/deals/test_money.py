"""What a deal is worth in the base currency."""

import asyncio
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from pulse.db.engine import database
from pulse.models import Deal
from pulse.queries.money import Conversion, Rate, read_conversion
from support.deal_rows import RATE_DAY, STAMP, currency_rows, deal_rows, insert

Connection = psycopg.Connection[Any]


def valued(database_url: str, base: str = "SGD") -> dict[int, Any]:
    async def run() -> dict[int, Any]:
        async with database(database_url) as open_db, open_db.begin() as db:
            money = await read_conversion(db, base)
            rows = await db.execute(
                select(
                    Deal.id,
                    money.value(),
                    money.weighted(),
                    money.is_without_rate(),
                    money.uses_own_rate(),
                )
            )
            return {row[0]: tuple(row[1:]) for row in rows}

    return asyncio.run(run())


def conversion(database_url: str, base: str = "SGD") -> Conversion:
    async def run() -> Conversion:
        async with database(database_url) as open_db, open_db.begin() as db:
            return await read_conversion(db, base)

    return asyncio.run(run())


@pytest.fixture
def stored(database_url: str) -> Iterator[Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def test_an_amount_in_the_base_currency_is_its_own_value(
    stored: Connection, database_url: str
) -> None:
    currency_rows(stored, "USD", {"SGD": "1.35"})
    deal_rows(
        stored,
        [
            {
                "id": 1,
                "amount": "100.10",
                "currency": "SGD",
                "exchange_rate": "1.2",
                "probability": 50,
            }
        ],
    )

    assert valued(database_url) == {1: (Decimal("100.10"), Decimal("50.05"), False, False)}


def test_a_deals_own_rate_is_honoured_before_the_crms(
    stored: Connection, database_url: str
) -> None:
    currency_rows(stored, "SGD", {"INR": "62.5"})
    deal_rows(
        stored,
        [
            {"id": 1, "amount": 1000, "currency": "INR", "exchange_rate": 50, "probability": 10},
            {"id": 2, "amount": 1000, "currency": "INR"},
            {"id": 3, "amount": 1000, "currency": "INR", "exchange_rate": 0, "probability": 100},
        ],
    )

    assert valued(database_url) == {
        1: (Decimal("20.00"), Decimal("2.00"), False, True),
        2: (Decimal("16.00"), Decimal("0.00"), False, False),
        3: (Decimal("16.00"), Decimal("16.00"), False, False),
    }


def test_a_base_that_is_not_the_home_currency_is_reached_through_home(
    stored: Connection, database_url: str
) -> None:
    currency_rows(stored, "USD", {"SGD": "1.25", "INR": "80"})
    deal_rows(
        stored,
        [
            {"id": 1, "amount": 1600, "currency": "INR"},
            {"id": 2, "amount": 20, "currency": "USD", "exchange_rate": 7},
        ],
    )

    assert {deal: row[0] for deal, row in valued(database_url).items()} == {
        1: Decimal("25.00"),
        2: Decimal("25.00"),
    }


def test_a_missing_rate_leaves_no_value_and_says_so(stored: Connection, database_url: str) -> None:
    currency_rows(stored, "SGD", {"USD": "0.75", "LKR": "0"})
    deal_rows(
        stored,
        [
            {"id": 1, "amount": 5, "currency": "LKR", "probability": 50},
            {"id": 2, "amount": None, "currency": "LKR"},
            {"id": 3, "amount": 5, "currency": None, "exchange_rate": 2},
        ],
    )

    assert valued(database_url) == {
        1: (None, None, True, False),
        2: (None, None, False, False),
        3: (None, None, True, False),
    }


def test_without_a_rate_of_the_base_only_amounts_in_it_have_a_value(
    stored: Connection, database_url: str
) -> None:
    currency_rows(stored, "USD", {"INR": "80"})
    deal_rows(
        stored,
        [
            {"id": 1, "amount": 8, "currency": "SGD"},
            {"id": 2, "amount": 8, "currency": "USD"},
            {"id": 3, "amount": 8, "currency": "INR", "exchange_rate": 80},
        ],
    )

    assert {deal: row[0] for deal, row in valued(database_url).items()} == {
        1: Decimal("8.00"),
        2: None,
        3: None,
    }


def test_a_deal_without_currency_is_in_the_only_one_there_is(
    stored: Connection, database_url: str
) -> None:
    insert(
        stored,
        "crm_organisation",
        [
            {
                "id": 1,
                "company_name": "Acme",
                "edition": "Enterprise",
                "users_licensed": 5,
                "currency": "SGD",
                "document": {},
            }
        ],
    )
    deal_rows(stored, [{"id": 1, "amount": 5, "currency": None, "probability": 20}])

    assert valued(database_url) == {1: (Decimal("5.00"), Decimal("1.00"), False, False)}
    assert valued(database_url, "USD") == {1: (None, None, True, False)}


def test_values_are_rounded_deal_by_deal_so_that_sums_agree(
    stored: Connection, database_url: str
) -> None:
    currency_rows(stored, "SGD", {"XXX": 3})
    deal_rows(stored, [{"id": n, "amount": 1, "currency": "XXX"} for n in (1, 2, 3)])

    async def total() -> Decimal | None:
        async with database(database_url) as open_db, open_db.begin() as db:
            money = await read_conversion(db, "SGD")
            return await db.scalar(select(func.sum(money.value())))

    assert asyncio.run(total()) == Decimal("0.99")


def test_the_last_of_the_dated_rates_holds(stored: Connection, database_url: str) -> None:
    currency_rows(stored, "SGD", {"USD": "0.75"})
    insert(
        stored,
        "currency_rates",
        [{"iso_code": "USD", "valid_from": date(2026, 2, 1), "exchange_rate": "0.80"}],
    )

    assert conversion(database_url) == Conversion(
        base="SGD",
        home="SGD",
        rates={"USD": Rate(Decimal("0.80"), date(2026, 2, 1))},
        read_at=STAMP,
        is_single=False,
    )
    assert date(2026, 2, 1) > RATE_DAY
