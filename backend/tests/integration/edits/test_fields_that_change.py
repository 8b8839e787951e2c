"""What waits to be written follows the field that the CRM renames, and ends with one it removes."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from pulse.connection.fields import store_fields
from pulse.core.sync import RecordStatus
from pulse.db.engine import database
from pulse.sync.domain.merge import ChangeState
from support.edited import DEAL, EditedMirror, after
from support.fields import field

if TYPE_CHECKING:
    from pulse.core.directory import FieldFacts

AMOUNT, NEXT_STEP, TEAM = field(1, "Amount", "currency"), field(2, "Next_Step"), field(3, "Team")
SESSION = UUID(int=9)


def read_fields(database_url: str, *fields: FieldFacts) -> None:
    """Let the hourly refresh find these fields."""

    async def reading() -> None:
        async with database(database_url) as open_db, open_db.begin() as db:
            await store_fields(db, "Deals", fields, after(0))

    asyncio.run(reading())


def test_edits_items_and_policy_follow_their_field_to_its_new_name(
    mirror: EditedMirror, database_url: str
) -> None:
    read_fields(database_url, AMOUNT, NEXT_STEP, TEAM)
    mirror.sees({"Amount": Decimal(100), "Next_Step": "Call", "Team": "East"}, at=0)
    mirror.edit({"Amount": Decimal("250.10"), "Next_Step": "Visit", "Team": "West"})
    mirror.set_policy("ask", Amount="local_wins", Team="crm_wins")
    mirror.sql(
        "INSERT INTO crm_sync_sessions (id, module, sync_type) VALUES (%s, 'Deals', 'mass_update')",
        SESSION,
    )
    mirror.sql(
        "INSERT INTO bulk_items (session_id, record_id, position, before, after) VALUES"
        " (%s, 7, 1, NULL, %s), (%s, 8, 2, %s, %s)",
        SESSION,
        json.dumps({"Team": "North", "Amount": 1}),
        SESSION,
        json.dumps({"Team": "South"}),
        json.dumps({"Team": "North"}),
    )

    # Two fields exchange their names while the third gets a new one.
    read_fields(
        database_url,
        field(1, "Worth", "currency"),
        field(2, "Team"),
        field(3, "Next_Step"),
    )

    assert mirror.changes("field", "base_value", "new_value", "state") == [
        ("Next_Step", "East", "West", ChangeState.QUEUED),
        ("Team", "Call", "Visit", ChangeState.QUEUED),
        ("Worth", Decimal(100), Decimal("250.10"), ChangeState.QUEUED),
    ]
    assert mirror.status()["sync_status"] == RecordStatus.PENDING
    assert mirror.deal("amount") == Decimal("250.10")
    assert [
        (row["before"], row["after"])
        for row in mirror.sql("SELECT before, after FROM bulk_items ORDER BY position")
    ] == [
        (None, {"Next_Step": "North", "Worth": 1}),
        ({"Next_Step": "South"}, {"Next_Step": "North"}),
    ]
    [policies] = mirror.sql("SELECT value FROM settings WHERE key = 'conflicts.field_policies'")
    assert policies["value"] == {"Worth": "local_wins", "Next_Step": "crm_wins"}
    assert mirror.log() == []

    mirror.sees({"Worth": Decimal(100), "Team": "Write", "Next_Step": "East"}, at=5)
    assert mirror.changes("field", "state") == [
        ("Next_Step", ChangeState.QUEUED),
        ("Team", ChangeState.CONFLICT),
        ("Worth", ChangeState.QUEUED),
    ]


def test_edits_of_a_removed_field_are_refused_with_the_reason_and_kept(
    mirror: EditedMirror, database_url: str
) -> None:
    read_fields(database_url, AMOUNT, NEXT_STEP, TEAM)
    mirror.sees({"Amount": Decimal(100), "Next_Step": "Call", "Team": "East"}, at=0)
    mirror.edit({"Next_Step": "Visit", "Team": "West", "Amount": Decimal(5)})
    mirror.sees({"Amount": Decimal(100), "Next_Step": "Call", "Team": "South"}, at=5)

    read_fields(database_url, AMOUNT)

    told = "The CRM's Deals have no field {} any more."
    assert mirror.changes("field", "new_value", "state", "error_code", "error_message") == [
        ("Amount", 5, ChangeState.QUEUED, None, None),
        ("Next_Step", "Visit", ChangeState.ERROR, "FIELD_GONE", told.format("Next_Step")),
        ("Team", "West", ChangeState.CONFLICT, "FIELD_GONE", told.format("Team")),
    ]
    assert mirror.status()["sync_status"] == RecordStatus.CONFLICT
    assert mirror.status()["error_details"] == f"Next_Step: {told.format('Next_Step')}"


def test_an_edit_whose_field_is_gone_gives_way_to_the_field_that_takes_its_name(
    mirror: EditedMirror, database_url: str
) -> None:
    read_fields(database_url, AMOUNT, NEXT_STEP, TEAM)
    mirror.sees({"Next_Step": "Call", "Team": "East"}, at=0)
    mirror.edit({"Next_Step": "Visit", "Team": "West"})

    read_fields(database_url, AMOUNT, field(3, "Next_Step"))

    assert mirror.changes("record_id", "field", "base_value", "new_value", "state") == [
        (DEAL, "Next_Step", "East", "West", ChangeState.QUEUED)
    ]
    assert mirror.log() == [("dropped", "Next_Step", "Call", "Visit", "local", "Mei Tan")]
