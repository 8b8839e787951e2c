"""What the table adds up and counts: its summary and the values of a facet."""

from support.api import Api
from support.deal_rows import RATE_DAY
from support.deal_table import facet, problem, summary


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
        "as_of": None,
        "is_past": False,
        "history_began": None,
    }


def test_deals_that_are_gone_are_listed_when_asked_for_and_add_nothing(table: Api) -> None:
    found = summary(table, state=["deleted", "error"])

    assert (found["count"], found["total_count"], found["value"]) == (2, 4, 0.0)


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


def test_a_facet_of_what_does_not_repeat_is_refused(table: Api) -> None:
    names = ("name", "crm.Seats", "crm.Nope", "Seats")

    assert [problem(table, "/api/deals/facets", of=name) for name in names] == [
        (400, "unknown_column", name) for name in names
    ]
