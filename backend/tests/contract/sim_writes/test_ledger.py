"""The control plane lists and counts every write that reached a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.sim_writing import make
from support.simulator import ControlRefusedError
from zoho_sim.state.ledger import Ledger, WriteFilter, summary_of
from zoho_sim.state.records import Change, ChangeEvent, Record

if TYPE_CHECKING:
    from support.crm_calls import CrmCalls
    from support.simulator import Json, SimulatorHandle


def update(calls: CrmCalls, deal: str, guard: str | None = None, **values: Json) -> int:
    headers = None if guard is None else {"If-Unmodified-Since": guard}
    return calls.call("PUT", f"/Deals/{deal}", body={"data": [values]}, headers=headers).status


def test_a_write_is_told_with_its_author_guard_and_values(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = make(calls)
    crm.advance(5)
    now = crm.state()["clock"]["now"]
    assert update(calls, deal, guard=now, Seats=4, Next_Step="Call") == 200
    told = crm.writes(since=now)
    me = calls.get("/users", type="CurrentUser").json()["users"][0]
    stamp = calls.record(deal)["Modified_Time"]
    assert told["writes"] == [
        {
            "number": 2,
            "module": "Deals",
            "record_id": deal,
            "at": stamp,
            "action": "updated",
            "source": "crm_api",
            "by": {"name": me["full_name"], "id": me["id"]},
            "guard": stamp,
            "has_changed": True,
            "fields": {
                "Seats": {"old": None, "new": 4},
                "Next_Step": {"old": None, "new": "Call"},
            },
        }
    ]
    assert told["more"] is False


def test_the_summary_counts_records_and_writes_that_changed_nothing(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    first, second = make(calls), make(calls)
    since = crm.writes()["writes"][-1]["number"]
    update(calls, first, Seats=4)
    update(calls, first, Seats=4)
    update(calls, second, Seats=None)
    crm.edit({second: {"Seats": 8}})
    crm.delete(first)
    assert crm.writes(after=since)["summary"] == {
        "writes": 5,
        "records": 2,
        "records_changed": 2,
        "writes_without_change": 2,
        "by_source": {"crm_api": 3, "crm_ui": 2},
        "by_action": {"updated": 4, "deleted": 1},
        "writes_per_record": {first: 3, second: 2},
    }
    assert crm.writes(after=since, source="crm_ui")["summary"]["writes"] == 2
    assert crm.writes(after=since, record_id=second)["summary"]["writes"] == 2
    assert crm.writes(module="Accounts")["summary"]["writes"] == 0


def test_refused_writes_and_lost_races_are_not_listed(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = make(calls)
    assert update(calls, deal, Seats="many") == 400
    assert update(calls, deal, guard="2020-01-01T00:00:00Z", Seats=1) == 412
    assert [write["action"] for write in crm.writes()["writes"]] == ["added"]


def test_the_list_is_read_in_portions(calls: CrmCalls, crm: SimulatorHandle) -> None:
    deals = [make(calls) for _ in range(3)]
    page = crm.writes(limit=2)
    assert [write["record_id"] for write in page["writes"]] == deals[:2]
    assert page["more"] is True
    assert page["summary"]["writes"] == 3
    rest = crm.writes(limit=2, after=page["writes"][-1]["number"])
    assert [write["record_id"] for write in rest["writes"]] == deals[2:]
    assert rest["more"] is False


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-01-01", "limit=x", "modul=Deals"])
def test_a_wrong_parameter_is_refused(crm: SimulatorHandle, query: str) -> None:
    with pytest.raises(ControlRefusedError, match=query.partition("=")[0]):
        crm.control("GET", f"/writes?{query}")


def test_a_hundred_thousand_writes_are_kept_and_counted() -> None:
    ledger = Ledger()
    for number in range(100_000):
        change = Change(f"2026-01-01T{number // 5000:02d}:00:00", {}, "crm_api", "updated", ())
        record = Record([str(number % 1_000)])
        ledger.observe(ChangeEvent("Deals", record, change))
    counted = summary_of(ledger.matching(WriteFilter(module="Deals")))
    assert (counted["writes"], counted["writes_without_change"]) == (100_000, 100_000)
    assert set(counted["writes_per_record"].values()) == {100}
    late = WriteFilter(since="2026-01-01T19:00:00")
    assert summary_of(ledger.matching(late))["writes"] == 5_000
