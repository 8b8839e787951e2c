"""Which policy decides a conflict of which field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulse.settings.schema import KEYS, SyncSettings
from pulse.settings.service import settings_of
from pulse.sync.domain.merge import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.edits.connection import Connection


@dataclass(frozen=True, slots=True)
class Policies:
    """The policy of every field: its own, else the default."""

    default: Policy = Policy.ASK
    by_field: Mapping[str, Policy] = field(default_factory=dict)
    """API name → policy."""

    def of(self, api_name: str) -> Policy:
        """Return the policy of a field."""
        return self.by_field.get(api_name, self.default)


def policies_of(settings: SyncSettings) -> Policies:
    """Return the policies that are set."""
    return Policies(settings.conflict_policy, settings.field_policies)


async def stored_settings(connection: Connection) -> SyncSettings:
    """Return the stored settings as this transaction sees them."""
    cursor = await connection.execute(
        "SELECT key, value FROM settings WHERE key = ANY(%s)", (list(KEYS),)
    )
    return settings_of(dict(await cursor.fetchall()))


async def stored_policies(connection: Connection) -> Policies:
    """Return the policies that are set, as this transaction sees them."""
    return policies_of(await stored_settings(connection))
