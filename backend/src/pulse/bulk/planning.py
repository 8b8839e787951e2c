"""What an operation would cost now, from what is stored: prices, credits, latency, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.bulk import errors
from pulse.core.modules import DEALS
from pulse.models import CrmField
from pulse.queries.credits import credit_state, usual_latency_s
from pulse.settings.service import read_settings
from pulse.sync.bulking.plan import Situation, WritePrices, is_possible, plan_writes
from pulse.sync.domain.canonical import is_detail
from pulse.sync.domain.field import FieldSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.bulk import Way
    from pulse.settings.schema import PriceOverrides
    from pulse.sync.bulking.plan import Plan

_USUAL_LATENCY_S: Final = 0.2  # until we have seen our own


async def plan_operation(
    db: AsyncSession,
    records: int,
    field_names: Sequence[str],
    now: datetime,
    *,
    are_values_shared: bool,
    field_sets: int = 1,
    is_whole_view: bool = False,
    wanted: Way | None = None,
) -> Plan:
    """Plan the writes of `records` records. Raises InvalidInputError for an impossible wish."""
    types = await _field_types(db)
    latency_s = await usual_latency_s(db, now)
    situation = Situation(
        module=DEALS,
        records=records,
        types=tuple(types[name].data_type for name in field_names if name in types),
        are_values_shared=are_values_shared,
        list_fields=sum(1 for spec in types.values() if not is_detail(spec)),
        credits_left=(await credit_state(db, now)).remaining,
        latency_s=_USUAL_LATENCY_S if latency_s is None else latency_s,
        field_sets=field_sets,
        is_whole_view=is_whole_view,
        wanted=wanted,
        prices=_prices((await read_settings(db)).prices),
    )
    why_not = None if wanted is None else is_possible(situation, wanted)
    if wanted is not None and why_not is not None:
        raise errors.way_impossible(wanted, why_not)
    return plan_writes(situation)


async def _field_types(db: AsyncSession) -> Mapping[str, FieldSpec]:
    rows = await db.execute(
        select(CrmField.api_name, CrmField.data_type, CrmField.json_type).where(
            CrmField.module == DEALS, CrmField.removed_at.is_(None)
        )
    )
    return {row.api_name: FieldSpec(row.api_name, row.data_type, row.json_type) for row in rows}


def _prices(own: PriceOverrides) -> WritePrices:
    usual = WritePrices()
    return WritePrices(
        rows_per_mass_update_credit=own.rows_per_mass_update_credit
        or usual.rows_per_mass_update_credit,
        bulk_write=usual.bulk_write if own.bulk_write is None else own.bulk_write,
        upload=usual.upload if own.bulk_write_upload is None else own.bulk_write_upload,
    )
