"""History begins by the CRM's clock, wherever ours stands: versions bear the CRM's time."""

from datetime import UTC, datetime, timedelta

import pytest

from support.api import HandClock, served
from support.simulator import SimulatorHandle
from support.synced import Synced, crm_settings

_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "ours",
    [
        pytest.param(_NOON + timedelta(days=14), id="the CRM two weeks behind us"),
        pytest.param(_NOON - timedelta(hours=2), id="the CRM two hours ahead of us"),
    ],
)
def test_history_begins_when_the_first_full_sync_was_complete_in_crm_time(
    crm: SimulatorHandle, database_url: str, redis_url: str, ours: datetime
) -> None:
    crm.reset(seeded_at=int((_NOON - timedelta(days=1)).timestamp()))
    crm.control("POST", "/clock/set", {"time": _NOON.isoformat()})
    with served(crm_settings(crm, database_url, redis_url), HandClock(ours)) as api:
        product = Synced(api, crm, crm_settings(crm, database_url, redis_url))
        product.sync("full")

        began = _began(product)
        # The CRM tells its time in whole seconds, and the call that told it is taken off; the sync
        # took a moment of the CRM's clock, which runs.
        assert _NOON - timedelta(seconds=5) <= began < _NOON + timedelta(minutes=1)

        crm.advance(3600)
        product.sync("full")
        assert _began(product) == began


def test_a_session_that_did_not_note_the_crms_time_counts_by_our_clock(synced: Synced) -> None:
    completed = datetime(2025, 1, 5, 10, 30, tzinfo=UTC)
    synced.api.sql(
        "INSERT INTO crm_sync_sessions (module, sync_type, status, completed_at)"
        " VALUES ('Deals', 'full_sync', 'completed', '2025-01-05T10:30:00Z') RETURNING id"
    )

    assert _began(synced) == completed


def _began(product: Synced) -> datetime:
    answer = product.api.client.get("/api/deals/summary")
    assert answer.status_code == 200, answer.text
    return datetime.fromisoformat(answer.json()["history_began"])
