"""What a run's log says, letter for letter."""

import pytest

from pulse.sync.planner import Option, Source
from pulse.sync.ports import Applied
from pulse.sync.words import (
    count_words,
    loaded,
    observed,
    plan_words,
    slice_totals,
    summary,
)


@pytest.mark.parametrize(
    ("position", "total", "applied", "words"),
    [
        ({"rows": 4_000}, 6_026, Applied(created=2_000), "4,000 of 6,026 loaded"),
        (
            {"rows": 4_000},
            6_026,
            Applied(changed=2, same=1_990, ignored=8),
            "4,000 of 6,026 loaded, 1,998 of the last 2,000 unchanged",
        ),
        ({"rows": 6_100}, 6_026, Applied(created=2_000), "6,100 loaded"),
        ({"rows": 6_100}, None, Applied(created=2_000), "6,100 loaded"),
        ({"rows": 6_026, "done": True}, 6_026, Applied(created=26), "Done, 6,026 loaded"),
    ],
)
def test_a_batch_of_a_slice_says_how_far_the_slice_is(
    position: dict[str, object], total: int | None, applied: Applied, words: str
) -> None:
    assert loaded(position, total, 2_000, applied) == words


def test_a_batch_of_changes_says_what_it_read_and_did() -> None:
    assert observed(212, Applied(changed=18, same=194)) == "212 read, 18 changed"
    assert observed(3, Applied(same=3)) == "3 read, nothing changed"


def test_a_pass_is_summed_up_by_what_happened_only() -> None:
    assert summary(Applied()) == "nothing changed"
    assert summary(Applied(created=1, changed=2, restored=3, deleted=4, hidden=5)) == (
        "1 new, 2 changed, 3 restored, 4 deleted, 5 hidden"
    )


@pytest.mark.parametrize(
    ("source", "slices", "credits_", "words"),
    [
        (Source.COQL, 8, 104, "COQL, 8 parallel slices, 104 credits, about 13.0 s"),
        (Source.COQL, 1, 1, "COQL, 1 slice, 1 credit, about 13.0 s"),
        (Source.BULK_READ, 1, 54, "Bulk Read, 1 job, 54 credits, about 13.0 s"),
        (Source.BULK_READ, 5, 270, "Bulk Read, 5 jobs, 270 credits, about 13.0 s"),
        (Source.PAGES, 1, 250, "Get Records, page by page, 250 credits, about 13.0 s"),
    ],
)
def test_a_plan_says_source_price_and_time(
    source: Source, slices: int, credits_: int, words: str
) -> None:
    assert plan_words(Option(source, slices, 40, credits_, 13.0, "because")) == words


def test_a_count_says_how_the_module_is_cut() -> None:
    assert count_words("Deals", 48_210, [None] * 8) == "48,210 deals in 8 slices by ID"
    assert count_words("Deals", 60, [None]) == "60 deals"


def test_an_empty_module_is_one_empty_part() -> None:
    assert slice_totals(Source.BULK_READ, 1, 0) == {"part 1": 0}
    assert slice_totals(Source.COQL, 1, 0) == {"slice 1": 0}
