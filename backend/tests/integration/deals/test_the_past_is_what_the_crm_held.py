"""As of a moment right after a quiet sync, table and waterfall are what the CRM held then."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from support.api import HandClock
from support.simulator import SimulatorHandle
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


def table(product: Synced, **params: object) -> dict[str, dict[str, Any]]:
    """Return the rows of the table by id."""
    answer = product.api.client.get("/api/deals", params={"limit": MOST_ROWS, **params})  # type: ignore[arg-type] # as httpx takes it
    assert answer.status_code == 200, answer.text
    return {row["id"]: row for row in answer.json()["items"]}


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

    past, now = table(synced, as_of=quiet.isoformat()), table(synced)
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


class Colleagues:
    """What people do to deals in the CRM, at random: every way in which one comes and goes."""

    def __init__(self, crm: SimulatorHandle, random: Random) -> None:
        self._crm = crm
        self._random = random
        self._hidden: list[str] = []
        self.came_back = 0
        """Deals that a sync had missed, and that are there again."""

    def _some(self, ids: list[str], most: int) -> list[str]:
        return self._random.sample(sorted(ids), min(most, len(ids)))

    def work(self, *, hide: bool) -> None:
        """Edit, close, delete, restore and, if told so, hide some deals."""
        crm, random = self._crm, self._random
        binned = [row["id"] for row in crm.deleted() if row["type"] == "recycle"]
        back = self._some(binned, 4)
        unhidden, self._hidden = self._hidden, []
        self.came_back += len(back) + len(unhidden)
        if back:
            crm.restore(*back)
            # Of what came back some is edited: only then has its stamp moved.
            crm.edit({each: {"Amount": random.randint(1, 10**6)} for each in back[:2]})
            crm.delete(*back[1:3:2])
        if unhidden:
            crm.unhide(*unhidden)
        live = [row["id"] for row in crm.records() if row["id"] not in back]
        edited = self._some(live, 8)
        crm.edit({each: {"Closing_Date": f"2031-0{random.randint(1, 9)}-05"} for each in edited})
        gone = self._some(live, 6)
        crm.delete(*gone)
        crm.restore(*gone[:1])  # before any sync has missed it
        if hide:
            self._hidden = self._some([each for each in live if each not in gone], 2)
            crm.hide(*self._hidden)


@pytest.fixture
def crm(crm: SimulatorHandle) -> SimulatorHandle:
    """A CRM with deals in its bin before anybody looks: they were never held."""
    crm.delete(*[row["id"] for row in crm.records()[:5]])
    return crm


def test_deals_that_come_back_are_missing_for_as_long_as_they_were_gone(synced: Synced) -> None:
    """Each round is work, then a sync, then a moment at which nothing happens.

    A restore need not move a deal's stamp (the simulator's does not), nor does showing it again.
    """
    crm = synced.crm
    colleagues = Colleagues(crm, Random(20260817))
    held_then: dict[datetime, dict[str, dict[str, Any]]] = {}
    ahead = 0
    for kind in ("incremental", "incremental", "reconcile", "incremental", "incremental", "full"):
        crm.advance(600)
        ahead += 600
        held_then[datetime.now(UTC) + timedelta(seconds=ahead - 300)] = {
            row["id"]: held(row) for row in crm.records()
        }
        # A quick sync does not see that a deal is no longer shown: this is found at night.
        colleagues.work(hide=kind == "reconcile")
        session: Any = synced.sync(kind)["session"]
        assert session["status"] == "completed"
    synced.api.clock.advance(seconds=ahead + 900)
    now = {row["id"]: held(row) for row in crm.records()}

    for moment, then in held_then.items():
        past = table(synced, as_of=moment.isoformat())
        assert {key: shown(row) for key, row in past.items()} == then
    assert {key: shown(row) for key, row in table(synced).items()} == now
    assert colleagues.came_back > 15

    for (before, was), (after, became) in pairwise(held_then.items()):
        asked = {"compared_with": before.isoformat(), "as_of": after.isoformat()}
        body = synced.api.client.get("/api/analysis/movement", params=asked).json()
        assert (body["start"]["deals"], body["end"]["deals"]) == (len(was), len(became))
        moved = sum(Decimal(str(bucket["value"])) for bucket in body["buckets"])
        assert Decimal(str(body["start"]["value"])) + moved == Decimal(str(body["end"]["value"]))
        came = {each["bucket"]: each["deals"] for each in body["buckets"]}
        assert came["new"] + came["pulled_in"] == len(became.keys() - was.keys())
        assert came["pushed_out"] >= len(was.keys() - became.keys())
