"""Log in, wrong passwords, expiry, log out, one's own password and sessions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import httpx
import pytest

from pulse.core.access import Role
from support.accounts import PASSWORD, add_session, add_token, add_user, browser
from support.api import Api, HandClock, api_settings, served
from support.waiting import wait_until

VERA = {"email": "vera@example.com", "password": PASSWORD}
WRONG = VERA | {"password": "no idea"}


@pytest.fixture(autouse=True)
def vera(api: Api) -> UUID:
    return add_user(api.database_url, Role.VIEWER)


@pytest.fixture
def client(api: Api) -> Iterator[httpx.Client]:
    with browser(api.url, None) as client:
        yield client


def _log_in(client: httpx.Client, given: dict[str, str] = VERA) -> httpx.Response:
    return client.post("/api/auth/login", json=given)


def _facts(answer: httpx.Response) -> dict[str, Any]:
    said = answer.json()
    return {"status": answer.status_code} | {
        key: said[key] for key in ("code", "tries_left", "locked_until") if key in said
    }


def test_log_in_opens_a_session_that_scripts_cannot_read(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    answer = _log_in(client, {"email": " Vera@Example.COM ", "password": PASSWORD})

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(vera),
        "name": "Vera",
        "email": "vera@example.com",
        "role": "viewer",
        "via": "session",
        "must_change_password": False,
        "expires_at": "2026-04-01T09:30:00Z",
        "organisation": None,
        "editors": [],
        "admins": ["Ada"],
    }
    cookie = SimpleCookie(answer.headers["set-cookie"])["pulse_session"]
    assert {key: value for key, value in cookie.items() if value} == {
        "httponly": True,
        "max-age": str(30 * 24 * 3600),
        "path": "/",
        "samesite": "lax",
    }
    assert client.get("/api/auth/me").json() == answer.json()
    kept = api.sql("SELECT token_hash FROM browser_sessions WHERE user_id = %(id)s", id=vera)
    assert cookie.value.encode() not in kept[0]
    assert api.sql("SELECT last_login_at FROM user_accounts WHERE id = %(id)s", id=vera) == [
        (api.clock.now(),)
    ]


def test_cookie_goes_over_tls_only_where_people_come_by_https(
    database_url: str, redis_url: str, clock: HandClock
) -> None:
    settings = api_settings(database_url, redis_url, pulse_public_url="https://pulse.example.com")
    with served(settings, clock) as api:
        add_user(api.database_url, Role.VIEWER)
        with browser(api.url, None) as client:
            cookie = SimpleCookie(_log_in(client).headers["set-cookie"])["pulse_session"]
    assert cookie["secure"] is True


def test_hash_made_with_other_parameters_is_made_anew_at_the_log_in(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    kept = "SELECT password_hash FROM user_accounts WHERE id = %(id)s"
    [(before,)] = api.sql(kept, id=vera)
    assert _log_in(client).status_code == 200
    [(after,)] = api.sql(kept, id=vera)
    assert str(before).startswith("$argon2id$v=19$m=8,t=1,")
    assert str(after).startswith("$argon2id$v=19$m=65536,t=3,")
    assert _log_in(client).status_code == 200


def test_fifth_wrong_password_locks_for_15_minutes_whatever_comes_then(
    api: Api, client: httpx.Client
) -> None:
    told = [_facts(_log_in(client, WRONG)) for _ in range(5)]
    locked = {"status": 429, "code": "login_locked", "tries_left": 0}
    until = {"locked_until": "2026-03-02T09:45:00+00:00"}
    assert told == [
        {"status": 401, "code": "wrong_password", "tries_left": left} for left in (4, 3, 2, 1)
    ] + [locked | until]
    api.clock.advance(minutes=14, seconds=59)
    assert _facts(_log_in(client)) == locked | until

    api.clock.advance(seconds=1)
    assert _facts(_log_in(client, WRONG)) == {
        "status": 401,
        "code": "wrong_password",
        "tries_left": 4,
    }
    assert _log_in(client).status_code == 200
    assert api.sql("SELECT user_name, via, name FROM audit_log WHERE action = 'login.locked'") == [
        ("Pipeline Pulse", "system", "vera@example.com")
    ]


def test_right_password_starts_the_count_again(client: httpx.Client) -> None:
    for _ in range(4):
        _log_in(client, WRONG)
    assert _log_in(client).status_code == 200
    assert _facts(_log_in(client, WRONG))["tries_left"] == 4


def test_unknown_email_is_answered_and_counted_like_a_known_one(client: httpx.Client) -> None:
    nobody = {"email": "nobody@example.com", "password": "no idea"}
    for _ in range(5):
        known, unknown = _log_in(client, WRONG).json(), _log_in(client, nobody).json()
        assert known == unknown


def test_guesses_that_come_all_at_once_are_counted_one_by_one(
    api: Api, client: httpx.Client
) -> None:
    with ThreadPoolExecutor(10) as pool:
        told = list(pool.map(lambda _: _facts(_log_in(client, WRONG)), range(10)))
    assert sorted(each["tries_left"] for each in told) == [0, 0, 0, 0, 0, 0, 1, 2, 3, 4]
    assert api.sql("SELECT tries FROM login_tries") == [(5,)]


def test_two_log_ins_at_once_open_two_sessions(api: Api, client: httpx.Client, vera: UUID) -> None:
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: _log_in(client).status_code, range(2)))
    assert told == [200, 200]
    assert api.sql("SELECT count(*) FROM browser_sessions WHERE user_id = %(id)s", id=vera) == [
        (2,)
    ]


def test_deactivated_account_is_named_only_to_who_knows_its_password(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    api.sql("UPDATE user_accounts SET is_active = false WHERE id = %(id)s", id=vera)
    assert _facts(_log_in(client, WRONG))["code"] == "wrong_password"
    assert _facts(_log_in(client)) == {"status": 403, "code": "account_inactive"}


def test_session_ends_after_a_week_without_use_and_lives_on_with_it(
    api: Api, client: httpx.Client
) -> None:
    _log_in(client)
    for _ in range(3):
        api.clock.advance(days=6, hours=23)
        assert client.get("/api/auth/me").status_code == 200
    api.clock.advance(days=7)
    assert _facts(client.get("/api/auth/me")) == {"status": 401, "code": "session_expired"}


def test_session_ends_after_30_days_however_much_it_is_used(api: Api, client: httpx.Client) -> None:
    _log_in(client)
    for _ in range(29):
        api.clock.advance(days=1)
        assert client.get("/api/auth/me").status_code == 200
    api.clock.advance(hours=23, minutes=59)
    assert client.get("/api/auth/me").status_code == 200
    api.clock.advance(minutes=1)
    assert _facts(client.get("/api/auth/me")) == {"status": 401, "code": "session_expired"}


def test_log_out_ends_the_session_and_takes_the_cookie_back(client: httpx.Client) -> None:
    secret = SimpleCookie(_log_in(client).headers["set-cookie"])["pulse_session"].value
    answer = client.post("/api/auth/logout")
    assert answer.json() == {"message": "Logged out."}
    assert not client.cookies
    kept = client.get("/api/auth/me", headers={"Cookie": f"pulse_session={secret}"})
    assert _facts(kept) == {"status": 401, "code": "invalid_credential"}


def test_new_password_holds_and_ends_all_other_sessions(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    api.sql("UPDATE user_accounts SET must_change_password = true WHERE id = %(id)s", id=vera)
    _log_in(client)
    other = add_session(api.database_url, vera, api.clock.now())
    change = {"current_password": PASSWORD, "new_password": "a rather long new one"}

    assert client.post("/api/auth/password", json=change).json() == {"sessions_ended": 1}

    me = client.get("/api/auth/me")
    assert me.json()["must_change_password"] is False
    gone = client.get("/api/auth/me", headers={"Cookie": f"pulse_session={other}"})
    assert gone.status_code == 401
    assert _facts(_log_in(client))["code"] == "wrong_password"
    assert _log_in(client, VERA | {"password": "a rather long new one"}).status_code == 200


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short one", "It has fewer than 12 characters."),
        ("x" * 257, "It has more than 256 characters."),
        ("ababababababab", "It repeats a few characters."),
        ("my name is Vera, no?", "It contains the e-mail address."),
        (PASSWORD, "It is the password that you have now."),
    ],
)
def test_password_that_is_not_good_enough_is_refused_with_the_reason(
    client: httpx.Client, password: str, reason: str
) -> None:
    _log_in(client)
    answer = client.post(
        "/api/auth/password", json={"current_password": PASSWORD, "new_password": password}
    )
    assert answer.status_code == 400
    assert answer.json()["detail"] == f"new_password: {reason}"
    assert answer.json()["field"] == "new_password"


def test_guessing_the_present_password_locks_like_a_log_in(client: httpx.Client) -> None:
    _log_in(client)
    change = {"current_password": "no idea", "new_password": "a rather long new one"}
    told = [_facts(client.post("/api/auth/password", json=change)) for _ in range(5)]
    assert [each["code"] for each in told] == ["wrong_password"] * 4 + ["login_locked"]


def test_people_see_and_end_their_own_sessions_alone(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    [(adas,)] = api.sql("SELECT id FROM browser_sessions")
    _log_in(client)
    other = add_session(api.database_url, vera, api.clock.now())

    items = client.get("/api/auth/sessions").json()["items"]
    assert [each["is_current"] for each in items] == [False, True]
    assert items[1]["address"] == "127.0.0.1"
    assert items[1]["user_agent"].startswith("python-httpx/")
    assert _facts(client.delete(f"/api/auth/sessions/{adas}")) == {
        "status": 404,
        "code": "login_not_found",
    }
    ended = client.delete(f"/api/auth/sessions/{items[0]['id']}")
    assert ended.json() == {"message": "The session has ended."}
    assert client.get("/api/auth/me", headers={"Cookie": f"pulse_session={other}"}).is_error
    for _ in range(2):
        add_session(api.database_url, vera, api.clock.now())
    assert client.delete("/api/auth/sessions").json() == {"sessions_ended": 2}
    assert len(client.get("/api/auth/sessions").json()["items"]) == 1
    assert api.client.get("/api/auth/me").status_code == 200


def test_token_acts_as_its_owner_with_no_more_than_the_owners_role(
    api: Api, client: httpx.Client
) -> None:
    edda = add_user(api.database_url, Role.EDITOR)
    _, secret = add_token(api.database_url, edda, Role.ADMIN, api.clock.now())
    bearer = {"Authorization": f"bearer {secret}"}

    me = client.get("/api/auth/me", headers=bearer).json()
    assert (me["name"], me["role"], me["via"]) == ("Edda", "editor", "token")
    assert client.get("/api/users", headers=bearer).status_code == 403
    assert api.sql("SELECT last_used_at FROM api_tokens") == [(api.clock.now(),)]

    api.sql("UPDATE user_accounts SET is_active = false WHERE id = %(id)s", id=edda)
    assert _facts(client.get("/api/auth/me", headers=bearer)) == {
        "status": 401,
        "code": "invalid_credential",
    }


@pytest.mark.parametrize("how", ["deactivated", "logged out", "expired"])
def test_open_event_stream_ends_with_the_session(
    api: Api, client: httpx.Client, vera: UUID, how: str
) -> None:
    wait_until(api.app.state.events.is_listening.is_set)
    _log_in(client)
    with client.stream("GET", "/api/live-sync/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: hello"
        if how == "deactivated":
            changed = api.client.patch(f"/api/users/{vera}", json={"is_active": False})
            assert changed.status_code == 200
        elif how == "logged out":
            assert client.post("/api/auth/logout").status_code == 200
        else:
            api.clock.advance(days=30)
        # The server ends the stream; a stream that went on would time out here.
        assert [line for line in lines if line.startswith("event:")] == []
    assert api.app.state.events.subscriber_count == 0


def test_stream_of_others_goes_on_when_somebody_is_deactivated(api: Api, vera: UUID) -> None:
    wait_until(api.app.state.events.is_listening.is_set)
    with api.client.stream("GET", "/api/live-sync/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: hello"
        with browser(api.url, None) as other:
            other.cookies = api.client.cookies
            other.patch(f"/api/users/{vera}", json={"is_active": False})
        api.sql("SELECT pg_notify('pulse_events', 'settings:sync.mode')")
        events = (line for line in lines if line.startswith("event:"))
        assert next(events) == "event: settings"


def test_person_hears_of_a_change_of_the_own_role(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    wait_until(api.app.state.events.is_listening.is_set)
    _log_in(client)
    with client.stream("GET", "/api/live-sync/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: hello"
        api.client.patch(f"/api/users/{vera}", json={"role": "editor"})
        assert next(line for line in lines if line.startswith("event:")) == "event: access"


def test_session_is_written_as_seen_once_a_minute(
    api: Api, client: httpx.Client, vera: UUID
) -> None:
    _log_in(client)
    start = api.clock.now()
    seen = "SELECT last_seen_at FROM browser_sessions WHERE user_id = %(id)s"
    for seconds, expected in ((59, 0), (1, 60), (59, 60), (1, 120)):
        api.clock.advance(seconds=seconds)
        client.get("/api/auth/me")
        assert api.sql(seen, id=vera) == [(start + timedelta(seconds=expected),)]
