"""What changes, goes and comes back in the CRM shows up in the mirror by quick syncs alone."""

from datetime import datetime, timedelta

from support.engine import FULL, QUICK, RECONCILE, Engine
from support.truth import told

# Far beyond the overlap of the cursors, well within the life of an access token.
LATER_S = 600


def _ids(engine: Engine) -> list[str]:
    return [row["id"] for row in engine.crm.records()]


def test_idle_quick_sync_makes_two_calls_and_costs_two_credits(engine: Engine) -> None:
    engine.completed(FULL)
    engine.crm.advance(LATER_S)
    calls, spent = engine.calls(), engine.credits_spent()
    session = engine.completed(QUICK)
    made = {name: count - calls.get(name, 0) for name, count in engine.calls().items()}
    assert {name: count for name, count in made.items() if count} == {
        "coql.query": 1,
        "records.deleted": 1,
    }
    assert engine.credits_spent() - spent == 2
    assert (session["api_calls_made"], session["credits_used"]) == (2, 2)
    assert session["records_changed"] == 0


def test_first_full_sync_holds_every_field_of_every_deal(engine: Engine) -> None:
    session = engine.completed(FULL)
    assert session["records_total"] == 60
    assert (found := engine.differences()) == [], told(found)


def test_edits_creations_and_deletions_arrive_by_quick_sync(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    engine.crm.advance(LATER_S)
    first, second, third, *_ = _ids(engine)
    engine.crm.edit({first: {"Deal_Name": "Renamed", "Amount": 12.34}})
    engine.crm.edit({second: {"Next_Step": None, "Description": 'A "quoted" \\ line\nbreak'}})
    engine.crm.delete(third)
    session = engine.completed(QUICK)
    assert session["metadata"]["counts"]["changed"] == 2
    assert session["metadata"]["counts"]["deleted"] == 1
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_many_edits_of_one_record_in_one_second_all_arrive(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    engine.crm.advance(LATER_S)
    engine.crm.freeze()
    (first, *_) = _ids(engine)
    for step in range(4):
        engine.crm.edit({first: {"Next_Step": f"step {step}"}})
        engine.completed(QUICK)
        assert (found := engine.differences(snapshot)) == [], told(found)
    changes = engine.sql(
        "SELECT new_value FROM change_log WHERE field = 'Next_Step' AND kind = 'updated'"
        " AND record_id = %s ORDER BY id",
        int(first),
    )
    assert [row["new_value"] for row in changes] == [f"step {step}" for step in range(4)]
    engine.crm.thaw()


def test_restored_record_comes_back_though_its_stamp_did_not_move(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    (first, *_) = _ids(engine)
    engine.crm.advance(LATER_S)
    stamp = next(row["Modified_Time"] for row in engine.crm.records() if row["id"] == first)
    engine.crm.delete(first)
    engine.completed(QUICK)
    assert engine.status_of(first)["presence"] == "deleted"
    engine.crm.advance(LATER_S)
    engine.crm.restore(first)
    assert next(row["Modified_Time"] for row in engine.crm.records() if row["id"] == first) == stamp
    session = engine.completed(QUICK)
    assert session["metadata"]["counts"]["restored"] == 1
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_record_that_was_in_the_bin_before_the_first_load_comes_back(engine: Engine) -> None:
    (first, *_) = _ids(engine)
    engine.crm.delete(first)
    engine.crm.advance(LATER_S)
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    engine.crm.advance(LATER_S)
    engine.crm.restore(first)
    engine.completed(QUICK)
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_record_made_and_deleted_between_two_syncs_comes_back(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    engine.crm.advance(LATER_S)
    model = engine.crm.records()[0]
    kept = ("Deal_Name", "Stage", "Pipeline", "Closing_Date", "Currency", "Amount")
    made = engine.crm.create({name: model[name] for name in kept})[0]["id"]
    engine.crm.delete(made)
    engine.completed(QUICK)
    assert (found := engine.differences(snapshot)) == [], told(found)
    engine.crm.advance(LATER_S)
    engine.crm.restore(made)
    engine.completed(QUICK)
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_purged_records_become_tombstones_for_good(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    engine.crm.advance(LATER_S)
    first, second, *_ = _ids(engine)
    engine.crm.purge(first)
    engine.crm.delete(second)
    engine.completed(QUICK)
    engine.crm.purge(second)
    engine.crm.advance(LATER_S)
    session = engine.completed(QUICK)
    assert session["records_changed"] == 0
    assert [engine.status_of(key)["presence"] for key in (first, second)] == ["deleted"] * 2
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_deleted_list_that_ends_early_is_made_up_for_by_comparing(larger_engine: Engine) -> None:
    larger_engine.completed(FULL)
    larger_engine.crm.switch(deleted_list_page_cap=1)
    larger_engine.crm.advance(LATER_S)
    larger_engine.crm.delete(*_ids(larger_engine)[:200])
    larger_engine.crm.advance(LATER_S)
    larger_engine.crm.delete(_ids(larger_engine)[0])
    session = larger_engine.completed(QUICK, accept_deletions=True)
    assert "Too many deletions to list: comparing all ids." in larger_engine.log(session["id"])
    assert larger_engine.mirror().live == {int(key) for key in _ids(larger_engine)}


def test_deletions_on_several_pages_all_arrive(larger_engine: Engine) -> None:
    larger_engine.completed(FULL)
    snapshot = larger_engine.mirror().snapshot()
    larger_engine.crm.advance(LATER_S)
    larger_engine.crm.delete(*_ids(larger_engine)[:401])
    pages = larger_engine.calls().get("records.deleted", 0)
    larger_engine.completed(QUICK, accept_deletions=True)
    # Three pages, and the same once more: a restore meanwhile could have hidden one behind a seam.
    assert larger_engine.calls()["records.deleted"] - pages == 6
    assert (found := larger_engine.differences(snapshot)) == [], told(found)


def test_since_can_only_widen_what_is_read(engine: Engine) -> None:
    engine.completed(FULL)
    engine.crm.advance(LATER_S)
    first, *_ = _ids(engine)
    engine.crm.edit({first: {"Next_Step": "seen by every quick sync"}})
    now = datetime.fromisoformat(engine.crm.state()["clock"]["now"])
    narrowed = engine.completed(QUICK, since=now + timedelta(days=1))
    assert narrowed["metadata"]["counts"]["changed"] == 1
    engine.crm.advance(LATER_S)
    widened = engine.completed(QUICK, since=now - timedelta(days=10_000))
    assert widened["records_processed"] == 60
    assert widened["records_changed"] == 0
    assert (found := engine.differences()) == [], told(found)


def test_tag_that_changes_again_within_the_second_of_its_reading_arrives(engine: Engine) -> None:
    engine.completed(FULL)
    engine.crm.advance(LATER_S)
    engine.crm.freeze()
    first, *_ = _ids(engine)
    engine.crm.edit({first: {"Tag": [{"name": "Tender"}]}})
    engine.completed(QUICK)
    engine.crm.edit({first: {"Tag": [{"name": "Strategic"}]}})
    engine.crm.thaw()
    engine.crm.advance(LATER_S)
    engine.completed(QUICK)
    assert [tag["name"] for tag in engine.mirror().documents[int(first)]["Tag"]] == ["Strategic"]
    assert (found := engine.differences()) == [], told(found)
    # Now it is final: the next pass is an idle one.
    calls = engine.calls()
    engine.completed(QUICK)
    assert engine.calls().get("records.get") == calls["records.get"]


def test_details_that_are_held_follow_an_edit_from_before_a_full_sync(engine: Engine) -> None:
    engine.completed(FULL)
    engine.completed(RECONCILE)  # reads the details of all
    engine.crm.advance(LATER_S)
    first, *_ = _ids(engine)
    engine.crm.edit({first: {"Tag": [{"name": "Strategic"}]}})
    engine.crm.advance(LATER_S)
    engine.completed(FULL)
    engine.completed(QUICK)
    assert (found := engine.differences()) == [], told(found)
