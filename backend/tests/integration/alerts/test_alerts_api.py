"""Alerts over HTTP: listed with their deals, filtered, counted, acknowledged and opened again."""

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from pulse.alerts.raising import raise_alerts
from pulse.core.access import Role
from pulse.db.engine import database
from support.accounts import add_session, add_user, browser
from support.api import Api
from support.deal_rows import currency_rows, deal_rows, insert
from support.synced import Synced

DEALS = [
    {"id": 1, "name": "Metro line", "owner_id": 11, "amount": 40, "currency": "SGD"},
    {"id": 2, "name": "Harbour wall", "owner_id": 12, "amount": 10, "currency": "USD"},
    {"id": 3, "name": "Gone", "presence": "deleted"},
]


@pytest.fixture
def filled(api: Api) -> Api:
    """Four alerts: two of deal 1, one of deal 2, one of a deal that is gone."""
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": "0.5"})
        deal_rows(connection, DEALS)
        insert(
            connection,
            "crm_users",
            [
                {"id": at, "full_name": name, "is_active": True, "document": {}}
                for at, name in ((11, "Mei Tan"), (12, "Omar Haddad"))
            ],
        )
        insert(
            connection,
            "crm_fields",
            [
                {
                    "module": "Deals",
                    "field_id": at,
                    "api_name": name,
                    "label": name,
                    "data_type": kind,
                    "is_custom": False,
                    "is_read_only": False,
                    "is_mandatory": False,
                    "document": {},
                }
                for at, (name, kind) in enumerate(
                    (("Amount", "currency"), ("Probability", "integer"), ("Currency", "picklist"))
                )
            ],
        )
        for line, (deal, field, old, new, by, side, day) in enumerate(
            (
                (1, "OCH_Revenue", 100, 40, "12", "crm", 1),
                (1, "Probability", 90, 20, "Ada Admin", "local", 3),
                (2, "Probability", 80, 5, None, "crm", 2),
                (3, "Probability", 80, 5, None, "crm", 4),
            )
        ):
            connection.execute(
                "WITH line AS (INSERT INTO change_log (module, record_id, kind, field, old_value,"
                " new_value, changed_by, side, changed_at, observed_at) VALUES ('Deals', %s,"
                " 'updated', %s, %s, %s, %s, %s, %s, %s) RETURNING id)"
                " INSERT INTO watched_changes SELECT id, %s FROM line",
                [
                    deal,
                    "Amount" if field == "OCH_Revenue" else field,
                    Jsonb(old),
                    Jsonb(new),
                    by,
                    side,
                    f"2026-03-0{day}T09:00:00Z",
                    f"2026-03-0{day}T09:00:0{line}Z",
                    field,
                ],
            )
    judge(api)
    return api


def judge(api: Api) -> None:
    async def run() -> None:
        async with database(api.database_url) as open_db:
            await raise_alerts(open_db)

    asyncio.run(run())


