"""Health in SQL says of random deals, now and at past moments, what the pure law says."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import select

from pulse.analytics.o2r.health import Day, health_of, judge_deals, read_facts
from pulse.core.deal_filters import Outcome
from pulse.core.o2r.facts import Facts, OpenBlocker
from pulse.core.o2r.health import AT_RISK, NEEDS_ATTENTION, Thresholds, judge
from pulse.core.o2r.phases import is_opportunity, phase_of, phase_since
from pulse.db.engine import database
from pulse.queries.moments import deals_at
from pulse.queries.stages import SalesProcess, Stage
from support.deal_rows import deal_rows, insert

DEALS: Final = 150
ZONE: Final = ZoneInfo("America/New_York")
NOW: Final = datetime(2026, 3, 9, 2, 30, tzinfo=UTC)
"""Still 8 March in New York, where that night had 23 hours."""
PROCESS: Final = SalesProcess(
    (
        Stage("Talk", "Talk", 40, Outcome.OPEN),
        Stage("Won", "Won", 100, Outcome.WON),
        Stage("Lost", "Lost", 0, Outcome.LOST),
    )
)
LIMITS: Final = Thresholds(3, 4, 2, 5, 60, 30, 2)
DATES: Final = (
    "proposal_submitted_on",
    "po_generated_on",
    "kicked_off_on",
    "invoiced_on",
    "payment_received_on",
    "revenue_recognised_on",
    "closing_date",
)
Row = dict[str, Any]


def local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def hour(random: Random, days: int = 8) -> datetime:
    return NOW - timedelta(hours=random.randrange(days * 24), minutes=random.randrange(60))


def some_deal(random: Random) -> Row:
    dates = {
        name: local(NOW) + timedelta(days=random.randrange(-7, 3))
        for name in DATES
        if random.random() < (0.15 if name == "revenue_recognised_on" else 0.5)
    }
    return {
        **dates,
        "stage": random.choice(["Talk", "Talk", "Won", "Lost", "Unheard of", None]),
        "probability": random.choice([None, 0, 29, 30, 31, 59, 60, Decimal("59.5"), 100]),
        "crm_created_at": random.choice([None, hour(random, 20)]),
    }


class Organisation:
    """Random deals with versions, a change log and what people here added."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)
        self.deals: dict[int, Row] = {}
        self.versions: dict[int, list[tuple[datetime, datetime | None, Row]]] = {}
        self.changes: list[tuple[int, datetime, str]] = []
        self.blockers: list[Row] = []
        self.comments: list[Row] = []
        for deal in range(1, DEALS + 1):
            first = NOW - timedelta(days=random.randrange(9, 12))
            cut = hour(random)
            before, after = some_deal(random), some_deal(random)
            self.versions[deal] = [(first, cut, before), (cut, None, after)]
            log = [(deal, first, "created"), (deal, cut, "updated")]
            log += [(deal, hour(random), "updated")] if random.random() < 0.3 else []
            log += [(deal, hour(random), "learned")] if random.random() < 0.2 else []
            self.changes += log
            stamp = max(at for _, at, kind in log if kind != "learned")
            self.deals[deal] = {**after, "crm_modified_at": stamp}
            for number in range(random.choice([0, 0, 0, 1, 2])):
                opened = hour(random)
                later = opened + timedelta(hours=random.randrange(1, 40))
                self.blockers.append(
                    {
                        "deal_id": deal,
                        "title": f"Blocker {number}",
                        "opened_at": opened,
                        "opened_by_name": "Ada",
                        "resolved_at": later if later < NOW and random.random() < 0.7 else None,
                        "withdrawn_at": opened if random.random() < 0.1 else None,
                    }
                )
            if random.random() < 0.2:
                self.comments.append(
                    {
                        "deal_id": deal,
                        "text": "Hm",
                        "author_name": "Ada",
                        "created_at": hour(random),
                    }
                )

    def store(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(
            "TRUNCATE deals, deal_versions, change_log, crm_documents, record_sync_status,"
            " o2r_blockers, o2r_comments"
        )
        deal_rows(connection, [{"id": deal, **row} for deal, row in self.deals.items()])
        for deal, versions in self.versions.items():
            for start, end, row in versions:
                given = {"deal_id": deal, "valid_from": start, **row}
                insert(
                    connection,
                    "deal_versions",
                    [given if end is None else {**given, "valid_to": end}],
                )
        for deal, at, kind in self.changes:
            change = {"field": "Stage", "new_value": [1]} if kind == "updated" else {}
            insert(
                connection,
                "change_log",
                [{"module": "Deals", "record_id": deal, "kind": kind, "changed_at": at, **change}],
            )
        insert(connection, "o2r_blockers", self.blockers)
        insert(connection, "o2r_comments", self.comments)

    def facts(self, deal: int, at: datetime | None) -> Facts:
        """Return what was known of a deal, read off the lists above."""
        moment = at or NOW
        row = next(
            row
            for start, end, row in self.versions[deal]
            if start <= moment and (end is None or moment < end)
        )
        created = row["crm_created_at"]
        mine = [each for each in self.blockers if each["deal_id"] == deal]
        mine = [each for each in mine if each["withdrawn_at"] is None]
        still = [
            each
            for each in sorted(mine, key=lambda each: each["opened_at"])
            if each["opened_at"] <= moment
            and (each["resolved_at"] is None or each["resolved_at"] > moment)
        ]
        stamps = [at for each, at, kind in self.changes if each == deal and kind != "learned"]
        stamps += [each["opened_at"] for each in mine]
        stamps += [each["resolved_at"] for each in mine if each["resolved_at"]]
        stamps += [each["created_at"] for each in self.comments if each["deal_id"] == deal]
        oldest = still[:1]
        return Facts(
            created_on=None if created is None else local(created),
            **{
                name: row.get(column)
                for name, column in (
                    ("proposal_on", "proposal_submitted_on"),
                    ("po_on", "po_generated_on"),
                    ("kick_off_on", "kicked_off_on"),
                    ("invoiced_on", "invoiced_on"),
                    ("payment_on", "payment_received_on"),
                    ("recognised_on", "revenue_recognised_on"),
                    ("closing_on", "closing_date"),
                )
            },
            probability=None if row["probability"] is None else Decimal(row["probability"]),
            is_lost=row["stage"] == "Lost",
            updated_on=max(local(stamp) for stamp in stamps if stamp <= moment),
            blockers=tuple(OpenBlocker(each["title"], local(each["opened_at"])) for each in oldest)
            * len(still),
        )


def judged_in_sql(
    database_url: str, at: datetime | None
) -> dict[int, tuple[Facts, tuple[object, ...]]]:
    async def run() -> dict[int, tuple[Facts, tuple[object, ...]]]:
        deals = deals_at(at)
        judged = judge_deals(Day(local(at or NOW), ZONE, PROCESS, LIMITS), deals)
        asked = (
            judged.phase,
            judged.phase_since,
            judged.days_in_phase,
            judged.is_opportunity,
            judged.rank,
            judged.score,
            judged.needs_attention,
            judged.is_at_risk,
        )
        query = judged.onto(
            select(deals.id, *asked, *judged.facts).select_from(deals.table).where(deals.held())
        )
        async with database(database_url) as open_db, open_db.begin() as db:
            found = (await db.execute(query)).all()
        rows = (tuple(row) for row in found)
        return {row[0]: (read_facts(row[9:]), row[1:9]) for row in rows}

    return asyncio.run(run())


@pytest.mark.parametrize("seed", range(4))
def test_sql_and_the_pure_law_judge_every_deal_alike(database_url: str, seed: int) -> None:
    organisation = Organisation(seed)
    with psycopg.connect(database_url, autocommit=True) as connection:
        organisation.store(connection)
    random = Random(seed)
    midnight = datetime.combine(date(2026, 3, 6), time(), ZONE).astimezone(UTC)
    just_before = midnight - timedelta(microseconds=1)

    for at in (None, midnight, just_before, *(hour(random, 7) for _ in range(4))):
        today = local(at or NOW)
        for deal, (facts, told) in judged_in_sql(database_url, at).items():
            known = organisation.facts(deal, at)
            assert facts == known
            verdict, since = judge(known, LIMITS, today), phase_since(known, today)
            assert (*told[:4], health_of(int(str(told[4]))), *told[5:]) == (
                phase_of(known, today),
                since,
                None if since is None else (today - since).days,
                is_opportunity(known, today),
                verdict.health,
                verdict.score,
                verdict.health in NEEDS_ATTENTION,
                verdict.health in AT_RISK,
            )
        assert len(judged_in_sql(database_url, at)) == DEALS
