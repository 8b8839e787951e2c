"""An answer is lost, or the worker with it: each edit reaches the CRM exactly once all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.engine import QUICK
from support.pushing import KilledError, killed
from support.waiting import wait_until

if TYPE_CHECKING:
    from support.pushing import Meddler, PushingProduct

_UPDATE: Final = {"route": "records.update", "count": 1}


@pytest.mark.parametrize("kind", ["lost_answer", "cut_body", "drop", "timeout"])
def test_a_write_without_an_answer_is_looked_up_before_it_is_sent_again(
    product: PushingProduct, kind: str
) -> None:
    ids = [row["id"] for row in product.crm.records()[:3]]
    for record_id in ids:
        product.edit(record_id, {"Next_Step": "Ours", "Description": "Typed here"})
    product.crm.fault(kind, **_UPDATE)

    told = product.push()

    assert told.doubts == 3
    assert [product.writes(each) for each in ids] == [
        [{"Next_Step": "Ours", "Description": "Typed here"}]
    ] * 3
    assert product.changes() == []
    assert sorted(product.log(ids[0])) == [
        ("updated", "Description", "Typed here", "local", "Mei Tan"),
        ("updated", "Next_Step", "Ours", "local", "Mei Tan"),
    ]
    assert product.differences() == []


@pytest.mark.parametrize("first_write_wins", [False, True])
def test_a_first_write_that_arrives_late_and_its_resend_cannot_both_happen(
    product: PushingProduct, meddler: type[Meddler], *, first_write_wins: bool
) -> None:
    record_id = product.crm.records()[0]["id"]
    product.edit(record_id, {"Next_Step": "Ours"})
    product.crm.fault("late_write", duration_s=30.0, **_UPDATE)

    def arrive() -> None:
        product.crm.advance(31)
        wait_until(lambda: product.writes(record_id) != [])

    # The late write arrives just before the resend goes out, or just after it was taken.
    meddler.before += [lambda: None] + ([arrive] if first_write_wins else [])
    meddler.after += [lambda: None] + ([] if first_write_wins else [arrive])

    told = product.push()

    assert product.writes(record_id) == [{"Next_Step": "Ours"}]
    assert told.moved_on + told.doubts == (2 if first_write_wins else 1)
    assert product.changes() == []
    assert product.log(record_id) == [("updated", "Next_Step", "Ours", "local", "Mei Tan")]


def test_a_worker_that_dies_leaves_nothing_undone_and_nothing_done_twice(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    unsent, unanswered, overwritten = (row["id"] for row in product.crm.records()[:3])
    product.edit(unsent, {"Next_Step": "Ours"})
    meddler.before.append(killed)
    with pytest.raises(KilledError):
        product.push()
    product.edit(unanswered, {"Next_Step": "Ours"})
    product.edit(overwritten, {"Next_Step": "Ours"})
    meddler.after += [killed]
    with pytest.raises(KilledError):
        product.push_one(unanswered)
    meddler.after += [killed]
    with pytest.raises(KilledError):
        product.push_one(overwritten)
    product.crm.edit({overwritten: {"Next_Step": "Theirs, later"}})
    assert [row[3] for row in product.changes()] == ["sent", "sent", "sent"]

    product.push()

    assert product.changes() == []
    assert [product.writes(each) for each in (unsent, unanswered, overwritten)] == [
        [{"Next_Step": "Ours"}]
    ] * 3
    assert product.record(overwritten)["Next_Step"] == "Theirs, later"
    assert product.differences() == []


def test_trouble_of_the_crm_lets_changes_wait_and_then_go(product: PushingProduct) -> None:
    first, second = (row["id"] for row in product.crm.records()[:2])
    product.edit(first, {"Next_Step": "Ours"})
    product.crm.fault("status", status=429, route="records.update")

    told = product.push()

    assert told.trouble is not None
    assert told.trouble.code == "crm_unavailable"
    [(state, attempts, waits, code)] = product.changes(
        "state", "attempts", "next_try_at > now()", "error_code"
    )
    assert (state, attempts, waits, code) == ("queued", 1, True, "crm_unavailable")
    assert product.status(first) == "pending"
    # Not due yet: nothing is asked. What is edited meanwhile does not wait for it.
    product.crm.clear_faults()
    assert product.push().rounds == 0
    product.edit(second, {"Next_Step": "Ours"})
    assert product.push().accepted == {(int(second), "Next_Step")}
    product.forget_waits()
    assert product.push().accepted == {(int(first), "Next_Step")}
    assert [len(product.writes(each)) for each in (first, second)] == [1, 1]


def test_a_resend_that_is_refused_settles_nothing_while_the_first_write_may_still_arrive(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    record_id = product.crm.records()[0]["id"]
    product.edit(record_id, {"Next_Step": "Ours"})
    product.crm.fault("late_write", duration_s=30.0, **_UPDATE)
    meddler.before += [lambda: None, lambda: product.crm.lock(record_id)]

    told = product.push()

    assert (told.doubts, told.refused, told.waiting) == (2, set(), {int(record_id)})
    assert product.changes("state", "next_try_at > now()") == [("sent", True)]
    product.crm.lock(record_id, locked=False)
    product.crm.advance(31)
    wait_until(lambda: product.writes(record_id) != [])
    product.crm.edit({record_id: {"Next_Step": "Theirs, later"}})
    product.forget_waits()
    product.push()
    assert product.changes() == []
    assert product.writes(record_id) == [{"Next_Step": "Ours"}]
    assert [row[0] for row in product.log(record_id)] == ["updated"]  # nothing was given up
    assert product.differences() == []


def test_a_resend_that_is_refused_is_refused_for_good_once_no_write_can_be_late(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    record_id = product.crm.records()[0]["id"]
    product.edit(record_id, {"Next_Step": "Ours"})
    meddler.before.append(killed)
    with pytest.raises(KilledError):
        product.push()
    product.crm.lock(record_id)
    product.engine.sql("UPDATE pending_changes SET sent_at = sent_at - interval '11 minutes'")

    told = product.push()

    assert told.refused == {(int(record_id), "Next_Step")}
    assert product.changes("state", "error_code") == [("error", "RECORD_LOCKED")]


def test_what_the_connected_user_typed_alike_in_the_crm_is_told_as_the_crms_in_the_end(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    record_id = product.crm.records()[0]["id"]
    product.edit(record_id, {"Next_Step": "Alike"})
    meddler.before.append(killed)
    with pytest.raises(KilledError):
        product.push()
    [us] = product.engine.sql("SELECT id::text FROM crm_users WHERE is_connected")
    product.crm.control(
        "POST",
        "/modules/Deals/records/edit",
        {"by": us["id"], "edits": [{"id": record_id, "values": {"Next_Step": "Alike"}}]},
    )
    product.engine.completed(QUICK)
    product.forget_waits()

    product.push()

    assert product.changes() == []
    assert product.writes(record_id) == []
    assert product.log(record_id) == [("updated", "Next_Step", "Alike", "crm", us["id"])]
