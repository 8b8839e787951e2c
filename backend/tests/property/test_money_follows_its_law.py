"""Conversion in SQL against the law in exact fractions, over random deals and rates."""

import asyncio
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pulse.db.engine import database
from pulse.models import Deal
from pulse.queries.money import read_conversion
from support.deal_rows import currency_rows, deal_rows

CODES = ("SGD", "USD", "INR", "JPY", "LKR")
amounts = st.one_of(
    st.none(),
    st.decimals("-1000000", "1000000000", places=2, allow_nan=False, allow_infinity=False),
)
rates = st.decimals("0.0001", "20000", places=6, allow_nan=False, allow_infinity=False)
deals = st.lists(
    st.fixed_dictionaries(
        {
            "amount": amounts,
            "currency": st.sampled_from([None, *CODES]),
            "exchange_rate": st.one_of(st.none(), st.just(Decimal(0)), rates),
            "probability": st.one_of(st.none(), st.integers(0, 100)),
        }
    ),
    min_size=1,
    max_size=12,
)


def to_cents(exact: Fraction) -> Decimal:
    """Round half away from zero without ever leaving whole numbers."""
    doubled = abs(exact) * 200
    cents = (int(doubled) + 1) // 2
    return Decimal(-cents if exact < 0 else cents) / 100


def oracle(deal: dict[str, Any], base: str, home: str, known: dict[str, Decimal]) -> Decimal | None:
    amount, code = deal["amount"], deal["currency"]
    if code is None and not known:
        code = home
    if amount is None or code is None:
        return None
    if code == base:
        return to_cents(Fraction(amount))
    if code == home:
        at_home = Fraction(amount)
    elif deal["exchange_rate"]:
        at_home = Fraction(amount) / Fraction(deal["exchange_rate"])
    elif code in known:
        at_home = Fraction(amount) / Fraction(known[code])
    else:
        return None
    if base == home:
        return to_cents(at_home)
    return to_cents(at_home * Fraction(known[base])) if base in known else None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=deals,
    home=st.sampled_from(CODES[:3]),
    base=st.sampled_from(CODES[:3]),
    known=st.dictionaries(st.sampled_from(CODES), rates, max_size=4),
)
def test_every_value_is_what_the_law_says(
    database_url: str,
    rows: list[dict[str, Any]],
    home: str,
    base: str,
    known: dict[str, Decimal],
) -> None:
    known = {code: rate for code, rate in known.items() if code != home}
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE deals, crm_documents, record_sync_status, crm_currencies, currency_rates"
        )
        currency_rows(connection, home, known)
        deal_rows(connection, [{"id": at, **row} for at, row in enumerate(rows, 1)])

    async def run() -> dict[int, tuple[Decimal | None, Decimal | None, bool]]:
        async with database(database_url) as open_db, open_db.begin() as db:
            money = await read_conversion(db, base)
            found = await db.execute(
                select(Deal.id, money.value(), money.weighted(), money.is_without_rate())
            )
            for at, row in enumerate(rows, 1):
                # The same law without SQL, for one amount at a time.
                amount = row["amount"]
                alone = (
                    None
                    if amount is None
                    else money.worth(amount, row["currency"], row["exchange_rate"])
                )
                value = oracle(row, base, home, known)
                assert (None if alone is None else to_cents(Fraction(alone))) == value, at
            return {row[0]: (row[1], row[2], row[3]) for row in found}

    expected = {}
    for at, row in enumerate(rows, 1):
        value = oracle(row, base, home, known)
        weighted = (
            None if value is None else to_cents(Fraction(value) * (row["probability"] or 0) / 100)
        )
        expected[at] = (value, weighted, row["amount"] is not None and value is None)
    assert asyncio.run(run()) == expected
