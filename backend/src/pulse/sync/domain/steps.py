"""Which step of a run is at work: what the log names beside each line.

Steps run side by side, so each task carries its own: what is told from deep below (a wait that the
CRM asked for) still finds the slice that it holds up.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

START: Final = "start"
PLAN: Final = "plan"
COUNT: Final = "count"
CHANGES: Final = "changes"
DELETED: Final = "deleted"
COMPARE: Final = "compare"
DONE: Final = "done"

_current: ContextVar[str | None] = ContextVar("step", default=None)


def current_step() -> str | None:
    """Return the step that the calling task works for; None outside any."""
    return _current.get()


@contextmanager
def in_step(name: str) -> Iterator[None]:
    """Name the step that the block, and what it calls, works for."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)
