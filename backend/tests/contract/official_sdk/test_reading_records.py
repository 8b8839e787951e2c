"""The vendor's SDK reads records: pages, tokens, order, ids, changes, single records."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from zohocrmsdk.src.com.zoho.crm.api.record import (
    GetFullDataForRichTextParam,
    GetRecordsHeader,
    GetRecordsParam,
    RecordOperations,
)

from support.official_sdk.records import (
    assert_equal_to_dump,
    in_chunks,
    list_page,
    listed_names,
    pages_by_token,
    rows_of,
)
from support.official_sdk.session import parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk, Seen

NAMES = ["Deal_Name", "Stage", "Amount", "Account_Name", "Modified_Time"]
BY_ID_ASCENDING = (
    (GetRecordsParam.sort_by, "id"),
    (GetRecordsParam.sort_order, "asc"),
)


def ids_of(answer: Seen) -> list[str]:
    return [str(row["id"]) for row in rows_of(answer)]


@pytest.mark.parametrize("module", ["Deals", "Accounts", "Contacts"])
def test_every_record_of_a_module_equals_the_dump_in_every_field(
    sdk: OfficialSdk, module: str
) -> None:
    dump = {record["id"]: record for record in sdk.sim.records(module)}
    for names in in_chunks(listed_names(sdk, module)):
        rows = [row for page in pages_by_token(module, names) for row in rows_of(page)]
        assert_equal_to_dump(rows, dump, names)


def test_a_walk_by_token_tells_its_pages_and_ends(sdk: OfficialSdk) -> None:
    total = len(sdk.sim.records())
    infos = [page.values["info"] for page in pages_by_token("Deals", ["Stage"], 90)]
    sizes = [90] * (total // 90) + [total % 90]
    assert [info["count"] for info in infos] == sizes
    assert [info["page"] for info in infos] == list(range(1, len(sizes) + 1))
    assert [info["more_records"] for info in infos] == [True] * (len(sizes) - 1) + [False]
    assert infos[-1].get("next_page_token") is None
    for info in infos[:-1]:
        assert info["page_token_expiry"] > datetime.now().astimezone() + timedelta(hours=23)


def test_pages_by_number_follow_each_other_in_the_order_asked(sdk: OfficialSdk) -> None:
    dump = sorted(sdk.sim.records(), key=lambda record: int(record["id"]))
    found: list[str] = []
    for page in (1, 2, 3):
        answer = list_page(
            "Deals",
            (GetRecordsParam.fields, "id"),
            (GetRecordsParam.per_page, 7),
            (GetRecordsParam.page, page),
            *BY_ID_ASCENDING,
        )
        assert answer.values["info"]["page"] == page
        found += ids_of(answer)
    assert found == [record["id"] for record in dump[:21]]


def test_sorting_by_modified_time_gives_the_latest_first(sdk: OfficialSdk) -> None:
    dump = {record["id"]: record["Modified_Time"] for record in sdk.sim.records()}
    answer = list_page(
        "Deals",
        (GetRecordsParam.fields, "Modified_Time"),
        (GetRecordsParam.sort_by, "Modified_Time"),
        (GetRecordsParam.sort_order, "desc"),
        (GetRecordsParam.per_page, 50),
    )
    found = [dump[record_id] for record_id in ids_of(answer)]
    assert found == sorted(dump.values(), reverse=True)[:50]


def test_records_are_found_by_their_ids(sdk: OfficialSdk) -> None:
    dump = {record["id"]: record for record in sdk.sim.records()[5:45]}
    answer = list_page(
        "Deals",
        (GetRecordsParam.fields, ",".join(NAMES)),
        (GetRecordsParam.ids, ",".join(dump)),
    )
    assert_equal_to_dump(rows_of(answer), dump, NAMES)


def test_only_what_changed_since_is_sent(sdk: OfficialSdk) -> None:
    target, before = (sdk.sim.records()[index]["id"] for index in (11, 12))
    sdk.sim.advance(5)
    edited = sdk.sim.edit({before: {"Next_Step": "Ring the broker"}})
    since = datetime.fromisoformat(edited[0]["Modified_Time"])
    sdk.sim.advance(5)
    sdk.sim.edit({target: {"Next_Step": "Call the harbour master"}})
    fields = (GetRecordsParam.fields, "Next_Step")
    answer = list_page("Deals", fields, header=(GetRecordsHeader.if_modified_since, since))
    assert [(str(row["id"]), row["Next_Step"]) for row in rows_of(answer)] == [
        (target, "Call the harbour master")
    ]
    late = since + timedelta(days=1)
    nothing = list_page("Deals", fields, header=(GetRecordsHeader.if_modified_since, late))
    assert (nothing.status, nothing.object) == (304, None)


def test_single_records_equal_the_dump_with_their_subforms_and_system_keys(
    sdk: OfficialSdk,
) -> None:
    dump = sdk.sim.records()
    with_rows = [record for record in dump if record["Payment_Schedule"]][:5]
    with_links = [record for record in dump if record["Partners"]][:5]
    assert with_rows
    assert with_links
    for record in (*dump[:15], *with_rows, *with_links):
        answer = seen(RecordOperations("Deals").get_record(int(record["id"]), parameters()))
        [found] = rows_of(answer)
        assert disagreements(found, record, record["id"]) == []
        assert record.keys() - found.keys() == set()


@pytest.mark.usefixtures("sdk")
def test_an_unknown_record_is_an_empty_answer() -> None:
    answer = seen(RecordOperations("Deals").get_record(9_999_999_999_999_999, parameters()))
    assert (answer.status, answer.object) == (204, None)


@pytest.mark.usefixtures("sdk")
def test_a_list_without_records_is_an_empty_answer() -> None:
    pairs = ((GetRecordsParam.fields, "id"), (GetRecordsParam.ids, "9999999999999999"))
    answer = list_page("Deals", *pairs)
    assert (answer.status, answer.object) == (204, None)


@pytest.mark.usefixtures("sdk")
@pytest.mark.parametrize(
    ("pairs", "code", "detail"),
    [
        ([], "REQUIRED_PARAM_MISSING", ("param_name", "fields")),
        (
            [(GetRecordsParam.fields, ",".join(f"Field_{n}" for n in range(51)))],
            "LIMIT_EXCEEDED",
            ("limit", 50),
        ),
        (
            [(GetRecordsParam.fields, "id"), (GetRecordsParam.page, 11)],
            "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
            ("limit", 2000),
        ),
        (
            [(GetRecordsParam.fields, "id"), (GetRecordsParam.page_token, "made-up")],
            "TOKEN_BOUND_DATA_MISMATCH",
            ("param_name", "page_token"),
        ),
        (
            [(GetRecordsParam.fields, "id"), (GetRecordsParam.sort_by, "Stage")],
            "INVALID_DATA",
            ("param_name", "sort_by"),
        ),
    ],
)
def test_a_refusal_is_an_exception_of_the_api_with_its_details(
    pairs: list[tuple[object, object]], code: str, detail: tuple[str, object]
) -> None:
    answer = list_page("Deals", *pairs)
    assert (answer.status, answer.kind) == (400, "APIException")
    values = answer.values
    assert (values["code"], values["status"]) == (code, "error")
    assert values["details"][detail[0]] == detail[1]


@pytest.mark.usefixtures("sdk")
def test_a_page_token_is_bound_to_the_fields_it_was_given_for() -> None:
    first = list_page("Deals", (GetRecordsParam.fields, "id,Stage"), (GetRecordsParam.per_page, 10))
    token = first.values["info"]["next_page_token"]
    other = list_page(
        "Deals",
        (GetRecordsParam.fields, "id"),
        (GetRecordsParam.per_page, 10),
        (GetRecordsParam.page_token, token),
    )
    assert (other.status, other.values["code"]) == (400, "TOKEN_BOUND_DATA_MISMATCH")


def test_credits_left_are_announced_only_once_half_are_spent(sdk: OfficialSdk) -> None:
    pairs = ((GetRecordsParam.fields, "id"), (GetRecordsParam.per_page, 1))
    early = list_page("Deals", *pairs)
    assert "X-API-CREDITS-REMAINING" not in early.headers
    credit = sdk.sim.state()["credits"]
    tight = 2 * credit["used"]
    sdk.sim.limits(credit_budget=tight)
    try:
        late = list_page("Deals", *pairs)
    finally:
        sdk.sim.limits(credit_budget=credit["budget"])
    assert late.headers["X-API-CREDITS-REMAINING"] == str(tight - credit["used"] - 1)


def test_rich_text_is_whole_only_when_asked_for(sdk: OfficialSdk) -> None:
    [record, *_] = [
        record for record in sdk.sim.records() if len(record["Requirements"] or "") > 500
    ]
    answer = seen(
        RecordOperations("Deals").get_full_data_for_rich_text(
            int(record["id"]), parameters((GetFullDataForRichTextParam.fields, "Requirements"))
        )
    )
    assert rows_of(answer) == [{"id": int(record["id"]), "Requirements": record["Requirements"]}]
