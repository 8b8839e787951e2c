"""The vendor's SDK updates by mass and by file, reads custom views and makes custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zohocrmsdk.src.com.zoho.crm.api import bulk_write
from zohocrmsdk.src.com.zoho.crm.api.bulk_write import BulkWriteOperations
from zohocrmsdk.src.com.zoho.crm.api.custom_views import CustomViewsOperations, GetCustomViewsParam
from zohocrmsdk.src.com.zoho.crm.api.fields import (
    BodyWrapper,
    CreateFieldParam,
    DeleteFieldParam,
    Fields,
    FieldsOperations,
    PickListValue,
)
from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule
from zohocrmsdk.src.com.zoho.crm.api.record import (
    GetMassUpdateStatusParam,
    MassUpdateBodyWrapper,
    Record,
    RecordOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from support.bulk_writes import BulkWrites
from support.crm_calls import CrmCalls
from support.official_sdk.session import parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk
    from support.official_sdk.values import SdkValue


def order(values: dict[str, object], **more: object) -> SdkValue:
    record = Record()
    for name, value in values.items():
        record.add_key_value(name, value)
    body = MassUpdateBodyWrapper()
    body.set_data([record])
    for name, value in more.items():
        getattr(body, f"set_{name}")(value)
    return body


def test_custom_views_are_listed_with_their_criteria(sdk: OfficialSdk) -> None:
    of_deals = parameters((GetCustomViewsParam.module, "Deals"))
    answer = seen(CustomViewsOperations().get_custom_views(of_deals))
    assert (answer.status, answer.kind) == (200, "ResponseWrapper")
    assert disagreements(answer.values, answer.json) == []
    won = next(view for view in answer.values["custom_views"] if view["name"] == "Won Deals")
    alone = seen(CustomViewsOperations().get_custom_view(won["id"], of_deals))
    assert alone.values["custom_views"] == [won]
    expected = [deal for deal in sdk.sim.records() if deal["Stage"] == "Closed Won"]
    shown = CrmCalls(sdk.sim).walk("/Deals", fields="id", cvid=won["id"])
    assert {row["id"] for row in shown} == {deal["id"] for deal in expected}


def test_a_mass_update_by_ids_answers_for_each_record(sdk: OfficialSdk) -> None:
    ids = [deal["id"] for deal in sdk.sim.records()[:2]]
    body = order({"Next_Step": "Survey", "Seats": 12}, ids=[*ids, "1"])
    answer = seen(RecordOperations("Deals").mass_update_records(body))
    assert (answer.status, answer.kind) == (207, "MassUpdateActionWrapper")
    assert disagreements(answer.values, answer.json) == []
    assert [row["code"] for row in answer.values["data"]] == ["SUCCESS", "SUCCESS", "INVALID_DATA"]
    changed = [deal for deal in sdk.sim.records() if deal["Next_Step"] == "Survey"]
    assert [(deal["id"], deal["Seats"]) for deal in changed] == [(id_, 12) for id_ in ids]


def test_a_mass_update_by_view_is_asked_for_by_its_job(sdk: OfficialSdk) -> None:
    ids = [deal["id"] for deal in sdk.sim.records()[:3]]
    view = sdk.sim.view("Three", ids=ids)
    answer = seen(RecordOperations("Deals").mass_update_records(order({"Seats": 3}, cvid=view)))
    assert (answer.status, answer.kind) == (200, "MassUpdateActionWrapper")
    job = answer.json["data"][0]["details"]["job_id"]
    of_job = parameters((GetMassUpdateStatusParam.job_id, job))
    status = seen(RecordOperations("Deals").get_mass_update_status(of_job))
    assert (status.status, status.kind) == (200, "MassUpdateResponseWrapper")
    assert disagreements(status.values, status.json) == []
    assert status.values["data"] == [
        {
            "Status": "COMPLETED",
            "Failed_Count": 0,
            "Updated_Count": 3,
            "Not_Updated_Count": 0,
            "Total_Count": 3,
        }
    ]


def mapping(api_name: str, index: int) -> SdkValue:
    built = bulk_write.FieldMapping()
    built.set_api_name(api_name)
    built.set_index(index)
    return built


def test_a_bulk_write_is_ordered_watched_and_read(sdk: OfficialSdk) -> None:
    sdk.sim.switch(bulk_write_result_url_is_absolute=True)
    bulk = BulkWrites(CrmCalls(sdk.sim))
    deal = sdk.sim.records()[5]["id"]
    module = MinifiedModule()
    module.set_api_name("Deals")
    resource = bulk_write.Resource()
    resource.set_type(Choice("data"))
    resource.set_module(module)
    resource.set_file_id(bulk.file_id([["Key", "Number"], [deal, "41"]]))
    resource.set_find_by("id")
    resource.set_field_mappings([mapping("id", 0), mapping("Seats", 1)])
    request = bulk_write.RequestWrapper()
    request.set_operation(Choice("update"))
    request.set_resource([resource])
    created = seen(BulkWriteOperations().create_bulk_write_job(request))
    assert (created.status, created.kind) == (201, "SuccessResponse")
    job = created.values["details"]["id"]
    status = seen(BulkWriteOperations().get_bulk_write_job_details(str(job)))
    assert (status.status, status.kind) == (200, "BulkWriteResponse")
    assert disagreements(status.values, status.json) == []
    assert status.values["resource"][0]["file"]["updated_count"] == 1
    url = status.values["result"]["download_url"]
    result = BulkWriteOperations().download_bulk_write_result(url)
    assert result.get_object().get_file().get_name() == f"{job}.zip"
    assert CrmCalls(sdk.sim).record(deal)["Seats"] == 41


def test_a_custom_field_is_made_and_removed(sdk: OfficialSdk) -> None:
    option = PickListValue()
    option.set_display_value("Phase I")
    option.set_actual_value("phase_1")
    field = Fields()
    field.set_field_label("O2R Phase")
    field.set_data_type("picklist")
    field.set_pick_list_values([option])
    body = BodyWrapper()
    body.set_fields([field])
    of_deals = parameters((CreateFieldParam.module, "Deals"))
    made = seen(FieldsOperations().create_field(body, of_deals))
    assert (made.status, made.kind) == (201, "ActionWrapper")
    assert disagreements(made.values, made.json) == []
    [result] = made.values["fields"]
    assert "O2R_Phase" in sdk.sim.records()[0]
    gone = seen(
        FieldsOperations().delete_field(
            int(result["details"]["id"]), parameters((DeleteFieldParam.module, "Deals"))
        )
    )
    assert gone.values["fields"][0]["message"] == "field deleted"
    assert "O2R_Phase" not in sdk.sim.records()[0]
