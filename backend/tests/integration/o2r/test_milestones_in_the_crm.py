"""A milestone that the CRM keeps is an edit of the deal: there and back, refused, in conflict."""

import asyncio

import pytest

from pulse.bootstrap_push import push_changes
from pulse.core.modules import DEALS
from support.api import START
from support.deal_page import DealPage
from support.simulator import Json
from support.synced import Synced

YESTERDAY = "2026-03-01"
TODAY = START.date().isoformat()


@pytest.fixture
def page(synced: Synced) -> DealPage:
    return DealPage.of_new_deal(
        synced, Stage="Qualification", Proposal_Submission_date=None, PO_Generation_Date=None
    )


def set_milestone(page: DealPage, milestone: str, **days: str | None) -> Json:
    answer = page.product.api.client.put(
        f"/api/o2r/opportunities/{page.deal_id}/milestones/{milestone}", json=days
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def opportunity(page: DealPage) -> Json:
    answer = page.product.api.client.get(f"/api/o2r/opportunities/{page.deal_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def line(page: DealPage, milestone: str) -> Json:
    lines = [each for phase in opportunity(page)["phases"] for each in phase["milestones"]]
    [found] = [each for each in lines if each["milestone"] == milestone]
    return found


def in_crm(page: DealPage, field: str) -> Json:
    [row] = [each for each in page.product.crm.records() if each["id"] == page.deal_id]
    return row[field]


def push(page: DealPage) -> None:
    asyncio.run(push_changes(page.product.settings, DEALS))


def test_proposal_that_was_sent_moves_the_deal_on_here_at_once_and_in_the_crm_with_the_push(
    page: DealPage,
) -> None:
    assert opportunity(page)["phase"]["number"] == 1

    done = set_milestone(page, "proposal_sent", actual_on=YESTERDAY, planned_on=YESTERDAY)

    assert (done["is_in_crm"], done["status"]) == (True, "pending")
    assert done["before"] == {"planned_on": None, "actual_on": None}
    found = opportunity(page)
    assert (found["phase"]["number"], found["phase"]["days"], found["state"]) == (2, 1, "pending")
    waiting = line(page, "proposal_sent")
    assert (waiting["actual_on"], waiting["late_days"], waiting["change"], waiting["kept"]) == (
        YESTERDAY,
        0,
        "pending",
        "crm",
    )
    assert in_crm(page, "Proposal_Submission_date") is None

    push(page)

    assert in_crm(page, "Proposal_Submission_date") == YESTERDAY
    assert (line(page, "proposal_sent")["change"], opportunity(page)["state"]) == (None, "synced")


def test_edit_that_was_not_sent_yet_is_undone_by_the_value_before(page: DealPage) -> None:
    done = set_milestone(page, "po_received", actual_on=TODAY)
    set_milestone(page, "po_received", actual_on=done["before"]["actual_on"])

    assert (line(page, "po_received")["change"], opportunity(page)["state"]) == (None, "synced")
    assert page.product.api.sql("SELECT count(*) FROM pending_changes") == [(0,)]


def test_milestone_that_both_sides_set_otherwise_is_a_conflict_and_says_so(page: DealPage) -> None:
    set_milestone(page, "proposal_sent", actual_on=YESTERDAY)
    page.edit(Proposal_Submission_date="2026-02-20")
    page.pull()

    found = line(page, "proposal_sent")
    assert (found["actual_on"], found["change"]) == (YESTERDAY, "conflict")
    assert opportunity(page)["state"] == "conflict"


def test_milestone_of_a_deal_that_the_crm_deleted_cannot_be_set(page: DealPage) -> None:
    page.act("delete")
    page.pull()

    answer = page.product.api.client.put(
        f"/api/o2r/opportunities/{page.deal_id}/milestones/proposal_sent",
        json={"actual_on": YESTERDAY},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "record_gone")
    assert opportunity(page)["read_only_reason"] == (
        f"Record {page.deal_id} was deleted in the CRM."
    )


def test_chosen_field_of_the_crm_keeps_a_milestone_that_would_be_kept_here(page: DealPage) -> None:
    set_milestone(page, "qualified", actual_on="2026-02-10")
    assert line(page, "qualified")["kept"] == "here"
    changed = page.product.api.client.put(
        "/api/settings", json={"changes": {"o2r.milestone_fields": {"qualified": "Closing_Date"}}}
    )
    assert changed.status_code == 200, changed.text
    # What was said here before does not speak any more: the CRM's field does.
    page.edit(Closing_Date=YESTERDAY)
    page.pull()
    found = line(page, "qualified")
    assert (found["kept"], found["actual_on"], found["crm_field"]) == (
        "crm",
        YESTERDAY,
        "Closing Date",
    )

    done = set_milestone(page, "qualified", actual_on="2026-02-28")
    assert done["is_in_crm"] is True
    push(page)
    assert in_crm(page, "Closing_Date") == "2026-02-28"
