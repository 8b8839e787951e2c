"""Threads: how long one may compute before another gets its turn."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TURN_S: Final = 0.0005


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads that compute give way ten times sooner while the block runs.

    A load shapes records in threads while its event loop drives the database. The loop needs the
    interpreter for microseconds only, and by Python's own measure waits 5 ms for it each time: a
    batch takes ten round trips, so that PostgreSQL would idle as long as it works.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
