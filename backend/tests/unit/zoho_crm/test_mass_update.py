"""Mass update and the custom views that it may choose by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.crm_client import ScriptedTransport, answer, client_over, sample
from zoho_crm import errors
from zoho_crm.protocol import custom_views, mass_update
from zoho_crm.protocol.mass_update import MassUpdateState
from zoho_crm.protocol.outcomes import RecordError, RecordWritten, Refusal

if TYPE_CHECKING:
    from zoho_crm.protocol.wire import Answer

ONE = "5725767000000100001"
GONE = "5725767000000100009"
VIEW = "5725767000000600002"
JOB = "5725767000000500001"
VALUES = {"Stage": "Won", "Next_Step": "Invoice"}


def written(identity: str) -> dict[str, object]:
    return {"code": "SUCCESS", "details": {"id": identity}, "message": "", "status": "success"}


def test_one_set_of_values_goes_out_with_the_ids() -> None:
    call = mass_update.by_ids("Deals", [ONE, GONE], VALUES)
    assert (call.request.method, call.request.path) == ("POST", "/Deals/actions/mass_update")
    assert json.loads(call.request.body or b"") == {"data": [VALUES], "ids": [ONE, GONE]}
    assert call.rows == ({"id": ONE, **VALUES}, {"id": GONE, **VALUES})
    replacing = mass_update.by_ids("Deals", [ONE], {"Tags": ["a"]}, over_write=True)
    assert json.loads(replacing.request.body or b"")["over_write"] is True


@pytest.mark.parametrize(
    ("module", "ids", "values", "problem"),
    [
        ("Deals", [], VALUES, "0 ids: one call takes 1 to 500"),
        ("Deals", [str(n + 1) for n in range(501)], VALUES, "501 ids: one call takes 1 to 500"),
        ("Deals", ["1", "1"], VALUES, "an id stands twice"),
        ("Deals", ["x"], VALUES, "'x' is no CRM id"),
        ("Deals", ["1"], {}, "0 fields: a mass update of Deals sets 1 to 3"),
        ("Deals", ["1"], dict.fromkeys("abcd"), "4 fields: a mass update of Deals sets 1 to 3"),
        ("Accounts", ["1"], VALUES, "2 fields: a mass update of Accounts sets 1 to 1"),
    ],
)
def test_limits_are_checked_before_anything_is_sent(
    module: str, ids: list[str], values: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        mass_update.by_ids(module, ids, values)


def test_each_id_has_its_outcome() -> None:
    result = mass_update.by_ids("Deals", [ONE, GONE], VALUES).decode(
        sample("mass_update_mixed_207")
    )
    first, second = result.rows
    assert isinstance(first, RecordWritten)
    assert (first.id, first.modified_by_name) == (ONE, "Ada")
    assert isinstance(second, RecordError)
    assert (second.id, second.refusal) == (GONE, Refusal.GONE)


def test_outcomes_that_come_in_another_order_stay_with_their_records() -> None:
    call = mass_update.by_ids("Deals", [GONE, ONE], VALUES)
    first, second = call.decode(sample("mass_update_mixed_207")).rows
    assert (first.id, second.id) == (GONE, ONE)


def test_an_outcome_that_names_no_record_is_that_of_its_place() -> None:
    refused = {"code": "MAPPING_MISMATCH", "details": {}, "message": "", "status": "error"}
    call = mass_update.by_ids("Deals", ["1", "2"], VALUES)
    first, second = call.decode(answer({"data": [refused, written("2")]}, 207)).rows
    assert isinstance(first, RecordError)
    assert isinstance(second, RecordWritten)
    assert (first.refusal, second.id) == (Refusal.MISMATCH, "2")


def test_the_outcome_of_another_record_is_never_taken_for_this_one() -> None:
    call = mass_update.by_ids("Deals", ["1", "2"], VALUES)
    with pytest.raises(errors.UnexpectedAnswer, match="the outcome of 3 for 2"):
        call.decode(answer({"data": [written("1"), written("3")]}))


def test_one_refusal_for_many_ids_refuses_the_request() -> None:
    refused = {
        "code": "LIMIT_EXCEEDED",
        "details": {},
        "message": "Record count exceeded",
        "status": "error",
    }
    call = mass_update.by_ids("Deals", ["1", "2"], VALUES)
    with pytest.raises(errors.LimitExceeded, match="Record count exceeded"):
        call.decode(answer({"data": [refused]}, 400))


def test_a_custom_view_is_scheduled_under_its_job() -> None:
    call = mass_update.by_view("Deals", VIEW, VALUES, records=5_000, over_write=True)
    assert call.request.path == "/Deals/actions/mass_update"
    assert json.loads(call.request.body or b"") == {
        "data": [VALUES],
        "cvid": VIEW,
        "over_write": True,
    }
    assert call.decode(sample("mass_update_scheduled")) == JOB
    plain = mass_update.by_view("Deals", VIEW, VALUES, records=1)
    assert json.loads(plain.request.body or b"") == {"data": [VALUES], "cvid": VIEW}
    bare = {"code": "SUCCESS", "details": {"job_id": 7}, "message": "", "status": "success"}
    assert plain.decode(answer(bare)) == "7"


@pytest.mark.parametrize("records", [0, 50_001])
def test_a_view_of_none_or_of_too_many_is_not_scheduled(records: int) -> None:
    with pytest.raises(ValueError, match="one mass update takes 1 to 50000"):
        mass_update.by_view("Deals", VIEW, VALUES, records=records)


@pytest.mark.parametrize("word", ["error", "success"])
@pytest.mark.parametrize("is_wrapped", [True, False])
def test_a_mass_update_that_waits_already_is_an_error_of_its_own(
    word: str, *, is_wrapped: bool
) -> None:
    call = mass_update.by_view("Deals", VIEW, VALUES, records=1)
    row = {"code": "ALREADY_SCHEDULED", "details": {}, "message": "wait", "status": word}
    with pytest.raises(errors.AlreadyScheduled, match="ALREADY_SCHEDULED: wait"):
        call.decode(answer({"data": [row]} if is_wrapped else row, 202))
    with pytest.raises(errors.AlreadyScheduled):
        call.decode(sample("mass_update_already_scheduled_202"))


def test_a_job_tells_its_state_and_counts() -> None:
    call = mass_update.status("Deals", JOB)
    assert call.request.target == f"/Deals/actions/mass_update?job_id={JOB}"
    job = call.decode(sample("mass_update_status"))
    assert (job.id, job.state, job.state.is_final) == (JOB, MassUpdateState.COMPLETED, True)
    assert (job.total, job.updated, job.not_updated, job.failed) == (53, 50, 2, 1)
    waiting = call.decode(answer({"data": [{"Status": "QUEUED"}]}))
    assert (waiting.state.is_final, waiting.total, waiting.updated) == (False, 0, 0)


def test_a_job_that_will_not_move_by_itself_is_final() -> None:
    assert {state for state in MassUpdateState if state.is_final} == {
        MassUpdateState.COMPLETED,
        MassUpdateState.FAILED,
        MassUpdateState.SUSPENDED,
    }


def test_a_job_answer_that_is_none_is_unexpected() -> None:
    call = mass_update.status("Deals", JOB)
    with pytest.raises(errors.UnexpectedAnswer, match="a mass update was expected"):
        call.decode(sample("list_empty_204"))
    with pytest.raises(errors.UnexpectedAnswer, match="0 jobs in place of one"):
        call.decode(answer({"data": []}))
    with pytest.raises(errors.UnexpectedAnswer, match=r"data\[0\]\.Status: one of QUEUED"):
        call.decode(answer({"data": [{"Status": "NEW"}]}))


def test_custom_views_have_names_and_criteria() -> None:
    call = custom_views.custom_views("Deals")
    assert call.request.target == "/settings/custom_views?module=Deals"
    assert custom_views.custom_views("Deals", page=2).request.query[-1] == ("page", "2")
    page = call.decode(sample("custom_views"))
    everything, harbours = page.views
    assert (everything.name, everything.is_default, everything.criteria) == (
        "All Deals",
        True,
        None,
    )
    assert (harbours.id, harbours.display_value) == (VIEW, "Harbours")
    assert harbours.category == "created_by_me"
    assert (harbours.is_system_defined, everything.is_system_defined) == (False, True)
    assert harbours.criteria is not None
    assert harbours.criteria["value"] == "Qualification"
    assert harbours.raw["favorite"] == 1
    assert page.more is False
    assert call.decode(sample("list_empty_204")).views == []
    assert call.decode(answer({"custom_views": []})).more is False


PAGES = [
    answer({"custom_views": [{"id": "1", "name": "a"}], "info": {"more_records": True}}),
    answer({"custom_views": [{"id": "2", "name": "b"}], "info": {"more_records": False}}),
]


@pytest.mark.anyio
async def test_custom_views_are_listed_over_all_pages() -> None:
    transport = ScriptedTransport(*PAGES)
    views = await client_over(transport).mass_update.custom_views("Deals")
    assert [view.id for view in views] == ["1", "2"]
    assert transport.requests[1].url.endswith("module=Deals&page=2")


@pytest.mark.anyio
@pytest.mark.parametrize("trouble", [sample("proxy_html_502"), errors.ConnectionLost("reset")])
async def test_a_mass_update_without_an_answer_is_lost_and_never_repeated(
    trouble: Answer | Exception,
) -> None:
    transport = ScriptedTransport(trouble, trouble)
    surface = client_over(transport).mass_update
    with pytest.raises(errors.AnswerLost) as caught:
        await surface.by_ids("Deals", [ONE], VALUES)
    assert caught.value.rows == ({"id": ONE, **VALUES},)
    with pytest.raises(errors.AnswerLost, match=r"mass_update\.view"):
        await surface.by_view("Deals", VIEW, VALUES, records=9)
    assert len(transport.requests) == 2


@pytest.mark.anyio
async def test_a_mass_update_that_was_turned_away_is_sent_again() -> None:
    transport = ScriptedTransport(
        sample("throttled_too_many"), sample("mass_update_scheduled"), sample("mass_update_status")
    )
    surface = client_over(transport).mass_update
    job = await surface.by_view("Deals", VIEW, VALUES, records=9)
    assert (await surface.status("Deals", job)).updated == 50
    assert len(transport.requests) == 3
