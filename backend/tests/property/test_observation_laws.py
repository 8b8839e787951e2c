"""Laws of `decide`: repeating, reordering and delaying reads never changes how a record ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from typing import TYPE_CHECKING, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from pulse.core.sync import Presence
from pulse.sync.domain.observation import Observation, Step, StoredRecord, decide, merged_values

if TYPE_CHECKING:
    from collections.abc import Iterable

START: Final = datetime(2026, 8, 17, tzinfo=UTC)
NAMES: Final = ("Stage", "Amount", "Score")
WHOLE: Final = frozenset(NAMES)


@dataclass(frozen=True)
class Read:
    """One read of the record: number, what it saw, what it could see."""

    number: int
    stamp: datetime
    values: dict[str, object]
    covered: frozenset[str] = WHOLE
    is_partial: bool = False

    def step_on(self, stored: StoredRecord | None) -> Step:
        seen = Observation(1, self.stamp, self.values)
        return decide(stored, seen, self.number, self.covered, is_partial=self.is_partial)


def after(stored: StoredRecord | None, read: Read) -> StoredRecord | None:
    """Return the record as it is once `read` was applied."""
    step = read.step_on(stored)
    if step is Step.IGNORE:
        return stored
    known = (stored.values if stored else None) or {}
    values = merged_values(known, read.values, read.covered)
    if stored is None:
        return StoredRecord(Presence.LIVE, read.stamp, read.number, values)
    stamp = stored.stamp if read.is_partial else max(stored.stamp, read.stamp)
    return StoredRecord(Presence.LIVE, stamp, max(stored.number, read.number), values)


def after_all(stored: StoredRecord | None, reads: Iterable[Read]) -> StoredRecord | None:
    return reduce(after, reads, stored)


seconds = st.integers(0, 4).map(lambda second: START + timedelta(seconds=second))
documents = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 2))


def _narrowed(read: Read, covered: frozenset[str], *, is_partial: bool) -> Read:
    values = {name: value for name, value in read.values.items() if name in covered}
    return replace(read, values=values, covered=covered, is_partial=is_partial)


whole_reads = st.builds(Read, st.integers(1, 9), seconds, documents)
any_reads = st.builds(
    lambda read, covered, partial: _narrowed(read, covered, is_partial=partial),
    whole_reads,
    st.frozensets(st.sampled_from(NAMES)),
    st.booleans(),
)
stored_records = st.none() | st.builds(
    StoredRecord,
    st.sampled_from(Presence),
    seconds,
    st.integers(1, 9),
    documents,
)
bin_records = st.builds(
    StoredRecord, st.just(Presence.DELETED), seconds, st.integers(1, 9), st.none()
)


@st.composite
def histories(draw: st.DrawFn) -> list[Read]:
    """Return reads of one live record whose edits a CRM stamped in order: a later read sees more.

    Several edits may share one second, as stamps have whole seconds.
    """
    edits = sorted(draw(st.lists(seconds, min_size=1, max_size=4)))
    states = [(stamp, draw(documents)) for stamp in edits]
    looks = sorted(draw(st.lists(st.integers(0, len(states) - 1), min_size=1, max_size=4)))
    return [Read(number, *states[edit]) for number, edit in enumerate(looks, 1)]


@given(stored_records | bin_records, any_reads)
def test_a_read_that_arrives_twice_does_nothing_the_second_time(
    stored: StoredRecord | None, read: Read
) -> None:
    once = after(stored, read)

    assert read.step_on(once) is Step.IGNORE


@given(histories())
def test_reads_may_arrive_in_any_order(history: list[Read]) -> None:
    last = history[-1]
    expected = StoredRecord(Presence.LIVE, last.stamp, last.number, last.values)

    for order in permutations(history):
        assert after_all(None, order) == expected


@given(histories(), st.data())
def test_any_repetition_and_delay_ends_like_the_last_read_alone(
    history: list[Read], data: st.DataObject
) -> None:
    arrivals = [*history, *data.draw(st.lists(st.sampled_from(history), max_size=6))]
    shuffled = data.draw(st.permutations(arrivals))

    assert after_all(None, shuffled) == after(None, history[-1])


@given(stored_records | bin_records, any_reads)
def test_stamp_and_number_never_go_back(stored: StoredRecord | None, read: Read) -> None:
    assume(stored is not None)
    assert stored is not None
    result = after(stored, read)

    assert result is not None
    assert result.stamp >= stored.stamp
    assert result.number >= stored.number


@given(stored_records, any_reads)
def test_an_older_read_never_undoes_a_newer_one(stored: StoredRecord | None, read: Read) -> None:
    assume(stored is not None)
    assert stored is not None
    assume(read.number <= stored.number and read.stamp <= stored.stamp)

    assert after(stored, read) == stored


@given(stored_records | bin_records, any_reads)
def test_a_field_that_a_read_does_not_cover_stays_as_it_was(
    stored: StoredRecord | None, read: Read
) -> None:
    before = (stored.values if stored else None) or {}
    result = after(stored, read)
    values = (result.values if result else None) or {}

    for name in WHOLE - read.covered:
        assert values.get(name) == before.get(name)


@given(stored_records | bin_records, any_reads)
def test_the_step_says_exactly_whether_values_change(
    stored: StoredRecord | None, read: Read
) -> None:
    step, result = read.step_on(stored), after(stored, read)
    before = stored.values if stored else None

    match step:
        case Step.CREATE:
            assert before is None
            assert result is not None
            assert result.values == read.values
        case Step.CHANGE:
            assert result is not None
            assert result.values != before
        case Step.RESTORE:
            assert stored is not None
            assert stored.presence is not Presence.LIVE
            assert result is not None
            assert result.presence is Presence.LIVE
        case Step.TOUCH:
            assert stored is not None
            assert result == replace(
                stored, stamp=read.stamp, number=max(stored.number, read.number)
            )
        case Step.SAME:
            assert stored is not None
            assert result == replace(stored, number=read.number)
        case Step.IGNORE:
            assert result == stored


@given(stored_records | bin_records, any_reads)
def test_a_partial_read_creates_nothing_brings_nothing_back_and_moves_no_stamp(
    stored: StoredRecord | None, read: Read
) -> None:
    partial = replace(read, is_partial=True)

    assert partial.step_on(stored) in {Step.CHANGE, Step.SAME, Step.IGNORE}
    result = after(stored, partial)
    assert (result and result.stamp) == (stored and stored.stamp)
    assert (result and result.presence) == (stored and stored.presence)
