"""Revenue and forecast by month against plain Python over the same rows, and the deals behind."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import psycopg
import pytest

from support.api import START, Api
from support.api_rows import add_change, add_session
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD

TODAY = START.date()
"""A Monday, 2 March 2026; the organisation is in UTC here."""
CENT = Decimal("0.01")
RATES = {"USD": Decimal("0.75")}
MONTHS = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 7))]
OPEN_STAGES = ("Qualify", "Propose")
Row = dict[str, Any]


def some_deal(random: Random) -> Row:
    return {
        "name": f"Deal {random.randrange(1000)}",
        "stage": random.choice([*OPEN_STAGES * 3, "Won", "Lost", None]),
        "closing_date": random.choice([TODAY + timedelta(days=random.randrange(-90, 150)), None]),
        "revenue_recognised_on": random.choice(
            [None, None, TODAY + timedelta(days=random.randrange(-120, 30))]
        ),
        "probability": random.choice([None, 10, 50, 75, 75]),
        "amount": Decimal(random.randrange(10**7)) / 100 if random.random() < 0.8 else None,
        "currency": random.choice(["SGD", "SGD", "USD", "LKR", None]),
        "country": random.choice(["India", "Singapore"]),
        "crm_modified_at": START - timedelta(days=1),
    }


@pytest.fixture
def rows(api: Api) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", RATES)
        insert(connection, "crm_fields", [STAGE_FIELD])
        long_ago = START - timedelta(days=60)
        add_session(api, "full_sync", "completed", created_at=long_ago, completed_at=long_ago)
        yield connection


@pytest.fixture
def deals(rows: psycopg.Connection[Any]) -> dict[int, Row]:
    random = Random(5)
    found = {number: some_deal(random) for number in range(1, 401)}
    deal_rows(rows, [{"id": number, **row} for number, row in found.items()])
    return found


def ask(api: Api, path: str, **asked: str) -> dict[str, Any]:
    answer = api.client.get(f"/api/dashboard/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def value(row: Row) -> Decimal | None:
    rate = {"SGD": Decimal(1), **RATES}.get(row["currency"] or "")
    if row["amount"] is None or rate is None:
        return None
    return (row["amount"] / rate).quantize(CENT, ROUND_HALF_UP)


def weighted(row: Row) -> Decimal:
    worth = value(row)
    if worth is None or row["probability"] is None:
        return Decimal(0)
    return (worth * row["probability"] / 100).quantize(CENT, ROUND_HALF_UP)


def is_realised(row: Row) -> bool:
    day = row["revenue_recognised_on"]
    return day is not None and day <= TODAY


def is_expected(row: Row) -> bool:
    return row["stage"] in OPEN_STAGES and row["closing_date"] is not None and not is_realised(row)


def month_of(day: date) -> date:
    return day.replace(day=1)


def total(rows: list[Row]) -> float:
    return float(sum((value(row) or Decimal(0) for row in rows), Decimal(0)))


def test_months_hold_what_was_recognised_and_what_open_deals_are_expected_to_bring(
    api: Api, deals: dict[int, Row]
) -> None:
    told = ask(api, "revenue")

    assert [each["starts_on"] for each in told["months"]] == [day.isoformat() for day in MONTHS]
    assert [each["ends_on"] for each in told["months"]][2:4] == ["2026-02-28", "2026-03-31"]
    for month, shown in zip(MONTHS, told["months"], strict=True):
        realised = [
            row
            for row in deals.values()
            if is_realised(row) and month_of(row["revenue_recognised_on"]) == month
        ]
        expected = [
            row
            for row in deals.values()
            if is_expected(row) and month_of(row["closing_date"]) == month
        ]
        assert shown["realised"] == {"deals": len(realised), "value": total(realised)}
        if month < month_of(TODAY):
            assert shown["expected"] is None
        else:
            assert shown["expected"] == {
                "deals": len(expected),
                "value": total(expected),
                "weighted": float(sum(map(weighted, expected))),
            }
    assert all(each["realised"]["deals"] > 0 for each in told["months"][:4])
    assert [each["expected"]["weighted"] > 0 for each in told["months"][3:]] == [True] * 4


def test_the_quarter_counts_up_to_today_and_the_week_since_monday(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    api.clock.advance(days=2)  # Wednesday, 4 March
    days = (
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 3, 1),
        date(2026, 3, 2),
        date(2026, 3, 4),
        date(2026, 3, 5),
    )
    deal_rows(
        rows,
        [
            {
                "id": place,
                "stage": "Won",
                "amount": 10**place,
                "currency": "SGD",
                "revenue_recognised_on": day,
            }
            for place, day in enumerate(days)
        ],
    )

    assert ask(api, "revenue")["quarter"] == {
        "quarter": "2026-Q1",
        "starts_on": "2026-01-01",
        "deals": 4,
        "value": 11_110.0,
        "this_week": 11_000.0,
    }


@pytest.mark.usefixtures("rows")
def test_the_months_cross_the_end_of_a_year(api: Api) -> None:
    api.clock.advance(days=-75)  # 17 December
    shown = ask(api, "revenue")["months"]
    assert [each["starts_on"] for each in shown][2:5] == ["2025-11-01", "2025-12-01", "2026-01-01"]
    assert shown[-1]["ends_on"] == "2026-03-31"


def test_filters_hold_and_conflicts_and_missing_rates_are_told(
    api: Api, deals: dict[int, Row]
) -> None:
    meant = [
        number
        for number, row in deals.items()
        if row["country"] == "India"
        and (
            (is_realised(row) and row["revenue_recognised_on"] >= MONTHS[0])
            or (
                is_expected(row)
                and month_of(TODAY) <= row["closing_date"]
                and row["closing_date"] < date(2026, 7, 1)
            )
        )
    ]
    clashing = next(number for number in meant if value(deals[number]))
    add_change(api, clashing, "Amount", "conflict")
    add_change(api, next(n for n, row in deals.items() if n not in meant), "Amount", "conflict")

    basis = ask(api, "revenue", country="India")["basis"]

    assert basis["conflicts"] == {"deals": 1, "value": float(value(deals[clashing]) or 0)}
    missing = {each["currency"]: each["deals"] for each in basis["without_rate"]}
    for code in ("LKR", None):
        assert missing[code] == sum(
            deals[number]["currency"] == code and deals[number]["amount"] is not None
            for number in meant
        )


def test_a_bar_opens_the_deals_that_make_it_greatest_first(api: Api, deals: dict[int, Row]) -> None:
    asked = {"kind": "expected", "first": "2026-04-01", "last": "2026-04-30"}
    april = {
        number: row
        for number, row in deals.items()
        if is_expected(row) and month_of(row["closing_date"]) == date(2026, 4, 1)
    }

    def greatest_first(number: int) -> tuple[bool, Decimal, int]:
        worth = value(april[number])
        return (worth is None, -(worth or Decimal(0)), number)

    order = [str(number) for number in sorted(april, key=greatest_first)]
    first = ask(api, "revenue/deals", limit="2", **asked)
    rest = ask(api, "revenue/deals", offset="2", **asked)
    assert [each["id"] for each in first["items"] + rest["items"]] == order
    assert (first["count"], first["has_more"], rest["has_more"]) == (len(april), True, False)
    shown = april[int(first["items"][0]["id"])]
    assert first["items"][0] == {
        "id": order[0],
        "name": shown["name"],
        "account": None,
        "owner": None,
        "on": shown["closing_date"].isoformat(),
        "probability": shown["probability"],
        "value": float(value(shown) or 0),
    }

    # What is not recognised yet is not realised, though its day lies in the range.
    realised = ask(
        api, "revenue/deals", kind="realised", first="2026-02-01", last="2026-12-31", limit="200"
    )
    assert {int(each["id"]) for each in realised["items"]} == {
        number
        for number, row in deals.items()
        if is_realised(row) and row["revenue_recognised_on"] >= date(2026, 2, 1)
    }


@pytest.mark.usefixtures("rows")
def test_a_range_that_ends_before_it_begins_is_refused(api: Api) -> None:
    answer = api.client.get(
        "/api/dashboard/revenue/deals",
        params={"kind": "realised", "first": "2026-03-02", "last": "2026-03-01"},
    )
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (400, "invalid_input", "first")
