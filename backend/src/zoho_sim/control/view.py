"""What the control plane tells: how to connect, and what has happened so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.behaviour.row_jobs import RowJobs
    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import JsonObject


def describe(simulator: Simulator) -> JsonObject:
    """Return what a client needs to connect: the line that ``zoho-sim serve`` prints."""
    facts = simulator.organisation.facts
    return {
        "api_url": simulator.url,
        "accounts_url": simulator.url,
        "control_url": f"{simulator.url}/__sim__",
        "client_id": simulator.tokens.client_id,
        "client_secret": simulator.tokens.client_secret,
        "refresh_token": simulator.refresh_token,
        "organisation": {
            "id": facts.id,
            "zgid": facts.zgid,
            "company_name": facts.company_name,
            "edition": facts.edition,
            "users": len(simulator.organisation.users),
            "time_zone": facts.time_zone,
            "home_currency": facts.home_currency,
            "deals": len(simulator.organisation.modules["Deals"].records),
        },
        "seed": simulator.config.seed,
        "naming": simulator.config.naming.value,
    }


def describe_state(simulator: Simulator) -> JsonObject:
    """Return counts, calls, credits, faults, clock, latency, switches and activity."""
    credits_, slots = simulator.credits, simulator.slots
    return {
        "modules": {
            name: {
                "live": len(store.records),
                "hidden": len(store.hidden),
                "bin": len(store.bin),
                "purged": len(store.purged),
            }
            for name, store in simulator.organisation.modules.items()
        },
        "calls": dict(simulator.calls),
        "calls_total": sum(simulator.calls.values()),
        "credits": {
            "budget": credits_.budget,
            "used": credits_.used,
            "left": credits_.left,
            "spent_ever": credits_.spent_ever,
            "by_operation": dict(simulator.credits_by_operation),
        },
        "limits": {
            "edition": simulator.organisation.facts.edition,
            "licences": simulator.organisation.facts.licences,
            "credit_budget": credits_.budget,
            "calls_at_once": slots.limit,
            "complex_calls_at_once": slots.complex_limit,
            "running": slots.running,
            "peak": slots.peak,
            "refused": dict(slots.refused),
        },
        "edits": dict(simulator.edits),
        "bulk_reads": {
            "jobs": len(simulator.bulk_reads.by_id),
            "ready": sum(job.result is not None for job in simulator.bulk_reads.by_id.values()),
        },
        "mass_updates": _jobs(simulator.mass_updates),
        "bulk_writes": _jobs(simulator.bulk_writes),
        "faults_fired": dict(simulator.faults.fired),
        "clock": {
            "now": simulator.clock.now().isoformat(),
            "is_frozen": simulator.clock.is_frozen,
        },
        "latency": {
            "base_ms": simulator.latency.base_ms,
            "jitter_ms": simulator.latency.jitter_ms,
        },
        "activity": {"edits_per_minute": simulator.config.activity},
        "switches": simulator.switches.as_dict(),
    }


def _jobs(jobs: RowJobs) -> JsonObject:
    return {"jobs": len(jobs.by_id), "unfinished": len(jobs.unfinished)}
