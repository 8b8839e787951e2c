"""The Dashboard's figures over a mirror of the simulator, against an oracle of their own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from support.api import HandClock
from support.pipeline_oracle import Oracle
from support.simulator import SimulatorHandle, simulator_in_thread
from support.synced import Synced
from zoho_sim.config import Config


@pytest.fixture(scope="module")
def _shared_crm() -> Iterator[SimulatorHandle]:
    """A CRM of which enough is open: in more than five countries."""
    with simulator_in_thread(Config(deals=600)) as handle:
        yield handle


@pytest.fixture
def clock() -> HandClock:
    """The clock of the CRM: what happens there happens now."""
    return HandClock(datetime.now(UTC))


def dashboard(product: Synced) -> dict[str, Any]:
    answer = product.api.client.get("/api/dashboard")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def day_of(product: Synced) -> date:
    [(zone,)] = product.api.sql("SELECT time_zone FROM crm_organisation")
    return product.api.clock.now().astimezone(ZoneInfo(str(zone))).date()


def quick_sync(product: Synced) -> None:
    session: Any = product.sync("incremental")["session"]
    assert session["status"] == "completed"


def test_totals_are_what_the_crm_holds(synced: Synced) -> None:
    oracle, today = Oracle(synced.crm), day_of(synced)
    expected = oracle.expected(synced.crm.records(), today)

    body = dashboard(synced)

    assert expected.total.deals > 0
    assert expected.overdue.deals > 0
    assert body["today"] == today.isoformat()
    assert body["base_currency"] == "SGD"
    assert body["open"] == {
        "rule": "forecast",
        "stages": oracle.open_stages,
        "probability_from": None,
        "probability_to": None,
        "undescribed_deals": 0,
    }
    assert body["total"] == expected.total.answer()
    assert body["overdue"] == expected.overdue.answer()
    assert body["without_rate"] == []


def test_stages_stand_in_the_crms_order_with_those_that_are_empty(synced: Synced) -> None:
    oracle = Oracle(synced.crm)
    expected = oracle.expected(synced.crm.records(), day_of(synced)).by_stage

    rows = dashboard(synced)["by_stage"]

    assert [(row["stage"], row["label"]) for row in rows] == [
        (stage, oracle.labels[stage]) for stage in oracle.open_stages
    ]
    shown = [{key: row[key] for key in ("deals", "value", "weighted")} for row in rows]
    assert shown == [expected[stage].answer() for stage in oracle.open_stages]


def test_five_countries_are_listed_by_value_and_the_rest_is_one_sum(synced: Synced) -> None:
    countries = ("India", "Malaysia", "Indonesia", "Japan", "Australia", "Singapore", "Thailand")
    reopened = [each["id"] for each in synced.crm.records()][: len(countries)]
    synced.crm.edit(
        {
            deal: {"Stage": "Qualification", "Country": country}
            for deal, country in zip(reopened, countries, strict=True)
        }
    )
    quick_sync(synced)
    by_country = Oracle(synced.crm).expected(synced.crm.records(), day_of(synced)).by_country
    ordered = sorted(by_country.items(), key=lambda each: -each[1].value)
    assert len(ordered) > 5

    body = dashboard(synced)

    assert body["by_country"] == [{"country": name, **sums.answer()} for name, sums in ordered[:5]]
    rest = [sums for _, sums in ordered[5:]]
    assert body["other_countries"] == {
        "countries": len(rest),
        "deals": sum(each.deals for each in rest),
        "value": float(sum(each.value for each in rest)),
        "weighted": float(sum(each.weighted for each in rest)),
    }


def test_revenue_is_what_was_recognised_in_the_quarter_up_to_today(synced: Synced) -> None:
    today = day_of(synced)
    won = [each["id"] for each in synced.crm.records() if each["Stage"] == "Closed Won"]
    tomorrow = date.fromordinal(today.toordinal() + 1)
    synced.crm.edit(
        {
            won[0]: {"OB_Recognition_Date": today.isoformat(), "Amount": 1234.56},
            won[1]: {"OB_Recognition_Date": tomorrow.isoformat(), "Amount": 1_000_000},
        }
    )
    quick_sync(synced)
    expected = Oracle(synced.crm).expected(synced.crm.records(), today)
    assert expected.realised_lately > 0

    body = dashboard(synced)["realised"]

    assert (body["year"], body["quarter"]) == (today.year, (today.month + 2) // 3)
    assert body["deals"] == expected.realised.deals
    assert body["value"] == float(expected.realised.value)
    assert body["last_7_days"] == float(expected.realised_lately)
    assert body["without_rate"] == 0


def test_change_counts_what_moved_since_history_began(synced: Synced) -> None:
    oracle, today = Oracle(synced.crm), day_of(synced)
    before = oracle.expected(synced.crm.records(), today).total
    deals = [each for each in synced.crm.records() if each["Stage"] in oracle.open_stages]
    first, second, third, fourth = deals[:4]
    synced.crm.advance(60)
    synced.crm.edit(
        {
            first["id"]: {"Stage": "Closed Won"},
            second["id"]: {"Stage": "Closed Lost"},
            third["id"]: {"Closing_Date": "2031-01-01"},
            fourth["id"]: {"Amount": 98765.43},
        }
    )
    copied = {key: third[key] for key in ("Currency", "Pipeline", "Stage", "Closing_Date")}
    synced.crm.create({"Deal_Name": "New", "Amount": 5000, **copied})
    synced.crm.delete(deals[4]["id"])
    quick_sync(synced)
    after = oracle.expected(synced.crm.records(), today).total
    assert after.value != before.value

    synced.api.clock.advance(seconds=120)
    change = dashboard(synced)["change"]

    [(began,)] = synced.api.sql(
        "SELECT (metadata ->> 'complete_at')::timestamptz FROM crm_sync_sessions"
        " WHERE sync_type = 'full_sync'"
    )
    assert datetime.fromisoformat(change.pop("since")) == began
    assert change == {
        "is_cut": True,
        "deals": {
            "absolute": after.deals - before.deals,
            "relative": round((after.deals - before.deals) / before.deals, 6),
        },
        "value": {
            "absolute": float(after.value - before.value),
            "relative": round(float((after.value - before.value) / before.value), 6),
        },
        "weighted": {
            "absolute": float(after.weighted - before.weighted),
            "relative": round(float((after.weighted - before.weighted) / before.weighted), 6),
        },
        "new_deals": 1,
        "won_deals": 1,
        "lost_deals": 1,
        "postponed_deals": 1,
    }


def test_nothing_moved_right_after_the_first_full_sync(synced: Synced) -> None:
    synced.api.clock.advance(seconds=120)
    change = dashboard(synced)["change"]

    zero = {"absolute": 0, "relative": 0}
    assert (change["deals"], change["value"], change["weighted"]) == (zero, zero, zero)
    moved = ("new_deals", "won_deals", "lost_deals", "postponed_deals")
    assert [change[each] for each in moved] == [0, 0, 0, 0]


def test_probability_decides_where_the_crm_forecasts_no_stage(synced: Synced) -> None:
    synced.api.sql(
        "UPDATE crm_fields SET document = jsonb_set(document, '{pick_list_values}', '[]')"
        " WHERE module = 'Deals' AND api_name = 'Stage'"
    )
    active = [each for each in synced.crm.records() if 10 <= (each["Probability"] or 0) <= 89]

    body = dashboard(synced)

    assert body["open"] == {
        "rule": "probability",
        "stages": [],
        "probability_from": 10,
        "probability_to": 89,
        "undescribed_deals": 0,
    }
    assert body["total"]["deals"] == len(active)
    # Without an order of the CRM's, stages stand by name.
    names = [row["stage"] for row in body["by_stage"]]
    assert names == sorted({each["Stage"] for each in active})


def test_deals_in_stages_that_the_crm_does_not_describe_are_counted_apart(synced: Synced) -> None:
    before = dashboard(synced)["total"]["deals"]
    synced.api.sql(
        "UPDATE deals SET stage = CASE WHEN id = (SELECT min(id) FROM deals WHERE is_live)"
        " THEN NULL ELSE 'Elsewhere' END WHERE stage = 'Qualification' OR id ="
        " (SELECT min(id) FROM deals WHERE is_live)"
    )
    [(moved,)] = synced.api.sql(
        "SELECT count(*) FROM deals WHERE is_live AND (stage = 'Elsewhere' OR stage IS NULL)"
    )
    assert isinstance(moved, int)
    assert moved > 1

    body = dashboard(synced)

    assert body["open"]["undescribed_deals"] == moved
    assert body["total"]["deals"] < before
