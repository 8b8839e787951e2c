"""Views are saved, shared, changed and deleted by whom they belong to; each step is audited."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.api import Api

MONDAY = {"page": "analysis", "name": "Monday", "query": "closing=current_quarter&segment=Public"}


@pytest.fixture
def edda(api: Api) -> Iterator[httpx.Client]:
    """A browser in which an editor is signed in."""
    user = add_user(api.database_url, Role.EDITOR)
    with browser(api.url, add_session(api.database_url, user, api.clock.now())) as client:
        yield client


@pytest.fixture
def vera(api: Api) -> Iterator[httpx.Client]:
    """A browser in which a viewer is signed in."""
    user = add_user(api.database_url, Role.VIEWER)
    with browser(api.url, add_session(api.database_url, user, api.clock.now())) as client:
        yield client


def _save(client: httpx.Client, **given: object) -> dict[str, Any]:
    answer = client.post("/api/views", json=MONDAY | given)
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


def _names(client: httpx.Client, **params: str) -> list[str]:
    return [view["name"] for view in client.get("/api/views", params=params).json()["items"]]


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_private_view_is_its_owners_alone(api: Api, edda: httpx.Client, vera: httpx.Client) -> None:
    view = _save(edda, name="  Monday ")

    assert view == MONDAY | {
        "id": view["id"],
        "is_shared": False,
        "owner": "Edda",
        "is_mine": True,
        "may_change": True,
        "created_at": "2026-03-02T09:30:00Z",
        "updated_at": "2026-03-02T09:30:00Z",
    }
    path = f"/api/views/{view['id']}"
    assert edda.get(path).json() == view
    for other in (vera, api.client):  # an admin reads nobody's private views either
        assert _names(other) == []
        assert _code(other.get(path)) == (404, "saved_view_not_found")
        assert _code(other.patch(path, json={"name": "Mine"})) == (404, "saved_view_not_found")
        assert _code(other.delete(path)) == (404, "saved_view_not_found")
        assert _code(other.post(f"{path}/restore")) == (404, "saved_view_not_found")


def test_shared_view_is_read_by_all_and_changed_by_owner_and_admins(
    api: Api, edda: httpx.Client, vera: httpx.Client
) -> None:
    view = _save(edda, is_shared=True)
    path = f"/api/views/{view['id']}"

    seen = vera.get(path).json()
    assert (seen["owner"], seen["is_mine"], seen["may_change"]) == ("Edda", False, False)
    refused = vera.patch(path, json={"name": "Mine"})
    assert _code(refused) == (403, "not_your_view")
    assert refused.json()["owner"] == "Edda"
    assert _code(vera.delete(path)) == (403, "not_your_view")

    api.clock.advance(minutes=5)
    changed = api.client.patch(path, json={"query": "stage=Won", "is_shared": True}).json()
    assert (changed["query"], changed["name"], changed["owner"]) == ("stage=Won", "Monday", "Edda")
    assert (changed["is_mine"], changed["may_change"]) == (False, True)
    assert changed["updated_at"] == "2026-03-02T09:35:00Z"
    assert edda.patch(path, json={"is_shared": False}).json()["is_shared"] is False
    assert _code(vera.get(path)) == (404, "saved_view_not_found")


def test_list_shows_own_and_shared_views_by_name(edda: httpx.Client, vera: httpx.Client) -> None:
    for name, shared in (("beta", True), ("Alpha", False), ("Gamma", True)):
        _save(edda, name=name, is_shared=shared)
    _save(vera, name="Delta", page="deals", query="sort=-value")

    assert _names(edda) == ["Alpha", "beta", "Gamma"]
    assert _names(vera) == ["beta", "Delta", "Gamma"]
    assert _names(vera, page="analysis") == ["beta", "Gamma"]
    part = vera.get("/api/views", params={"limit": 1, "offset": 1}).json()
    assert (part["count"], part["has_more"], part["items"][0]["name"]) == (3, True, "Delta")


def test_name_is_given_once_by_a_person_on_a_page(edda: httpx.Client, vera: httpx.Client) -> None:
    first = _save(edda)
    second = _save(edda, name="Tuesday")

    taken = edda.post("/api/views", json=MONDAY | {"name": "MONDAY"})
    assert (*_code(taken), taken.json()["field"]) == (409, "view_name_taken", "name")
    path = f"/api/views/{second['id']}"
    assert _code(edda.patch(path, json={"name": "monday"})) == (409, "view_name_taken")
    assert edda.patch(path, json={"name": "TUESDAY"}).json()["name"] == "TUESDAY"
    assert _save(vera)["name"] == first["name"]
    assert _save(edda, page="deals")["name"] == first["name"]


def test_of_two_views_saved_at_once_under_one_name_one_is_kept(edda: httpx.Client) -> None:
    def save(_: int) -> int:
        return edda.post("/api/views", json=MONDAY).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(save, range(6))) == [201, 409, 409, 409, 409, 409]


def test_deleted_view_comes_back_under_its_id(api: Api, edda: httpx.Client) -> None:
    view = _save(edda)
    path = f"/api/views/{view['id']}"

    assert edda.delete(path).json() == view
    assert _names(edda) == []
    assert _code(edda.get(path)) == (404, "saved_view_not_found")
    assert _code(edda.delete(path)) == (404, "saved_view_not_found")
    assert edda.post(f"{path}/restore").json() == view
    assert edda.post(f"{path}/restore").json() == view  # taken back already
    assert edda.get(path).json() == view

    edda.delete(path)
    _save(edda)
    assert _code(edda.post(f"{path}/restore")) == (409, "view_name_taken")
    other = _save(edda, name="Tuesday")
    api.clock.time += timedelta(days=31)
    edda.delete(f"/api/views/{other['id']}")
    assert api.sql("SELECT name FROM saved_views ORDER BY name") == [("Monday",), ("Tuesday",)]
    assert _code(edda.post(f"{path}/restore")) == (404, "saved_view_not_found")


def test_nobody_keeps_more_views_of_a_page_than_fit_into_its_menu(
    api: Api, edda: httpx.Client
) -> None:
    api.sql(
        "INSERT INTO saved_views (page, name, query, owner_id, is_shared, created_at, updated_at)"
        " SELECT 'analysis', 'View ' || n, '', id, false, now(), now()"
        " FROM user_accounts, generate_series(1, 200) n WHERE name = 'Edda'"
    )

    full = edda.post("/api/views", json=MONDAY)
    assert (*_code(full), full.json()["limit"]) == (409, "too_many_views", 200)
    assert _save(edda, page="deals")["page"] == "deals"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"query": "closing=someday"}, 400, "invalid_filter"),
        ({"query": "rows=a b"}, 400, "invalid_filter"),
        ({"name": "   "}, 422, "malformed_request"),
        ({"name": "a\nb"}, 422, "malformed_request"),
        ({"name": "x" * 81}, 422, "malformed_request"),
        ({"page": "dashboard"}, 422, "malformed_request"),
    ],
)
def test_what_cannot_be_a_view_is_refused(
    api: Api, change: dict[str, str], status: int, code: str
) -> None:
    assert _code(api.client.post("/api/views", json=MONDAY | change)) == (status, code)
    assert api.sql("SELECT count(*) FROM saved_views") == [(0,)]


def test_every_step_is_in_the_audit_log(api: Api, edda: httpx.Client) -> None:
    view = _save(edda)
    path = f"/api/views/{view['id']}"
    edda.patch(path, json={"name": "Monday", "query": MONDAY["query"]})  # changes nothing
    edda.patch(path, json={"name": "Tuesday"})
    edda.delete(path)
    edda.post(f"{path}/restore")

    lines = api.sql(
        "SELECT action, user_name, subject, before, after FROM audit_log"
        " WHERE kind = 'view' ORDER BY id"
    )
    kept = {"page": "analysis", "query": MONDAY["query"], "is_shared": False}
    assert lines == [
        ("view.saved", "Edda", view["id"], None, kept | {"name": "Monday"}),
        ("view.changed", "Edda", view["id"], {"name": "Monday"}, {"name": "Tuesday"}),
        ("view.deleted", "Edda", view["id"], kept | {"name": "Tuesday"}, None),
        ("view.restored", "Edda", view["id"], None, kept | {"name": "Tuesday"}),
    ]
