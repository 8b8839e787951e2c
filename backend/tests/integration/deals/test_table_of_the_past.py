"""The table as of a past moment: versions of that moment, at the rates of its day."""

from datetime import date, timedelta

import pytest

from support.api import START, Api
from support.api_rows import add_session
from support.deal_rows import insert
from support.deal_table import Connection, facet, ids, problem, summary

BEGAN = START - timedelta(days=30)
WEEK_AGO = START - timedelta(days=7)
THEN = WEEK_AGO.isoformat()


def version(
    deal_id: int, days_ago: float, until_days_ago: float | None, **facts: object
) -> dict[str, object]:
    until = None if until_days_ago is None else START - timedelta(days=until_days_ago)
    return {
        "deal_id": deal_id,
        "valid_from": START - timedelta(days=days_ago),
        "valid_to": until or "infinity",
        **facts,
    }


@pytest.fixture
def past(api: Api, stored: Connection) -> Api:
    """Three deals a week ago: one that is gone now, one that was smaller, one of another owner."""
    add_session(api, "full_sync", "completed", created_at=BEGAN, completed_at=BEGAN)
    insert(
        stored,
        "currency_rates",
        [{"iso_code": "USD", "valid_from": START.date(), "exchange_rate": "0.4"}],
    )
    insert(
        stored,
        "deal_versions",
        [
            version(101, 40, 3, name="alpha", amount=400, currency="SGD", stage="Propose",
                    probability=50, owner_id=21, account_id=11, country="India",
                    closing_date=date(2026, 2, 28)),
            version(101, 3, None, name="alpha rollout", amount=1000, currency="SGD"),
            version(102, 8, None, name="Beta refresh", amount=80, currency="USD", stage="Qualify",
                    probability=20, owner_id=22, account_id=12, country="Malaysia"),
            version(105, 20, 1, name="Epsilon", amount=5000, currency="SGD", stage="Lost",
                    probability=0),
            version(103, 2, None, name="Gamma", amount=1, currency="SGD"),
        ],
    )  # fmt: skip
    return api


def test_rows_are_as_they_stood(past: Api) -> None:
    answer = past.client.get("/api/deals", params={"as_of": THEN, "sort": "name"}).json()

    assert answer["as_of"] == "2026-02-23T09:30:00Z"
    alpha, beta, epsilon = answer["items"]
    assert [alpha["name"], beta["name"], epsilon["name"]] == ["alpha", "Beta refresh", "Epsilon"]
    assert alpha | {"stage": None} == {
        **alpha,
        "id": "101",
        "state": None,
        "error": None,
        "account": {"id": "11", "name": "Orchid Airways"},
        "owner": {"id": "21", "name": "Priya Menon"},
        "stage": None,
        "amount": 400,
        "value": 400,
        "weighted": 200,
        "rate_source": "none_needed",
        "closing_date": "2026-02-28",
        "country": "India",
        "changed_at": "2026-01-21T09:30:00Z",
        "fields": {},
        "marks": {},
    }
    assert alpha["stage"]["label"] == "Proposal"
    # At the rate of that day, not today's.
    assert (beta["value"], beta["rate_source"]) == (100, "crm")


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("-changed_at", [102, 105, 101]),
        ("changed_at", [101, 105, 102]),
        ("value", [102, 101, 105]),
        ("-weighted", [101, 102, 105]),
        ("account", [102, 101, 105]),
        ("-owner", [101, 102, 105]),
        ("stage", [102, 101, 105]),
        ("id", [101, 102, 105]),
        ("country", [101, 102, 105]),
        ("closing_date", [101, 102, 105]),
    ],
)
def test_the_past_can_be_ordered_by_what_it_knows(past: Api, sort: str, found: list[int]) -> None:
    assert ids(past, as_of=THEN, sort=sort) == found


def test_filters_choose_by_what_held_then(past: Api) -> None:
    assert ids(past, as_of=THEN, country="India") == [101]
    assert ids(past, as_of=THEN, outcome="lost") == [105]
    assert ids(past, as_of=THEN, q="orchid") == [101]
    assert ids(past, as_of=THEN, value_from=150, value_to=450) == [101]
    # February was the month of that day; now it is March.
    assert ids(past, as_of=THEN, closing="current_month") == [101]
    assert ids(past, closing="current_month") == [101]
    assert ids(past, as_of=THEN, probability="presales") == [101]


def test_totals_are_of_that_moment(past: Api) -> None:
    found = summary(past, as_of=THEN, outcome="open")

    assert {name: found[name] for name in ("count", "total_count", "value", "weighted")} == {
        "count": 2, "total_count": 3, "value": 500, "weighted": 220,
    }  # fmt: skip
    assert (found["conflicts"], found["is_past"]) == (None, True)
    assert found["history_began"] == "2026-01-31T09:30:00Z"
    assert [(each["currency"], each["since"]) for each in found["rates"]] == [("USD", "2026-01-05")]
    now = summary(past)
    assert (now["is_past"], now["as_of"], now["conflicts"]) == (False, None, 1)


def test_values_to_choose_are_those_of_that_moment(past: Api) -> None:
    assert facet(past, as_of=THEN, of="country") == [
        ("India", "India", 1),
        ("Malaysia", "Malaysia", 1),
        ("", "Empty", 1),
    ]
    assert facet(past, as_of=THEN, of="owner", outcome="open") == [
        ("21", "Priya Menon", 1),
        ("22", "arjun Rao", 1),
    ]


@pytest.mark.parametrize(
    ("path", "params", "told"),
    [
        ("/api/deals", {"sort": "state"}, (400, "no_history", "state")),
        ("/api/deals", {"sort": "-crm.Seats"}, (400, "no_history", "crm.Seats")),
        ("/api/deals", {"columns": "crm.Seats"}, (400, "no_history", "crm.Seats")),
        ("/api/deals", {"columns": "crm.Nothing"}, (400, "unknown_column", "crm.Nothing")),
        ("/api/deals", {"state": "synced"}, (400, "invalid_filter", "state")),
        ("/api/deals/summary", {"field": "Seats:empty"}, (400, "invalid_filter", "field")),
        ("/api/deals/facets", {"of": "crm.Strategic"}, (400, "no_history", "crm.Strategic")),
    ],
)
def test_what_has_no_history_is_refused_by_name(
    past: Api, path: str, params: dict[str, str], told: tuple[int, str, str]
) -> None:
    assert problem(past, path, as_of=THEN, **params) == told


@pytest.mark.parametrize("path", ["/api/deals", "/api/deals/summary", "/api/deals/facets?of=stage"])
@pytest.mark.parametrize("days", [-1, 31])
def test_moments_without_history_are_refused(past: Api, path: str, days: int) -> None:
    address, _, rest = path.partition("?of=")
    more = {"of": rest} if rest else {}
    at = (START - timedelta(days=days)).isoformat()
    assert problem(past, address, as_of=at, **more) == (400, "invalid_moment", "as_of")
