"""Which deals the table shows: filters, and what is refused by name."""

from datetime import UTC, datetime

from support.api import Api
from support.deal_rows import insert
from support.deal_table import Connection, ids, problem, summary

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


def test_text_is_compared_as_it_is_written(table: Api) -> None:
    assert ids(table, q="' OR 1=1 --") == []
    assert ids(table, country="' OR '1'='1") == []
    assert ids(table, q="_____") == []
    assert ids(table, field="Next_Step:contains:%") == []


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
