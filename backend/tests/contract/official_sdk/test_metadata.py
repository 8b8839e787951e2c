"""The vendor's SDK reads the organisation, its people, its money and its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from zohocrmsdk.src.com.zoho.crm.api.currencies import CurrenciesOperations
from zohocrmsdk.src.com.zoho.crm.api.fields import FieldsOperations, GetFieldParam, GetFieldsParam
from zohocrmsdk.src.com.zoho.crm.api.layouts import LayoutsOperations
from zohocrmsdk.src.com.zoho.crm.api.layouts.layouts_operations import GetLayoutsParam
from zohocrmsdk.src.com.zoho.crm.api.modules import ModulesOperations
from zohocrmsdk.src.com.zoho.crm.api.org import OrgOperations
from zohocrmsdk.src.com.zoho.crm.api.pick_list_values import PickListValuesOperations
from zohocrmsdk.src.com.zoho.crm.api.pipeline import PipelineOperations
from zohocrmsdk.src.com.zoho.crm.api.users import UsersOperations
from zohocrmsdk.src.com.zoho.crm.api.users.users_operations import GetUsersParam

from support.official_sdk.session import parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk, Seen


def entries_of(answer: Seen, key: str) -> list[dict[str, object]]:
    """Return the listed objects, after the test that the SDK and the wire agree on all of them."""
    assert (answer.status, answer.kind) == (200, "ResponseWrapper")
    assert disagreements(answer.values, answer.json) == []
    return list(answer.values[key])


def test_the_organisation_is_the_one_that_was_seeded(sdk: OfficialSdk) -> None:
    [found] = entries_of(seen(OrgOperations().get_organization()), "org")
    told = sdk.sim.connection["organisation"]
    assert str(found["id"]) == told["id"]
    assert str(found["zgid"]) == told["zgid"]
    assert found["company_name"] == told["company_name"]
    assert found["time_zone"] == told["time_zone"]
    assert found["iso_code"] == told["home_currency"]
    assert found["license_details"]["paid_type"] == told["edition"]
    assert found["license_details"]["users_license_purchased"] == told["users"]


def test_users_are_the_owners_of_the_records(sdk: OfficialSdk) -> None:
    answer = seen(UsersOperations().get_users(parameters((GetUsersParam.per_page, 200))))
    users = {str(user["id"]): user for user in entries_of(answer, "users")}
    assert answer.json["info"]["count"] == len(users)
    owners = {record["Owner"]["id"]: record["Owner"] for record in sdk.sim.records()}
    assert owners.keys() <= users.keys()
    for user_id, owner in owners.items():
        assert owner["name"] == users[user_id]["full_name"]
        assert owner["email"] == users[user_id]["email"]
        [alone] = entries_of(seen(UsersOperations().get_user(int(user_id))), "users")
        assert alone == users[user_id]


@pytest.mark.usefixtures("sdk")
def test_users_by_type_are_split_without_rest() -> None:
    ids = {}
    for kind in ("AllUsers", "ActiveUsers", "DeactiveUsers", "CurrentUser"):
        answer = seen(UsersOperations().get_users(parameters((GetUsersParam.type, kind))))
        found = [] if answer.status == 204 else entries_of(answer, "users")
        ids[kind] = {user["id"] for user in found}
    assert ids["ActiveUsers"] | ids["DeactiveUsers"] == ids["AllUsers"]
    assert ids["ActiveUsers"] & ids["DeactiveUsers"] == set()
    assert len(ids["CurrentUser"]) == 1


def test_currencies_cover_the_deals_and_one_is_the_base(sdk: OfficialSdk) -> None:
    currencies = entries_of(seen(CurrenciesOperations().get_currencies()), "currencies")
    codes = {currency["iso_code"] for currency in currencies}
    assert {record["Currency"] for record in sdk.sim.records()} <= codes
    [base] = [currency for currency in currencies if currency["is_base"]]
    assert base["iso_code"] == sdk.sim.connection["organisation"]["home_currency"]
    assert base["exchange_rate"] == "1.000000000"
    for currency in currencies:
        answer = seen(CurrenciesOperations().get_currency(currency["id"]))
        assert entries_of(answer, "currencies") == [currency]


@pytest.mark.usefixtures("sdk")
def test_modules_are_listed_and_read_one_by_one() -> None:
    modules = entries_of(seen(ModulesOperations().get_modules()), "modules")
    by_name = {module["api_name"]: module for module in modules}
    assert {"Deals", "Accounts", "Contacts"} <= by_name.keys()
    for name in ("Deals", "Accounts", "Contacts"):
        [module] = entries_of(seen(ModulesOperations().get_module_by_api_name(name)), "modules")
        assert module["id"] == by_name[name]["id"]
        assert (module["api_supported"], module["editable"]) == (True, True)


@pytest.mark.parametrize("module", ["Deals", "Accounts", "Contacts"])
def test_fields_name_every_key_of_a_record(sdk: OfficialSdk, module: str) -> None:
    answer = seen(FieldsOperations().get_fields(parameters((GetFieldsParam.module, module))))
    fields = {field["api_name"]: field for field in entries_of(answer, "fields")}
    [record, *_] = sdk.sim.records(module)
    # The id is no field: the vendor's list leaves it out in some organisations.
    keys = {key for key in record if not key.startswith("$")}
    assert keys - fields.keys() <= {"id"}
    assert fields.keys() <= keys
    for name in ("Owner", "Created_Time", "Modified_Time"):
        [alone] = entries_of(
            seen(
                FieldsOperations().get_field(
                    fields[name]["id"], parameters((GetFieldParam.module, module))
                )
            ),
            "fields",
        )
        assert alone == fields[name]


def test_picklists_hold_the_actual_values_of_the_records(sdk: OfficialSdk) -> None:
    answer = seen(FieldsOperations().get_fields(parameters((GetFieldsParam.module, "Deals"))))
    fields = entries_of(answer, "fields")
    records = sdk.sim.records()
    picklists = [field for field in fields if field["data_type"] == "picklist"]
    assert {"Stage", "Lead_Source", "Type"} <= {field["api_name"] for field in picklists}
    for field in picklists:
        options = {option["actual_value"] for option in field["pick_list_values"]}
        held = {record[field["api_name"]] for record in records} - {None}
        assert held <= options, field["api_name"]
    [stage] = [field for field in fields if field["api_name"] == "Stage"]
    values = seen(PickListValuesOperations(stage["id"], "Deals").get_pick_list_values())
    listed = entries_of(values, "pick_list_values")
    assert [value["actual_value"] for value in listed] == [
        option["actual_value"] for option in stage["pick_list_values"]
    ]


def test_a_layout_places_the_modules_fields(sdk: OfficialSdk) -> None:
    layouts = entries_of(
        seen(LayoutsOperations().get_layouts(parameters((GetLayoutsParam.module, "Deals")))),
        "layouts",
    )
    [record, *_] = sdk.sim.records()
    [standard] = [layout for layout in layouts if str(layout["id"]) == record["Layout"]["id"]]
    assert standard["name"] == record["Layout"]["name"]
    placed = {field["api_name"] for section in standard["sections"] for field in section["fields"]}
    assert {"Deal_Name", "Stage", "Amount", "Closing_Date", "Pipeline"} <= placed
    assert placed <= record.keys()


def test_pipelines_hold_every_stage_of_every_deal(sdk: OfficialSdk) -> None:
    [record, *_] = records = sdk.sim.records()
    operations = PipelineOperations(int(record["Layout"]["id"]))
    pipelines = {
        pipeline["actual_value"]: pipeline
        for pipeline in entries_of(seen(operations.get_pipelines()), "pipeline")
    }
    for deal in records:
        stages = {stage["actual_value"] for stage in pipelines[deal["Pipeline"]]["maps"]}
        assert deal["Stage"] in stages
    for pipeline in pipelines.values():
        answer = seen(operations.get_pipeline(pipeline["id"]))
        assert entries_of(answer, "pipeline") == [pipeline]
        kinds = {stage["forecast_type"] for stage in pipeline["maps"]}
        assert kinds == {"Open", "Closed Won", "Closed Lost"}
