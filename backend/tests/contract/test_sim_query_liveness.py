"""While an export is made, other calls are answered."""

from __future__ import annotations

from support.simulator import simulator_in_thread
from zoho_sim.config import Config

JOBS = "/crm/bulk/v8/read"


def test_other_calls_are_answered_while_a_file_is_made() -> None:
    with simulator_in_thread(Config(deals=15_000)) as simulator:
        headers = {
            "Authorization": f"Zoho-oauthtoken {simulator.access_token()}",
            "Content-Type": "application/json",
        }
        body = {"query": {"module": {"api_name": "Deals"}}}
        created = simulator.request("POST", JOBS, body=body, headers=headers).json()
        job = created["data"][0]["details"]["id"]
        states = []
        while "COMPLETED" not in states:
            answer = simulator.request("GET", f"{JOBS}/{job}", headers=headers)
            states.append(answer.json()["data"][0]["state"])
        assert states[0] == "IN PROGRESS"
        assert states.count("IN PROGRESS") >= 3
