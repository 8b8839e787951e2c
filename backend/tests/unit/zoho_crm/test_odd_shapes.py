"""Every odd shape that the CRM, or somebody between us and it, was seen to send."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.crm_client import SAMPLES, answer, sample
from zoho_crm import errors
from zoho_crm.protocol import outcomes, records, writes
from zoho_crm.protocol.wire import AnswerMeta

LIST = records.get_records("Deals", ["Deal_Name"])
SINGLE = records.get_record("Deals", "5725767000000100001")
META = AnswerMeta()
ROW = {"Deal_Name": "Quay 7 refit"}


def test_a_list_page_keeps_the_records_as_the_crm_sent_them() -> None:
    page = LIST.decode(sample("list_page"))
    assert page.more is True
    assert page.next_page_token == "c8582a0f"
    assert [record["id"] for record in page.records] == [
        "5725767000000100001",
        "5725767000000100002",
    ]
    assert page.records[0]["Account_Name"] == {
        "name": "Harbour & Sons",
        "id": "5725767000000200001",
    }
    assert page.records[1]["Account_Name"] is None


@pytest.mark.parametrize("name", ["list_empty_204", "list_not_modified_304"])
def test_an_answer_without_a_body_is_an_empty_last_page(name: str) -> None:
    assert LIST.decode(sample(name)) == records.RecordPage(
        [], more=False, next_page_token=None, meta=META
    )


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("error_under_200", "INVALID_DATA", 200),
        ("error_bare", "REQUIRED_PARAM_MISSING", 400),
        ("error_wrapped", "INVALID_MODULE", 400),
    ],
)
def test_an_error_is_found_under_200_bare_and_wrapped(name: str, code: str, status: int) -> None:
    with pytest.raises(errors.RequestRefused) as caught:
        LIST.decode(sample(name))
    assert (caught.value.code, caught.value.status) == (code, status)


def test_the_message_of_a_refusal_names_the_parameter() -> None:
    with pytest.raises(errors.RequestRefused) as caught:
        LIST.decode(sample("error_bare"))
    assert (
        str(caught.value)
        == "REQUIRED_PARAM_MISSING: required param is missing (param_name: fields)"
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error_wrapped", errors.InvalidModule),
        ("error_without_code", errors.UnexpectedAnswer),
        ("proxy_html_200", errors.BrokenAnswer),
        ("proxy_html_401", errors.InvalidToken),
        ("proxy_html_403", errors.UnexpectedAnswer),
        ("proxy_html_429", errors.Throttled),
        ("proxy_html_502", errors.ServerFault),
        ("cut_json", errors.BrokenAnswer),
        ("json_list", errors.UnexpectedAnswer),
        ("throttled_too_many", errors.Throttled),
        ("throttled_rate_limit", errors.Throttled),
        ("scope_mismatch_401", errors.ScopeMissing),
        ("scope_mismatch_403", errors.ScopeMissing),
        ("invalid_token", errors.InvalidToken),
        ("no_permission", errors.NoPermission),
        ("page_token_expired", errors.PageTokenExpired),
        ("page_token_mismatch", errors.PageTokenMismatch),
    ],
)
def test_each_shape_becomes_one_error(name: str, kind: type[errors.ZohoError]) -> None:
    for call in (LIST, SINGLE):
        with pytest.raises(errors.ZohoError) as caught:
            call.decode(sample(name))
        assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("name", "retry_after_s"),
    [("throttled_too_many", None), ("throttled_rate_limit", 12.0), ("proxy_html_429", 7.0)],
)
def test_a_throttle_carries_the_wait_it_asks_for(name: str, retry_after_s: float | None) -> None:
    with pytest.raises(errors.Throttled) as caught:
        LIST.decode(sample(name))
    assert caught.value.retry_after_s == retry_after_s


def test_a_missing_permission_is_named() -> None:
    with pytest.raises(errors.NoPermission) as caught:
        SINGLE.decode(sample("no_permission"))
    assert caught.value.permissions == ("Crm_Implied_View_Deals",)
    assert str(caught.value).endswith("the user's profile must allow Crm_Implied_View_Deals")


@pytest.mark.parametrize("name", ["record_unknown_204", "record_unknown_400"])
def test_an_unknown_id_is_no_record_in_both_its_shapes(name: str) -> None:
    assert SINGLE.decode(sample(name)) is None


@pytest.mark.parametrize(
    "details", [{"api_name": "id", "json_path": "$.id"}, {"resource_path_index": 1}]
)
def test_an_unknown_id_is_recognised_by_its_place(details: dict[str, object]) -> None:
    refusal = {"code": "INVALID_DATA", "details": details, "message": "no", "status": "error"}
    assert SINGLE.decode(answer(refusal, 400)) is None


def test_a_wrong_field_of_a_single_read_is_no_unknown_id() -> None:
    refusal = {
        "code": "INVALID_DATA",
        "details": {"param_name": "fields"},
        "message": "invalid data",
        "status": "error",
    }
    with pytest.raises(errors.RequestRefused):
        SINGLE.decode(answer(refusal, 400))
    about_id = {**refusal, "message": "the id given seems to be invalid"}
    with pytest.raises(errors.NotFound):
        SINGLE.decode(answer({**about_id, "code": "RESOURCE_NOT_FOUND"}, 404))


def test_a_list_that_does_not_say_whether_more_follows_is_not_taken_for_complete() -> None:
    with pytest.raises(errors.UnexpectedAnswer, match=r"info\.more_records"):
        LIST.decode(answer({"data": [], "info": {}}))
    with pytest.raises(errors.UnexpectedAnswer, match="info: an object"):
        LIST.decode(answer({"data": []}))
    with pytest.raises(errors.UnexpectedAnswer, match="data: a list"):
        LIST.decode(answer({"info": {"more_records": False}}))


def test_a_single_read_of_two_records_is_unexpected() -> None:
    with pytest.raises(errors.UnexpectedAnswer, match="2 records for one id"):
        SINGLE.decode(answer({"data": [{"id": "1"}, {"id": "2"}]}))
    assert SINGLE.decode(answer({"data": [{"id": "1"}]})) == {"id": "1"}


def test_a_mixed_write_gives_a_result_for_each_row() -> None:
    result = writes.insert("Deals", [ROW, ROW]).decode(sample("write_mixed_207"))
    written, refused = result.rows
    assert isinstance(written, outcomes.RecordWritten)
    assert written.id == "5725767000000100001"
    assert written.modified_time == datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)
    assert refused == outcomes.RecordError(
        "MANDATORY_NOT_FOUND",
        "required field not found",
        {"api_name": "Stage", "json_path": "$.data[1].Stage"},
        "Stage",
    )
    assert result.errors == (refused,)


def test_an_id_that_comes_as_a_number_is_read_as_its_digits() -> None:
    (row,) = writes.insert("Deals", [ROW]).decode(sample("write_ids_as_numbers")).rows
    assert isinstance(row, outcomes.RecordWritten)
    assert row.id == "5725767000000100001"


def test_a_write_of_which_every_row_failed_is_400_and_still_a_result() -> None:
    result = writes.insert("Deals", [ROW, ROW]).decode(sample("write_all_refused_400"))
    assert [row.code for row in result.errors] == ["MANDATORY_NOT_FOUND", "MANDATORY_NOT_FOUND"]


def test_a_refused_request_that_is_wrapped_like_a_row_is_an_error() -> None:
    with pytest.raises(errors.InvalidModule):
        writes.insert("Dealz", [ROW]).decode(sample("error_wrapped"))
    one_row = {
        "data": [{"code": "INVALID_DATA", "details": {}, "message": "no", "status": "error"}]
    }
    (row,) = writes.insert("Deals", [ROW]).decode(answer(one_row, 400)).rows
    assert isinstance(row, outcomes.RecordError)
    with pytest.raises(errors.RequestRefused):
        writes.insert("Deals", [ROW, ROW]).decode(answer(one_row, 400))
    with pytest.raises(errors.RequestRefused):
        writes.insert("Deals", [ROW]).decode(answer(one_row, 403))


def test_a_row_that_failed_for_several_reasons_gives_them_one_by_one() -> None:
    (row,) = writes.insert("Deals", [ROW]).decode(sample("write_several_errors_400")).errors
    assert [(part.code, part.api_name) for part in row.parts] == [
        ("MANDATORY_NOT_FOUND", "Stage"),
        ("INVALID_DATA", "Amount"),
    ]
    assert row.parts[0].parts == (row.parts[0],)
    unlisted = outcomes.RecordError("MULTIPLE_OR_MULTI_ERRORS", "", {}, None)
    assert unlisted.parts == (unlisted,)


def test_a_bare_refusal_of_a_write_is_read_without_its_status_word() -> None:
    refusal = {"code": "NO_PERMISSION", "details": {}, "message": "permission denied"}
    with pytest.raises(errors.NoPermission):
        writes.insert("Deals", [ROW]).decode(answer(refusal, 403))


@pytest.mark.parametrize("sent", [1, 3])
def test_412_refuses_every_row_of_the_call(sent: int) -> None:
    rows = [{"id": str(number + 1)} for number in range(sent)]
    guard = datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)
    call = writes.update("Deals", rows, if_unmodified_since=guard)
    result = call.decode(sample("write_already_modified_412"))
    assert len(result.errors) == sent
    assert all(row.is_already_modified for row in result.errors)
    named = result.errors[0].details.get("id")
    assert named == ("5725767000000100001" if sent == 1 else None)


def test_412_with_an_odd_number_of_rows_is_unexpected() -> None:
    row = {"code": "ALREADY_MODIFIED", "details": {}, "message": "", "status": "error"}
    call = writes.update("Deals", [{"id": "1"}, {"id": "2"}, {"id": "3"}])
    with pytest.raises(errors.UnexpectedAnswer, match="2 results for 3 rows"):
        call.decode(answer({"data": [row, row]}, 412))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("list_empty_204", errors.UnexpectedAnswer),
        ("cut_json", errors.BrokenAnswer),
        ("error_without_code", errors.UnexpectedAnswer),
        ("throttled_too_many", errors.Throttled),
        ("list_page", errors.UnexpectedAnswer),
    ],
)
def test_an_odd_answer_to_a_write_is_never_a_success(
    name: str, kind: type[errors.ZohoError]
) -> None:
    call = writes.insert("Deals", [ROW, ROW, ROW])
    with pytest.raises(errors.ZohoError) as caught:
        call.decode(sample(name))
    assert type(caught.value) is kind


def test_every_sample_names_its_source_and_is_read_by_a_test() -> None:
    sources = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    for path in sorted(SAMPLES.glob("*.json")):
        assert json.loads(path.read_text())["source"], path.name
        assert f'"{path.stem}"' in sources, path.name
