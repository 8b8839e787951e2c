"""Owned values in the CRM: written without automation, read back by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.adapters.mirror.echo import BOOKKEEPING
from pulse.adapters.owned.values import wire_owned
from pulse.adapters.pushing.writer import row_outcome
from pulse.core.modules import DEALS
from pulse.core.owned import OWNED_FIELD_BY_ROLE
from pulse.sync.domain.canonical import STAMP, Canonicaliser
from pulse.sync.domain.field import FieldSpec
from pulse.sync.pushing.ports import RowUnknown
from pulse.sync.write_back import SeenOwned
from zoho_crm import errors as zoho

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulse.core.owned import OwnedRole
    from pulse.sync.pushing.ports import RowOutcome
    from pulse.sync.write_back import OwnedWrite
    from zoho_crm.client import ZohoClient

_IDS_A_READ: Final = 50


class ZohoOwned:
    """The `OwnedCrm` port; `specs` are the fields of records, among them the CRM's bookkeeping."""

    def __init__(
        self, client: ZohoClient, names: Mapping[OwnedRole, str], specs: Sequence[FieldSpec]
    ) -> None:
        self._client = client
        self._names = names
        own = [FieldSpec(name, OWNED_FIELD_BY_ROLE[role].data_type) for role, name in names.items()]
        kept = [spec for spec in specs if spec.api_name in (*BOOKKEEPING, STAMP)]
        self._bookkeeping = [spec.api_name for spec in kept if spec.api_name != STAMP]
        self._read = Canonicaliser([*own, *kept]).reader(
            [*names.values(), *self._bookkeeping, STAMP]
        )

    async def write(self, writes: Sequence[OwnedWrite]) -> Sequence[RowOutcome]:
        """Write up to 100 rows without automation; in order.

        Never sent twice: a lost answer is looked up, as even equal values make a new version.
        """
        rows = [
            {
                "id": str(write.record_id),
                **{
                    self._names[role]: wire_owned(role, value)
                    for role, value in write.values.items()
                    if role in self._names
                },
            }
            for write in writes
        ]
        with crm_errors("Writing the product's own fields"):
            try:
                answer = await self._client.update(DEALS, rows, trigger=(), may_repeat=False)
            except zoho.AnswerLost:
                return [RowUnknown() for _ in rows]
        return [row_outcome(row) for row in answer.rows]

    async def look(self, record_ids: Sequence[int]) -> Mapping[int, SeenOwned]:
        """Read owned and bookkeeping fields of records; those that are gone are left out."""
        seen: dict[int, SeenOwned] = {}
        for start in range(0, len(record_ids), _IDS_A_READ):
            some = record_ids[start : start + _IDS_A_READ]
            with crm_errors("Reading the product's own fields"):
                page = await self._client.get_records(
                    DEALS,
                    [*self._names.values(), *self._bookkeeping, STAMP],
                    ids=[str(record_id) for record_id in some],
                )
            for found in map(self._read, page.records):
                seen[found.record_id] = SeenOwned(
                    found.stamp,
                    {
                        role: found.values[name]
                        for role, name in self._names.items()
                        if name in found.values
                    },
                    {
                        name: found.values[name]
                        for name in self._bookkeeping
                        if name in found.values
                    },
                )
        return seen
