"""A full sync brings every record from each source, and says why it chose it."""

import asyncio
from collections.abc import Sequence

import pytest

from pulse.adapters.crm import ZohoSource, source
from support.engine import FULL, QUICK, Engine
from support.truth import told
from zoho_crm.client import ZohoClient
from zoho_crm.protocol.oauth import Credentials
from zoho_crm.secret import Secret

_ONE_OVER_A_QUERY = 2_001
_SOURCES = ("pages", "coql", "bulk_read")


@pytest.mark.parametrize("source", _SOURCES)
def test_one_record_more_than_a_query_holds_arrives_from_each_source(
    larger_engine: Engine, source: str
) -> None:
    session = larger_engine.completed(FULL, source=source)
    assert session["records_total"] == _ONE_OVER_A_QUERY
    assert len(larger_engine.mirror().live) == _ONE_OVER_A_QUERY
    plan = session["metadata"]["plan"]
    assert plan["source"] == source
    assert "it was asked for" in plan["reason"]
    assert {option["source"] for option in plan["rejected"]} == set(_SOURCES) - {source}
    assert session["metadata"]["verified"] == {"slices": 1}
    assert (found := larger_engine.differences()) == [], told(found)


def test_planner_of_the_database_knows_what_a_load_has_brought(engine: Engine) -> None:
    engine.completed(FULL)
    counted = engine.sql(
        "SELECT relname, reltuples::int AS rows FROM pg_class"
        " WHERE relname IN ('deals', 'crm_documents') ORDER BY relname"
    )
    documents = engine.sql("SELECT count(*) AS held FROM crm_documents")[0]["held"]
    assert counted == [
        {"relname": "crm_documents", "rows": documents},
        {"relname": "deals", "rows": 60},
    ]


def test_cheapest_source_is_chosen_and_its_forecast_of_credits_holds(
    larger_engine: Engine,
) -> None:
    spent = larger_engine.credits_spent()
    session = larger_engine.completed(FULL)
    plan = session["metadata"]["plan"]
    assert plan["source"] == "coql"
    assert "it costs the fewest credits" in plan["reason"]
    assert plan["credits"] == min(option["credits"] for option in [plan, *plan["rejected"]])
    assert session["credits_used"] == larger_engine.credits_spent() - spent


@pytest.mark.parametrize("source", _SOURCES)
def test_loading_again_from_another_source_changes_nothing(engine: Engine, source: str) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    session = engine.completed(FULL, source=source)
    assert session["records_changed"] == 0
    assert engine.mirror().snapshot() == snapshot
    assert engine.completed(QUICK)["records_changed"] == 0


def test_smaller_query_limit_of_an_older_crm_is_met_and_kept_to(larger_engine: Engine) -> None:
    larger_engine.crm.switch(coql_limit_maximum=200)
    larger_engine.completed(FULL, source="coql")
    assert (found := larger_engine.differences()) == [], told(found)


def test_cuts_between_slices_are_found_beyond_the_reach_of_an_offset(
    larger_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger_engine.crm.switch(coql_offset_maximum=500)
    monkeypatch.setattr(source, "_OFFSET_REACH", 500)
    ids = [int(row["id"]) for row in larger_engine.crm.records()]
    offsets = [0, 499, 500, 999, 1_000, 1_999, 2_000, 2_001, 9_000]

    async def ids_at() -> Sequence[int]:
        seeded = larger_engine.crm.connection
        credentials = Credentials(
            seeded["client_id"], Secret(seeded["client_secret"]), Secret(seeded["refresh_token"])
        )
        async with ZohoClient(
            credentials, base_url=f"{seeded['api_url']}/crm/v8", accounts_url=seeded["accounts_url"]
        ) as client:
            return await ZohoSource(client).ids_at("Deals", offsets)

    assert asyncio.run(ids_at()) == [ids[offset] for offset in offsets if offset < len(ids)]
