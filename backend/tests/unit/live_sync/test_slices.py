"""Slices of a load as its checkpoint says for certain."""

from pulse.live_sync.slices import SliceProgress, slices_of
from pulse.models import SyncSession


def session(source: str, slices: int, records: int, **checkpoint: dict[str, object]) -> SyncSession:
    load = {"source": source, "slices": [[None, None]] * slices, "records": records}
    named = {key.replace("_", " "): value for key, value in checkpoint.items()}
    return SyncSession(facts={"load": load}, checkpoint=named)


def test_a_session_that_loads_nothing_whole_has_no_slices() -> None:
    assert slices_of(SyncSession(facts={}, checkpoint={"changes": {"until": "x"}})) == ()


def test_totals_are_those_that_the_cuts_aim_at_and_add_up() -> None:
    found = slices_of(session("coql", 3, 5_000))

    assert [(each.key, each.loaded, each.total) for each in found] == [
        ("slice 1", 0, 1_666),
        ("slice 2", 0, 1_667),
        ("slice 3", 0, 1_667),
    ]


def test_a_slice_that_is_done_tells_its_true_number() -> None:
    [first, second] = slices_of(
        session(
            "coql",
            2,
            4_000,
            slice_1={"after": 9, "rows": 1_990, "done": True},
            slice_2={"after": 99, "rows": 2_003, "done": False},
        )
    )

    assert first == SliceProgress("slice 1", 1_990, 1_990, is_done=True)
    # More than its cut aimed at, and still not done.
    assert second == SliceProgress("slice 2", 2_003, 2_003, is_done=False)


def test_parts_of_an_export_hold_200_000_records_and_the_last_the_rest() -> None:
    found = slices_of(
        session("bulk_read", 1, 450_000, part_1={"job": "1", "rows": 4_000, "done": False})
    )

    assert [(each.key, each.loaded, each.total) for each in found] == [
        ("part 1", 4_000, 200_000),
        ("part 2", 0, 200_000),
        ("part 3", 0, 50_000),
    ]


def test_pages_are_one_slice() -> None:
    assert slices_of(session("pages", 1, 700)) == [SliceProgress("pages", 0, 700, is_done=False)]
