"""What the Dashboard says of past moments and of rates, over rows given one by one."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.api import START, Api
from support.api_rows import add_session
from support.deal_rows import currency_rows, deal_rows, insert

LONG_AGO = START - timedelta(days=60)
WEEK_AGO = START - timedelta(days=7)
STAGES = [
    {"actual_value": "Selling", "sequence_number": 1, "forecast_type": "Open"},
    {"actual_value": "Won", "sequence_number": 2, "forecast_type": "Closed Won"},
    {"actual_value": "Lost", "sequence_number": 3, "forecast_type": "Closed Lost"},
]


@pytest.fixture
def rows(api: Api) -> Iterator[psycopg.Connection[Any]]:
    """A mirror with stages and rates; full since long ago."""
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": "0.75"})
        insert(
            connection,
            "crm_fields",
            [
                {
                    "module": "Deals",
                    "field_id": 1,
                    "api_name": "Stage",
                    "label": "Stage",
                    "data_type": "picklist",
                    "is_custom": False,
                    "is_read_only": False,
                    "is_mandatory": True,
                    "document": Jsonb({"pick_list_values": STAGES}),
                }
            ],
        )
        full_sync(api, LONG_AGO)
        yield connection


def full_sync(api: Api, completed_at: datetime) -> None:
    add_session(api, "full_sync", "completed", created_at=completed_at, completed_at=completed_at)


def version(
    deal_id: int, since: datetime, until: datetime | None, facts: Mapping[str, object]
) -> dict[str, object]:
    return {
        "deal_id": deal_id,
        "valid_from": since,
        "valid_to": until or "infinity",
        "crm_created_at": LONG_AGO,
        **facts,
    }


def dashboard(api: Api) -> dict[str, Any]:
    answer = api.client.get("/api/dashboard")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_change_is_against_the_versions_of_seven_days_ago(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    then: dict[str, object] = {
        "stage": "Selling",
        "amount": 100,
        "currency": "SGD",
        "probability": 50,
    }
    now = {**then, "amount": 300}
    deal_rows(rows, [{"id": 1, **now}])
    insert(
        rows,
        "deal_versions",
        [
            version(1, LONG_AGO, WEEK_AGO - timedelta(days=1), {**then, "amount": 7}),
            version(1, WEEK_AGO - timedelta(days=1), WEEK_AGO + timedelta(days=1), then),
            version(1, WEEK_AGO + timedelta(days=1), None, now),
        ],
    )

    change = dashboard(api)["change"]

    assert datetime.fromisoformat(change["since"]) == WEEK_AGO
    assert change["is_cut"] is False
    assert change["deals"] == {"absolute": 0, "relative": 0}
    assert change["value"] == {"absolute": 200, "relative": 2}
    assert change["weighted"] == {"absolute": 100, "relative": 2}


def test_past_values_have_the_rates_of_their_day(api: Api, rows: psycopg.Connection[Any]) -> None:
    insert(
        rows,
        "currency_rates",
        [
            {
                "iso_code": "USD",
                "valid_from": (START - timedelta(days=2)).date(),
                "exchange_rate": "0.50",
            }
        ],
    )
    deal: dict[str, object] = {
        "stage": "Selling",
        "amount": 75,
        "currency": "USD",
        "probability": 100,
    }
    deal_rows(rows, [{"id": 1, **deal}])
    insert(rows, "deal_versions", [version(1, LONG_AGO, None, deal)])

    body = dashboard(api)

    assert body["total"] == {"deals": 1, "value": 150, "weighted": 150}
    assert body["change"]["value"] == {"absolute": 50, "relative": 0.5}


def test_change_says_since_when_it_counts_if_history_is_shorter(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    began = START - timedelta(days=3)
    api.sql("DELETE FROM crm_sync_sessions")
    full_sync(api, began)
    full_sync(api, START - timedelta(days=1))
    insert(
        rows, "deal_versions", [version(1, LONG_AGO, began + timedelta(hours=1), {"stage": "Lost"})]
    )

    change = dashboard(api)["change"]

    assert datetime.fromisoformat(change["since"]) == began
    assert change["is_cut"] is True


def test_growth_from_nothing_has_no_share(api: Api, rows: psycopg.Connection[Any]) -> None:
    born = START - timedelta(days=1)
    deal = {"stage": "Selling", "amount": 75, "currency": "SGD", "crm_created_at": born}
    deal_rows(rows, [{"id": 1, **deal}])
    insert(
        rows,
        "deal_versions",
        [version(1, born, None, deal)],
    )

    change = dashboard(api)["change"]

    assert change["value"] == {"absolute": 75, "relative": None}
    assert change["deals"] == {"absolute": 1, "relative": None}
    assert change["new_deals"] == 1


def test_a_deal_that_came_back_is_not_new(api: Api, rows: psycopg.Connection[Any]) -> None:
    facts: dict[str, object] = {"stage": "Selling", "amount": 75, "currency": "SGD"}
    deal_rows(rows, [{"id": 1, **facts}])
    insert(
        rows,
        "deal_versions",
        [
            version(1, LONG_AGO, WEEK_AGO - timedelta(days=1), facts),
            version(1, WEEK_AGO + timedelta(days=1), None, facts),
        ],
    )

    change = dashboard(api)["change"]

    assert change["new_deals"] == 0
    assert change["deals"] == {"absolute": 1, "relative": None}


def test_a_deal_that_was_won_before_is_not_won_again(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    insert(
        rows,
        "deal_versions",
        [
            version(1, LONG_AGO, START - timedelta(days=1), {"stage": "Won", "amount": 1}),
            version(1, START - timedelta(days=1), None, {"stage": "Won", "amount": 2}),
            version(2, LONG_AGO, START - timedelta(days=1), {"stage": "Lost"}),
            version(2, START - timedelta(days=1), None, {"stage": "Won"}),
        ],
    )

    change = dashboard(api)["change"]

    assert (change["won_deals"], change["lost_deals"]) == (1, 0)


def test_deals_without_a_rate_are_named_and_in_no_sum(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    selling = {"stage": "Selling", "amount": 100, "probability": 50}
    deal_rows(
        rows,
        [
            {"id": 1, **selling, "currency": "SGD"},
            {"id": 2, **selling, "currency": "LKR"},
            {"id": 3, **selling, "currency": "LKR"},
            {"id": 4, **selling, "currency": "ZAR"},
            {"id": 5, **selling, "currency": "ZAR", "amount": None},
            {"id": 6, **selling, "currency": "ZAR", "stage": "Won"},
            {"id": 7, **selling, "currency": "LKR", "presence": "deleted"},
        ],
    )

    body = dashboard(api)

    assert body["total"] == {"deals": 5, "value": 100, "weighted": 50}
    assert body["without_rate"] == [
        {"currency": "LKR", "deals": 2},
        {"currency": "ZAR", "deals": 1},
    ]


def test_a_day_is_the_organisations_day(api: Api, rows: psycopg.Connection[Any]) -> None:
    api.clock.time = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)  # 1 April, 02:00 in Singapore
    insert(
        rows,
        "crm_organisation",
        [
            {
                "id": 1,
                "company_name": "Acme",
                "edition": "Enterprise",
                "users_licensed": 5,
                "time_zone": "Asia/Singapore",
                "document": Jsonb({}),
            }
        ],
    )
    deal_rows(
        rows,
        [
            {"id": 1, "stage": "Selling", "closing_date": "2026-03-31"},
            {"id": 2, "stage": "Selling", "closing_date": "2026-04-01"},
            {"id": 3, "stage": "Won", "revenue_recognised_on": "2026-03-31"},
            {"id": 4, "stage": "Won", "revenue_recognised_on": "2026-04-01"},
        ],
    )

    body = dashboard(api)

    assert body["today"] == "2026-04-01"
    assert body["overdue"]["deals"] == 1
    assert (body["realised"]["quarter"], body["realised"]["deals"]) == (2, 1)


def test_an_empty_mirror_has_zeros_and_no_past(api: Api) -> None:
    body = dashboard(api)

    zero = {"deals": 0, "value": 0, "weighted": 0}
    assert (body["total"], body["overdue"]) == (zero, zero)
    assert (body["by_stage"], body["by_country"], body["without_rate"]) == ([], [], [])
    assert body["other_countries"] is None
    assert body["change"] is None
    assert body["rates_read_at"] is None
