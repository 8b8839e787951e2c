"""What questions mean at the edges: moments, rates, conflicts, groups beyond the most."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.api import START, Api
from support.api_rows import add_change, add_organisation, add_session
from support.deal_rows import currency_rows, deal_rows, insert

LONG_AGO = START - timedelta(days=60)
WEEK_AGO = START - timedelta(days=7)
STAGES = [
    {"actual_value": "Selling", "sequence_number": 1, "forecast_type": "Open"},
    {"actual_value": "Won", "sequence_number": 2, "forecast_type": "Closed Won"},
    {"actual_value": "Lost", "sequence_number": 3, "forecast_type": "Closed Lost"},
]
FIELDS: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("Stage", "picklist", STAGES),
    ("Lead_Source", "picklist", [{"actual_value": "cold", "display_value": "Cold call"}]),
    ("Strategic", "boolean", []),
    ("Seats", "integer", []),
    ("Tools", "multiselectpicklist", []),
    ("Notes", "textarea", []),
]
SELLING: dict[str, object] = {
    "stage": "Selling", "amount": 100, "currency": "SGD", "probability": 50, "country": "Singapore",
}  # fmt: skip


@pytest.fixture
def rows(api: Api) -> Iterator[psycopg.Connection[Any]]:
    """A mirror with stages, fields and rates; full since long ago."""
    add_organisation(api, zone="Asia/Singapore")
    add_session(api, "full_sync", "completed", created_at=LONG_AGO, completed_at=LONG_AGO)
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": "0.75"})
        insert(
            connection,
            "crm_fields",
            [
                {
                    "module": "Deals",
                    "field_id": number,
                    "api_name": name,
                    "label": name.replace("_", " "),
                    "data_type": data_type,
                    "is_custom": False,
                    "is_read_only": False,
                    "is_mandatory": False,
                    "document": Jsonb({"pick_list_values": values}),
                }
                for number, (name, data_type, values) in enumerate(FIELDS)
            ],
        )
        yield connection


def version(
    deal_id: int, since: datetime, until: datetime | None, facts: Mapping[str, object]
) -> dict[str, object]:
    return {"deal_id": deal_id, "valid_from": since, "valid_to": until or "infinity", **facts}


# Any: what the API answers, compared exactly.
Answer = Any


def ask(api: Api, path: str, status: int = 200, **asked: object) -> Answer:
    answer = api.client.get(f"/api/analysis/{path}", params={**asked})  # type: ignore[arg-type]  # httpx takes them
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.usefixtures("rows")
def test_no_deals_are_worth_nothing_and_have_no_averages(api: Api) -> None:
    body = ask(api, "numbers")

    nothing = {"now": 0, "then": 0, "absolute": 0, "relative": None}
    unknown = dict.fromkeys(nothing)
    assert (body["value"], body["deals"], body["weighted"]) == (nothing, nothing, nothing)
    assert (body["average_size"], body["average_probability"]) == (unknown, unknown)
    assert body["basis"]["rates"] == []
    table = ask(api, "breakdown", rows="country", columns="stage")
    assert (table["rows"], table["columns"], table["total"]["deals"]) == ([], [], 0)
    assert ask(api, "managers")["items"] == []


def test_numbers_compare_with_seven_days_ago_at_the_rates_of_each_day(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    insert(
        rows,
        "currency_rates",
        [{"iso_code": "USD", "valid_from": START.date() - timedelta(days=2), "exchange_rate": 0.5}],
    )
    deal = SELLING | {"currency": "USD", "amount": 300}
    deal_rows(rows, [{"id": 1, **deal}, {"id": 2, **SELLING, "currency": "LKR"}])
    insert(rows, "deal_versions", [version(1, LONG_AGO, None, deal)])

    body = ask(api, "numbers", outcome="open")

    assert datetime.fromisoformat(body["comparison"]["compared_with"]) == WEEK_AGO
    assert body["comparison"]["is_cut"] is False
    assert body["value"] == {"now": 600, "then": 400, "absolute": 200, "relative": 0.5}
    # The deal without a rate counts, and is in no average.
    assert body["deals"]["now"] == 2
    assert body["average_size"]["now"] == 600
    assert body["basis"]["without_rate"] == [{"currency": "LKR", "deals": 1}]
    assert body["basis"]["rates"] == [{"currency": "USD", "rate": "0.5", "since": "2026-02-28"}]
    past = ask(api, "numbers", outcome="open", as_of=WEEK_AGO.isoformat())
    assert past["value"]["now"] == 400
    assert past["basis"]["rates"] == [{"currency": "USD", "rate": "0.75", "since": "2026-01-05"}]
    # A past question is compared with seven days before it.
    assert datetime.fromisoformat(past["comparison"]["compared_with"]) == WEEK_AGO - timedelta(
        days=7
    )


def test_a_deal_of_a_rate_of_its_own_uses_none_of_the_crms(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": 1, **SELLING, "currency": "USD", "exchange_rate": "0.8"}])

    basis = ask(api, "numbers")["basis"]

    assert (basis["own_rate_deals"], basis["rates"]) == (1, [])


def test_open_conflicts_are_told_with_their_worth_unless_all_were_skipped(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": number, **SELLING, "amount": 10**number} for number in range(1, 6)])
    deal_rows(rows, [{"id": 6, **SELLING, "country": "Malaysia", "amount": 10**6}])
    add_change(api, 1, "Amount", "conflict")
    add_change(api, 1, "Country", "conflict", is_skipped=True)
    add_change(api, 2, "Amount", "conflict", is_skipped=True)
    add_change(api, 3, "Amount", "queued")
    add_change(api, 4, "Amount", "conflict")
    add_change(api, 6, "Amount", "conflict")

    for path in ("numbers", "breakdown", "managers"):
        basis = ask(api, path, country="Singapore")["basis"]
        assert basis["conflicts"] == {"deals": 2, "value": 10_010}


def test_deals_that_are_gone_are_in_no_figure_even_when_they_are_asked_for(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(
        rows,
        [
            {"id": 1, **SELLING, "presence": "deleted"},
            {"id": 2, **SELLING, "presence": "invisible", "sync_status": "error"},
            {"id": 3, **SELLING, "sync_status": "pending"},
        ],
    )

    for state, deals in (("deleted", 0), ("error", 0), ("pending", 1)):
        assert ask(api, "numbers", state=state)["deals"]["now"] == deals
        assert ask(api, "breakdown", state=state)["total"]["deals"] == deals


@pytest.mark.usefixtures("rows")
def test_history_that_is_short_or_missing_is_told(api: Api) -> None:
    began = START - timedelta(days=3)
    api.sql("UPDATE crm_sync_sessions SET completed_at = %(began)s", began=began)
    comparison = ask(api, "numbers")["comparison"]
    assert datetime.fromisoformat(comparison["compared_with"]) == began
    assert (comparison["is_cut"], comparison["missing_because"]) == (True, None)
    assert ask(api, "trend")["points"][0]["at"] == comparison["compared_with"]

    by_it = "has no history, so deals chosen by it cannot be compared."
    for asked, why in (
        ({"state": "pending"}, f"Sync status {by_it}"),
        ({"field": "Seats:min:3"}, f"Seats {by_it}"),
        (
            {"changed_since": WEEK_AGO.isoformat()},
            "Deals chosen by when they changed cannot be compared with earlier ones.",
        ),
    ):
        body = ask(api, "numbers", **asked)
        assert body["comparison"] == {
            "compared_with": None,
            "is_cut": False,
            "missing_because": why,
        }
        assert body["deals"] == {"now": 0, "then": None, "absolute": None, "relative": None}
        refused = ask(api, "numbers", 400, as_of=began.isoformat(), **asked)
        assert refused["code"] == "invalid_filter"

    api.sql("DELETE FROM crm_sync_sessions")
    body = ask(api, "numbers")
    assert body["comparison"]["missing_because"].startswith("There is no history yet")
    assert body["basis"]["history_began"] is None
    assert ask(api, "trend")["points"] == []


@pytest.mark.usefixtures("rows")
def test_moments_that_history_cannot_tell_are_refused_by_name(api: Api) -> None:
    second = timedelta(seconds=1)
    for given, field in (
        ({"as_of": START + second}, "as_of"),
        ({"as_of": LONG_AGO - second}, "as_of"),
        ({"compared_with": LONG_AGO - second}, "compared_with"),
        ({"as_of": WEEK_AGO, "compared_with": WEEK_AGO + second}, "compared_with"),
    ):
        asked = {name: moment.isoformat() for name, moment in given.items()}

        refused = ask(api, "numbers", 400, **asked)

        assert (refused["code"], refused["field"]) == ("invalid_moment", field), given


def test_a_period_is_of_the_organisations_day_at_the_moment_that_is_asked_about(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    # In Singapore the new quarter has begun, by UTC it has not.
    quarter_began = datetime(2025, 12, 31, 17, tzinfo=UTC)
    api.sql("UPDATE crm_sync_sessions SET completed_at = %(at)s", at=quarter_began)
    first = SELLING | {"closing_date": "2026-01-01", "amount": 1}
    last = SELLING | {"closing_date": "2025-12-31", "amount": 20}
    insert(
        rows,
        "deal_versions",
        [version(1, LONG_AGO - timedelta(days=90), None, first),
         version(2, LONG_AGO - timedelta(days=90), None, last)],
    )  # fmt: skip

    body = ask(api, "numbers", closing="current_quarter", as_of=quarter_began.isoformat())

    assert body["value"]["now"] == 1
    assert body["basis"]["today"] == "2026-01-01"
    assert (body["basis"]["closing_from"], body["basis"]["closing_to"]) == (
        "2026-01-01",
        "2026-03-31",
    )


def test_groups_beyond_the_most_are_one_more_so_that_totals_add_up(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(
        rows,
        [
            {"id": number, **SELLING, "country": f"Country {number:03}", "amount": number,
             "business_region": f"Region {number % 30:02}"}
            for number in range(1, 206)
        ],
    )  # fmt: skip

    body = ask(api, "breakdown", rows="country", columns="region")

    assert len(body["rows"]) == 201
    others = body["rows"][-1]
    assert others["heading"] == {
        "kind": "others", "key": None, "label": "5 others", "filter": None, "groups": 5,
    }  # fmt: skip
    assert (others["deals"], others["value"]) == (5, 1 + 2 + 3 + 4 + 5)
    assert body["rows"][0]["heading"]["label"] == "Country 205"
    assert [each["kind"] for each in body["columns"]] == ["value"] * 24 + ["others"]
    assert body["columns"][-1]["groups"] == 6
    for row in (*body["rows"], body["total"]):
        assert sum(cell["figure"] for cell in row["cells"] if cell) == row["value"]
    assert sum(row["value"] for row in body["rows"]) == body["total"]["value"] == 205 * 103
    assert ask(api, "breakdown", rows="country")["columns"] == []


def test_a_row_that_has_no_deal_any_more_is_still_compared(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    deal_rows(rows, [{"id": 1, **SELLING}])
    insert(
        rows,
        "deal_versions",
        [
            version(1, LONG_AGO, START - timedelta(days=1), SELLING | {"country": "Japan"}),
            version(1, START - timedelta(days=1), None, SELLING),
        ],
    )

    by_country = {
        row["heading"]["key"]: row["figure"]
        for row in ask(api, "breakdown", columns="stage")["rows"]
    }

    assert by_country == {
        "Singapore": {"now": 100, "then": 0, "absolute": 100, "relative": None},
        "Japan": {"now": 0, "then": 100, "absolute": -100, "relative": -1},
    }


def test_further_fields_of_the_crm_break_down_now_and_have_no_past(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    documents: list[dict[str, object]] = [{"Lead_Source": "cold", "Strategic": True}, {}]
    deal_rows(
        rows,
        [{"id": number, **SELLING, "document": each} for number, each in enumerate(documents, 1)],
    )

    body = ask(api, "breakdown", rows="crm.Lead_Source", columns="crm.Strategic")

    found = {row["heading"]["label"]: row for row in body["rows"]}
    assert set(found) == {"Cold call", "No Lead Source"}
    assert found["Cold call"]["heading"]["filter"] == "field=Lead_Source%3Ais%3Acold"
    assert {each["label"] for each in body["columns"]} == {"Yes", "No Strategic"}
    assert found["Cold call"]["figure"]["then"] is None
    assert body["comparison"]["missing_because"] == (
        "Strategic has no history, so groups by it cannot be compared."
    )
    refused = ask(api, "breakdown", 400, rows="crm.Lead_Source", as_of=WEEK_AGO.isoformat())
    assert (refused["code"], refused["field"]) == ("invalid_breakdown", "rows")


@pytest.mark.usefixtures("rows")
def test_what_deals_cannot_be_broken_down_by_is_refused_by_name(api: Api) -> None:
    for asked, field in (
        ({"rows": "colour"}, "rows"),
        ({"rows": "country", "columns": "country"}, "columns"),
        ({"rows": "crm.Unknown"}, "rows"),
        ({"rows": "crm.Seats"}, "rows"),
        ({"rows": "crm.Notes"}, "rows"),
        ({"columns": "crm.Tools"}, "columns"),
        ({"rows": "stage", "measure": "win_rate"}, "rows"),
        ({"rows": "owner", "columns": "outcome", "measure": "win_rate"}, "columns"),
    ):
        refused = ask(api, "breakdown", 400, **asked)

        assert (refused["code"], refused["field"]) == ("invalid_breakdown", field), asked


def test_win_rates_are_of_the_deals_closed_in_a_range_whatever_the_filters_say_of_stages(
    api: Api, rows: psycopg.Connection[Any]
) -> None:
    insert(
        rows,
        "crm_users",
        [
            {"id": 21, "full_name": "Priya", "is_active": True, "document": {}},
            {"id": 22, "full_name": "Arjun", "is_active": False, "document": {}},
        ],
    )
    owned = [(21, "Won", "2026-01-10"), (21, "Lost", "2025-04-01"), (21, "Lost", "2025-02-01"),
             (22, "Won", "2026-02-01")]  # fmt: skip
    deal_rows(
        rows,
        [
            {"id": 1, **SELLING, "owner_id": 21, "closing_date": "2026-03-31"},
            *(
                {"id": number, **SELLING, "stage": stage, "owner_id": owner, "closing_date": day,
                 "probability": 100 if stage == "Won" else 0}
                for number, (owner, stage, day) in enumerate(owned, 2)
            ),
        ],
    )  # fmt: skip
    page = {"closing": "current_quarter", "probability": "presales", "outcome": "open"}

    body = ask(api, "managers", **page)

    assert (body["closed_from"], body["closed_to"]) == ("2025-03-03", "2026-03-02")
    told = [
        (each["name"], each["is_active"], each["deals"], each["won"], each["lost"],
         each["win_rate"])
        for each in body["items"]
    ]  # fmt: skip
    assert told == [("Priya", True, 1, 1, 1, 50), ("Arjun", False, 0, 1, 0, 100)]
    assert (body["total"]["deals"], body["total"]["win_rate"]) == (1, 66.67)
    longer = ask(api, "managers", closed_from="2025-01-01", **page)
    assert longer["items"][0]["win_rate"] == 33.33
    table = ask(api, "breakdown", rows="owner", measure="win_rate", **page)
    assert {row["heading"]["label"]: row["figure"]["now"] for row in table["rows"]} == {
        "Priya": 50,
        "Arjun": 100,
    }
    assert ask(api, "managers", 400, closed_from="2026-03-03")["field"] == "closed_from"
