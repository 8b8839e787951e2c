"""One deal as its page gets it, over a mirror of a running simulator."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pulse.bootstrap_connection import refresh_connection
from support.deal_page import DealPage
from support.synced import Synced


@pytest.fixture
def page(synced: Synced) -> DealPage:
    return DealPage.of_new_deal(synced)


def at_crm_time(page: DealPage, **later: float) -> None:
    """Set the API's clock to the CRM's, and some time later."""
    now = page.product.crm.state()["clock"]["now"]
    page.product.api.clock.time = datetime.fromisoformat(now) + timedelta(**later)


def groups(page: DealPage) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in page.read()["fields"]:
        found.setdefault(field["group"], []).append(field["api_name"])
    return found


def test_fields_stand_under_deal_dates_custom_fields_and_system(page: DealPage) -> None:
    found = groups(page)

    assert list(found) == ["deal", "dates", "custom", "system"]
    assert found["deal"][:10] == [
        "Amount",
        "Closing_Date",
        "Stage",
        "Probability",
        "Next_Step",
        "Owner",
        "Account_Name",
        "Solution_Type",
        "Market_Segment",
        "Business_Region",
    ]
    assert found["dates"] == [
        "Created_Time",
        "Proposal_Submission_date",
        "PO_Generation_Date",
        "Kick_off_Date",
        "Invoice_Date",
        "Received_On",
        "OB_Recognition_Date",
    ]
    assert found["deal"][-3:] == ["Deal_Name", "Currency", "Exchange_Rate"]
    assert {"Expected_Revenue", "Reason_For_Loss__s"} <= set(found["deal"])
    assert {"Technologies", "Payment_Schedule", "Partners", "Seats"} <= set(found["custom"])
    assert {"Modified_Time", "Modified_By", "Created_By", "Layout", "Tag"} <= set(found["system"])


def test_every_kind_of_field_is_typed_by_the_crm_metadata(page: DealPage) -> None:
    partner = page.product.crm.records("Accounts")[0]
    engineer = page.colleague()
    page.edit(
        Amount=1234567.89,
        Currency="USD",
        Exchange_Rate=0.735272287,
        Technologies=["SAP", "Fabric; Core"],
        Strategic_Deal=True,
        Seats=848,
        Discount=13,
        Margin_Factor=0.0789,
        Requirements="<p>Line <b>one</b> &amp; a half<br>Line two</p><script>alert(1)</script>",
        Legacy_Reference="646901802333621766",
        External_Reference="EXT-1",
        Billing_Email="billing@example.com",
        Site_Phone="+65 6539 6316",
        Tender_URL="https://tenders.example.org/notice/0?lang=en&v=2",
        Next_Review="2027-01-18T22:34:52+08:00",
        Sales_Engineer={"id": engineer["id"]},
        Payment_Schedule=[{"Instalment": 1, "Due_Amount": 12.5, "Paid": True}],
        Partners=[{"Partners": {"id": partner["id"]}}],
    )
    page.pull()
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")

    by_name = {field["api_name"]: field["value"] for field in page.read()["fields"]}

    assert {name: by_name[name] for name in by_name if name in _EXPECTED} == _EXPECTED
    assert by_name["Sales_Engineer"] == {
        "kind": "reference",
        "record": engineer,
        "module": None,
    }
    assert by_name["Partners"] == {
        "kind": "references",
        "records": [{"id": partner["id"], "name": partner["Account_Name"]}],
    }


_EXPECTED = {
    "Amount": {"kind": "money", "amount": "1234567.89", "currency": "USD"},
    "Exchange_Rate": {"kind": "number", "number": "0.735272287"},
    "Technologies": {
        "kind": "choices",
        "choices": [
            {"value": "Fabric; Core", "label": "Fabric; Core"},
            {"value": "SAP", "label": "SAP"},
        ],
    },
    "Strategic_Deal": {"kind": "boolean", "is_true": True},
    "Seats": {"kind": "number", "number": "848"},
    "Discount": {"kind": "percent", "number": "13"},
    "Margin_Factor": {"kind": "number", "number": "0.0789"},
    "Requirements": {"kind": "paragraph", "text": "Line one & a half\nLine two"},
    "Legacy_Reference": {"kind": "number", "number": "646901802333621766"},
    "External_Reference": {"kind": "text", "text": "EXT-1"},
    "Billing_Email": {"kind": "email", "text": "billing@example.com"},
    "Site_Phone": {"kind": "phone", "text": "+65 6539 6316"},
    "Tender_URL": {"kind": "url", "text": "https://tenders.example.org/notice/0?lang=en&v=2"},
    "Next_Review": {"kind": "instant", "at": "2027-01-18T14:34:52Z"},
    "Payment_Schedule": {
        "kind": "table",
        "columns": [
            {"value": "Due_Amount", "label": "Due Amount"},
            {"value": "Instalment", "label": "Instalment"},
            {"value": "Paid", "label": "Paid"},
        ],
        "rows": [["12.5", "1", "Yes"]],
    },
    "Next_Step": None,
}


def test_a_stage_is_shown_as_people_see_it_in_the_crm(page: DealPage) -> None:
    page.edit(Stage="Id. Decision Makers", Probability=60)
    page.pull()

    assert page.field("Stage")["value"] == {
        "kind": "choice",
        "choice": {"value": "Id. Decision Makers", "label": "Identify Decision Makers"},
    }
    assert page.field("Probability")["value"] == {"kind": "percent", "number": "60"}
    assert page.read()["path"]["current_label"] == "Identify Decision Makers"


def test_worth_says_which_rate_made_it_and_what_is_weighted(page: DealPage) -> None:
    page.edit(Amount=1000.50, Currency="USD", Exchange_Rate=0.8, Probability=50)
    page.pull()

    assert page.read()["value"] == {
        "amount": "1000.5",
        "currency": "USD",
        "base_currency": "SGD",
        "base_amount": "1250.63",
        "weighted": "625.32",
        "probability": "50",
        "rate": "1.25",
        "rate_source": "deal",
        "rate_since": None,
        "is_rate_missing": False,
    }


def test_days_in_each_stage_are_counted_from_the_deals_versions(page: DealPage) -> None:
    page.product.crm.advance(9 * 86_400)
    page.edit(Stage="Needs Analysis")
    page.pull()
    page.product.crm.advance(3 * 86_400)
    page.edit(Stage="Qualification")
    page.pull()
    at_crm_time(page, days=2)

    read = page.read()

    assert read["history"] == {"known_since": read["created_at"], "is_whole": True}
    assert read["path"]["days_in_stage"] == 2
    assert read["path"]["is_at_least"] is False
    # The stages of its own pipeline: tenders have others.
    assert [(each["stage"], each["state"], each["days"]) for each in read["path"]["stages"]] == [
        ("Qualification", "current", 11),
        ("Needs Analysis", "passed", 3),
        ("Value Proposition", "ahead", None),
        ("Id. Decision Makers", "ahead", None),
        ("Proposal/Price Quote", "ahead", None),
        ("Negotiation/Review", "ahead", None),
    ]


def test_what_came_before_the_first_reading_is_said_to_be_unknown(synced: Synced) -> None:
    rows = synced.crm.records()
    deal = next(
        each
        for each in rows
        if each["Stage"] == "Needs Analysis" and each["Modified_Time"] != each["Created_Time"]
    )
    page = DealPage(synced, deal["id"])
    at_crm_time(page)

    read = page.read()

    assert read["history"]["is_whole"] is False
    assert datetime.fromisoformat(read["history"]["known_since"]) == page.stamp()
    assert read["path"]["is_at_least"] is True
    first, second = read["path"]["stages"][:2]
    assert (first["stage"], first["state"], first["days"]) == ("Qualification", "unknown", None)
    assert (second["stage"], second["state"], second["is_at_least"]) == (
        "Needs Analysis",
        "current",
        True,
    )


def test_a_lost_deal_has_no_stages_ahead_and_no_revenue_dates(page: DealPage) -> None:
    page.edit(Stage="Closed Lost", Reason_For_Loss__s="Price")
    page.pull()

    read = page.read()

    assert read["outcome"] == "lost"
    assert [(each["stage"], each["state"]) for each in read["path"]["stages"]] == [
        ("Qualification", "passed"),
        ("Closed Lost", "current"),
    ]
    applies = {field["api_name"]: field["applies"] for field in read["fields"]}
    assert (applies["Invoice_Date"], applies["Next_Step"]) == (False, True)


def test_an_open_deal_whose_closing_date_passed_says_by_how_many_days(page: DealPage) -> None:
    page.edit(Closing_Date="2026-08-14")
    page.pull()
    page.product.api.clock.time = datetime(2026, 8, 17, 12, tzinfo=UTC)

    assert page.read()["days_overdue"] == 3
    page.product.api.clock.time = datetime(2026, 8, 14, 12, tzinfo=UTC)
    assert page.read()["days_overdue"] is None
    page.product.api.clock.time = datetime(2026, 8, 17, 12, tzinfo=UTC)
    page.act("delete")
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")
    assert page.read()["days_overdue"] is None


def test_a_reason_of_loss_does_not_apply_to_an_open_deal(page: DealPage) -> None:
    assert page.field("Reason_For_Loss__s")["applies"] is False
    assert page.field("Next_Step")["applies"] is True


def test_a_deleted_deal_tells_when_and_by_whom(page: DealPage) -> None:
    user = page.colleague()
    page.act("delete", by=user["id"])
    page.pull()

    read = page.read()

    [grave] = [each for each in page.product.crm.deleted() if each["id"] == page.deal_id]
    assert read["sync"]["presence"] == "deleted"
    assert read["sync"]["gone_by"] == user
    assert datetime.fromisoformat(read["sync"]["gone_at"]) == datetime.fromisoformat(
        grave["deleted_time"]
    )
    assert read["name"] == page.product.crm.records()[0]["Deal_Name"]


def test_a_deal_that_we_may_not_see_any_more_is_an_error_with_its_reason(page: DealPage) -> None:
    page.act("hide")
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")

    sync = page.read()["sync"]

    assert (sync["presence"], sync["status"]) == ("invisible", "error")
    assert sync["reason"]
    assert sync["gone_by"] is None


def test_a_renamed_field_keeps_its_value_under_its_new_name(page: DealPage) -> None:
    page.edit(Seats=12)
    page.pull()
    page.product.crm.control("POST", "/modules/Deals/fields/Seats/rename", {"api_name": "Chairs"})
    asyncio.run(refresh_connection(page.product.settings))

    names = {field["api_name"]: field["value"] for field in page.read()["fields"]}

    assert names["Chairs"] == {"kind": "number", "number": "12"}
    assert "Seats" not in names


def test_the_last_change_names_its_author(page: DealPage) -> None:
    user = page.colleague()
    page.product.crm.advance(60)
    page.edit(by=user["id"], Next_Step="Legal review")
    stamp = page.stamp()
    page.pull()

    change = page.read()["last_change"]

    assert datetime.fromisoformat(change.pop("at")) == stamp
    assert change == {
        "kind": "updated",
        "side": "crm",
        "by": user,
    }


def test_no_link_is_made_up_for_a_crm_that_is_none_of_zohos(page: DealPage) -> None:
    assert page.read()["crm_url"] is None

    page.product.api.sql("UPDATE crm_connection SET accounts_url = 'https://accounts.zoho.in'")

    [[number]] = page.product.api.sql("SELECT document ->> 'zgid' FROM crm_organisation")
    assert (
        page.read()["crm_url"]
        == f"https://crm.zoho.in/crm/org{number}/tab/Potentials/{page.deal_id}"
    )


@pytest.mark.parametrize("path", ["/api/deals/17", "/api/deals/17/timeline"])
def test_a_deal_that_the_mirror_never_held_is_a_404(synced: Synced, path: str) -> None:
    answer = synced.api.client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "deal_not_found")
    assert "/api/records/17/sync" in answer.json()["fix"]