def listed(api: Api, **asked: object) -> Any:  # noqa: ANN401 - an answer
    answer = api.client.get("/api/alerts", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def which(page: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - an answer
    return [(item["deal"]["name"], item["rule"]) for item in page["items"]]


def test_alerts_come_latest_change_first_with_all_that_a_row_says(filled: Api) -> None:
    page = listed(filled)

    assert which(page) == [
        ("Metro line", "probability_fell"),
        ("Harbour wall", "probability_fell"),
        ("Metro line", "amount_moved"),
    ]
    assert (page["count"], page["open"], page["acknowledged"]) == (3, 3, 0)
    assert page["by_rule"] == {
        "amount_moved": 1,
        "probability_fell": 2,
        "closing_pushed": 0,
        "stage_backwards": 0,
    }
    last = page["items"][2]
    assert {
        name: last[name] for name in ("owner", "old", "new", "size", "value", "by", "side")
    } == {
        "owner": {"id": "11", "name": "Mei Tan"},
        "old": {"kind": "money", "amount": "100", "currency": None},
        "new": {"kind": "money", "amount": "40", "currency": None},
        "size": -60.0,
        "value": 40.0,
        "by": {"id": "12", "name": "Omar Haddad"},
        "side": "crm",
    }
    assert page["items"][1]["value"] == 20.0
    first = page["items"][0]
    assert (first["side"], first["by"]) == ("local", {"id": "Ada Admin", "name": "Ada Admin"})
    assert page["thresholds"] == {
        "amount_percent": 50,
        "probability_points": 30,
        "closing_days": 90,
    }


def test_filters_rules_one_deal_and_pages_narrow_the_list_and_its_counts(filled: Api) -> None:
    of_omar = listed(filled, owner="12")
    assert which(of_omar) == [("Harbour wall", "probability_fell")]
    assert (of_omar["open"], of_omar["by_rule"]["probability_fell"]) == (1, 1)

    assert which(listed(filled, q="metro", rule="amount_moved")) == [("Metro line", "amount_moved")]
    of_rule = listed(filled, rule="amount_moved")
    assert (of_rule["count"], of_rule["by_rule"]["probability_fell"]) == (1, 2)
    assert len(which(listed(filled, deal="1"))) == 2

    second = listed(filled, limit=2, offset=2)
    assert (which(second), second["has_more"]) == ([("Metro line", "amount_moved")], False)
    assert listed(filled, limit=2)["has_more"] is True
    assert filled.client.get("/api/alerts", params={"field": "Nothing:is:1"}).json()["code"] == (
        "invalid_filter"
    )


def test_acknowledging_takes_alerts_out_of_the_open_ones_and_back(filled: Api) -> None:
    ids = [item["id"] for item in listed(filled)["items"]]
    with psycopg.connect(filled.database_url, autocommit=True) as listener:
        listener.execute("LISTEN pulse_events")
        answer = filled.client.post("/api/alerts/acknowledge", json={"ids": ids[:2]}).json()
        heard = [note.payload for note in listener.notifies(timeout=1, stop_after=1)]
    assert answer == {"changed": sorted(ids[:2], key=int), "unchanged": [], "open": 1}
    assert heard == ["alerts:deals"]

    again = filled.client.post("/api/alerts/acknowledge", json={"ids": ids}).json()
    assert (again["changed"], again["open"]) == ([ids[2]], 0)
    assert again["unchanged"] == sorted(ids[:2], key=int)
    assert listed(filled)["items"] == []
    seen = listed(filled, status="acknowledged")["items"]
    assert {(each["acknowledged_by"], each["acknowledged_at"]) for each in seen} == {
        ("Ada", "2026-03-02T09:30:00Z")
    }

    back = filled.client.post("/api/alerts/unacknowledge", json={"ids": ids[:1]}).json()
    assert (back["changed"], back["open"]) == (ids[:1], 1)
    assert filled.client.get("/api/alerts/open").json()["open"] == 1
    lines = filled.sql("SELECT action, subject, after FROM audit_log ORDER BY id DESC LIMIT 3")
    assert [line[:2] for line in lines] == [
        ("alerts.opened_again", ids[0]),
        ("alerts.acknowledged", ids[2]),
        ("alerts.acknowledged", None),
    ]


def test_an_unknown_id_changes_none_of_them(filled: Api) -> None:
    ids = [item["id"] for item in listed(filled)["items"]]

    answer = filled.client.post("/api/alerts/acknowledge", json={"ids": [*ids, "999"]})

    assert (answer.status_code, answer.json()["code"]) == (404, "alert_not_found")
    assert answer.json()["alert_id"] == "999"
    assert listed(filled)["open"] == 3


def test_viewers_read_alerts_and_cannot_acknowledge_them(filled: Api) -> None:
    viewer = add_user(filled.database_url, Role.VIEWER)
    secret = add_session(filled.database_url, viewer, filled.clock.now())
    with browser(filled.url, secret) as client:
        ids = [item["id"] for item in client.get("/api/alerts").json()["items"]]
        refused = client.post("/api/alerts/acknowledge", json={"ids": ids})

    assert len(ids) == 3
    assert (refused.status_code, refused.json()["code"]) == (403, "role_needed")


def test_a_colleagues_edit_in_the_crm_becomes_an_alert_by_a_sync_and_a_full_load_raises_none(
    synced: Synced,
) -> None:
    api = synced.api
    judge(api)
    assert api.client.get("/api/alerts/open").json()["open"] == 0
    deal = next(row for row in synced.crm.records() if row["Amount"] and row["Currency"])
    synced.crm.advance(60)
    synced.crm.edit({deal["id"]: {"Amount": float(deal["Amount"]) * 3}})
    synced.sync("incremental")
    judge(api)

    [alert] = listed(api, deal=deal["id"])["items"]
    assert (alert["rule"], alert["size"], alert["deal"]["id"]) == (
        "amount_moved",
        200.0,
        deal["id"],
    )
    assert alert["old"]["currency"] == deal["Currency"]
    synced.sync("full")
    judge(api)
    assert api.client.get("/api/alerts/open").json()["open"] == 1
