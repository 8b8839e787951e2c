"""Get Records, the single record and deleted records of the simulator over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

DEALS = 2_450


def error(code: str, message: str, details: Json = None) -> Json:
    return {"code": code, "details": details or {}, "message": message, "status": "error"}


@pytest.fixture(scope="module")
def crm() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


@pytest.fixture(scope="module")
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def test_fields_are_mandatory(calls: CrmCalls) -> None:
    answer = calls.get("/Deals")
    assert answer.status == 400
    assert answer.json() == error(
        "REQUIRED_PARAM_MISSING", "required param is missing", {"param_name": "fields"}
    )


def test_the_fifty_first_field_is_refused(calls: CrmCalls) -> None:
    fifty = ",".join(f"Field_{number}" for number in range(50))
    assert calls.get("/Deals", fields=fifty).status == 200
    answer = calls.get("/Deals", fields=f"{fifty},Stage")
    assert answer.status == 400
    assert answer.json() == error(
        "LIMIT_EXCEEDED", "limit exceeded", {"limit": 50, "param_name": "fields"}
    )


def test_a_page_holds_the_named_fields_and_the_id(calls: CrmCalls, crm: SimulatorHandle) -> None:
    page = calls.get("/Deals", fields="Stage,Deal_Name,No_Such_Field", per_page=3).json()
    newest = sorted(crm.records(), key=lambda row: row["id"], reverse=True)[:3]
    assert page["data"] == [
        {"id": row["id"], "Stage": row["Stage"], "Deal_Name": row["Deal_Name"]} for row in newest
    ]
    info = page["info"]
    token, expiry = info.pop("next_page_token"), info.pop("page_token_expiry")
    assert token
    assert expiry.endswith("+08:00")
    assert info == {
        "call": False,
        "email": False,
        "per_page": 3,
        "count": 3,
        "page": 1,
        "sort_by": "id",
        "sort_order": "desc",
        "more_records": True,
        "previous_page_token": None,
    }


def test_a_walk_by_token_from_the_first_page_returns_every_record_once(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    rows = calls.walk("/Deals", fields="Modified_Time", sort_order="asc")
    assert rows == [
        {"id": row["id"], "Modified_Time": row["Modified_Time"]} for row in crm.records()
    ]
    assert len(rows) == DEALS


@pytest.mark.parametrize("sort_by", ["Created_Time", "Modified_Time"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_walk_can_be_sorted_by_time(
    calls: CrmCalls, crm: SimulatorHandle, sort_by: str, order: str
) -> None:
    rows = calls.walk("/Deals", fields=sort_by, sort_by=sort_by, sort_order=order)
    expected = sorted(((row[sort_by], row["id"]) for row in crm.records()), reverse=order == "desc")
    assert [(row[sort_by], row["id"]) for row in rows] == expected


def test_other_sort_fields_are_refused(calls: CrmCalls) -> None:
    answer = calls.get("/Deals", fields="Stage", sort_by="Amount")
    assert answer.status == 400
    assert answer.json() == error(
        "INVALID_DATA",
        "invalid data",
        {"param_name": "sort_by", "supported_values": ["id", "Created_Time", "Modified_Time"]},
    )


def test_pages_end_at_two_thousand_records(calls: CrmCalls) -> None:
    assert calls.get("/Deals", fields="Stage", page=10).json()["info"]["page"] == 10
    answer = calls.get("/Deals", fields="Stage", page=11)
    assert answer.status == 400
    assert answer.json() == error(
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        "You can only get the first 2000 records without using page_token param",
        {"limit": 2000},
    )


def test_the_token_of_page_ten_leads_on(calls: CrmCalls) -> None:
    tenth = calls.get("/Deals", fields="id", page=10).json()
    token = tenth["info"]["next_page_token"]
    eleventh = calls.get("/Deals", fields="id", page_token=token).json()
    everything = calls.walk("/Deals", fields="id")
    assert eleventh["data"] == everything[2000:2200]
    assert eleventh["info"]["page"] == 11


@pytest.mark.parametrize("value", ["0", "201", "x", "-1"])
def test_a_page_size_beyond_200_is_refused(calls: CrmCalls, value: str) -> None:
    answer = calls.get("/Deals", fields="Stage", per_page=value)
    assert answer.status == 400
    assert answer.json() == error(
        "PATTERN_NOT_MATCHED",
        "Please check whether the input values are correct",
        {"param_name": "per_page"},
    )


def test_page_and_page_token_exclude_each_other(calls: CrmCalls) -> None:
    token = calls.get("/Deals", fields="Stage").json()["info"]["next_page_token"]
    answer = calls.get("/Deals", fields="Stage", page=2, page_token=token)
    assert answer.status == 400
    assert answer.json()["code"] == "AMBIGUITY_DURING_PROCESSING"
    assert answer.json()["details"] == {
        "ambiguity_due_to": [{"param_name": "page"}, {"param_name": "page_token"}]
    }


@pytest.mark.parametrize(
    "change",
    [{"fields": "Stage,Amount"}, {"per_page": 100}, {"sort_order": "asc"}, {"page_token": "nope"}],
)
def test_a_page_token_is_bound_to_every_other_parameter(
    calls: CrmCalls, change: dict[str, object]
) -> None:
    token = calls.get("/Deals", fields="Stage").json()["info"]["next_page_token"]
    answer = calls.get("/Deals", **{"fields": "Stage", "page_token": token, **change})
    assert answer.status == 400
    assert answer.json() == error(
        "TOKEN_BOUND_DATA_MISMATCH",
        "The page_token given seems to be invalid or input param is added or altered or deleted",
        {"param_name": "page_token"},
    )


def test_ids_narrow_the_list_and_are_fifty_at_most(calls: CrmCalls, crm: SimulatorHandle) -> None:
    ids = [row["id"] for row in crm.records()[:51]]
    page = calls.get("/Deals", fields="id", ids=",".join([*ids[:50]])).json()
    assert page["data"] == [{"id": record_id} for record_id in reversed(ids[:50])]
    assert page["info"]["more_records"] is False
    assert page["info"]["next_page_token"] is None
    answer = calls.get("/Deals", fields="id", ids=",".join(ids))
    assert answer.json() == error(
        "LIMIT_EXCEEDED", "limit exceeded", {"limit": 50, "param_name": "ids"}
    )


def test_unknown_ids_give_no_content(calls: CrmCalls) -> None:
    answer = calls.get("/Deals", fields="id", ids="1234567890123456789")
    assert (answer.status, answer.body) == (204, b"")


def test_cvid_and_sort_by_exclude_each_other(calls: CrmCalls) -> None:
    answer = calls.get("/Deals", fields="Stage", cvid="1", sort_by="id")
    assert answer.json()["details"] == {
        "ambiguity_due_to": [{"param_name": "cvid"}, {"param_name": "sort_by"}]
    }
    unknown = calls.get("/Deals", fields="Stage", cvid="1")
    assert unknown.json() == error("INVALID_DATA", "invalid data", {"param_name": "cvid"})


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/Nothing?fields=id", 400, "INVALID_MODULE"),
        ("/deals?fields=id", 400, "INVALID_MODULE"),
        ("/Deals/not-an-id", 404, "INVALID_URL_PATTERN"),
        ("/settings/nothing", 404, "INVALID_URL_PATTERN"),
    ],
)
def test_unknown_paths_are_refused(calls: CrmCalls, path: str, status: int, code: str) -> None:
    answer = calls.get(path)
    assert (answer.status, answer.json()["code"]) == (status, code)


def test_a_method_that_a_path_does_not_serve_is_refused(calls: CrmCalls) -> None:
    answer = calls.call("PATCH", "/Deals")
    assert answer.status == 400
    assert answer.json() == error(
        "INVALID_REQUEST_METHOD", "The http request method type is not a valid one"
    )


def test_the_single_record_equals_the_dump(calls: CrmCalls, crm: SimulatorHandle) -> None:
    for row in crm.records()[::400]:
        assert calls.record(row["id"]) == row


def test_only_the_single_record_has_subform_rows_and_links(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    whole = next(row for row in crm.records() if row["Payment_Schedule"])
    assert [line["Instalment"] for line in whole["Payment_Schedule"]] == [1, 2]
    listed = calls.get("/Deals", fields="Payment_Schedule,Partners,Stage", ids=whole["id"]).json()
    assert listed["data"] == [{"id": whole["id"], "Stage": whole["Stage"]}]


def test_the_list_cuts_rich_text_and_full_data_does_not(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    long = next(row for row in crm.records() if len(row["Requirements"] or "") > 500)
    listed = calls.get("/Deals", fields="Requirements", ids=long["id"]).json()["data"][0]
    assert listed["Requirements"] == long["Requirements"][:500]
    full = calls.get(f"/Deals/{long['id']}/actions/fetch_full_data", fields="Requirements").json()
    assert full == {"data": [{"Requirements": long["Requirements"], "id": long["id"]}]}


def test_an_unknown_id_is_no_content_or_invalid_as_switched(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    path = "/Deals/1234567890123456789"
    assert calls.get(path).status == 204
    crm.switch(unknown_id_status=400)
    try:
        answer = calls.get(path)
    finally:
        crm.switch(unknown_id_status=204)
    assert answer.status == 400
    assert answer.json() == error(
        "INVALID_DATA", "the id given seems to be invalid", {"id": "1234567890123456789"}
    )


def test_if_modified_since_returns_what_is_newer_and_304_without_news(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    records = sorted(crm.records(), key=lambda row: (row["Modified_Time"], row["id"]))
    edge = records[-301]["Modified_Time"]
    newer = [row["id"] for row in records if row["Modified_Time"] > edge]
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = calls.get(
            "/Deals",
            headers={"If-Modified-Since": edge},
            fields="id",
            sort_by="Modified_Time",
            sort_order="asc",
            **token,
        ).json()
        seen += [row["id"] for row in page["data"]]
        if not page["info"]["more_records"]:
            break
        token = {"page_token": page["info"]["next_page_token"]}
    assert seen == newer
    latest = records[-1]["Modified_Time"]
    answer = calls.get("/Deals", headers={"If-Modified-Since": latest}, fields="id")
    assert (answer.status, answer.body) == (304, b"")


def test_if_modified_since_must_be_iso_with_an_offset(calls: CrmCalls) -> None:
    for text in ("yesterday", "2026-01-01T00:00:00"):
        answer = calls.get("/Deals", headers={"If-Modified-Since": text}, fields="id")
        assert answer.status == 400
        assert answer.json()["details"]["header_name"] == "If-Modified-Since"


def test_page_tokens_expire_after_a_day(calls: CrmCalls, crm: SimulatorHandle) -> None:
    token = calls.get("/Deals", fields="Stage").json()["info"]["next_page_token"]
    crm.advance(86_400)
    answer = CrmCalls(crm).get("/Deals", fields="Stage", page_token=token)
    assert answer.status == 400
    assert answer.json() == error(
        "EXPIRED_VALUE",
        "Page token expired",
        {"api_name": "page_token", "json_path": "$.query.page_token"},
    )
    calls.token = CrmCalls(crm).token
