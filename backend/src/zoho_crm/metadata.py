"""The client's metadata operations: `client.metadata`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_crm.protocol import metadata
from zoho_crm.protocol import organisation as company
from zoho_crm.surface import Surface

if TYPE_CHECKING:
    from datetime import datetime

    from zoho_crm.protocol.metadata import Field, Layout, Module, Pipeline
    from zoho_crm.protocol.organisation import Currency, Organisation, UserPage


class Metadata(Surface):
    """Read what the organisation consists of."""

    async def modules(self) -> list[Module]:
        """List the modules that the connected user may see."""
        return await self._runner.run(metadata.modules())

    async def fields(self, module: str, *, include_unused: bool = False) -> list[Field]:
        """List the fields of a module; those in no layout only when asked for."""
        return await self._runner.run(metadata.fields(module, include_unused=include_unused))

    async def field(self, module: str, field_id: str) -> Field | None:
        """Read one field by its id; None when the module has no such field."""
        return await self._runner.run(metadata.field(module, field_id))

    async def layouts(self, module: str) -> list[Layout]:
        """List a module's layouts with what each requires."""
        return await self._runner.run(metadata.layouts(module))

    async def pipelines(self, layout_id: str) -> list[Pipeline]:
        """List the pipelines of a layout of Deals."""
        return await self._runner.run(metadata.pipelines(layout_id))

    async def organisation(self) -> Organisation:
        """Read the connected organisation."""
        return await self._runner.run(company.organisation())

    async def users(
        self,
        kind: str = "AllUsers",
        *,
        page: int = 1,
        per_page: int = company.USERS_LIMIT,
        if_modified_since: datetime | None = None,
    ) -> UserPage:
        """List one page of users."""
        return await self._runner.run(
            company.users(kind, page=page, per_page=per_page, if_modified_since=if_modified_since)
        )

    async def currencies(self) -> list[Currency]:
        """List the currencies; none when the organisation has a single one."""
        return await self._runner.run(company.currencies())
