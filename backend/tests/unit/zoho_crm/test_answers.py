"""Answers of the other families: deleted list, timeline, bulk read, metadata."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from support.crm_client import answer, sample
from zoho_crm import errors
from zoho_crm.protocol import bulk_read, metadata, organisation, records, timeline
from zoho_crm.protocol.bulk_read import BulkState
from zoho_crm.protocol.records import DeletedKind, DeletedRecord
from zoho_crm.protocol.timeline import FieldChange
from zoho_crm.protocol.wire import Answer, AnswerMeta

JOB = "5725767000000400001"
AT = datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)
LAST = {"more_records": False}


def test_the_deleted_list_tells_the_bin_from_what_is_gone_for_good() -> None:
    body = {
        "data": [
            {
                "id": "1",
                "display_name": "Quay 7 refit",
                "type": "recycle",
                "deleted_time": "2026-05-04T12:15:30+02:00",
                "deleted_by": {"name": "Ada", "id": "9"},
                "created_by": {"name": "Ada", "id": "9"},
            },
            {
                "id": 2,
                "display_name": None,
                "type": "permanent",
                "deleted_time": "2026-05-04T12:15:30+02:00",
                "deleted_by": None,
                "created_by": None,
            },
        ],
        "info": {"per_page": 200, "count": 2, "page": 1, "more_records": True},
    }
    page = records.deleted_records("Deals").decode(answer(body))
    assert page == records.DeletedPage(
        [
            DeletedRecord("1", DeletedKind.RECYCLE, AT, "Quay 7 refit", "9"),
            DeletedRecord("2", DeletedKind.PERMANENT, AT, None, None),
        ],
        more=True,
        meta=AnswerMeta(),
    )
    assert records.deleted_records("Deals").decode(sample("list_empty_204")).records == []


def test_a_kind_of_deletion_that_nobody_knows_is_named_with_its_place() -> None:
    row = {"id": "1", "type": "melted", "deleted_time": "2026-05-04T12:15:30+02:00"}
    with pytest.raises(errors.UnexpectedAnswer, match=r"data\[0\]\.type: one of all, recycle"):
        records.deleted_records("Deals").decode(answer({"data": [row], "info": LAST}))


@pytest.mark.parametrize("count", [694, "694"])
def test_a_count_is_a_number_or_its_digits(count: object) -> None:
    assert records.record_count("Deals").decode(answer({"count": count})) == 694


def test_a_count_without_a_body_is_none_at_all() -> None:
    assert records.record_count("Deals").decode(sample("list_empty_204")) == 0


def event(identity: str, audited_time: str) -> dict[str, object]:
    return {
        "id": identity,
        "audited_time": audited_time,
        "action": "updated",
        "source": "crm_api",
        "done_by": {"id": "9", "name": "Ada"},
        "record": {"id": "1", "name": "Quay 7 refit"},
        "field_history": [
            {"id": "4", "api_name": "Stage", "_value": {"old": "Proposal", "new": "Won"}},
            {"id": "5", "api_name": "Tag", "_value": None},
        ],
    }


def test_a_timeline_names_who_changed_what() -> None:
    body = {
        "__timeline": [event("1", "2026-05-04T12:15:30+02:00")],
        "info": {"more_records": True, "next_page_token": "t"},
    }
    page = timeline.timeline("Deals", "1").decode(answer(body))
    assert (page.more, page.next_page_token) == (True, "t")
    (found,) = page.events
    assert (found.id, found.audited_time, found.action) == ("1", AT, "updated")
    assert (found.source, found.done_by_id) == ("crm_api", "9")
    assert found.changes == (
        FieldChange("Stage", "Proposal", "Won"),
        FieldChange("Tag", None, None),
    )
    assert found.raw["record"] == {"id": "1", "name": "Quay 7 refit"}


def test_a_timeline_window_holds_even_when_the_crm_passes_over_it() -> None:
    rows = [
        event("1", "2026-05-04T12:15:29+02:00"),
        event("2", "2026-05-04T12:15:30+02:00"),
        event("3", "2026-05-04T12:15:31+02:00"),
        {**event("4", "2026-05-04T12:15:32+02:00"), "done_by": None},
    ]
    call = timeline.timeline(
        "Deals", "1", since=AT + timedelta(milliseconds=900), until=AT + timedelta(seconds=1)
    )
    page = call.decode(answer({"__timeline": rows, "info": LAST}))
    assert [found.id for found in page.events] == ["2", "3"]
    unbounded = timeline.timeline("Deals", "1").decode(answer({"__timeline": rows, "info": LAST}))
    assert [found.done_by_id for found in unbounded.events] == ["9", "9", "9", None]


def test_a_bulk_read_job_is_created_and_followed_to_its_end() -> None:
    assert bulk_read.create("Deals", ["id"]).decode(sample("bulk_read_created")) == JOB
    running = bulk_read.status(JOB).decode(sample("bulk_read_in_progress"))
    assert (running.state, running.state.is_final) == (BulkState.IN_PROGRESS, False)
    assert (running.count, running.more, running.next_page_token) == (0, False, None)
    done = bulk_read.status(JOB).decode(sample("bulk_read_completed"))
    assert (done.state, done.state.is_final, done.module) == (BulkState.COMPLETED, True, "Deals")
    assert (done.count, done.more, done.next_page_token) == (200_000, True, "b0c1")
    failed = bulk_read.status(JOB).decode(sample("bulk_read_failure"))
    assert (failed.state, failed.state.is_final) == (BulkState.FAILURE, True)
    assert failed.error == "INTERNAL_SERVER_ERROR: Internal server error"


@pytest.mark.parametrize("spelling", ["IN PROGRESS", "IN_PROGRESS", "INPROGRESS"])
def test_the_running_state_is_known_in_every_spelling(spelling: str) -> None:
    job = bulk_read.status("7").decode(answer({"data": [{"id": "7", "state": spelling}]}))
    assert (job.state, job.module) == (BulkState.IN_PROGRESS, None)


def test_a_job_answer_that_is_none_is_unexpected() -> None:
    with pytest.raises(errors.UnexpectedAnswer, match="another job's status"):
        bulk_read.status("8").decode(sample("bulk_read_completed"))
    with pytest.raises(errors.UnexpectedAnswer, match="a job was expected"):
        bulk_read.status("8").decode(sample("list_empty_204"))
    with pytest.raises(errors.UnexpectedAnswer, match="0 jobs in place of one"):
        bulk_read.status("8").decode(answer({"data": []}))


def test_a_download_is_an_empty_200_because_the_body_went_to_a_file() -> None:
    meta = AnswerMeta(attempts=2)
    assert bulk_read.download(JOB).decode(Answer(200, meta=meta)) is meta
    with pytest.raises(errors.UnexpectedAnswer, match="not the CRM's JSON"):
        bulk_read.download(JOB).decode(Answer(302))
    missing = {"code": "RESOURCE_NOT_FOUND", "details": {}, "message": "", "status": "error"}
    with pytest.raises(errors.NotFound):
        bulk_read.download(JOB).decode(answer(missing, 404))
    with pytest.raises(errors.BrokenAnswer):
        bulk_read.download(JOB).decode(answer({"data": []}))


@pytest.mark.parametrize(
    ("name", "wait_s"), [("throttled_too_many", 15.0), ("throttled_rate_limit", 12.0)]
)
def test_a_throttled_download_waits_for_the_minute_to_pass(name: str, wait_s: float) -> None:
    with pytest.raises(errors.Throttled) as caught:
        bulk_read.download(JOB).decode(sample(name))
    assert caught.value.retry_after_s == wait_s


def test_modules_are_keyed_by_their_api_name() -> None:
    row = {
        "id": "1",
        "api_name": "Deals",
        "module_name": "Potentials",
        "singular_label": "Deal",
        "plural_label": "Deals",
        "generated_type": "default",
        "api_supported": True,
        "sequence_number": 4,
    }
    (module,) = metadata.modules().decode(answer({"modules": [row]}))
    assert (module.api_name, module.module_name) == ("Deals", "Potentials")
    assert (module.singular_label, module.plural_label) == ("Deal", "Deals")
    assert (module.generated_type, module.is_api_supported) == ("default", True)
    assert module.raw == row
    assert metadata.modules().decode(sample("list_empty_204")) == []


def test_a_field_keeps_options_lookup_module_and_its_raw_form() -> None:
    stage = {
        "id": "1",
        "api_name": "Stage",
        "field_label": "Stage",
        "data_type": "picklist",
        "json_type": "string",
        "length": 120,
        "custom_field": False,
        "system_mandatory": True,
        "read_only": False,
        "visible": True,
        "lookup": {},
        "pick_list_values": [
            {
                "id": "11",
                "display_value": "Identify decision makers",
                "actual_value": "Id. Decision Makers",
                "sequence_number": 1,
                "probability": 60,
                "forecast_type": "Open",
                "type": "used",
            },
            {"display_value": "Old", "actual_value": "Old", "type": "unused"},
        ],
    }
    account = {
        "id": "2",
        "api_name": "Account_Name",
        "display_label": "Account",
        "data_type": "lookup",
        "field_read_only": True,
        "visible": False,
        "lookup": {"module": {"api_name": "Accounts", "id": "7"}},
    }
    margin = {"id": "3", "api_name": "Margin", "data_type": "formula", "lookup": {"module": None}}
    found = metadata.fields("Deals").decode(answer({"fields": [stage, account, margin]}))
    first, second, third = found
    assert (first.label, first.length, first.is_system_mandatory) == ("Stage", 120, True)
    assert (first.lookup_module, first.is_read_only, first.is_computed) == (None, False, False)
    assert first.pick_list_values == (
        metadata.PickListValue(
            "11",
            "Id. Decision Makers",
            "Identify decision makers",
            sequence_number=1,
            probability=60,
            forecast_type="Open",
            is_used=True,
        ),
        metadata.PickListValue(
            None,
            "Old",
            "Old",
            sequence_number=None,
            probability=None,
            forecast_type=None,
            is_used=False,
        ),
    )
    assert first.raw == stage
    assert (second.label, second.lookup_module) == ("Account", "Accounts")
    assert (second.is_read_only, second.is_visible) == (True, False)
    assert (third.label, third.is_computed, third.lookup_module) == ("Margin", True, None)


def test_a_layout_says_what_it_requires() -> None:
    row = {
        "id": "5",
        "name": "Standard",
        "status": "active",
        "sections": [
            {"api_name": "a", "fields": [{"api_name": "Stage", "required": True}]},
            {"api_name": "b", "fields": [{"api_name": "Amount"}]},
            {"api_name": "c"},
        ],
    }
    (layout,) = metadata.layouts("Deals").decode(answer({"layouts": [row]}))
    assert (layout.id, layout.name, layout.status) == ("5", "Standard", "active")
    assert [(field.api_name, field.is_required) for field in layout.fields] == [
        ("Stage", True),
        ("Amount", False),
    ]


def test_a_pipeline_has_stages_with_their_forecast_types() -> None:
    row = {
        "id": "6",
        "display_value": "Standard (Standard)",
        "actual_value": "Standard (Standard)",
        "default": True,
        "maps": [
            {
                "id": "61",
                "display_value": "Closed Won",
                "actual_value": "Closed Won",
                "sequence_number": 8,
                "forecast_type": "Closed Won",
                "forecast_category": {"name": "Closed", "id": "62"},
            },
            {"id": "63", "display_value": "New", "actual_value": "New"},
        ],
    }
    (pipeline,) = metadata.pipelines("5").decode(answer({"pipeline": [row]}))
    won, new = pipeline.stages
    assert pipeline.is_default is True
    assert (won.sequence_number, won.forecast_type, won.forecast_category) == (
        8,
        "Closed Won",
        "Closed",
    )
    assert (new.sequence_number, new.forecast_type, new.forecast_category) == (None, None, None)


def test_the_organisation_tells_edition_and_users() -> None:
    row = {
        "id": "1",
        "zgid": 60001,
        "company_name": "Harbour Works",
        "time_zone": "Asia/Kolkata",
        "iso_code": "INR",
        "mc_status": True,
        "type": "production",
        "license_details": {"paid_type": "enterprise", "users_license_purchased": 20},
    }
    found = organisation.organisation().decode(answer({"org": [row]}))
    assert (found.id, found.zgid, found.company_name) == ("1", "60001", "Harbour Works")
    assert (found.time_zone, found.currency_code) == ("Asia/Kolkata", "INR")
    assert (found.is_multi_currency, found.environment) == (True, "production")
    assert (found.edition, found.users_licensed) == ("enterprise", 20)
    bare = organisation.organisation().decode(answer({"org": [{"id": "1"}]}))
    assert (bare.zgid, bare.edition, bare.users_licensed) == (None, None, None)
    with pytest.raises(errors.UnexpectedAnswer, match="0 organisations"):
        organisation.organisation().decode(answer({"org": []}))


def test_users_come_in_pages_with_role_and_profile() -> None:
    row = {
        "id": "9",
        "full_name": "Ada Lovelace",
        "email": "ada@harbour.test",
        "status": "active",
        "role": {"name": "Manager", "id": "91"},
        "profile": {"name": "Standard", "id": "92"},
        "time_zone": "Europe/Rome",
    }
    page = organisation.users().decode(
        answer({"users": [row, {"id": "10"}], "info": {"more_records": True}})
    )
    ada, bare = page.users
    assert page.more is True
    assert (ada.full_name, ada.email, ada.status) == ("Ada Lovelace", "ada@harbour.test", "active")
    assert (ada.role, ada.profile, ada.time_zone) == ("Manager", "Standard", "Europe/Rome")
    assert (bare.role, bare.profile) == (None, None)


def test_a_currency_has_an_exact_rate() -> None:
    row = {
        "id": "1",
        "name": "Indian Rupee - INR",
        "iso_code": "INR",
        "symbol": "₹",
        "exchange_rate": "1.000000000",
        "is_base": True,
        "is_active": True,
    }
    (currency,) = organisation.currencies().decode(answer({"currencies": [row]}))
    assert currency.exchange_rate == Decimal("1.000000000")
    assert (currency.iso_code, currency.symbol, currency.is_base) == ("INR", "₹", True)
    assert organisation.currencies().decode(sample("list_empty_204")) == []


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("id", None, "id: an id"),
        ("id", True, "id: an id"),
        ("api_name", 5, "api_name: a string"),
        ("length", "long", "length: a whole number"),
        ("length", True, "length: a whole number"),
        ("custom_field", "yes", "custom_field: true or false"),
        ("pick_list_values", {}, "pick_list_values: a list"),
        ("pick_list_values", ["a"], r"pick_list_values\[0\]: an object"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_with_its_place(
    key: str, value: object, expected: str
) -> None:
    row = {"id": "1", "api_name": "Stage", "data_type": "picklist", key: value}
    with pytest.raises(errors.UnexpectedAnswer, match=rf"fields\[0\]\.{expected} was expected"):
        metadata.fields("Deals").decode(answer({"fields": [row]}))


@pytest.mark.parametrize("rate", ["dear", "NaN", None, True])
def test_a_rate_that_is_no_number_is_refused(rate: object) -> None:
    row = {"id": "1", "name": "Euro", "iso_code": "EUR", "exchange_rate": rate}
    with pytest.raises(errors.UnexpectedAnswer, match=r"exchange_rate: a decimal number"):
        organisation.currencies().decode(answer({"currencies": [row]}))


@pytest.mark.parametrize("time", ["yesterday", "2026-05-04T12:15:30", 5, None])
def test_a_time_without_offset_is_refused(time: object) -> None:
    row = {"id": "1", "type": "recycle", "deleted_time": time}
    with pytest.raises(errors.UnexpectedAnswer, match=r"deleted_time: an ISO 8601 time"):
        records.deleted_records("Deals").decode(answer({"data": [row], "info": LAST}))


@pytest.mark.parametrize("count", [None, "many"])
def test_a_count_that_is_no_number_is_refused(count: object) -> None:
    with pytest.raises(errors.UnexpectedAnswer, match=r"body\.count: a whole number"):
        records.record_count("Deals").decode(answer({"count": count}))
