"""`POST /api/records/{id}/sync?direction=` does what it says, and says what it did."""

import asyncio
from typing import Any

import psycopg

from pulse.edits import store
from pulse.edits.authors import Author
from support.synced import Synced

MEI = Author(None, "Mei Tan")


def _edit(synced: Synced, record_id: str, **values: object) -> None:
    async def edit() -> None:
        url = synced.settings.database_url.get_secret_value()
        async with await psycopg.AsyncConnection.connect(url) as db, db.transaction():
            await store.change_record(db, "Deals", int(record_id), values, MEI)

    asyncio.run(edit())


def _sync(synced: Synced, record_id: str, direction: str) -> dict[str, Any]:
    answer = synced.api.client.post(f"/api/records/{record_id}/sync?direction={direction}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["direction"] == direction
    result: dict[str, Any] = answer.json()["sync_result"]
    return result


def test_push_of_one_record_reports_what_the_crm_took_and_what_it_refused(synced: Synced) -> None:
    first, second = (str(row["id"]) for row in synced.crm.records()[:2])
    nothing = {
        "action_taken": "nothing_to_push",
        "conflicts_detected": 0,
        "changed_fields": [],
        "refused_fields": [],
    }
    assert _sync(synced, first, "to_crm") == nothing
    _edit(synced, first, Next_Step="Ours", Probability=150)
    assert _sync(synced, first, "to_crm") == {
        **nothing,
        "action_taken": "refused",
        "changed_fields": ["Next_Step"],
        "refused_fields": ["Probability"],
    }
    synced.crm.edit({second: {"Description": "Theirs"}})
    _edit(synced, second, Next_Step="Ours")
    both = _sync(synced, second, "both")
    assert both["action_taken"] == "pushed"
    assert {"Description", "Next_Step"} <= set(both["changed_fields"])
    assert _sync(synced, second, "both")["action_taken"] in {"unchanged", "updated"}
    _edit(synced, second, Next_Step="Ours, again")
    synced.crm.edit({second: {"Next_Step": "Theirs"}})
    clash = _sync(synced, second, "to_crm")
    assert (clash["action_taken"], clash["conflicts_detected"]) == ("conflict", 1)
    shown = {row["id"]: row["Next_Step"] for row in synced.crm.records()[:2]}
    assert shown == {first: "Ours", second: "Theirs"}
    audited = synced.api.sql(
        "SELECT subject, after ->> 'direction', after ->> 'action_taken' FROM audit_log"
        " WHERE action = 'record.synced' ORDER BY id"
    )
    assert [tuple(row) for row in audited][:2] == [
        (first, "to_crm", "nothing_to_push"),
        (first, "to_crm", "refused"),
    ]


def test_refusal_is_told_in_the_crms_words_with_what_to_do(synced: Synced) -> None:
    record_id = str(synced.crm.records()[0]["id"])
    synced.crm.lock(record_id)
    _edit(synced, record_id, Next_Step="Ours")

    answer = synced.api.client.post(f"/api/records/{record_id}/sync?direction=to_crm").json()

    assert answer["message"] == (
        "Next_Step: Sorry, you cannot perform this operation as the record is locked."
        " (RECORD_LOCKED). Unlock the record in the CRM, then try again."
    )
    assert answer["sync_result"]["refused_fields"] == ["Next_Step"]


def test_mode_refuses_the_direction_that_it_does_not_let_flow(synced: Synced) -> None:
    record_id = synced.crm.records()[0]["id"]

    def refusals(mode: str) -> dict[str, tuple[int, str | None]]:
        synced.api.sql(
            "INSERT INTO settings (key, value) VALUES ('sync.mode', to_jsonb(%(mode)s::text))"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            mode=mode,
        )
        answers = {
            direction: synced.api.client.post(
                f"/api/records/{record_id}/sync?direction={direction}"
            )
            for direction in ("from_crm", "to_crm", "both")
        }
        return {
            direction: (answer.status_code, answer.json().get("code"))
            for direction, answer in answers.items()
        }

    assert refusals("crm_to_local") == {
        "from_crm": (200, None),
        "to_crm": (409, "crm_is_read_only"),
        "both": (409, "crm_is_read_only"),
    }
    assert refusals("local_to_crm") == {
        "from_crm": (409, "pulls_paused"),
        "to_crm": (200, None),
        "both": (409, "pulls_paused"),
    }
