"""The sorted indexes stay true under any edits."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from zoho_sim.behaviour.clock import Clock
from zoho_sim.config import Config
from zoho_sim.seed.organisation import seed_organisation
from zoho_sim.state.edits import (
    Author,
    create_record,
    delete_record,
    edit_record,
    hide_record,
    purge_record,
    restore_record,
    unhide_record,
)
from zoho_sim.state.stages import history_rows, visits_of

if TYPE_CHECKING:
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

STORY_ENDS = 1_790_000_000


def seeded(deals: int) -> Organisation:
    clock = Clock(lambda: float(STORY_ENDS))
    clock.freeze()
    return seed_organisation(Config(deals=deals, seeded_at=STORY_ENDS), clock)


def assert_indexes_are_true(store: ModuleStore) -> None:
    rows = {record.id: record.values for record in store.records.values()}
    assert list(store.by_id) == sorted(rows)
    assert list(store.by_created) == sorted((values[1], id_) for id_, values in rows.items())
    assert list(store.by_modified) == sorted((values[2], id_) for id_, values in rows.items())


def test_indexes_equal_the_records_after_any_edits() -> None:
    organisation = seeded(80)
    deals = organisation.module("Deals")
    organisation.module("DealHistory")
    by = Author(organisation.api_user)
    chance = random.Random(7)
    stage, name = deals.by_role["Stage"], deals.by_role["Deal_Name"]
    for step in range(600):
        organisation.clock.advance(timedelta(seconds=chance.randrange(3)))
        live = [deals.records[id_] for id_ in deals.by_id]
        record = chance.choice(live)
        match step % 7:
            case 0:
                create_record(organisation, deals, {name: "n", stage: "Qualification"}, by)
            case 1:
                delete_record(organisation, deals, record, by)
            case 2 if deals.bin:
                restore_record(
                    organisation,
                    deals,
                    chance.choice(list(deals.bin)),
                    by,
                    moves_modified_time=bool(step % 2),
                )
            case 3:
                hide_record(organisation, deals, record, by)
            case 4 if deals.hidden:
                unhide_record(organisation, deals, chance.choice(list(deals.hidden)), by)
            case 5 if step % 3 == 0:
                purge_record(organisation, deals, record.id, by)
            case _:
                option = chance.choice(stage.options).actual_value
                edit_record(organisation, deals, record, {stage: option}, by)
    assert_indexes_are_true(deals)
    assert_indexes_are_true(organisation.module("DealHistory"))
    for record in deals.records.values():
        visits = visits_of(organisation, record)
        rows = history_rows(organisation, record.id)
        assert [row.values[6] for row in rows] == [visit.stage for visit in visits]
        assert visits[-1].stage == record.values[stage.position]


def test_a_field_comes_and_goes_without_moving_the_others() -> None:
    organisation = seeded(5)
    deals = organisation.module("Deals")
    before = {record.id: list(record.values) for record in deals.all_records()}
    seats = deals.field("Seats")
    deals.rename_field("Seats", "Chairs")
    assert deals.field("Chairs") is seats
    deals.remove_field("Chairs")
    for record in deals.all_records():
        expected = list(before[record.id])
        expected[seats.position] = None
        assert record.values == expected
