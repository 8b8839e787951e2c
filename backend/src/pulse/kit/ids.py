"""Ids that sort by the time they were made (UUID version 7, RFC 9562 section 5.7)."""

import secrets
from collections.abc import Callable
from uuid import UUID

from pulse.kit.clock import Clock

IdSource = Callable[[], UUID]
"""Returns a new id at each call."""

_RANDOM_BYTES = 10
_VERSION_7 = 0x7
_VARIANT_RFC = 0b10


class Uuid7Source:
    """Makes version 7 ids: 48 bits of Unix milliseconds, then 74 random bits.

    Ids made in one millisecond have no order among themselves.
    """

    def __init__(
        self, clock: Clock, random_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._clock = clock
        self._random_bytes = random_bytes

    def __call__(self) -> UUID:
        """Return a new id."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        noise = int.from_bytes(self._random_bytes(_RANDOM_BYTES), "big")
        noise_high, noise_low = noise >> 68, noise & ((1 << 62) - 1)
        return UUID(
            int=milliseconds << 80
            | _VERSION_7 << 76
            | noise_high << 64
            | _VARIANT_RFC << 62
            | noise_low
        )
