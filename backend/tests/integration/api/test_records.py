import pytest

from support.api import Api
from support.simulator import SimulatorHandle
from support.synced import Synced


def _first(crm: SimulatorHandle) -> dict[str, object]:
    return crm.records()[0]


def test_record_is_shown_from_the_mirror_with_the_names_of_what_it_refers_to(
    synced: Synced,
) -> None:
    deal = _first(synced.crm)

    body = synced.api.client.get(f"/api/records/{deal['id']}").json()

    owner = deal["Owner"]
    assert isinstance(owner, dict)
    assert body["record"]["id"] == deal["id"]
    assert body["record"]["Deal_Name"] == deal["Deal_Name"]
    assert body["record"]["Owner"] == {"id": owner["id"], "name": owner["name"]}
    assert {name: body["sync_metadata"][name] for name in ("local_sync_status", "presence")} == {
        "local_sync_status": "synced",
        "presence": "live",
    }
    assert body["sync_metadata"]["has_conflicts"] is False
    assert body["sync_metadata"]["crm_modified"] == body["record"]["Modified_Time"]


def test_record_that_nobody_knows_is_a_404(synced: Synced) -> None:
    shown = synced.api.client.get("/api/records/17")
    read = synced.api.client.post("/api/records/17/sync")

    assert (shown.status_code, shown.json()["code"]) == (404, "record_not_found")
    assert (read.status_code, read.json()["code"]) == (404, "record_not_found")


def _read_again(synced: Synced, record_id: object) -> dict[str, object]:
    answer = synced.api.client.post(f"/api/records/{record_id}/sync?direction=from_crm")
    assert answer.status_code == 200, answer.text
    assert answer.json()["direction"] == "from_crm"
    result: dict[str, object] = answer.json()["sync_result"]
    assert result["conflicts_detected"] == 0
    return result


def test_reading_again_reports_what_changed_in_the_crm_and_only_once(synced: Synced) -> None:
    deal = str(_first(synced.crm)["id"])
    synced.crm.advance(5)
    synced.crm.edit({deal: {"Deal_Name": "Renamed by a colleague"}})

    first = _read_again(synced, deal)
    second = _read_again(synced, deal)

    assert first["action_taken"] == "updated"
    assert "Deal_Name" in first["changed_fields"]  # type: ignore[operator] # a list of names
    assert (second["action_taken"], second["changed_fields"]) == ("unchanged", [])
    record = synced.api.client.get(f"/api/records/{deal}").json()["record"]
    assert record["Deal_Name"] == "Renamed by a colleague"


def test_reading_again_outlives_a_database_that_was_restarted(synced: Synced) -> None:
    deal = str(_first(synced.crm)["id"])
    _read_again(synced, deal)
    synced.api.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    assert _read_again(synced, deal)["action_taken"] == "unchanged"


def test_reading_again_finds_new_deleted_and_hidden_records(synced: Synced) -> None:
    deals = [str(deal["id"]) for deal in synced.crm.records()[:2]]
    template = {
        name: value
        for name, value in _first(synced.crm).items()
        if name in {"Deal_Name", "Stage", "Closing_Date", "Pipeline", "Account_Name"}
    }
    [created] = synced.crm.create(template)
    synced.crm.delete(deals[0])
    synced.crm.hide(deals[1])

    assert _read_again(synced, created["id"])["action_taken"] == "created"
    assert _read_again(synced, deals[0])["action_taken"] == "deleted"
    assert _read_again(synced, deals[1])["action_taken"] == "not_visible"
    deleted = synced.api.client.get(f"/api/records/{deals[0]}").json()["sync_metadata"]
    hidden = synced.api.client.get(f"/api/records/{deals[1]}").json()["sync_metadata"]
    assert (deleted["presence"], hidden["presence"]) == ("deleted", "invisible")
    assert hidden["local_sync_status"] == "error"
    assert hidden["error"]


def test_search_asks_the_crm_and_refreshes_the_mirror(synced: Synced) -> None:
    deal = _first(synced.crm)
    record_id = str(deal["id"])
    synced.crm.advance(5)
    synced.crm.edit({record_id: {"Deal_Name": "Zebra crossing"}})
    # The CRM's index lags behind writes.
    synced.crm.advance(3600)

    found = synced.api.client.get(
        "/api/records/search", params={"criteria": "(Deal_Name:equals:Zebra crossing)"}
    ).json()

    assert [item["id"] for item in found["items"]] == [record_id]
    assert (found["mirror_created"], found["has_more"]) == (0, False)
    record = synced.api.client.get(f"/api/records/{record_id}").json()["record"]
    assert record["Deal_Name"] == "Zebra crossing"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "one_search_at_a_time"),
        ({"word": "metro", "email": "a@b.example"}, "one_search_at_a_time"),
        ({"word": "metro", "page": 11, "per_page": 200}, "search_too_deep"),
    ],
)
def test_search_that_cannot_be_asked_is_refused(
    api: Api, params: dict[str, str | int], code: str
) -> None:
    answer = api.client.get("/api/records/search", params=params)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_search_that_the_crm_refuses_is_the_callers_to_mend(synced: Synced) -> None:
    answer = synced.api.client.get("/api/records/search", params={"criteria": "(Nothing"})

    assert (answer.status_code, answer.json()["code"]) == (400, "search_refused")


def test_single_read_without_a_connection_says_how_to_connect(api: Api) -> None:
    answer = api.client.post("/api/records/17/sync")

    assert (answer.status_code, answer.json()["code"]) == (503, "not_connected")
    assert answer.json()["fix"]
