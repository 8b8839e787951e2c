import pytest

from support.api import Api, HandClock, served
from support.simulator import SimulatorHandle
from support.synced import Synced, crm_settings


def test_check_up_tells_organisation_scopes_and_access(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> None:
    with served(crm_settings(crm, database_url, redis_url), clock) as api:
        answer = api.client.get("/api/crm/auth/validate")

    body = answer.json()
    assert answer.status_code == 200, body
    assert body["status"] == "valid"
    assert body["organization"]["edition"].lower() == "enterprise"
    assert body["organization"]["credits_a_day"] == (
        50_000 + 1_000 * body["organization"]["users_licensed"]
    )
    assert set(body["permissions"].values()) == {True}
    assert "ZohoCRM.modules.ALL" in body["permissions"]
    assert body["module_access"] == {"deals": True}
    assert body["token_expires_at"].endswith("Z")


@pytest.mark.parametrize(
    ("setting", "value", "status", "code"),
    [
        ("zoho_client_secret", "wrong", 502, "sign_in_refused"),
        ("zoho_refresh_token", "1000.wrong.wrong", 502, "sign_in_refused"),
    ],
)
def test_wrong_credentials_are_named_with_what_to_do(
    crm: SimulatorHandle,
    database_url: str,
    redis_url: str,
    clock: HandClock,
    setting: str,
    value: str,
    status: int,
    code: str,
) -> None:
    settings = crm_settings(crm, database_url, redis_url, **{setting: value})
    with served(settings, clock) as api:
        answer = api.client.get("/api/crm/auth/validate")
        ready = api.client.get("/health/ready").json()

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["fix"]
    assert ready["crm"]["ok"] is False
    assert "ZOHO_ACCOUNTS_URL" in ready["crm"]["fix"]


def test_missing_scope_leaves_the_check_up_incomplete_and_named(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> None:
    granted = "ZohoCRM.modules.ALL,ZohoCRM.settings.fields.READ,ZohoCRM.org.READ"
    token = crm.control("POST", "/tokens/refresh", {"scope": granted})["refresh_token"]
    settings = crm_settings(crm, database_url, redis_url, zoho_refresh_token=token)
    with served(settings, clock) as api:
        body = api.client.get("/api/crm/auth/validate").json()

    assert body["status"] == "incomplete"
    assert body["permissions"]["ZohoCRM.org.READ"] is True
    assert body["permissions"]["ZohoCRM.coql.READ"] is False


def test_check_up_without_a_connection_says_how_to_connect(api: Api) -> None:
    answer = api.client.get("/api/crm/auth/validate")

    assert (answer.status_code, answer.json()["code"]) == (503, "not_connected")


def test_fields_are_shown_with_what_they_stand_for(synced: Synced) -> None:
    body = synced.api.client.get("/api/crm/fields/metadata").json()

    by_name = {field["api_name"]: field for field in body["fields"]}
    assert by_name["Deal_Name"]["canonical_name"] == "Opportunity_Name"
    assert by_name["Stage"]["pick_list"]
    assert body["required_fields_status"]["validation_passed"] is True
    assert body["required_fields_status"]["missing"] == []
    assert len(body["required_fields_status"]["available"]) == 23


def test_field_map_takes_a_choice_and_takes_it_back(synced: Synced) -> None:
    def line(body: dict[str, list[dict[str, object]]], name: str) -> dict[str, object]:
        return next(each for each in body["fields"] if each["canonical_name"] == name)

    client = synced.api.client
    proposed = line(client.get("/api/crm/fields/map").json(), "Opportunity_Name")
    chosen = client.put(
        "/api/crm/fields/map", json={"choices": {"Opportunity_Name": "Next_Step"}}
    ).json()
    back = client.put("/api/crm/fields/map", json={"choices": {"Opportunity_Name": None}}).json()

    assert (proposed["api_name"], proposed["is_chosen"]) == ("Deal_Name", False)
    assert line(chosen, "Opportunity_Name")["api_name"] == "Next_Step"
    assert line(chosen, "Opportunity_Name")["is_chosen"] is True
    assert line(back, "Opportunity_Name") == proposed


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"OCH_Revenue": "No_Such_Field"}, "OCH_Revenue"),
        ({"OCH_Revenue": "Closing_Date"}, "OCH_Revenue"),
        ({"Shoe_Size": "Amount"}, "Shoe_Size"),
    ],
)
def test_choice_that_cannot_hold_is_refused_by_its_canonical_name(
    synced: Synced, choices: dict[str, str], field: str
) -> None:
    before = synced.api.client.get("/api/crm/fields/map").json()

    answer = synced.api.client.put("/api/crm/fields/map", json={"choices": choices})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_field_map")
    assert answer.json()["field"] == field
    assert synced.api.client.get("/api/crm/fields/map").json() == before


def test_schema_changes_are_paged_newest_first(api: Api) -> None:
    for module, name in (("Deals", "One"), ("Accounts", "Two"), ("Deals", "Three")):
        api.sql(
            "INSERT INTO schema_events (module, kind, api_name) VALUES (%(m)s, 'added', %(n)s)",
            m=module,
            n=name,
        )

    page = api.client.get("/api/crm/schema-events", params={"limit": 2}).json()
    deals = api.client.get("/api/crm/schema-events", params={"module": "Deals"}).json()

    assert [each["api_name"] for each in page["items"]] == ["Three", "Two"]
    assert (page["count"], page["has_more"]) == (3, True)
    assert [each["api_name"] for each in deals["items"]] == ["Three", "One"]
