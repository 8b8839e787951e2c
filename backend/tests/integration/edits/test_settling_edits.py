"""How local edits end: by the CRM's answer, a read, a policy, a person, or a deletion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pulse.core.sync import Presence, RecordStatus
from pulse.edits import resolving
from pulse.kit.errors import InvalidInputError, NotFoundError
from pulse.sync.domain.merge import Verdict
from pulse.sync.ports import Authored
from support.edited import COLLEAGUE, DEAL, START, EditedMirror, after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SEEN: Mapping[str, Any] = {"Deal_Name": "Metro", "Amount": 10, "Stage": "Proposal"}
US = "554023000000001009"
"""Id of the CRM's user as whom the product writes."""


@pytest.fixture
def mirror(mirror: EditedMirror) -> EditedMirror:
    mirror.sees(SEEN, at=0)
    return mirror


def test_an_accepted_write_ends_the_change_and_the_log_names_its_author(
    mirror: EditedMirror,
) -> None:
    mirror.edit({"Amount": 20})
    mirror.send()
    mirror.edit({"Amount": 30})
    [[change_id]] = [
        row.values() for row in mirror.sql("SELECT id FROM pending_changes WHERE state = 'sent'")
    ]
    mirror.sees(
        {"Amount": 20, "Stage": "Qualified", "Modified_By": US},
        at=60,
        authored=[Authored(DEAL, "Amount", 20, "Mei Tan", change_id)],
    )
    # What automation changed besides is the CRM's; the successor is judged now.
    assert mirror.log() == [
        ("updated", "Amount", 10, 20, "local", "Mei Tan"),
        ("updated", "Modified_By", COLLEAGUE, US, "crm", US),
        ("updated", "Stage", "Proposal", "Qualified", "crm", US),
    ]
    assert mirror.changes("base_value", "new_value", "state") == [(20, 30, "queued")]
    assert mirror.deal("amount") == 30

    # The echo of our write changes nothing.
    mirror.sees({**SEEN, "Amount": 20, "Stage": "Qualified", "Modified_By": US}, at=60)
    assert len(mirror.log()) == 3


def test_a_read_that_is_faster_than_the_answer_tells_our_write_as_ours(
    mirror: EditedMirror,
) -> None:
    mirror.sql(
        "INSERT INTO crm_users (id, full_name, is_active, document, is_connected)"
        " VALUES (%s, 'Pulse', true, '{}', true)",
        int(US),
    )
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.send()
    # A colleague who types the very value that we have sent is not us.
    mirror.sees({**SEEN, "Stage": "Negotiation"}, at=30)
    mirror.sees({**SEEN, "Stage": "Negotiation", "Amount": 20, "Modified_By": US}, at=60)
    assert [row for row in mirror.log() if row[1] != "Modified_By"] == [
        ("updated", "Stage", "Proposal", "Negotiation", "crm", COLLEAGUE),
        ("updated", "Amount", 10, 20, "local", "Mei Tan"),
    ]
    ids = [row[0] for row in mirror.changes("id")]
    mirror.sees(
        {"Amount": 20, "Stage": "Negotiation", "Modified_By": US},
        at=60,
        number=1,
        authored=[
            Authored(DEAL, "Amount", 20, "Mei Tan", ids[0]),
            Authored(DEAL, "Stage", "Negotiation", "Mei Tan", ids[1]),
        ],
    )
    assert (mirror.changes(), mirror.status()["sync_status"]) == ([], "synced")
    assert len([row for row in mirror.log() if row[1] != "Modified_By"]) == 2


def test_crm_wins_gives_the_edit_up_and_local_wins_writes_over(mirror: EditedMirror) -> None:
    mirror.set_policy("crm_wins", Stage="local_wins")
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.sees({**SEEN, "Amount": 15, "Stage": "Qualified"}, at=60)
    assert mirror.changes("field", "new_value", "state", "crm_value") == [
        ("Stage", "Negotiation", "queued", "Qualified")
    ]
    assert mirror.log()[-1] == ("dropped", "Amount", 10, 20, "local", "Mei Tan")
    assert (mirror.deal("amount"), mirror.deal("stage")) == (15, "Negotiation")


@pytest.mark.parametrize(
    ("crm_changed_at", "verdict", "states"),
    [
        (START, Verdict.PUSH, [("queued", False)]),
        (START + timedelta(days=9000), Verdict.DROP, []),
        (None, Verdict.ASK, [("conflict", False)]),
    ],
)
def test_newest_wins_awaits_the_timeline(
    mirror: EditedMirror,
    crm_changed_at: datetime | None,
    verdict: Verdict,
    states: list[tuple[str, bool]],
) -> None:
    mirror.set_policy("newest_wins")
    mirror.edit({"Amount": 20})
    mirror.sees({**SEEN, "Amount": 15}, at=60)
    assert mirror.changes("state", "awaits_timeline") == [("conflict", True)]

    async def settle(db: Any) -> Verdict | None:  # noqa: ANN401 - either form of a transaction
        return await resolving.settle_weighed(db, "Deals", DEAL, "Amount", crm_changed_at)

    assert mirror.run(settle) is verdict
    assert mirror.changes("state", "awaits_timeline") == states
    # It is settled: neither the same answer again nor the same value seen again moves it.
    assert mirror.run(settle) is None
    mirror.sees({**SEEN, "Amount": 15, "Deal_Name": "Metro II"}, at=90)
    assert mirror.changes("state", "awaits_timeline") == states


