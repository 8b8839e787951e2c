"""What the CRM says of itself, read through the client: the connection's port made real."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.core.directory import (
    CurrencyFacts,
    FieldFacts,
    LayoutFacts,
    LayoutFieldFacts,
    OrganisationFacts,
    PipelineFacts,
    UserFacts,
)
from zoho_crm.bulk_write import write_bulk_file
from zoho_crm.errors import NoPermission, RequestRefused, ScopeMissing
from zoho_crm.protocol.bulk_columns import BulkColumn, ColumnKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from zoho_crm.client import ZohoClient
    from zoho_crm.protocol.metadata import Field, Layout, Pipeline
    from zoho_crm.protocol.organisation import Currency, Organisation, User

_DEALS: Final = "Deals"
# No job has this id: the answer tells whether one may ask.
_NO_JOB: Final = "1"
_NO_LAYOUT: Final = "1"
_NO_ORGANISATION: Final = "1"
_ANY_WORD: Final = "pipeline"
_ANY_DEAL: Final = "select id from Deals where id is not null limit 1"


class ZohoDirectory:
    """Reads organisation, users, currencies and fields; errors are those of the engine."""

    def __init__(self, client: ZohoClient) -> None:
        self._client = client

    async def organisation(self) -> OrganisationFacts:
        """Return the organisation."""
        with crm_errors("Reading the organisation"):
            return _organisation(await self._client.metadata.organisation())

    async def users(self) -> list[UserFacts]:
        """Return all users, page by page."""
        found: list[UserFacts] = []
        page, more = 1, True
        with crm_errors("Reading users"):
            while more:
                answer = await self._client.metadata.users(page=page)
                found += [_user(user) for user in answer.users]
                page, more = page + 1, answer.more
        return found

    async def currencies(self) -> list[CurrencyFacts]:
        """Return the currencies; none when the organisation has a single one."""
        with crm_errors("Reading currencies"):
            return [_currency(row) for row in await self._client.metadata.currencies()]

    async def fields(self, module: str) -> list[FieldFacts]:
        """Return the fields of a module that are in use."""
        with crm_errors(f"Reading the fields of {module}"):
            return [_field(field) for field in await self._client.metadata.fields(module)]

    async def connected_user(self) -> int | None:
        """Return the id of the user as whom the product reads and writes."""
        with crm_errors("Reading the connected user"):
            answer = await self._client.metadata.users("CurrentUser")
        return next((int(user.id) for user in answer.users), None)

    async def layouts(self, module: str) -> list[LayoutFacts]:
        """Return a module's layouts."""
        with crm_errors(f"Reading the layouts of {module}"):
            return [_layout(layout) for layout in await self._client.metadata.layouts(module)]

    async def pipelines(self, layout_id: int) -> list[PipelineFacts]:
        """Return the sales processes of a layout of Deals; none where it has no pipelines."""
        with crm_errors("Reading pipelines"):
            found = await self._client.metadata.pipelines(str(layout_id))
        return [_pipeline(layout_id, pipeline) for pipeline in found]

    async def may(self, scope: str) -> bool:
        """Return whether one harmless call that needs `scope` is allowed."""
        return await _is_allowed(scope, self._probe(scope))

    async def may_read(self, module: str) -> bool:
        """Return whether the connected user may list a module's records."""
        return await _is_allowed(module, self._client.get_records(module, ["id"], per_page=1))

    def _probe(self, scope: str) -> Awaitable[object]:
        if scope not in _PROBES:
            raise ValueError(f"no harmless call is known that needs {scope}")
        return _PROBES[scope](self._client)


async def _upload_nowhere(client: ZohoClient) -> None:
    """Send a file for an organisation that is not there: it is kept nowhere."""
    with tempfile.TemporaryDirectory(prefix="pulse-probe-") as folder:
        columns = (BulkColumn("id", ColumnKind.ID),)
        file = write_bulk_file(Path(folder) / "probe.zip", columns, [[_NO_JOB]])
        await client.bulk_write.upload(file, org_id=_NO_ORGANISATION)


