"""Values of the product's own fields reach the CRM when they change, once, and never echo."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from support.engine import QUICK

if TYPE_CHECKING:
    from support.owned import OwningProduct


def test_values_are_written_once_and_their_echo_is_no_change(owning: OwningProduct) -> None:
    owning.create_fields()
    name = owning.field("sync_status")["api_name"]
    before, logged, written = owning.last_changes(), owning.log_size(), owning.written()

    told = owning.write_back()

    assert (told.written, told.refused, told.trouble) == (60, 0, None)
    assert owning.told() == {"synced"}
    assert owning.written() - written == 60
    # Three quick syncs over our own echo, and three more write-backs: nothing happens at all.
    for _ in range(3):
        assert owning.engine.completed(QUICK)["records_changed"] == 0
        assert owning.write_back().attempted == 0
    assert owning.written() - written == 60
    assert owning.last_changes() == before
    assert owning.log_size() == logged
    assert owning.engine.sql(
        "SELECT count(*) AS held FROM crm_documents WHERE document ? %s", name
    ) == [{"held": 0}]
    # What a colleague changes in the record itself is a change as ever.
    first = owning.crm.records()[0]["id"]
    owning.crm.advance(5)
    owning.crm.edit({first: {"Next_Step": "Call the buyer"}})
    assert owning.engine.completed(QUICK)["records_changed"] == 1
    assert owning.last_changes()[int(first)] != before[int(first)]
    assert owning.written() - written == 60


def test_status_rides_on_the_push_and_is_written_by_itself_where_nothing_is_sent(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    owning.write_back()
    status, last = (owning.field(role)["api_name"] for role in ("sync_status", "last_sync"))
    first, second = (row["id"] for row in owning.crm.records()[:2])
    written = owning.written()
    stamp = owning.record(first)[last]

    # A wait of less than 15 minutes is not worth telling.
    owning.edit(first, {"Next_Step": "Call the buyer"})
    assert owning.write_back().attempted == 0
    owning.engine.sql("UPDATE pending_changes SET created_at = now() - interval '16 minutes'")
    assert owning.write_back().written == 1
    assert owning.record(first)[status] == "pending"
    owning.push()
    assert (owning.record(first)[status], owning.record(first)["Next_Step"]) == (
        "synced",
        "Call the buyer",
    )
    assert str(owning.record(first)[last]) >= str(stamp)
    # One row told of the wait, one carried the edit and the end of it.
    assert owning.written() - written == 2
    assert owning.write_back().attempted == 0

    # Both sides change a field: the conflict is told, and then its end.
    owning.edit(second, {"Amount": Decimal(500)})
    owning.crm.advance(5)
    owning.crm.edit({second: {"Amount": 700}})
    owning.engine.completed(QUICK)
    assert owning.write_back().written == 1
    assert owning.record(second)[status] == "conflict"
    assert owning.engine.completed(QUICK)["records_changed"] == 0
    assert owning.write_back().attempted == 0


def test_locked_records_are_skipped_and_told_and_deleted_ones_left_out(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    locked, gone = (row["id"] for row in owning.crm.records()[:2])
    owning.crm.lock(locked)
    owning.crm.delete(gone)

    told = owning.write_back()

    assert (told.written, told.refused) == (58, 2)
    report = owning.client.get("/api/crm/fields/owned").json()["write_back"]
    assert (report["records_written"], report["last_records"], report["skipped"]) == (58, 58, 2)
    codes = {skip["record_id"]: skip["code"] for skip in report["skips"]}
    assert codes == {locked: "RECORD_LOCKED", gone: "INVALID_DATA"}
    # They are not asked again at once.
    assert owning.write_back().attempted == 0


def test_what_was_written_without_an_answer_is_looked_up_and_is_no_change(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    before, logged, written = owning.last_changes(), owning.log_size(), owning.written()
    owning.crm.fault("lost_answer", route="records.update")

    told = owning.write_back()

    owning.crm.clear_faults()
    assert (told.written, told.attempted, told.trouble) == (60, 60, None)
    assert owning.told() == {"synced"}
    assert owning.written() - written == 60
    assert owning.write_back().attempted == 0
    assert owning.engine.completed(QUICK)["records_changed"] == 0
    assert (owning.last_changes(), owning.log_size()) == (before, logged)


def test_a_read_that_is_faster_than_the_answer_moves_no_last_change(owning: OwningProduct) -> None:
    owning.create_fields()
    before = owning.last_changes()
    # The write happened and its worker died: the next read meets the new stamps first.
    owning.crm.fault("lost_answer", route="records.update")
    owning.crm.fault("status", route="records.list", status=500, count=30)
    told = owning.write_back()
    assert told.trouble is not None
    assert (told.trouble.code, told.attempted, told.written) == ("crm_unavailable", 60, 0)
    owning.crm.clear_faults()
    owning.engine.completed(QUICK)

    assert owning.write_back().written == 60
    assert owning.last_changes() == before


def test_modes_switch_and_budget_are_obeyed(owning: OwningProduct) -> None:
    owning.create_fields()
    written = owning.written()
    owning.set(sync__mode="crm_to_local")
    assert owning.write_back().attempted == 0
    owning.set(sync__mode="bidirectional", write_back__is_on=False)
    assert owning.write_back().attempted == 0
    first = owning.crm.records()[0]["id"]
    owning.edit(first, {"Next_Step": "Call the buyer"})
    owning.push()
    assert owning.record(first)[owning.field("last_sync")["api_name"]] is None
    # A share of 2 credits is 20 rows, and no more until they come back.
    limit = owning.client.get("/api/live-sync/status/current").json()["credits"]["limit"]
    owning.set(write_back__is_on=True, write_back__budget_share=2.5 / limit)
    written = owning.written()
    assert owning.write_back().written == 20
    assert owning.write_back().attempted == 0
    assert owning.written() - written == 20
