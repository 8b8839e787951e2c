from datetime import UTC, datetime, timedelta

from pulse.core.deal_filters import Outcome
from pulse.deals.stages import StageRange, StageState, path, visits
from pulse.queries.stages import SalesProcess, Stage

START = datetime(2026, 3, 2, tzinfo=UTC)
PROCESS = SalesProcess(
    (
        Stage("Qualification", "Qualification", 10, Outcome.OPEN),
        Stage("Proposal", "Proposal", 50, Outcome.OPEN),
        Stage("Negotiation", "Negotiation", 90, Outcome.OPEN),
        Stage("Won", "Won", 100, Outcome.WON),
        Stage("Lost", "Lost", 0, Outcome.LOST),
    )
)


def on(day: float) -> datetime:
    return START + timedelta(days=day)


def test_versions_that_follow_each_other_in_one_stage_are_one_visit() -> None:
    assert visits(
        [
            StageRange("Proposal", on(0), on(1)),
            StageRange("Proposal", on(1), on(2)),
            StageRange("Negotiation", on(2), on(3)),
            StageRange("Proposal", on(3), None),
        ]
    ) == [
        StageRange("Proposal", on(0), on(2)),
        StageRange("Negotiation", on(2), on(3)),
        StageRange("Proposal", on(3), None),
    ]


def test_a_gap_in_which_the_deal_was_deleted_ends_a_visit() -> None:
    ranges = [StageRange("Proposal", on(0), on(1)), StageRange("Proposal", on(4), None)]

    assert visits(ranges) == ranges
    way = path(ranges, PROCESS, current="Proposal", is_whole=True, now=on(6))
    assert (way.entered_at, way.time_in_stage) == (on(4), timedelta(days=2))
    [here] = [each for each in way.stages if each.stage == "Proposal"]
    assert here.time == timedelta(days=3)


def test_a_stage_that_was_jumped_over_was_skipped_only_if_the_whole_past_is_known() -> None:
    ranges = [StageRange("Negotiation", on(0), None)]

    def states(*, is_whole: bool) -> dict[str, StageState]:
        way = path(ranges, PROCESS, current="Negotiation", is_whole=is_whole, now=on(1))
        return {each.stage: each.state for each in way.stages}

    assert states(is_whole=True) == {
        "Qualification": StageState.SKIPPED,
        "Proposal": StageState.SKIPPED,
        "Negotiation": StageState.CURRENT,
    }
    assert states(is_whole=False) == {
        "Qualification": StageState.UNKNOWN,
        "Proposal": StageState.UNKNOWN,
        "Negotiation": StageState.CURRENT,
    }


def test_the_first_known_stage_lasted_at_least_as_long_as_it_was_seen() -> None:
    ranges = [StageRange("Qualification", on(0), on(2)), StageRange("Proposal", on(2), None)]

    way = path(ranges, PROCESS, current="Proposal", is_whole=False, now=on(5))

    assert [(each.stage, each.is_at_least) for each in way.stages] == [
        ("Qualification", True),
        ("Proposal", False),
        ("Negotiation", False),
    ]
    assert (way.time_in_stage, way.is_at_least) == (timedelta(days=3), False)


def test_a_won_deal_shows_where_it_was_and_nothing_ahead() -> None:
    ranges = [StageRange("Proposal", on(0), on(2)), StageRange("Won", on(2), None)]

    way = path(ranges, PROCESS, current="Won", is_whole=True, now=on(5))

    assert [(each.stage, each.state) for each in way.stages] == [
        ("Proposal", StageState.PASSED),
        ("Won", StageState.CURRENT),
    ]


def test_a_stage_that_the_crm_does_not_describe_stands_after_those_it_does() -> None:
    way = path(
        [StageRange("Old stage", on(0), None)],
        PROCESS,
        current="Old stage",
        is_whole=True,
        now=on(1),
    )

    assert way.stages[-1].stage == "Old stage"
    assert way.stages[-1].state is StageState.CURRENT


def test_a_clock_that_is_behind_the_crms_counts_no_negative_days() -> None:
    way = path(
        [StageRange("Proposal", on(1), None)],
        PROCESS,
        current="Proposal",
        is_whole=True,
        now=on(0),
    )

    assert way.time_in_stage == timedelta()


def test_a_deal_without_a_stage_has_none_it_is_in() -> None:
    way = path([StageRange(None, on(0), None)], PROCESS, current=None, is_whole=True, now=on(1))

    assert StageState.CURRENT not in {each.state for each in way.stages}
    assert (way.entered_at, way.time_in_stage) == (on(0), timedelta(days=1))