def test_use_local_waits_for_the_crm_again_until_the_crm_moves_on(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20})
    mirror.sees({**SEEN, "Amount": 15}, at=60)
    assert mirror.resolve(resolving.use_local) is RecordStatus.PENDING
    assert mirror.changes("author_name", "state", "is_resolved", "resolved_against") == [
        ("Mei Tan", "queued", True, 15)
    ]
    assert mirror.status()["conflict_fields"] is None
    mirror.sees({**SEEN, "Amount": 15, "Deal_Name": "Metro II"}, at=90)
    assert mirror.changes() == [("Amount", 20, "queued")]
    mirror.sees({**SEEN, "Amount": 16, "Deal_Name": "Metro II"}, at=120)
    assert mirror.changes("state", "crm_value", "crm_modified_at", "crm_modified_by") == [
        ("conflict", 16, after(120), COLLEAGUE)
    ]
    assert mirror.status()["conflict_fields"] == {"Amount": {"base": 10, "local": 20, "crm": 16}}


def test_use_crm_and_typed_values_settle_field_by_field(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation", "Deal_Name": "Ours"})
    mirror.sees({"Amount": 15, "Stage": "Qualified", "Deal_Name": "Theirs"}, at=60)
    assert mirror.resolve(resolving.use_crm, ["Deal_Name"]) is RecordStatus.CONFLICT
    assert mirror.log()[-1] == ("dropped", "Deal_Name", "Metro", "Ours", "local", "Omar Haddad")
    assert mirror.deal("name") == "Theirs"

    # Back to the value of before is an edit of what the CRM holds now.
    typed = {"Amount": 10, "Stage": "Qualified"}
    assert mirror.resolve(resolving.use_values, typed) is RecordStatus.PENDING
    assert mirror.changes("field", "base_value", "new_value", "state", "source", "author_name") == [
        ("Amount", 15, 10, "queued", "resolution", "Omar Haddad")
    ]
    assert (mirror.deal("amount"), mirror.deal("stage")) == (10, "Qualified")


def test_a_skipped_conflict_is_hidden_until_either_side_changes(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20})
    mirror.sees({**SEEN, "Amount": 15}, at=60)
    [(since,)] = mirror.changes("conflict_since")
    assert mirror.resolve(resolving.skip) is RecordStatus.CONFLICT
    mirror.sees({**SEEN, "Amount": 15, "Deal_Name": "Metro II"}, at=90)
    assert mirror.changes("is_skipped", "conflict_since") == [(True, since)]

    mirror.edit({"Amount": 21})
    assert mirror.changes("new_value", "state", "is_skipped", "conflict_since") == [
        (21, "conflict", False, since)
    ]
    mirror.resolve(resolving.skip)
    mirror.sees({**SEEN, "Amount": 16}, at=120)
    assert mirror.changes("crm_value", "is_skipped") == [(16, False)]
    mirror.resolve(resolving.skip)
    mirror.resolve(resolving.unskip)
    assert mirror.changes("is_skipped") == [(False,)]


def test_only_what_is_in_conflict_can_be_resolved(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.sees({**SEEN, "Amount": 15}, at=60)
    for how, what in (
        (resolving.use_crm, ["Stage"]),
        (resolving.use_local, ["Amount", "Stage"]),
        (resolving.use_values, {"Stage": "Qualified"}),
        (resolving.skip, ["Deal_Name"]),
    ):
        with pytest.raises(NotFoundError, match="is not in conflict") as refused:
            mirror.resolve(how, what)
        assert refused.value.code == "conflict_not_found"
    assert [row[2] for row in mirror.changes()] == ["conflict", "queued"]


def test_a_deletion_makes_edits_a_conflict_on_the_record_and_its_return_ends_it(
    mirror: EditedMirror,
) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.send("Amount")
    mirror.misses(60)
    assert mirror.changes(
        "field", "state", "is_record_gone", "crm_modified_at", "crm_modified_by"
    ) == [
        ("Amount", "sent", False, None, None),
        ("Stage", "conflict", True, after(60), COLLEAGUE),
    ]
    assert mirror.status()["sync_status"] == "conflict"
    assert mirror.status()["error_details"] == "Deleted in the CRM, and edited here: Stage"
    assert mirror.deal("is_live") is False

    mirror.sees({**SEEN, "Stage": "Qualified"}, at=120)
    assert mirror.changes("field", "state", "crm_value", "is_record_gone") == [
        ("Amount", "sent", None, False),
        ("Stage", "conflict", "Qualified", False),
    ]
    mirror.sees(SEEN, at=180)
    assert [row[2] for row in mirror.changes()] == ["sent", "queued"]
    assert (mirror.deal("is_live"), mirror.deal("stage")) == (True, "Negotiation")
    assert mirror.status()["sync_status"] == "pending"


def test_a_deleted_record_is_wanted_back_or_let_go(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.misses(60)
    with pytest.raises(InvalidInputError, match="the deleted record had before"):
        mirror.resolve(resolving.use_values, {"Amount": 10})
    assert mirror.resolve(resolving.use_values, {"Amount": 25}) is RecordStatus.CONFLICT
    assert mirror.resolve(resolving.use_crm, ["Stage"]) is RecordStatus.PENDING
    assert mirror.changes("field", "new_value", "state", "is_record_gone", "is_resolved") == [
        ("Amount", 25, "queued", True, True)
    ]

    # Restored by the push, it is read, and what was wanted is written to it.
    mirror.sees(SEEN, at=120)
    assert mirror.changes("new_value", "state", "is_record_gone", "is_resolved") == [
        (25, "queued", False, False)
    ]


def test_a_hidden_record_stands_as_an_error_and_keeps_its_edits(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20})
    mirror.misses(60, Presence.INVISIBLE)
    assert mirror.status()["sync_status"] == "error"
    assert "no longer shows this record" in mirror.status()["error_details"]
    mirror.sees(SEEN, at=120)
    assert (mirror.status()["sync_status"], mirror.status()["error_details"]) == ("pending", None)
    assert mirror.changes() == [("Amount", 20, "queued")]
