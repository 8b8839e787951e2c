"""Random histories of deals, stored as the mirror keeps them, and random questions about them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from pulse.core.deal_filters import DealFilter, Dimension, Outcome, ProbabilityBand
from pulse.core.periods import Days
from support.deal_rows import STAMP, currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD
from support.movement_oracle import Facts, History, Wanted

DEALS: Final = 30
BEGAN: Final = datetime(2026, 1, 10, tzinfo=UTC)
NOW: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BANDS: Final = {(40, 70): ProbabilityBand.PRESALES, (10, 89): ProbabilityBand.ACTIVE}
STAGES: Final = ("Qualify", "Qualify", "Propose", "Propose", "Won", "Lost", "Unheard of", None)
ALTERABLE: Final = ("amount", "currency", "exchange_rate", "probability", "stage", "closing_date",
                    "owner_id", "country", "name")  # fmt: skip

Connection = psycopg.Connection[Any]


def moment(random: Random) -> datetime:
    return BEGAN + timedelta(seconds=random.randrange(int((NOW - BEGAN).total_seconds())))


def one_of(random: Random, column: str) -> object:
    values: dict[str, list[object]] = {
        "amount": [None, *(Decimal(random.randrange(-(10**6), 10**8)) / 100 for _ in range(3))],
        "currency": ["SGD", "SGD", "USD", "INR", "LKR", None],
        "exchange_rate": [None, None, Decimal(random.randrange(1, 10**6)) / 10**4],
        "probability": [None, 0, 10, 39, 40, 55, 70, 71, 90, 100],
        "stage": list(STAGES),
        "closing_date": [None, *(date(2026, 1, random.randint(1, 31)) + timedelta(days=days)
                                 for days in (0, 30, 60, 90, 120))],
        "owner_id": [21, 22, None],
        "country": ["Singapore", "India", None],
        "name": ["Metro signalling", "Yard automation"],
    }  # fmt: skip
    return random.choice(values[column])


def one_deal(random: Random) -> tuple[list[tuple[datetime, datetime | None, Facts]], bool]:
    """Return a deal's versions, and whether the CRM holds it still."""
    at = BEGAN - timedelta(days=5) if random.random() < 0.7 else moment(random)
    facts: Facts = {column: one_of(random, column) for column in ALTERABLE}
    # Some came late though they are old: the CRM had not shown them to us.
    age = random.choice([timedelta(), timedelta(0), timedelta(days=30)])
    facts["crm_created_at"] = random.choice([at - age, at - age, at - age, None])
    versions: list[tuple[datetime, datetime | None, Facts]] = []
    for _ in range(random.randrange(5)):
        until = at + timedelta(days=random.randrange(1, 20), seconds=random.randrange(3600))
        if until >= NOW:
            break
        versions.append((at, until, facts))
        # Between two versions a deal may be gone for a while.
        at = until if random.random() < 0.85 else until + timedelta(days=random.randrange(1, 5))
        changed = random.sample(ALTERABLE, random.randrange(1, 4))
        facts = facts | {column: one_of(random, column) for column in changed}
    if at < NOW and random.random() < 0.9:
        return [*versions, (at, None, facts)], True
    return versions, False


def random_history(random: Random) -> History:
    versions, now, hidden, edited = {}, {}, set(), set()
    for deal in range(1, DEALS + 1):
        versions[deal], is_there = one_deal(random)
        if not is_there:
            hidden |= {deal} if random.random() < 0.5 else set()
            continue
        now[deal] = versions[deal][-1][2]
        if random.random() < 0.1:
            edited.add(deal)
            now[deal] = now[deal] | {"amount": one_of(random, "amount")}
    rates = [
        (day, code, Decimal(random.randrange(1, 10**5)) / 100)
        for day in (date(2026, 1, 5), date(2026, 1, 25), date(2026, 2, 20))
        for code in ("USD", "INR")
    ]
    if random.random() < 0.5:
        rates.append((date(2026, 2, 10), "LKR", Decimal("240.5")))
    return History(versions, now, rates, hidden, edited)


