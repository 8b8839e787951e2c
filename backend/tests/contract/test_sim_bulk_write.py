"""Bulk Write against the simulator: jobs, what they write, and what they say of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.bulk_writes import BulkWrites
from support.crm_calls import CrmCalls
from support.simulator import Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = "1"


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=30)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=30)
    running.freeze()
    running.advance(60)
    return running


@pytest.fixture
def bulk(crm: SimulatorHandle) -> BulkWrites:
    return BulkWrites(CrmCalls(crm))


def ids(crm: SimulatorHandle, count: int) -> list[str]:
    return [deal["id"] for deal in crm.records()[:count]]


def test_an_update_writes_each_row_and_tells_of_each(
    bulk: BulkWrites, crm: SimulatorHandle
) -> None:
    first, second = ids(crm, 2)
    rows = [["id", "Seats", "Next_Step", "Discount"], [first, 5, "Call", 2.5], [second, 6, "", ""]]
    created = bulk.create("update", bulk.file_id(rows), find_by="id", more={"ignore_empty": True})
    assert created.json()["code"] == "SUCCESS"
    state = bulk.ended(created)
    assert bulk.results(state) == [
        ["id", "Seats", "Next_Step", "STATUS", "RECORD_ID", "ERRORS"],
        [first, "5", "Call", "updated", first, ""],
        [second, "6", "", "updated", second, ""],
    ]
    record = bulk.calls.record(first)
    assert (record["Seats"], record["Next_Step"], record["Discount"]) == (5, "Call", 2.5)
    told = crm.writes()
    assert told["summary"]["writes_per_record"] == {first: 1, second: 1}
    assert {(w["source"], w["guard"], w["at"]) for w in told["writes"]} == {
        ("bulkapi", None, record["Modified_Time"])
    }


def test_the_state_of_a_job_names_its_columns_counts_and_results(
    bulk: BulkWrites, crm: SimulatorHandle
) -> None:
    (deal,) = ids(crm, 1)
    file_id = bulk.file_id([["Key", "Number"], [deal, 5], [NOBODY, 6]])
    mappings = [{"api_name": "id", "index": 0}, {"api_name": "Seats", "index": 1}]
    state = bulk.ended(bulk.create("update", file_id, find_by="id", field_mappings=mappings))
    me = bulk.calls.get("/users", type="CurrentUser").json()["users"][0]
    module = bulk.calls.get("/settings/modules/Deals").json()["modules"][0]["id"]
    assert state == {
        "status": "COMPLETED",
        "character_encoding": "UTF-8",
        "resource": [
            {
                "status": "COMPLETED",
                "type": "data",
                "module": {"api_name": "Deals", "id": module},
                "ignore_empty": False,
                "field_mappings": [
                    {"format": None, "find_by": None, "module": None, **mapping}
                    for mapping in mappings
                ],
                "file": {
                    "status": "COMPLETED",
                    "name": "deals.csv",
                    "added_count": 0,
                    "skipped_count": 1,
                    "updated_count": 1,
                    "total_count": 2,
                },
            }
        ],
        "id": state["id"],
        "operation": "update",
        "created_by": {"name": me["full_name"], "id": me["id"]},
        "created_time": bulk.calls.record(deal)["Modified_Time"],
        "result": {
            "download_url": f"/v8/crm/org{bulk.zgid}/bulk-write/{state['id']}/{state['id']}.zip"
        },
    }
    assert bulk.results(state) == [
        ["Key", "Number", "STATUS", "RECORD_ID", "ERRORS"],
        [deal, "5", "updated", deal, ""],
        [NOBODY, "6", "skipped", "", "RESOURCE_NOT_FOUND-Key"],
    ]


def test_empty_cells_empty_their_fields_unless_they_are_ignored(
    bulk: BulkWrites, crm: SimulatorHandle
) -> None:
    (deal,) = ids(crm, 1)
    crm.edit({deal: {"Next_Step": "Call", "Seats": 3}})
    rows = [["id", "Next_Step", "Seats"], [deal, "", "4"]]
    bulk.write("update", rows, find_by="id", ignore_empty=True)
    assert bulk.calls.record(deal)["Next_Step"] == "Call"
    bulk.write("update", rows, find_by="id")
    assert bulk.calls.record(deal)["Next_Step"] is None
    refused = bulk.write("update", [["id", "Deal_Name"], [deal, ""]], find_by="id")
    assert refused == [[deal, "", "skipped", deal, "MANDATORY_NOT_FOUND-Deal_Name"]]


def test_rows_are_refused_one_by_one(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    deals = ids(crm, 6)
    locked, kept, theirs, gone, wrong, free = deals
    crm.lock(locked)
    crm.blueprint(kept)
    crm.editable(theirs, editable=False)
    crm.delete(gone)
    stage = next(s for s in ("Closed Won", "Closed Lost") if s != bulk.calls.record(kept)["Stage"])
    rows = [["id", "Stage", "Seats"], *([deal, stage, "9"] for deal in deals), ["", stage, "9"]]
    rows[5][2] = "many"
    results = bulk.write("update", rows, find_by="id")
    assert [row[3:] for row in results] == [
        ["skipped", locked, "BLOCKED_RECORD-id"],
        ["skipped", kept, "CANNOT_PROCESS-Stage"],
        ["skipped", theirs, "CANNOT_PROCESS-id"],
        ["skipped", "", "RESOURCE_NOT_FOUND-id"],
        ["skipped", wrong, "INVALID_DATA-Seats"],
        ["updated", free, ""],
        ["skipped", "", "MANDATORY_NOT_FOUND-id"],
    ]
    assert crm.writes(source="bulkapi")["summary"]["writes_per_record"] == {free: 1}


CELLS: list[tuple[str, str, Json]] = [
    ("Closing_Date", "12/31/2026", "2026-12-31"),
    ("Next_Review", "12/31/2026 09:30:00", "2026-12-31T09:30:00+08:00"),
    ("Technologies", "AWS;SAP", ["AWS", "SAP"]),
    ("Strategic_Deal", "TRUE", True),
    ("Amount", "1200.5", 1200.5),
    ("Legacy_Reference", "123456789012345678", "123456789012345678"),
    ("Lead_Source", "Partner", "Partner"),
    ("Description", 'two\nlines, "quoted"', 'two\nlines, "quoted"'),
]


@pytest.mark.parametrize(("field", "text", "value"), CELLS)
def test_each_kind_of_field_reads_its_cells(
    bulk: BulkWrites, crm: SimulatorHandle, field: str, text: str, value: Json
) -> None:
    (deal,) = ids(crm, 1)
    assert bulk.write("update", [["id", field], [deal, text]], find_by="id")[0][2] == "updated"
    assert bulk.calls.record(deal)[field] == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("Closing_Date", "2026-12-31"),
        ("Closing_Date", "13/31/2026"),
        ("Next_Review", "2026-12-31T09:30:00+08:00"),
        ("Strategic_Deal", "maybe"),
        ("Amount", "1,200"),
        ("Seats", "1.5"),
        ("Lead_Source", "Nowhere"),
        ("Account_Name", NOBODY),
        ("Sales_Engineer", "nobody@example.com"),
        ("Next_Step", "x" * 101),
    ],
)
def test_a_cell_that_is_no_value_of_its_field_skips_the_row(
    bulk: BulkWrites, crm: SimulatorHandle, field: str, text: str
) -> None:
    (deal,) = ids(crm, 1)
    (row,) = bulk.write("update", [["id", field], [deal, text]], find_by="id")
    assert row[2:] == ["skipped", deal, f"INVALID_DATA-{field}"]
    assert crm.writes()["writes"] == []


@pytest.mark.parametrize(
    ("field", "spelling", "text", "value"),
    [
        ("Closing_Date", "yyyy-MM-dd", "2026-12-31", "2026-12-31"),
        ("Closing_Date", "dd.MM.yyyy", "31.12.2026", "2026-12-31"),
        ("Next_Review", "yyyy-MM-dd'T'HH:mm:ssXXX", "2026-12-31T09:30:00+05:30",
         "2026-12-31T12:00:00+08:00"),
        ("Next_Review", "yyyy-MM-dd HH:mm:ss", "2026-12-31 09:30:00",
         "2026-12-31T09:30:00+08:00"),
    ],
)  # fmt: skip
def test_a_mapping_says_how_dates_are_spelled(
    bulk: BulkWrites, crm: SimulatorHandle, field: str, spelling: str, text: str, value: str
) -> None:
    (deal,) = ids(crm, 1)
    mappings = [
        {"api_name": "id", "index": 0},
        {"api_name": field, "index": 1, "format": spelling},
    ]
    bulk.write("update", [["a", "b"], [deal, text]], find_by="id", field_mappings=mappings)
    assert bulk.calls.record(deal)[field] == value


def test_lookups_are_found_by_id_or_by_name(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    (deal,) = ids(crm, 1)
    one, other = crm.records("Accounts")[3:5]
    user = bulk.calls.get("/users", type="CurrentUser").json()["users"][0]
    head = ["id", "Account_Name", "Owner"]
    assert bulk.write("update", [head, [deal, one["id"], user["email"]]], find_by="id")
    record = bulk.calls.record(deal)
    assert (record["Account_Name"]["id"], record["Owner"]["id"]) == (one["id"], user["id"])
    head = ["id", "Account_Name.Account_Name", "Sales_Engineer"]
    assert bulk.write("update", [head, [deal, other["Account_Name"], user["id"]]], find_by="id")
    assert bulk.calls.record(deal)["Account_Name"]["id"] == other["id"]


def test_defaults_fill_what_the_file_leaves_empty(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    first, second = ids(crm, 2)
    mappings: list[Json] = [
        {"api_name": "id", "index": 0},
        {"api_name": "Seats", "index": 1, "default_value": {"value": "7"}},
        {"api_name": "Lead_Source", "default_value": {"value": "Partner"}},
    ]
    rows = [["k", "n"], [first, ""], [second, "8"]]
    bulk.write("update", rows, find_by="id", field_mappings=mappings)
    found = [bulk.calls.record(deal) for deal in (first, second)]
    assert [deal["Seats"] for deal in found] == [7, 8]
    assert [deal["Lead_Source"] for deal in found] == ["Partner", "Partner"]


def test_inserts_and_upserts_find_by_a_unique_field(bulk: BulkWrites) -> None:
    head = ["External_Reference", "Deal_Name", "Stage", "Pipeline", "Seats"]
    tail = ["Qualification", "Standard (Standard)"]
    inserted = bulk.write("insert", [head, ["A-1", "One", *tail, 1]])
    ((_, _, _, status, made, errors),) = inserted
    assert (status, errors) == ("added", "")
    again = bulk.write("insert", [head, ["A-1", "Two", *tail, 2]], find_by="External_Reference")
    assert again[0][3:] == ["skipped", made, "DUPLICATE_DATA-External_Reference"]
    blind = bulk.write("insert", [head, ["A-1", "Two", *tail, 2]])
    assert blind[0][3:] == ["skipped", "", "DUPLICATE_DATA-External_Reference"]
    both = bulk.write(
        "upsert",
        [head, ["A-1", "One", *tail, 9], ["A-2", "Other", *tail, 3]],
        find_by="External_Reference",
    )
    assert [row[3] for row in both] == ["updated", "added"]
    assert bulk.calls.record(made)["Seats"] == 9
    assert bulk.calls.record(both[1][4])["Deal_Name"] == "Other"


def test_automation_runs_only_if_switched(bulk: BulkWrites, crm: SimulatorHandle) -> None:
    (deal,) = ids(crm, 1)
    crm.switch(automation_touches_field="Next_Step")
    bulk.write("update", [["id", "Seats"], [deal, 1]], find_by="id")
    assert crm.writes()["summary"]["by_source"] == {"bulkapi": 1}
    crm.switch(bulk_write_runs_automation=True)
    bulk.write("update", [["id", "Seats"], [deal, 2]], find_by="id")
    assert crm.writes()["summary"]["by_source"] == {"bulkapi": 2, "workflow": 1}
