"""The field map over HTTP: states, candidates, proposals, shares, and the mirror that follows."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from pulse.bootstrap_connection import refill_deals
from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.api import HandClock
from support.synced import Synced

Line = dict[str, Any]


def read_map(synced: Synced) -> dict[str, Any]:
    answer = synced.api.client.get("/api/crm/fields/map")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def line(body: dict[str, Any], name: str) -> Line:
    found: Line = next(each for each in body["fields"] if each["canonical_name"] == name)
    return found


def choose(synced: Synced, **choices: str | None) -> dict[str, Any]:
    answer = synced.api.client.put("/api/crm/fields/map", json={"choices": choices})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def jobs(synced: Synced) -> list[tuple[object, ...]]:
    return synced.api.sql("SELECT job FROM outbox WHERE job = 'refill_deals'")


def test_each_line_says_what_stands_for_it_and_how_that_came(synced: Synced) -> None:
    body = read_map(synced)

    name, country, ident = (line(body, each) for each in ("Opportunity_Name", "Country", "id"))
    assert (name["api_name"], name["data_type"], name["state"]) == (
        "Deal_Name",
        "text",
        "stock_name",
    )
    assert (country["state"], country["is_fixed"]) == ("matches", False)
    assert (ident["data_type"], ident["is_fixed"]) == ("bigint", True)
    assert {each["recent_change"] for each in body["fields"]} == {None}
    assert (len(body["fields"]), body["is_complete"]) == (23, True)
    assert body["read_at"] is not None


def test_candidates_are_exactly_what_can_be_chosen(synced: Synced) -> None:
    body = read_map(synced)
    metadata = synced.api.client.get("/api/crm/fields/metadata").json()["fields"]

    for kind, name in (("money", "OCH_Revenue"), ("date", "Kick_off_Date")):
        offered = {each["api_name"] for each in body["candidates"][kind]}
        taken = {
            field["api_name"]
            for field in metadata
            if synced.api.client.put(
                "/api/crm/fields/map", json={"choices": {name: field["api_name"]}}
            ).is_success
        }
        assert offered == taken


def test_missing_field_gets_a_proposal_with_its_reason(synced: Synced) -> None:
    synced.crm.control("POST", "/modules/Deals/fields/Country/rename", {"api_name": "Land"})
    synced.crm.control("DELETE", "/modules/Deals/fields/Type_of_Funding")
    field = {"api_name": "Funding_Source", "label": "Funding Source", "data_type": "picklist",
             "choices": ["Own", "Grant"]}  # fmt: skip
    synced.crm.control("POST", "/modules/Deals/fields", field)

    check = synced.api.client.post("/api/crm/fields/map/validate").json()

    assert check["validation_passed"] is False
    assert check["message"] == "Missing: Country, Type_of_Funding."
    country, funding = (line(check["map"], each) for each in ("Country", "Type_of_Funding"))
    assert (country["state"], country["proposal"]) == (
        "missing",
        {"api_name": "Land", "reason": "It was called Country before."},
    )
    assert funding["proposal"] == {
        "api_name": "Funding_Source",
        "reason": "Its name has “funding”, too.",
    }
    accepted = choose(synced, Country="Land", Type_of_Funding="Funding_Source")
    assert accepted["is_complete"] is True
    assert line(accepted, "Country")["recent_change"]["kind"] == "renamed"
    assert line(accepted, "Country")["recent_change"]["before"] == "Country"


def test_change_of_more_than_a_week_ago_is_not_recent(synced: Synced) -> None:
    synced.api.sql(
        "INSERT INTO schema_events (module, kind, api_name, noticed_at)"
        " VALUES ('Deals', 'retyped', 'Country', %(at)s), ('Deals', 'retyped', 'Stage', %(now)s)",
        at=synced.api.clock.now() - timedelta(days=7, seconds=1),
        now=synced.api.clock.now() - timedelta(days=6),
    )
    body = read_map(synced)

    changed = [each["canonical_name"] for each in body["fields"] if each["recent_change"]]
    since = (synced.api.clock.now() - timedelta(days=7)).isoformat()
    events = synced.api.client.get("/api/crm/schema-events", params={"since": since}).json()
    assert changed == ["Stage"]
    assert [each["api_name"] for each in events["items"]] == ["Stage"]
    assert events["count"] == 1


def test_unmapped_custom_fields_are_counted(synced: Synced) -> None:
    before = read_map(synced)["unmapped_custom_fields"]
    field = {"api_name": "Code", "label": "Code", "data_type": "text", "length": 50}
    synced.crm.control("POST", "/modules/Deals/fields", field)
    synced.api.client.post("/api/crm/fields/map/validate")

    assert read_map(synced)["unmapped_custom_fields"] == before + 1
    assert choose(synced, Country="Code")["unmapped_custom_fields"] == before + 1


def test_a_viewer_reads_the_map_and_changes_nothing(synced: Synced) -> None:
    user = add_user(synced.api.database_url, Role.VIEWER)
    secret = add_session(synced.api.database_url, user, synced.api.clock.now())
    with browser(synced.api.url, secret) as viewer:
        answers = [
            viewer.get("/api/crm/fields/map"),
            viewer.get("/api/crm/fields/filled"),
            viewer.put("/api/crm/fields/map", json={"choices": {"Country": None}}),
            viewer.post("/api/crm/fields/map/validate"),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 403, 403]


def test_shares_are_those_of_the_crm(synced: Synced) -> None:
    body = synced.api.client.get("/api/crm/fields/filled").json()
    deals = synced.crm.records()

    assert body["deals"] == len(deals) == 60
    for canonical, api_name in (
        ("Opportunity_Name", "Deal_Name"),
        ("OCH_Revenue", "Amount"),
        ("PO_Generation_Date", "PO_Generation_Date"),
    ):
        filled = sum(deal[api_name] is not None for deal in deals)
        assert body["filled"][canonical] == pytest.approx(filled / 60)
    assert 0 < body["filled"]["PO_Generation_Date"] < 1


def test_shares_are_counted_once_for_all_who_look(synced: Synced, clock: HandClock) -> None:
    def counted() -> str:
        return str(synced.api.client.get("/api/crm/fields/filled").json()["counted_at"])

    first = counted()
    clock.advance(seconds=20)
    again = counted()
    clock.advance(seconds=20)

    assert again == first == "2026-03-02T09:30:00Z"
    assert counted() == "2026-03-02T09:30:40Z"


def test_mirror_follows_a_choice_and_its_undoing(synced: Synced) -> None:
    deals = synced.crm.records()
    step = {int(deal["id"]): deal["Next_Step"] for deal in deals}
    country = {int(deal["id"]): deal["Country"] for deal in deals}

    def mirrored() -> list[dict[object, object]]:
        return [
            dict(synced.api.sql(statement))  # type: ignore[arg-type] # rows of two columns
            for statement in (
                "SELECT id, country FROM deals",
                "SELECT deal_id, country FROM deal_versions WHERE valid_to = 'infinity'",
            )
        ]

    choose(synced, Country="Next_Step")
    assert jobs(synced) == [("refill_deals",)]
    asyncio.run(refill_deals(synced.settings))
    assert mirrored() == [step, step]
    choose(synced, Country=None)
    asyncio.run(refill_deals(synced.settings))
    assert mirrored() == [country, country]
    # Nothing else was touched.
    assert synced.api.sql("SELECT count(*) FROM deal_versions") == [(60,)]


def test_choice_of_what_stands_there_already_costs_no_work(synced: Synced) -> None:
    choose(synced, Country="Country")

    assert jobs(synced) == []


def test_refill_waits_for_the_run_that_began_with_the_old_map(synced: Synced) -> None:
    choose(synced, Country="Next_Step")
    synced.api.sql(
        "INSERT INTO crm_sync_sessions (id, module, sync_type, status)"
        " VALUES (uuidv7(), 'Deals', 'full_sync', 'in_progress')"
    )
    before = synced.api.sql("SELECT id, country FROM deals ORDER BY id")

    asyncio.run(refill_deals(synced.settings))

    assert synced.api.sql("SELECT id, country FROM deals ORDER BY id") == before
    assert synced.api.sql(
        "SELECT count(*), max(available_at) > now() + interval '1 second' FROM outbox"
        " WHERE job = 'refill_deals'"
    ) == [(2, True)]
