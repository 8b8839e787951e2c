"""Which week a review is of, what cannot be asked, and the action items of a week as they stood."""

from datetime import UTC, datetime
from typing import Any, Final

import psycopg
import pytest

from support.api import Api
from support.api_rows import add_organisation, add_session, load_fully
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD

BEGAN: Final = datetime(2026, 2, 18, 12, tzinfo=UTC)
"""A Wednesday; the organisation is in Singapore, eight hours ahead."""
MONDAY_MORNING: Final = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine o'clock there."""


@pytest.fixture
def organisation(api: Api) -> None:
    add_organisation(api, zone="Asia/Singapore")
    add_session(api, "full_sync", "completed", created_at=BEGAN, completed_at=BEGAN)
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {})
        insert(connection, "crm_fields", [STAGE_FIELD])
        rows = [
            {"id": 1, "name": "Metro", "stage": "Propose", "business_region": "ASEAN"},
            {"id": 2, "name": "Yard", "stage": "Propose", "business_region": "India"},
        ]
        stamp = datetime(2026, 2, 17, tzinfo=UTC)
        deal_rows(connection, [{**row, "crm_modified_at": stamp} for row in rows])
        versions = [{**row, "deal_id": row["id"], "valid_from": stamp} for row in rows]
        for version in versions:
            del version["id"]
        insert(connection, "deal_versions", versions)
    api.clock.time = MONDAY_MORNING


def week_of(api: Api, **asked: object) -> Any:  # noqa: ANN401 - an answer of the API
    answer = api.client.get("/api/review", params={k: str(v) for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()["week"]


@pytest.mark.usefixtures("organisation")
def test_on_a_monday_before_noon_the_week_that_is_over_is_meant(api: Api) -> None:
    morning = week_of(api)
    assert (morning["monday"], morning["state"]) == ("2026-02-23", "settling")
    assert (morning["is_usual"], morning["is_latest_complete"]) == (True, True)
    api.clock.time = datetime(2026, 3, 2, 3, 59, 59, tzinfo=UTC)
    assert week_of(api)["monday"] == "2026-02-23"
    api.clock.time = datetime(2026, 3, 2, 4, tzinfo=UTC)
    noon = week_of(api)
    assert (noon["monday"], noon["state"], noon["next"]) == ("2026-03-02", "running", None)
    assert (noon["previous"], noon["is_latest_complete"]) == ("2026-02-23", False)


@pytest.mark.usefixtures("organisation")
def test_a_week_is_settled_once_the_crm_was_read_past_its_end(api: Api) -> None:
    assert week_of(api, week="2026-02-23")["state"] == "settling"
    load_fully(api, at=datetime(2026, 3, 1, 16, tzinfo=UTC))
    assert week_of(api, week="2026-02-23")["state"] == "settled"


@pytest.mark.usefixtures("organisation")
@pytest.mark.parametrize(
    ("asked", "code", "detail"),
    [
        (
            {"week": "2026-02-25"},
            "invalid_week",
            "week: 2026-02-25 is a Wednesday, and a week is named by its Monday.",
        ),
        ({"week": "2026-03-09"}, "invalid_week", "week: the week of 2026-03-09 has not begun."),
        (
            {"week": "2026-02-09"},
            "invalid_moment",
            "week: the week of 2026-02-09 was over when history began, in the week of 2026-02-16.",
        ),
        (
            {"state": "pending"},
            "invalid_filter",
            "state: it is known of now only, so it cannot choose deals of the past.",
        ),
    ],
)
def test_what_cannot_be_reviewed_is_refused_by_name(
    api: Api, asked: dict[str, str], code: str, detail: str
) -> None:
    for path in ("/api/review", "/api/review/deals"):
        answer = api.client.get(path, params={**asked, "group": "open"})
        assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
            400, code, detail,
        )  # fmt: skip


def test_before_the_first_full_sync_there_is_nothing_to_review(api: Api) -> None:
    answer = api.client.get("/api/review")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_moment")
    assert answer.json()["fix"].startswith("Run a full sync first")


def added(api: Api, title: str, **more: object) -> str:
    answer = api.client.post("/api/o2r/actions", json={"title": title, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def actions(api: Api, **asked: str) -> Any:  # noqa: ANN401 - an answer of the API
    found = api.client.get("/api/review", params=asked).json()["actions"]
    return {
        **{name: found[name] for name in ("open", "overdue", "done")},
        "items": [each["title"] for each in found["items"]],
        "since": [each["title"] for each in found["since"]],
    }


@pytest.mark.usefixtures("organisation")
def test_a_week_tells_its_action_items_as_they_stood_at_its_end(api: Api) -> None:
    api.clock.time = datetime(2026, 2, 24, 2, tzinfo=UTC)
    late = added(api, "Call the customer", deal_id="1", priority="low", due_on="2026-02-27")
    added(api, "Send the report", deal_id="2", priority="high", due_on="2026-03-01")
    done = added(api, "Book a room")
    added(api, "Dropped", priority="high")
    [(dropped,)] = api.sql("SELECT max(id) FROM o2r_actions")
    api.client.delete(f"/api/o2r/actions/{dropped}").raise_for_status()
    api.clock.time = datetime(2026, 2, 26, 2, tzinfo=UTC)
    api.client.patch(f"/api/o2r/actions/{done}", json={"is_done": True}).raise_for_status()

    api.clock.time = MONDAY_MORNING
    as_it_was = {
        "open": 2,
        "overdue": 1,
        "done": 1,
        "items": ["Send the report", "Call the customer", "Book a room"],
    }
    assert actions(api) == {**as_it_was, "since": []}
    # What is done about it on Monday changes the next week, and is told beside this one.
    change = {"is_done": True, "title": "Call them again", "priority": "high"}
    api.client.patch(f"/api/o2r/actions/{late}", json=change).raise_for_status()
    added(api, "Ask for the PO", deal_id="2")
    assert actions(api) == {**as_it_was, "since": ["Ask for the PO"]}
    shown = api.client.get("/api/review").json()["actions"]["items"]
    assert [(each["done_at"] is None, each["is_done_now"]) for each in shown] == [
        (True, False),
        (True, True),
        (False, True),
    ]
    assert actions(api, week="2026-03-02") == {
        "open": 2,
        "overdue": 1,
        "done": 1,
        "items": ["Send the report", "Ask for the PO", "Call them again"],
        "since": [],
    }
    # A territory has the items of its deals, and the general ones.
    assert actions(api, region="ASEAN")["items"] == ["Call the customer", "Book a room"]
    assert actions(api, week="2026-02-16")["items"] == []
