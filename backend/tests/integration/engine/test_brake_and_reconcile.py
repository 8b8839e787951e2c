"""What must not happen silently: mass deletions, hidden records, drift that moves no stamp."""

from psycopg.types.json import Jsonb

from pulse.adapters.mirror.store import HIDDEN_REASON
from support.engine import FULL, QUICK, RECONCILE, Engine
from support.truth import told

_LATER_S = 600


def _ids(engine: Engine) -> list[str]:
    return [row["id"] for row in engine.crm.records()]


def test_mass_deletion_stops_the_run_until_a_person_accepts_it(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    engine.crm.advance(_LATER_S)
    gone = _ids(engine)[:21]
    engine.crm.delete(*gone)
    held_back = engine.sync(QUICK)
    assert (held_back["status"], held_back["error_code"]) == ("failed", "mass_deletion")
    assert held_back["error_message"].startswith(
        "21 of 60 Deals are gone in the CRM (35.0 %). Nothing was removed here."
    )
    assert "--accept-deletions" in engine.log(held_back["id"])[-1]
    assert len(engine.mirror().live) == 60
    for kind in (RECONCILE, FULL):
        assert engine.sync(kind)["error_code"] == "mass_deletion"
    assert len(engine.mirror().live) == 60
    accepted = engine.completed(QUICK, accept_deletions=True)
    assert accepted["metadata"]["counts"]["deleted"] == 21
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_twenty_deletions_pass_whatever_their_share(engine: Engine) -> None:
    engine.completed(FULL)
    engine.crm.advance(_LATER_S)
    engine.crm.delete(*_ids(engine)[:20])
    assert engine.completed(QUICK)["metadata"]["counts"]["deleted"] == 20
    assert (found := engine.differences()) == [], told(found)


def test_tenth_of_a_module_passes_however_many_they_are(larger_engine: Engine) -> None:
    larger_engine.completed(FULL)
    larger_engine.crm.advance(_LATER_S)
    larger_engine.crm.delete(*_ids(larger_engine)[:200])
    assert larger_engine.completed(QUICK)["metadata"]["counts"]["deleted"] == 200


def test_hidden_record_becomes_an_error_with_its_reason_and_comes_back(engine: Engine) -> None:
    engine.completed(FULL)
    snapshot = engine.mirror().snapshot()
    hidden, *_ = _ids(engine)
    engine.crm.hide(hidden)
    session = engine.completed(RECONCILE)
    assert session["metadata"]["counts"]["hidden"] == 1
    status = engine.status_of(hidden)
    assert (status["presence"], status["sync_status"]) == ("invisible", "error")
    assert status["error_details"] == HIDDEN_REASON
    assert (found := engine.differences(snapshot, hidden_is_known=True)) == [], told(found)
    engine.crm.unhide(hidden)
    assert engine.completed(QUICK)["metadata"]["counts"]["restored"] == 1
    assert (found := engine.differences(snapshot)) == [], told(found)


def test_hidden_record_that_is_deleted_becomes_a_tombstone(engine: Engine) -> None:
    engine.completed(FULL)
    hidden, *_ = _ids(engine)
    engine.crm.hide(hidden)
    engine.completed(RECONCILE)
    engine.crm.unhide(hidden)
    engine.crm.delete(hidden)
    engine.completed(QUICK)
    status = engine.status_of(hidden)
    assert (status["presence"], status["sync_status"]) == ("deleted", "synced")
    assert status["error_details"] is None


def test_formula_that_changed_without_a_stamp_is_refreshed_by_reconcile(engine: Engine) -> None:
    engine.completed(FULL)
    record_id = int(_ids(engine)[0])
    # As if it had been computed differently when it was read: its stamp is the same.
    engine.sql(
        "UPDATE crm_documents SET document = document || %s WHERE record_id = %s",
        Jsonb({"Expected_Revenue": 1.25}),
        record_id,
    )
    engine.crm.advance(_LATER_S)
    assert engine.completed(QUICK)["records_changed"] == 0
    session = engine.completed(RECONCILE)
    assert session["metadata"]["drift"]["computed"] == 1
    assert (found := engine.differences()) == [], told(found)
    assert engine.sql(
        "SELECT old_value FROM change_log WHERE record_id = %s AND kind = 'updated'", record_id
    ) == [{"old_value": 1.25}]


def test_drift_in_counts_and_stamps_is_found_and_repaired(engine: Engine) -> None:
    engine.completed(FULL)
    lost, stale, *_ = (int(record_id) for record_id in _ids(engine))
    for table, key in (
        ("crm_documents", "record_id"),
        ("record_sync_status", "zoho_record_id"),
        ("deals", "id"),
        ("deal_versions", "deal_id"),
    ):
        engine.sql(f"DELETE FROM {table} WHERE {key} = %s", lost)
    newest = engine.sql(
        "UPDATE record_sync_status SET crm_modified_at = crm_modified_at - interval '1 day'"
        " WHERE crm_modified_at = (SELECT max(crm_modified_at) FROM record_sync_status)"
        " RETURNING zoho_record_id"
    )
    assert newest
    assert stale != lost
    engine.crm.advance(_LATER_S)
    assert engine.completed(RECONCILE)["metadata"]["drift"]["differing"] == 1
    assert (found := engine.differences()) == [], told(found)
