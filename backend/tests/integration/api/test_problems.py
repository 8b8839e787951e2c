import http.client
import json
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from support.api import Api


def _assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["fix"]


def test_unknown_route_is_a_problem(api: Api) -> None:
    _assert_problem(api.client.get("/api/nothing"), 404, "route_not_found")


def test_wrong_method_is_a_problem(api: Api) -> None:
    answer = api.client.get("/api/live-sync/sync/full")

    _assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_id_that_is_none_is_malformed(api: Api) -> None:
    _assert_problem(api.client.get("/api/live-sync/status/17"), 422, "malformed_request")


@pytest.mark.parametrize(
    "path",
    [
        "/api/sync-status/history?offset=9223372036854775808",
        "/api/crm/schema-events?offset=9223372036854775808",
        "/api/sync-status/history?module=%00",
    ],
)
def test_values_that_the_database_cannot_hold_are_malformed(api: Api, path: str) -> None:
    _assert_problem(api.client.get(path), 422, "malformed_request")


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{bad"])
def test_body_that_is_no_json_is_malformed(api: Api, body: bytes) -> None:
    answer = api.client.put(
        "/api/live-sync/configuration",
        content=body,
        headers={"content-type": "application/json"},
    )

    _assert_problem(answer, 422, "malformed_request")


@pytest.mark.parametrize(
    ("sqlstate", "code"), [("53100", "disk_full"), ("25006", "database_read_only")]
)
def test_database_that_cannot_write_says_what_to_do(api: Api, sqlstate: str, code: str) -> None:
    # A trigger raises what a full disk, or a standby, raises.
    api.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"
    )
    api.sql("CREATE TRIGGER refuse BEFORE INSERT ON settings EXECUTE FUNCTION refuse()")

    answer = api.client.put(
        "/api/live-sync/configuration", json={"interval_minutes": 30, "mode": "bidirectional"}
    )

    _assert_problem(answer, 503, code)


def test_fault_of_ours_is_a_problem_without_its_inside(api: Api) -> None:
    api.sql("ALTER TABLE credit_ledger RENAME COLUMN calls TO colls")

    answer = api.client.get("/api/live-sync/status/current")

    _assert_problem(answer, 500, "internal_error")
    assert "colls" not in answer.text


def test_body_that_is_too_long_is_refused_before_anybody_asks_who_sends_it(api: Api) -> None:
    with closing(http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=10)) as connection:
        connection.putrequest("POST", "/api/auth/login")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "3000000000")
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "body_too_large")
        assert answer.headers["content-type"] == "application/problem+json"
