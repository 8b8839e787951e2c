"""How far a load has come, slice by slice, so that a crash repeats at most a few batches.

Batches of one slice may commit out of order when several connections load. The checkpoint of a
slice may only say what is contiguous: the last position up to which *every* batch is committed.
"""

from __future__ import annotations

Position = dict[str, object]
"""Where a slice stands, as its source understands it; JSON."""


class SliceProgress:
    """Tracks the batches of one slice from handing out to commit."""

    def __init__(self) -> None:
        self._positions: list[Position] = []
        self._committed: set[int] = set()
        self._contiguous = 0
        """Batches before this ticket are all committed."""

    def hand_out(self, position: Position) -> int:
        """Register the next batch, which ends at `position`; return its ticket."""
        self._positions.append(position)
        return len(self._positions) - 1

    def position_with(self, ticket: int) -> Position | None:
        """Return the checkpoint to save in the transaction of `ticket`; None: there is none yet.

        Behind a hole that is the position before it: with several connections there is nearly
        always a hole, and a checkpoint that waited for none would never move.
        """
        if ticket != self._contiguous:
            return self.position()
        last = ticket
        while last + 1 in self._committed:
            last += 1
        return self._positions[last]

    def commit(self, ticket: int) -> None:
        """Note that the transaction of `ticket` is committed."""
        self._committed.add(ticket)
        while self._contiguous in self._committed:
            self._committed.remove(self._contiguous)
            self._contiguous += 1

    def is_due(self, ticket: int, side_by_side: int) -> bool:
        """Return whether a batch may be committed with `side_by_side` connections at work.

        One that ran further ahead of a batch that is stuck would all be loaded again after a crash.
        """
        return ticket < self._contiguous + side_by_side

    def position(self) -> Position | None:
        """Where the slice stands for certain; None before the first commit."""
        return self._positions[self._contiguous - 1] if self._contiguous else None
