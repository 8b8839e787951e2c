"""The field map: which API name of the organisation stands for each canonical field of a deal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from pulse.connection.fields import live_fields, record_fields
from pulse.core.fields import (
    DEAL_FIELD_BY_NAME,
    DEAL_FIELDS,
    FieldMapProposal,
    ValueKind,
    propose_field_map,
)
from pulse.core.modules import DEALS
from pulse.db.events import Topic, notify
from pulse.jobs.catalogue import RefillDeals
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import InvalidInputError
from pulse.models import FieldMapEntry
from pulse.queries.owned_fields import owned_field_names
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal


_TEXTS: Final = frozenset(
    {"text", "textarea", "picklist", "multiselectpicklist", "autonumber", "formula", "lookup",
     "email", "phone", "website", "userlookup", "ownerlookup"}
)  # fmt: skip
_NUMBERS: Final = frozenset(
    {"currency", "double", "integer", "bigint", "percent", "formula", "rollup_summary"}
)
_FITTING: Final[dict[ValueKind, frozenset[str]]] = {
    ValueKind.RECORD_ID: frozenset({"lookup", "ownerlookup", "userlookup", "bigint"}),
    ValueKind.TEXT: _TEXTS,
    ValueKind.MONEY: _NUMBERS,
    ValueKind.NUMBER: _NUMBERS,
    # A moment holds a date, but not the other way round.
    ValueKind.DATE: frozenset({"date", "datetime", "formula"}),
    ValueKind.INSTANT: frozenset({"datetime"}),
}
SYSTEM_FIELDS: Final = frozenset({"id", "Created_Time", "Modified_Time"})
"""Stamps and id order and identify records: nothing else may stand for them."""


def fits(kind: ValueKind, data_type: str) -> bool:
    """Return whether a field of this type can hold values of `kind`."""
    return data_type in _FITTING[kind]


class InvalidFieldMapError(InvalidInputError):
    """A canonical field is given a field that is not there, or cannot hold its values."""

    code = "invalid_field_map"


@dataclass(frozen=True, slots=True)
class FieldMap:
    """The map as it holds now: canonical name → API name, chosen or proposed."""

    mapping: dict[str, str]
    chosen: frozenset[str]
    missing: tuple[str, ...]
    """Canonical fields without any field in the organisation; no sync runs until they have one."""

    @property
    def is_complete(self) -> bool:
        """Return whether every required field is there."""
        return not self.missing


async def read_field_map(db: AsyncSession) -> FieldMap:
    """Return the map over the fields that exist now.

    A chosen field that was removed falls back to a proposal, or is missing; the choice is kept, so
    it holds again if the field returns.
    """
    chosen = await _chosen(db)
    proposal = await _proposal(db, chosen)
    held = frozenset(name for name, api in chosen.items() if proposal.mapping.get(name) == api)
    return FieldMap(proposal.mapping, held, proposal.missing)


async def refresh_field_map(db: AsyncSession, before: Mapping[str, str] | None = None) -> FieldMap:
    """Store the proposals of today beside what people chose; the caller commits.

    Where another field stands for something than in the map `before` (the stored one), the mirror's
    narrow columns are to follow, and a job for that is enqueued.
    """
    before = await _stored(db) if before is None else before
    found = await read_field_map(db)
    proposed = {name: api for name, api in found.mapping.items() if name not in found.chosen}
    await db.execute(
        delete(FieldMapEntry).where(
            FieldMapEntry.module == DEALS,
            FieldMapEntry.is_chosen.is_(False),
            FieldMapEntry.canonical_name.not_in(proposed),
        )
    )
    kept = await _chosen(db)
    await _store(
        db, {name: api for name, api in proposed.items() if name not in kept}, is_chosen=False
    )
    # A field that is gone leaves its last values; one that came is read from now on.
    if before and any(before.get(name) != api for name, api in found.mapping.items()):
        await enqueue(db, RefillDeals())
    return found


async def choose_fields(
    db: AsyncSession, choices: Mapping[str, str | None], who: Principal
) -> FieldMap:
    """Store a person's choices (canonical name → API name; None: back to the proposal).

    Raises InvalidFieldMapError that names the canonical field; then nothing is stored. The caller
    commits.
    """
    types = {field.api_name: field.data_type for field in await live_fields(db, DEALS)}
    own = frozenset((await owned_field_names(db, DEALS)).values())
    for name, api_name in choices.items():
        _check(name, api_name, types, own)
    before = await _chosen(db)
    held = (await read_field_map(db)).mapping
    dropped = [name for name, api_name in choices.items() if api_name is None]
    if dropped:
        await db.execute(
            delete(FieldMapEntry).where(
                FieldMapEntry.module == DEALS, FieldMapEntry.canonical_name.in_(dropped)
            )
        )
    await _store(
        db, {name: api for name, api in choices.items() if api is not None}, is_chosen=True
    )
    found = await refresh_field_map(db, held)
    await notify(db, Topic.SCHEMA, DEALS)
    await audit(
        db,
        who,
        "field_map.changed",
        kind="field_map",
        subject=DEALS,
        before={name: before.get(name) for name in choices},
        after=dict(choices),
    )
    return found


def _check(name: str, api_name: str | None, types: Mapping[str, str], own: frozenset[str]) -> None:
    field = DEAL_FIELD_BY_NAME.get(name)
    if field is None:
        raise InvalidFieldMapError(
            f"{name} is no canonical field.",
            fix=f"Canonical fields are: {', '.join(other.name for other in DEAL_FIELDS)}.",
            extra={"field": name},
        )
    if api_name is None:
        return
    if name in SYSTEM_FIELDS and api_name != name:
        raise InvalidFieldMapError(
            f"{name} is the CRM's own stamp or id: no other field can stand for it.",
            fix=f"Leave {name} as it is.",
            extra={"field": name, "api_name": api_name},
        )
    if api_name in own:
        raise InvalidFieldMapError(
            f"{name}: {api_name} is Pipeline Pulse's own field, which it writes itself.",
            fix="Choose a field that people fill in the CRM.",
            extra={"field": name, "api_name": api_name},
        )
    # Field metadata does not list the record id, which every module has.
    data_type = "bigint" if api_name == "id" else types.get(api_name)
    if data_type is None:
        raise InvalidFieldMapError(
            f"{name}: the organisation's Deals have no field {api_name}.",
            fix="Choose one of the API names that GET /api/crm/fields/metadata lists.",
            extra={"field": name, "api_name": api_name},
        )
    if not fits(field.kind, data_type):
        raise InvalidFieldMapError(
            f"{name}: {api_name} is of type {data_type}, which cannot hold {field.kind}.",
            fix=f"Choose a field of type {', '.join(sorted(_FITTING[field.kind]))}.",
            extra={"field": name, "api_name": api_name},
        )


async def _stored(db: AsyncSession) -> dict[str, str]:
    rows = await db.execute(
        select(FieldMapEntry.canonical_name, FieldMapEntry.api_name).where(
            FieldMapEntry.module == DEALS
        )
    )
    return {row.canonical_name: row.api_name for row in rows}


async def _chosen(db: AsyncSession) -> dict[str, str]:
    rows = await db.execute(
        select(FieldMapEntry.canonical_name, FieldMapEntry.api_name).where(
            FieldMapEntry.module == DEALS, FieldMapEntry.is_chosen
        )
    )
    return {row.canonical_name: row.api_name for row in rows}


async def _proposal(db: AsyncSession, chosen: dict[str, str]) -> FieldMapProposal:
    names = frozenset(field.api_name for field in await record_fields(db, DEALS))
    return propose_field_map(names, chosen)


async def _store(db: AsyncSession, entries: Mapping[str, str], *, is_chosen: bool) -> None:
    if not entries:
        return
    row = insert(FieldMapEntry)
    await db.execute(
        row.on_conflict_do_update(
            index_elements=[FieldMapEntry.module, FieldMapEntry.canonical_name],
            set_={
                "api_name": row.excluded.api_name,
                "is_chosen": row.excluded.is_chosen,
                "updated_at": func.now(),
            },
        ),
        [
            {"module": DEALS, "canonical_name": name, "api_name": api, "is_chosen": is_chosen}
            for name, api in entries.items()
        ],
    )
