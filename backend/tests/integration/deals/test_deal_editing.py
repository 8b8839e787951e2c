"""A deal is edited: checked by the CRM's metadata, marked until both sides agree, audited."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest

from pulse.bootstrap_push import push_changes
from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.deal_page import DealPage
from support.simulator import Json
from support.synced import Synced


@pytest.fixture
def page(synced: Synced) -> DealPage:
    return DealPage.of_new_deal(
        synced, Amount=1280000, Currency="SGD", Next_Step="Send revised terms", Closing_Date=None
    )


@pytest.fixture
def editor(page: DealPage) -> Iterator[httpx.Client]:
    """A browser in which an editor is signed in."""
    api = page.product.api
    edda = add_user(api.database_url, Role.EDITOR)
    with browser(api.url, add_session(api.database_url, edda, api.clock.now())) as client:
        yield client


def patch(client: httpx.Client, page: DealPage, **fields: object) -> Json:
    answer = client.patch(f"/api/deals/{page.deal_id}", json={"fields": fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client: httpx.Client, page: DealPage, **fields: object) -> tuple[int, Json]:
    answer = client.patch(f"/api/deals/{page.deal_id}", json={"fields": fields})
    return answer.status_code, answer.json()


def form(page: DealPage, *fields: str) -> dict[str, Json]:
    answer = page.product.api.client.get(
        f"/api/deals/{page.deal_id}/form", params={"fields": list(fields)}
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Json] = answer.json()
    return body | {"by_name": {each["api_name"]: each for each in body["fields"]}}


def row(page: DealPage, *columns: str) -> Json:
    answer = page.product.api.client.get(
        "/api/deals", params={"q": page.deal_id, "columns": list(columns)}
    )
    [found] = answer.json()["items"]
    return found


def audited(page: DealPage) -> list[tuple[object, ...]]:
    return page.product.api.sql(
        "SELECT action, user_name, subject, before, after FROM audit_log"
        " WHERE action LIKE 'deal.%%' ORDER BY id"
    )


def text(words: str) -> dict[str, str]:
    return {"kind": "text", "text": words}


def test_an_edit_shows_everywhere_as_pending_and_can_be_taken_back(
    page: DealPage, editor: httpx.Client
) -> None:
    done = patch(editor, page, Amount="1350000.50", Next_Step="Legal review", Currency="SGD")

    assert (done["changed"], done["cancelled"], done["unchanged"]) == (
        ["Amount", "Next_Step"],
        [],
        ["Currency"],
    )
    assert done["status"] == "pending"
    assert done["before"] == {"Amount": "1280000", "Next_Step": "Send revised terms"}
    amount = {"kind": "money", "amount": "1350000.5", "currency": "SGD"}
    [standing] = [each for each in done["fields"] if each["api_name"] == "Amount"]
    assert (standing["value"], standing["shown"]) == ("1350000.5", amount)
    mark = standing["change"]
    assert (mark["state"], mark["local"], mark["base"]) == (
        "pending",
        amount,
        {"kind": "money", "amount": "1280000", "currency": "SGD"},
    )
    assert (mark["by"], mark["is_mine"], mark["can_be_dropped"]) == ("Edda", True, True)

    shown = page.read()
    assert (shown["sync"]["status"], shown["value"]["amount"]) == ("pending", "1350000.5")
    assert page.field("Next_Step")["value"] == text("Legal review")
    assert page.field("Next_Step")["change"]["is_mine"] is False  # an admin reads
    assert page.field("Stage")["change"] is None
    cells = row(page, "crm.Next_Step")
    assert (cells["state"], Decimal(str(cells["amount"]))) == ("pending", Decimal("1350000.5"))
    assert cells["fields"]["crm.Next_Step"] == "Legal review"
    assert sorted(cells["marks"]) == ["amount", "crm.Next_Step"]
    [entry] = [each for each in page.entries() if each["kind"] == "edited"]
    assert (entry["side"], entry["by"]["name"]) == ("local", "Edda")
    assert [(each["api_name"], each["state"]) for each in entry["changes"]] == [
        ("Amount", "pending"),
        ("Next_Step", "pending"),
    ]
    agreed = page.product.api.client.get(f"/api/records/{page.deal_id}").json()
    assert agreed["record"]["Next_Step"] == "Send revised terms"
    assert agreed["sync_metadata"]["local_sync_status"] == "pending"

    undone = patch(editor, page, **done["before"])

    assert (undone["cancelled"], undone["status"]) == (["Amount", "Next_Step"], "synced")
    assert undone["before"] == {"Amount": "1350000.5", "Next_Step": "Legal review"}
    assert row(page)["marks"] == {}
    assert page.read()["value"]["amount"] == "1280000"
    assert [each for each in page.entries() if each["kind"] == "edited"] == []
    assert audited(page) == [
        ("deal.edited", "Edda", page.deal_id, done["before"], undone["before"]),
        ("deal.edited", "Edda", page.deal_id, undone["before"], done["before"]),
    ]


def test_values_that_cannot_be_taken_are_named_by_field_and_nothing_is_stored(
    page: DealPage, editor: httpx.Client
) -> None:
    status, problem = refused(
        editor,
        page,
        Amount="a lot",
        Colour="red",
        Created_Time="2026-08-14T00:00:00Z",
        Deal_Name=None,
        Next_Step="Legal review",
        Owner="1",
        Stage="Award Pending",
    )

    assert (status, problem["code"]) == (400, "invalid_fields")
    assert [(each["field"], each["label"], each["code"]) for each in problem["errors"]] == [
        ("Amount", "Amount", "wrong_type"),
        ("Colour", "Colour", "unknown_field"),
        ("Created_Time", "Created", "read_only"),
        ("Deal_Name", "Name", "mandatory"),
        ("Owner", "Owner", "unknown_reference"),
        ("Stage", "Stage", "stage_not_in_pipeline"),
    ]
    assert problem["errors"][0]["message"] == "Amount takes a number."
    assert problem["errors"][0]["fix"] == (
        "Send digits with a point before decimals, as 1350000.50."
    )
    assert page.read()["sync"]["status"] == "synced"
    assert audited(page) == []


def test_nobody_edits_without_the_role_against_the_mode_or_what_is_gone(
    page: DealPage, editor: httpx.Client
) -> None:
    api = page.product.api
    vera = add_user(api.database_url, Role.VIEWER)
    with browser(api.url, add_session(api.database_url, vera, api.clock.now())) as viewer:
        assert refused(viewer, page, Next_Step="x")[0] == 403
        assert viewer.get(f"/api/deals/{page.deal_id}/form").status_code == 200

    api.client.put("/api/settings", json={"changes": {"sync.mode": "crm_to_local"}})
    status, problem = refused(editor, page, Next_Step="x")
    assert (status, problem["code"]) == (409, "crm_is_read_only")
    assert form(page)["read_only_reason"] == (
        "Sync mode is CRM to local: nothing is written to the CRM."
    )
    api.client.put("/api/settings", json={"changes": {"sync.mode": "bidirectional"}})

    page.act("delete")
    page.pull()
    status, problem = refused(editor, page, Next_Step="x")
    assert (status, problem["code"]) == (409, "record_gone")
    assert form(page)["read_only_reason"] == f"Record {page.deal_id} was deleted in the CRM."
    unknown = editor.patch("/api/deals/1", json={"fields": {"Next_Step": "x"}})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "deal_not_found")


def test_a_conflict_and_a_refusal_are_told_with_both_sides_and_can_be_settled(
    page: DealPage, editor: httpx.Client
) -> None:
    colleague = page.colleague()
    patch(editor, page, Next_Step="Legal review", Closing_Date="2026-09-11", Seats=5)
    page.edit(by=colleague["id"], Next_Step="Waiting for board date")
    page.pull()

    mark = page.field("Next_Step")["change"]
    assert (mark["state"], mark["base"], mark["local"], mark["crm"]) == (
        "conflict",
        text("Send revised terms"),
        text("Legal review"),
        text("Waiting for board date"),
    )
    assert mark["crm_by"] == colleague
    assert page.field("Closing_Date")["change"]["state"] == "pending"
    assert row(page)["state"] == "conflict"
    [clash] = [each for each in page.entries() if each["kind"] == "conflict"]
    assert [(each["api_name"], each["old"], each["new"]) for each in clash["changes"]] == [
        ("Next_Step", text("Waiting for board date"), text("Legal review"))
    ]

    # As a push would leave an edit that the CRM refused.
    page.product.api.sql(
        "UPDATE pending_changes SET state = 'error', error_code = 'INVALID_DATA',"
        " error_message = 'invalid data', error_field = 'Seats' WHERE field = 'Seats'"
    )
    seats = page.field("Seats")["change"]
    assert (seats["state"], seats["error_code"], seats["error"]) == (
        "error",
        "INVALID_DATA",
        "invalid data",
    )
    base = f"/api/deals/{page.deal_id}/changes"
    retried = editor.post(f"{base}/retry", params={"fields": "Seats"}).json()
    [standing] = retried["fields"]
    assert (standing["api_name"], standing["change"]["state"]) == ("Seats", "pending")
    assert retried["status"] == "conflict"

    dropped = editor.delete(base, params={"fields": "Next_Step"}).json()
    assert (dropped["dropped"], dropped["status"]) == ({"Next_Step": "Legal review"}, "pending")
    assert dropped["fields"][0]["shown"] == text("Waiting for board date")
    [given_up] = [each for each in page.entries() if each["kind"] == "dropped"]
    assert (given_up["side"], given_up["by"]["name"]) == ("local", "Edda")
    assert [(each["old"], each["new"]) for each in given_up["changes"]] == [
        (text("Send revised terms"), text("Legal review"))
    ]
    assert [line[0] for line in audited(page)] == [
        "deal.edited",
        "deal.changes_retried",
        "deal.changes_dropped",
    ]

    assert sorted(editor.delete(base).json()["dropped"]) == ["Closing_Date", "Seats"]
    assert page.read()["sync"]["status"] == "synced"


def test_the_form_says_of_each_field_what_it_takes(page: DealPage) -> None:
    fields = form(page)["by_name"]

    stage = fields["Stage"]
    assert (stage["input"], stage["value"], stage["is_mandatory"]) == (
        "choice",
        "Qualification",
        True,
    )
    # The stages of the deal's own pipeline, not of all.
    pipeline = fields["Pipeline"]["value"]
    has_tender = "Award Pending" in [each["value"] for each in stage["options"]]
    assert has_tender == (pipeline == "Public Sector Tender")
    assert {"value": "Closed Won", "label": "Closed Won"} in stage["options"]
    on_path = [each["stage"] for each in page.read()["path"]["stages"]]
    offered = [each["value"] for each in stage["options"]]
    # Closing stages are on the path only of deals that were in them.
    assert on_path == [each for each in offered if not each.startswith("Closed")]
    assert (fields["Amount"]["input"], fields["Amount"]["currency"]) == ("money", "SGD")
    assert (fields["Amount"]["value"], fields["Amount"]["decimals"]) == ("1280000", 2)
    assert fields["Probability"]["input"] == "percent"
    assert (fields["Next_Step"]["input"], fields["Next_Step"]["max_length"]) == ("text", 100)
    assert fields["Technologies"]["input"] == "choices"
    assert fields["Legacy_Reference"]["input"] == "digits"
    assert (fields["Owner"]["input"], fields["Owner"]["has_lookup"]) == ("reference", True)
    assert (fields["Contact_Name"]["input"], fields["Contact_Name"]["has_lookup"]) == (
        "reference",
        False,
    )
    reasons = {name: field["read_only_reason"] for name, field in fields.items()}
    assert reasons["Expected_Revenue"] == "The CRM computes it."
    assert reasons["Deal_Number"] == "The CRM numbers its records itself."
    assert reasons["Created_Time"] == "The CRM keeps it itself."
    assert reasons["Payment_Schedule"] == "Its rows are edited in the CRM."
    assert reasons["Tag"] == "It is edited in the CRM."
    assert reasons["Amount"] is None
    assert {fields[name]["input"] for name, why in reasons.items() if why is not None} == {"none"}
    assert [each["api_name"] for each in form(page, "Stage", "Gone")["fields"]] == ["Stage"]

    columns = page.product.api.client.get("/api/deals/columns").json()["columns"]
    editable = {each["key"]: (each["api_name"], each["read_only_reason"]) for each in columns}
    assert editable["amount"] == ("Amount", None)
    assert editable["owner"] == ("Owner", None)
    assert editable["value"] == (None, "We compute it from other fields.")
    assert editable["created_at"] == ("Created_Time", "The CRM keeps it itself.")


def test_what_the_product_keeps_for_itself_in_the_crm_is_not_edited(page: DealPage) -> None:
    page.product.api.sql(
        "INSERT INTO owned_fields (module, role, field_id) SELECT 'Deals', 'health_score', field_id"
        " FROM crm_fields WHERE module = 'Deals' AND api_name = 'Seats'"
    )
    status, problem = refused(page.product.api.client, page, Seats=5)
    assert (status, problem["errors"][0]["message"]) == (
        400,
        "There is no field Seats.",
    )


def test_pickers_find_active_users_and_accounts_by_letters(page: DealPage) -> None:
    client = page.product.api.client
    owner = page.read()["owner"]
    letters = owner["name"][:4].upper()

    found = client.get("/api/deals/lookups/Owner", params={"q": letters}).json()["items"]
    assert owner["id"] in [each["value"] for each in found]
    assert all(letters.lower() in each["label"].lower() for each in found)
    [(name, active)] = page.product.api.sql(
        "UPDATE crm_users SET is_active = false WHERE id = %(id)s RETURNING full_name, is_active",
        id=int(owner["id"]),
    )
    assert active is False
    after = client.get("/api/deals/lookups/Owner", params={"q": name}).json()["items"]
    assert owner["id"] not in [each["value"] for each in after]

    # Before the module of accounts was read: those that deals have shown.
    of_deals = client.get("/api/deals/lookups/Account_Name").json()
    deals = client.get("/api/deals", params={"limit": 100}).json()["items"]
    of_rows = {(each["account"]["id"], each["account"]["name"]) for each in deals}
    assert {(each["value"], each["label"]) for each in of_deals["items"]} == of_rows
    page.product.api.sql(
        "INSERT INTO accounts (id, is_live, name, country, crm_modified_at) VALUES"
        " (1, true, 'The 100%% Group', 'Singapore', now()), (2, true, 'Hundred', NULL, now()),"
        " (3, false, 'Gone 100%%', NULL, now()), (4, true, '100%% Steel', 'India', now())"
    )
    page.product.api.sql(
        "INSERT INTO sync_cursors (module, changed_since, deleted_since)"
        " VALUES ('Accounts', now(), now())"
    )
    assert client.get("/api/deals/lookups/Account_Name", params={"q": "100%"}).json() == {
        "items": [
            {"value": "4", "label": "100% Steel", "detail": "India"},
            {"value": "1", "label": "The 100% Group", "detail": "Singapore"},
        ],
        "has_more": False,
    }
    status, problem = refused(client, page, Account_Name="3")
    assert (status, problem["errors"][0]["code"]) == (400, "unknown_reference")
    assert patch(client, page, Account_Name="4")["changed"] == ["Account_Name"]
    assert page.read()["account"] == {"id": "4", "name": "100% Steel"}
    none = client.get("/api/deals/lookups/Contact_Name")
    assert (none.status_code, none.json()["code"]) == (404, "no_lookup")


def test_an_edit_that_the_crm_takes_over_is_history_under_its_authors_name(
    page: DealPage, editor: httpx.Client
) -> None:

    patch(editor, page, Next_Step="Legal review")
    asyncio.run(push_changes(page.product.settings, "Deals"))

    [in_crm] = [each for each in page.product.crm.records() if each["id"] == page.deal_id]
    assert in_crm["Next_Step"] == "Legal review"
    assert page.read()["sync"]["status"] == "synced"
    assert page.field("Next_Step")["change"] is None
    newest = page.entries()[0]
    assert (newest["kind"], newest["side"], newest["by"]["name"]) == ("changed", "local", "Edda")
    assert [each["api_name"] for each in newest["changes"]] == ["Next_Step"]
