"""The client's writing operations, one method for each call of the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_crm.protocol import writes
from zoho_crm.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zoho_crm.protocol.outcomes import Row, WriteResult


class Writing(Surface):
    """Write 1 to 100 records a call; results come in the order of the rows.

    `AnswerLost` means that a write may or may not have happened. `trigger` names the automation
    to run: None all of it, an empty sequence none.
    """

    async def insert(
        self, module: str, rows: Sequence[Row], *, trigger: Sequence[str] | None = None
    ) -> WriteResult:
        """Create records. It is sent once, whatever happens."""
        return await self._runner.run(writes.insert(module, rows, trigger=trigger))

    async def update(
        self,
        module: str,
        rows: Sequence[Row],
        *,
        if_unmodified_since: datetime | None = None,
        trigger: Sequence[str] | None = None,
        may_repeat: bool = True,
    ) -> WriteResult:
        """Change records, each row with its `id`.

        Records modified after `if_unmodified_since` are refused with ALREADY_MODIFIED. A guarded
        update whose answer is lost is not repeated: it would meet its own first execution. Another
        one is, unless `may_repeat` is false: then the caller looks up what became of it.
        """
        return await self._runner.run(
            writes.update(
                module,
                rows,
                if_unmodified_since=if_unmodified_since,
                trigger=trigger,
                may_repeat=may_repeat,
            )
        )

    async def upsert(
        self,
        module: str,
        rows: Sequence[Row],
        *,
        duplicate_check_fields: Sequence[str],
        if_unmodified_since: datetime | None = None,
        trigger: Sequence[str] | None = None,
    ) -> WriteResult:
        """Update the records that match on the named fields, create the others."""
        return await self._runner.run(
            writes.upsert(
                module,
                rows,
                duplicate_check_fields=duplicate_check_fields,
                if_unmodified_since=if_unmodified_since,
                trigger=trigger,
            )
        )

    async def delete(
        self, module: str, ids: Sequence[str], *, run_automation: bool = True
    ) -> WriteResult:
        """Move records to the recycle bin."""
        return await self._runner.run(writes.delete(module, ids, run_automation=run_automation))

    async def restore(self, ids: Sequence[str]) -> WriteResult:
        """Take records of any module out of the recycle bin."""
        return await self._runner.run(writes.restore(ids))
