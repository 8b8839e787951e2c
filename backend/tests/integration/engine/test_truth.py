"""The comparison with the CRM sees each kind of damage: else its silence would prove nothing."""

import pytest

from support.engine import FULL, Engine
from support.truth import Snapshot, Truth, differences, replay_differences

_LOSSES = {
    "a lost field": (
        "UPDATE crm_documents SET document = document - 'Stage' WHERE record_id = {id}",
        ": Stage is None, not '",
    ),
    "a number that was rounded": (
        (
            "UPDATE crm_documents SET document = document || '{{\"Amount\": 1.000001}}'"
            " WHERE record_id = {id}"
        ),
        ": Amount is Decimal('1.000001'), not ",
    ),
    "a text for a boolean": (
        (
            "UPDATE crm_documents SET document = document || '{{\"Locked__s\": 0}}'"
            " WHERE record_id = {id}"
        ),
        ": Locked__s is 0, not False",
    ),
    "a stamp": (
        (
            "UPDATE record_sync_status SET crm_modified_at = crm_modified_at - interval '1 second'"
            " WHERE zoho_record_id = {id}"
        ),
        ": stamp ",
    ),
    "a live record shown as gone": (
        "UPDATE record_sync_status SET presence = 'deleted' WHERE zoho_record_id = {id}",
        ": live in the CRM, not here",
    ),
    "a narrow column": (
        "UPDATE deals SET stage = 'Nowhere' WHERE id = {id}",
        " (deals): stage is 'Nowhere', not ",
    ),
    "a missing version": (
        "DELETE FROM deal_versions WHERE deal_id = {id}",
        ": 0 open versions",
    ),
    "overlapping versions": (
        (
            "INSERT INTO deal_versions (deal_id, valid_from, valid_to)"
            " VALUES ({id}, '2000-01-01', 'infinity')"
        ),
        ": versions are empty or overlap",
    ),
    "a document without a record": (
        "DELETE FROM crm_documents WHERE record_id = {id}",
        ": no document",
    ),
}


@pytest.mark.parametrize("loss", _LOSSES)
def test_comparison_sees(engine: Engine, loss: str) -> None:
    engine.completed(FULL)
    assert engine.differences() == []
    record_id = engine.crm.records()[0]["id"]
    statement, words = _LOSSES[loss]
    engine.sql(statement.format(id=record_id))
    found = engine.differences()
    assert [line for line in found if line.startswith(record_id) and words in line], found


def test_comparison_sees_a_change_that_no_log_tells(engine: Engine) -> None:
    engine.completed(FULL)
    mirror = engine.mirror()
    snapshot = mirror.snapshot()
    key = next(iter(mirror.documents))
    mirror.documents[key] = {**mirror.documents[key], "Stage": "Nowhere"}
    assert replay_differences(snapshot, mirror)[0].startswith(f"{key}: the replayed log gives ")


def test_comparison_sees_a_log_whose_old_value_was_not_so(engine: Engine) -> None:
    engine.completed(FULL)
    mirror = engine.mirror()
    key = next(iter(mirror.documents))
    row = {
        "id": 10**9,
        "record_id": key,
        "kind": "updated",
        "field": "Stage",
        "old_value": "Nowhere",
        "new_value": "Elsewhere",
    }
    mirror.log.append(row)
    snapshot = Snapshot(mirror.documents, mirror.live, 10**9 - 1)
    assert replay_differences(snapshot, mirror) == [f"log {10**9}: Stage was not 'Nowhere'"]
    row["old_value"] = row["new_value"]
    assert f"log {10**9}: Stage old = new" in differences(
        Truth.of(engine.crm, engine.fields()), mirror
    )
