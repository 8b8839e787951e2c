"""What changes under an operation that was started: the name of a field, the mode of the sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.bulk import ROWS_A_CALL, Way
from pulse.core.sync import SyncMode

if TYPE_CHECKING:
    import pytest

    from support.bulk import BulkMeddler, BulkProduct


def test_an_operation_follows_a_renamed_field_and_fails_by_record_where_one_is_removed(
    bulk: BulkProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulse.sync.bulk.SETTLE_S", 0.01)
    renamed = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "Call"}, way="mass_update")
    bulk.crm.control("POST", "/modules/Deals/fields/Next_Step/rename", {"api_name": "Next_Move"})

    session = bulk.run(renamed)

    assert (session["status"], session["counts"]["done"]) == ("completed", 60)
    assert set(bulk.crm_values("Next_Move").values()) == {"Call"}
    assert set(bulk.writes().values()) == {1}
    undone = bulk.undo(renamed)
    assert (undone["status"], undone["counts"]["done"]) == ("completed", 60)
    assert bulk.sql("SELECT action, subject FROM audit_log ORDER BY id DESC LIMIT 1") == [
        ("bulk.undo.started", undone["id"])
    ]

    others = sum(value != "Partner" for value in bulk.crm_values("Lead_Source").values())
    removed = bulk.start("mass-update", {"filter": ""}, {"Lead_Source": "Partner"}, way="put")
    bulk.crm.control("DELETE", "/modules/Deals/fields/Lead_Source")
    failed = bulk.run(removed)
    assert (failed["status"], failed["error_code"]) == ("failed", "nothing_written")
    assert {end for end in bulk.ends(removed).values() if end[0] == "failed"} == {
        ("failed", "field_gone", "Lead_Source")
    }
    assert (failed["counts"]["failed"], failed["counts"]["unchanged"]) == (others, 60 - others)
    assert set(bulk.writes().values()) == {2}


def test_an_operation_stops_between_two_calls_once_the_mode_lets_nothing_out(
    bulk: BulkProduct, bulk_meddler: type[BulkMeddler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_A_CALL, Way.MASS_UPDATE, 30)
    session_id = bulk.start("mass-update", {"filter": ""}, {"Next_Step": "A"}, way="mass_update")
    settings = "/api/live-sync/configuration"
    bulk_meddler.after.append(
        lambda: bulk.client.put(
            settings, json={"interval_minutes": 15, "mode": SyncMode.CRM_TO_LOCAL}
        ).raise_for_status()
    )

    session = bulk.run(session_id)

    assert (session["status"], session["error_code"]) == ("failed", "crm_is_read_only")
    assert (session["counts"]["done"], session["counts"]["waiting"]) == (30, 30)
    assert sum(bulk.writes().values()) == 30


def test_while_pulls_pause_an_operation_takes_over_its_own_fields_and_nothing_else(
    bulk: BulkProduct,
) -> None:
    deal = str(bulk.crm.records()[0]["id"])
    before = bulk.mirror_values("Description")[deal]
    bulk.sql(
        "INSERT INTO settings (key, value) VALUES ('sync.mode', %(mode)s::jsonb)",
        mode=f'"{SyncMode.LOCAL_TO_CRM}"',
    )
    bulk.crm.edit({deal: {"Description": "Written by a colleague"}})

    for way, text in (("put", "Call"), ("mass_update", "Visit")):
        session = bulk.run(bulk.start("mass-update", {"ids": [deal]}, {"Next_Step": text}, way=way))
        assert (session["status"], session["counts"]["done"]) == ("completed", 1)
        assert bulk.crm_values("Next_Step")[deal] == text
        assert bulk.mirror_values("Next_Step")[deal] == text
        assert bulk.log("Next_Step", session["id"]) == {(deal, text, "local", "Ada")}
    assert bulk.mirror_values("Description")[deal] == before
