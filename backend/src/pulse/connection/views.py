"""What is stored of the CRM's fields, as the API shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.connection.field_map import read_field_map
from pulse.connection.fields import count_schema_events, live_fields, schema_events
from pulse.connection.schemas import (
    ConnectedOrganisation,
    ConnectionStatus,
    FieldDescription,
    FieldMetadata,
    MirroredModule,
    RequiredFieldsStatus,
    SchemaEventLine,
    SchemaEventPage,
    Validation,
)
from pulse.core.fields import DEAL_FIELDS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.service import ConnectionReport
    from pulse.web.paging import PageRequest


def validation(report: ConnectionReport) -> Validation:
    """Return a check-up as the API shows it."""
    found = report.organisation
    return Validation(
        status=ConnectionStatus.VALID if report.is_complete else ConnectionStatus.INCOMPLETE,
        organization=None
        if found is None
        else ConnectedOrganisation(
            id=str(found.id),
            company_name=found.company_name,
            edition=found.edition,
            users_licensed=found.users_licensed,
            time_zone=found.time_zone,
            currency=found.currency,
            credits_a_day=report.limits.credits_a_day,
            concurrency=report.limits.concurrency,
        ),
        token_expires_at=report.token_expires_at,
        permissions=report.permissions,
        module_access=report.module_access,
    )


async def field_metadata(db: AsyncSession, module: MirroredModule) -> FieldMetadata:
    """Return a module's fields as the CRM described them last, and whether any required lacks."""
    fields = await live_fields(db, module)
    found = await read_field_map(db) if module is MirroredModule.DEALS else None
    canonical = {} if found is None else {api: name for name, api in found.mapping.items()}
    return FieldMetadata(
        module=module,
        refreshed_at=max((field.refreshed_at for field in fields), default=None),
        fields=[
            FieldDescription(
                api_name=field.api_name,
                field_id=str(field.field_id),
                label=field.label,
                data_type=field.data_type,
                json_type=field.json_type,
                length=field.length,
                is_custom=field.is_custom,
                is_read_only=field.is_read_only,
                is_mandatory=field.is_mandatory,
                pick_list=field.pick_list,
                lookup_module=field.lookup_module,
                canonical_name=canonical.get(field.api_name),
            )
            for field in fields
        ],
        required_fields_status=None
        if found is None
        else RequiredFieldsStatus(
            available=[field.name for field in DEAL_FIELDS if field.name in found.mapping],
            missing=list(found.missing),
            validation_passed=found.is_complete,
        ),
    )


async def schema_event_page(
    db: AsyncSession, module: MirroredModule | None, since: datetime | None, page: PageRequest
) -> SchemaEventPage:
    """Return a page of noticed changes, newest first."""
    count = await count_schema_events(db, module, since=since)
    rows = await schema_events(db, module, since=since, limit=page.limit, offset=page.offset)
    return SchemaEventPage(
        count=count,
        items=[
            SchemaEventLine(
                id=row.id,
                module=row.module,
                kind=row.kind,
                api_name=row.api_name,
                details=row.details,
                noticed_at=row.noticed_at,
            )
            for row in rows
        ],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
    )
