import gc

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
