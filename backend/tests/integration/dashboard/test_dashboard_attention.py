"""Which deals the Dashboard says need somebody, whose they are, and what is at risk."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from support.api import START, Api
from support.api_rows import add_change, add_session
from support.deal_rows import STAMP, currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD

TODAY = START.date()
"""The organisation is in UTC here."""
WEEK_AGO = START - timedelta(days=7)
ADA, BO = 21, 22
OPEN = {
    "stage": "Propose",
    "amount": 1000,
    "currency": "SGD",
    "probability": 50,
    "owner_id": BO,
    "account_id": 11,
    "country": "Singapore",
    "closing_date": TODAY + timedelta(days=30),
    "crm_modified_at": START - timedelta(days=1),
}
LATE = {**OPEN, "closing_date": TODAY - timedelta(days=1)}
UNPAID = {**OPEN, "invoiced_on": TODAY - timedelta(days=46), "po_generated_on": date(2025, 9, 1)}


@pytest.fixture
def rows(api: Api) -> Iterator[psycopg.Connection[Any]]:
    """A mirror with stages, rates and people; full since two months ago. The reader is Ada."""
    long_ago = START - timedelta(days=60)
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": "0.5"})
        insert(connection, "crm_fields", [STAGE_FIELD])
        insert(
            connection,
            "accounts",
            [{"id": 11, "name": "Orchid Airways", "crm_modified_at": STAMP}],
        )
        insert(
            connection,
            "crm_users",
            [
                {
                    "id": number,
                    "full_name": name,
                    "email": f"{name.upper()}@Example.com",
                    "is_active": True,
                    "document": {},
                }
                for number, name in ((ADA, "Ada"), (BO, "Bo"))
            ],
        )
        add_session(api, "full_sync", "completed", created_at=long_ago, completed_at=long_ago)
        yield connection


def ask(api: Api, path: str, **asked: str) -> dict[str, Any]:
    answer = api.client.get(f"/api/dashboard/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_the_worst_six_are_told_with_reason_people_and_value(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(
        rows,
        [
            {"id": 1, **OPEN},
            {"id": 2, **LATE, "name": "Grid", "currency": "USD", "owner_id": ADA},
            {"id": 3, **LATE, "amount": 5000, "account_id": None, "owner_id": None},
            {"id": 4, **UNPAID},
            {"id": 5, **OPEN, "probability": 80},
            {"id": 6, **LATE, "amount": None},
            {"id": 7, **LATE, "amount": 900},
            {"id": 8, **LATE, "currency": "LKR", "owner_id": ADA},
            {"id": 9, **LATE, "stage": "Lost"},
            {"id": 10, **LATE, "revenue_recognised_on": TODAY},
            {"id": 11, **OPEN, "crm_modified_at": START - timedelta(days=60)},
            {"id": 12, **LATE, "presence": "deleted"},
        ],
    )
    insert(
        rows,
        "o2r_blockers",
        [
            {
                "deal_id": 1,
                "title": "Security review",
                "opened_at": START - timedelta(days=6),
                "opened_by_name": "Bo",
            }
        ],
    )
    add_change(api, 7, "Amount", "conflict")
    add_change(api, 5, "Amount", "conflict", is_skipped=True)

    told = ask(api, "attention")

    # Blocked, then red by score (unpaid 40 points, late 32) and value, then yellow.
    assert [each["id"] for each in told["items"]] == ["1", "4", "3", "2", "7", "6"]
    assert told["count"] == 8
    assert told["own"] == {"owner": str(ADA), "deals": 2}
    assert told["items"][0] == {
        "id": "1",
        "name": None,
        "account": "Orchid Airways",
        "owner": "Bo",
        "is_own": False,
        "phase": 1,
        "health": "blocked",
        "rule": "blocker_open",
        "reason": "Security review, open for 6 days.",
        "brief": "Security review, 6 d",
        "next_step": "Remove the blocker",
        "signals": 1,
        "value": 1000.0,
    }
    unowned, owned = told["items"][2], told["items"][3]
    assert (unowned["account"], unowned["owner"], unowned["is_own"]) == (None, None, False)
    assert (owned["name"], owned["owner"], owned["is_own"], owned["value"]) == (
        "Grid",
        "Ada",
        True,
        2000.0,
    )
    assert told["items"][5]["value"] is None
    assert told["basis"]["without_rate"] == [{"currency": "LKR", "deals": 1}]
    assert told["basis"]["conflicts"] == {"deals": 1, "value": 900.0}


def test_filters_narrow_what_needs_somebody_and_what_is_at_risk(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": 1, **LATE}, {"id": 2, **LATE, "country": "India", "amount": 7}])

    told = ask(api, "attention", country="India")
    assert ([each["id"] for each in told["items"]], told["count"]) == (["2"], 1)
    risk = ask(api, "risk", country="India")
    assert (risk["deals"], risk["value"]) == (1, 7.0)


def test_a_reader_whom_the_crm_does_not_know_owns_nothing(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": 1, **LATE}])
    api.sql("UPDATE crm_users SET email = NULL")

    told = ask(api, "attention")
    assert told["own"] is None
    assert (told["count"], told["items"][0]["is_own"]) == (1, False)


def test_one_of_two_people_with_an_address_is_the_one_who_works_there(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": 1, **LATE}])
    api.sql("UPDATE crm_users SET email = 'ada@example.com', is_active = id = 22")

    assert ask(api, "attention")["own"] == {"owner": str(BO), "deals": 1}


def test_stages_that_the_crm_does_not_describe_are_counted_apart(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": 1, **OPEN, "stage": "Dreaming"}, {"id": 2, **OPEN}])

    assert ask(api, "attention")["undescribed_deals"] == 1
    # Filters say nothing of deals that no filter of outcomes can find.
    assert ask(api, "attention", country="India")["undescribed_deals"] == 1


def version(
    deal_id: int, since: datetime, until: datetime | None, facts: dict[str, Any]
) -> dict[str, Any]:
    kept = {name: value for name, value in facts.items() if name != "crm_modified_at"}
    return {"deal_id": deal_id, "valid_from": since, "valid_to": until or "infinity", **kept}


def test_what_is_at_risk_is_compared_with_what_was(api: Api, rows: psycopg.Connection[Any]) -> None:
    before, after = WEEK_AGO - timedelta(days=9), WEEK_AGO + timedelta(days=2)
    long_late = {**LATE, "closing_date": TODAY - timedelta(days=20)}
    deal_rows(rows, [{"id": 1, **long_late, "amount": 300}, {"id": 2, **LATE, "amount": 40}])
    insert(
        rows,
        "deal_versions",
        [
            version(1, before, after, {**long_late, "amount": 200}),
            version(1, after, None, {**long_late, "amount": 300}),
            version(2, before, None, {**LATE, "amount": 40}),
        ],
    )

    # A week ago the closing date of the second was still to come.
    told = ask(api, "risk")
    assert (told["deals"], told["value"]) == (2, 340.0)
    assert (told["deals_then"], told["value_then"]) == (1, 200.0)
    past = ask(api, "risk", as_of=WEEK_AGO.isoformat())
    assert (past["deals"], past["value"]) == (1, 200.0)
    assert past["basis"]["conflicts"] is None
    listed = ask(api, "attention", as_of=WEEK_AGO.isoformat())
    assert [(each["id"], each["value"]) for each in listed["items"]] == [("1", 200.0)]


def test_without_history_nothing_is_compared(api: Api, rows: psycopg.Connection[Any]) -> None:
    deal_rows(rows, [{"id": 1, **LATE}])
    api.sql("DELETE FROM crm_sync_sessions")

    told = ask(api, "risk")
    assert (told["deals"], told["deals_then"], told["value_then"]) == (1, None, None)
    assert told["comparison"]["missing_because"] is not None


@pytest.mark.usefixtures("rows")
def test_an_empty_mirror_needs_nobody(api: Api) -> None:
    told = ask(api, "attention")
    assert (told["count"], told["items"], told["undescribed_deals"]) == (0, [], 0)
    assert told["own"] == {"owner": str(ADA), "deals": 0}
    assert (ask(api, "risk")["deals"], ask(api, "risk")["value"]) == (0, 0.0)
