"""Waiting for a condition: the only place where tests let real time pass."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """Return as soon as `condition` holds; raise AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not reached within {timeout_s} s: {condition}"
        time.sleep(0.02)
