"""The seeded book looks like a company's and not like noise."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from zoho_sim.behaviour.clock import Clock
from zoho_sim.config import Config
from zoho_sim.seed.organisation import seed_organisation
from zoho_sim.state.stages import visits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.organisation import Organisation

STORY_ENDS = 1_790_000_000
MILESTONES = ("PO_Generation_Date", "Kick_off_Date", "Invoice_Date", "Received_On")


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    clock = Clock(lambda: float(STORY_ENDS))
    return seed_organisation(Config(deals=4000, seeded_at=STORY_ENDS), clock)


@pytest.fixture(scope="module")
def deals(organisation: Organisation) -> list[JsonObject]:
    return list(rows_of(organisation))


def rows_of(organisation: Organisation, module: str = "Deals") -> Iterator[JsonObject]:
    store = organisation.module(module)
    for record in store.records.values():
        yield {name: record.values[field.position] for name, field in store.fields.items()}


def test_the_same_seed_gives_the_same_book_and_another_seed_another() -> None:
    books = []
    for seed in (1, 1, 2):
        clock = Clock(lambda: float(STORY_ENDS))
        config = Config(deals=60, seed=seed, seeded_at=STORY_ENDS)
        books.append(list(rows_of(seed_organisation(config, clock))))
    assert books[0] == books[1]
    assert books[0] != books[2]


def test_every_deal_asked_for_is_live_and_ids_follow_creation(deals: list[JsonObject]) -> None:
    assert len(deals) == 4000
    assert sorted(deals, key=lambda deal: deal["id"]) == sorted(
        deals, key=lambda deal: (deal["Created_Time"], deal["id"])
    )


def test_stamps_lie_between_three_years_ago_and_now(deals: list[JsonObject]) -> None:
    now = datetime.fromtimestamp(STORY_ENDS).astimezone()
    begin = now - timedelta(days=3 * 365)
    for deal in deals:
        created = datetime.fromisoformat(deal["Created_Time"])
        assert begin <= created <= datetime.fromisoformat(deal["Modified_Time"]) <= now


def test_a_deal_is_in_the_last_stage_of_its_history(
    organisation: Organisation, deals: list[JsonObject]
) -> None:
    store = organisation.module("Deals")
    for deal in deals:
        visits = visits_of(organisation, store.records[deal["id"]])
        assert visits[-1].stage == deal["Stage"]
        assert visits[0].entered == deal["Created_Time"]
        moments = [visit.entered for visit in visits]
        assert moments == sorted(moments)
        assert moments[-1] <= deal["Modified_Time"]


def test_stages_belong_to_the_pipeline(organisation: Organisation, deals: list[JsonObject]) -> None:
    for deal in deals:
        pipeline = organisation.pipeline(deal["Pipeline"])
        assert pipeline is not None
        assert pipeline.has_stage(deal["Stage"])


def test_a_company_wins_some_and_loses_more(deals: list[JsonObject]) -> None:
    outcome = Counter(
        "won" if deal["Probability"] == 100 else "lost" if deal["Probability"] == 0 else "open"
        for deal in deals
    )
    assert 0.2 < outcome["won"] / (outcome["won"] + outcome["lost"]) < 0.45
    assert 0.08 < outcome["open"] / len(deals) < 0.25


def test_later_stages_hold_fewer_visits(organisation: Organisation) -> None:
    funnel = Counter(row["Stage"] for row in rows_of(organisation, "DealHistory"))
    order = [
        "Qualification",
        "Needs Analysis",
        "Value Proposition",
        "Id. Decision Makers",
        "Negotiation/Review",
    ]
    counts = [funnel[stage] for stage in order]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(counts)


def test_milestones_follow_each_other_and_a_win(deals: list[JsonObject]) -> None:
    for deal in deals:
        reached = [deal[name] for name in MILESTONES if deal[name]]
        assert reached == sorted(reached)
        if reached:
            assert deal["Stage"] == "Closed Won"
            assert deal["Closing_Date"] <= reached[0]


def test_segments_differ_in_size(deals: list[JsonObject]) -> None:
    worth: dict[str, list[float]] = {}
    for deal in deals:
        if deal["Amount"] and deal["Exchange_Rate"]:
            home = deal["Amount"] / deal["Exchange_Rate"]
            worth.setdefault(deal["Market_Segment"], []).append(home)
    medians = {segment: statistics.median(values) for segment, values in worth.items()}
    assert (
        medians["Small Business"]
        < medians["Mid-Market"]
        < medians["Enterprise"]
        < medians["Public Sector"]
    )


def test_the_book_has_its_dirt(deals: list[JsonObject]) -> None:
    today = datetime.fromtimestamp(STORY_ENDS).astimezone().date().isoformat()
    names = [deal["Deal_Name"] for deal in deals]
    assert any(deal["Amount"] is None for deal in deals)
    assert any(deal["Amount"] == 0 for deal in deals)
    assert any(deal["Exchange_Rate"] is None for deal in deals)
    assert any(deal["Next_Step"] and deal["Closing_Date"] < today for deal in deals)
    assert any("\n" in name for name in names)
    assert any('"' in name and "," in name for name in names)
    assert any(len(name) == 120 for name in names)
    assert any(not name.isascii() for name in names)
    assert any(deal["Received_On"] is None and deal["Invoice_Date"] for deal in deals)


def test_some_deals_lie_in_the_bin_and_some_are_gone(organisation: Organisation) -> None:
    store = organisation.module("Deals")
    assert (len(store.bin), len(store.purged)) == (15, 5)


def test_some_users_are_inactive_and_the_api_user_is_an_administrator(
    organisation: Organisation,
) -> None:
    inactive = [user for user in organisation.users.values() if not user.is_active]
    assert len(inactive) == 2
    assert organisation.api_user.profile.name == "Administrator"
