"""A product with its own fields in the CRM, driven as the API and the worker drive it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pulse.bootstrap_owned import write_back_values
from support.engine import Engine
from support.pushing import PushingProduct

if TYPE_CHECKING:
    from pulse.sync.write_back import WroteBack
    from support.simulator import Json
    from support.synced import Synced

STATUS, LAST_SYNC = "PP_Sync_Status", "Last_PP_Sync"


class OwningProduct(PushingProduct):
    """A product after its first full sync."""

    def __init__(self, synced: Synced) -> None:
        super().__init__(Engine(synced.crm, synced.settings))
        self.client = synced.api.client

    def create_fields(self) -> dict[str, Any]:
        """Create the fields that are missing, as an admin does."""
        answer = self.client.post("/api/crm/fields/create")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def validate(self) -> dict[str, Any]:
        """Ask the CRM how the fields stand."""
        answer = self.client.get("/api/crm/fields/validate")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def field(self, role: str) -> dict[str, Any]:
        """Return how one of the fields stands, by what was read last."""
        fields = self.client.get("/api/crm/fields/owned").json()["fields"]
        found: dict[str, Any] = next(line for line in fields if line["role"] == role)
        return found

    def write_back(self) -> WroteBack:
        """Run the job that writes values back, as a worker would."""
        return asyncio.run(write_back_values(self.engine.settings, self.engine.patience))

    def written(self) -> int:
        """Return how many rows of records the CRM has taken through its API."""
        return int(self.crm.writes(source="crm_api")["summary"]["writes"])

    def told(self) -> set[Json]:
        """Return the statuses that the CRM's deals show."""
        name = self.field("sync_status")["api_name"]
        return {row.get(name) for row in self.crm.records()}

    def last_changes(self) -> dict[int, object]:
        """Return when each deal last changed."""
        rows = self.engine.sql("SELECT id, crm_modified_at FROM deals")
        return {row["id"]: row["crm_modified_at"] for row in rows}

    def log_size(self) -> int:
        """Return the number of lines in the change log."""
        return int(self.engine.sql("SELECT count(*) AS lines FROM change_log")[0]["lines"])


@pytest.fixture
def owning(synced: Synced) -> OwningProduct:
    """A product after its first full sync, without fields of its own yet."""
    return OwningProduct(synced)
