from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zoho_crm.protocol import (
    bulk_read,
    bulk_write,
    coql,
    custom_views,
    mass_update,
    organisation,
    records,
    writes,
)
from zoho_crm.protocol.bulk_columns import BulkColumn
from zoho_crm.protocol.bulk_write import BulkOperation
from zoho_crm.protocol.prices import CallCost, Prices
from zoho_crm.protocol.records import SortBy

if TYPE_CHECKING:
    from zoho_crm.protocol.wire import Call

PRICES = Prices()
JOB_CREATION = bulk_write.create(
    "Deals",
    BulkOperation.INSERT,
    file_id="1",
    file_name="a.csv",
    columns=[BulkColumn("Deal_Name")],
    ignore_empty=True,
)
EVERYTHING = "select id from Deals where id is not null"


def rows(count: int) -> list[dict[str, str]]:
    return [{"id": str(number + 1)} for number in range(count)]


def ids(count: int) -> list[str]:
    return [row["id"] for row in rows(count)]


@pytest.mark.parametrize(
    ("call", "price", "is_complex"),
    [
        (records.get_records("Deals", ["id"]), 1, False),
        (records.get_records("Deals", ["id"], sort_by=SortBy.ID), 1, True),
        (records.get_records("Deals", ["id"], view_id="1"), 3, True),
        (records.get_record("Deals", "1"), 1, False),
        (records.record_count("Deals"), 50, False),
        (records.search("Deals", word="ab"), 1, True),
        (records.deleted_records("Deals"), 1, False),
        (coql.coql(EVERYTHING), 1, True),
        (coql.coql(f"{EVERYTHING} limit 200"), 1, True),
        (coql.coql(f"{EVERYTHING} limit 201"), 2, True),
        (coql.coql(f"{EVERYTHING} limit 1000"), 2, True),
        (coql.coql(f"{EVERYTHING} limit 1001"), 3, True),
        (coql.coql(f"{EVERYTHING} LIMIT 0, 2000"), 3, True),
        (writes.insert("Deals", rows(1)), 1, False),
        (writes.update("Deals", rows(10)), 1, False),
        (writes.update("Deals", rows(11)), 2, True),
        (writes.upsert("Deals", rows(100), duplicate_check_fields=["Key"]), 10, True),
        (writes.delete("Deals", ids(100)), 1, False),
        (mass_update.by_ids("Deals", ids(10), {"Stage": "Won"}), 1, False),
        (mass_update.by_ids("Deals", ids(500), {"Stage": "Won"}), 50, True),
        (mass_update.by_view("Deals", "1", {"Stage": "Won"}, records=50_000), 5_000, False),
        (mass_update.status("Deals", "1"), 1, False),
        (custom_views.custom_views("Deals"), 1, False),
        (bulk_read.create("Deals", []), 50, False),
        (bulk_read.status("1"), 1, False),
        (bulk_write.upload("1"), 1, False),
        (JOB_CREATION, 500, False),
        (bulk_write.status("1"), 1, False),
        (organisation.organisation(), 1, False),
    ],
)
def test_each_call_has_its_price_and_group(
    call: Call[object], price: int, *, is_complex: bool
) -> None:
    cost = PRICES.cost_of(call.work)
    assert (cost.credits, cost.is_complex, cost.weight) == (price, is_complex, 1)


def test_an_organisation_can_put_its_own_figures_in() -> None:
    dear = Prices(sorted_list=3, search=3, record_count=1, rows_per_delete_credit=10)
    listed = records.get_records("Deals", ["id"], sort_by=SortBy.ID)
    assert dear.cost_of(listed.work) == CallCost("records.list", "Deals", 3, is_complex=True)
    assert dear.cost_of(records.search("Deals", word="ab").work).credits == 3
    assert dear.cost_of(records.record_count("Deals").work).credits == 1
    assert dear.cost_of(writes.delete("Deals", ["1"] * 11).work).credits == 2
    cheap = Prices(rows_per_mass_update_credit=50_000, bulk_write=50, bulk_write_upload=0)
    assert cheap.cost_of(JOB_CREATION.work).credits == 50
    assert cheap.cost_of(bulk_write.upload("1").work).credits == 0
    scheduled = mass_update.by_view("Deals", "1", {"Stage": "Won"}, records=50_000)
    assert cheap.cost_of(scheduled.work).credits == 1


@pytest.mark.parametrize(
    ("status", "charged"),
    [(200, 10), (207, 10), (400, 1), (401, 0), (429, 0), (500, 10), (None, 10)],
)
def test_a_refused_attempt_is_charged_as_such(status: int | None, charged: int) -> None:
    cost = PRICES.cost_of(writes.insert("Deals", rows(100)).work)
    assert PRICES.charged(cost, status) == charged


@pytest.mark.parametrize(
    ("tail", "limit"),
    [
        ("", 200),
        (" limit 7", 7),
        (" limit 100, 300", 300),
        (" limit 300 offset 100", 300),
        (" Limit 5", 5),
    ],
)
def test_the_limit_is_read_from_the_text_of_a_query(tail: str, limit: int) -> None:
    assert coql.limit_of(f"select id from Deals where Deal_Name = 'limit 9'{tail}") == limit
    assert coql.limit_of(f"select id from Deals where Deal_Name = 'it''s limit 9'{tail}") == limit
