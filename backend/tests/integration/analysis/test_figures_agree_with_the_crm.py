"""product.md §7: every number and breakdown, against an oracle over the CRM's own dump.

Each organisation is made at random, synced for real, changed at random and synced again. Then many
questions are asked of it: as of now, compared with the quiet moment between the two syncs, and as
of that moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs

import pytest

from support.api import HandClock
from support.oracle.pipeline import Deal, Figures, Parameters, PipelineOracle
from support.simulator import SimulatorHandle, simulator_in_thread
from support.synced import Synced
from zoho_sim.config import Config

DEALS = 160
QUESTIONS = 18
# Any: what the API answers, compared exactly.
Answer = Any
MEASURES = ("value", "weighted", "deals", "average_size", "average_probability", "win_rate")
DIMENSIONS = (
    "country", "region", "solution", "funding", "segment", "stage", "currency", "owner", "account",
    "closing_month", "closing_quarter", "created_month", "probability_band", "outcome",
)  # fmt: skip
HOW_DEALS_END = {"stage", "probability_band", "outcome"}


@pytest.fixture(scope="module")
def _shared_crm() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


@pytest.fixture(params=[(11, "SGD"), (12, "USD")], ids=["home is the base", "another base"])
def seed(request: pytest.FixtureRequest) -> tuple[int, str]:
    """A random organisation, and the currency in which it is told."""
    found: tuple[int, str] = request.param
    return found


@pytest.fixture
def crm(_shared_crm: SimulatorHandle, seed: tuple[int, str]) -> SimulatorHandle:
    _shared_crm.reset(deals=DEALS, seed=seed[0])
    muddle(_shared_crm, Random(seed[0]))
    return _shared_crm


@pytest.fixture
def clock() -> HandClock:
    """The clock of the CRM: what happens there happens now."""
    return HandClock(datetime.now(UTC))


def muddle(crm: SimulatorHandle, rng: Random) -> None:
    """Empty fields, take rates away, reopen and close, delete and restore: some of each."""
    rows = crm.records()
    today = datetime.now(UTC).date()
    changes: list[dict[str, Any]] = [
        {"Amount": None},
        {"Probability": None},
        {"Country": None},
        {"Closing_Date": None},
        {"Currency": "IDR", "Exchange_Rate": None, "Amount": 987654321.5},
        {"Currency": "JPY", "Exchange_Rate": 117.25, "Amount": 1234567},
        {"Currency": "GBP", "Exchange_Rate": None, "Amount": 55000},
        {"Amount": -1200.55},
    ]
    # Stages that deals of the same pipeline are in: the CRM refuses others.
    stages: dict[str, list[str]] = {}
    for row in rows:
        stages.setdefault(row["Pipeline"], []).append(row["Stage"])
    edits: dict[str, dict[str, Any]] = {}
    for row in rng.sample(rows, 110):
        edits[row["id"]] = (
            dict(rng.choice(changes))
            if rng.random() < 0.4
            else {
                "Stage": rng.choice(sorted(set(stages[row["Pipeline"]]))),
                "Probability": rng.choice([5, 10, 39, 40, 55, 70, 71, 80, 81, 100]),
                "Closing_Date": (today + timedelta(days=rng.randint(-400, 60))).isoformat(),
            }
        )
    crm.edit(edits)
    gone = [row["id"] for row in rng.sample(rows, 14)]
    crm.delete(*gone)
    crm.restore(*gone[:5])
    crm.delete(gone[0])


@dataclass
class Organisation:
    """A mirror with two known states of the CRM behind it."""

    product: Synced
    oracle: PipelineOracle
    then: list[Deal]
    quiet: datetime
    """A moment at which the CRM was as in `then`."""
    now: list[Deal]
    today: date


@pytest.fixture
def organisation(synced: Synced, seed: tuple[int, str]) -> Organisation:
    number, base = seed
    put = synced.api.client.put("/api/settings", json={"changes": {"currency.base": base}})
    assert put.status_code == 200, put.text
    then, quiet = synced.crm.records(), datetime.now(UTC) + timedelta(seconds=300)
    synced.crm.advance(600)
    muddle(synced.crm, Random(number + 100))
    session: Any = synced.sync("incremental")["session"]
    assert session["status"] == "completed"
    synced.api.clock.advance(seconds=900)
    [(zone,)] = synced.api.sql("SELECT time_zone FROM crm_organisation")
    oracle = PipelineOracle(synced.crm, base, str(zone))
    # A currency of which no rate is known, as if the CRM had lost it.
    synced.api.sql("DELETE FROM currency_rates WHERE iso_code = 'GBP'")
    del oracle.rates["GBP"]
    today = synced.api.clock.now().astimezone(oracle.zone).date()
    return Organisation(synced, oracle, then, quiet, synced.crm.records(), today)


def random_filter(rng: Random, rows: list[Deal], today: date) -> Parameters:
    """Return some of the filters, each so that it finds something now and then."""
    some = rng.choice(rows)
    near = today + timedelta(days=rng.randint(-60, 20))
    possible: list[Parameters] = [
        {"closing": ["current_quarter"]},
        {"closing_from": [near.isoformat()]},
        {"closing_from": [near.isoformat()], "closing_to": [str(near + timedelta(days=40))]},
        {"probability": [rng.choice(["sales", "presales", "delivery", "active", "all"])]},
        {"probability": ["sales", "deal_approval"]},
        {"outcome": ["open"]},
        {"outcome": ["open"]},
        {"outcome": ["won", "lost"]},
        {"country": [some["Country"] or "", "Singapore"]},
        {"owner": [some["Owner"]["id"]]},
        {"segment": [some["Market_Segment"] or ""]},
        {"stage": [some["Stage"], "Qualification"]},
        {"currency": ["IDR", "GBP", "SGD"]},
        {"value_from": ["50000"]},
        {"value_to": ["400000.50"]},
        {"q": [some["Deal_Name"].split()[0]]},
    ]
    asked: Parameters = {}
    for part in rng.sample(possible, rng.randint(0, 3)):
        asked |= part
    return asked


def ask(organisation: Organisation, path: str, asked: Parameters, **more: str) -> Answer:
    answer = organisation.product.api.client.get(f"/api/analysis/{path}", params=asked | more)
    assert answer.status_code == 200, (path, asked, more, answer.text)
    return answer.json()


def changed(measure: str, now: Figures, then: Figures | None) -> dict[str, Any]:
    is_now, was = now.figure(measure), None if then is None else then.figure(measure)
    return {"now": is_now, "then": was}


def same(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer says now and then, once its difference fits."""
    now, then = shown["now"], shown["then"]
    if now is None or then is None:
        assert shown["absolute"] is None
    else:
        assert shown["absolute"] == pytest.approx(now - then, abs=0.005)
    if now is None or not then:
        assert shown["relative"] is None
    else:
        assert shown["relative"] == pytest.approx((now - then) / abs(then), abs=1e-6)
    return {"now": now, "then": then}


