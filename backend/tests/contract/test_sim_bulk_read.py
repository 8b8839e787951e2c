"""Bulk Read over HTTP (zoho-crm-v8.md section 7)."""

from __future__ import annotations

import csv
import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from support.simulator import Answer, SimulatorHandle, simulator_in_thread
from support.waiting import wait_until
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

JOBS = "/crm/bulk/v8/read"


@pytest.fixture
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=120)) as handle:
        handle.freeze()
        yield handle


@pytest.fixture
def token(simulator: SimulatorHandle) -> str:
    return simulator.access_token()


def call(
    simulator: SimulatorHandle,
    token: str,
    method: str,
    path: str,
    body: object = None,
    content_type: str = "application/json",
) -> Answer:
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "Content-Type": content_type}
    return simulator.request(method, path, body=body, headers=headers)


def create(simulator: SimulatorHandle, token: str, **query: object) -> str:
    answer = call(simulator, token, "POST", JOBS, {"query": query})
    assert answer.status == 201, answer.body
    return str(answer.json()["data"][0]["details"]["id"])


def state(simulator: SimulatorHandle, token: str, job: str) -> dict[str, Any]:
    answer = call(simulator, token, "GET", f"{JOBS}/{job}")
    assert answer.status == 200
    body = answer.json()
    assert len(body["data"]) == 1
    return dict(body["data"][0])


def completed(simulator: SimulatorHandle, token: str, job: str) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []

    def is_over() -> bool:
        seen.append(state(simulator, token, job))
        return seen[-1]["state"] in ("COMPLETED", "FAILURE")

    wait_until(is_over)
    return seen[-1]


def rows(simulator: SimulatorHandle, token: str, job: str) -> list[dict[str, str]]:
    answer = call(simulator, token, "GET", f"{JOBS}/{job}/result")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{job}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.namelist() == [f"{job}.csv"]
        text = archive.read(f"{job}.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_job_delivers_every_record_as_the_dump_has_it(
    simulator: SimulatorHandle, token: str
) -> None:
    job = create(
        simulator,
        token,
        module={"api_name": "Deals"},
        fields=["Deal_Name", "Stage", "Account_Name", "Account_Name.Account_Name", "Closing_Date"],
    )
    done = completed(simulator, token, job)
    assert done["state"] == "COMPLETED"
    assert done["result"] == {
        "page": 1,
        "per_page": 200_000,
        "count": 120,
        "download_url": f"{JOBS}/{job}/result",
        "more_records": False,
    }
    assert rows(simulator, token, job) == [
        {
            "Id": row["id"],
            "Deal_Name": row["Deal_Name"],
            "Stage": row["Stage"],
            "Account_Name": row["Account_Name"]["id"],
            "Account_Name.Account_Name": row["Account_Name"]["name"],
            "Closing_Date": row["Closing_Date"] or "",
        }
        for row in simulator.records()
    ]


def test_without_fields_every_listed_field_is_a_column(
    simulator: SimulatorHandle, token: str
) -> None:
    job = create(simulator, token, module={"api_name": "Deals"})
    completed(simulator, token, job)
    header = list(rows(simulator, token, job)[0])
    fields = call(simulator, token, "GET", "/crm/v8/settings/fields?module=Deals").json()["fields"]
    listed = {
        field["api_name"]
        for field in fields
        if field["data_type"] not in ("subform", "multiselectlookup")
    }
    assert header[0] == "Id"
    assert set(header[1:]) == listed - {"id"}


def test_pages_of_a_small_cap_join_up_by_token_even_while_records_go(
    simulator: SimulatorHandle, token: str
) -> None:
    simulator.switch(bulk_read_rows_maximum=50)
    expected = [row["id"] for row in simulator.records()]
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Stage"])
    seen: list[str] = []
    for page in (1, 2, 3):
        done = completed(simulator, token, job)
        seen += [row["Id"] for row in rows(simulator, token, job)]
        result = done["result"]
        assert (result["page"], result["per_page"]) == (page, 50)
        assert result["more_records"] is (page < 3)
        assert ("next_page_token" in result) is (page < 3)
        if page < 3:
            simulator.delete(seen[page])
            job = create(simulator, token, page_token=result["next_page_token"])
    assert seen == expected


