"""The table of all deals over HTTP: its rows, their order and its columns."""

from support.api import Api
from support.deal_table import ids, summary


def test_the_last_change_comes_first_and_equals_go_by_id(table: Api) -> None:
    assert ids(table) == [102, 103, 104, 101]


def test_a_row_shows_names_labels_value_and_where_its_rate_came_from(table: Api) -> None:
    [row] = table.client.get("/api/deals", params={"q": "beta"}).json()["items"]

    assert row == {
        "id": "102",
        "state": "synced",
        "error": None,
        "name": "Beta refresh",
        "account": {"id": "12", "name": "Kaveri Power"},
        "owner": {"id": "22", "name": "arjun Rao"},
        "stage": {"value": "Propose", "label": "Proposal", "step": 3, "outcome": "open"},
        "probability": 50.0,
        "amount": 300.0,
        "currency": "USD",
        "exchange_rate": 0.5,
        "value": 600.0,
        "weighted": 300.0,
        "rate_source": "deal",
        "closing_date": "2026-04-01",
        "country": "Malaysia",
        "region": None,
        "solution": None,
        "funding": None,
        "segment": None,
        "created_at": None,
        "changed_at": "2026-03-01T14:00:00Z",
        "proposal_submitted_on": None,
        "po_generated_on": None,
        "kicked_off_on": None,
        "invoiced_on": None,
        "payment_received_on": None,
        "revenue_recognised_on": None,
        "fields": {},
        "marks": {},
    }


def test_crm_fields_are_shown_when_they_are_asked_for(table: Api) -> None:
    keys = ["Seats", "Technologies", "Sales_Engineer", "Partners", "Strategic", "Next_Step"]
    rows = table.client.get(
        "/api/deals", params={"q": "#101", "columns": [f"crm.{key}" for key in keys]}
    ).json()["items"]

    assert rows[0]["fields"] == {
        "crm.Seats": 30,
        "crm.Technologies": ["Amazon", "SAP"],
        "crm.Sales_Engineer": {"id": "21", "name": "Priya Menon"},
        "crm.Partners": 2,
        "crm.Strategic": True,
        "crm.Next_Step": "Call Mei",
    }


ORDERS = [
    ("name", [101, 102, 104, 103]),
    ("-name", [103, 104, 102, 101]),
    ("account", [102, 103, 101, 104]),
    ("-owner", [101, 102, 104, 103]),
    ("value", [103, 102, 101, 104]),
    ("-value", [101, 102, 103, 104]),
    ("stage", [101, 102, 103, 104]),
    ("closing_date", [103, 101, 102, 104]),
    ("-closing_date", [102, 101, 103, 104]),
    ("-country", [101, 102, 104, 103]),
    ("state", [103, 101, 102, 104]),
    ("id", [101, 102, 103, 104]),
    ("crm.Seats", [102, 101, 103, 104]),
    ("-crm.Next_Step", [101, 104, 103, 102]),
    ("crm.Sales_Engineer", [101, 102, 103, 104]),
]


# A server and a database a test: so the cases of one rule share them.
def test_each_column_orders_both_ways_with_empty_ones_last(table: Api) -> None:
    assert [(sort, ids(table, sort=sort)) for sort, _ in ORDERS] == ORDERS


def test_every_column_that_says_so_orders_rows(table: Api) -> None:
    columns = table.client.get("/api/deals/columns").json()["columns"]
    sortable = [column["key"] for column in columns if column["is_sortable"]]

    assert {column["key"] for column in columns} - set(sortable) == {"crm.Partners"}
    for key in sortable:
        assert sorted(ids(table, sort=key)) == sorted(ids(table, sort=f"-{key}"))


def test_windows_of_a_sorted_table_hold_every_deal_once(table: Api) -> None:
    first = table.client.get("/api/deals", params={"sort": "country", "limit": 3}).json()
    last = table.client.get(
        "/api/deals", params={"sort": "country", "limit": 3, "offset": 3}
    ).json()

    assert (first["has_more"], last["has_more"]) == (True, False)
    assert [row["id"] for row in first["items"] + last["items"]] == ["102", "101", "103", "104"]


def test_columns_say_what_can_be_done_with_them(table: Api) -> None:
    answer = table.client.get("/api/deals/columns").json()
    columns = {column["key"]: column for column in answer["columns"]}

    assert (answer["base_currency"], answer["default_sort"]) == ("SGD", "-changed_at")
    assert columns["crm.Technologies"] == {
        "key": "crm.Technologies",
        "label": "Technologies",
        "kind": "choices",
        "data_type": "multiselectpicklist",
        "api_name": "Technologies",
        "read_only_reason": None,
        "is_crm_field": True,
        "is_default": False,
        "is_sortable": True,
        "has_facet": True,
        "tests": ["is", "empty", "filled"],
    }
    # A mapped field is shown as its canonical column, a removed one not at all.
    assert "crm.Stage" not in columns
    assert "crm.Gone" not in columns


def test_an_empty_mirror_has_an_empty_table(api: Api) -> None:
    assert ids(api) == []
    assert summary(api)["count"] == 0
    assert api.client.get("/api/deals/facets", params={"of": "stage"}).json()["values"] == []
