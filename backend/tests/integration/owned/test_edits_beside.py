"""A colleague's edit in the very second of our write-back counts; our write alone never does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from support.engine import QUICK

if TYPE_CHECKING:
    from datetime import datetime

    from support.owned import OwningProduct


def _seconds(owning: OwningProduct) -> dict[int, datetime]:
    """Return the stamp of each record's version, as the mirror knows it."""
    rows = owning.engine.sql("SELECT zoho_record_id AS id, crm_modified_at FROM record_sync_status")
    return {row["id"]: row["crm_modified_at"] for row in rows}


def _logged(owning: OwningProduct, record_id: str) -> list[tuple[str, datetime]]:
    rows = owning.engine.sql(
        "SELECT field, changed_at FROM change_log WHERE record_id = %s AND kind = 'updated'"
        " AND field NOT IN ('Modified_By', 'Last_Activity_Time') ORDER BY id",
        int(record_id),
    )
    return [(row["field"], row["changed_at"]) for row in rows]


def test_edits_around_our_write_count_in_whatever_order_they_are_read(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    before = owning.last_changes()
    early, within, after, amount, *others = (row["id"] for row in owning.crm.records())
    # Unread edits: one some seconds before our write, the others within its second.
    owning.crm.edit({early: {"Next_Step": "Unread since then"}})
    owning.crm.advance(5)
    owning.crm.freeze()
    owning.crm.edit({within: {"Next_Step": "Before us"}})
    assert owning.write_back().written == 60
    owning.crm.edit({after: {"Next_Step": "After us"}, amount: {"Amount": 4711}})

    owning.engine.completed(QUICK)

    stamps, changed = _seconds(owning), owning.last_changes()
    [ours] = {stamps[int(each)] for each in (within, after, amount, *others)}
    for each in (early, within, after, amount):
        assert changed[int(each)] == ours
    assert {each: changed[int(each)] for each in others} == {
        each: before[int(each)] for each in others
    }
    # As of then too: the log has the edit, and the version of the deal begins with it.
    assert _logged(owning, within) == [("Next_Step", ours)]
    assert _logged(owning, amount) == [("Amount", ours)]
    [version] = owning.engine.sql(
        "SELECT valid_from, amount FROM deal_versions WHERE deal_id = %s"
        " ORDER BY valid_from DESC LIMIT 1",
        int(amount),
    )
    assert (version["valid_from"], version["amount"]) == (ours, 4711)
    # What is read twice, is no further change; a later edit is one.
    log = owning.log_size()
    assert owning.engine.completed(QUICK)["records_changed"] == 0
    assert (owning.last_changes(), owning.log_size()) == (changed, log)
    owning.crm.advance(5)
    owning.crm.edit({others[0]: {"Next_Step": "Much later"}})
    owning.engine.completed(QUICK)
    assert owning.last_changes()[int(others[0])] == ours + timedelta(seconds=5)
    owning.crm.thaw()


def test_one_who_saves_after_us_within_our_second_is_seen_by_who_wrote_last(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    before = owning.last_changes()
    first, *others = (row["id"] for row in owning.crm.records())
    owning.crm.freeze()
    # Our write arrives, and its answer does not: by the time we look, a colleague has saved too.
    owning.crm.fault("lost_answer", route="records.update")
    owning.crm.fault("status", route="records.list", status=500, count=30)
    assert owning.write_back().written == 0
    owning.crm.clear_faults()
    owning.crm.edit({first: {"Next_Step": "After us"}})

    assert owning.write_back().written == 60

    changed = owning.last_changes()
    assert changed[int(first)] == _seconds(owning)[int(first)]
    assert {each: changed[int(each)] for each in others} == {
        each: before[int(each)] for each in others
    }
    owning.engine.completed(QUICK)
    assert owning.last_changes() == changed
    owning.crm.thaw()


def test_reads_that_are_faster_than_our_answer_keep_the_last_edit_and_log_no_echo(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    before = owning.last_changes()
    earlier, within, *others = (row["id"] for row in owning.crm.records())
    owning.crm.advance(5)
    owning.crm.freeze()
    owning.crm.fault("lost_answer", route="records.update")
    owning.crm.fault("status", route="records.list", status=500, count=30)
    owning.write_back()
    owning.crm.clear_faults()
    # Read while our answer is still out: our write, and then a colleague's edit in its second.
    owning.engine.completed(QUICK)
    owning.crm.edit({within: {"Next_Step": "Within our second"}})
    owning.engine.completed(QUICK)
    ours = _seconds(owning)[int(within)]
    # And another one, of the next second.
    owning.crm.advance(1)
    owning.crm.edit({earlier: {"Next_Step": "A second later"}})
    owning.engine.completed(QUICK)

    assert owning.write_back().written == 60

    changed = owning.last_changes()
    assert changed[int(within)] == ours
    assert changed[int(earlier)] == ours + timedelta(seconds=1)
    assert {each: changed[int(each)] for each in others} == {
        each: before[int(each)] for each in others
    }
    assert owning.engine.sql(
        "SELECT DISTINCT record_id FROM change_log WHERE kind = 'updated' ORDER BY 1"
    ) == [{"record_id": each} for each in sorted((int(earlier), int(within)))]
    owning.crm.thaw()
