"""Memory: how often Python looks for cycles."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTAINERS_OF_A_REQUEST: Final = 10_000
_NEW_CONTAINERS: Final = 50_000
_YOUNG_ROUNDS: Final = 20


@cache
def settle() -> None:
    """Leave what a server holds once it has started out of all further searches for cycles.

    Modules, routes and models stay until the end: 270,000 containers, and each full search for
    cycles among them held up whoever asked just then for a tenth of a second. What a request makes
    is searched as before, if not as often. Works once a process, for all later calls do nothing.
    """
    gc.collect()
    gc.freeze()
    _, *later = gc.get_threshold()
    gc.set_threshold(_CONTAINERS_OF_A_REQUEST, *later)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles less often while the block makes many containers that form none.

    Records are lists and dicts that live for a moment and die by reference counting. With Python's
    own thresholds the search for cycles among them was a sixth of a load's time.
    """
    before = gc.get_threshold()
    gc.set_threshold(_NEW_CONTAINERS, _YOUNG_ROUNDS, before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
