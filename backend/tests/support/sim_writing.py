"""Writing to a simulator's deals, for tests of what its API makes of a write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.sim_samples import NEW_DEAL

if TYPE_CHECKING:
    from support.crm_calls import CrmCalls
    from support.simulator import Json, SimulatorHandle


def insert(calls: CrmCalls, *rows: Json, status: int = 201) -> list[Json]:
    """Insert deals in one call; return the result of each row."""
    answer = calls.call("POST", "/Deals", body={"data": list(rows)})
    assert answer.status == status, answer.body
    return list(answer.json()["data"])


def make(calls: CrmCalls) -> str:
    """Insert a deal without running workflows; return its id."""
    answer = calls.call("POST", "/Deals", body={"data": [NEW_DEAL], "trigger": []})
    return str(answer.json()["data"][0]["details"]["id"])


def first_of(crm: SimulatorHandle, module: str = "Deals") -> Json:
    return crm.records(module)[0]


def api_user(calls: CrmCalls) -> Json:
    """Return the user whom the calls are made as, as stamps name them."""
    user = calls.get("/users", type="CurrentUser").json()["users"][0]
    return {"name": user["full_name"], "id": user["id"]}
