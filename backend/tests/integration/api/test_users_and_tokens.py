"""Admins add, change and remove users and tokens; there is always an active admin."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import httpx
import pytest

from pulse.core.access import Role
from support.accounts import PASSWORD, add_session, add_user, browser
from support.api import Api


@pytest.fixture
def stranger(api: Api) -> Iterator[httpx.Client]:
    with browser(api.url, None) as client:
        yield client


def _log_in(client: httpx.Client, email: str, password: str) -> httpx.Response:
    return client.post("/api/auth/login", json={"email": email, "password": password})


def test_new_user_gets_a_temporary_password_and_must_change_it(
    api: Api, stranger: httpx.Client
) -> None:
    answer = api.client.post(
        "/api/users",
        json={"email": "Priya@Halcyon.example", "name": " Priya Raghunathan ", "role": "editor"},
    )

    assert answer.status_code == 201
    user, password = answer.json()["user"], answer.json()["temporary_password"]
    assert (user["email"], user["name"]) == ("priya@halcyon.example", "Priya Raghunathan")
    assert (user["role"], user["must_change_password"]) == ("editor", True)
    me = _log_in(stranger, "priya@halcyon.example", password)
    assert me.json()["must_change_password"] is True
    refused = stranger.get("/api/live-sync/status/current")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    change = {"current_password": password, "new_password": "what a fine long one"}
    assert stranger.post("/api/auth/password", json=change).status_code == 200
    assert stranger.get("/api/live-sync/status/current").status_code == 200


@pytest.mark.parametrize(
    ("email", "status", "code"),
    [
        ("ADA@example.com", 409, "email_taken"),
        ("priya", 400, "invalid_email"),
        ("a b@example.com", 400, "invalid_email"),
    ],
)
def test_email_must_be_one_and_nobodys(api: Api, email: str, status: int, code: str) -> None:
    answer = api.client.post("/api/users", json={"email": email, "name": "X", "role": "viewer"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["field"] == "email"


def test_list_shows_each_user_with_sessions_tokens_and_locks(
    api: Api, stranger: httpx.Client
) -> None:
    vera = add_user(api.database_url, Role.VIEWER)
    add_session(api.database_url, vera, api.clock.now())
    for _ in range(5):
        _log_in(stranger, "vera@example.com", "no idea")

    page = api.client.get("/api/users").json()

    assert page["count"] == 2
    assert [
        (each["name"], each["sessions"], each["tokens"], each["locked_until"])
        for each in page["items"]
    ] == [("Ada", 1, 0, None), ("Vera", 1, 0, "2026-03-02T09:45:00Z")]
    assert api.client.get("/api/users?limit=1&offset=1").json()["items"] == page["items"][1:]


def test_admin_unlocks_and_resets(api: Api, stranger: httpx.Client) -> None:
    vera = add_user(api.database_url, Role.VIEWER)
    for _ in range(5):
        _log_in(stranger, "vera@example.com", "no idea")
    assert _log_in(stranger, "vera@example.com", PASSWORD).status_code == 429

    assert api.client.post(f"/api/users/{vera}/unlock").status_code == 200
    assert _log_in(stranger, "vera@example.com", PASSWORD).status_code == 200

    made = api.client.post(f"/api/users/{vera}/password").json()["temporary_password"]
    assert stranger.get("/api/auth/me").status_code == 401
    assert _log_in(stranger, "vera@example.com", PASSWORD).status_code == 401
    assert _log_in(stranger, "vera@example.com", made).json()["must_change_password"] is True


def test_role_holds_from_the_next_request_on(api: Api, stranger: httpx.Client) -> None:
    vera = add_user(api.database_url, Role.VIEWER)
    _log_in(stranger, "vera@example.com", PASSWORD)
    assert stranger.get("/api/users").status_code == 403
    assert api.client.patch(f"/api/users/{vera}", json={"role": "admin"}).status_code == 200
    assert stranger.get("/api/users").status_code == 200


@pytest.mark.parametrize("how", ["demoted", "deactivated", "removed"])
def test_last_active_admin_stays(api: Api, how: str) -> None:
    ada = add_user(api.database_url, Role.ADMIN)
    other = add_user(api.database_url, Role.ADMIN, name="Alan")
    api.sql("UPDATE user_accounts SET is_active = false WHERE id = %(id)s", id=other)
    answer = (
        api.client.delete(f"/api/users/{ada}")
        if how == "removed"
        else api.client.patch(
            f"/api/users/{ada}",
            json={"role": "viewer"} if how == "demoted" else {"is_active": False},
        )
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert api.client.get("/api/users").status_code == 200


def test_two_admins_who_demote_each_other_at_once_leave_one(api: Api) -> None:
    ada = add_user(api.database_url, Role.ADMIN)
    alan = add_user(api.database_url, Role.ADMIN, name="Alan")
    secret = add_session(api.database_url, alan, api.clock.now())
    with browser(api.url, secret) as other, ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            told = list(
                pool.map(
                    lambda pair: pair[0].patch(f"/api/users/{pair[1]}", json={"role": "viewer"}),
                    ((api.client, alan), (other, ada)),
                )
            )
            # The one who was demoted first may be refused for that, or as the last admin.
            assert sorted(answer.status_code for answer in told) in ([200, 403], [200, 409])
            assert api.sql("SELECT count(*) FROM user_accounts WHERE role = 'admin'") == [(1,)]
            api.sql("UPDATE user_accounts SET role = 'admin'")


def test_removed_user_is_out_and_stays_in_the_audit_log(api: Api, stranger: httpx.Client) -> None:
    vera = add_user(api.database_url, Role.VIEWER)
    _log_in(stranger, "vera@example.com", PASSWORD)
    assert api.client.delete(f"/api/users/{vera}").json() == {"message": "The user was removed."}
    assert stranger.get("/api/auth/me").status_code == 401
    assert api.client.delete(f"/api/users/{vera}").json()["code"] == "user_not_found"
    lines = api.client.get("/api/audit", params={"person": str(vera)}).json()["items"]
    assert [(line["user_name"], line["action"]) for line in lines] == [("Vera", "session.started")]


def test_token_is_shown_once_listed_and_ended(api: Api, stranger: httpx.Client) -> None:
    made = api.client.post(
        "/api/tokens", json={"name": "Nightly report", "role": "viewer", "expires_in_days": 30}
    )
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("pp_")
    bearer = {"Authorization": f"Bearer {secret}"}
    assert stranger.get("/api/auth/me", headers=bearer).json()["role"] == "viewer"

    [token] = api.client.get("/api/tokens").json()["items"]
    assert token == {
        "id": made.json()["token"]["id"],
        "name": "Nightly report",
        "role": "viewer",
        "owner": "Ada",
        "owner_is_active": True,
        "hint": secret[:8],
        "created_at": "2026-03-02T09:30:00Z",
        "expires_at": "2026-04-01T09:30:00Z",
        "last_used_at": "2026-03-02T09:30:00Z",
        "is_expired": False,
    }
    assert api.client.delete(f"/api/tokens/{token['id']}").status_code == 200
    assert stranger.get("/api/auth/me", headers=bearer).json()["code"] == "invalid_credential"
    assert api.client.delete(f"/api/tokens/{token['id']}").json()["code"] == "token_not_found"
    assert secret not in str(api.sql("SELECT * FROM audit_log"))


def test_token_lasts_a_year_at_most(api: Api) -> None:
    wanted = {"name": "Long", "role": "viewer", "expires_in_days": 367}
    assert api.client.post("/api/tokens", json=wanted).status_code == 422


def test_ids_are_those_of_the_accounts(api: Api) -> None:
    [user] = api.client.get("/api/users").json()["items"]
    assert UUID(user["id"]) == UUID(api.client.get("/api/auth/me").json()["id"])
