"""Which way a bulk operation takes, and at what price."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulse.core.bulk import Way
from pulse.sync.bulking.plan import Situation, WritePrices, is_possible, plan_writes

_SHARED = Situation(
    module="Deals",
    records=50_000,
    types=("picklist",),
    are_values_shared=True,
    list_fields=40,
    credits_left=60_000,
    latency_s=0.1,
)
_OWN = replace(_SHARED, records=25_000, are_values_shared=False)


def test_the_same_values_go_by_mass_update_which_needs_the_fewest_calls_of_the_cheap_ways() -> None:
    plan = plan_writes(replace(_SHARED, records=400))
    assert (plan.chosen.way, plan.chosen.calls, plan.chosen.credits) == (Way.MASS_UPDATE, 3, 44)
    assert [option.way for option in plan.rejected] == [
        Way.PUT,
        Way.BULK_WRITE,
        Way.MASS_UPDATE_VIEW,
    ]


def test_many_records_are_cheaper_by_file_than_by_rows() -> None:
    plan = plan_writes(_OWN)
    # Upload, job, three looks and the result; and 25 readings of 1,000 before and after.
    assert (plan.chosen.way, plan.chosen.credits) == (Way.BULK_WRITE, 505 + 50 * 2)
    assert plan.chosen.calls == 6 + 50
    few = plan_writes(replace(_OWN, records=1_000))
    assert few.chosen.way is Way.PUT


def test_each_set_of_fields_needs_a_file_of_its_own() -> None:
    one = plan_writes(replace(_OWN, wanted=Way.BULK_WRITE))
    three = plan_writes(replace(_OWN, wanted=Way.BULK_WRITE, field_sets=3))
    assert three.chosen.credits - one.chosen.credits == 2 * 505


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        (_OWN, "a mass update writes the same values into all records"),
        (
            replace(_SHARED, types=("text",) * 4),
            "a mass update of Deals sets at most 3 fields",
        ),
        (
            replace(_SHARED, module="Accounts", types=("text",) * 2),
            "a mass update of Accounts sets at most 1 field",
        ),
        (replace(_SHARED, types=("text", "lookup")), "a mass update takes no field of type lookup"),
        (_SHARED, None),
    ],
)
def test_a_mass_update_has_its_limits(situation: Situation, why: str | None) -> None:
    assert is_possible(situation, Way.MASS_UPDATE) == why
    assert plan_writes(situation).chosen.way is not Way.MASS_UPDATE or why is None


def test_a_view_is_a_job_only_where_all_of_it_is_to_be_written() -> None:
    assert (
        is_possible(_SHARED, Way.MASS_UPDATE_VIEW)
        == "not exactly the records of a custom view are to be written"
    )
    whole = replace(_SHARED, is_whole_view=True, wanted=Way.MASS_UPDATE_VIEW)
    plan = plan_writes(whole)
    assert plan.chosen.way is Way.MASS_UPDATE_VIEW
    assert plan.chosen.runs_automation is False
    small = plan_writes(replace(whole, records=999))
    assert small.chosen.runs_automation is True


def test_what_the_day_does_not_cover_says_so() -> None:
    needed = plan_writes(_OWN).chosen.credits
    assert plan_writes(replace(_OWN, credits_left=needed)).is_affordable
    short = plan_writes(replace(_OWN, credits_left=needed - 1))
    assert not short.is_affordable
    assert short.as_json()["credits_left_after"] == 0
    assert plan_writes(replace(_OWN, credits_left=None)).is_affordable


def test_an_organisations_own_prices_decide() -> None:
    dear = WritePrices(rows_per_mass_update_credit=1)
    assert plan_writes(replace(_SHARED, records=400, prices=dear)).chosen.way is Way.PUT
    cheap = WritePrices(bulk_write=0)
    assert plan_writes(replace(_OWN, records=1_000, prices=cheap)).chosen.way is Way.BULK_WRITE
