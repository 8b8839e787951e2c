"""As of a moment right after a quiet sync, table and waterfall are what the CRM held then."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from support.api import HandClock
from support.synced import Synced

MOST_ROWS = 200


@pytest.fixture
def clock() -> HandClock:
    """The clock of the CRM: what happens there happens now."""
    return HandClock(datetime.now(UTC))


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the table in the words of the CRM."""
    return {
        "id": row["id"],
        "Deal_Name": row["name"],
        "Amount": row["amount"],
        "Stage": row["stage"]["value"],
        "Probability": row["probability"],
        "Closing_Date": row["closing_date"],
        "Country": row["country"],
        "Currency": row["currency"],
        "Owner": row["owner"]["id"],
    }


def held(record: dict[str, Any]) -> dict[str, Any]:
    """Return the same of a record of the CRM."""
    names = ("id", "Deal_Name", "Amount", "Stage", "Probability", "Closing_Date", "Country",
             "Currency")  # fmt: skip
    return {name: record.get(name) for name in names} | {"Owner": record["Owner"]["id"]}


def test_table_and_movement_agree_with_the_dumps_of_both_moments(synced: Synced) -> None:
    crm, client = synced.crm, synced.api.client
    then, quiet = crm.records(), datetime.now(UTC) + timedelta(seconds=300)
    crm.advance(600)
    first, second, third, gone, *_ = [row["id"] for row in then]
    crm.edit(
        {
            first: {"Amount": 123456.5, "Currency": "SGD"},
            second: {"Closing_Date": "2031-05-05"},
            third: {"Country": "Japan", "Deal_Name": "Renamed since"},
        }
    )
    crm.delete(gone)
    [born] = crm.create(
        {
            "Deal_Name": "Born since",
            "Stage": then[4]["Stage"],
            "Pipeline": then[4]["Pipeline"],
            "Amount": 5000,
            "Closing_Date": "2031-06-06",
        }
    )
    session: Any = synced.sync("incremental")["session"]
    assert session["status"] == "completed"
    synced.api.clock.advance(seconds=900)

    def table(**params: object) -> dict[str, dict[str, Any]]:
        answer = client.get("/api/deals", params={"limit": MOST_ROWS, **params})  # type: ignore[arg-type] # as httpx takes it
        assert answer.status_code == 200, answer.text
        return {row["id"]: row for row in answer.json()["items"]}

    past, now = table(as_of=quiet.isoformat()), table()
    assert {key: shown(row) for key, row in past.items()} == {row["id"]: held(row) for row in then}
    assert {key: shown(row) for key, row in now.items()} == {
        row["id"]: held(row) for row in crm.records()
    }
    assert (gone in past, gone in now, str(born["id"]) in past) == (True, False, False)

    movement = client.get("/api/analysis/movement", params={"compared_with": quiet.isoformat()})
    body = movement.json()
    worth = {
        side: sum(Decimal(str(row["value"])) for row in rows.values() if row["value"] is not None)
        for side, rows in (("start", past), ("end", now))
    }
    assert Decimal(str(body["start"]["value"])) == worth["start"]
    assert Decimal(str(body["end"]["value"])) == worth["end"]
    moved = {each["bucket"]: each for each in body["buckets"]}
    assert sum(Decimal(str(each["value"])) for each in moved.values()) == (
        worth["end"] - worth["start"]
    )
    assert (moved["new"]["deals"], moved["pushed_out"]["deals"]) == (1, 1)
    assert [each["reason"] for each in moved["pushed_out"]["reasons"]] == ["deleted"]
