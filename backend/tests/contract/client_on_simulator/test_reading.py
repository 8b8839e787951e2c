"""The client against the simulator: two readings of the protocol that must agree.

Nothing is compared with the client's own idea of an answer, only with the simulator's dump.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import client_of, ids_of
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_crm import (
    BulkReadJob,
    BulkState,
    DeletedKind,
    InvalidModule,
    LimitExceeded,
    NotFound,
    PageTokenExpired,
    PageTokenMismatch,
    RequestRefused,
    RetryPolicy,
    SortBy,
    SortOrder,
    Throttled,
    read_bulk_csv,
)
from zoho_crm.protocol import coql
from zoho_crm.protocol.bulk_read import condition
from zoho_crm.protocol.criteria import Operator, where
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from zoho_crm import ZohoClient

pytestmark = pytest.mark.anyio

DEALS = 450
FIELDS = ["Deal_Name", "Amount", "Stage", "Account_Name", "Owner", "Modified_Time"]


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


async def test_a_walk_by_token_brings_every_record_once(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    sim.freeze()
    try:
        pages = [page async for page in crm.walk_records("Deals", FIELDS)]
        now = datetime.fromisoformat(sim.state()["clock"]["now"])
    finally:
        sim.thaw()
    found = [record for page in pages for record in page.records]
    # Numbers arrive exact, as Decimals.
    dump = {
        record["id"]: json.loads(json.dumps(record), parse_float=Decimal)
        for record in sim.records()
    }
    assert [len(page.records) for page in pages] == [200, 200, len(dump) - 400]
    assert sorted(ids_of(found)) == sorted(dump)
    for record in found:
        assert {name: record[name] for name in FIELDS} == {
            name: dump[record["id"]][name] for name in FIELDS
        }
    assert {page.meta.server_time for page in pages} == {now}


async def test_the_crm_and_the_client_agree_on_credits(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    before = sim.state()["credits"]
    page = await crm.get_records("Deals", FIELDS, sort_by=SortBy.ID)
    wide = await crm.coql("select id from Deals where id is not null limit 0, 2000")
    middle = await crm.coql("select id from Deals where id is not null limit 500")
    await crm.record_count("Deals")
    after = sim.state()["credits"]
    spent = page.meta.credits + wide.meta.credits + middle.meta.credits + 50
    assert after["used"] - before["used"] == spent == 56


async def test_pages_by_number_sort_as_asked(crm: ZohoClient, sim: SimulatorHandle) -> None:
    first = await crm.get_records(
        "Deals", ["id"], page=1, per_page=7, sort_by=SortBy.ID, sort_order=SortOrder.ASCENDING
    )
    second = await crm.get_records(
        "Deals", ["id"], page=2, per_page=7, sort_by=SortBy.ID, sort_order=SortOrder.ASCENDING
    )
    wanted = sorted(ids_of(sim.records()), key=int)[:14]
    assert ids_of(first.records) + ids_of(second.records) == wanted
    assert (first.more, second.more) == (True, True)


async def test_the_eleventh_page_of_200_needs_a_token(crm: ZohoClient) -> None:
    with pytest.raises(LimitExceeded) as caught:
        await crm.get_records("Deals", ["id"], page=11)
    assert caught.value.code == "DISCRETE_PAGINATION_LIMIT_EXCEEDED"


async def test_records_are_read_by_their_ids(crm: ZohoClient, sim: SimulatorHandle) -> None:
    wanted = ids_of(sim.records())[:50]
    page = await crm.get_records("Deals", ["Deal_Name"], ids=wanted)
    assert sorted(ids_of(page.records)) == sorted(wanted)


async def test_nothing_newer_is_an_empty_page(crm: ZohoClient) -> None:
    now = (await crm.get_records("Deals", ["id"], per_page=1)).meta.server_time
    assert now is not None
    page = await crm.get_records("Deals", ["id"], if_modified_since=now + timedelta(days=1))
    assert (page.records, page.more) == ([], False)


async def test_only_what_changed_is_newer(crm: ZohoClient, sim: SimulatorHandle) -> None:
    target = ids_of(sim.records())[3]
    now = (await crm.get_records("Deals", ["id"], per_page=1)).meta.server_time
    assert now is not None
    sim.advance(5)
    sim.edit({target: {"Next_Step": "Call the harbour master"}})
    page = await crm.get_records("Deals", ["Next_Step"], if_modified_since=now)
    assert [(record["id"], record["Next_Step"]) for record in page.records] == [
        (target, "Call the harbour master")
    ]


async def test_a_single_record_is_whole_and_an_unknown_one_is_none(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    wanted = sim.records()[0]
    assert await crm.get_record("Deals", wanted["id"]) == wanted
    some = await crm.get_record("Deals", wanted["id"], ["Stage"])
    assert some is not None
    assert some["Stage"] == wanted["Stage"]
    for status in (204, 400):
        sim.switch(unknown_id_status=status)
        assert await crm.get_record("Deals", "9999999999999999999") is None
    sim.switch(unknown_id_status=204)


async def test_refusals_keep_the_crms_own_words(crm: ZohoClient) -> None:
    with pytest.raises(InvalidModule):
        await crm.get_records("Dealz", ["id"])
    with pytest.raises(PageTokenMismatch):
        await crm.get_records("Deals", ["id"], page_token="made-up")
    with pytest.raises(NotFound):
        await crm.bulk_read.status("9999999999999999999")
    with pytest.raises(RequestRefused) as caught:
        await crm.coql("select id from Deals")
    assert caught.value.status == 400


async def test_a_page_token_belongs_to_its_parameters_and_its_day(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    first = await crm.get_records("Deals", ["id", "Stage"])
    with pytest.raises(PageTokenMismatch):
        await crm.get_records("Deals", ["id"], page_token=first.next_page_token)
    walk = crm.walk_records("Deals", ["id"])
    await anext(walk)
    sim.expire_page_tokens()
    with pytest.raises(PageTokenExpired):
        await anext(walk)


async def test_coql_counts_and_walks_by_id(crm: ZohoClient, sim: SimulatorHandle) -> None:
    dump = {record["id"]: record for record in sim.records()}
    counted = await crm.coql(
        coql.select(["COUNT(id) as total"], source="Deals", where=coql.is_not_null("id"))
    )
    assert int(counted.rows[0]["total"]) == len(dump)
    found: list[str] = []
    more, last = True, "0"
    while more:
        page = await crm.coql(
            coql.select(
                ["id", "Stage"],
                source="Deals",
                where=coql.compare("id", ">", int(last)),
                order_by=["id asc"],
                limit=170,
            )
        )
        assert all(row["Stage"] == dump[row["id"]]["Stage"] for row in page.rows)
        found += ids_of(page.rows)
        more, last = page.more, found[-1]
    assert found == sorted(dump, key=int)


async def test_a_quote_in_a_value_stays_in_the_value(crm: ZohoClient, sim: SimulatorHandle) -> None:
    name = 'O\'Brien (Pty), "Quay" \\ 7'
    (made,) = sim.create({**_like(sim), "Deal_Name": name})
    try:
        by_coql = await crm.coql(
            coql.select(["id"], source="Deals", where=coql.compare("Deal_Name", "=", name))
        )
        assert ids_of(by_coql.rows) == [made["id"]]
        sim.advance(60)
        criteria = str(where("Deal_Name", Operator.EQUALS, name))
        by_search = await crm.search("Deals", criteria=criteria, fields=["Deal_Name"])
        assert ids_of(by_search.records) == [made["id"]]
    finally:
        sim.delete(made["id"])


def _like(sim: SimulatorHandle) -> dict[str, object]:
    deal = sim.records()[0]
    return {
        name: deal[name]
        for name in ("Stage", "Pipeline", "Closing_Date", "Account_Name", "Amount")
        if deal[name] is not None
    }


async def test_a_deleted_record_is_listed_and_comes_back_from_the_bin(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    target, gone = ids_of(sim.records())[5:7]
    sim.advance(5)
    before = (await crm.get_records("Deals", ["id"], per_page=1)).meta.server_time
    assert before is not None
    sim.advance(5)
    sim.delete(target)
    listed = await crm.deleted_records("Deals", since=before)
    assert [(row.id, row.kind) for row in listed.records] == [(target, DeletedKind.RECYCLE)]
    assert await crm.get_record("Deals", target) is None
    sim.delete(gone)
    sim.purge(gone)
    permanent = await crm.deleted_records("Deals", kind=DeletedKind.PERMANENT)
    assert gone in [row.id for row in permanent.records]
    sim.restore(target)
    assert (await crm.get_record("Deals", target) or {})["id"] == target


async def test_a_timeline_and_the_stage_history_tell_an_edit(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    deal = next(record for record in sim.records() if record["Stage"] == "Qualification")
    sim.advance(5)
    page = await crm.get_records("Deals", ["id"], per_page=1)
    assert page.meta.server_time is not None
    sim.edit({deal["id"]: {"Next_Step": "Send the offer"}})
    window = timedelta(minutes=10)
    history = await crm.timeline(
        "Deals",
        deal["id"],
        since=page.meta.server_time - timedelta(seconds=1),
        until=page.meta.server_time + window,
    )
    changed = {change.api_name: change.new for event in history.events for change in event.changes}
    assert changed["Next_Step"] == "Send the offer"
    stages = await crm.stage_history(deal["id"], ["Stage", "Modified_Time"])
    assert sorted((row["Modified_Time"], row["Stage"]) for row in stages.records) == sorted(
        (row["Modified_Time"], row["Stage"])
        for row in sim.records("DealHistory")
        if (row["Potential_Name"] or {}).get("id") == deal["id"]
    )
    assert stages.records[0]["Stage"] == "Qualification"


async def test_bulk_read_brings_what_the_dump_holds(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path
) -> None:
    job_id = await crm.bulk_read.create("Deals", ["Deal_Name", "Stage", "Amount", "Account_Name"])
    job = await _finished(crm, job_id)
    dump = {record["id"]: record for record in sim.records()}
    assert (job.state, job.count, job.module) == (BulkState.COMPLETED, len(dump), "Deals")
    to = tmp_path / "deals.zip"
    await crm.bulk_read.download(job_id, to)
    with read_bulk_csv(to) as (header, rows):
        found = [dict(zip(header, row, strict=True)) for row in rows]
    assert {row["id"] for row in found} == set(dump)
    for row in found:
        record = dump[row["id"]]
        assert (row["Deal_Name"], row["Stage"]) == (record["Deal_Name"], record["Stage"])
        amount = record["Amount"]
        assert (Decimal(row["Amount"]) if row["Amount"] else None) == (
            None if amount is None else Decimal(str(amount))
        )
        account = record["Account_Name"]
        assert row["Account_Name"] == ("" if account is None else account["id"])


async def test_bulk_read_goes_on_by_token_and_obeys_criteria(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path
) -> None:
    sim.switch(bulk_read_rows_maximum=200)
    try:
        counts: list[int] = []
        token: str | None = None
        while True:
            job = await _finished(
                crm, await crm.bulk_read.create("Deals", ["Stage"], page_token=token)
            )
            counts.append(job.count)
            token = job.next_page_token
            if not job.more:
                break
    finally:
        sim.switch(bulk_read_rows_maximum=200_000)
    total = len(sim.records())
    assert counts == [200, 200, total - 400]
    won = await crm.bulk_read.create(
        "Deals", ["Stage"], criteria=condition("Stage", "equal", "Closed Won")
    )
    job = await _finished(crm, won)
    assert job.count == sum(record["Stage"] == "Closed Won" for record in sim.records())
    await crm.bulk_read.download(won, tmp_path / "won.zip")
    with read_bulk_csv(tmp_path / "won.zip") as (header, rows):
        column = header.index("Stage")
        assert {row[column] for row in rows} == {"Closed Won"}


async def _finished(crm: ZohoClient, job_id: str) -> BulkReadJob:
    job = await crm.bulk_read.status(job_id)
    while not job.state.is_final:
        job = await crm.bulk_read.status(job_id)
    return job


async def test_the_eleventh_download_in_a_minute_is_throttled(
    sim: SimulatorHandle, tmp_path: Path
) -> None:
    async with client_of(sim, retry=RetryPolicy(max_tries=1)) as crm:
        job_id = await crm.bulk_read.create("Deals", ["Stage"])
        await _finished(crm, job_id)
        sim.advance(61)
        for number in range(10):
            await crm.bulk_read.download(job_id, tmp_path / f"{number}.zip")
        with pytest.raises(Throttled) as caught:
            await crm.bulk_read.download(job_id, tmp_path / "11.zip")
        assert caught.value.retry_after_s == 15.0
        sim.advance(61)


async def test_metadata_describes_the_organisation(crm: ZohoClient, sim: SimulatorHandle) -> None:
    told = sim.connection["organisation"]
    organisation = await crm.metadata.organisation()
    assert (organisation.zgid, organisation.company_name) == (told["zgid"], told["company_name"])
    assert (organisation.edition, organisation.users_licensed) == (told["edition"], told["users"])
    assert organisation.currency_code == told["home_currency"]
    modules = {module.api_name for module in await crm.metadata.modules()}
    assert {"Deals", "Accounts", "Contacts"} <= modules
    fields = {field.api_name: field for field in await crm.metadata.fields("Deals")}
    record = sim.records()[0]
    assert set(FIELDS) <= set(fields)
    assert fields["Account_Name"].lookup_module == "Accounts"
    stage = fields["Stage"]
    assert record["Stage"] in {option.actual_value for option in stage.pick_list_values}
    (layout, *_) = await crm.metadata.layouts("Deals")
    assert {"Deal_Name", "Stage"} <= {
        field.api_name for field in layout.fields if field.is_required
    }
    pipelines = await crm.metadata.pipelines(layout.id)
    won = {
        stage.actual_value
        for pipeline in pipelines
        for stage in pipeline.stages
        if stage.forecast_type == "Closed Won"
    }
    assert "Closed Won" in won
    users = await crm.metadata.users()
    assert record["Owner"]["id"] in {user.id for user in users.users}
    base = [currency for currency in await crm.metadata.currencies() if currency.is_base]
    assert [(currency.iso_code, currency.exchange_rate) for currency in base] == [
        (told["home_currency"], Decimal(1))
    ]


async def test_a_count_is_cached_and_coql_is_exact(crm: ZohoClient, sim: SimulatorHandle) -> None:
    sim.advance(700)
    assert await crm.record_count("Deals") == len(sim.records())
