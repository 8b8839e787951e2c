"""What keeps the API user from writing: rights withheld, blueprints, and what a layout demands.

A lock is not here: it is the record's own ``Locked__s``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import Record


class Right(StrEnum):
    """What a profile grants for a module; the wire says ``Crm_Implied_{right}_{module}``."""

    CREATE = "Create"
    EDIT = "Edit"
    DELETE = "Delete"


@dataclass(slots=True)
class Protections:
    """Withheld rights by module, single records by id, and fields (by role) that a layout demands.

    They bind calls to the API. The control plane stands above them, as an administrator does.
    """

    withheld: dict[str, set[Right]] = field(default_factory=dict)
    not_editable: set[str] = field(default_factory=set)
    in_blueprint: set[str] = field(default_factory=set)
    demanded: dict[str, set[str]] = field(default_factory=dict)

    def grants(self, module: str, right: Right) -> bool:
        """Whether the API user's profile has the right."""
        return right not in self.withheld.get(module, ())

    def demands(self, module: str, role: str) -> bool:
        """Whether the module's layout makes the field mandatory."""
        return role in self.demanded.get(module, ())


def is_locked(store: ModuleStore, record: Record) -> bool:
    """Whether somebody has locked the record."""
    locked = store.by_role.get("Locked__s")
    return locked is not None and record.values[locked.position] is True
