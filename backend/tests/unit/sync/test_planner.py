"""The planner's choice: fewest credits, then fewest seconds; every figure can be checked by hand.

Prices: COQL 1, 2 or 3 credits by LIMIT (200, 1,000, 2,000); a page of 200 costs 1; an export job of
up to 200,000 rows costs 50 and four further calls.
"""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.sync.domain.errors import CreditsSpentError
from pulse.sync.planner import Option, Plan, Situation, Source, coql_credits, plan_load

LATENCY_S = 0.5


def plan(
    records: int, fields: int = 50, credits_left: int | None = None, wanted: Source | None = None
) -> Plan:
    return plan_load(Situation(records, fields, credits_left, LATENCY_S, wanted))


def options(plan: Plan) -> dict[Source, Option]:
    return {option.source: option for option in (plan.chosen, *plan.rejected)}


@pytest.mark.parametrize(
    ("limit", "price"), [(1, 1), (200, 1), (201, 2), (1_000, 2), (1_001, 3), (2_000, 3)]
)
def test_a_query_is_priced_by_its_limit(limit: int, price: int) -> None:
    assert coql_credits(limit) == price


@pytest.mark.parametrize(
    ("records", "source", "credits_"),
    [
        (0, Source.COQL, 1),
        (1, Source.COQL, 1),
        (200, Source.COQL, 1),
        (201, Source.COQL, 2),
        (1_000, Source.COQL, 2),
        (1_001, Source.COQL, 3),
        (2_000, Source.COQL, 3),
        (2_001, Source.COQL, 6),
        (34_000, Source.COQL, 51),
        (36_000, Source.COQL, 54),
        (36_001, Source.BULK_READ, 54),
        (200_000, Source.BULK_READ, 54),
        (200_001, Source.BULK_READ, 108),
        (1_000_000, Source.BULK_READ, 270),
    ],
)
def test_queries_win_up_to_36_000_records_and_exports_beyond(
    records: int, source: Source, credits_: int
) -> None:
    chosen = plan(records).chosen

    assert (chosen.source, chosen.credits) == (source, credits_)


def test_all_three_sources_are_weighed_with_calls_credits_and_seconds() -> None:
    weighed = {
        source: (option.slices, option.calls, option.credits, option.seconds)
        for source, option in options(plan(100_000)).items()
    }

    assert weighed == {
        Source.BULK_READ: (1, 5, 54, 17.5),
        Source.COQL: (8, 50, 150, 13.5),
        Source.PAGES: (1, 500, 500, 260.0),
    }


@pytest.mark.parametrize(
    ("records", "slices"), [(1, 1), (2_000, 1), (2_001, 2), (16_000, 8), (1_000_000, 8)]
)
def test_queries_run_side_by_side_in_at_most_eight_slices(records: int, slices: int) -> None:
    assert options(plan(records))[Source.COQL].slices == slices


