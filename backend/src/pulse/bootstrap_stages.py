"""The import of the CRM's own stage history, composed from settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.adapters.client import USUAL_PATIENCE, Caller
from pulse.adapters.crm.source import ZohoSource
from pulse.adapters.mirror.store import Spent
from pulse.adapters.slots import Priority
from pulse.adapters.stage_history import StageHistoryStore
from pulse.adapters.stage_reading import REFUSALS, StageHistoryReader
from pulse.bootstrap import mirror_pool, open_client, resources
from pulse.core.stage_history import ImportState
from pulse.kit.clock import system_sleep
from pulse.kit.errors import PulseError
from pulse.kit.logging import get_logger
from pulse.queries.credits import credit_state, usual_latency_s
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pulse.adapters.client import Patience
    from pulse.adapters.stage_history import Claimed
    from pulse.bootstrap import Resources
    from pulse.config import Settings

_USUAL_LATENCY_S: Final = 0.2

_log = get_logger(__name__)


async def import_stage_history(
    settings: Settings, patience: Patience = USUAL_PATIENCE
) -> ImportState | None:
    """Run the import that waits, or go on with one that died; None if there was nothing to do.

    It is scheduled work: the budget of the day's credits holds for it. What can be expected to fail
    is noted on the import; what was kept stays.
    """
    async with (
        resources(settings, patience) as opened,
        mirror_pool(settings) as pool,
        StageHistoryStore(pool).claimed() as claimed,
    ):
        return None if claimed is None else await _import(opened, pool, claimed)


async def _import(opened: Resources, pool: AsyncConnectionPool, claimed: Claimed) -> ImportState:
    store = StageHistoryStore(pool)
    spent = Spent(claimed.calls, claimed.credits)
    state = ImportState.COMPLETED
    trouble: PulseError | None = None
    try:
        async with opened.open_db() as db:
            stored = await read_settings(db)
            credits_now = await credit_state(db, opened.clock.now())
            latency_s = await usual_latency_s(db, opened.clock.now())
        left = None
        if credits_now.limit is not None:
            left = int(credits_now.limit * stored.budget_share) - credits_now.used
        caller = Caller(Priority.BACKGROUND, budget_share=stored.budget_share)
        async with open_client(opened, caller) as client:
            try:
                await StageHistoryReader(
                    ZohoSource(client.client), store, claimed, system_sleep
                ).read(left, _USUAL_LATENCY_S if latency_s is None else latency_s)
            finally:
                now = client.spent()
                spent = Spent(spent.calls + now.calls, spent.credits + now.credits)
    except REFUSALS as error:
        state, trouble = ImportState.UNAVAILABLE, error
    except PulseError as error:
        state, trouble = ImportState.FAILED, error
    if trouble is None:
        await store.complete(claimed.id, spent)
        await store.learn_statistics()
    else:
        await store.stop(claimed.id, state, trouble, spent)
    _log.info(
        "crm.stage_history.import_ended",
        state=state.value,
        trouble=None if trouble is None else trouble.code,
        calls=spent.calls,
        credits=spent.credits,
    )
    return state
