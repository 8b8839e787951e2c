"""The audit log: complete, unchangeable, found by filters; settings from their own schema."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from pulse.core.access import Role
from pulse.settings.schema import KEYS
from support.accounts import add_session, add_user, browser, person
from support.api import Api
from support.api_rows import connect_crm


def _change(api: Api, **changes: object) -> dict[str, Any]:
    values = {key.replace("__", "."): value for key, value in changes.items()}
    answer = api.client.put("/api/settings", json={"changes": values})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def _actions(api: Api, **filters: object) -> list[str]:
    items = api.client.get("/api/audit", params=filters).json()["items"]
    return [line["action"] for line in items]


def test_line_says_who_how_from_where_what_before_and_after(api: Api) -> None:
    ada = add_user(api.database_url, Role.ADMIN)
    _change(api, sync__overlap_seconds=120)

    [line] = api.client.get("/api/audit").json()["items"]

    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("at")) < timedelta(minutes=5)
    assert line.pop("id").isdigit()
    assert line == {
        "user_id": str(ada),
        "user_name": "Ada",
        "role": "admin",
        "via": "session",
        "address": "127.0.0.1",
        "action": "settings.changed",
        "kind": "settings",
        "subject": "sync.overlap_seconds",
        "name": None,
        "before": {"sync.overlap_seconds": 60},
        "after": {"sync.overlap_seconds": 120},
    }


def test_write_that_fails_leaves_no_line(api: Api) -> None:
    wrong = {"changes": {"sync.overlap_seconds": 0}}
    assert api.client.put("/api/settings", json=wrong).status_code == 400
    assert _actions(api) == []


def test_setting_that_is_what_it_was_leaves_no_line(api: Api) -> None:
    _change(api, sync__overlap_seconds=60)
    assert _actions(api) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET user_name = 'Nobody'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ],
)
def test_lines_cannot_be_changed_or_removed(api: Api, statement: str) -> None:
    _change(api, sync__overlap_seconds=120)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        api.sql(statement)
    assert _actions(api) == ["settings.changed"]


def test_log_is_found_by_person_action_kind_subject_and_time(api: Api) -> None:
    ada = add_user(api.database_url, Role.ADMIN)
    alan = add_user(api.database_url, Role.ADMIN, name="Alan")
    start = datetime.now(UTC)
    _change(api, sync__overlap_seconds=120)
    secret = add_session(api.database_url, alan, api.clock.now())
    with browser(api.url, secret) as other:
        assert other.post(f"/api/users/{ada}/unlock").status_code == 200

    assert _actions(api) == ["user.unlocked", "settings.changed"]
    assert _actions(api, person=str(alan)) == ["user.unlocked"]
    assert _actions(api, person=[str(alan), str(ada)], kind="settings") == ["settings.changed"]
    assert _actions(api, action="settings.changed") == ["settings.changed"]
    assert _actions(api, kind="user", subject=str(ada)) == ["user.unlocked"]
    assert _actions(api, subject=str(UUID(int=1))) == []
    assert _actions(api, before=start.isoformat()) == []
    assert len(_actions(api, since=start.isoformat())) == 2
    assert api.client.get("/api/audit/choices").json() == {
        "actions": ["settings.changed", "user.unlocked"],
        "kinds": ["settings", "user"],
        "people": [{"id": str(ada), "name": "Ada"}, {"id": str(alan), "name": "Alan"}],
    }


def test_pages_hold_each_line_once_while_the_log_grows(api: Api) -> None:
    for seconds in range(1, 6):
        _change(api, sync__overlap_seconds=seconds)
    values, older_than = [], None
    while True:
        query = {"limit": 2} | ({"older_than": older_than} if older_than else {})
        page = api.client.get("/api/audit", params=query).json()
        values += [line["after"]["sync.overlap_seconds"] for line in page["items"]]
        older_than = page["items"][-1]["id"]
        if not page["has_more"]:
            break
        _change(api, sync__overlap_seconds=100 + len(values))
    assert values == [5, 4, 3, 2, 1]


def test_cancelled_sync_leaves_a_line(api: Api) -> None:
    connect_crm(api)
    session_id = api.client.post("/api/live-sync/sync/full").json()["session_id"]
    api.client.post(f"/api/live-sync/sessions/{session_id}/cancel")
    assert _actions(api, kind="sync", subject=session_id) == [
        "sync.cancelled",
        "sync.full.started",
    ]


def test_settings_come_from_their_schema_with_meaning_bounds_and_value(api: Api) -> None:
    items = {each["key"]: each for each in _change(api, sync__overlap_seconds=120)["items"]}

    assert list(items) == list(KEYS)
    overlap = items["sync.overlap_seconds"]
    assert overlap.pop("changed_at") is not None
    assert overlap == {
        "key": "sync.overlap_seconds",
        "title": "Overlap, in seconds",
        "description": "How far an incremental sync reads back before its cursor.",
        "value_schema": {
            "description": "How far an incremental sync reads back before its cursor.",
            "maximum": 3600,
            "minimum": 1,
            "title": "Overlap, in seconds",
            "type": "integer",
        },
        "default": 60,
        "value": 120,
        "changed_by": "Ada",
    }
    assert "$ref" not in str(items)
    assert items["credits.prices"]["value_schema"]["properties"]["search"]["anyOf"][0] == {
        "type": "integer",
        "minimum": 0,
    }


def test_one_wrong_setting_changes_none(api: Api) -> None:
    changes = {"sync.overlap_seconds": 90, "reconcile.hour_utc": 24}
    answer = api.client.put("/api/settings", json={"changes": changes})
    assert (answer.status_code, answer.json()["key"]) == (400, "reconcile.hour_utc")
    items = api.client.get("/api/settings").json()["items"]
    assert {each["value"] for each in items if each["key"] == "sync.overlap_seconds"} == {60}


def test_command_is_named_by_its_account_and_a_person_by_name() -> None:
    assert person(UUID(int=7)).label == "Ada"
