"""One word for how the mirror stands: the worst that applies goes first."""

from dataclasses import replace

import pytest

from pulse.live_sync.condition import Condition, Facts, condition_of, late_by_s

WELL = Facts(
    is_connected=True,
    is_syncing=False,
    is_failing=False,
    is_paused=False,
    data_age_s=40,
    interval_s=900,
)


def test_each_word_gives_way_to_the_one_before_it() -> None:
    words = []
    facts = WELL
    for change in (
        {},
        {"data_age_s": 1_801.0},
        {"is_paused": True},
        {"data_age_s": None},
        {"is_failing": True},
        {"is_syncing": True},
        {"is_connected": False},
    ):
        facts = replace(facts, **change)
        words.append(condition_of(facts))

    assert words == [
        Condition.IN_SYNC,
        Condition.STALE,
        Condition.PAUSED,
        Condition.NEVER_SYNCED,
        Condition.FAILING,
        Condition.SYNCING,
        Condition.NOT_CONNECTED,
    ]


@pytest.mark.parametrize(
    ("age_s", "word"), [(1_800.0, Condition.IN_SYNC), (1_800.1, Condition.STALE)]
)
def test_data_is_stale_once_it_is_older_than_two_intervals(age_s: float, word: Condition) -> None:
    assert condition_of(replace(WELL, data_age_s=age_s)) is word


def test_the_next_sync_is_late_by_what_the_data_is_older_than_one_interval() -> None:
    assert late_by_s(replace(WELL, data_age_s=47 * 60)) == 32 * 60
    assert late_by_s(WELL) is None


@pytest.mark.parametrize("change", [{"is_paused": True}, {"interval_s": None}])
def test_nothing_is_late_where_nothing_is_read_by_schedule(change: dict[str, object]) -> None:
    assert late_by_s(replace(WELL, data_age_s=9e9, **change)) is None