def store(connection: Connection, history: History) -> None:
    connection.execute(
        "TRUNCATE deals, deal_versions, crm_documents, record_sync_status, pending_changes,"
        " crm_currencies, currency_rates, crm_fields, crm_sync_sessions CASCADE"
    )
    currency_rows(connection, "SGD", {})
    insert(
        connection,
        "crm_currencies",
        [{"iso_code": "USD", "name": "USD", "exchange_rate": 1, "is_base": False,
          "is_active": True, "refreshed_at": STAMP}],
    )  # fmt: skip
    insert(connection, "crm_fields", [STAGE_FIELD])
    insert(
        connection,
        "crm_sync_sessions",
        [{"module": "Deals", "sync_type": "full_sync", "status": "completed",
          "created_at": BEGAN, "completed_at": BEGAN}],
    )  # fmt: skip
    insert(
        connection,
        "currency_rates",
        [{"iso_code": code, "valid_from": day, "exchange_rate": rate}
         for day, code, rate in history.rates],
    )  # fmt: skip
    for deal, versions in history.versions.items():
        gone = "invisible" if deal in history.hidden else "deleted"
        last = versions[-1][2] if versions else {}
        shown = history.now.get(deal, last)
        deal_rows(
            connection,
            [{"id": deal, **shown, "presence": "live" if deal in history.now else gone}],
        )
        insert(
            connection,
            "deal_versions",
            [{"deal_id": deal, "valid_from": since, "valid_to": until or "infinity", **facts}
             for since, until, facts in versions],
        )  # fmt: skip
        if deal in history.edited:
            insert(
                connection,
                "pending_changes",
                [{"module": "Deals", "record_id": deal, "field": "Amount", "new_value": Jsonb(1.5),
                  "base_value": Jsonb(2.5), "author_name": "Ada"}],
            )  # fmt: skip


def random_filter(random: Random) -> tuple[DealFilter, Wanted]:
    def maybe(choices: list[Any], share: float = 0.4) -> Any:  # noqa: ANN401 - any value
        return random.choice(choices) if random.random() < share else None

    days = maybe([(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 3, 1), None)]) or (None, None)
    band = maybe(list(BANDS))
    outcomes = maybe([{"open"}, {"open"}, {"won"}, {"open", "won"}], 0.6) or set()
    stages = maybe([{"Propose"}, {"Qualify", "Won"}], 0.15) or set()
    owners = maybe([{21}, {22, None}], 0.2) or set()
    countries = maybe([{"Singapore"}, {None}], 0.2) or set()
    least = maybe([Decimal(1000)], 0.15)
    word = maybe(["metro"], 0.15) or ""
    choices = {
        Dimension.STAGE: tuple(sorted(stages)),
        Dimension.OWNER: tuple("" if each is None else str(each) for each in owners),
        Dimension.COUNTRY: tuple(each or "" for each in countries),
    }
    return (
        DealFilter(
            text=word,
            closing=Days(*days),
            bands=() if band is None else (BANDS[band],),
            choices={name: values for name, values in choices.items() if values},
            least_value=least,
            outcomes=tuple(Outcome(each) for each in sorted(outcomes)),
        ),
        Wanted(
            closing=days,
            probability=band,
            outcomes=frozenset(outcomes),
            stages=frozenset(stages),
            owners=frozenset(owners),
            countries=frozenset(countries),
            least_value=least,
            word=word,
        ),
    )


def pair(random: Random, history: History) -> tuple[datetime, datetime | None]:
    """Return two moments, at times those at which something changed; None is now."""
    edges = [
        edge
        for versions in history.versions.values()
        for since, until, _ in versions
        for edge in (since, until)
        if edge is not None and BEGAN <= edge <= NOW
    ]
    earlier, later = sorted(
        random.choice(edges) if random.random() < 0.3 and edges else moment(random)
        for _ in range(2)
    )
    return earlier, None if random.random() < 0.3 else later
