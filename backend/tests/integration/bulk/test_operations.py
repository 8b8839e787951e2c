"""Operations that run to their end: what each record came to, and what an undo puts back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pulse.core.bulk import ROWS_A_CALL, Way

if TYPE_CHECKING:
    import pytest

    from support.bulk import BulkMeddler, BulkProduct


def test_a_mass_update_tells_what_became_of_each_record_and_its_undo_leaves_later_work_alone(
    bulk: BulkProduct,
) -> None:
    ids = sorted(bulk.crm_values("Stage"))
    locked, barred, gone, equal, held, *fine = ids[:12]
    was = bulk.crm_values("Next_Step")
    bulk.crm.lock(locked)
    bulk.crm.editable(barred, editable=False)
    bulk.edit(held, {"Next_Step": "Somebody types"})
    session_id = bulk.start(
        "mass-update", {"ids": ids[:12]}, {"Next_Step": "Call", "Probability": 7}
    )
    # Since the preview: nobody here has seen these.
    bulk.crm.delete(gone)
    bulk.crm.edit({equal: {"Next_Step": "Call", "Probability": 7}})

    session = bulk.run(session_id)

    assert bulk.ends(session_id) == {
        locked: ("failed", "RECORD_LOCKED", None),
        barred: ("failed", "NO_PERMISSION", None),
        gone: ("failed", "record_gone", None),
        equal: ("unchanged", "same_value", None),
        held: ("left_alone", "edit_waiting", "Next_Step"),
        **dict.fromkeys(fine, ("done", None, None)),
    }
    assert (session["status"], session["records_processed"], session["progress_percentage"]) == (
        "completed", 12, 100.0,
    )  # fmt: skip
    assert session["counts"] == {
        "waiting": 0, "sent": 0, "done": 7, "unchanged": 1, "failed": 3, "left_alone": 1,
    }  # fmt: skip
    assert bulk.writes() == dict.fromkeys(fine, 1)
    assert {each for each, step in bulk.mirror_values("Next_Step").items() if step == "Call"} == {
        *fine, equal,
    }  # fmt: skip
    assert bulk.log("Next_Step", session_id) == {(each, "Call", "local", "Ada") for each in fine}
    words = {item["id"]: item["message"] for item in bulk.items(session_id, "failed")}
    assert words[locked] == "Sorry, you cannot perform this operation as the record is locked."

    file = bulk.client.get(f"/api/bulk/operation/{session_id}/results.csv")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert {row["id"]: row["state"] for row in rows} == {
        each: end[0] for each, end in bulk.ends(session_id).items()
    }
    audited = bulk.sql(
        "SELECT action, after ->> 'records', after ->> 'to_write' FROM audit_log"
        " WHERE subject = %(id)s",
        id=session_id,
    )
    assert audited == [("bulk.mass_update.started", "12", "11")]

    history = bulk.client.get(f"/api/sync-status/history/{session_id}").json()
    assert (history["plan"]["source"], history["changes"]) == ("mass_update", None)
    followed = bulk.client.get(f"/api/live-sync/status/{session_id}").json()
    assert followed["session"]["records_changed"] == 7

    # Later work: in the CRM, here, in one of the two fields, there and back, and a deletion.
    there, here, half, back, deleted, *rest = fine
    bulk.crm.edit({there: {"Next_Step": "Theirs", "Probability": 8}, half: {"Probability": 9}})
    bulk.crm.edit({back: {"Next_Step": "Meanwhile", "Probability": 1}})
    bulk.synced.sync("incremental")
    bulk.crm.edit({back: {"Next_Step": "Call", "Probability": 7}})
    bulk.crm.delete(deleted)
    bulk.synced.sync("incremental")
    bulk.edit(here, {"Next_Step": "Mine", "Probability": 11})
    foreseen = bulk.client.get(f"/api/bulk/operation/{session_id}/undo").json()
    assert [foreseen[each] for each in ("will_restore", "in_part", "left_alone", "will_fail")] == [
        3, 1, 3, 1,
    ]  # fmt: skip
    assert {left["id"]: (left["state"], left["fields"]) for left in foreseen["left"]} == {
        there: ("left_alone", ["Next_Step", "Probability"]),
        here: ("left_alone", ["Next_Step", "Probability"]),
        back: ("left_alone", ["Next_Step", "Probability"]),
        half: ("waiting", ["Probability"]),
        deleted: ("failed", []),
    }
    shown = {
        row["id"]: {each["field"]: each["before"] for each in row["changes"]}
        for row in foreseen["sample"]
    }
    assert shown == {
        half: {"Next_Step": {"kind": "text", "text": "Call"}},
        **{
            each: {
                "Next_Step": {"kind": "text", "text": "Call"},
                "Probability": {"kind": "percent", "number": "7"},
            }
            for each in rest
        },
    }
    undone = bulk.undo(session_id)

    assert bulk.ends(undone["id"]) == {
        there: ("left_alone", "changed_since", "Next_Step, Probability"),
        here: ("left_alone", "changed_since", "Next_Step, Probability"),
        half: ("done", "changed_since", "Probability"),
        back: ("left_alone", "changed_since", "Next_Step, Probability"),
        deleted: ("failed", "record_deleted", None),
        **dict.fromkeys(rest, ("done", None, None)),
    }
    steps = bulk.crm_values("Next_Step")
    assert {each: steps[each] for each in (*rest, half)} == {
        each: was[each] for each in (*rest, half)
    }
    assert (steps[there], steps[back]) == ("Theirs", "Call")
    assert bulk.crm_values("Probability")[half] == 9
    assert bulk.writes() == {**dict.fromkeys(fine, 1), **dict.fromkeys((*rest, half), 2)}
    refused = bulk.post(f"operation/{session_id}/undo", None, 409)
    assert (refused["code"], refused["undone_by"]) == ("already_undone", undone["id"])
    assert bulk.session(session_id)["undone_by"] == undone["id"]


def test_a_bulk_write_takes_each_row_from_the_result_file(bulk: BulkProduct) -> None:
    ids = sorted(bulk.crm_values("Stage"))
    locked, narrow, *wide = ids[:8]
    bulk.crm.lock(locked)
    kept = bulk.crm_values("Description")[narrow]
    records = [
        {
            "id": each,
            "fields": {
                "Next_Step": f'Call "{each}", soon',
                "Description": None,
                "Amount": "1234567.89",
                "Closing_Date": "2027-01-31",
            },
        }
        for each in (locked, *wide)
    ]
    records.append({"id": narrow, "fields": {"Next_Step": "Only this"}})
    session_id = bulk.start("write", {"records": records}, way="bulk_write")

    session = bulk.run(session_id)

    ends = bulk.ends(session_id)
    assert ends.pop(locked)[0] == "failed"
    assert set(ends.values()) == {("done", None, None)}
    told = {row["id"]: row for row in bulk.crm.records()}
    assert {(each, told[each]["Next_Step"], told[each]["Closing_Date"]) for each in wide} == {
        (each, f'Call "{each}", soon', "2027-01-31") for each in wide
    }
    assert {told[each]["Amount"] for each in wide} == {1234567.89}
    assert {told[each]["Description"] for each in wide} == {None}
    # A file has one set of columns: what a row does not name keeps its value.
    assert (told[narrow]["Next_Step"], told[narrow]["Description"]) == ("Only this", kept)
    assert bulk.writes() == dict.fromkeys((*wide, narrow), 1)
    job = bulk.status(session_id)["zoho_job_status"]
    assert (job["kind"], job["state"]) == ("bulk_write", "COMPLETED")
    assert session["credits_used"] == int(bulk.sql(
        "SELECT sum(credits) FROM credit_ledger WHERE session_id = %(id)s", id=session_id
    )[0][0])  # fmt: skip


def test_a_whole_custom_view_is_one_job_of_the_crm(bulk: BulkProduct) -> None:
    ids = sorted(bulk.crm_values("Stage"))[:6]
    view = bulk.crm.view("Ours", ids=ids)
    shown = bulk.client.get("/api/bulk/views").json()["views"]
    assert "Ours" in {each["name"] for each in shown}
    session_id = bulk.start(
        "mass-update", {"view": view}, {"Next_Step": "View"}, way="mass_update_view"
    )
    assert bulk.run(session_id)["counts"]["done"] == 6
    job = bulk.status(session_id)["zoho_job_status"]
    assert (job["kind"], job["state"], job["counts"]["updated"]) == (
        "mass_update_view", "COMPLETED", 6,
    )  # fmt: skip
    assert bulk.writes() == dict.fromkeys(ids, 1)

    # Where one of them is not to be written, the CRM's job would: so it goes by ids.
    session_id = bulk.start(
        "mass-update", {"view": view}, {"Next_Step": "Again"}, way="mass_update_view"
    )
    bulk.crm.edit({ids[0]: {"Next_Step": "Again"}})
    assert bulk.run(session_id)["counts"] == {
        "waiting": 0, "sent": 0, "done": 5, "unchanged": 1, "failed": 0, "left_alone": 0,
    }  # fmt: skip
    assert bulk.writes() == {ids[0]: 1, **dict.fromkeys(ids[1:], 2)}


def test_a_small_batch_answers_at_once_and_writes_only_what_it_has_just_read(
    bulk: BulkProduct, bulk_meddler: type[BulkMeddler]
) -> None:
    ids = sorted(bulk.crm_values("Stage"))
    first, second, locked, same = ids[:4]
    bulk.crm.lock(locked)
    bulk.crm.edit({same: {"Next_Step": "Now"}})
    bulk_meddler.before.append(lambda: bulk.crm.edit({first: {"Next_Step": "Meanwhile"}}) and None)

    told = bulk.post("small-batch", {"choose": {"ids": ids[:4]}, "fields": {"Next_Step": "Now"}})

    assert told["message"] == "2 of 4 records updated."
    assert {
        name: told[name]
        for name in ("total_records", "successful_updates", "failed_updates", "unchanged")
    } == {"total_records": 4, "successful_updates": 2, "failed_updates": 1, "unchanged": 1}
    details = {each["id"]: each for each in told["details"]}
    assert details[first]["before"] == {"Next_Step": "Meanwhile"}
    assert (details[locked]["code"], details[same]["state"]) == ("RECORD_LOCKED", "unchanged")
    assert bulk.crm_values("Next_Step")[first] == "Now"
    assert bulk.writes() == {first: 1, second: 1}


def test_a_cancelled_operation_settles_what_is_on_its_way_and_writes_no_more(
    bulk: BulkProduct, bulk_meddler: type[BulkMeddler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_A_CALL, Way.MASS_UPDATE, 20)
    session_id = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "Call"}, way="mass_update")
    bulk_meddler.after.append(lambda: bulk.post(f"operation/{session_id}/cancel", None, 202))

    session = bulk.run(session_id)

    assert session["status"] == "cancelled"
    assert (session["counts"]["done"], session["counts"]["waiting"]) == (20, 40)
    assert sum(bulk.writes().values()) == 20
    assert bulk.post(f"operation/{session_id}/cancel", None, 409)["code"] == "session_ended"
    # What it has written can be undone.
    assert bulk.undo(session_id)["counts"]["done"] == 20

    waiting = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "Call"})
    assert bulk.post(f"operation/{waiting}/cancel", None, 202)["status"] == "cancelled"
    assert bulk.run(waiting)["counts"]["waiting"] == 60
