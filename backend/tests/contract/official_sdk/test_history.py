"""The vendor's SDK reads what happened: timelines, a deal's stages, the history of all deals."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from zohocrmsdk.src.com.zoho.crm.api.related_records import (
    GetRelatedRecordsParam,
    RelatedRecordsOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.timelines import TimelinesOperations
from zohocrmsdk.src.com.zoho.crm.api.timelines.timelines_operations import GetTimelinesParam
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from support.official_sdk.records import assert_equal_to_dump, pages_by_token, rows_of
from support.official_sdk.session import parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk
    from support.official_sdk.values import SdkValue

HISTORY_NAMES = [
    "Potential_Name",
    "Stage",
    "Moved_To__s",
    "Stage_Duration_Calendar_Days",
    "Amount",
    "Probability",
    "Expected_Revenue",
    "Closing_Date",
    "Modified_Time",
    "Modified_By",
]


def timeline_of(record_id: str, *pairs: tuple[SdkValue, object]) -> list[dict[str, SdkValue]]:
    answer = seen(TimelinesOperations().get_timelines("Deals", record_id, parameters(*pairs)))
    assert (answer.status, answer.kind) == (200, "ResponseWrapper")
    assert disagreements(answer.values, answer.json) == []
    return list(answer.values["__timeline"])


def test_a_timeline_tells_who_changed_which_field_from_what_to_what(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[60]
    sdk.sim.advance(5)
    steps = ["Ask for drawings", "Send the quote"]
    for step in steps:
        sdk.sim.edit({target["id"]: {"Next_Step": step}})
        sdk.sim.advance(5)
    entries = timeline_of(target["id"])
    assert [entry["action"] for entry in entries[:2]] == ["updated", "updated"]
    values = [
        history["_value"]
        for entry in entries[:2]
        for history in entry["field_history"]
        if history["api_name"] == "Next_Step"
    ]
    assert values == [{"old": steps[0], "new": steps[1]}, {**_old(target), "new": steps[0]}]
    [now] = [row for row in sdk.sim.records() if row["id"] == target["id"]]
    assert entries[0]["audited_time"] == datetime.fromisoformat(now["Modified_Time"])
    assert str(entries[0]["done_by"]["id"]) == now["Modified_By"]["id"]
    assert entries[-1]["action"] == "added"


def _old(record: dict[str, object]) -> dict[str, object]:
    """Return the old value as the SDK has it: an empty one is absent."""
    return {} if record["Next_Step"] is None else {"old": record["Next_Step"]}


def test_a_timeline_can_be_read_in_pages_and_in_either_order(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[61]["id"]
    for number in range(4):
        sdk.sim.edit({target: {"Next_Step": f"Step {number}"}})
        sdk.sim.advance(2)
    whole = timeline_of(target)
    oldest_first = timeline_of(target, (GetTimelinesParam.sort_order, Choice("asc")))
    assert [entry["id"] for entry in oldest_first] == [entry["id"] for entry in whole][::-1]
    second = timeline_of(target, (GetTimelinesParam.per_page, "2"), (GetTimelinesParam.page, "2"))
    assert [entry["id"] for entry in second] == [entry["id"] for entry in whole[2:4]]


def test_a_deals_stage_history_is_its_part_of_the_history_module(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[62]
    dump = {
        row["id"]: row
        for row in sdk.sim.records("DealHistory")
        if (row["Potential_Name"] or {}).get("id") == target["id"]
    }
    answer = seen(
        RelatedRecordsOperations("Stage_History", "Deals").get_related_records(
            int(target["id"]),
            parameters((GetRelatedRecordsParam.fields, ",".join(HISTORY_NAMES))),
        )
    )
    assert dump
    assert_equal_to_dump(rows_of(answer), dump, HISTORY_NAMES)
    current = max(dump.values(), key=lambda row: row["Modified_Time"])
    assert current["Stage"] == target["Stage"]
    assert current["Stage_Duration_Calendar_Days"] is None


def test_the_history_of_all_deals_equals_the_dump(sdk: OfficialSdk) -> None:
    dump = {row["id"]: row for row in sdk.sim.records("DealHistory")}
    rows = [row for page in pages_by_token("DealHistory", HISTORY_NAMES) for row in rows_of(page)]
    assert_equal_to_dump(rows, dump, HISTORY_NAMES)


@pytest.mark.usefixtures("sdk")
def test_the_timeline_of_an_unknown_record_is_refused() -> None:
    answer = seen(TimelinesOperations().get_timelines("Deals", "9999999999999999", parameters()))
    assert (answer.status, answer.kind) == (400, "APIException")
    assert answer.values["code"] == "INVALID_DATA"
