"""What goes out: method, path, query, headers and body of every call."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from zoho_crm.protocol import (
    bulk_read,
    coql,
    metadata,
    organisation,
    records,
    timeline,
    wire,
    writes,
)
from zoho_crm.protocol.records import SortBy, SortOrder
from zoho_crm.protocol.wire import Answer, Area, Request, Resend

ID = "5725767000000100001"
MOMENT = datetime(2026, 5, 4, 12, 15, 30, 999_999, tzinfo=timezone(timedelta(hours=2)))
STAMP = "2026-05-04T10:15:30+00:00"


def test_a_list_sends_every_parameter_by_its_name() -> None:
    request = records.get_records(
        "Deals",
        ["Deal_Name", "Stage"],
        page_token="t+/=",
        per_page=100,
        sort_by=SortBy.MODIFIED_TIME,
        sort_order=SortOrder.ASCENDING,
        ids=[ID, "2"],
        if_modified_since=MOMENT,
    ).request
    assert (request.method, request.area) == ("GET", Area.CRM)
    assert request.target == (
        "/Deals?fields=Deal_Name%2CStage&per_page=100&page_token=t%2B%2F%3D"
        f"&sort_by=Modified_Time&sort_order=asc&ids={ID}%2C2"
    )
    assert request.headers == (("If-Modified-Since", STAMP),)


def test_a_list_by_page_number_sends_no_token() -> None:
    request = records.get_records("Deals", ["id"], page=10).request
    assert request.query == (("fields", "id"), ("per_page", "200"), ("page", "10"))


def test_page_and_token_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="page or page_token, not both"):
        records.get_records("Deals", ["id"], page=1, page_token="t")


def test_a_list_keeps_to_a_custom_view_which_has_its_own_order() -> None:
    request = records.get_records("Deals", ["id"], view_id=ID).request
    assert request.query == (("fields", "id"), ("per_page", "200"), ("cvid", ID))
    with pytest.raises(ValueError, match="view_id or sort_by, not both"):
        records.get_records("Deals", ["id"], view_id=ID, sort_by=SortBy.ID)


@pytest.mark.parametrize("fields", [[], [f"F{n}" for n in range(51)]])
def test_a_list_takes_1_to_50_fields(fields: list[str]) -> None:
    with pytest.raises(ValueError, match="one call takes 1 to 50"):
        records.get_records("Deals", fields)


@pytest.mark.parametrize("name", ["", "Stage,Amount"])
def test_a_field_name_cannot_smuggle_in_another(name: str) -> None:
    with pytest.raises(ValueError, match="is no field name"):
        records.get_records("Deals", [name])


def test_limits_are_checked_before_a_credit_is_spent() -> None:
    with pytest.raises(ValueError, match="51 ids: one call takes 1 to 50"):
        records.get_records("Deals", ["id"], ids=["1"] * 51)
    with pytest.raises(ValueError, match="per_page is 201: give 1 to 200"):
        records.get_records("Deals", ["id"], per_page=201)
    with pytest.raises(ValueError, match="'abc' is no CRM id"):
        records.get_record("Deals", "abc")
    with pytest.raises(ValueError, match=r"'\.\.' is no path segment"):
        records.get_record("..", ID)
    with pytest.raises(ValueError, match="has no time zone"):
        records.get_records("Deals", ["id"], if_modified_since=datetime(2026, 5, 4))  # noqa: DTZ001 - the point


def test_a_module_name_cannot_leave_its_segment() -> None:
    assert records.get_record("a/b?c", ID).request.path == f"/a%2Fb%3Fc/{ID}"


def test_a_single_read_names_fields_only_when_asked() -> None:
    assert records.get_record("Deals", ID).request == Request("GET", f"/Deals/{ID}")
    assert records.get_record("Deals", ID, ["Stage"]).request.query == (("fields", "Stage"),)


def test_a_search_goes_by_exactly_one_key() -> None:
    request = records.search("Deals", word="harbour", fields=["id"], page=2).request
    assert request.target == "/Deals/search?word=harbour&page=2&per_page=200&fields=id"
    assert records.search("Deals", email="a@b.test").request.query[0] == ("email", "a@b.test")
    with pytest.raises(ValueError, match="exactly one of"):
        records.search("Deals")
    with pytest.raises(ValueError, match="exactly one of"):
        records.search("Deals", word="a", phone="b")


def test_count_deleted_list_and_stage_history_have_their_paths() -> None:
    assert records.record_count("Deals").request == Request("GET", "/Deals/actions/count")
    counted = records.record_count("Deals", criteria="(Stage:equals:Won)").request
    assert counted.query == (("criteria", "(Stage:equals:Won)"),)
    deleted = records.deleted_records("Deals", since=MOMENT, page=3).request
    assert deleted.target == "/Deals/deleted?type=all&page=3&per_page=200"
    assert deleted.headers == (("If-Modified-Since", STAMP),)
    assert records.deleted_records("Deals").request.headers == ()
    history = records.stage_history(ID, ["Stage"]).request
    assert history.target == f"/Deals/{ID}/Stage_History?fields=Stage&page=1&per_page=200"


def test_a_timeline_asks_for_a_range_or_for_everything() -> None:
    request = timeline.timeline(
        "Deals", ID, since=MOMENT, until=MOMENT, page_token="t", per_page=50
    ).request
    query = dict(request.query)
    assert json.loads(query.pop("filters")) == {
        "comparator": "between",
        "field": {"api_name": "audited_time"},
        "value": [STAMP, STAMP],
    }
    order = {"sort_by": "audited_time", "sort_order": "desc"}
    assert query == {"per_page": "50", "page_token": "t", **order}
    assert dict(timeline.timeline("Deals", ID).request.query) == {"per_page": "200", **order}
    detailed = timeline.timeline("Deals", ID, since=MOMENT, inner_details=["a.b", "c"]).request
    assert dict(detailed.query) == {
        "per_page": "200",
        "include_inner_details": "a.b,c",
        **order,
    }
    with pytest.raises(ValueError, match="give since too"):
        timeline.timeline("Deals", ID, until=MOMENT)


def test_writes_carry_rows_automation_and_guard() -> None:
    inserted = writes.insert("Deals", [{"Deal_Name": "Ä"}], trigger=[])
    assert inserted.request.method == "POST"
    assert json.loads(inserted.request.body or b"") == {"data": [{"Deal_Name": "Ä"}], "trigger": []}
    updated = writes.update("Deals", [{"id": ID, "Stage": "Won"}], if_unmodified_since=MOMENT)
    assert updated.request.method == "PUT"
    assert updated.request.headers == (("If-Unmodified-Since", STAMP),)
    assert json.loads(updated.request.body or b"") == {"data": [{"id": ID, "Stage": "Won"}]}
    merged = writes.upsert("Deals", [{"Key": "1"}], duplicate_check_fields=["Key"])
    assert (merged.request.method, merged.request.path) == ("POST", "/Deals/upsert")
    assert json.loads(merged.request.body or b"") == {
        "data": [{"Key": "1"}],
        "duplicate_check_fields": ["Key"],
    }
    removed = writes.delete("Deals", [ID, "2"], run_automation=False)
    assert removed.request.method == "DELETE"
    assert removed.request.target == f"/Deals?ids={ID}%2C2&wf_trigger=false"
    assert writes.delete("Deals", [ID]).request.query[1] == ("wf_trigger", "true")
    restored = writes.restore([ID])
    assert restored.request.path == "/settings/recycle_bin/actions/restore"
    assert json.loads(restored.request.body or b"") == {"ids": [ID]}


def test_a_write_that_cannot_be_right_is_refused_here() -> None:
    with pytest.raises(ValueError, match="0 rows: one call takes 1 to 100"):
        writes.insert("Deals", [])
    with pytest.raises(ValueError, match="101 rows"):
        writes.insert("Deals", [{}] * 101)
    with pytest.raises(ValueError, match="a row to update has no id"):
        writes.update("Deals", [{"Stage": "Won"}])
    with pytest.raises(ValueError, match="name the fields by which upsert"):
        writes.upsert("Deals", [{}], duplicate_check_fields=[])
    with pytest.raises(ValueError, match="0 ids"):
        writes.restore([])


def test_what_may_be_sent_again_depends_on_what_a_second_execution_does() -> None:
    row = {"id": ID}
    assert writes.insert("Deals", [row]).resend is Resend.NEVER
    assert writes.update("Deals", [row]).resend is Resend.ALWAYS
    assert writes.update("Deals", [row], may_repeat=False).resend is Resend.REFUSED_ONLY
    assert writes.update("Deals", [row], if_unmodified_since=MOMENT).resend is Resend.REFUSED_ONLY
    keyed = writes.upsert("Deals", [row], duplicate_check_fields=["Key"])
    assert keyed.resend is Resend.ALWAYS
    guarded = writes.upsert(
        "Deals", [row], duplicate_check_fields=["Key"], if_unmodified_since=MOMENT
    )
    assert guarded.resend is Resend.REFUSED_ONLY
    assert writes.delete("Deals", [ID]).resend is Resend.ALWAYS
    assert coql.coql("select id from Deals where id is not null").is_write is False


def test_bulk_read_calls_live_under_bulk() -> None:
    created = bulk_read.create(
        "Deals",
        ["Stage"],
        criteria=bulk_read.all_of(
            bulk_read.condition("Stage", "equal", "Won"),
            bulk_read.any_of(bulk_read.condition("Amount", "greater_than", 5)),
        ),
        callback="https://pulse.test/done",
    ).request
    assert (created.method, created.area, created.path) == ("POST", Area.BULK, "/read")
    assert json.loads(created.body or b"") == {
        "query": {
            "module": {"api_name": "Deals"},
            "fields": ["Stage"],
            "criteria": {
                "group_operator": "and",
                "group": [
                    {"field": {"api_name": "Stage"}, "comparator": "equal", "value": "Won"},
                    {
                        "group_operator": "or",
                        "group": [
                            {
                                "field": {"api_name": "Amount"},
                                "comparator": "greater_than",
                                "value": 5,
                            }
                        ],
                    },
                ],
            },
        },
        "file_type": "csv",
        "callback": {"url": "https://pulse.test/done", "method": "post"},
    }
    everything = json.loads(bulk_read.create("Deals", []).request.body or b"")
    assert everything == {"query": {"module": {"api_name": "Deals"}}, "file_type": "csv"}
    following = json.loads(bulk_read.create("Deals", ["Stage"], page_token="t").request.body or b"")
    assert following == {"query": {"page_token": "t"}}
    assert bulk_read.status("7").request.path == "/read/7"
    assert bulk_read.download("7").request.path == "/read/7/result"


def test_metadata_calls_have_their_paths() -> None:
    assert metadata.modules().request.target == "/settings/modules"
    assert metadata.fields("Deals").request.target == "/settings/fields?module=Deals"
    assert metadata.layouts("Deals").request.target == "/settings/layouts?module=Deals"
    assert metadata.pipelines("9").request.target == "/settings/pipeline?layout_id=9"
    assert organisation.organisation().request.target == "/org"
    assert organisation.currencies().request.target == "/org/currencies"
    users = organisation.users("ActiveUsers", page=2, if_modified_since=MOMENT).request
    assert users.target == "/users?type=ActiveUsers&page=2&per_page=200"
    assert users.headers == (("If-Modified-Since", STAMP),)
    assert organisation.users().request.headers == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 04 May 2026 10:15:30 GMT", datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)),
        (
            format_datetime(MOMENT.replace(microsecond=0)),
            datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC),
        ),
        ("Mon, 04 May 2026 10:15:30 -0000", datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_the_date_header_is_the_crm_clock(value: str, expected: datetime | None) -> None:
    assert wire.server_time({"date": value}) == expected


def test_headers_that_are_absent_or_odd_tell_nothing() -> None:
    assert wire.server_time({}) is None
    assert wire.credits_remaining({}) is None
    assert wire.credits_remaining({"x-api-credits-remaining": "many"}) is None
    assert wire.credits_remaining({"x-api-credits-remaining": "48210"}) == 48210


def test_retry_after_is_a_number_of_seconds_or_a_date_by_the_crm_clock() -> None:
    date, later = "Mon, 04 May 2026 10:15:30 GMT", "Mon, 04 May 2026 10:15:45 GMT"
    assert Answer(429, {"retry-after": "7"}).retry_after_s == 7.0
    assert Answer(429, {"retry-after": later, "date": date}).retry_after_s == 15.0
    assert Answer(429, {"retry-after": date, "date": later}).retry_after_s == 0.0
    assert Answer(429, {"retry-after": later}).retry_after_s is None
    assert Answer(429, {"retry-after": "soon", "date": date}).retry_after_s is None
