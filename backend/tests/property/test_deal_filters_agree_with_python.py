"""Filters and orders in SQL against the same rules in plain Python, over random deals."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulse.core.deal_filters import (
    BAND_LIMITS,
    DealFilter,
    DealState,
    Dimension,
    FieldCondition,
    FieldTest,
    Outcome,
    ProbabilityBand,
)
from pulse.core.periods import Days
from pulse.db.engine import database
from pulse.deals.table.rows import TableRequest, deal_window
from pulse.deals.table.summary import deal_summary
from pulse.queries.deal_fields import DealField, DealFields, FieldKind
from pulse.queries.deal_filters import Scope
from pulse.queries.money import read_conversion
from pulse.queries.stages import SalesProcess, Stage
from pulse.web.paging import PageRequest
from support.deal_rows import STAMP, currency_rows, deal_rows

FIELDS = DealFields(
    {
        "Seats": DealField("Seats", "Seats", FieldKind.NUMBER, "integer"),
        "Next_Step": DealField("Next_Step", "Next step", FieldKind.TEXT, "text"),
        "Tools": DealField("Tools", "Tools", FieldKind.CHOICES, "multiselectpicklist"),
    }
)
PROCESSES = {
    "forecast": SalesProcess(
        (
            Stage("Selling", "Selling", 50, Outcome.OPEN),
            Stage("Won", "Won", 100, Outcome.WON),
            Stage("Lost", "Lost", 0, Outcome.LOST),
            Stage("Parked", "Parked", None, None),
        )
    ),
    "probability": SalesProcess(),
}
RATES = {"USD": Decimal(2), "JPY": Decimal(4)}
words = st.sampled_from(["Alpha", "beta", "GAMMA", "al%a", "b_ta", "é", "100"])
documents = st.fixed_dictionaries(
    {},
    optional={
        "Seats": st.one_of(st.integers(-5, 50), st.just("many")),
        "Next_Step": words,
        "Tools": st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=2, unique=True),
    },
)
deals = st.fixed_dictionaries(
    {
        "name": st.one_of(st.none(), st.lists(words, min_size=1, max_size=3).map(" ".join)),
        "amount": st.one_of(st.none(), st.integers(-10, 400).map(Decimal)),
        "currency": st.sampled_from([None, "SGD", "USD", "JPY", "LKR"]),
        "probability": st.one_of(st.none(), st.integers(0, 100)),
        "stage": st.sampled_from([None, "Selling", "Won", "Lost", "Parked", "Elsewhere"]),
        "country": st.sampled_from([None, "SG", "MY", "ID"]),
        "owner_id": st.sampled_from([None, 21, 22]),
        "closing_date": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 9))),
        "crm_modified_at": st.integers(0, 4).map(lambda hours: STAMP + timedelta(hours=hours)),
        "document": documents,
        "there": st.sampled_from(
            [
                ("live", "synced"),
                ("live", "conflict"),
                ("live", "pending"),
                ("deleted", "synced"),
                ("invisible", "error"),
            ]
        ),
    }
)
field_conditions = st.one_of(
    st.builds(
        FieldCondition,
        st.just("Seats"),
        st.sampled_from([FieldTest.IS, FieldTest.MIN, FieldTest.MAX]),
        st.integers(-5, 50).map(str),
    ),
    st.builds(
        FieldCondition,
        st.just("Next_Step"),
        st.sampled_from([FieldTest.IS, FieldTest.CONTAINS]),
        st.sampled_from(["Alpha", "b", "_", "%"]),
    ),
    st.builds(FieldCondition, st.just("Tools"), st.just(FieldTest.IS), st.sampled_from(["A", "B"])),
    st.builds(
        FieldCondition,
        st.sampled_from(["Seats", "Tools"]),
        st.sampled_from([FieldTest.EMPTY, FieldTest.FILLED]),
    ),
)
bounds = st.one_of(st.none(), st.integers(-10, 400).map(Decimal))
filters = st.builds(
    DealFilter,
    text=st.sampled_from(["", "", "alpha", "BETA a", "%", "_", "100"]),
    closing=st.builds(
        Days,
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 9))),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 9))),
    ),
    bands=st.lists(st.sampled_from(ProbabilityBand), max_size=2).map(tuple),
    choices=st.dictionaries(
        st.just(Dimension.COUNTRY),
        st.lists(st.sampled_from(["", "SG", "MY"]), min_size=1, max_size=2).map(tuple),
    ).flatmap(
        lambda given: st.sampled_from(
            [given, {**given, Dimension.OWNER: ("21",)}, {**given, Dimension.OWNER: ("", "22")}]
        )
    ),
    least_value=bounds,
    greatest_value=bounds,
    changed_since=st.one_of(
        st.none(), st.integers(0, 4).map(lambda hours: STAMP + timedelta(hours=hours))
    ),
    states=st.lists(st.sampled_from(DealState), max_size=3).map(tuple),
    outcomes=st.lists(st.sampled_from(Outcome), max_size=2).map(tuple),
    fields=st.lists(field_conditions, max_size=2).map(tuple),
)


def value_of(deal: dict[str, Any]) -> Decimal | None:
    if deal["amount"] is None or deal["currency"] is None:
        return None
    if deal["currency"] == "SGD":
        return Decimal(deal["amount"])
    rate = RATES.get(deal["currency"])
    return None if rate is None else Decimal(deal["amount"]) / rate


def state_of(deal: dict[str, Any]) -> str:
    presence, status = deal["there"]
    return "deleted" if presence == "deleted" else str(status)


def holds(condition: FieldCondition, document: dict[str, Any]) -> bool:  # noqa: PLR0911 - a rule a line
    kept = document.get(condition.api_name)
    match condition.test:
        case FieldTest.EMPTY:
            return kept is None
        case FieldTest.FILLED:
            return kept is not None
    if kept is None:
        return False
    match condition.api_name, condition.test:
        case "Tools", _:
            return condition.value in kept
        case "Next_Step", FieldTest.CONTAINS:
            return condition.value.lower() in kept.lower()
        case "Next_Step", _:
            return bool(kept == condition.value)
    if kept == "many":
        return False
    number = int(condition.value)
    if condition.test is FieldTest.MIN:
        return bool(kept >= number)
    return bool(kept <= number) if condition.test is FieldTest.MAX else bool(kept == number)


def outcome_of(deal: dict[str, Any], rule: str) -> Outcome | None:
    if rule == "forecast":
        by_stage = {"Selling": Outcome.OPEN, "Won": Outcome.WON, "Lost": Outcome.LOST}
        return by_stage.get(deal["stage"])
    likely = deal["probability"]
    if likely is None:
        return None
    if likely in {0, 100}:
        return Outcome.WON if likely else Outcome.LOST
    return Outcome.OPEN if 10 <= likely <= 89 else None


def fits(deal: dict[str, Any], wanted: DealFilter, rule: str) -> bool:  # noqa: C901, PLR0911, PLR0912 - a rule a line
    if wanted.states:
        if state_of(deal) not in wanted.states:
            return False
    elif deal["there"][0] != "live":
        return False
    name = (deal["name"] or "").lower()
    for word in wanted.text.lower().split():
        by_id = word.isdigit() and str(deal["id"]).startswith(word)
        if word not in name and not by_id:
            return False
    closing, days = deal["closing_date"], wanted.closing
    if days.first is not None and (closing is None or closing < days.first):
        return False
    if days.last is not None and (closing is None or closing > days.last):
        return False
    if wanted.bands and ProbabilityBand.ALL not in wanted.bands:
        limits = [BAND_LIMITS[band] for band in wanted.bands]
        likely = deal["probability"]
        if likely is None or not any(low <= likely <= high for low, high in limits):
            return False
    for dimension, column in ((Dimension.COUNTRY, "country"), (Dimension.OWNER, "owner_id")):
        if values := wanted.choices.get(dimension):
            kept = "" if deal[column] is None else str(deal[column])
            if kept not in values:
                return False
    if wanted.outcomes and outcome_of(deal, rule) not in wanted.outcomes:
        return False
    value = value_of(deal)
    if wanted.least_value is not None and (value is None or value < wanted.least_value):
        return False
    if wanted.greatest_value is not None and (value is None or value > wanted.greatest_value):
        return False
    if wanted.changed_since is not None and deal["crm_modified_at"] < wanted.changed_since:
        return False
    return all(
        any(holds(other, deal["document"]) for other in same) for same in together(wanted.fields)
    )


def together(given_conditions: tuple[FieldCondition, ...]) -> list[list[FieldCondition]]:
    """Group "is" of one field, which names several values; everything else stands alone."""
    groups: list[list[FieldCondition]] = []
    for condition in given_conditions:
        same = [
            group
            for group in groups
            if condition.test is FieldTest.IS
            and (group[0].api_name, group[0].test) == (condition.api_name, condition.test)
        ]
        (same[0] if same else groups.append([]) or groups[-1]).append(condition)
    return groups


ORDERS: dict[str, Any] = {
    "name": lambda deal: None if deal["name"] is None else deal["name"].lower(),
    "value": value_of,
    "probability": lambda deal: deal["probability"],
    "closing_date": lambda deal: deal["closing_date"],
    "changed_at": lambda deal: deal["crm_modified_at"],
    "crm.Seats": lambda deal: (
        None if deal["document"].get("Seats") == "many" else deal["document"].get("Seats")
    ),
}


def ordered(rows: list[dict[str, Any]], sort: str) -> list[int]:
    key, is_descending = ORDERS[sort.removeprefix("-")], sort.startswith("-")
    filled = [row for row in rows if key(row) is not None]
    empty = [row for row in rows if key(row) is None]
    by_id = lambda row: row["id"]  # noqa: E731 - a key
    filled.sort(key=lambda row: (key(row), row["id"]), reverse=is_descending)
    empty.sort(key=by_id, reverse=is_descending)
    return [row["id"] for row in (*filled, *empty)]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(deals, min_size=1, max_size=15),
    wanted=filters,
    column=st.sampled_from(sorted(ORDERS)),
    sign=st.sampled_from(["", "-"]),
    rule=st.sampled_from(sorted(PROCESSES)),
)
def test_filters_and_orders_mean_in_sql_what_they_say(
    database_url: str,
    rows: list[dict[str, Any]],
    wanted: DealFilter,
    column: str,
    sign: str,
    rule: str,
) -> None:
    for at, row in enumerate(rows, 98):
        row["id"] = at
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE deals, crm_documents, record_sync_status, crm_currencies, currency_rates"
        )
        currency_rows(connection, "SGD", RATES)
        deal_rows(
            connection,
            [
                {
                    **{name: kept for name, kept in row.items() if name != "there"},
                    "presence": row["there"][0],
                    "sync_status": row["there"][1],
                }
                for row in rows
            ],
        )

    async def run() -> tuple[list[int], int, Decimal]:
        async with database(database_url) as open_db, open_db.begin() as db:
            process = PROCESSES[rule]
            scope = Scope(FIELDS, await read_conversion(db, "SGD"), ZoneInfo("UTC"), process)
            page = PageRequest(limit=200, offset=0)
            asked = TableRequest(wanted, sign + column, (), page)
            window = await deal_window(db, asked, scope, process)
            summed = await deal_summary(db, wanted, scope)
            return [int(item.id) for item in window.items], summed.count, summed.value

    found = [row for row in rows if fits(row, wanted, rule)]
    live = [row for row in found if row["there"][0] == "live"]
    assert asyncio.run(run()) == (
        ordered(found, sign + column),
        len(found),
        sum((value_of(row) or Decimal(0) for row in live), Decimal(0)),
    )
