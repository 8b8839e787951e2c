"""Every operation of the API asks who is calling; so does any that is added to it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pulse.core.access import Role
from pulse.web.credentials import SESSION_COOKIE
from support.accounts import add_session, add_token, add_user, browser
from support.api import Api, HandClock, api_settings, served
from support.api_rows import connect_crm
from support.operations import BODIES, MISSING_IDS, admin_headers, operations, sample_ids
from support.synced import Synced

EVENTS = "/api/live-sync/events"
OPEN = {("get", "/health"), ("get", "/health/ready"), ("post", "/api/auth/login")}

# Operations that only answer a question, which is too long for an address.
WRITES_NOTHING = {
    ("post", "/api/crm/fields/map/validate"): "tells what a field map would be, and stores none",
    ("post", "/api/records/search"): "asks the CRM; what is found refreshes the mirror like a read",
    ("post", "/api/bulk/preview"): "tells what an operation would do, and starts none",
    ("post", "/api/exports/preview"): "tells what a file would hold, and makes none",
    ("post", "/api/views/{view_id}/restore"): "this view was never deleted; see the saved views",
    ("post", "/api/o2r/comments/{comment_id}/restore"): "this comment was never deleted",
    ("post", "/api/o2r/actions/{action_id}/restore"): "this action item was never deleted",
    ("post", "/api/o2r/blockers/{blocker_id}/reopen"): "this blocker is open",
}

# Operations that this walk cannot bring to succeed; their own tests look at their audit lines.
SHOWN_ELSEWHERE = {
    ("post", "/api/live-sync/sessions/{session_id}/cancel"): "session_ended",
    ("post", "/api/crm/disconnect"): "confirmation_wrong",
    ("post", "/api/sync-status/conflicts/{conflict_id}/resolve"): "record_not_found",
    ("post", "/api/sync-status/conflicts/resolve-all"): "no_selection",
    ("post", "/api/sync-status/conflicts/{conflict_id}/undo"): "record_not_found",
    ("post", "/api/bulk/write"): "nothing_to_write",
    ("post", "/api/bulk/operation/{session_id}/cancel"): "bulk_not_found",
    ("post", "/api/bulk/operation/{session_id}/undo"): "bulk_not_found",
    ("post", "/api/notices/read"): "malformed_request",
    ("patch", "/api/o2r/comments/{comment_id}"): "not_your_comment",
    ("post", "/api/review/mail"): "mail_not_set_up",
}


@pytest.fixture
def schema(api: Api) -> dict[str, Any]:
    document: dict[str, Any] = api.client.get("/openapi.json").json()
    return document


@pytest.fixture
def stranger(api: Api) -> Iterator[httpx.Client]:
    with browser(api.url, None) as client:
        yield client


def _needs(schema: dict[str, Any], *, more_than: Role | None = None) -> list[tuple[str, str]]:
    found = [
        (method, path)
        for path, method, operation in operations(schema)
        if operation.get("x-required-role") != "none"
        if more_than is None or not more_than.allows(Role(operation["x-required-role"]))
    ]
    assert found
    return found


def _codes(
    client: httpx.Client, asked: list[tuple[str, str]], headers: dict[str, str]
) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """Send each operation and return who was answered how."""
    answers: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for method, path in asked:
        answer = client.request(
            method, path.format(**MISSING_IDS), headers=headers, json=BODIES.get((method, path))
        )
        code = str(answer.json().get("code"))
        answers.setdefault((answer.status_code, code), []).append((method, path))
    return answers


def _cookie(secret: str) -> dict[str, str]:
    return {"Cookie": f"{SESSION_COOKIE}={secret}"}


def test_every_operation_says_which_role_it_needs(schema: dict[str, Any]) -> None:
    roles = {
        (method, path): operation.get("x-required-role")
        for path, method, operation in operations(schema)
    }

    assert [each for each, role in roles.items() if role not in {"none", *Role}] == []
    assert {each for each, role in roles.items() if role == "none"} == OPEN


def test_viewer_may_change_nothing_but_what_is_the_own_and_search(
    schema: dict[str, Any],
) -> None:
    assert {
        path
        for path, method, operation in operations(schema)
        if method != "get" and operation["x-required-role"] == "viewer"
    } == {
        "/api/auth/logout",
        "/api/auth/password",
        "/api/auth/sessions",
        "/api/auth/sessions/{login_id}",
        "/api/exports",
        "/api/exports/preview",
        "/api/exports/{export_id}/cancel",
        "/api/notices/read",
        "/api/records/search",
        "/api/views",
        "/api/views/{view_id}",
        "/api/views/{view_id}/restore",
    }


def test_who_sets_things_up_is_an_admin(schema: dict[str, Any]) -> None:
    assert {
        (method, path)
        for path, method, operation in operations(schema)
        if method != "get" and operation["x-required-role"] == "admin"
    } == {
        ("put", "/api/live-sync/configuration"),
        ("put", "/api/settings"),
        ("put", "/api/crm/fields/map"),
        ("post", "/api/crm/fields/create"),
        ("patch", "/api/crm/fields/{field_id}"),
        ("post", "/api/crm/connect"),
        ("post", "/api/crm/disconnect"),
        ("post", "/api/analysis/stage-history/import"),
        ("post", "/api/users"),
        ("patch", "/api/users/{user_id}"),
        ("delete", "/api/users/{user_id}"),
        ("post", "/api/users/{user_id}/password"),
        ("post", "/api/users/{user_id}/unlock"),
        ("post", "/api/tokens"),
        ("delete", "/api/tokens/{token_id}"),
    }


def test_stranger_gets_401_everywhere(schema: dict[str, Any], stranger: httpx.Client) -> None:
    asked = _needs(schema)
    assert _codes(stranger, asked, {}) == {(401, "not_signed_in"): asked}


def test_description_of_the_api_is_not_for_strangers(stranger: httpx.Client) -> None:
    assert stranger.get("/openapi.json").status_code == 401


def test_stranger_learns_whether_the_crm_is_well_but_not_where_it_is(
    api: Api, stranger: httpx.Client
) -> None:
    connect_crm(api)
    api.sql("UPDATE crm_connection SET refused_at = now(), refusal = 'The client is unknown.'")
    told = {
        "stranger": stranger.get("/health/ready").json()["crm"],
        "admin": api.client.get("/health/ready").json()["crm"],
    }
    assert told["stranger"] == {
        "ok": False,
        "message": "The CRM cannot be used now.",
        "fix": "Log in to see why.",
    }
    assert told["admin"]["message"] == "The client is unknown."


def test_forged_session_and_token_get_401_everywhere(
    schema: dict[str, Any], stranger: httpx.Client
) -> None:
    asked = _needs(schema)
    refused = {(401, "invalid_credential"): asked}
    assert _codes(stranger, asked, _cookie("forged")) == refused
    assert _codes(stranger, asked, {"Authorization": "Bearer pp_forged"}) == refused


def test_session_that_was_idle_for_a_week_gets_401_everywhere(
    api: Api, schema: dict[str, Any], stranger: httpx.Client
) -> None:
    secret = add_session(api.database_url, add_user(api.database_url, Role.ADMIN), api.clock.now())
    api.sql(
        "UPDATE browser_sessions SET last_seen_at = %(seen)s",
        seen=api.clock.now() - timedelta(days=7),
    )
    asked = _needs(schema)
    assert _codes(stranger, asked, _cookie(secret)) == {(401, "session_expired"): asked}


def test_expired_token_gets_401_everywhere(
    api: Api, schema: dict[str, Any], stranger: httpx.Client
) -> None:
    owner = add_user(api.database_url, Role.ADMIN)
    _, secret = add_token(api.database_url, owner, Role.ADMIN, api.clock.now() - timedelta(days=1))
    asked = _needs(schema)
    assert _codes(stranger, asked, {"Authorization": f"Bearer {secret}"}) == {
        (401, "token_expired"): asked
    }


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_role_below_the_needed_one_gets_403(
    api: Api, schema: dict[str, Any], stranger: httpx.Client, role: Role
) -> None:
    secret = add_session(api.database_url, add_user(api.database_url, role), api.clock.now())
    asked = _needs(schema, more_than=role)
    assert _codes(stranger, asked, _cookie(secret)) == {(403, "role_needed"): asked}


def test_temporary_password_opens_nothing_but_the_own_account(
    api: Api, schema: dict[str, Any], stranger: httpx.Client
) -> None:
    ada = add_user(api.database_url, Role.ADMIN)
    secret = add_session(api.database_url, ada, api.clock.now())
    api.sql("UPDATE user_accounts SET must_change_password = true WHERE id = %(ada)s", ada=ada)
    asked = [each for each in _needs(schema) if not each[1].startswith("/api/auth/")]
    assert _codes(stranger, asked, _cookie(secret)) == {(403, "password_change_required"): asked}
    me = stranger.get("/api/auth/me", headers=_cookie(secret))
    assert me.json()["must_change_password"] is True


def test_token_cannot_do_what_only_a_person_may(
    api: Api, schema: dict[str, Any], stranger: httpx.Client
) -> None:
    owner = add_user(api.database_url, Role.ADMIN)
    _, secret = add_token(api.database_url, owner, Role.ADMIN, api.clock.now())
    asked = [
        (method, path)
        for path, method, operation in operations(schema)
        if operation.get("security") == [{"session": []}]
    ]
    assert asked
    assert _codes(stranger, asked, {"Authorization": f"Bearer {secret}"}) == {
        (403, "session_needed"): asked
    }


def test_post_from_another_site_is_refused_everywhere_the_log_in_included(
    api: Api, schema: dict[str, Any], stranger: httpx.Client
) -> None:
    asked = [(method, path) for path, method, _ in operations(schema) if method != "get"]
    elsewhere = admin_headers(api) | {"Origin": "https://evil.example.com"}
    refused = {(403, "cross_site"): asked}
    assert _codes(stranger, asked, elsewhere) == refused
    assert _codes(stranger, asked, elsewhere | {"Sec-Fetch-Site": "cross-site"}) == refused


def test_cookie_without_a_word_on_where_the_request_comes_from_is_refused(api: Api) -> None:
    answer = httpx.post(f"{api.url}/api/auth/logout", headers=admin_headers(api))
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


def test_token_needs_no_word_on_where_the_request_comes_from(api: Api) -> None:
    owner = add_user(api.database_url, Role.ADMIN)
    _, secret = add_token(api.database_url, owner, Role.ADMIN, api.clock.now())
    answer = httpx.post(
        f"{api.url}/api/tokens",
        headers={"Authorization": f"Bearer {secret}"},
        json={"name": "Second", "role": "viewer", "expires_in_days": 1},
    )
    assert answer.status_code == 201


def test_name_that_is_not_ours_is_refused_on_every_path_but_those_of_load_balancers(
    api: Api,
) -> None:
    names = {"Host": "evil.example.com"}
    for path in ("/", "/api/auth/me", "/openapi.json"):
        answer = api.client.get(path, headers=names)
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")
        assert answer.json()["host"] == "evil.example.com"
    assert api.client.get("/health", headers=names).status_code == 200


def test_names_of_the_settings_are_ours(
    database_url: str, redis_url: str, clock: HandClock
) -> None:
    settings = api_settings(
        database_url,
        redis_url,
        pulse_public_url="https://pulse.example.com",
        pulse_allowed_hosts="other.example.com, third.example.com",
    )
    with served(settings, clock) as api:
        statuses = {
            name: api.client.get("/api/auth/me", headers={"Host": name}).status_code
            for name in (
                "pulse.example.com",
                "other.example.com:8080",
                "third.example.com",
                "localhost:1",
                "fourth.example.com",
            )
        }
    assert list(statuses.values()) == [200, 200, 200, 200, 400]


def test_every_operation_that_changes_something_leaves_a_line_in_the_audit_log(
    synced: Synced,
) -> None:
    api = synced.api
    schema = api.client.get("/openapi.json").json()
    silent, failed = [], {}
    with browser(api.url, None) as client:
        for path, method, _ in operations(schema):
            if method == "get" or (method, path) in WRITES_NOTHING:
                continue
            ids, headers = sample_ids(synced), admin_headers(api)
            # What an operation before this one started would forbid the next.
            api.sql("UPDATE crm_sync_sessions SET status = 'completed' WHERE status = 'pending'")
            [(before,)] = api.sql("SELECT count(*) FROM audit_log")
            answer = client.request(
                method, path.format(**ids), json=BODIES.get((method, path)), headers=headers
            )
            [(after,)] = api.sql("SELECT count(*) FROM audit_log")
            if answer.status_code >= 400:
                failed[method, path] = answer.json()["code"]
            elif after == before:
                silent.append((method, path))
    assert silent == []
    assert failed == SHOWN_ELSEWHERE
