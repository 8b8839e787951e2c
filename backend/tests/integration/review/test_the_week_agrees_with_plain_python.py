"""Every figure, list and group of a weekly review against plain Python over the same history."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg
import pytest

from support.api import Api
from support.api_rows import add_organisation, add_session
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD
from support.review_oracle import HEALTHS, Happened, Row

NEW_YORK: Final = ZoneInfo("America/New_York")
NOW: Final = datetime(2026, 3, 12, 15, tzinfo=UTC)
"""A Thursday. On Sunday, 8 March, the clocks went forward there: that week has 167 hours."""
BEGAN: Final = datetime(2026, 2, 25, 12, tzinfo=UTC)
"""In the week of 23 February, which is cut by it."""
WEEKS: Final = (date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9))
EDGES: Final = tuple(
    edge.replace(tzinfo=NEW_YORK).astimezone(UTC)
    for edge in (
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 9, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 8, 23, 59, 59, 999_999, tzinfo=UTC),
    )
)
"""The first and the last moments of weeks."""
DEALS: Final = 160
DATES: Final = (
    "proposal_submitted_on", "po_generated_on", "kicked_off_on", "invoiced_on",
    "payment_received_on", "revenue_recognised_on",
)  # fmt: skip
GROUPS: Final = (
    "open", "created", "won", "lost", "updated", "not_updated", "blocked", "overdue", "realised",
    "at_risk", "worse", "improved", "new", "stable",
)  # fmt: skip
FIGURES: Final = tuple(each for each in GROUPS[:10] if each != "not_updated")


def some_moment(random: Random) -> datetime:
    if random.random() < 0.15:
        return random.choice(EDGES)
    return BEGAN + timedelta(seconds=random.randrange(1, int((NOW - BEGAN).total_seconds())))


def some_row(random: Random, created: datetime | None) -> Row:
    day, dates = date(2026, 1, random.randint(1, 31)), {}
    for name in DATES:
        day += timedelta(days=random.randrange(25))
        # Few have their revenue, for those have no health.
        if random.random() < (0.3 if name == "revenue_recognised_on" else 0.75):
            dates[name] = day
    return {
        **dates,
        "name": f"Deal {random.randrange(1000)}",
        "stage": random.choice(["Qualify", "Propose", "Propose", "Won", "Lost", None]),
        "probability": random.choice([None, 10, 20, 50, 80, 100]),
        "closing_date": random.choice([None, date(2026, 3, random.randint(1, 31))]),
        "amount": random.choice([None, Decimal(random.randrange(10**7)) / 100]),
        "currency": random.choice(["SGD", "USD", "LKR", None]),
        "business_region": random.choice(["ASEAN", "India", None]),
        "owner_id": random.choice([21, 22, None]),
        "crm_created_at": created,
    }


def some_history(random: Random) -> Happened:
    happened = Happened(
        NEW_YORK,
        rates={"USD": [(date(2026, 1, 5), Decimal("0.75")), (date(2026, 3, 9), Decimal("0.8"))]},
    )
    for deal in range(1, DEALS + 1):
        is_young = random.random() < 0.25
        created = some_moment(random) if is_young else BEGAN - timedelta(days=random.randrange(90))
        row = some_row(random, created)
        first = created if is_young else BEGAN - timedelta(days=random.randrange(20), hours=1)
        starts = sorted({first, *(some_moment(random) for _ in range(random.randrange(3)))})
        versions: list[tuple[datetime, Row | None]] = []
        for start in (each for each in starts if each >= first):
            changed = some_row(random, created)
            kept = random.sample(sorted(changed), 4)
            row = {**row, **{name: changed[name] for name in kept if name != "crm_created_at"}}
            versions.append((start, row))
        if random.random() < 0.08:
            versions.append((max(versions[-1][0], BEGAN) + timedelta(hours=3), None))
        happened.versions[deal] = versions
        if random.random() < 0.2:
            happened.changes.append((deal, max(some_moment(random), first)))
        if random.random() < 0.1:
            happened.comments.append((deal, max(some_moment(random), first)))
        if random.random() < 0.2:
            opened = max(some_moment(random), first)
            is_over = random.random() < 0.5
            until = min(opened + timedelta(days=random.randrange(1, 9)), NOW) if is_over else None
            happened.blockers.append(
                {"deal_id": deal, "title": "Review", "opened_at": opened, "opened_by_name": "Ada",
                 "resolved_at": until}
            )  # fmt: skip
    return happened


def store(connection: psycopg.Connection[Any], happened: Happened) -> None:
    for code, rates in happened.rates.items():
        for since, rate in rates[1:]:
            row = {"iso_code": code, "valid_from": since, "exchange_rate": rate}
            insert(connection, "currency_rates", [row])
    for deal, versions in happened.versions.items():
        logged = [at for each, at in happened.changes if each == deal]
        stamps = [start for start, _ in versions] + logged
        for place, (start, row) in enumerate(versions):
            end = versions[place + 1][0] if place + 1 < len(versions) else "infinity"
            if row is not None:
                version = {"deal_id": deal, "valid_from": start, "valid_to": end, **row}
                insert(connection, "deal_versions", [version])
        last = versions[-1][1]
        gone = {} if last is not None else {"presence": "deleted", "gone_at": versions[-1][0]}
        held = last or versions[-2][1] or {}
        deal_rows(connection, [{"id": deal, **held, "crm_modified_at": max(stamps), **gone}])
        insert(
            connection,
            "change_log",
            [
                {"module": "Deals", "record_id": deal, "changed_at": at, "kind": "updated",
                 "field": "Stage", "new_value": [1]}
                for at in logged
            ],
        )  # fmt: skip
    insert(connection, "o2r_blockers", happened.blockers)
    insert(
        connection,
        "o2r_comments",
        [
            {"deal_id": deal, "text": "Hm", "author_name": "Ada", "created_at": at}
            for deal, at in happened.comments
        ],
    )


@pytest.fixture
def happened(api: Api) -> Happened:
    api.clock.time = NOW
    add_organisation(api, zone="America/New_York")
    add_session(api, "full_sync", "completed", created_at=BEGAN, completed_at=BEGAN)
    history = some_history(Random(5))
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {"USD": Decimal("0.75")})
        insert(connection, "crm_fields", [STAGE_FIELD])
        store(connection, history)
        # As after a load: without statistics the planner takes every table for a tiny one.
        connection.execute("ANALYZE")
    return history


def review(api: Api, path: str = "", **asked: object) -> Any:  # noqa: ANN401 - an answer of the API
    answer = api.client.get(f"/api/review{path}", params={k: str(v) for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def summed(deals: dict[int, Decimal | None]) -> tuple[int, float]:
    return len(deals), float(sum(value for value in deals.values() if value is not None))


@pytest.mark.parametrize("region", [None, "ASEAN"])
def test_every_figure_and_the_deals_behind_it(
    api: Api, happened: Happened, region: str | None
) -> None:
    chosen = {} if region is None else {"region": region}
    last: dict[str, dict[int, Decimal | None]] | None = None
    for monday in WEEKS:
        expected = happened.groups(monday, NOW, BEGAN, region)
        told = review(api, week=monday, **chosen)
        # Within a territory the lists of one week say as much as those of three.
        for group in GROUPS if region is None or monday == WEEKS[1] else ():
            deals = review(api, "/deals", week=monday, group=group, limit=200, **chosen)
            known = expected.get(group, {})
            assert {int(each["id"]) for each in deals["items"]} == set(known), (monday, group)
            assert deals["count"] == len(known)
        for group in FIGURES:
            figure = told["figures"][group]
            assert (figure["deals"], figure["value"]) == summed(expected.get(group, {}))
            then = (None, None) if last is None else summed(last.get(group, {}))
            assert (figure["deals_then"], figure["value_then"]) == then
        closed = expected.get("won", {}) | expected.get("lost", {})
        assert (told["figures"]["closed"]["deals"], told["figures"]["closed"]["value"]) == summed(
            closed
        )
        share = Decimal(100 * len(expected["updated"])) / len(expected["open"])
        assert told["figures"]["share_updated"] == float(round(share, 2))
        check_lists(told, happened, expected)
        last = expected
    # What was checked is a week in which everything happens.
    assert set(expected) == set(GROUPS)


def check_lists(
    told: Any,  # noqa: ANN401 - an answer of the API
    happened: Happened,
    expected: dict[str, dict[int, Decimal | None]],
) -> None:
    """Check the four lists: how long, in what order, and from what to what."""
    week = told["week"]
    at = min(NOW, datetime.fromisoformat(week["ends_at"]) - timedelta(microseconds=1))
    since = datetime.fromisoformat(week["compared_since"])
    assert [each["move"] for each in told["moves"]] == ["worse", "improved", "new", "stable"]
    for listed in told["moves"]:
        known = expected.get(listed["move"], {})
        assert (listed["deals"], listed["value"]) == summed(known)

        def worst_first(deal: int, known: dict[int, Decimal | None] = known) -> tuple[Any, ...]:
            value = known[deal]
            standing = happened.standing(deal, at)
            return (standing, value is None, -(value or 0), deal)

        wanted = sorted(known, key=worst_first)[:10]
        assert [int(each["id"]) for each in listed["items"]] == wanted
        for each in listed["items"]:
            deal = int(each["id"])
            before = happened.standing(deal, since)
            told_then = None if before is None else (HEALTHS[before[0]], before[1])
            is_known = each["health_then"] is not None
            assert ((each["health_then"], each["score_then"]) if is_known else None) == told_then
            now = happened.standing(deal, at)
            assert now is not None
            assert (each["health"], each["score"]) == (HEALTHS[now[0]], now[1])


@pytest.mark.usefixtures("happened")
def test_a_week_lasts_from_monday_to_sunday_where_the_organisation_is(api: Api) -> None:
    week = review(api, week="2026-03-02")["week"]
    assert (week["starts_at"], week["ends_at"]) == ("2026-03-02T05:00:00Z", "2026-03-09T04:00:00Z")
    assert week["compared_since"] == "2026-03-02T04:59:59.999999Z"
    assert (week["previous"], week["next"], week["zone"]) == (
        "2026-02-23", "2026-03-09", "America/New_York",
    )  # fmt: skip
    assert (week["is_cut"], week["is_latest_complete"], week["is_usual"]) == (False, True, False)
    cut = review(api, week="2026-02-23")["week"]
    assert (cut["is_cut"], cut["compared_since"]) == (True, "2026-02-25T12:00:00Z")
    assert (cut["previous"], cut["next"]) == (None, "2026-03-02")

    # A change in the last instant of a Sunday is this week's, the next instant is not.
    [(deal, first)] = api.sql("SELECT max(id) + 1, max(id) + 2 FROM deals")
    for number, stage_from in ((deal, EDGES[3]), (first, EDGES[1])):
        row = {"name": "Edge", "stage": "Propose", "amount": 100, "currency": "SGD"}
        api.sql(
            "INSERT INTO deal_versions (deal_id, valid_from, valid_to, name, stage)"
            " VALUES (%(id)s, %(start)s, %(cut)s, 'Edge', 'Propose'),"
            " (%(id)s, %(cut)s, 'infinity', 'Edge', 'Won')",
            id=number, start=BEGAN - timedelta(days=1), cut=stage_from,
        )  # fmt: skip
        with psycopg.connect(api.database_url, autocommit=True) as connection:
            deal_rows(connection, [{"id": number, **row, "crm_modified_at": stage_from}])
    ids = {
        monday: {each["id"] for each in review(api, "/deals", week=monday, group="won")["items"]}
        for monday in ("2026-03-02", "2026-03-09")
    }
    assert (str(deal) in ids["2026-03-02"], str(first) in ids["2026-03-02"]) == (True, False)
    assert str(deal) not in ids["2026-03-09"]
