"""Rates over HTTP: as of a day, converted, how old they are, and read from the CRM now."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.api import Api
from support.deal_rows import RATE_DAY, currency_rows, deal_rows
from support.synced import Synced


def fill(api: Api, home: str, rates: dict[str, object], deals: list[dict[str, object]]) -> None:
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, home, rates)
        deal_rows(connection, deals)


@pytest.fixture
def filled(api: Api) -> Api:
    """A Singaporean organisation with deals that have a rate, their own rate, none."""
    fill(
        api,
        "SGD",
        {"INR": "65.4", "USD": "0.75"},
        [
            {"id": 1, "amount": 100, "currency": "SGD"},
            {"id": 2, "amount": 6540, "currency": "INR"},
            {"id": 3, "amount": 6540, "currency": "INR", "exchange_rate": "60"},
            {"id": 4, "amount": 7, "currency": "LKR"},
            {"id": 5, "currency": "LKR"},
            {"id": 6, "amount": 9},
            {"id": 7, "amount": 1, "currency": "LKR", "presence": "deleted"},
        ],
    )
    return api


def get(api: Api, path: str, **asked: object) -> Any:  # noqa: ANN401 - an answer
    answer = api.client.get(f"/api/currency/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(api: Api, **asked: object) -> dict[str, object]:
    answer = api.client.get("/api/currency/convert", params=asked)
    assert answer.status_code == 400
    problem: dict[str, object] = answer.json()
    assert problem["fix"]
    return {name: problem.get(name) for name in ("code", "field", "currency")}


def test_rates_stand_with_their_history_and_the_deals_that_they_touch(filled: Api) -> None:
    filled.sql("INSERT INTO currency_rates VALUES ('INR', '2026-02-20', 70)")

    found = get(filled, "rates")

    assert (found["base_currency"], found["home_currency"], found["on"]) == ("SGD", "SGD", None)
    assert found["deals_without_currency"] == 1
    rows = {row["currency"]: row for row in found["items"]}
    assert list(rows) == ["SGD", "INR", "LKR", "USD"]
    rupee = rows["INR"]
    assert {name: rupee[name] for name in ("rate", "in_base", "since", "history")} == {
        "rate": "70",
        "in_base": "0.0142857142857",
        "since": "2026-02-20",
        "history": [
            {"since": "2026-01-05", "rate": "65.4", "in_base": "0.0152905198777"},
            {"since": "2026-02-20", "rate": "70", "in_base": "0.0142857142857"},
        ],
    }
    assert [
        (code, *map(rows[code].get, ("deals", "without_rate", "by_crm_rate"))) for code in rows
    ] == [
        ("SGD", 1, 0, 0),
        ("INR", 2, 0, 1),
        ("LKR", 2, 1, 0),
        ("USD", 0, 0, 0),
    ]
    assert (rows["LKR"]["is_known"], rows["LKR"]["rate"], rows["LKR"]["in_base"]) == (
        False,
        None,
        None,
    )


def test_rates_of_a_past_day_are_those_that_held_then(filled: Api) -> None:
    filled.sql("INSERT INTO currency_rates VALUES ('INR', '2026-02-20', 70)")

    def rupee(on: str) -> tuple[object, object]:
        rows = get(filled, "rates", on=on)["items"]
        [row] = [row for row in rows if row["currency"] == "INR"]
        return row["rate"], len(row["history"])

    assert rupee("2026-02-20") == ("70", 2)
    assert rupee("2026-02-19") == ("65.4", 1)
    assert rupee("2026-01-04") == (None, 0)
    future = filled.client.get("/api/currency/rates", params={"on": "2026-03-03"})
    assert (future.status_code, future.json()["code"]) == (400, "invalid_day")


@pytest.mark.parametrize(
    ("asked", "result", "rate", "used"),
    [
        ({"amount": "6540", "from": "INR", "to": "SGD"}, "100", "0.0152905198777", ["INR"]),
        ({"amount": "100", "from": "SGD", "to": "INR"}, "6540", "65.4", ["INR"]),
        ({"amount": "65.4", "from": "INR", "to": "USD"}, "0.75", "0.0114678899083", ["INR", "USD"]),
        ({"amount": "0.01", "from": "INR", "to": "SGD"}, "0", "0.0152905198777", ["INR"]),
        ({"amount": "-0.327", "from": "INR", "to": "SGD"}, "-0.01", "0.0152905198777", ["INR"]),
        ({"amount": "7.005", "from": "LKR", "to": "LKR"}, "7.01", "1", []),
        (
            {"amount": "9999999999999999", "from": "SGD", "to": "INR"},
            "653999999999999934.60",
            "65.4",
            ["INR"],
        ),
    ],
)
def test_amounts_are_converted_to_the_cent_by_the_rates_that_are_named(
    filled: Api, asked: dict[str, str], result: str, rate: str, used: list[str]
) -> None:
    found = get(filled, "convert", **asked)

    assert Decimal(found["result"]) == Decimal(result)
    assert (found["rate"], [each["currency"] for each in found["rates"]]) == (rate, used)
    assert all(each["since"] == RATE_DAY.isoformat() for each in found["rates"])


def test_a_missing_rate_is_an_error_that_names_the_currency_and_never_a_guess(filled: Api) -> None:
    assert refused(filled, amount=1, **{"from": "LKR", "to": "SGD"}) == {
        "code": "missing_rate",
        "field": "from",
        "currency": "LKR",
    }
    assert refused(filled, amount=1, **{"from": "SGD", "to": "XXX"})["field"] == "to"
    early = refused(filled, amount=1, on="2026-01-04", **{"from": "INR", "to": "SGD"})
    assert (early["code"], early["currency"]) == ("missing_rate", "INR")
    late = refused(filled, amount=1, on="2026-03-03", **{"from": "INR", "to": "SGD"})
    assert (late["code"], late["field"]) == ("invalid_day", "on")
    filled.sql("UPDATE currency_rates SET exchange_rate = 0 WHERE iso_code = 'INR'")
    assert refused(filled, amount=1, **{"from": "INR", "to": "SGD"})["currency"] == "INR"


def test_before_the_crm_was_read_nothing_is_known_and_nothing_guessed(api: Api) -> None:
    assert get(api, "cache-status")["status"] == "never"
    assert get(api, "supported") == {"base_currency": "SGD", "items": []}
    assert refused(api, amount=1, **{"from": "SGD", "to": "USD"})["currency"] == "SGD"
    assert [row["currency"] for row in get(api, "rates")["items"]] == ["SGD"]


def test_rates_are_fresh_for_less_than_seven_days(filled: Api) -> None:
    def status_after(seconds: int) -> tuple[str, int]:
        filled.sql(
            "UPDATE crm_currencies SET refreshed_at = %(now)s - make_interval(secs => %(age)s)",
            now=filled.clock.now(),
            age=seconds,
        )
        found = get(filled, "cache-status")
        return found["status"], found["age_seconds"]

    week = 7 * 86_400
    assert status_after(week - 1) == ("fresh", week - 1)
    assert status_after(week) == ("stale", week)
    touched = get(filled, "cache-status")
    assert touched["without_rate"] == [
        {"currency": "LKR", "deals": 1},
        {"currency": None, "deals": 1},
    ]
    assert touched["by_crm_rate"] == [{"currency": "INR", "deals": 1}]
    assert touched["currencies"] == 3


def test_an_organisation_all_in_foreign_currency_follows_its_base_currency(api: Api) -> None:
    """No deal is in the base currency or at home: each number goes over two rates."""
    fill(
        api,
        "USD",
        {"INR": "80", "SGD": "1.25"},
        [
            {"id": 1, "amount": 800, "currency": "INR", "stage": "Open", "probability": 50},
            {"id": 2, "amount": 800, "currency": "INR", "exchange_rate": "100", "probability": 50},
        ],
    )

    def worth() -> tuple[str, float, int]:
        summary = api.client.get("/api/deals/summary").json()
        [touched] = get(api, "cache-status")["by_crm_rate"]
        return summary["currency"], summary["value"], touched["deals"]

    assert worth() == ("SGD", 22.5, 2)  # 10 and 8 dollars, at 1.25 each
    for base, value, touched in (("USD", 18.0, 1), ("INR", 1600.0, None)):
        changed = api.client.put("/api/settings", json={"changes": {"currency.base": base}})
        assert changed.status_code == 200
        summary = api.client.get("/api/deals/summary").json()
        assert (summary["currency"], summary["value"]) == (base, value)
        dashboard = api.client.get("/api/dashboard").json()
        assert dashboard["base_currency"] == base
        assert get(api, "rates")["base_currency"] == base
        found = get(api, "cache-status")["by_crm_rate"]
        assert found == ([] if touched is None else [{"currency": "INR", "deals": touched}])
    unknown = api.client.put("/api/settings", json={"changes": {"currency.base": "EUR"}})
    assert unknown.status_code == 200
    assert get(api, "cache-status")["without_rate"] == [{"currency": "INR", "deals": 2}]


def test_a_refresh_reads_the_crm_with_one_call_and_keeps_a_line_a_day(synced: Synced) -> None:
    api, crm = synced.api, synced.crm
    [code] = [row["currency"] for row in get(api, "supported")["items"] if row["currency"] == "USD"]

    def refresh(client: Any = api.client) -> Any:  # noqa: ANN401 - an answer
        answer = client.post("/api/currency/refresh")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def history() -> list[str]:
        rows = api.sql(
            "SELECT exchange_rate::text FROM currency_rates WHERE iso_code = 'USD'"
            " ORDER BY valid_from"
        )
        return [str(row[0]) for row in rows]

    [before] = history()
    calls = crm.state()["calls"]
    assert refresh() == {"message": "No rate has changed.", "changed": [], "calls": 1, "credits": 1}
    made = {
        name: count - calls.get(name, 0)
        for name, count in crm.state()["calls"].items()
        if count != calls.get(name, 0)
    }
    assert list(made.values()) == [1]
    assert history() == [before]

    for rate in (0.5, 0.6):
        crm.control("POST", f"/currencies/{code}", {"exchange_rate": rate})
        changed = refresh()["changed"]
    # Both on one day: the second took the place of the first, and of the day's first reading.
    assert [Decimal(each) for each in history()] == [Decimal("0.6")]
    assert changed == [{"currency": "USD", "before": "0.500000000", "after": "0.600000000"}]
    api.sql("UPDATE currency_rates SET valid_from = valid_from - 1 WHERE iso_code = 'USD'")
    assert refresh()["changed"] == []
    crm.control("POST", f"/currencies/{code}", {"exchange_rate": 0.7})
    refresh()
    assert [Decimal(each) for each in history()] == [Decimal("0.6"), Decimal("0.7")]
    [(action, after)] = api.sql("SELECT action, after FROM audit_log ORDER BY id DESC LIMIT 1")
    assert (action, after) == ("currency.refreshed", {"USD": "0.700000000"})

    viewer = add_user(api.database_url, Role.VIEWER)
    with browser(api.url, add_session(api.database_url, viewer, api.clock.now())) as client:
        assert client.post("/api/currency/refresh").json()["code"] == "role_needed"
