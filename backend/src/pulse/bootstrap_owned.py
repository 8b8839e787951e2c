"""The product's own fields in the CRM, composed from settings: created, changed, written back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.adapters.client import USUAL_PATIENCE, Caller
from pulse.adapters.module_fields import module_fields
from pulse.adapters.owned.crm import ZohoOwned
from pulse.adapters.owned.fields import ZohoFields
from pulse.adapters.owned.values import PostgresOwnedValues
from pulse.adapters.slots import Priority
from pulse.analytics.o2r.telling import read_told
from pulse.bootstrap import mirror_pool, open_client, resources
from pulse.core.modules import DEALS
from pulse.core.owned import WRITTEN_ROLES
from pulse.core.sync import SyncMode
from pulse.kit.logging import get_logger
from pulse.queries.credits import credit_state
from pulse.queries.owned_fields import owned_field_names
from pulse.settings.service import read_settings
from pulse.sync.domain.errors import SyncError
from pulse.sync.write_back import WroteBack, write_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulse.adapters.client import Patience
    from pulse.config import Settings
    from pulse.core.custom_fields import FieldChange, FieldOutcome, NewField

ROWS_A_CREDIT: Final = 10
"""The CRM's price of an update."""
_UNKNOWN_LIMIT: Final = 1_000
"""Credits a day of an organisation that was not read yet."""

_log = get_logger(__name__)


async def write_back_values(settings: Settings, patience: Patience = USUAL_PATIENCE) -> WroteBack:
    """Write the product's own fields where they differ, within their share of the day's credits.

    Nothing is written in the mode CRM to local, nor while it is switched off. One runs at a time.
    What can be expected to fail ends it early, and the next one goes on.
    """
    async with resources(settings, patience) as opened, mirror_pool(settings) as pool:
        async with opened.open_db() as db:
            stored = await read_settings(db)
            owned = await owned_field_names(db, DEALS)
            fields = await module_fields(db, DEALS) if owned else None
            limit = (await credit_state(db, opened.clock.now())).limit
            names = {role: owned[role] for role in WRITTEN_ROLES & owned.keys()}
            told_by = await read_told(db, names, opened.clock.now())
        values = PostgresOwnedValues(pool, names, opened.clock, told_by)
        is_allowed = stored.is_write_back_on and stored.mode is not SyncMode.CRM_TO_LOCAL
        if fields is None or not names or not is_allowed or not await values.has_work():
            return WroteBack()
        async with values.held() as is_ours:
            share = int((_UNKNOWN_LIMIT if limit is None else limit) * stored.write_back_share)
            rows = max(share - await values.spent(), 0) * ROWS_A_CREDIT
            if not is_ours or not rows:
                return WroteBack()
            caller = Caller(Priority.BACKGROUND, budget_share=stored.budget_share)
            calls = credits_spent = 0
            try:
                async with open_client(opened, caller) as client:
                    told = await write_back(
                        values, ZohoOwned(client.client, names, fields.specs), rows
                    )
                    spent = client.spent()
                    calls, credits_spent = spent.calls, spent.credits
            except SyncError as trouble:
                told = WroteBack(trouble=trouble)
            await values.note_run(
                records=told.written,
                refused=told.refused,
                calls=calls,
                credits=credits_spent,
                trouble=None if told.trouble is None else told.trouble.detail,
            )
        _log.info(
            "sync.write_back.finished",
            module=DEALS,
            records=told.written,
            refused=told.refused,
            trouble=None if told.trouble is None else told.trouble.code,
            calls=calls,
            credits=credits_spent,
        )
        return told


class FieldMaking:
    """The connection's port to make and change fields; each call opens the stored connection."""

    def __init__(self, settings: Settings, patience: Patience = USUAL_PATIENCE) -> None:
        self._settings = settings
        self._patience = patience

    async def create(self, module: str, fields: Sequence[NewField]) -> Sequence[FieldOutcome]:
        """Add fields, five a call; in order."""
        async with (
            resources(self._settings, self._patience) as opened,
            open_client(opened, Caller(Priority.PERSON)) as client,
        ):
            return await ZohoFields(client.client).create(module, fields)

    async def change(self, module: str, change: FieldChange) -> FieldOutcome:
        """Change one field."""
        async with (
            resources(self._settings, self._patience) as opened,
            open_client(opened, Caller(Priority.PERSON)) as client,
        ):
            return await ZohoFields(client.client).change(module, change)