@pytest.mark.parametrize(("fields", "reads"), [(1, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_each_50_fields_read_every_record_once_more_except_in_an_export(
    fields: int, reads: int
) -> None:
    weighed = options(plan(10_000, fields))

    assert (weighed[Source.COQL].calls, weighed[Source.COQL].credits) == (5 * reads, 15 * reads)
    assert (weighed[Source.PAGES].calls, weighed[Source.PAGES].credits) == (50 * reads, 50 * reads)
    assert (weighed[Source.BULK_READ].calls, weighed[Source.BULK_READ].credits) == (5, 54)


def test_many_fields_move_the_break_even_point_down() -> None:
    assert plan(18_000, 51).chosen.source is Source.COQL
    assert plan(18_001, 51).chosen.source is Source.BULK_READ


@pytest.mark.parametrize("source", Source)
def test_a_wanted_source_is_taken_whatever_it_costs(source: Source) -> None:
    chosen = plan(100_000, wanted=source).chosen

    assert chosen.source is source
    assert chosen.reason.endswith("; it was asked for")


def test_the_reasons_name_the_figures() -> None:
    planned = plan(100_000)

    assert planned.chosen.reason == (
        "100,000 records: 1 export job of up to 200,000 records; it costs the fewest credits"
    )
    assert [option.reason for option in planned.rejected] == [
        "50 queries of up to 2,000 records, 8 at a time: 96 credits more",
        "500 pages of 200, one after the other: 446 credits more",
    ]


def test_a_dearer_wish_says_that_it_was_one() -> None:
    planned = plan(36_000, wanted=Source.BULK_READ)

    assert planned.chosen.reason == (
        "36,000 records: 1 export job of up to 200,000 records; it was asked for"
    )
    assert [option.reason for option in planned.rejected] == [
        "18 queries of up to 2,000 records, 8 at a time: another source was asked for",
        "180 pages of 200, one after the other: 126 credits more",
    ]


def test_of_two_sources_at_one_price_the_faster_is_chosen() -> None:
    planned = plan(36_000)

    assert planned.chosen.source is Source.COQL
    assert planned.rejected[0].source is Source.BULK_READ
    assert planned.rejected[0].reason == ("1 export job of up to 200,000 records: 6.0 s longer")


def test_at_one_price_an_export_wins_where_it_is_the_faster() -> None:
    # 900 fields: eighteen queries one after the other, and still one export.
    planned = plan(2_000, fields=900)

    assert (planned.chosen.source, planned.chosen.credits) == (Source.BULK_READ, 54)
    assert planned.rejected[0].reason == (
        "18 queries of up to 2,000 records, 1 at a time: 1.5 s longer"
    )


def test_a_draw_is_called_a_draw_when_nobody_asked_for_a_source() -> None:
    rejected = {option.source: option.reason for option in plan(150).rejected}

    assert rejected[Source.PAGES] == (
        "1 page of 200, one after the other: neither cheaper nor faster"
    )


def test_credits_that_are_just_enough_are_enough() -> None:
    assert plan(10_000, credits_left=15).chosen.credits == 15


@pytest.mark.parametrize(("left", "told"), [(14, "14"), (0, "0"), (-3, "0")])
def test_too_few_credits_are_refused_with_both_figures(left: int, told: str) -> None:
    with pytest.raises(CreditsSpentError) as refused:
        plan(10_000, credits_left=left)

    assert refused.value.detail == (
        f"This load needs about 15 credits and {told} are left in its budget."
    )
    assert refused.value.fix == (
        "Credits come back 24 hours after they were spent. Try again later."
    )


def test_a_wanted_source_that_is_too_dear_is_refused_though_another_would_do() -> None:
    with pytest.raises(CreditsSpentError, match=r"needs about 5,000 credits and 1,000 are left"):
        plan(1_000_000, credits_left=1_000, wanted=Source.PAGES)


def test_the_plan_is_kept_as_json_with_what_was_rejected() -> None:
    planned = plan(10_000)
    kept = planned.as_json()

    assert kept == {
        **dataclasses.asdict(planned.chosen),
        "rejected": [dataclasses.asdict(option) for option in planned.rejected],
    }
    assert (kept["source"], kept["credits"], kept["calls"]) == ("coql", 15, 5)


situations = st.builds(
    Situation,
    records=st.integers(0, 3_000_000),
    fields=st.integers(1, 600),
    credits_left=st.none(),
    latency_s=st.floats(0, 30),
)


@given(situations)
def test_no_rejected_source_would_have_been_cheaper_or_as_cheap_and_faster(
    situation: Situation,
) -> None:
    planned = plan_load(situation)

    assert {option.source for option in (planned.chosen, *planned.rejected)} == set(Source)
    for option in planned.rejected:
        assert (planned.chosen.credits, planned.chosen.seconds) <= (option.credits, option.seconds)


@given(situations, st.integers(1, 100_000))
def test_more_records_never_cost_less(situation: Situation, more: int) -> None:
    larger = dataclasses.replace(situation, records=situation.records + more)

    assert plan_load(situation).chosen.credits <= plan_load(larger).chosen.credits


@given(situations, st.integers(0, 5_000))
def test_a_load_starts_exactly_if_its_credits_are_there(situation: Situation, left: int) -> None:
    price = plan_load(situation).chosen.credits
    limited = dataclasses.replace(situation, credits_left=left)

    if price > left:
        with pytest.raises(CreditsSpentError):
            plan_load(limited)
    else:
        assert plan_load(limited).chosen.credits == price
