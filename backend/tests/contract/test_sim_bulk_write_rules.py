"""Bulk Write's files, orders, course, limits and rights, against the simulator."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from support.bulk_writes import BulkWrites, csv_of, packed
from support.crm_calls import CrmCalls
from support.simulator import Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = [["id", "Seats"], ["1", "5"]]


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=30)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=30)
    running.freeze()
    return running


@pytest.fixture
def bulk(crm: SimulatorHandle) -> BulkWrites:
    return BulkWrites(CrmCalls(crm))


def test_an_upload_is_answered_with_an_id_and_its_time(bulk: BulkWrites) -> None:
    answer = bulk.upload(packed(("deals.csv", csv_of(ROWS))))
    body = answer.json()
    assert (answer.status, body["code"], body["message"]) == (
        200,
        "FILE_UPLOAD_SUCCESS",
        "file uploaded.",
    )
    assert sorted(body["details"]) == ["created_time", "file_id"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"feature": None}, "MANDATORY_NOT_FOUND"),
        ({"X-CRM-ORG": None}, "MANDATORY_NOT_FOUND"),
        ({"feature": "other"}, "NOT_SUPPORTED_FEATURE"),
        ({"X-CRM-ORG": "5"}, "INVALID_DATA"),
        ({"part": "other"}, "MANDATORY_NOT_FOUND"),
        ({"Content-Type": "application/zip"}, "MANDATORY_NOT_FOUND"),
    ],
)
def test_an_upload_needs_its_headers_and_its_part(
    bulk: BulkWrites, headers: Json, code: str
) -> None:
    answer = bulk.upload(packed(("deals.csv", csv_of(ROWS))), **headers)
    assert (answer.status, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "content",
    [
        b"no zip",
        packed(),
        packed(("deals.txt", b"id")),
        packed(("a.csv", b"id"), ("b.csv", b"id")),
    ],
)
def test_only_a_zip_of_one_csv_is_taken(bulk: BulkWrites, content: bytes) -> None:
    answer = bulk.upload(content)
    assert (answer.status, answer.json()["code"]) == (400, "INVALID_FILE_FORMAT")
    assert answer.json()["message"] == "invalid file format. only zip format is supported"


def test_a_file_over_25_megabytes_is_too_large(bulk: BulkWrites) -> None:
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("deals.csv", b"x" * (25 * 1024 * 1024))
    answer = bulk.upload(stored.getvalue())
    assert (answer.status, answer.json()["code"]) == (413, "FILE_TOO_LARGE")


def order(file_id: str = "FILE", **resource: Json) -> Json:
    return {
        "operation": "update",
        "resource": [
            {
                "type": "data",
                "module": {"api_name": "Deals"},
                "file_id": file_id,
                "find_by": "id",
                **resource,
            }
        ],
    }


def mapped(*mappings: Json) -> Json:
    return order(field_mappings=list(mappings))


ID = {"api_name": "id", "index": 0}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"resource": order()["resource"]}, "MISSING_REQUIRED_KEY"),
        ({"operation": "update"}, "MISSING_REQUIRED_KEY"),
        ({**order(), "operation": "delete"}, "INVALID_DATA"),
        ({**order(), "resource": []}, "INVALID_DATA"),
        ({**order(), "resource": order()["resource"] * 2}, "COEXISTENCE_NOT_ALLOWED"),
        ({**order(), "callback": {"url": "x", "method": "post"}}, "INVALID_CALLBACK_URL"),
        ({**order(), "callback": {"url": "http://a.example/", "method": "get"}},
         "INVALID_CALLBACK_METHOD"),
        ({**order(), "character_encoding": "klingon"}, "INVALID_FILE_FORMAT"),
        (order(type=None), "MISSING_REQUIRED_KEY"),
        (order(type="image"), "INVALID_DATA"),
        (order(module={"api_name": "Nowhere"}), "MODULE_NOT_AVAILABLE"),
        (order(module={"api_name": "DealHistory"}), "MODULE_NOT_AVAILABLE"),
        (order(file_id="5"), "INVALID_FILE_ID"),
        (order(file_names=["other.csv"]), "FILE_NOT_SUPPORTED"),
        (order(find_by=None), "MANDATORY_NOT_FOUND"),
        (order(find_by="Seats"), "INVALID_DATA"),
        (order(find_by="External_Reference"), "MANDATORY_FIELDS_NOT_MAPPED"),
        (order(ignore_empty="yes"), "INVALID_DATA"),
        (order(field_mappings=[]), "INVALID_DATA"),
        ({**order(), "operation": "insert"}, "MANDATORY_FIELDS_NOT_MAPPED"),
        (mapped(ID, {"api_name": "Nowhere", "index": 1}), "INVALID_FIELD"),
        (mapped(ID, {"api_name": "Expected_Revenue", "index": 1}), "INVALID_FIELD"),
        (mapped(ID, {"api_name": "Modified_Time", "index": 1}), "INVALID_FIELD"),
        (mapped(ID, {"api_name": "Seats", "index": 2}), "COLUMN_INDEX_NOT_FOUND"),
        (mapped(ID, {"api_name": "Seats"}), "MISSING_REQUIRED_KEY"),
        (mapped(ID, {"api_name": "Seats", "index": "1"}), "INVALID_DATA"),
        (mapped(ID, {"api_name": "Seats", "default_value": 5}), "INVALID_DATA"),
        (mapped(ID, {"api_name": "Closing_Date", "index": 1, "format": "quarter"}),
         "INVALID_FORMAT"),
        (mapped(ID, {"api_name": "Account_Name", "index": 1, "find_by": "Phone"}),
         "INVALID_DATA"),
        (mapped(*([ID] * 201)), "HEADER_LIMIT_EXCEEDED"),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_carried_out_is_refused(
    bulk: BulkWrites, crm: SimulatorHandle, body: Json, code: str
) -> None:
    sent = json.dumps(body).replace("FILE", bulk.file_id(ROWS)).encode()
    answer = bulk.ask("POST", "/crm/bulk/v8/write", sent)
    assert (answer.status, answer.json()["code"]) == (400, code)
    assert crm.writes()["writes"] == []


def test_a_file_may_hold_so_many_rows_and_columns(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    crm.switch(bulk_write_rows_maximum=2)
    full = bulk.create("update", bulk.file_id([["id"], *([["1"]] * 3)]), find_by="id")
    assert (full.status, full.json()["code"], full.json()["details"]) == (
        400,
        "LIMIT_EXCEEDED",
        {"limit": 2},
    )
    wide = bulk.create("update", bulk.file_id([["id"] * 201]), find_by="id")
    assert wide.json()["code"] == "HEADER_LIMIT_EXCEEDED"
    unknown = bulk.create("update", bulk.file_id([["id", "Nowhere"]]), find_by="id")
    assert unknown.json()["message"] == "invalid mapping. invalid api_name Nowhere."


@pytest.mark.parametrize("delimiter", [",", ";", ":", "|"])
def test_the_delimiter_is_recognised(
    bulk: BulkWrites, crm: SimulatorHandle, delimiter: str
) -> None:
    deal = crm.records()[0]["id"]
    content = packed(("deals.csv", csv_of([["id", "Seats"], [deal, 12]], delimiter)))
    file_id = bulk.upload(content).json()["details"]["file_id"]
    bulk.ended(bulk.create("update", file_id, find_by="id"))
    assert bulk.calls.record(deal)["Seats"] == 12


def test_an_encoding_other_than_utf8_is_named(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    deal = crm.records()[0]["id"]
    content = packed(("deals.csv", f"id,Next_Step\n{deal},Überprüfen\n".encode("latin-1")))
    file_id = bulk.upload(content).json()["details"]["file_id"]
    assert bulk.create("update", file_id, find_by="id").json()["code"] == "INVALID_FILE_FORMAT"
    named = {"character_encoding": "ISO-8859-1"}
    bulk.ended(bulk.create("update", file_id, find_by="id", more=named))
    assert bulk.calls.record(deal)["Next_Step"] == "Überprüfen"


def test_a_job_is_seen_at_work_with_part_of_its_rows_written(
    bulk: BulkWrites, crm: SimulatorHandle
) -> None:
    crm.switch(bulk_job_duration_s=100)
    deals = [deal["id"] for deal in crm.records()[:10]]
    rows = [["id", "Seats"], *([deal, 77] for deal in deals)]
    job = bulk.create("update", bulk.file_id(rows), find_by="id").json()["details"]["id"]
    assert bulk.state(job)["status"] == "ADDED"
    crm.advance(55)
    state = bulk.state(job)
    assert (state["status"], state["resource"][0]["file"]["updated_count"]) == ("INPROGRESS", 5)
    assert "result" not in state
    assert sum(bulk.calls.record(deal)["Seats"] == 77 for deal in deals) == 5
    crm.switch(bulk_write_in_progress_has_space=True)
    assert bulk.state(job)["status"] == "IN PROGRESS"
    crm.advance(45)
    assert bulk.state(job)["resource"][0]["file"]["updated_count"] == 10


def test_a_job_that_fails_leaves_rows_unprocessed(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    crm.switch(bulk_write_failures=1)
    deals = [deal["id"] for deal in crm.records()[:4]]
    rows = [["id", "Seats"], *([deal, 77] for deal in deals)]
    state = bulk.ended(bulk.create("update", bulk.file_id(rows), find_by="id"))
    assert state["status"] == "FAILED"
    results = bulk.results(state)[1:]
    assert [row[2] for row in results] == ["updated", "updated", "unprocessed", "unprocessed"]
    assert crm.writes()["summary"]["records"] == 2
    again = bulk.ended(bulk.create("update", bulk.file_id(rows), find_by="id"))
    assert again["status"] == "COMPLETED"


def test_short_lines_and_files_without_rows_do_no_harm(
    bulk: BulkWrites, crm: SimulatorHandle
) -> None:
    deal = crm.records()[0]["id"]
    crm.edit({deal: {"Seats": 8, "Next_Step": "Call"}})
    (row,) = bulk.write("update", [["id", "Next_Step", "Seats"], [deal]], find_by="id")
    assert row == [deal, "", "", "updated", deal, ""]
    assert bulk.calls.record(deal)["Seats"] is None
    empty = bulk.ended(bulk.create("update", bulk.file_id([["id"]]), find_by="id"))
    assert (empty["status"], empty["resource"][0]["file"]["total_count"]) == ("COMPLETED", 0)
    assert bulk.results(empty) == [["id", "STATUS", "RECORD_ID", "ERRORS"]]


def test_results_are_kept_for_a_week(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    crm.switch(bulk_write_result_url_is_absolute=True)
    state = bulk.ended(bulk.create("update", bulk.file_id(ROWS), find_by="id"))
    path = state["result"]["download_url"].removeprefix(crm.url)
    assert path.startswith("/v8/crm/org")
    assert bulk.ask("GET", path).headers["Content-Type"] == "application/zip"
    elsewhere = path.replace(bulk.zgid, "5")
    assert bulk.ask("GET", elsewhere).status == 404
    crm.advance(7 * 86_400)
    bulk.calls.token = crm.access_token()
    gone = bulk.ask("GET", path)
    assert (gone.status, gone.json()["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert bulk.ask("GET", "/crm/bulk/v8/write/1").status == 404


def test_a_job_costs_500_credits(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    before = crm.state()["credits"]["used"]
    state = bulk.ended(bulk.create("update", bulk.file_id(ROWS), find_by="id"))
    bulk.results(state)
    polls = crm.state()["calls"]["bulk_write.status"]
    assert crm.state()["credits"]["used"] == before + 1 + 500 + polls + 1


def test_scopes_and_rights_are_asked_for(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    file_id = bulk.file_id(ROWS)
    crm.rights(edit=False)
    refused = bulk.create("update", file_id, find_by="id")
    assert (refused.status, refused.json()["details"]) == (
        403,
        {"permissions": ["Crm_Implied_Edit_Deals"]},
    )
    bulk.calls.token = crm.access_token("ZohoCRM.modules.ALL,ZohoCRM.bulk.READ")
    assert bulk.upload(b"").status == 401
    assert bulk.create("update", file_id).status == 401
    assert bulk.ask("GET", "/crm/bulk/v8/write/1").status == 401