def test_every_figure_is_that_of_the_crm_now_then_and_as_of_then(
    organisation: Organisation,
) -> None:
    numbers_are_those_of_the_crm(organisation)
    breakdowns_add_up_to_what_the_crm_holds(organisation)
    filters_of_rows_find_exactly_their_deals(organisation)
    managers_are_told_with_their_countries_and_wins(organisation)
    trends_end_with_the_numbers_of_now_and_begin_with_those_of_then(organisation)


def numbers_are_those_of_the_crm(organisation: Organisation) -> None:
    oracle, rng = organisation.oracle, Random(1)
    quiet = organisation.quiet.isoformat()
    found = 0
    for _ in range(QUESTIONS):
        asked = random_filter(rng, organisation.now, organisation.today)
        now = oracle.figures(oracle.chosen(organisation.now, asked, organisation.today))
        then = oracle.figures(oracle.chosen(organisation.then, asked, organisation.today))
        found += now.deals > 0

        body = ask(organisation, "numbers", asked, compared_with=quiet)
        past = ask(organisation, "numbers", asked, as_of=quiet)

        for measure in MEASURES[:-1]:
            assert same(body[measure]) == changed(measure, now, then), (asked, measure)
            assert past[measure]["now"] == then.figure(measure), (asked, measure)
        missing = {each["currency"]: each["deals"] for each in body["basis"]["without_rate"]}
        assert missing == dict(now.without_rate), asked
        assert body["basis"]["conflicts"] == {"deals": 0, "value": 0}
        assert (past["basis"]["is_past"], past["basis"]["conflicts"]) == (True, None)
    assert found > QUESTIONS // 2


