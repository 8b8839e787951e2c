"""Workers that die, answers that are lost, a CRM that refuses: nothing is written twice or lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pulse.core.bulk import ROWS_A_CALL, Way
from pulse.db.engine import database
from pulse.live_sync.tick import tick
from support.bulk import KilledError, killed

if TYPE_CHECKING:
    from uuid import UUID

    from support.bulk import BulkMeddler, BulkProduct


def _revived(bulk: BulkProduct) -> list[UUID]:
    """Return what a tick finds dead."""

    async def ticking() -> list[UUID]:
        url = bulk.synced.api.database_url
        async with database(url, pool_size=1) as open_db, open_db.begin() as db:
            now = bulk.sql("SELECT now()")[0][0]
            return (await tick(db, now)).revived

    return asyncio.run(ticking())


@pytest.mark.parametrize("way", ["put", "mass_update", "bulk_write"])
def test_a_worker_that_dies_around_its_call_is_taken_over_without_a_second_write(
    bulk: BulkProduct,
    bulk_meddler: type[BulkMeddler],
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    monkeypatch.setitem(ROWS_A_CALL, Way(way), 30)
    monkeypatch.setattr("pulse.sync.bulk.SETTLE_S", 0.01)
    values = {"Next_Step": "Call"}
    session_id = bulk.start("mass-update", {"filter": ""}, values, way=way)

    # The call is out and its answer has not come.
    bulk_meddler.after.append(killed)
    with pytest.raises(KilledError):
        bulk.run(session_id)
    assert bulk.session(session_id)["counts"]["sent"] == 30
    # Its lease still holds.
    assert bulk.run(session_id)["counts"]["sent"] == 30
    bulk.worker_died()
    assert [str(each) for each in _revived(bulk)] == [session_id]
    if way != "bulk_write":
        # And again, before the call of the second half went out.
        bulk_meddler.before.append(killed)
        with pytest.raises(KilledError):
            bulk.run(session_id)
        assert bulk.session(session_id)["counts"] == {
            "waiting": 0, "sent": 30, "done": 30, "unchanged": 0, "failed": 0, "left_alone": 0,
        }  # fmt: skip
        bulk.worker_died()

    session = bulk.run(session_id)

    assert (session["status"], session["counts"]["done"]) == ("completed", 60)
    ids = sorted(bulk.crm_values("Stage"))
    assert bulk.writes() == dict.fromkeys(ids, 1)
    assert bulk.log("Next_Step", session_id) == {(each, "Call", "local", "Ada") for each in ids}
    assert bulk.sql("SELECT module FROM sync_leases") == [("Deals",)]


@pytest.mark.parametrize(
    ("way", "route"), [("put", "records.update"), ("mass_update", "*/mass_update")]
)
def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(
    bulk: BulkProduct, monkeypatch: pytest.MonkeyPatch, way: str, route: str
) -> None:
    monkeypatch.setattr("pulse.sync.bulk.SETTLE_S", 0.01)
    monkeypatch.setattr("pulse.sync.bulk.LATE_S", (0.01,))
    monkeypatch.setitem(ROWS_A_CALL, Way(way), 20)
    # Once after the write, once before it.
    bulk.crm.fault("lost_answer", route=route, count=1)
    bulk.crm.fault("timeout", route=route, after=1, count=1)
    session_id = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "Call"}, way=way)

    session = bulk.run(session_id)

    assert (session["status"], session["counts"]["done"]) == ("completed", 60)
    assert bulk.writes() == dict.fromkeys(sorted(bulk.crm_values("Stage")), 1)


def test_what_the_crm_refuses_as_a_whole_fails_by_record_and_what_was_cut_off_waits(
    bulk: BulkProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_A_CALL, Way.MASS_UPDATE, 30)
    values = {"Next_Step": "Call"}
    bulk.crm.fault(
        "status", route="*/mass_update", after=1, count=1, status=403, code="NO_PERMISSION"
    )
    refused = bulk.run(bulk.start("mass-update", {"filter": ""}, values, way="mass_update"))
    assert (refused["status"], refused["error_code"]) == ("failed", "permission_missing")
    assert (refused["counts"]["done"], refused["counts"]["failed"]) == (30, 30)
    assert {item["code"] for item in bulk.items(refused["id"], "failed")} == {"NO_PERMISSION"}

    bulk.crm.fault("status", route="*/mass_update", status=429)
    cut = bulk.run(bulk.start("mass-update", {"filter": ""}, {"Next_Step": "B"}, way="mass_update"))
    assert (cut["status"], cut["error_code"]) == ("failed", "crm_unavailable")
    assert (cut["counts"]["waiting"], cut["counts"]["done"]) == (60, 0)
    assert sum(bulk.writes().values()) == 30
    # Nothing was written, so nothing can be undone; starting again goes on with the rest.
    assert bulk.post(f"operation/{cut['id']}/undo", None, 409)["code"] == "nothing_to_undo"
    bulk.crm.clear_faults()
    again = bulk.run(bulk.start("mass-update", {"filter": ""}, values, way="mass_update"))
    assert (again["counts"]["done"], again["counts"]["unchanged"]) == (30, 30)


def test_records_of_a_job_that_cannot_be_followed_are_not_told_as_unwritten(
    bulk: BulkProduct,
) -> None:
    bulk.crm.fault("status", route="bulk_write.status", status=500)
    session_id = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "Call"}, way="bulk_write")

    session = bulk.run(session_id)

    assert (session["status"], session["error_code"]) == ("failed", "crm_unavailable")
    assert set(bulk.ends(session_id).values()) == {("failed", "fate_unknown", None)}
    cancelled = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "A"})
    bulk.post(f"operation/{cancelled}/cancel", None, 202)
    actions = bulk.sql("SELECT action FROM audit_log WHERE kind = 'bulk' ORDER BY id")
    assert [row[0] for row in actions] == [
        "bulk.mass_update.started",
        "bulk.mass_update.started",
        "bulk.cancelled",
    ]


def test_a_fault_of_ours_settles_what_was_sent_ends_the_operation_and_is_raised(
    bulk: BulkProduct, bulk_meddler: type[BulkMeddler], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(ROWS_A_CALL, Way.PUT, 30)
    bulk_meddler.after.append(broken)
    session_id = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "Call"}, way="put")

    with pytest.raises(ZeroDivisionError):
        bulk.run(session_id)

    session = bulk.session(session_id)
    assert (session["status"], session["error_code"]) == ("failed", "internal_error")
    assert session["error_message"] == (
        "A fault in the product stopped this run (ZeroDivisionError)."
        " What is written stays. Report it with the worker's log."
    )
    assert Counter(bulk.ends(session_id).values()) == {
        ("failed", "fate_unknown", None): 30,
        ("waiting", None, None): 30,
    }
