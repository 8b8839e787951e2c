"""The vendor's SDK asks questions: COQL, search, record count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from zohocrmsdk.src.com.zoho.crm.api.coql import BodyWrapper, CoqlOperations
from zohocrmsdk.src.com.zoho.crm.api.record import RecordOperations, SearchRecordsParam
from zohocrmsdk.src.com.zoho.crm.api.record.record_operations import RecordCountParam

from support.official_sdk.records import assert_equal_to_dump, rows_of
from support.official_sdk.session import parameters, seen

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk, Seen
    from support.official_sdk.values import SdkValue

NAMES = ["Deal_Name", "Stage", "Amount", "Closing_Date", "Created_Time", "Modified_Time"]
# The simulator's switches search_index_lag_s and count_staleness_s, and a second.
INDEX_LAG_S = 6
COUNT_LAG_S = 61


def coql(query: str) -> Seen:
    body = BodyWrapper()
    body.set_select_query(query)
    return seen(CoqlOperations().get_records(body))


def coql_ids(query: str) -> list[str]:
    return [str(row["id"]) for row in rows_of(coql(query))]


def search(module: str, *pairs: tuple[SdkValue, object]) -> Seen:
    return seen(RecordOperations(module).search_records(parameters(*pairs)))


def test_coql_rows_equal_the_dump(sdk: OfficialSdk) -> None:
    dump = {row["id"]: row for row in sdk.sim.records()}
    answer = coql(f"select {', '.join(NAMES)} from Deals where id is not null limit 0, 2000")
    assert answer.values["info"] == {"count": len(dump), "more_records": False}
    assert_equal_to_dump(rows_of(answer), dump, NAMES)


def test_coql_stops_at_its_limit_and_goes_on_from_an_offset(sdk: OfficialSdk) -> None:
    wanted = sorted((row["id"] for row in sdk.sim.records()), key=int)
    select = "select id from Deals where id is not null order by id asc limit"
    first, second = (coql(f"{select} {start}, 40") for start in (0, 40))
    assert first.values["info"] == {"count": 40, "more_records": True}
    found = [str(row["id"]) for answer in (first, second) for row in rows_of(answer)]
    assert found == wanted[:80]
    last = coql_ids(f"{select} {len(wanted) - 3}, 40")
    assert last == wanted[-3:]


def test_coql_filters_by_stage_amount_and_owner(sdk: OfficialSdk) -> None:
    dump = sdk.sim.records()
    owner = dump[0]["Owner"]["id"]
    query = (
        "select id from Deals where ((Stage = 'Closed Won' and Amount >= 10000)"
        f" and Owner = '{owner}') limit 0, 2000"
    )
    wanted = {
        row["id"]
        for row in dump
        if row["Stage"] == "Closed Won"
        and row["Amount"] is not None
        and row["Amount"] >= 10_000
        and row["Owner"]["id"] == owner
    }
    assert wanted
    assert set(coql_ids(query)) == wanted


def test_coql_counts_and_sums_by_group(sdk: OfficialSdk) -> None:
    dump = sdk.sim.records()
    answer = coql(
        "select Stage, COUNT(id) as deals, MAX(Amount) as highest from Deals"
        " where id is not null group by Stage"
    )
    found = {row["Stage"]: (int(row["deals"]), row["highest"]) for row in rows_of(answer)}
    for stage in {row["Stage"] for row in dump}:
        amounts = [row["Amount"] for row in dump if row["Stage"] == stage]
        known = [amount for amount in amounts if amount is not None]
        assert found.pop(stage) == (len(amounts), max(known, default=None))
    assert found == {}


@pytest.mark.usefixtures("sdk")
def test_coql_without_a_hit_is_an_empty_answer() -> None:
    answer = coql("select id from Deals where Deal_Name = 'There is no such deal'")
    assert (answer.status, answer.object) == (204, None)


@pytest.mark.usefixtures("sdk")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select id from Deals", "SYNTAX_ERROR"),
        ("select id from Deals where Nothing = 'x'", "INVALID_QUERY"),
        ("select id from Dealz where id is not null", "INVALID_MODULE"),
        ("select id from Deals where id is not null limit 0, 2001", "LIMIT_EXCEEDED"),
    ],
)
def test_a_coql_refusal_is_an_exception_of_the_api(query: str, code: str) -> None:
    answer = coql(query)
    assert (answer.status, answer.kind, answer.values["code"]) == (400, "APIException", code)


def test_search_by_criteria_finds_what_the_dump_holds(sdk: OfficialSdk) -> None:
    sdk.sim.advance(INDEX_LAG_S)
    dump = {
        row["id"]: row
        for row in sdk.sim.records()
        if row["Stage"] == "Closed Lost" and (row["Amount"] or 0) > 50_000
    }
    assert 0 < len(dump) <= 200
    answer = search(
        "Deals",
        (SearchRecordsParam.criteria, "((Stage:equals:Closed Lost)and(Amount:greater_than:50000))"),
        (SearchRecordsParam.fields, ",".join(NAMES)),
        (SearchRecordsParam.per_page, 200),
    )
    # A search returns the system keys unasked.
    system = [name for name in next(iter(dump.values())) if name.startswith("$")]
    assert_equal_to_dump(rows_of(answer), dump, [*NAMES, *system])


def test_search_sees_a_change_only_after_its_index_does(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[70]["id"]
    pair = (SearchRecordsParam.criteria, "(Next_Step:equals:Weigh anchor)")
    sdk.sim.freeze()
    try:
        sdk.sim.edit({target: {"Next_Step": "Weigh anchor"}})
        early = search("Deals", pair)
        sdk.sim.advance(INDEX_LAG_S)
        late = search("Deals", pair)
    finally:
        sdk.sim.thaw()
    assert (early.status, early.object) == (204, None)
    assert [str(row["id"]) for row in rows_of(late)] == [target]


def test_search_by_email_finds_the_contact(sdk: OfficialSdk) -> None:
    contact = next(row for row in sdk.sim.records("Contacts") if row["Email"])
    answer = search("Contacts", (SearchRecordsParam.email, contact["Email"]))
    assert [str(row["id"]) for row in rows_of(answer)] == [contact["id"]]


def test_record_counts_equal_the_dump(sdk: OfficialSdk) -> None:
    sdk.sim.advance(COUNT_LAG_S)
    dump = sdk.sim.records()
    whole = seen(RecordOperations("Deals").record_count(parameters()))
    assert (whole.status, whole.kind) == (200, "CountWrapper")
    assert int(whole.values["count"]) == len(dump)
    won = seen(
        RecordOperations("Deals").record_count(
            parameters((RecordCountParam.criteria, "(Stage:equals:Closed Won)"))
        )
    )
    assert int(won.values["count"]) == sum(row["Stage"] == "Closed Won" for row in dump)