def breakdowns_add_up_to_what_the_crm_holds(organisation: Organisation) -> None:
    oracle, rng, today = organisation.oracle, Random(2), organisation.today
    quiet, first = organisation.quiet.isoformat(), year_before(organisation.today)
    for number in range(QUESTIONS * 2):
        asked = random_filter(rng, organisation.now, today)
        measure = MEASURES[number % len(MEASURES)]
        allowed = [each for each in DIMENSIONS if each not in HOW_DEALS_END]
        rows, columns = rng.sample(allowed if measure == "win_rate" else DIMENSIONS, 2)
        has_wins = measure == "win_rate"
        deals = oracle.chosen(organisation.now, asked, today)
        closed = oracle.closed(organisation.now, asked, first, today) if has_wins else []
        deals_then = oracle.chosen(organisation.then, asked, today)
        closed_then = oracle.closed(organisation.then, asked, first, today) if has_wins else []

        body = ask(
            organisation, "breakdown", asked, rows=rows, columns=columns, measure=measure,
            compared_with=quiet,
        )  # fmt: skip

        told = (asked, rows, columns, measure)
        by_row = oracle.grouped(deals, closed, [rows])
        by_row_then = oracle.grouped(deals_then, closed_then, [rows])
        cells = oracle.grouped(deals, closed, [rows, columns])
        heads = [each["key"] for each in body["columns"]]
        others = [each["kind"] == "others" for each in body["columns"]]
        assert sum(others) <= 1, told
        shown = {row["heading"]["key"]: row for row in body["rows"]}
        assert set(shown) == {key for (key,) in {**by_row, **by_row_then}}, told
        for key, row in shown.items():
            expected = by_row.get((key,), Figures())
            then = by_row_then.get((key,), Figures())
            assert same(row["figure"]) == changed(measure, expected, then), (told, key)
            assert row["deals"] == expected.deals
            assert (row["value"], row["weighted"]) == (
                float(expected.value),
                float(expected.weighted),
            )
            named = zip(heads, others, row["cells"], strict=True)
            shown_cells = {head: cell for head, is_rest, cell in named if cell and not is_rest}
            for column, cell in shown_cells.items():
                assert cell["figure"] == cells[key, column].figure(measure), (told, key, column)
            if not any(others):
                filled = [
                    keys
                    for keys, each in cells.items()
                    if keys[0] == key and (each.won + each.lost if has_wins else each.deals)
                ]
                assert len(shown_cells) == len(filled), (told, key)
        whole = oracle.figures(deals, closed)
        total = body["total"]
        assert same(total["figure"]) == changed(
            measure, whole, oracle.figures(deals_then, closed_then)
        ), told
        by_column = oracle.grouped(deals, closed, [columns])
        for head, is_rest, cell in zip(heads, others, total["cells"], strict=True):
            if not is_rest:
                shown_total = None if cell is None else cell["figure"]
                assert shown_total == by_column[(head,)].figure(measure), (told, head)


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1) + timedelta(days=1)


def filters_of_rows_find_exactly_their_deals(
    organisation: Organisation,
) -> None:
    rng, found = Random(3), 0
    for dimension in ("stage", "closing_month", "closing_quarter", "probability_band", "outcome",
                      "country", "owner"):  # fmt: skip
        asked = random_filter(rng, organisation.now, organisation.today)
        body = ask(organisation, "breakdown", asked, rows=dimension, columns="currency")
        for row in body["rows"]:
            if row["heading"]["filter"] is None or row["deals"] == 0:
                continue
            narrower = asked | parse_qs(row["heading"]["filter"], keep_blank_values=True)
            assert ask(organisation, "numbers", narrower)["deals"]["now"] == row["deals"]
            found += 1
    assert found > 10


def managers_are_told_with_their_countries_and_wins(
    organisation: Organisation,
) -> None:
    oracle, today = organisation.oracle, organisation.today
    for moment, deals in ((None, organisation.now), (organisation.quiet, organisation.then)):
        more = {} if moment is None else {"as_of": moment.isoformat()}
        body = ask(organisation, "managers", {"outcome": ["open"]}, **more)

        chosen = oracle.chosen(deals, {"outcome": ["open"]}, today)
        closed = oracle.closed(deals, {}, year_before(today), today)
        expected = oracle.grouped(chosen, closed, ["owner"])
        countries = oracle.grouped(chosen, [], ["owner", "country"])
        assert {each["owner_id"] for each in body["items"]} == {key for (key,) in expected}
        values = [each["value"] for each in body["items"]]
        assert values == sorted(values, reverse=True)
        for each in body["items"]:
            one = expected[(each["owner_id"],)]
            assert {name: each[name] for name in MEASURES} == {
                name: one.figure(name) for name in MEASURES
            }
            assert (each["won"], each["lost"]) == (one.won, one.lost)
            own = {key: sums for key, sums in countries.items() if key[0] == each["owner_id"]}
            assert each["country_count"] == len(own)
            assert len(each["countries"]) == min(3, len(own))
            for country in each["countries"]:
                there = own[each["owner_id"], country["country"]]
                assert (country["deals"], country["value"]) == (there.deals, float(there.value))
        assert body["total"]["win_rate"] == oracle.figures(chosen, closed).figure("win_rate")


def trends_end_with_the_numbers_of_now_and_begin_with_those_of_then(
    organisation: Organisation,
) -> None:
    quiet = organisation.quiet.isoformat()
    asked: Parameters = {"outcome": ["open"]}
    now = ask(organisation, "numbers", asked, compared_with=quiet)

    points = ask(organisation, "trend", asked, compared_with=quiet)["points"]

    assert len(points) == 8
    for name in MEASURES[:-1]:
        assert points[0][name] == now[name]["then"]
        assert points[-1][name] == now[name]["now"]
    moments = [datetime.fromisoformat(point["at"]) for point in points]
    assert moments[0] == organisation.quiet
    assert moments == sorted(moments)
