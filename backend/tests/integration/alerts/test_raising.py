"""From the change log to alerts: each change is judged once, whatever dies or comes late."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from pulse.alerts.raising import AT_ONCE, Judged, judge_lines, raise_alerts, start_alerts
from pulse.db.engine import database
from support.api import START
from support.deal_rows import currency_rows
from support.edited import DEAL, EditedMirror

AMOUNT = {"Amount": 100, "Currency": "SGD"}
SECOND = DEAL + 1


@pytest.fixture
def mirror(database_url: str) -> Iterator[EditedMirror]:
    with EditedMirror(database_url) as mirror:
        with psycopg.connect(database_url, autocommit=True) as connection:
            currency_rows(connection, "SGD", {"INR": 50})
        yield mirror


def judge(url: str) -> Judged:
    async def run() -> Judged:
        async with database(url) as open_db:
            return await raise_alerts(open_db)

    return asyncio.run(run())


def raised(mirror: EditedMirror) -> list[tuple[Any, ...]]:
    """Return deal, rule, size and side of every alert."""
    return [
        tuple(row.values())
        for row in mirror.sql(
            "SELECT alerts.deal_id - %s AS deal, rule, size, side FROM alerts"
            " JOIN change_log ON change_log.id = change_id ORDER BY alerts.id",
            DEAL,
        )
    ]


def set_up(mirror: EditedMirror, key: str, value: int) -> None:
    mirror.sql("INSERT INTO settings (key, value) VALUES (%s, %s)", key, Jsonb(value))


def describe_stages(mirror: EditedMirror, *pipelines: tuple[str, list[str]]) -> None:
    stages = [
        ("Qualify", "Open"),
        ("Offer", "Open"),
        ("Won", "Closed Won"),
        ("Lost", "Closed Lost"),
    ]
    values = [
        {"actual_value": name, "display_value": name, "sequence_number": at, "forecast_type": kind}
        for at, (name, kind) in enumerate(stages, 1)
    ]
    mirror.sql(
        "INSERT INTO crm_fields (module, field_id, api_name, label, data_type, is_custom,"
        " is_read_only, is_mandatory, document)"
        " VALUES ('Deals', 1, 'Stage', 'Stage', 'picklist', false, false, false, %s)",
        Jsonb({"pick_list_values": values}),
    )
    for at, (name, order) in enumerate(pipelines):
        mirror.sql(
            "INSERT INTO crm_pipelines (layout_id, pipeline_id, value, label, is_default, stages)"
            " VALUES (7, %s, %s, %s, false, %s)",
            at,
            name,
            name,
            Jsonb(order),
        )


def test_every_rule_raises_its_alert_once_with_its_size(
    mirror: EditedMirror, database_url: str
) -> None:
    describe_stages(mirror)
    before = {**AMOUNT, "Probability": 80, "Closing_Date": "2026-01-01", "Stage": "Offer"}
    mirror.sees(before, 0)
    assert judge(database_url) == Judged(0, 0)  # what was created has not moved

    mirror.sees(
        {
            "Amount": 40,
            "Currency": "SGD",
            "Probability": 40,
            "Closing_Date": "2026-06-01",
            "Stage": "Qualify",
        },
        10,
    )
    jobs = [name for name, _ in mirror.jobs()]
    assert jobs == ["raise_alerts"]
    assert judge(database_url) == Judged(4, 4)
    assert judge(database_url) == Judged(0, 0)

    assert sorted(raised(mirror)) == [
        (0, "amount_moved", Decimal("-60.00"), "crm"),
        (0, "closing_pushed", Decimal(151), "crm"),
        (0, "probability_fell", Decimal("-40.00"), "crm"),
        (0, "stage_backwards", Decimal(-1), "crm"),
    ]
    assert {row["threshold"] for row in mirror.sql("SELECT threshold FROM alerts")} == {
        50,
        30,
        90,
        None,
    }


def test_changes_of_other_fields_ask_for_nothing(mirror: EditedMirror, database_url: str) -> None:
    mirror.sees({**AMOUNT, "Deal_Name": "Metro"}, 0)
    mirror.sees({**AMOUNT, "Deal_Name": "Metro line 2"}, 10)

    assert mirror.jobs() == []
    assert judge(database_url) == Judged(0, 0)


def test_what_is_first_loaded_learned_deleted_or_restored_raises_nothing(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees(AMOUNT, 0, is_first_load=True)
    mirror.sees({**AMOUNT, "Probability": 5}, 10)
    mirror.misses(20)
    mirror.sees({**AMOUNT, "Probability": 5}, 30)

    assert [kind for kind, *_ in mirror.log()] == ["updated", "deleted", "restored"]
    judge(database_url)
    assert raised(mirror) == []


def test_our_own_edit_raises_an_alert_once_the_crm_took_it_and_under_its_side(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees(AMOUNT, 0)
    mirror.edit({"Amount": 10})
    judge(database_url)
    assert raised(mirror) == []

    mirror.send()
    mirror.sees({"Amount": 10, "Currency": "SGD"}, 10)
    judge(database_url)

    assert raised(mirror) == [(0, "amount_moved", Decimal("-90.00"), "local")]


def test_the_order_of_stages_is_that_of_the_deals_pipeline(
    mirror: EditedMirror, database_url: str
) -> None:
    describe_stages(mirror, ("Reverse", ["Offer", "Qualify", "Won"]), ("Short", ["Won"]))
    layout = {"Layout": "7"}
    for deal, pipeline in ((DEAL, "Reverse"), (SECOND, "Short"), (DEAL + 2, "Unknown")):
        mirror.sees({"Stage": "Offer", "Pipeline": pipeline, **layout}, 0, deal)
        mirror.sees({"Stage": "Qualify", "Pipeline": pipeline, **layout}, 10, deal)
    # Closed and open again.
    mirror.sees({"Stage": "Won", "Pipeline": "Reverse", **layout}, 20)
    mirror.sees({"Stage": "Qualify", "Pipeline": "Reverse", **layout}, 30)
    judge(database_url)

    # In the pipeline Reverse the step from Offer to Qualify goes on, not back.
    assert raised(mirror) == [
        (1, "stage_backwards", Decimal(-1), "crm"),
        (2, "stage_backwards", Decimal(-1), "crm"),
        (0, "stage_backwards", Decimal(-1), "crm"),
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # Written down in rupees: 100 at 50 each is 5,000, the same value.
        ({"Amount": 5000, "Currency": "INR"}, None),
        ({"Amount": 5000, "Currency": "INR", "Exchange_Rate": 50}, None),
        # Its own rate of 20 makes 250 of them.
        ({"Amount": 5000, "Currency": "INR", "Exchange_Rate": 20}, ("SGD", "100.00", "250.00")),
        ({"Amount": 2000, "Currency": "INR"}, ("SGD", "100.00", "40.00")),
        # Another currency alone moves no amount.
        ({"Amount": 100, "Currency": "INR"}, None),
        # No rate, nothing to say.
        ({"Amount": 5, "Currency": "LKR"}, None),
        ({"Amount": None, "Currency": "INR"}, (None, None, None)),
    ],
)
def test_an_amount_that_gets_another_currency_is_compared_in_the_base_currency(
    mirror: EditedMirror,
    database_url: str,
    after: dict[str, Any],
    expected: tuple[str | None, str | None, str | None] | None,
) -> None:
    mirror.sql(
        "INSERT INTO field_map (module, canonical_name, api_name, is_chosen) VALUES"
        " ('Deals', 'Currency', 'Currency', true),"
        " ('Deals', 'Exchange_Rate', 'Exchange_Rate', true)"
    )
    mirror.sees(AMOUNT, 0)
    mirror.sees(after, 10)
    # Later changes of currency and rate must not be taken for those of then.
    mirror.sees({**after, "Currency": "SGD", "Exchange_Rate": 1}, 20)
    judge(database_url)

    rows = mirror.sql(
        "SELECT compared_in, old_value, new_value, old_currency, new_currency FROM alerts"
    )
    if expected is None:
        assert rows == []
    else:
        base, old, new = expected
        assert rows == [
            {
                "compared_in": base,
                "old_value": None if old is None else Decimal(old),
                "new_value": None if new is None else Decimal(new),
                "old_currency": "SGD",
                "new_currency": "INR",
            }
        ]


def test_a_threshold_that_changes_holds_for_later_changes(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees({"Probability": 90}, 0)
    mirror.sees({"Probability": 50}, 10)
    judge(database_url)
    set_up(mirror, "alerts.probability_points", 45)
    mirror.sees({"Probability": 10}, 20)
    judge(database_url)

    assert raised(mirror) == [(0, "probability_fell", Decimal("-40.00"), "crm")]


def test_a_batch_that_commits_late_is_judged_though_later_ones_were_before_it(
    mirror: EditedMirror, database_url: str
) -> None:
    """Its lines have smaller ids than those that were judged already."""
    mirror.sees({"Probability": 90}, 0)
    mirror.sees({"Probability": 90}, 0, SECOND)
    with psycopg.connect(database_url) as late:
        late.execute(
            "WITH line AS (INSERT INTO change_log (module, record_id, kind, field, old_value,"
            " new_value, changed_at) VALUES ('Deals', %s, 'updated', 'Probability', '90', '20',"
            " now()) RETURNING id)"
            " INSERT INTO watched_changes SELECT id, 'Probability' FROM line",
            [SECOND],
        )
        mirror.sees({"Probability": 10}, 10)
        assert judge(database_url) == Judged(1, 1)
        late.commit()
    assert judge(database_url) == Judged(1, 1)

    assert raised(mirror) == [
        (0, "probability_fell", Decimal("-80.00"), "crm"),
        (1, "probability_fell", Decimal("-70.00"), "crm"),
    ]


def test_a_judge_that_dies_leaves_its_lines_to_the_next_and_two_never_take_the_same(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees({"Probability": 90}, 0)
    mirror.sees({"Probability": 10}, 10)

    async def run() -> tuple[Judged, Judged, Judged]:
        async with database(database_url) as open_db:
            async with open_db() as dying:
                taken = await judge_lines(dying, AT_ONCE)
                beside = await raise_alerts(open_db)  # the lines are taken by the other
                await dying.rollback()
            return taken, beside, await raise_alerts(open_db)

    assert asyncio.run(run()) == (Judged(1, 1), Judged(0, 0), Judged(1, 1))
    assert len(raised(mirror)) == 1


def test_a_line_that_is_noted_again_raises_no_second_alert(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees({"Probability": 90}, 0)
    mirror.sees({"Probability": 10}, 10)
    judge(database_url)
    mirror.sql("INSERT INTO watched_changes SELECT change_id, 'Probability' FROM alerts")

    assert judge(database_url).lines == 1
    assert len(raised(mirror)) == 1


def test_more_lines_than_a_transaction_takes_are_all_judged(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sql(
        "WITH lines AS (INSERT INTO change_log (module, record_id, kind, field, old_value,"
        " new_value, changed_at) SELECT 'Deals', %s + each, 'updated', 'Probability', '90', '20',"
        " now() FROM generate_series(1, %s) each RETURNING id)"
        " INSERT INTO watched_changes SELECT id, 'Probability' FROM lines",
        DEAL,
        2 * AT_ONCE + 1,
    )

    assert judge(database_url) == Judged(2 * AT_ONCE + 1, 2 * AT_ONCE + 1)


def test_a_tick_asks_again_for_a_job_that_was_lost(mirror: EditedMirror, database_url: str) -> None:
    mirror.sees({"Probability": 90}, 0)
    mirror.sees({"Probability": 10}, 10)

    def tick() -> bool:
        async def run() -> bool:
            async with database(database_url) as open_db, open_db.begin() as db:
                return await start_alerts(db, START)

        return asyncio.run(run())

    assert tick() is False  # its message waits
    mirror.sql("UPDATE outbox SET sent_at = %s", START)
    assert tick() is False  # it has just been sent
    mirror.sql("UPDATE outbox SET sent_at = %s::timestamptz - interval '1 minute'", START)
    assert tick() is True
    assert [name for name, _ in mirror.jobs()] == ["raise_alerts", "raise_alerts"]
    judge(database_url)
    mirror.sql("DELETE FROM outbox")
    assert tick() is False
