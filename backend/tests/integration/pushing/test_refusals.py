"""What the CRM refuses, and what a person has to decide."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pulse.edits import resolving, store
from support.pushing import MEI

if TYPE_CHECKING:
    from support.pushing import Meddler, PushingProduct


def test_a_refused_field_keeps_its_words_and_the_others_go(product: PushingProduct) -> None:
    picky, locked, staged, barred, fine = (row["id"] for row in product.crm.records()[:5])
    product.crm.lock(locked)
    product.crm.blueprint(staged)
    product.crm.editable(barred, editable=False)
    stage = product.record(staged)["Stage"]
    other_stage = next(
        row["Stage"] for row in product.crm.records() if row["Stage"] not in {stage, None}
    )
    product.edit(picky, {"Next_Step": "Ours", "Probability": 150, "Description": "Typed here"})
    product.edit(locked, {"Next_Step": "Ours"})
    product.edit(staged, {"Stage": other_stage, "Next_Step": "Ours"})
    product.edit(barred, {"Next_Step": "Ours"})
    product.edit(fine, {"Next_Step": "Ours"})

    told = product.push()

    assert told.refused == {
        (int(picky), "Probability"),
        (int(locked), "Next_Step"),
        (int(staged), "Stage"),
        (int(barred), "Next_Step"),
    }
    assert product.changes("record_id::text", "field", "state", "error_code", "error_message") == [
        (picky, "Probability", "error", "INVALID_DATA", "Given Probability is not valid"),
        (
            locked,
            "Next_Step",
            "error",
            "RECORD_LOCKED",
            "Sorry, you cannot perform this operation as the record is locked.",
        ),
        (staged, "Stage", "error", "RECORD_IN_BLUEPRINT", "The record is in blue print"),
        (barred, "Next_Step", "error", "NO_PERMISSION", "permission denied"),
    ]
    assert product.record(picky)["Next_Step"] == "Ours"
    assert product.record(staged)["Next_Step"] == "Ours"
    assert {product.status(each) for each in (picky, locked, staged, barred)} == {"error"}
    assert product.status(fine) == "synced"
    # A refusal is not tried again by itself; a person does, or gives the edit up.
    assert product.push().rounds == 0
    product.crm.lock(locked, locked=False)
    product.run(lambda db: store.retry_changes(db, "Deals", int(locked), None))
    product.run(lambda db: store.drop_changes(db, "Deals", int(picky), None, MEI))
    assert product.push().accepted == {(int(locked), "Next_Step")}
    assert (product.status(locked), product.status(picky)) == ("synced", "synced")


def test_a_record_deleted_meanwhile_is_a_conflict_and_can_be_restored_and_pushed(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    before, between, purged = (row["id"] for row in product.crm.records()[:3])
    for record_id in (before, between, purged):
        product.edit(record_id, {"Next_Step": "Ours"})
    product.crm.delete(before, purged)
    meddler.before.append(lambda: product.crm.delete(between))

    told = product.push()

    assert told.accepted == set()
    assert product.changes("record_id::text", "state", "is_record_gone") == [
        (each, "conflict", True) for each in sorted((before, between, purged), key=int)
    ]
    assert {product.status(each) for each in (before, between, purged)} == {"conflict"}
    assert product.push().rounds == 0
    product.crm.purge(purged)
    product.run(lambda db: resolving.use_local(db, "Deals", int(before), None, MEI))
    product.run(lambda db: resolving.use_local(db, "Deals", int(purged), None, MEI))

    told = product.push()

    assert told.restored == {int(before)}
    assert product.record(before)["Next_Step"] == "Ours"
    assert (product.status(before), product.status(between)) == ("synced", "conflict")
    [(state, code)] = product.changes("state", "error_code")[1:]
    assert (state, code) == ("conflict", "INVALID_DATA")
    assert len(product.writes(before)) == 2  # restored, written


def test_policies_decide_what_clashes_and_the_timeline_tells_what_is_newest(
    product: PushingProduct,
) -> None:
    ours, theirs, later, earlier = (row["id"] for row in product.crm.records()[:4])
    product.set(
        conflicts__policy="newest_wins",
        conflicts__field_policies={"Description": "local_wins", "Lead_Source": "crm_wins"},
    )
    product.edit(ours, {"Description": "Ours"})
    sources = {row["Lead_Source"] for row in product.crm.records()} - {None}
    mine, yours = sorted(sources - {product.record(theirs)["Lead_Source"]})[:2]
    product.edit(theirs, {"Lead_Source": mine})
    product.edit(later, {"Next_Step": "Ours", "Technologies": ["AWS", "SAP"]})
    product.edit(earlier, {"Next_Step": "Ours"})
    product.engine.sql(
        "UPDATE pending_changes SET edited_at = edited_at + CASE record_id WHEN %s"
        " THEN interval '1 minute' ELSE interval '-1 minute' END WHERE field <> 'Description'",
        int(later),
    )
    product.crm.edit(
        {
            ours: {"Description": "Theirs"},
            theirs: {"Lead_Source": yours},
            later: {"Next_Step": "Theirs", "Technologies": ["Zero Trust"]},
            earlier: {"Next_Step": "Theirs"},
        }
    )

    product.push()

    assert product.changes() == []
    assert product.record(ours)["Description"] == "Ours"
    assert product.record(theirs)["Lead_Source"] == yours
    assert product.record(later)["Next_Step"] == "Ours"
    assert product.record(later)["Technologies"] == ["AWS", "SAP"]
    assert product.record(earlier)["Next_Step"] == "Theirs"
    assert [(row[0], row[2], row[3]) for row in product.log(earlier)] == [
        ("updated", "Theirs", "crm"),
        ("dropped", "Ours", "local"),
    ]
    assert product.differences() == []


def test_modes_hold_writes_back_or_take_nothing_over(product: PushingProduct) -> None:
    pushed, clashing = (row["id"] for row in product.crm.records()[:2])
    before = product.document(pushed)
    product.edit(pushed, {"Next_Step": "Ours"})
    product.edit(clashing, {"Next_Step": "Ours"})
    product.set(sync__mode="crm_to_local")
    assert product.push().rounds == 0
    assert product.changes("state") == [("queued",), ("queued",)]
    product.set(sync__mode="local_to_crm")
    product.crm.edit(
        {pushed: {"Description": "Theirs"}, clashing: {"Next_Step": "Theirs", "Amount": 4711}}
    )

    product.push()

    assert product.record(pushed)["Next_Step"] == "Ours"
    assert product.document(pushed) == {
        **before,
        "Next_Step": "Ours",
        "Modified_By": product.document(pushed)["Modified_By"],
    }
    assert product.changes("record_id::text", "state", "crm_value") == [
        (clashing, "conflict", "Theirs")
    ]
    assert product.document(clashing)["Amount"] != 4711
    # Once both directions flow again, what was not taken over comes.
    product.set(sync__mode="bidirectional")
    assert product.differences() == [f"{clashing}: live, yet conflict (None)"]
    assert product.document(pushed)["Description"] == "Theirs"


def test_pushes_at_once_write_each_edit_once(product: PushingProduct) -> None:
    ids = [row["id"] for row in product.crm.records()[:30]]
    for record_id in ids:
        product.edit(record_id, {"Next_Step": f"For {record_id}"})

    async def at_once() -> None:
        await asyncio.gather(*(asyncio.to_thread(product.push) for _ in range(3)))

    asyncio.run(at_once())

    assert product.changes() == []
    assert [product.writes(each) for each in ids] == [
        [{"Next_Step": f"For {each}"}] for each in ids
    ]
    assert {product.status(each) for each in ids} == {"synced"}
