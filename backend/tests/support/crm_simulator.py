"""The CRM client on a running simulator, for the contract suites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_crm import Credentials, RetryPolicy, Secret, ZohoClient

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle
    from zoho_crm import Timeouts

FAST = RetryPolicy(base_s=0.001, cap_s=0.002)


def client_of(
    sim: SimulatorHandle,
    *,
    refresh_token: str | None = None,
    retry: RetryPolicy = FAST,
    timeouts: Timeouts | None = None,
) -> ZohoClient:
    """Return a client signed in to the simulator's organisation."""
    told = sim.connection
    return ZohoClient(
        Credentials(
            told["client_id"],
            Secret(told["client_secret"]),
            Secret(refresh_token or told["refresh_token"]),
        ),
        base_url=f"{told['api_url']}/crm/v8",
        accounts_url=told["accounts_url"],
        retry=retry,
        timeouts=timeouts,
    )


def ids_of(records: list[dict[str, object]]) -> list[str]:
    """Return the ids of records, in their order."""
    return [str(record["id"]) for record in records]
