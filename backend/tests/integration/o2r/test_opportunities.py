"""The list of opportunities and the page of one: judged, filtered, ordered, counted."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from support.api import START, Api
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD

TODAY = START.date()
"""The organisation is in UTC here."""
FRESH = START - timedelta(days=1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# Of each health and phase one; the last two are no opportunities any more.
DEALS: list[dict[str, Any]] = [
    {"id": 1, "name": "Blocked", "stage": "Propose", "proposal_submitted_on": ago(5)},
    {
        "id": 2,
        "name": "At risk",
        "stage": "Won",
        "po_generated_on": ago(90),
        "invoiced_on": ago(46),
    },
    {"id": 3, "name": "Watch", "stage": "Won", "po_generated_on": ago(15)},
    {"id": 4, "name": "Stale", "stage": "Qualify", "crm_modified_at": START - timedelta(days=8)},
    {"id": 5, "name": "Fine", "stage": "Won", "po_generated_on": ago(14), "account_id": 12},
    {"id": 6, "name": "Lost", "stage": "Lost", "proposal_submitted_on": ago(90)},
    {"id": 7, "name": "Arrived", "stage": "Won", "revenue_recognised_on": ago(1)},
]


@pytest.fixture
def connection(api: Api) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": 2})
        insert(connection, "crm_fields", [STAGE_FIELD])
        deal_rows(
            connection,
            [
                {
                    "account_id": 11,
                    "crm_modified_at": FRESH,
                    "crm_created_at": START - timedelta(days=100),
                    "amount": 100 * deal["id"],
                    "currency": "SGD",
                    "business_region": "ASEAN" if deal["id"] % 2 else "India",
                    **deal,
                }
                for deal in DEALS
            ],
        )
        insert(
            connection,
            "o2r_blockers",
            [
                {
                    "deal_id": 1,
                    "title": "Security review",
                    "opened_at": START - timedelta(days=6),
                    "opened_by_name": "Ada",
                }
            ],
        )
        insert(
            connection,
            "strategic_accounts",
            [
                {"account_id": 12, "set_at": FRESH, "set_by_name": "Ada"},
                {"account_id": 11, "set_at": FRESH, "set_by_name": "Ada", "unset_at": FRESH},
            ],
        )
        yield connection


@pytest.fixture
def listed(api: Api, connection: psycopg.Connection[Any]) -> Api:
    assert not connection.closed
    return api


def names(api: Api, query: str = "") -> list[str]:
    answer = api.client.get(f"/api/o2r/opportunities?{query}")
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


def test_opportunities_come_worst_first_with_reason_and_next_step(listed: Api) -> None:
    rows = listed.client.get("/api/o2r/opportunities").json()["items"]

    assert [
        (row["name"], row["health"], row["score"], row["phase"], row["reason"]) for row in rows
    ] == [
        ("Blocked", "blocked", 68, 2, "Security review, 6 d"),
        ("At risk", "red", 36, 4, "Invoice unpaid, 46 d"),
        ("Watch", "yellow", 76, 3, "PO, no kick-off, 15 d"),
        ("Stale", "needs_update", 92, 1, "Not updated, 8 d"),
        ("Fine", "green", 100, 3, None),
    ]
    assert rows[2] == rows[2] | {
        "id": "3",
        "days_in_phase": 15,
        "phase_title": "Execution",
        "phase_since": ago(15).isoformat(),
        "next_milestone": {"milestone": "kick_off", "label": "Kick-off", "planned_on": None},
        "next_step": "Book the kick-off",
        "value": 300.0,
        "is_strategic": False,
        "ended": None,
    }
    assert [row["is_strategic"] for row in rows] == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("phase=3", ["Watch", "Fine"]),
        ("phase=1&phase=4", ["At risk", "Stale"]),
        ("health=red&health=green", ["At risk", "Fine"]),
        ("attention=true", ["Blocked", "At risk", "Watch"]),
        ("attention=false", ["Stale", "Fine"]),
        ("strategic=true", ["Fine"]),
        ("strategic=false&phase=3", ["Watch"]),
        ("waiting=payment", ["At risk"]),
        ("waiting=invoice", ["Watch", "Fine"]),
        ("waiting=invoice&waiting=payment", ["At risk", "Watch", "Fine"]),
        ("region=India", ["At risk", "Stale"]),
        ("outcome=open&health=blocked", ["Blocked"]),
        ("ended=true&outcome=lost", ["Lost"]),
        ("recognised=2026-Q1", ["Arrived"]),
        ("recognised=2025-Q4&ended=true", []),
        ("ended=true&sort=name&limit=3", ["Arrived", "At risk", "Blocked"]),
        ("sort=-value&limit=2&offset=1", ["Stale", "Watch"]),
        ("sort=days_in_phase", ["Blocked", "Fine", "Watch", "At risk", "Stale"]),
        ("sort=-phase&limit=1", ["At risk"]),
        ("sort=score&limit=2", ["At risk", "Blocked"]),
    ],
)
def test_filters_narrow_and_orders_sort(listed: Api, query: str, found: list[str]) -> None:
    assert names(listed, query) == found


def test_summary_counts_and_sums_by_health(listed: Api) -> None:
    assert listed.client.get("/api/o2r/opportunities/summary").json() == {
        "count": 5,
        "all_count": 5,
        "value": 1500.0,
        "at_risk_value": 300.0,
        "needs_attention": 3,
        "by_health": [
            {"health": "blocked", "deals": 1, "value": 100.0},
            {"health": "red", "deals": 1, "value": 200.0},
            {"health": "yellow", "deals": 1, "value": 300.0},
            {"health": "needs_update", "deals": 1, "value": 400.0},
            {"health": "green", "deals": 1, "value": 500.0},
        ],
        "base_currency": "SGD",
        "today": TODAY.isoformat(),
        "without_rate": [],
        "conflicts": 0,
        "rates_read_at": "2026-03-01T12:00:00Z",
    }
    narrowed = listed.client.get("/api/o2r/opportunities/summary?phase=3&strategic=true").json()
    assert (narrowed["count"], narrowed["all_count"], narrowed["value"]) == (1, 5, 500.0)


def test_deals_without_a_rate_count_and_add_nothing(
    listed: Api, connection: psycopg.Connection[Any]
) -> None:
    connection.execute("UPDATE deals SET currency = 'LKR' WHERE id IN (1, 3)")

    summary = listed.client.get("/api/o2r/opportunities/summary").json()

    assert (summary["count"], summary["value"]) == (5, 1100.0)
    assert summary["without_rate"] == [{"currency": "LKR", "count": 2}]


def test_unknown_order_and_phase_are_refused(listed: Api) -> None:
    for query in ("sort=colour", "phase=5", "health=ill", "waiting=godot"):
        answer = listed.client.get(f"/api/o2r/opportunities?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")


def test_one_opportunity_tells_where_it_is_and_how_healthy(listed: Api) -> None:
    found = listed.client.get("/api/o2r/opportunities/1").json()

    assert found["health"] == {
        "status": "blocked",
        "score": 68,
        "severity": 4,
        "signals": [
            {
                "rule": "blocker_open",
                "health": "blocked",
                "severity": 4,
                "points": 32,
                "reason": "Security review, open for 6 days.",
                "advice": "Settle with the people involved who removes the blocker and by when.",
                "days": 6,
            }
        ],
    }
    assert found["phase"] == found["phase"] | {
        "number": 2,
        "title": "Proposal",
        "since": ago(5).isoformat(),
        "days": 5,
    }
    assert found["next_milestone"]["milestone"] == "proposal_accepted"
    assert [
        (phase["number"], phase["state"], phase["days"], phase["starts_on"])
        for phase in found["phases"]
    ] == [
        (1, "done", 95, ago(100).isoformat()),
        (2, "now", 5, ago(5).isoformat()),
        (3, "to_come", None, None),
        (4, "to_come", None, None),
    ]
    lines = [line for phase in found["phases"] for line in phase["milestones"]]
    assert [line["milestone"] for line in lines if line["actual_on"]] == ["proposal_sent"]
    assert [line["milestone"] for line in lines if line["is_passed_over"]] == ["qualified"]
    assert {line["milestone"] for line in lines if line["kept"] == "nowhere"} == {
        "proposal_sent",
        "po_received",
        "kick_off",
        "invoice",
        "payment",
        "revenue_recognised",
    }


def test_phases_that_were_overtaken_without_a_date_are_told_as_skipped(listed: Api) -> None:
    found = listed.client.get("/api/o2r/opportunities/2").json()

    assert [(phase["state"], phase["days"]) for phase in found["phases"]] == [
        ("done", 10),
        ("skipped", None),
        ("done", 44),
        ("now", 46),
    ]


def test_deals_that_ended_are_shown_and_not_judged(listed: Api) -> None:
    lost = listed.client.get("/api/o2r/opportunities/6").json()
    arrived = listed.client.get("/api/o2r/opportunities/7").json()

    assert (lost["ended"], lost["health"]["status"], lost["next_milestone"]) == (
        "lost",
        "green",
        None,
    )
    assert (arrived["ended"], arrived["health"]["score"]) == ("recognised", 100)
    assert all(
        line["expected_on"] is None for phase in lost["phases"] for line in phase["milestones"]
    )


def test_a_day_to_come_in_a_field_of_the_crm_counts_as_planned(
    listed: Api, connection: psycopg.Connection[Any]
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    connection.execute("UPDATE deals SET kicked_off_on = %s WHERE id = 5", [tomorrow])

    found = listed.client.get("/api/o2r/opportunities/5").json()

    [line] = [
        line
        for phase in found["phases"]
        for line in phase["milestones"]
        if line["milestone"] == "kick_off"
    ]
    assert (line["planned_on"], line["actual_on"]) == (tomorrow.isoformat(), None)
    assert found["next_milestone"]["milestone"] == "kick_off"


def test_unknown_deal_is_not_found(listed: Api) -> None:
    answer = listed.client.get("/api/o2r/opportunities/999")

    assert (answer.status_code, answer.json()["code"]) == (404, "deal_not_found")
