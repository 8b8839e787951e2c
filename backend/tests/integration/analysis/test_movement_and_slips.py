"""What moved, and what slipped, as the API tells it over a few deals with a history."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.api import START, Api
from support.api_rows import add_session
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD

BEGAN = START - timedelta(days=30)
OLD = START - timedelta(days=60)
PRESALES = {"closing": "current_quarter", "probability": "presales", "outcome": "open"}
IN_QUARTER, BEHIND = date(2026, 3, 20), date(2026, 4, 11)
FACTS: dict[str, Any] = {
    "name": "Deal", "stage": "Propose", "probability": 50, "amount": 100, "currency": "SGD",
    "closing_date": IN_QUARTER, "owner_id": 21, "account_id": 11, "country": "India",
    "crm_created_at": OLD,
}  # fmt: skip
# What became of each deal, a day ago: its facts, or that it is gone.
BECAME: dict[int, dict[str, Any] | str] = {
    1: {"amount": 150},
    2: {"amount": 80},
    3: {"closing_date": BEHIND},
    4: {"stage": "Won", "probability": 100},
    5: {"stage": "Lost", "probability": 0},
    6: "deleted",
    7: "invisible",
    8: {"closing_date": date(2026, 3, 27)},
    9: {"closing_date": date(2026, 3, 1)},
}
# And what came: what they were before.
BEFORE: dict[int, dict[str, Any] | None] = {
    11: None,
    12: {"probability": 20},
    13: {"stage": "Lost", "probability": 0},
}


def version(
    deal: int, days_ago: float, until: float | None, facts: dict[str, Any]
) -> dict[str, object]:
    ends = "infinity" if until is None else START - timedelta(days=until)
    return {"deal_id": deal, "valid_from": START - timedelta(days=days_ago), "valid_to": ends,
            **facts}  # fmt: skip


@pytest.fixture
def moved(api: Api) -> Api:
    with psycopg.connect(api.database_url, autocommit=True) as rows:
        currency_rows(rows, "SGD", {"USD": "0.8"})
        insert(rows, "crm_fields", [STAGE_FIELD])
        insert(
            rows,
            "field_map",
            [{"module": "Deals", "canonical_name": "Closing_Date", "api_name": "Closing_Date",
              "is_chosen": False}],
        )  # fmt: skip
        insert(
            rows,
            "accounts",
            [{"id": 11, "name": "Orchid Airways", "crm_modified_at": START}],
        )
        insert(
            rows,
            "crm_users",
            [{"id": 21, "full_name": "Priya Menon", "is_active": True, "document": {}}],
        )
        add_session(api, "full_sync", "completed", created_at=BEGAN, completed_at=BEGAN)
        for deal, became in BECAME.items():
            insert(rows, "deal_versions", [version(deal, 50, 1, FACTS)])
            if isinstance(became, str):
                deal_rows(rows, [{"id": deal, **FACTS, "presence": became}])
                continue
            insert(rows, "deal_versions", [version(deal, 1, None, FACTS | became)])
            deal_rows(rows, [{"id": deal, **FACTS, **became}])
        for deal, before in BEFORE.items():
            born = FACTS if before is not None else FACTS | {"crm_created_at": START}
            if before is not None:
                insert(rows, "deal_versions", [version(deal, 50, 2, FACTS | before)])
            insert(rows, "deal_versions", [version(deal, 2, None, born)])
            deal_rows(rows, [{"id": deal, **born}])
        insert(
            rows,
            "change_log",
            [{"module": "Deals", "record_id": 3, "kind": "updated", "field": "Closing_Date",
              "old_value": Jsonb("2026-03-20"), "new_value": Jsonb("2026-04-11"),
              "changed_by": "21", "changed_at": START - timedelta(days=1)}],
        )  # fmt: skip
        insert(
            rows,
            "pending_changes",
            [{"module": "Deals", "record_id": 1, "field": "Amount", "base_value": Jsonb(100),
              "new_value": Jsonb(150), "author_name": "Ada"}],
        )  # fmt: skip
    return api


def get(api: Api, path: str, **params: object) -> dict[str, Any]:
    answer = api.client.get(f"/api/analysis/{path}", params={**PRESALES, **params})  # type: ignore[arg-type] # as httpx takes it
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_deal_goes_one_way_with_a_reason(moved: Api) -> None:
    found = get(moved, "movement")

    assert found["start"] == {"deals": 9, "value": 900, "without_value": 0}
    assert found["end"] == {"deals": 7, "value": 730, "without_value": 0}
    assert found["pending"] == 1
    assert found["comparison"]["compared_with"] == "2026-02-23T09:30:00Z"
    assert [
        (
            each["bucket"],
            each["deals"],
            each["value"],
            {reason["reason"]: reason["value"] for reason in each["reasons"]},
        )
        for each in found["buckets"]
    ] == [
        ("new", 1, 100, {"created": 100}),
        ("pulled_in", 2, 200, {"probability": 100, "reopened": 100}),
        ("increased", 1, 50, {"amount": 50}),
        ("decreased", 1, -20, {"amount": -20}),
        ("pushed_out", 3, -300, {"closing_date": -100, "deleted": -100, "hidden": -100}),
        ("won", 1, -100, {"won": -100}),
        ("lost", 1, -100, {"lost": -100}),
    ]


def test_the_deals_of_a_bar_tell_why(moved: Api) -> None:
    page = get(moved, "movement/deals", bucket="pushed_out", limit=1)
    assert (page["count"], page["has_more"]) == (3, True)
    assert page["items"] == [
        {
            "id": "3",
            "name": "Deal",
            "account": "Orchid Airways",
            "owner": "Priya Menon",
            "stage": "Proposal",
            "before": 100,
            "after": None,
            "difference": -100,
            "reason": "closing_date",
            "words": "Closing date 20 Mar 2026 → 11 Apr 2026",
        }
    ]
    rest = get(moved, "movement/deals", bucket="pushed_out", limit=2, offset=1)
    assert [(each["id"], each["words"]) for each in rest["items"]] == [
        ("6", "Deleted in the CRM"),
        ("7", "No longer shown to us"),
    ]
    assert rest["has_more"] is False
    [won] = get(moved, "movement/deals", bucket="won")["items"]
    assert won["words"] == "Won: Proposal → Closed Won"
    beyond = get(moved, "movement/deals", bucket="won", offset=9)
    assert (beyond["count"], beyond["items"]) == (1, [])


def test_what_cannot_be_compared_is_told_in_words(moved: Api) -> None:
    found = get(moved, "movement", state="synced")
    assert (found["start"], found["end"], found["buckets"]) == (None, None, [])
    assert found["comparison"]["missing_because"] == (
        "Sync status has no history, so deals chosen by it cannot be compared."
    )
    assert get(moved, "movement/deals", bucket="new", state="synced")["count"] == 0


def test_slips_tell_what_was_moved_and_what_is_overdue(moved: Api) -> None:
    found = get(moved, "slips", probability="all")

    assert found["moved"] == {"deals": 2, "value": 200}
    assert found["overdue"] == {"deals": 1, "value": 100}
    assert found["moved_out"] == {"deals": 1, "value": 100}
    # Ten deals of a hundred each were open a week ago.
    assert found["moved_out_share"] == pytest.approx(1 / 10)
    assert [
        (each["id"], each["closed_on"], each["closes_on"], each["days"], each["moves"])
        for each in found["items"]
    ] == [("3", "2026-03-20", "2026-04-11", 22, 1), ("8", "2026-03-20", "2026-03-27", 7, 1)]
    assert [each["moved_by"] for each in found["items"]] == ["Priya Menon", None]
    left = get(moved, "slips", probability="all", kind="moved_out")
    assert left["count"] == 1
    assert [(each["id"], each["days"], each["moves"], each["value"]) for each in left["items"]] == [
        ("3", 22, 1, 100)
    ]
    overdue = get(moved, "slips", kind="overdue")["items"]
    assert [(each["id"], each["closes_on"], each["days"], each["moves"]) for each in overdue] == [
        ("9", "2026-03-01", 1, None)
    ]


def test_without_a_last_day_nothing_is_moved_out(moved: Api) -> None:
    found = get(moved, "slips", closing="all", limit=1)
    assert (found["moved_out"], found["moved_out_share"]) == (None, None)
    assert (found["moved"]["deals"], found["count"], found["has_more"]) == (2, 2, True)


def test_slips_without_history_tell_what_is_overdue_only(moved: Api) -> None:
    found = get(moved, "slips", changed_since="2020-01-01T00:00:00Z")
    assert (found["moved"], found["moved_out"], found["items"]) == (None, None, [])
    assert found["overdue"]["deals"] == 1
