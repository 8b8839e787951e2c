"""Headers of the running application: its own failures and streams carry them as well."""

from http import HTTPStatus

import httpx

from support.api import Api

NOTHING = "default-src 'none'; frame-ancestors 'none'"


def test_answers_of_the_api_are_not_kept_and_may_load_nothing(api: Api) -> None:
    answer = api.client.get("/api/live-sync/status/current")
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == NOTHING


def test_failure_of_ours_carries_the_headers_too(api: Api) -> None:
    async def fail() -> None:
        raise RuntimeError("a fault of ours")

    api.app.add_api_route("/api/fail", fail)
    answer = api.client.get("/api/fail")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert answer.json()["code"] == "internal_error"
    assert answer.headers["content-security-policy"] == NOTHING
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_unknown_path_of_the_api_is_a_problem_also_for_a_browser(api: Api) -> None:
    answer = api.client.get("/api/unknown", headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json()["code"] == "route_not_found"


def test_description_of_the_api_is_for_people_who_are_signed_in(api: Api) -> None:
    assert api.client.get("/openapi.json").json()["info"]["title"] == "Pipeline Pulse"
    stranger = httpx.get(f"{api.url}/openapi.json")
    assert stranger.status_code == HTTPStatus.UNAUTHORIZED
    assert stranger.json()["code"] == "not_signed_in"


def test_stream_of_events_is_never_kept(api: Api) -> None:
    with api.client.stream("GET", "/api/live-sync/events") as answer:
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-security-policy"] == NOTHING
