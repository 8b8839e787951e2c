"""What became of each row of a write, and what its refusal asks the caller to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from support.crm_client import ScriptedTransport, answer, client_over, sample
from zoho_crm import errors
from zoho_crm.protocol import writes
from zoho_crm.protocol.outcomes import RecordError, RecordWritten, Refusal, record_error

ONE = "5725767000000100001"
TWO = "5725767000000100002"
GUARD = datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)


def refusal(code: str, message: str = "", **details: object) -> dict[str, object]:
    return {"code": code, "message": message, "details": details, "status": "error"}


def test_a_written_row_names_the_author_of_its_new_version() -> None:
    written = writes.update("Deals", [{"id": ONE}, {"id": TWO}]).decode(sample("write_mixed_207"))
    (row, _) = written.rows
    assert isinstance(row, RecordWritten)
    assert (row.modified_by_id, row.modified_by_name) == ("5725767000000300001", "Ada")
    done = {"code": "SUCCESS", "details": {"id": ONE}, "message": "record deleted", "status": "ok"}
    (removed,) = writes.delete("Deals", [ONE]).decode(answer({"data": [done]})).rows
    assert isinstance(removed, RecordWritten)
    assert (removed.modified_by_id, removed.modified_by_name) == (None, None)
    assert removed.modified_time is None


def test_a_refused_row_names_field_path_row_and_record() -> None:
    refused = record_error(
        refusal("DUPLICATE_DATA", api_name="Key", json_path="$.data[7].Key", id=5725767)
    )
    assert (refused.api_name, refused.json_path, refused.row_index) == ("Key", "$.data[7].Key", 7)
    assert (refused.id, refused.refusal) == ("5725767", Refusal.DUPLICATE)
    silent = record_error({"code": "CANNOT_PROCESS", "details": None, "status": "error"})
    assert (silent.api_name, silent.json_path, silent.row_index, silent.id) == (None,) * 4
    assert silent.refusal is Refusal.OTHER
    elsewhere = record_error(refusal("INVALID_DATA", json_path="$.trigger", id=""))
    assert (elsewhere.row_index, elsewhere.id) == (None, None)


@pytest.mark.parametrize(
    ("expected", "field"),
    [
        ([{"api_name": "Email"}, {"api_name": "Phone"}], "Email"),
        ([{"json_path": "$.data[0]"}], None),
        ([], None),
        ("Email", None),
        (["Email"], None),
    ],
)
def test_a_row_that_lacks_one_of_several_fields_names_the_first(
    expected: object, field: str | None
) -> None:
    refused = record_error(refusal("EXPECTED_FIELD_MISSING", expected_fields=expected))
    assert (refused.api_name, refused.refusal) == (field, Refusal.MANDATORY)


@pytest.mark.parametrize(
    ("found", "meaning"),
    [
        (refusal("ALREADY_MODIFIED"), Refusal.ALREADY_MODIFIED),
        (refusal("RECORD_LOCKED"), Refusal.LOCKED),
        (refusal("RECORD_IN_BLUEPRINT"), Refusal.IN_BLUEPRINT),
        (refusal("NOT_APPROVED"), Refusal.IN_APPROVAL),
        (refusal("NOT_REVIEWED"), Refusal.IN_APPROVAL),
        (refusal("NO_PERMISSION"), Refusal.NO_PERMISSION),
        (refusal("MANDATORY_NOT_FOUND", api_name="Stage"), Refusal.MANDATORY),
        (refusal("MAPPING_MISMATCH", api_name="Stage"), Refusal.MISMATCH),
        (refusal("INVALID_DATA", "invalid data", api_name="Amount"), Refusal.INVALID_VALUE),
        (refusal("INVALID_DATA", "the id given seems to be invalid", id=ONE), Refusal.GONE),
        (refusal("INVALID_DATA", "invalid data", api_name="id"), Refusal.GONE),
        (refusal("INVALID_DATA", "record not deleted", id=ONE), Refusal.GONE),
    ],
)
def test_a_refusal_says_what_the_caller_does_next(
    found: dict[str, object], meaning: Refusal
) -> None:
    assert record_error(found).refusal is meaning
    assert record_error(found).is_already_modified is (meaning is Refusal.ALREADY_MODIFIED)


def test_a_locked_record_is_refused_as_a_row_wrapped_or_bare() -> None:
    call = writes.update("Deals", [{"id": ONE, "Stage": "Won"}])
    (wrapped,) = call.decode(sample("write_record_locked_400")).errors
    assert (wrapped.refusal, wrapped.api_name, wrapped.row_index) == (Refusal.LOCKED, "id", 0)
    (bare,) = call.decode(answer(refusal("RECORD_LOCKED", "is locked"), 400)).errors
    assert bare.refusal is Refusal.LOCKED


def test_a_bare_error_that_names_the_only_row_refuses_the_row() -> None:
    bare = answer(refusal("INVALID_DATA", api_name="Amount", json_path="$.data[0].Amount"), 400)
    (row,) = writes.insert("Deals", [{"Amount": "x"}]).decode(bare).errors
    assert (row.api_name, row.row_index) == ("Amount", 0)
    with pytest.raises(errors.RequestRefused):
        writes.insert("Deals", [{"Amount": "x"}, {}]).decode(bare)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (refusal("INVALID_DATA", api_name="trigger", json_path="$.trigger"), 400),
        (refusal("REQUIRED_PARAM_MISSING", json_path="$.data[0]"), 400),
        (refusal("RECORD_LOCKED"), 403),
    ],
)
def test_any_other_bare_error_refuses_the_request(found: dict[str, object], status: int) -> None:
    with pytest.raises(errors.RequestRefused):
        writes.insert("Deals", [{}]).decode(answer(found, status))


def test_412_keeps_its_details_with_the_record_that_it_names() -> None:
    rows = [{"id": TWO}, {"id": ONE}]
    call = writes.update("Deals", rows, if_unmodified_since=GUARD)
    unnamed, named = call.decode(sample("write_already_modified_412")).errors
    assert (unnamed.id, unnamed.details) == (None, {})
    assert (named.id, named.details["Modified_By"]["name"]) == (ONE, "Ada")
    merged = writes.upsert("Deals", rows, duplicate_check_fields=["Key"])
    found = merged.decode(sample("write_already_modified_412")).errors
    assert [(row.refusal, row.id) for row in found] == [(Refusal.ALREADY_MODIFIED, None)] * 2


def test_412_may_come_unwrapped() -> None:
    call = writes.update("Deals", [{"id": ONE}, {"id": TWO}], if_unmodified_since=GUARD)
    result = call.decode(answer(refusal("ALREADY_MODIFIED", id=TWO), 412))
    assert [(row.refusal, row.id) for row in result.errors] == [
        (Refusal.ALREADY_MODIFIED, None),
        (Refusal.ALREADY_MODIFIED, TWO),
    ]


def test_one_row_of_a_mixed_batch_may_have_lost_the_race() -> None:
    done = {"code": "SUCCESS", "details": {"id": ONE}, "message": "", "status": "success"}
    body = {"data": [done, refusal("ALREADY_MODIFIED", id=TWO)]}
    call = writes.update("Deals", [{"id": ONE}, {"id": TWO}], if_unmodified_since=GUARD)
    first, second = call.decode(answer(body, 207)).rows
    assert isinstance(first, RecordWritten)
    assert isinstance(second, RecordError)
    assert (second.is_already_modified, second.id) == (True, TWO)


@pytest.mark.anyio
async def test_a_lost_answer_carries_what_was_sent() -> None:
    late = errors.CallTimedOut("late")
    client = client_over(ScriptedTransport(late, late, late))
    row = {"id": ONE, "Stage": "Won"}
    with pytest.raises(errors.AnswerLost) as caught:
        await client.update("Deals", [row], if_unmodified_since=GUARD)
    lost = caught.value
    assert (lost.operation, lost.module, lost.rows) == ("records.update", "Deals", (row,))
    assert lost.if_unmodified_since == GUARD
    with pytest.raises(errors.AnswerLost) as caught:
        await client.insert("Deals", [{"Deal_Name": "x"}])
    assert (caught.value.rows, caught.value.if_unmodified_since) == (({"Deal_Name": "x"},), None)