def test_a_page_number_works_too_while_the_switch_allows_it(
    simulator: SimulatorHandle, token: str
) -> None:
    simulator.switch(bulk_read_rows_maximum=50)
    expected = [row["id"] for row in simulator.records()]
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Stage"], page=3)
    completed(simulator, token, job)
    assert [row["Id"] for row in rows(simulator, token, job)] == expected[100:]
    simulator.switch(bulk_read_allows_page=False)
    query = {"module": {"api_name": "Deals"}, "page": 2}
    answer = call(simulator, token, "POST", JOBS, {"query": query})
    assert (answer.status, answer.json()["code"]) == (400, "PAGE_NOT_SUPPORTED")


def test_a_page_token_ends_after_a_day(simulator: SimulatorHandle, token: str) -> None:
    simulator.switch(bulk_read_rows_maximum=50)
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Stage"])
    next_token = completed(simulator, token, job)["result"]["next_page_token"]
    simulator.advance(86_400)
    body = {"query": {"page_token": next_token}}
    answer = call(simulator, simulator.access_token(), "POST", JOBS, body)
    assert (answer.status, answer.json()) == (
        400,
        {
            "code": "EXPIRED_VALUE",
            "details": {"api_name": "page_token", "json_path": "$.query.page_token"},
            "message": "Page token expired",
            "status": "error",
        },
    )


def test_the_file_shows_the_moment_of_the_work_and_not_of_the_order(
    simulator: SimulatorHandle, token: str
) -> None:
    simulator.switch(bulk_job_duration_s=100)
    record = simulator.records()[0]["id"]
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Next_Step"])
    assert state(simulator, token, job)["state"] == "ADDED"
    simulator.edit({record: {"Next_Step": "before the work"}})
    simulator.advance(10)
    assert state(simulator, token, job)["state"] == "QUEUED"
    simulator.advance(20)
    assert state(simulator, token, job)["state"] == "IN PROGRESS"
    wait_until(lambda: simulator.state()["bulk_reads"]["ready"] == 1)
    simulator.edit({record: {"Next_Step": "after the work"}})
    simulator.advance(70)
    assert completed(simulator, token, job)["state"] == "COMPLETED"
    assert rows(simulator, token, job)[0] == {"Id": record, "Next_Step": "before the work"}


def test_status_calls_can_set_the_pace(simulator: SimulatorHandle, token: str) -> None:
    simulator.switch(bulk_job_polls=3)
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Stage"])
    assert state(simulator, token, job)["state"] == "QUEUED"
    assert state(simulator, token, job)["state"] == "IN PROGRESS"
    assert completed(simulator, token, job)["state"] == "COMPLETED"


def test_a_failed_job_says_why_and_has_no_file(simulator: SimulatorHandle, token: str) -> None:
    simulator.switch(bulk_read_failures=1)
    job = create(simulator, token, module={"api_name": "Deals"})
    done = completed(simulator, token, job)
    assert done["state"] == "FAILURE"
    assert done["result"]["error_message"]["code"] == "INTERNAL_SERVER_ERROR"
    assert call(simulator, token, "GET", f"{JOBS}/{job}/result").status == 404
    healthy = create(simulator, token, module={"api_name": "Deals"})
    assert completed(simulator, token, healthy)["state"] == "COMPLETED"


def test_criteria_choose_the_rows(simulator: SimulatorHandle, token: str) -> None:
    dump = simulator.records()
    middle = sorted(row["Modified_Time"] for row in dump)[60]
    job = create(
        simulator,
        token,
        module={"api_name": "Deals"},
        fields=["Stage"],
        criteria={
            "group_operator": "and",
            "group": [
                {
                    "field": {"api_name": "Modified_Time"},
                    "comparator": "greater_equal",
                    "value": middle,
                },
                {"field": {"api_name": "Stage"}, "comparator": "equal", "value": "Closed Won"},
            ],
        },
    )
    completed(simulator, token, job)
    assert [row["Id"] for row in rows(simulator, token, job)] == [
        row["id"] for row in dump if row["Modified_Time"] >= middle and row["Stage"] == "Closed Won"
    ]


def test_deal_history_leaves_out_the_rows_of_deleted_deals(
    simulator: SimulatorHandle, token: str
) -> None:
    gone = simulator.records()[0]["id"]
    simulator.delete(gone)
    job = create(
        simulator, token, module={"api_name": "DealHistory"}, fields=["Potential_Name", "Stage"]
    )
    completed(simulator, token, job)
    deals = {row["Potential_Name"] for row in rows(simulator, token, job)}
    assert deals == {row["id"] for row in simulator.records()}


