"""The table of all deals over HTTP."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from support.api import Api
from support.deal_rows import RATE_DAY, STAMP, currency_rows, deal_rows, insert

Connection = psycopg.Connection[Any]


def field_row(field_id: int, api_name: str, data_type: str, **other: object) -> dict[str, object]:
    return {
        "module": "Deals",
        "field_id": field_id,
        "api_name": api_name,
        "label": api_name.replace("_", " "),
        "data_type": data_type,
        "is_custom": True,
        "is_read_only": False,
        "is_mandatory": False,
        "document": {},
        **other,
    }


STAGES = [
    ("Qualify", "Qualification", 20, "Open"),
    ("Propose", "Proposal", 50, "Open"),
    ("Won", "Closed Won", 100, "Closed Won"),
    ("Lost", "Closed Lost", 0, "Closed Lost"),
]
STAGE_FIELD = field_row(
    1,
    "Stage",
    "picklist",
    document={
        "pick_list_values": [
            {
                "actual_value": value,
                "display_value": label,
                "probability": probability,
                "forecast_type": forecast,
                "sequence_number": place,
            }
            for place, (value, label, probability, forecast) in enumerate(STAGES, 1)
        ]
    },
)
FIELDS = [
    STAGE_FIELD,
    field_row(2, "Seats", "integer"),
    field_row(
        3,
        "Technologies",
        "multiselectpicklist",
        json_type="jsonarray",
        document={
            "pick_list_values": [
                {"actual_value": "AWS", "display_value": "Amazon"},
                {"actual_value": "SAP", "display_value": "SAP"},
            ]
        },
    ),
    field_row(4, "Strategic", "boolean"),
    field_row(5, "Next_Review", "datetime"),
    field_row(6, "Sales_Engineer", "userlookup", json_type="jsonobject"),
    field_row(7, "Partners", "subform", json_type="jsonarray"),
    field_row(8, "Next_Step", "text"),
    field_row(9, "Renewal", "date"),
    field_row(10, "Gone", "text", removed_at=STAMP),
]
DEALS: list[dict[str, object]] = [
    {
        "id": 101,
        "name": "alpha rollout",
        "account_id": 11,
        "owner_id": 21,
        "amount": "1000",
        "currency": "SGD",
        "probability": 20,
        "stage": "Qualify",
        "closing_date": date(2026, 3, 31),
        "country": "Singapore",
        "crm_modified_at": STAMP,
        "document": {
            "Seats": 30,
            "Technologies": ["AWS", "SAP"],
            "Strategic": True,
            "Next_Review": "2026-03-01T16:30:00Z",
            "Sales_Engineer": "21",
            "Partners": [{"id": "1"}, {"id": "2"}],
            "Next_Step": "Call Mei",
            "Renewal": "2027-01-01",
        },
    },
    {
        "id": 102,
        "name": "Beta refresh",
        "account_id": 12,
        "owner_id": 22,
        "amount": "300",
        "currency": "USD",
        "exchange_rate": "0.5",
        "probability": 50,
        "stage": "Propose",
        "closing_date": date(2026, 4, 1),
        "country": "Malaysia",
        "crm_modified_at": STAMP + timedelta(hours=2),
        "document": {"Seats": 4, "Technologies": ["SAP"], "Strategic": False},
    },
    {
        "id": 103,
        "name": "Gamma 100 % pilot",
        "account_id": 12,
        "amount": "80",
        "currency": "USD",
        "probability": 100,
        "stage": "Won",
        "closing_date": date(2026, 1, 10),
        "crm_modified_at": STAMP + timedelta(hours=1),
        "sync_status": "conflict",
        "document": {"Seats": "dirty"},
    },
    {
        "id": 104,
        "name": "Delta",
        "amount": "7",
        "currency": "LKR",
        "probability": 0,
        "stage": "Lost",
        "crm_modified_at": STAMP,
    },
    {
        "id": 105,
        "name": "Epsilon",
        "amount": "5000",
        "currency": "SGD",
        "crm_modified_at": STAMP,
        "presence": "deleted",
        "gone_at": STAMP,
    },
    {
        "id": 106,
        "name": "Zeta",
        "amount": "9000",
        "currency": "SGD",
        "crm_modified_at": STAMP,
        "presence": "invisible",
        "sync_status": "error",
        "error_details": "No longer shown to the connected user.",
        "gone_at": STAMP,
    },
]


@pytest.fixture
def stored(api: Api) -> Iterator[Connection]:
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": "0.8", "LKR": "0"})
        insert(
            connection,
            "field_map",
            [
                {
                    "module": "Deals",
                    "canonical_name": "Stage",
                    "api_name": "Stage",
                    "is_chosen": False,
                }
            ],
        )
        insert(connection, "crm_fields", FIELDS)
        insert(
            connection,
            "accounts",
            [{"id": 11, "name": "Orchid Airways", "crm_modified_at": STAMP}],
        )
        insert(connection, "lookup_names", [{"id": 12, "name": "Kaveri Power"}])
        insert(
            connection,
            "crm_users",
            [
                {"id": 21, "full_name": "Priya Menon", "is_active": True, "document": {}},
                {"id": 22, "full_name": "arjun Rao", "is_active": True, "document": {}},
            ],
        )
        deal_rows(connection, DEALS)
        yield connection


@pytest.fixture
def table(api: Api, stored: Connection) -> Api:
    assert not stored.closed
    return api


def ids(api: Api, **params: object) -> list[int]:
    answer = api.client.get("/api/deals", params=params)  # type: ignore[arg-type] # as httpx takes it
    assert answer.status_code == 200, answer.text
    return [int(row["id"]) for row in answer.json()["items"]]


def summary(api: Api, **params: object) -> dict[str, Any]:
    answer = api.client.get("/api/deals/summary", params=params)  # type: ignore[arg-type] # as above
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def problem(api: Api, path: str, **params: object) -> tuple[int, str, object]:
    answer = api.client.get(path, params=params)  # type: ignore[arg-type] # as above
    told = answer.json()
    return answer.status_code, told["code"], told.get("field", told.get("column"))


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


FILTERS: list[tuple[dict[str, object], list[int]]] = [
    ({"q": "ORCHID"}, [101]),
    ({"q": "kaveri beta"}, [102]),
    ({"q": "priya rollout"}, [101]),
    ({"q": "100 %"}, [103]),
    ({"q": "%"}, [103]),
    ({"q": "10"}, [102, 103, 104, 101]),
    ({"q": "#104"}, [104]),
    ({"country": ["Singapore", "Malaysia"]}, [102, 101]),
    ({"country": ["", "Malaysia"]}, [102, 103, 104]),
    ({"stage": "Won"}, [103]),
    ({"currency": "USD", "owner": "22"}, [102]),
    ({"owner": ""}, [103, 104]),
    ({"account": "12"}, [102, 103]),
    ({"probability": "presales"}, [102]),
    ({"probability": ["sales", "delivery"]}, [103, 101]),
    ({"probability": "active"}, [102, 101]),
    ({"probability": "all"}, [102, 103, 104, 101]),
    ({"closing": "current_quarter"}, [103, 101]),
    ({"closing": "next_quarter"}, [102]),
    ({"closing": "current_month"}, [101]),
    ({"closing_from": "2026-01-10", "closing_to": "2026-03-30"}, [103]),
    ({"closing": "next_quarter", "closing_to": "2026-01-31"}, [103]),
    ({"value_from": "600"}, [102, 101]),
    ({"value_from": "100", "value_to": "600.00"}, [102, 103]),
    ({"changed_since": "2026-03-01T13:00:00Z"}, [102, 103]),
    ({"state": "conflict"}, [103]),
    ({"state": ["synced"]}, [102, 104, 101]),
    ({"state": "deleted"}, [105]),
    ({"state": "error"}, [106]),
    ({"state": ["synced", "deleted"]}, [102, 105, 104, 101]),
    ({"field": "Seats:min:5"}, [101]),
    ({"field": ["Seats:is:4", "Seats:is:30"]}, [102, 101]),
    ({"field": ["Seats:min:1", "Seats:max:10"]}, [102]),
    ({"field": "Seats:filled"}, [102, 103, 101]),
    ({"field": "Seats:empty"}, [104]),
    ({"field": "Technologies:is:SAP"}, [102, 101]),
    ({"field": "Strategic:is:false"}, [102]),
    ({"field": "Next_Step:contains:mei"}, [101]),
    ({"field": "Next_Step:is:Call Mei"}, [101]),
    ({"field": "Next_Review:is:2026-03-01"}, [101]),
    ({"field": "Next_Review:max:2026-02-28"}, []),
    ({"field": "Renewal:min:2027-01-01"}, [101]),
    ({"field": "Sales_Engineer:is:21"}, [101]),
    ({"field": "Partners:filled"}, [101]),
]


def test_filters_find_their_deals(table: Api) -> None:
    assert [(params, ids(table, **params)) for params, _ in FILTERS] == FILTERS
    assert [summary(table, **params)["count"] for params, _ in FILTERS] == [
        len(found) for _, found in FILTERS
    ]


def test_days_are_those_of_the_organisations_zone(table: Api, stored: Connection) -> None:
    insert(
        stored,
        "crm_organisation",
        [
            {
                "id": 1,
                "company_name": "Acme",
                "edition": "Enterprise",
                "users_licensed": 5,
                "time_zone": "Asia/Singapore",
                "document": {},
            }
        ],
    )
    table.clock.time = datetime(2026, 3, 31, 17, tzinfo=UTC)

    assert ids(table, field="Next_Review:is:2026-03-02") == [101]
    assert ids(table, closing="current_quarter") == [102]
    assert table.client.get("/api/deals/columns").json()["today"] == "2026-04-01"


def test_the_summary_adds_up_and_names_what_has_no_rate(table: Api) -> None:
    assert summary(table) == {
        "count": 4,
        "total_count": 4,
        "value": 1700.0,
        "weighted": 600.0,
        "currency": "SGD",
        "without_rate": [{"currency": "LKR", "count": 1}],
        "conflicts": 1,
        "rates": [{"currency": "USD", "rate": 0.8, "since": RATE_DAY.isoformat()}],
        "rates_read_at": "2026-03-01T12:00:00Z",
    }


def test_deals_that_are_gone_are_listed_when_asked_for_and_add_nothing(table: Api) -> None:
    found = summary(table, state=["deleted", "error"])

    assert (found["count"], found["total_count"], found["value"]) == (2, 4, 0.0)


def facet(api: Api, **params: object) -> list[tuple[str, str | None, int]]:
    answer = api.client.get("/api/deals/facets", params=params)  # type: ignore[arg-type] # as above
    assert answer.status_code == 200, answer.text
    return [(each["value"], each["label"], each["count"]) for each in answer.json()["values"]]


def test_a_facet_counts_values_under_all_other_filters(table: Api) -> None:
    assert facet(table, of="currency", currency="SGD", closing="current_quarter") == [
        ("SGD", "SGD", 1),
        ("USD", "USD", 1),
    ]


def test_facets_name_people_stages_and_what_is_empty(table: Api) -> None:
    assert facet(table, of="owner") == [
        ("", "Empty", 2),
        ("21", "Priya Menon", 1),
        ("22", "arjun Rao", 1),
    ]
    assert facet(table, of="account", search="kav") == [("12", "Kaveri Power", 2)]
    assert facet(table, of="stage", search="proposal") == [("Propose", "Proposal", 1)]
    assert facet(table, of="crm.Technologies") == [
        ("SAP", "SAP", 2),
        ("", "Empty", 2),
        ("AWS", "Amazon", 1),
    ]
    assert facet(table, of="crm.Strategic") == [
        ("", "Empty", 2),
        ("false", "No", 1),
        ("true", "Yes", 1),
    ]


def test_a_facet_gives_the_most_frequent_and_says_that_there_are_more(table: Api) -> None:
    answer = table.client.get("/api/deals/facets", params={"of": "currency", "limit": 1}).json()

    assert answer == {
        "field": "currency",
        "values": [{"value": "USD", "label": "USD", "count": 2}],
        "has_more": True,
    }


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


REFUSED: list[tuple[dict[str, object], str, str]] = [
    ({"sort": "id; DROP TABLE deals"}, "unknown_column", "id; DROP TABLE deals"),
    ({"sort": "crm.Partners"}, "unknown_column", "crm.Partners"),
    ({"sort": "crm.Gone"}, "unknown_column", "crm.Gone"),
    ({"columns": "name"}, "unknown_column", "name"),
    ({"columns": "crm.Nope"}, "unknown_column", "crm.Nope"),
    ({"field": "Nope:is:1"}, "invalid_filter", "Nope"),
    ({"field": "Gone:filled"}, "invalid_filter", "Gone"),
    ({"field": "Seats"}, "invalid_filter", "field"),
    ({"field": "Seats:min"}, "invalid_filter", "field"),
    ({"field": "Seats:empty:1"}, "invalid_filter", "field"),
    ({"field": "Seats:like:1"}, "invalid_filter", "field"),
    ({"field": "Seats:contains:1"}, "invalid_filter", "Seats"),
    ({"field": "Seats:min:many"}, "invalid_filter", "Seats"),
    ({"field": "Seats:min:Infinity"}, "invalid_filter", "Seats"),
    ({"field": "Strategic:is:yes"}, "invalid_filter", "Strategic"),
    ({"field": "Renewal:min:2026-13-01"}, "invalid_filter", "Renewal"),
    ({"field": "Next_Review:max:9999-12-31"}, "invalid_filter", "Next_Review"),
    ({"field": "Sales_Engineer:is:me"}, "invalid_filter", "Sales_Engineer"),
    ({"owner": "me"}, "invalid_filter", "owner"),
    ({"account": "99999999999999999999"}, "invalid_filter", "account"),
    ({"q": "a\0b"}, "invalid_filter", "q"),
    ({"country": "a\0b"}, "invalid_filter", "country"),
]


def test_what_cannot_be_meant_is_refused_by_name(table: Api) -> None:
    told = [(params, *problem(table, "/api/deals", **params)) for params, _, _ in REFUSED]

    assert told == [(params, 400, code, subject) for params, code, subject in REFUSED]


def test_a_facet_of_what_does_not_repeat_is_refused(table: Api) -> None:
    names = ("name", "crm.Seats", "crm.Nope", "Seats")

    assert [problem(table, "/api/deals/facets", of=name) for name in names] == [
        (400, "unknown_column", name) for name in names
    ]


def test_text_is_compared_as_it_is_written(table: Api) -> None:
    assert ids(table, q="' OR 1=1 --") == []
    assert ids(table, country="' OR '1'='1") == []
    assert ids(table, q="_____") == []
    assert ids(table, field="Next_Step:contains:%") == []


def test_columns_say_what_can_be_done_with_them(table: Api) -> None:
    answer = table.client.get("/api/deals/columns").json()
    columns = {column["key"]: column for column in answer["columns"]}

    assert (answer["base_currency"], answer["default_sort"]) == ("SGD", "-changed_at")
    assert columns["crm.Technologies"] == {
        "key": "crm.Technologies",
        "label": "Technologies",
        "kind": "choices",
        "data_type": "multiselectpicklist",
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
