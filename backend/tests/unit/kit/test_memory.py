import gc
import subprocess
import sys

import pytest

from pulse.kit.memory import seldom_collected


def test_thresholds_rise_for_the_block_alone() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold() == (50_000, 20, before[2])
    assert gc.get_threshold() == before


def test_thresholds_come_back_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError, match="lost"), seldom_collected():
        raise RuntimeError("lost")
    assert gc.get_threshold() == before


def test_what_a_server_starts_with_is_not_searched_again() -> None:
    # In a process of its own, for there is no way back.
    lines = (
        "import gc, pulse.api.app",
        "from pulse.kit.memory import settle",
        "settle()",
        "frozen = gc.get_freeze_count()",
        "settle()",
        "print(frozen > 100_000, gc.get_freeze_count() == frozen, gc.get_threshold()[0])",
    )
    told = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["True", "True", "10000"]
