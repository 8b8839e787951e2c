"""A local edit is stored by field, folds, cancels, and lies over the document it was made on."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from pulse.core.sync import Presence, RecordStatus
from pulse.db.engine import database
from pulse.edits import store
from pulse.edits.reading import local_changes
from pulse.kit.errors import ConflictError, NotFoundError
from pulse.models import PendingChange
from pulse.sync.domain.merge import ChangeState
from support.edited import DEAL, MEI, OMAR, EditedMirror

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEN: Mapping[str, Any] = {
    "Deal_Name": "Metro signalling",
    "Amount": Decimal("1280000.10"),
    "Stage": "Proposal",
    "Closing_Date": "2026-08-21",
    "Solutions": ["Core", "Edge"],
}
EDITED: Mapping[str, Any] = {
    "Amount": Decimal("9007199254740993.17"),
    "Closing_Date": None,
    "Solutions": ["Core"],
}


@pytest.fixture
def mirror(mirror: EditedMirror) -> EditedMirror:
    mirror.sees(SEEN, at=0)
    return mirror


def test_an_edit_lies_over_the_document_and_asks_for_a_push(mirror: EditedMirror) -> None:
    async def edit(db: Any) -> tuple[store.Changed, Any]:  # noqa: ANN401 - either form of a transaction
        done = await store.change_record(db, "Deals", DEAL, {**EDITED, "Stage": "Proposal"}, MEI)
        return done, await (await db.execute("SELECT now()")).fetchone()

    changed, (edited_at,) = mirror.run(edit)
    assert changed == store.Changed(
        DEAL, ("Amount", "Closing_Date", "Solutions"), (), ("Stage",), RecordStatus.PENDING
    )
    assert mirror.changes("field", "base_value", "new_value", "state", "author_name") == [
        ("Amount", Decimal("1280000.10"), Decimal("9007199254740993.17"), "queued", "Mei Tan"),
        ("Closing_Date", "2026-08-21", None, "queued", "Mei Tan"),
        ("Solutions", ["Core", "Edge"], ["Core"], "queued", "Mei Tan"),
    ]
    assert mirror.status()["sync_status"] == "pending"
    assert mirror.status()["local_modified_at"] == edited_at
    # The page shows the edit, history and document what the CRM showed.
    assert mirror.deal("amount") == Decimal("9007199254740993.17")
    assert mirror.deal("closing_date") is None
    assert mirror.document() == SEEN
    assert [row["amount"] for row in mirror.sql("SELECT amount FROM deal_versions")] == [
        Decimal("1280000.10")
    ]
    assert mirror.log() == []
    assert mirror.jobs() == [("push_changes", {"module": "Deals"})]


def test_a_second_edit_folds_in_and_one_back_to_the_base_cancels(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    folded = mirror.edit({"Amount": 30, "Stage": "Negotiation"}, OMAR)
    assert (folded.changed, folded.unchanged) == (("Amount",), ("Stage",))
    assert mirror.changes("field", "base_value", "new_value", "author_name") == [
        ("Amount", Decimal("1280000.10"), 30, "Omar Haddad"),
        ("Stage", "Proposal", "Negotiation", "Mei Tan"),
    ]

    back = mirror.edit({"Amount": Decimal("1280000.100"), "Stage": "Proposal"})
    assert (back.cancelled, back.status) == (("Amount", "Stage"), RecordStatus.SYNCED)
    assert mirror.changes() == []
    assert mirror.deal("amount") == Decimal("1280000.10")
    assert mirror.log() == []


def test_several_edits_of_one_transaction_ask_for_one_push(mirror: EditedMirror) -> None:
    mirror.sees(SEEN, at=0, record_id=DEAL + 1)

    async def edit_both(db: Any) -> None:  # noqa: ANN401 - either form of a transaction
        for record_id in (DEAL, DEAL + 1):
            await store.change_record(db, "Deals", record_id, {"Amount": 5}, MEI)

    mirror.run(edit_both)
    assert mirror.jobs() == [("push_changes", {"module": "Deals"})]


def test_an_edit_of_a_session_lives_and_dies_with_its_transaction(
    mirror: EditedMirror, database_url: str
) -> None:
    async def edit(*, is_kept: bool) -> list[str]:
        async with database(database_url) as open_db, open_db() as db:
            await store.change_record(db, "Deals", DEAL, {"Amount": Decimal("0.1")}, MEI)
            seen = (await db.scalars(select(PendingChange.field))).all()
            await (db.commit() if is_kept else db.rollback())
            return list(seen)

    assert asyncio.run(edit(is_kept=False)) == ["Amount"]
    assert (mirror.changes(), mirror.jobs()) == ([], [])
    assert asyncio.run(edit(is_kept=True)) == ["Amount"]
    assert mirror.changes() == [("Amount", Decimal("0.1"), "queued")]
    assert mirror.jobs() == [("push_changes", {"module": "Deals"})]


def test_an_edit_made_while_one_is_on_its_way_is_built_on_what_was_sent(
    mirror: EditedMirror,
) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.send()
    changed = mirror.edit({"Amount": 30, "Stage": "Negotiation"})
    assert (changed.changed, changed.unchanged) == (("Amount",), ("Stage",))
    assert mirror.changes("field", "base_value", "new_value", "state") == [
        ("Amount", Decimal("1280000.10"), 20, "sent"),
        ("Amount", 20, 30, "queued"),
        ("Stage", "Proposal", "Negotiation", "sent"),
    ]
    assert mirror.deal("amount") == 30

    # Neither of the two is judged before the fate of the first is known.
    mirror.sees({**SEEN, "Amount": 99}, at=60)
    assert [row[2] for row in mirror.changes()] == ["sent", "queued", "sent"]
    assert mirror.deal("amount") == 30

    # Back to what was sent: the successor is gone, what was sent goes on.
    assert mirror.edit({"Amount": 20}).cancelled == ("Amount",)
    assert [row[2] for row in mirror.changes()] == ["sent", "sent"]
    assert mirror.deal("amount") == 20


def test_people_see_every_change_of_a_record_the_sent_one_first(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": Decimal("20.55")})
    mirror.send()
    mirror.edit({"Amount": None}, OMAR)

    found = mirror.run(lambda db: local_changes(db, "Deals", [DEAL, 404]))
    assert list(found) == [DEAL]
    assert [
        (each.field, each.base, each.value, each.state, each.author_name, each.author_id)
        for each in found[DEAL]
    ] == [
        ("Amount", Decimal("1280000.10"), Decimal("20.55"), ChangeState.SENT, MEI.name, MEI.id),
        ("Amount", Decimal("20.55"), None, ChangeState.QUEUED, OMAR.name, OMAR.id),
    ]


def test_a_dropped_edit_is_told_in_the_log_and_the_page_shows_the_crm_again(
    mirror: EditedMirror,
) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})

    async def drop(db: Any) -> object:  # noqa: ANN401 - either form of a transaction
        return await store.drop_changes(db, "Deals", DEAL, ["Amount", "Deal_Name"], OMAR)

    assert mirror.run(drop) == (store.Dropped("Amount", Decimal("1280000.10"), 20),)
    assert mirror.changes() == [("Stage", "Negotiation", "queued")]
    assert mirror.deal("amount") == Decimal("1280000.10")
    assert mirror.log() == [
        ("dropped", "Amount", Decimal("1280000.10"), 20, "local", "Omar Haddad")
    ]
    mirror.run(lambda db: store.drop_changes(db, "Deals", DEAL, None, OMAR))
    assert (mirror.changes(), mirror.status()["sync_status"]) == ([], "synced")


def test_what_is_on_its_way_cannot_be_dropped_but_its_successor_can(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.send("Amount")
    for fields in (["Amount"], ["Amount", "Stage"]):
        with pytest.raises(ConflictError, match="on its way") as refused:
            mirror.run(
                lambda db, fields=fields: store.drop_changes(db, "Deals", DEAL, fields, OMAR)
            )
        assert (refused.value.code, refused.value.extra["field"]) == (
            "change_on_its_way",
            "Amount",
        )
    assert [row[2] for row in mirror.changes()] == ["sent", "queued"]

    mirror.edit({"Amount": 30})
    given_up = mirror.run(lambda db: store.drop_changes(db, "Deals", DEAL, None, OMAR))
    assert [each.value for each in given_up] == [30, "Negotiation"]
    assert mirror.changes() == [("Amount", 20, "sent")]


def test_a_refused_edit_stays_refused_until_it_is_tried_again(mirror: EditedMirror) -> None:
    mirror.edit({"Amount": 20, "Stage": "Negotiation"})
    mirror.sql(
        "UPDATE pending_changes SET state = 'error', error_code = 'INVALID_DATA',"
        " error_message = 'invalid data', error_field = 'Stage', attempts = 3"
        " WHERE field = 'Stage'"
    )
    # A read that brings nothing new, and an edit of another field, leave it alone.
    mirror.sees({**SEEN, "Deal_Name": "Metro II"}, at=60)
    assert mirror.edit({"Amount": 21}).status is RecordStatus.ERROR
    assert mirror.status()["error_details"] == "Stage: invalid data"
    assert mirror.changes("field", "state", "error_code") == [
        ("Amount", "queued", None),
        ("Stage", "error", "INVALID_DATA"),
    ]
    status = mirror.run(lambda db: store.retry_changes(db, "Deals", DEAL, ["Stage"]))
    assert status is RecordStatus.PENDING
    assert mirror.status()["error_details"] is None
    assert mirror.changes("field", "state", "error_code", "attempts") == [
        ("Amount", "queued", None, 0),
        ("Stage", "queued", None, 0),
    ]


def test_a_refused_edit_that_is_typed_anew_is_tried_again(mirror: EditedMirror) -> None:
    mirror.edit({"Stage": "Negotiation"})
    mirror.sql("UPDATE pending_changes SET state = 'error', error_code = 'INVALID_DATA'")
    assert mirror.edit({"Stage": "Closed Won"}).status is RecordStatus.PENDING
    assert mirror.changes("new_value", "state", "error_code") == [("Closed Won", "queued", None)]


def test_edits_that_cannot_be_stored_say_why_and_store_nothing(mirror: EditedMirror) -> None:
    def refusal(record_id: int = DEAL) -> tuple[str, str | None]:
        with pytest.raises((ConflictError, NotFoundError)) as refused:
            mirror.edit({"Amount": 20}, record_id=record_id)
        return refused.value.code, refused.value.fix

    assert refusal(404)[0] == "record_not_found"
    mirror.sql("INSERT INTO settings (key, value) VALUES ('sync.mode', '\"crm_to_local\"')")
    assert refusal() == ("crm_is_read_only", "An admin sets the mode in Live Sync Control.")
    mirror.sql("DELETE FROM settings")
    mirror.misses(60, Presence.INVISIBLE)
    assert refusal()[0] == "record_gone"
    mirror.misses(61)
    assert refusal() == (
        "record_gone",
        "Restore it from the CRM's recycle bin; the next sync brings it back.",
    )
    assert (mirror.changes(), mirror.jobs()) == ([], [])
