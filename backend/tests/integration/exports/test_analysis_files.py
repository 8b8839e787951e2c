"""The analysis as files: other readers find in them, to the cent, what the API answers."""

import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from support.api import Api
from support.deal_table import Connection
from support.exports import about, ask, exported, sheet_rows, work, workbook

QUERY = "outcome=open&compared_with=2026-02-20T00:00:00Z"


@pytest.fixture
def past(table: Api, stored: Connection) -> Api:
    """The six deals, of which two have a past since the middle of February."""
    stored.execute(
        "INSERT INTO crm_sync_sessions (id, module, sync_type, status, completed_at)"
        " VALUES (gen_random_uuid(), 'Deals', 'full_sync', 'completed', '2026-02-01T00:00:00Z')"
    )
    stored.execute("DELETE FROM deal_versions")
    stored.execute(
        "INSERT INTO deal_versions (deal_id, valid_from, valid_to, name, amount, currency, stage,"
        " probability, country, owner_id, crm_created_at) VALUES"
        " (101, '2026-01-01T00:00:00Z', 'infinity', 'alpha rollout', 900.55, 'SGD', 'Qualify', 20,"
        " 'Singapore', 21, '2026-01-01T00:00:00Z'),"
        " (103, '2026-01-01T00:00:00Z', 'infinity', 'Gamma', 80, 'USD', 'Propose', 60, NULL, NULL,"
        " '2026-01-01T00:00:00Z')"
    )
    return table


def _answer(api: Api, path: str, query: str) -> dict[str, Any]:
    answer = api.client.get(f"/api/analysis/{path}?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_workbook_agrees_with_the_numbers_the_pivot_the_movement_and_the_managers(
    past: Api,
) -> None:
    content = exported(past, "analysis", "xlsx", f"{QUERY}&rows=country&columns=stage")

    assert workbook(content).sheetnames == [
        "Numbers", "Breakdown", "Movement", "Managers", "About",
    ]  # fmt: skip
    numbers = _answer(past, "numbers", QUERY)
    value = sheet_rows(content, "Numbers")[0]
    assert value == {
        "Number": "Pipeline value (SGD)",
        "As of": numbers["value"]["now"],
        "Compared with": numbers["value"]["then"],
        "Change": numbers["value"]["absolute"],
        "Change (%)": 59.9,
    }
    assert (value["As of"], value["Compared with"]) == (1600, 1000.55)
    pivot = sheet_rows(content, "Breakdown")
    told = _answer(past, "breakdown", f"{QUERY}&rows=country&columns=stage&measure=value")
    assert [row["Country"] for row in pivot] == [
        *(row["heading"]["label"] for row in told["rows"]),
        "Total",
    ]
    assert pivot[-1]["Pipeline value (SGD)"] == numbers["value"]["now"]
    assert sum(Decimal(str(row["Pipeline value (SGD)"])) for row in pivot[:-1]) == Decimal(1600)
    steps = sheet_rows(content, "Movement")
    assert steps[0]["Step"] == "Start"
    assert steps[-1]["Step"] == "End"
    total = sum(Decimal(str(step["Value (SGD)"])) for step in steps[:-1])
    assert total == Decimal(str(steps[-1]["Value (SGD)"])) == Decimal(1600)
    assert [(step["Step"], step["Reason"], step["Value (SGD)"]) for step in steps[1:-1]] == [
        ("New", "First seen since then", 600),
        ("Increased", "Amount changed", 99.45),
        ("Won", "Won", -100),
    ]
    managers = sheet_rows(content, "Managers")
    listed = _answer(past, "managers", QUERY)
    assert [(row["Name"], row["Deals"]) for row in managers[:-1]] == [
        (each["name"] or "No owner", each["deals"]) for each in listed["items"]
    ]
    assert managers[-1]["Value (SGD)"] == 1600
    assert about(content)["Content"] == "Pipeline analysis"
    assert about(content)["Filter: Outcome"] == "Open"


def test_a_report_holds_filters_moments_numbers_pivot_movement_people_and_rates_as_text(
    past: Api,
) -> None:
    content = exported(past, "analysis", "pdf", QUERY)

    reader = PdfReader(io.BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert reader.metadata is not None
    assert reader.metadata.title == "Pipeline analysis"
    for words in (
        "Outcome: Open",
        "As of 2 Mar 2026, 09:30 (UTC). Compared with 20 Feb 2026, 00:00 (UTC).",
        "1,600.00",
        "+599.45",
        "Singapore",
        "First seen since then",
        "Priya Menon",
        "Own rates",
        "Exported by",
    ):
        assert words in text
    fonts = {
        str(font["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index] # a dictionary of PDF
    }
    assert {name.partition("+")[2] for name in fonts} == {"IBMPlexSans"}


def test_an_analysis_without_a_past_and_without_deals_is_a_report_all_the_same(
    table: Api,
) -> None:
    pdf = exported(table, "analysis", "pdf", "q=nothing-is-called-so")
    book = exported(table, "analysis", "xlsx", "q=nothing-is-called-so&columns=none")

    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "There is no history yet" in text
    assert "no comparison" in text
    assert workbook(book).sheetnames == ["Numbers", "Breakdown", "Managers", "About"]


def test_a_pivot_that_there_is_not_is_refused_before_anything_is_made(table: Api) -> None:
    refused = {}
    for query in ("rows=colour", "columns=colour", "measure=colour"):
        body = {"kind": "analysis", "format": "pdf", "query": query}
        answer = table.client.post("/api/exports", json=body)
        refused[query] = (answer.status_code, answer.json()["code"])

    assert refused == {
        "rows=colour": (400, "invalid_breakdown"),
        "columns=colour": (400, "invalid_breakdown"),
        "measure=colour": (400, "invalid_filter"),
    }
    asked = ask(table, "analysis", "xlsx", "measure=win_rate")
    assert work(table) == 1
    assert table.client.get(f"/api/exports/{asked['id']}").json()["state"] == "completed"