_PROBES: Final[Mapping[str, Callable[[ZohoClient], Awaitable[object]]]] = {
    "ZohoCRM.modules.ALL": lambda client: client.get_records(_DEALS, ["id"], per_page=1),
    "ZohoCRM.settings.modules.READ": lambda client: client.metadata.modules(),
    "ZohoCRM.settings.fields.READ": lambda client: client.metadata.fields(_DEALS),
    "ZohoCRM.settings.layouts.READ": lambda client: client.metadata.layouts(_DEALS),
    "ZohoCRM.settings.pipeline.READ": lambda client: client.metadata.pipelines(_NO_LAYOUT),
    "ZohoCRM.settings.currencies.READ": lambda client: client.metadata.currencies(),
    "ZohoCRM.org.READ": lambda client: client.metadata.organisation(),
    "ZohoCRM.users.READ": lambda client: client.metadata.users(per_page=1),
    "ZohoCRM.coql.READ": lambda client: client.coql(_ANY_DEAL),
    "ZohoCRM.bulk.READ": lambda client: client.bulk_read.status(_NO_JOB),
    "ZohoCRM.mass_update.ALL": lambda client: client.mass_update.status(_DEALS, _NO_JOB),
    "ZohoCRM.bulk.CREATE": lambda client: client.bulk_write.status(_NO_JOB),
    "ZohoFiles.files.ALL": _upload_nowhere,
    "ZohoCRM.settings.custom_views.READ": lambda client: client.mass_update.custom_views(_DEALS),
    "ZohoSearch.securesearch.READ": lambda client: client.search(
        _DEALS, word=_ANY_WORD, per_page=1
    ),
}


async def _is_allowed(what: str, call: Awaitable[object]) -> bool:
    with crm_errors(f"Checking access to {what}"):
        try:
            await call
        except (ScopeMissing, NoPermission):
            return False
        except RequestRefused:
            # Understood and refused for its content, so not for want of a scope.
            return True
        return True


def _organisation(found: Organisation) -> OrganisationFacts:
    return OrganisationFacts(
        id=int(found.id),
        company_name=found.company_name or "",
        edition=found.edition or "unknown",
        users_licensed=found.users_licensed or 0,
        time_zone=found.time_zone,
        currency=found.currency_code,
        document=dict(found.raw),
    )


def _user(user: User) -> UserFacts:
    return UserFacts(
        id=int(user.id),
        full_name=user.full_name or user.email or user.id,
        email=user.email,
        is_active=user.status == "active",
        role=user.role,
        profile=user.profile,
        document=dict(user.raw),
    )


def _currency(currency: Currency) -> CurrencyFacts:
    return CurrencyFacts(
        iso_code=currency.iso_code,
        name=currency.name,
        symbol=currency.symbol,
        exchange_rate=Decimal(currency.exchange_rate),
        is_base=currency.is_base,
        is_active=currency.is_active,
        told_at=currency.told_at,
    )


def _layout(layout: Layout) -> LayoutFacts:
    return LayoutFacts(
        layout_id=int(layout.id),
        name=layout.name,
        is_active=layout.status in {None, "active"},
        fields=tuple(
            LayoutFieldFacts(
                field.api_name,
                field.is_required,
                tuple(
                    (value.actual_value, value.display_value)
                    for value in field.pick_list_values
                    if value.is_used
                ),
            )
            for field in layout.fields
        ),
    )


def _pipeline(layout_id: int, pipeline: Pipeline) -> PipelineFacts:
    return PipelineFacts(
        layout_id=layout_id,
        pipeline_id=int(pipeline.id),
        value=pipeline.actual_value,
        label=pipeline.display_value,
        is_default=pipeline.is_default,
        stages=tuple(stage.actual_value for stage in pipeline.stages),
    )


def _field(field: Field) -> FieldFacts:
    options = [value.actual_value for value in field.pick_list_values]
    return FieldFacts(
        field_id=int(field.id),
        api_name=field.api_name,
        label=field.label,
        data_type=field.data_type,
        json_type=field.json_type,
        length=field.length,
        is_custom=field.is_custom,
        is_read_only=field.is_read_only,
        is_mandatory=field.is_system_mandatory,
        pick_list=options or None,
        lookup_module=field.lookup_module,
        document=dict(field.raw),
    )
