"""Slides open in PowerPoint's own form, and say what the O2R pages say."""

import io
from typing import Any

from pptx import Presentation

from support.api import Api
from support.exports import exported
from support.synced import Synced


def _words(content: bytes) -> list[list[str]]:
    """Return the texts of each slide, tables cell by cell."""
    found = []
    for slide in Presentation(io.BytesIO(content)).slides:
        texts = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts.extend(cell.text for row in shape.table.rows for cell in row.cells)
        found.append(texts)
    return found


def _get(api: Api, path: str) -> dict[str, Any]:
    answer = api.client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _money(value: float) -> str:
    return f"{value:,.2f}"


def test_a_deck_and_a_slide_say_what_the_pages_say(synced: Synced) -> None:
    api = synced.api
    told = _get(api, "/api/o2r/dashboard?region=ASEAN")
    base = told["basis"]["base_currency"]

    deck = _words(exported(api, "o2r_deck", "pptx", "region=ASEAN"))

    cover, money, territories, needy, *deals, about = deck
    assert cover[:2] == ["Opportunity to Revenue", "Region: ASEAN"]
    assert money[0] == "Where the money is"
    opened = told["open"]
    assert money[1] == (
        f"{opened['deals']:,} open opportunities worth {base} {_money(opened['value'])}"
    )
    for figure in ("realised", "waiting_for_invoice", "waiting_for_payment", "at_risk"):
        assert _money(told[figure]["value"]) in money
    for phase in told["phases"]:
        assert {phase["title"], f"{phase['deals']:,}", _money(phase["value"])} <= set(money)
    assert [row["territory"] for row in told["territories"]] == ["ASEAN"]
    assert _money(told["territories"][0]["value"]) in territories
    for item in told["attention"]["items"]:
        assert {item["name"], item["reason"], item["next_step"]} <= set(needy)
    assert about[about.index("Filter: Region") + 1] == "ASEAN"

    listed = _get(api, "/api/deals?region=ASEAN&outcome=open&sort=-value")["items"]
    assert deals
    assert [slide[0] for slide in deals] == [each["name"] for each in listed[:5]]
    greatest = listed[0]["id"]
    [slide, last] = _words(exported(api, "o2r_deal", "pptx", subject=greatest))
    assert slide[:-1] == deals[0][:-1], "but for its foot it is the slide of the deck"
    detail = _get(api, f"/api/o2r/opportunities/{greatest}")
    assert _money(detail["value"]) in slide
    assert f"score {detail['health']['score']}" in slide
    for phase in detail["phases"]:
        for milestone in phase["milestones"]:
            assert milestone["label"] in slide
    for signal in detail["health"]["signals"]:
        assert {signal["reason"], signal["advice"]} <= set(slide)
    assert detail["name"] in last
    assert "Exported by" in last


def test_a_slide_needs_a_deal_that_is_there_and_nothing_else_takes_one(synced: Synced) -> None:
    refused = []
    for body in (
        {"kind": "o2r_deal", "format": "pptx"},
        {"kind": "o2r_deal", "format": "pptx", "subject": "1"},
        {"kind": "deals", "format": "csv", "subject": "1"},
        {"kind": "o2r_deck", "format": "pptx", "query": "quarter=2026-Q9"},
    ):
        answer = synced.api.client.post("/api/exports", json=body)
        refused.append((answer.status_code, answer.json()["code"]))

    assert refused == [
        (400, "export_subject"),
        (404, "deal_not_found"),
        (400, "export_subject"),
        (400, "invalid_filter"),
    ]
