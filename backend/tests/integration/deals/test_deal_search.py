"""Deals by a few letters of their name, as the palette asks for them."""

from datetime import timedelta

from support.api import Api
from support.deal_rows import STAMP, deal_rows
from support.deal_table import Connection


def test_search_puts_names_that_begin_so_first(table: Api, stored: Connection) -> None:
    deal_rows(stored, [{"id": 107, "name": "Pilot beta", "crm_modified_at": STAMP + timedelta(9)}])

    found = table.client.get("/api/deals/search", params={"q": "Beta"}).json()

    assert [each["id"] for each in found["items"]] == ["102", "107"]
    assert found["currency"] == "SGD"
    assert found["items"][0] == {
        "id": "102",
        "name": "Beta refresh",
        "account": "Kaveri Power",
        "owner": "arjun Rao",
        "stage": "Proposal",
        "value": 600.0,
    }


def test_search_by_id_and_for_nothing(table: Api) -> None:
    found = {
        q: [
            each["id"]
            for each in table.client.get("/api/deals/search", params={"q": q}).json()["items"]
        ]
        for q in ("#103", "#", "#x", "  ", "nothing")
    }

    assert found == {"#103": ["103"], "#": [], "#x": [], "  ": [], "nothing": []}


def test_search_gives_ten_at_most(table: Api, stored: Connection) -> None:
    deal_rows(stored, [{"id": 200 + n, "name": f"Many {n}"} for n in range(12)])

    items = table.client.get("/api/deals/search", params={"q": "many"}).json()["items"]

    assert len(items) == 10
