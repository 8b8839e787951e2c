"""What was made lately, kept by what it was made of."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = 32
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Recent(Generic[_Key, _Value]):
    """The last 32 results of something that takes long, found again by an equal key.

    Keys need to be comparable, not hashable: questions hold dicts. A result must not depend on
    anything but its key, and nobody may change it.
    """

    def __init__(self, make: Callable[[_Key], _Value]) -> None:
        self._make = make
        self._made: deque[tuple[_Key, _Value]] = deque(maxlen=_KEPT)

    def of(self, key: _Key) -> _Value:
        """Return the result for a key, made if no equal one is kept."""
        for kept, value in self._made:
            if kept == key:
                return value
        value = self._make(key)
        self._made.appendleft((key, value))
        return value
