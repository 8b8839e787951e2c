"""Owned values that ride along: a write that is sent anyway takes them to the CRM at no cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Riders(Protocol):
    """Values of the product's own fields, for the rows of one push."""

    async def board(self, record_ids: Collection[int]) -> Mapping[int, Mapping[str, object]]:
        """Return what to add to the rows of these records: API name → wire value."""
        ...

    async def arrived(self, record_ids: Collection[int]) -> None:
        """Note that the CRM took what boarded the rows of these records last."""
        ...

    def thrown_out(self, fields: Collection[str | None]) -> bool:
        """Return whether the CRM minded one of ours among `fields`; if so, none rides any more.

        A person's edit is never refused for our sake.
        """
        ...


class NoRiders:
    """Where the product has no fields of its own in the CRM."""

    async def board(self, record_ids: Collection[int]) -> Mapping[int, Mapping[str, object]]:  # noqa: ARG002 - the port's
        """Return nothing."""
        return {}

    async def arrived(self, record_ids: Collection[int]) -> None:
        """Note nothing."""

    def thrown_out(self, fields: Collection[str | None]) -> bool:  # noqa: ARG002 - the port's
        """Return False: nothing rides."""
        return False
