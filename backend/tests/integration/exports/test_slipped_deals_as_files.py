"""Slipped and pushed deals in the files of an analysis: what the API answers, and nothing else."""

import io
from datetime import datetime
from typing import Any

import pytest
from pypdf import PdfReader

from support.api import Api
from support.deal_table import Connection
from support.exports import about, exported, sheet_rows, workbook

QUERY = "outcome=open&closing=current_quarter&compared_with=2026-02-20T00:00:00Z"
KINDS = {
    "moved": "Moved later",
    "moved_out": "Moved out of the period",
    "overdue": "Overdue",
}


@pytest.fixture
def slipped(table: Api, stored: Connection) -> Api:
    """A deal that was pushed out of the quarter, and one that is overdue."""
    stored.execute(
        "INSERT INTO crm_sync_sessions (id, module, sync_type, status, completed_at)"
        " VALUES (gen_random_uuid(), 'Deals', 'full_sync', 'completed', '2026-02-01T00:00:00Z')"
    )
    stored.execute("DELETE FROM deal_versions")
    stored.execute(
        "INSERT INTO deal_versions (deal_id, valid_from, valid_to, name, amount, currency, stage,"
        " probability, closing_date, owner_id, crm_created_at) SELECT id, '2026-01-01T00:00:00Z',"
        " 'infinity', name, 900.55, 'SGD', stage, probability, '2026-03-20', owner_id,"
        " '2026-01-01T00:00:00Z' FROM deals WHERE id = 101"
    )
    stored.execute("UPDATE deals SET closing_date = NULL")
    stored.execute("UPDATE deals SET closing_date = '2026-04-11' WHERE id = 101")
    stored.execute("UPDATE deals SET closing_date = '2026-02-25' WHERE id = 102")
    stored.execute(
        "INSERT INTO field_map (module, canonical_name, api_name, is_chosen)"
        " VALUES ('Deals', 'Closing_Date', 'Closing_Date', false) ON CONFLICT DO NOTHING"
    )
    stored.execute(
        "INSERT INTO change_log (module, record_id, kind, field, old_value, new_value, changed_by,"
        " changed_at) VALUES ('Deals', 101, 'updated', 'Closing_Date', '\"2026-03-20\"',"
        " '\"2026-04-11\"', '21', '2026-02-27T03:12:00Z')"
    )
    return table


def _told(api: Api, query: str) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for kind in KINDS:
        answer = api.client.get(f"/api/analysis/slips?{query}&kind={kind}")
        assert answer.status_code == 200, answer.text
        found[kind] = answer.json()["items"]
    return found


def _day(cell: datetime | None) -> str | None:
    return None if cell is None else cell.date().isoformat()


def _instant(cell: datetime | None) -> str | None:
    return None if cell is None else f"{cell:%Y-%m-%dT%H:%M:%SZ}"


def test_the_workbook_lists_slipped_deals_as_the_api_does_with_typed_cells(slipped: Api) -> None:
    told = _told(slipped, QUERY)
    assert [deal["id"] for deal in told["moved"]] == ["101"]
    assert [deal["id"] for deal in told["moved_out"]] == ["101"]
    assert [deal["id"] for deal in told["overdue"]] == ["102"]
    assert (told["moved"][0]["days"], told["moved"][0]["moves"]) == (22, 1)

    content = exported(slipped, "analysis", "xlsx", QUERY)

    rows = sheet_rows(content, "Slipped deals")
    assert [
        {
            "slipped": row["Slipped"],
            "id": row["Deal ID"],
            "name": row["Deal"],
            "account": row["Account"],
            "owner": row["Owner"],
            "stage": row["Stage"],
            "closed_on": _day(row["Closing date then"]),
            "closes_on": _day(row["Closing date"]),
            "days": row["Days"],
            "moves": row["Moves"],
            "moved_by": row["Moved by"],
            "moved_at": _instant(row["Last moved (UTC)"]),
            "value": row["Value (SGD)"],
        }
        for row in rows
    ] == [{"slipped": words, **deal} for kind, words in KINDS.items() for deal in told[kind]]
    assert about(content)["Filter: Outcome"] == "Open"


def test_the_report_prints_slipped_deals_by_kind_and_says_so_where_there_are_none(
    slipped: Api,
) -> None:
    text = _text(exported(slipped, "analysis", "pdf", QUERY))

    moved, overdue = (_told(slipped, QUERY)[kind][0] for kind in ("moved", "overdue"))
    for words in (
        "Slipped: moved later",
        "Slipped: moved out of the period",
        "Slipped: overdue",
        "1 deal; in SGD",
        f"{moved['name']}",
        "20 Mar 2026 11 Apr 2026 22 1",
        f"{moved['value']:,.2f}",
        f"{overdue['name']}",
        f"25 Feb 2026 {overdue['days']}",
    ):
        assert words in text
    none = _text(exported(slipped, "analysis", "pdf", f"{QUERY}&q=nothing-is-called-so"))
    assert "No open deal is past its closing date, and none was moved later." in none


def test_as_of_a_past_moment_before_a_deal_was_pushed_it_is_in_no_file(slipped: Api) -> None:
    content = exported(
        slipped,
        "analysis",
        "xlsx",
        f"{QUERY.partition('&compared')[0]}&as_of=2026-02-24T00:00:00Z"
        "&compared_with=2026-02-20T00:00:00Z",
    )

    assert "Movement" in _sheets(content)
    assert "Slipped deals" not in _sheets(content)


def _sheets(content: bytes) -> list[str]:
    return workbook(content).sheetnames


def _text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())
