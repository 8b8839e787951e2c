"""The vendor's SDK writes records: a result for each row, stamps, guards, duplicates."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from zohocrmsdk.src.com.zoho.crm.api.record import (
    BodyWrapper,
    DeleteRecordsParam,
    Record,
    RecordOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from support.official_sdk.session import headers, parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk, Seen
    from support.official_sdk.values import Json, SdkValue


def record_of(values: dict[str, object]) -> SdkValue:
    record = Record()
    for name, value in values.items():
        record.add_key_value(name, value)
    return record


def body_of(*rows: dict[str, object], **more: object) -> SdkValue:
    body = BodyWrapper()
    body.set_data([record_of(row) for row in rows])
    for name, value in more.items():
        getattr(body, f"set_{name}")(value)
    return body


def reference(record_id: str) -> SdkValue:
    record = Record()
    record.set_id(int(record_id))
    return record


def a_deal(name: str, **values: object) -> dict[str, object]:
    return {
        "Deal_Name": name,
        "Stage": Choice("Qualification"),
        "Pipeline": Choice("Standard (Standard)"),
        **values,
    }


def insert(*rows: dict[str, object]) -> Seen:
    return seen(RecordOperations("Deals").create_records(body_of(*rows)))


def update(*rows: dict[str, object], unless_since: datetime | None = None) -> Seen:
    given = headers()
    if unless_since is not None:
        # The SDK has no name for this header; the documentation has (zoho-crm-v8.md 4.4).
        given.request_headers["If-Unmodified-Since"] = unless_since.isoformat()
    return seen(RecordOperations("Deals").update_records(body_of(*rows), given))


def results_of(answer: Seen, *, but_for: tuple[str, ...] = ()) -> list[dict[str, SdkValue]]:
    """Return the result of each row, after the test that SDK and wire agree on them."""
    assert answer.kind == "ActionWrapper"
    assert disagreements(answer.values, answer.json) == list(but_for)
    return list(answer.values["data"])


def codes_of(answer: Seen) -> list[tuple[str, str]]:
    return [(result["code"], result["message"]) for result in results_of(answer)]


def deal(sdk: OfficialSdk, record_id: object) -> dict[str, Json]:
    [found] = [row for row in sdk.sim.records() if row["id"] == str(record_id)]
    return found


def test_an_inserted_record_holds_what_the_sdk_wrote(sdk: OfficialSdk) -> None:
    account = sdk.sim.records("Accounts")[3]
    answer = insert(
        a_deal(
            "Breakwater survey",
            Amount=125_000.5,
            Closing_Date=date(2027, 3, 31),
            Account_Name=reference(account["id"]),
            Lead_Source=Choice("Partner"),
            Strategic_Deal=True,
            Seats=40,
            Description="First line\nsecond line, with “quotes” and 港",
        )
    )
    assert answer.status == 201
    assert codes_of(answer) == [("SUCCESS", "record added")]
    [details] = [result["details"] for result in results_of(answer)]
    made = deal(sdk, details["id"])
    assert {name: made[name] for name in ("Deal_Name", "Stage", "Pipeline", "Amount")} == {
        "Deal_Name": "Breakwater survey",
        "Stage": "Qualification",
        "Pipeline": "Standard (Standard)",
        "Amount": 125_000.5,
    }
    assert made["Closing_Date"] == "2027-03-31"
    assert made["Account_Name"] == {"id": account["id"], "name": account["Account_Name"]}
    assert (made["Lead_Source"], made["Strategic_Deal"], made["Seats"]) == ("Partner", True, 40)
    assert made["Description"] == "First line\nsecond line, with “quotes” and 港"
    assert details["Modified_Time"] == datetime.fromisoformat(made["Modified_Time"])
    assert details["Created_Time"] == datetime.fromisoformat(made["Created_Time"])


def test_each_row_of_a_mixed_batch_has_its_result_in_its_place(sdk: OfficialSdk) -> None:
    answer = insert(
        a_deal("Quay wall 1"),
        a_deal("Quay wall 2", Account_Name=reference("9999999999999999")),
        a_deal("Quay wall 3", Seats=1_234_567_890_123),
        a_deal("Quay wall 4"),
    )
    assert answer.status == 207
    # The SDK's model of the details calls a number a text.
    text = "$.data[2].details.maximum_length: the SDK has '9', the CRM 9"
    results = results_of(answer, but_for=(text,))
    assert [result["code"] for result in results] == [
        "SUCCESS",
        "INVALID_DATA",
        "INVALID_DATA",
        "SUCCESS",
    ]
    assert [deal(sdk, results[place]["details"]["id"])["Deal_Name"] for place in (0, 3)] == [
        "Quay wall 1",
        "Quay wall 4",
    ]
    assert results[1]["details"]["json_path"] == "$.data[1].Account_Name.id"
    assert results[2]["details"]["api_name"] == "Seats"
    names = {row["Deal_Name"] for row in sdk.sim.records()}
    assert names & {"Quay wall 2", "Quay wall 3"} == set()


def test_a_batch_of_refused_rows_is_refused_with_a_reason_each(sdk: OfficialSdk) -> None:
    count = len(sdk.sim.records())
    wrong_stage = a_deal("Slipway", Stage=Choice("Tender Review"))
    answer = insert(wrong_stage, {**wrong_stage, "Deal_Name": "Slipway 2"})
    assert answer.status == 400
    assert [result["status"] for result in results_of(answer)] == ["error", "error"]
    assert len(sdk.sim.records()) == count


def test_an_update_changes_what_it_names_and_moves_the_stamp(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[20]
    sdk.sim.advance(5)
    answer = update({"id": int(target["id"]), "Next_Step": "Send the tide tables", "Amount": 12.25})
    assert answer.status == 200
    assert codes_of(answer) == [("SUCCESS", "record updated")]
    now = deal(sdk, target["id"])
    assert (now["Next_Step"], now["Amount"]) == ("Send the tide tables", 12.25)
    [details] = [result["details"] for result in results_of(answer)]
    before = datetime.fromisoformat(target["Modified_Time"])
    assert details["Modified_Time"] == datetime.fromisoformat(now["Modified_Time"]) > before
    derived = {"Next_Step", "Amount", "Expected_Revenue", "Modified_Time", "Modified_By"}
    derived.add("Last_Activity_Time")
    assert {name for name in now if now[name] != target[name]} <= derived


def test_an_update_of_unknown_and_known_records_is_mixed(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[21]["id"]
    answer = update(
        {"id": 9_999_999_999_999_999, "Next_Step": "Never"},
        {"id": int(target), "Next_Step": "Dredge"},
    )
    assert answer.status == 207
    assert codes_of(answer) == [
        ("INVALID_DATA", "the id given seems to be invalid"),
        ("SUCCESS", "record updated"),
    ]
    assert deal(sdk, target)["Next_Step"] == "Dredge"


def test_a_guarded_update_loses_against_a_newer_edit(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[22]
    read_at = datetime.fromisoformat(target["Modified_Time"])
    sdk.sim.advance(5)
    [theirs] = sdk.sim.edit({target["id"]: {"Next_Step": "Theirs"}})
    answer = update({"id": int(target["id"]), "Next_Step": "Ours"}, unless_since=read_at)
    assert answer.status == 412
    [result] = results_of(answer)
    assert result["code"] == "ALREADY_MODIFIED"
    # The SDK's model of an error has no stamps; the answer has.
    told = answer.json["data"][0]["details"]
    assert (told["id"], told["Modified_Time"]) == (target["id"], theirs["Modified_Time"])
    stamp = datetime.fromisoformat(theirs["Modified_Time"])
    assert deal(sdk, target["id"])["Next_Step"] == "Theirs"
    won = update({"id": int(target["id"]), "Next_Step": "Ours"}, unless_since=stamp)
    assert (won.status, deal(sdk, target["id"])["Next_Step"]) == (200, "Ours")


def test_an_upsert_finds_its_record_or_makes_one(sdk: OfficialSdk) -> None:
    first = a_deal("Lock gate", External_Reference="EXT-LOCK-1")
    other = a_deal("Lock gate, north", External_Reference="EXT-LOCK-1", Amount=7.5)
    found = []
    for row in (first, other):
        body = body_of(row, duplicate_check_fields=["External_Reference"])
        answer = seen(RecordOperations("Deals").upsert_records(body))
        assert answer.status == 200
        found += results_of(answer)
    assert [(each["action"], each.get("duplicate_field")) for each in found] == [
        ("insert", None),
        ("update", "External_Reference"),
    ]
    assert found[0]["details"]["id"] == found[1]["details"]["id"]
    now = deal(sdk, found[0]["details"]["id"])
    assert (now["Deal_Name"], now["Amount"]) == ("Lock gate, north", 7.5)


def test_a_second_record_with_a_unique_value_is_a_duplicate(sdk: OfficialSdk) -> None:
    first = insert(a_deal("Crane 1", External_Reference="EXT-CRANE"))
    second = insert(a_deal("Crane 2", External_Reference="EXT-CRANE"))
    [result] = results_of(second)
    assert (second.status, result["code"]) == (400, "DUPLICATE_DATA")
    [made] = results_of(first)
    assert str(result["details"]["id"]) == str(made["details"]["id"])
    assert "Crane 2" not in {row["Deal_Name"] for row in sdk.sim.records()}


def test_deleted_records_leave_the_module_one_result_each(sdk: OfficialSdk) -> None:
    made = results_of(insert(a_deal("Ferry 1"), a_deal("Ferry 2")))
    ids = [str(each["details"]["id"]) for each in made]
    wanted = [ids[1], "9999999999999999", ids[0]]
    answer = seen(
        RecordOperations("Deals").delete_records(
            parameters((DeleteRecordsParam.ids, ",".join(wanted)))
        )
    )
    assert answer.status == 207
    assert codes_of(answer) == [
        ("SUCCESS", "record deleted"),
        ("INVALID_DATA", "record not deleted"),
        ("SUCCESS", "record deleted"),
    ]
    assert [str(each["details"]["id"]) for each in results_of(answer)] == wanted
    assert {row["id"] for row in sdk.sim.records()} & set(ids) == set()


def test_single_record_calls_update_and_delete_by_path(sdk: OfficialSdk) -> None:
    [made] = results_of(insert(a_deal("Pilot boat")))
    record_id = int(made["details"]["id"])
    operations = RecordOperations("Deals")
    changed = seen(operations.update_record(record_id, body_of({"Next_Step": "Refit"})))
    assert (changed.status, codes_of(changed)) == (200, [("SUCCESS", "record updated")])
    assert deal(sdk, record_id)["Next_Step"] == "Refit"
    gone = seen(operations.delete_record(record_id, parameters()))
    assert (gone.status, codes_of(gone)) == (200, [("SUCCESS", "record deleted")])
    assert str(record_id) not in {row["id"] for row in sdk.sim.records()}
