"""The sales team keeps the book in order, whatever the administrator does to its fields."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zoho_sim.config import Config
from zoho_sim.sales_team import SalesTeam
from zoho_sim.seed.schema import STANDARD_PIPELINE
from zoho_sim.simulator import Simulator
from zoho_sim.state.edits import Author, edit_record
from zoho_sim.state.stages import expected_revenue


@pytest.fixture
def simulator() -> Simulator:
    made = Simulator(Config(deals=150))
    made.clock.freeze()
    return made


def test_the_team_does_everything_and_keeps_every_deal_consistent(simulator: Simulator) -> None:
    team = SalesTeam(simulator)
    for _ in range(500):
        team.edit_once()
    assert set(simulator.edits) == {
        "Deals.added",
        "Deals.updated",
        "Deals.deleted",
        "Deals.restored",
    }
    assert simulator.edits.total() >= 450
    organisation = simulator.organisation
    deals = organisation.module("Deals")
    position = {role: field.position for role, field in deals.by_role.items()}
    for record in deals.records.values():
        pipeline = organisation.pipeline(record.values[position["Pipeline"]])
        assert pipeline is not None
        assert pipeline.has_stage(record.values[position["Stage"]])
        assert record.values[position["Expected_Revenue"]] == expected_revenue(
            record.values[position["Amount"]], record.values[position["Probability"]]
        )


def test_the_same_seed_works_the_same_way() -> None:
    histories = []
    for _ in range(2):
        simulator = Simulator(Config(deals=80, seeded_at=1_790_000_000))
        simulator.clock.freeze()
        team = SalesTeam(simulator)
        for _ in range(100):
            team.edit_once()
        deals = simulator.organisation.module("Deals")
        histories.append(
            [
                (record.id, change.action, [(step.field.role, step.new) for step in change.fields])
                for record in deals.all_records()
                for change in record.changes or []
            ]
        )
    assert histories[0] == histories[1]


@pytest.mark.parametrize("role", ["Closing_Date", "Next_Step", "Stage", "Pipeline", "Amount"])
def test_the_team_goes_on_after_a_field_is_removed(simulator: Simulator, role: str) -> None:
    simulator.organisation.module("Deals").remove_field(role)
    team = SalesTeam(simulator)
    for _ in range(200):
        team.edit_once()
    assert simulator.edits.total() > 0
    deals = simulator.organisation.module("Deals")
    by = Author(simulator.organisation.api_user)
    for record in list(deals.records.values()):
        edit_record(simulator.organisation, deals, record, {deals.by_role["Seats"]: 1}, by)
    now = simulator.organisation.now()
    assert {record.modified_time for record in deals.records.values()} == {now}


_BEGIN = 1_790_000_000
_DAY = 86_400


def _worked(clients_ids: int) -> list[tuple[object, ...]]:
    simulator = Simulator(Config(deals=80, seeded_at=_BEGIN))
    simulator.clock.set(datetime.fromtimestamp(_BEGIN, UTC))
    team = SalesTeam(simulator)
    for day in range(3):
        for _ in range(clients_ids):
            simulator.organisation.ids.next()
        begin = _BEGIN + day * _DAY
        team.work_through(begin, begin + _DAY, 40)
    assert int(simulator.clock.timestamp()) == _BEGIN + 3 * _DAY
    return [
        (record.id, record.modified_time, change.action, change.time)
        for record in simulator.organisation.module("Deals").all_records()
        for change in record.changes or []
    ]


def test_the_same_stretches_of_work_leave_the_same_records_whatever_clients_made() -> None:
    worked = _worked(clients_ids=0)

    assert worked == _worked(clients_ids=7)
    assert len(worked) >= 100
    first, last = (datetime.fromtimestamp(_BEGIN + at, UTC) for at in (0, 3 * _DAY))
    assert all(first <= datetime.fromisoformat(str(row[3])) < last for row in worked)
    assert {row[2] for row in worked} == {"added", "updated", "deleted", "restored"}


def test_now_and_then_a_deal_steps_back_and_one_becomes_another_size(simulator: Simulator) -> None:
    team = SalesTeam(simulator)
    for _ in range(600):
        team.edit_once()
    organisation = simulator.organisation
    deals = organisation.module("Deals")
    pipeline = organisation.pipeline(STANDARD_PIPELINE)
    assert pipeline is not None
    order = [entry.stage for entry in pipeline.stages]
    steps = [
        (step.field.role, step.old, step.new)
        for record in deals.all_records()
        for change in record.changes or []
        if change.action == "updated"
        for step in change.fields
    ]
    assert any(
        role == "Stage" and {old, new} <= set(order) and order.index(new) < order.index(old)
        for role, old, new in steps
    )
    moved = [new / old for role, old, new in steps if role == "Amount" and old]
    assert any(by < 0.5 for by in moved)
    assert any(by > 1.5 for by in moved)
