"""The client's mass updates: `client.mass_update`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_crm.protocol import custom_views, mass_update
from zoho_crm.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_crm.protocol.custom_views import CustomView
    from zoho_crm.protocol.mass_update import MassUpdateJob
    from zoho_crm.protocol.outcomes import Row, WriteResult


class MassUpdate(Surface):
    """Write one set of values (for Deals 1 to 3 fields) into many records.

    `AnswerLost` means that the update may or may not have happened, or been scheduled; it is
    never repeated by itself.
    """

    async def by_ids(
        self, module: str, ids: Sequence[str], values: Row, *, over_write: bool = False
    ) -> WriteResult:
        """Write the values into 1 to 500 records now; one outcome for each id, in that order.

        `over_write` replaces what a multi-select field holds; otherwise the CRM adds to it.
        """
        return await self._runner.run(
            mass_update.by_ids(module, ids, values, over_write=over_write)
        )

    async def by_view(
        self, module: str, view_id: str, values: Row, *, records: int, over_write: bool = False
    ) -> str:
        """Schedule the values for every record of a custom view; return the job's id.

        `records` is how many the view holds, 1 to 50,000. `AlreadyScheduled` says that another
        mass update has to end first.
        """
        return await self._runner.run(
            mass_update.by_view(module, view_id, values, records=records, over_write=over_write)
        )

    async def status(self, module: str, job_id: str) -> MassUpdateJob:
        """Read state and counts of a scheduled mass update; an unknown id raises `NotFound`."""
        return await self._runner.run(mass_update.status(module, job_id))

    async def custom_views(self, module: str) -> list[CustomView]:
        """List the custom views of a module that the connected user may see."""
        views: list[CustomView] = []
        page = 1
        while True:
            found = await self._runner.run(custom_views.custom_views(module, page=page))
            views += found.views
            if not found.more:
                return views
            page += 1