def test_the_eleventh_download_of_a_minute_is_429(simulator: SimulatorHandle, token: str) -> None:
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Stage"])
    completed(simulator, token, job)
    path = f"{JOBS}/{job}/result"
    statuses = [call(simulator, token, "GET", path).status for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    simulator.advance(60)
    assert call(simulator, token, "GET", path).status == 200


def test_a_result_is_gone_after_a_day(simulator: SimulatorHandle, token: str) -> None:
    job = create(simulator, token, module={"api_name": "Deals"}, fields=["Stage"])
    completed(simulator, token, job)
    simulator.advance(86_400)
    answer = call(simulator, simulator.access_token(), "GET", f"{JOBS}/{job}/result")
    assert (answer.status, answer.json()) == (
        404,
        {
            "code": "RESOURCE_NOT_FOUND",
            "details": {"resource": job},
            "message": "The requested resource doesn't exist.",
            "status": "error",
        },
    )


def test_the_end_of_a_job_is_posted_to_its_callback(simulator: SimulatorHandle, token: str) -> None:
    posted: Queue[dict[str, Any]] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            posted.put(json.loads(self.rfile.read(size)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        body = {
            "callback": {"url": f"http://127.0.0.1:{server.server_port}/x", "method": "post"},
            "query": {"module": {"api_name": "Deals"}, "fields": ["Stage"]},
        }
        answer = call(simulator, token, "POST", JOBS, body)
        job = answer.json()["data"][0]["details"]["id"]
        received = posted.get(timeout=30)
        thread.join(30)
    assert received["data"][0] == state(simulator, token, job)
    assert received["data"][0]["state"] == "COMPLETED"


def test_creating_a_job_costs_fifty_credits(simulator: SimulatorHandle, token: str) -> None:
    before = simulator.state()["credits"]["used"]
    create(simulator, token, module={"api_name": "Deals"})
    assert simulator.state()["credits"]["used"] - before == 50


@pytest.mark.parametrize(
    ("body", "code", "details"),
    [
        (b"", "REQUEST_BODY_IS_EMPTY", {}),
        (b"{", "REQUEST_BODY_NOT_READABLE", {}),
        ({}, "INVALID_REQUEST", {"api_name": "query"}),
        (
            {"query": {"module": {"api_name": "Nope"}}},
            "MODULE_NOT_AVAILABLE",
            {"api_name": "Nope"},
        ),
        (
            {"query": {"module": {"api_name": "Deals"}, "fields": ["Nope"]}},
            "FIELD_NOT_AVAILABLE",
            {},
        ),
        ({"query": {"module": {"api_name": "Deals"}, "cvid": "1"}}, "CVID_NOT_SUPPORTED", {}),
        (
            {"query": {"module": {"api_name": "Deals"}, "page": 501}},
            "PAGE_RANGE_EXCEEDED",
            {"max_limit": 500},
        ),
        ({"query": {"page_token": "x"}}, "INVALID_TOKEN", {"api_name": "page_token"}),
        (
            {"query": {"module": {"api_name": "Deals"}}, "file_type": "xml"},
            "INVALID_DATA",
            {"api_name": "file_type", "supported_values": ["ics", "csv"]},
        ),
        (
            {"query": {"module": {"api_name": "Deals"}}, "callback": {"url": "here"}},
            "INVALID_CALLBACK_URL",
            {},
        ),
        (
            {
                "query": {"module": {"api_name": "Deals"}},
                "callback": {"url": "https://x.example/a", "method": "get"},
            },
            "INVALID_CALLBACK_METHOD",
            {"supported_callback_methods": ["post"]},
        ),
    ],
)
def test_a_job_that_cannot_be_is_refused_by_code(
    simulator: SimulatorHandle, token: str, body: object, code: str, details: dict[str, object]
) -> None:
    answer = call(simulator, token, "POST", JOBS, body)
    assert answer.status == 400
    assert (answer.json()["code"], answer.json()["details"]) == (code, details)


def test_only_json_is_accepted(simulator: SimulatorHandle, token: str) -> None:
    answer = call(simulator, token, "POST", JOBS, {"query": {}}, content_type="text/plain")
    assert (answer.status, answer.json()["code"]) == (415, "MEDIA_TYPE_NOT_SUPPORTED")


def test_an_unknown_job_is_404(simulator: SimulatorHandle, token: str) -> None:
    for path in (f"{JOBS}/4711", f"{JOBS}/4711/result"):
        answer = call(simulator, token, "GET", path)
        assert answer.status == 404
        assert answer.json()["details"] == {"resource": "4711"}
