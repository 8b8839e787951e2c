"""The list of opportunities as a file holds what its page shows, in its order."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from support.api import START, Api
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD
from support.exports import about, csv_rows, exported, sheet_rows

TODAY = START.date()
FRESH = START - timedelta(days=1)


@pytest.fixture
def listed(api: Api) -> Iterator[Api]:
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": 2})
        insert(connection, "crm_fields", [STAGE_FIELD])
        rows: list[dict[str, Any]] = [
            {"id": 1, "name": "=Fine", "stage": "Qualify", "currency": "USD"},
            {"id": 2, "name": "Late", "stage": "Won", "po_generated_on": TODAY - timedelta(15)},
            {"id": 3, "name": "No rate", "stage": "Propose", "currency": "LKR"},
            {"id": 4, "name": "Arrived", "stage": "Won", "revenue_recognised_on": TODAY},
        ]
        deal_rows(
            connection,
            [
                {
                    "account_id": 11,
                    "crm_modified_at": FRESH,
                    "crm_created_at": START - timedelta(days=20),
                    "amount": 100,
                    "currency": "SGD",
                    "closing_date": TODAY + timedelta(days=30),
                    **row,
                }
                for row in rows
            ],
        )
        yield api


def test_a_sheet_has_the_rows_of_the_page_in_its_order_typed(listed: Api) -> None:
    content = exported(listed, "opportunities", "xlsx", "sort=name")

    rows = sheet_rows(content, "Opportunities")
    page = listed.client.get("/api/o2r/opportunities?sort=name").json()["items"]
    assert [row["Record id"] for row in rows] == [item["id"] for item in page] == ["1", "2", "3"]
    assert [(row["Health"], row["Phase"], row["Reason"], row["Next step"]) for row in rows] == [
        ("Healthy", "I Opportunity", None, None),
        ("Watch", "III Execution", "PO, no kick-off, 15 d", "Book the kick-off"),
        ("Healthy", "I Opportunity", None, None),
    ]
    assert [row["Value (SGD)"] for row in rows] == [50, 100, None]
    assert [row["Days in phase"] for row in rows] == [item["days_in_phase"] for item in page]
    assert rows[0]["Opportunity"] == "=Fine", "a text, not a formula"
    told = about(content)
    assert (told["Content"], told["Deals"]) == ("Opportunities", "3")


def test_own_filters_choose_the_rows_and_are_told_in_words(listed: Api) -> None:
    query = "phase=3&phase=4&attention=true&sort=-value"
    preview = listed.client.post(
        "/api/exports/preview", json={"kind": "opportunities", "query": query}
    ).json()
    assert preview["rows"] == 1
    assert preview["words"] == "Phase: III Execution, IV Revenue · Needs attention: Yes"
    assert [each["format"] for each in preview["formats"]] == ["csv", "xlsx", "zip"]

    rows = csv_rows(exported(listed, "opportunities", "csv", query))
    assert [(row["Opportunity"], row["Health"], row["Score"]) for row in rows] == [
        ("Late", "Watch", "76")
    ]
    [arrived] = csv_rows(exported(listed, "opportunities", "csv", "recognised=2026-Q1"))
    assert (arrived["Health"], arrived["Score"]) == ("Recognised", "")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("phase=5", "phase"),
        ("health=ill", "health"),
        ("recognised=2026", "recognised"),
        ("sort=colour", "sort"),
        ("colour=red", "colour"),
    ],
)
def test_what_the_list_would_not_understand_is_refused_by_name(
    api: Api, query: str, parameter: str
) -> None:
    answer = api.client.post("/api/exports/preview", json={"kind": "opportunities", "query": query})
    assert answer.status_code == 400
    told = answer.json()
    assert (told["code"], told["field"], told["parameter"]) == (
        "invalid_filter",
        "query",
        parameter,
    )
