"""Who stands before and after a deal in the table."""

import pytest

from support.synced import Synced


def table(product: Synced, **asked: str) -> list[str]:
    answer = product.api.client.get("/api/deals", params={**asked, "limit": "200"})
    return [row["id"] for row in answer.json()["items"]]


def neighbours(product: Synced, deal_id: str, **asked: str) -> dict[str, object]:
    answer = product.api.client.get(f"/api/deals/{deal_id}/neighbours", params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


@pytest.mark.parametrize(
    "asked", [{}, {"sort": "value"}, {"sort": "-owner", "country": "Singapore"}]
)
def test_neighbours_are_those_of_the_table_in_the_same_order_under_the_same_filters(
    synced: Synced, asked: dict[str, str]
) -> None:
    rows = table(synced, **asked)
    assert len(rows) > 2

    for place in (0, 1, len(rows) - 1):
        assert neighbours(synced, rows[place], **asked) == {
            "previous": rows[place - 1] if place > 0 else None,
            "next": rows[place + 1] if place + 1 < len(rows) else None,
            "place": place + 1,
            "count": len(rows),
        }


def test_a_deal_that_the_filters_leave_out_has_no_neighbours(synced: Synced) -> None:
    inside = table(synced, country="Singapore")
    other = next(deal for deal in table(synced) if deal not in inside)

    assert neighbours(synced, other, country="Singapore") == {
        "previous": None,
        "next": None,
        "place": None,
        "count": None,
    }


def test_an_unknown_deal_is_a_404_and_an_unknown_order_is_named(synced: Synced) -> None:
    [deal, *_] = table(synced)

    unknown = synced.api.client.get("/api/deals/17/neighbours")
    unordered = synced.api.client.get(f"/api/deals/{deal}/neighbours", params={"sort": "colour"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "deal_not_found")
    assert unordered.status_code == 400
    assert "colour" in unordered.json()["detail"]
