from datetime import UTC, datetime, timedelta

from pulse.kit.clock import SystemClock
from pulse.kit.ids import Uuid7Source


class _FixedClock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0


def test_system_clock_is_aware_utc_and_monotonic() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() >= before


def test_uuid7_holds_the_milliseconds_the_version_and_the_variant() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 890_000, tzinfo=UTC)
    made = Uuid7Source(_FixedClock(moment), lambda size: b"\xff" * size)()
    assert made.int >> 80 == int(moment.timestamp() * 1000)
    assert str(made).endswith("-7fff-bfff-ffffffffffff")
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_uuid7_sorts_by_the_millisecond_it_was_made_in() -> None:
    clock = _FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    source = Uuid7Source(clock)
    first = source()
    clock.moment += timedelta(milliseconds=1)
    assert first < source()


def test_uuid7_repeats_no_id_within_a_millisecond() -> None:
    source = Uuid7Source(_FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
    assert len({source() for _ in range(1000)}) == 1000
