import sys

import pytest

from pulse.kit.turns import short_turns


def test_turns_are_short_for_the_block_alone() -> None:
    before = sys.getswitchinterval()
    with short_turns():
        assert sys.getswitchinterval() == pytest.approx(0.0005)
    assert sys.getswitchinterval() == before


def test_turns_are_as_before_after_an_error() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(RuntimeError, match="lost"), short_turns():
        raise RuntimeError("lost")
    assert sys.getswitchinterval() == before
