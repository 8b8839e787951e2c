"""An opportunity as an example of the API's description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import JsonValue

EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "554023000000235001",
    "name": "Grid analytics",
    "account": {"id": "554023000000111001", "name": "Kaveri Power Grid"},
    "owner": {"id": "554023000000012003", "name": "Arjun Mehta"},
    "country": "India",
    "region": "South Asia",
    "solution": "Analytics",
    "stage": "Closed Won",
    "amount": 118503937.00,
    "currency": "INR",
    "value": 1806000.25,
    "base_currency": "SGD",
    "is_without_rate": False,
    "closing_date": "2026-08-30",
    "today": "2026-08-17",
    "state": "synced",
    "last_synced_at": "2026-08-17T00:40:00Z",
    "read_only_reason": None,
    "is_strategic": True,
    "ended": None,
    "phase": {
        "number": 3,
        "title": "Execution",
        "since": "2026-06-30",
        "days": 48,
        "median_days": 96,
    },
    "next_milestone": {
        "milestone": "customer_sign_off",
        "label": "Customer sign-off",
        "planned_on": "2026-09-14",
        "expected_on": "2026-09-25",
        "late_days": 11,
    },
    "revenue": {"received_on": None, "expected_on": "2026-10-27", "planned_on": "2026-10-16"},
    "pace": 1.05,
    "health": {
        "status": "blocked",
        "score": 68,
        "severity": 4,
        "signals": [
            {
                "rule": "blocker_open",
                "health": "blocked",
                "severity": 4,
                "points": 32,
                "reason": "Security review, open for 6 days.",
                "advice": "Settle with the people involved who removes the blocker and by when.",
                "days": 6,
            }
        ],
    },
    "phases": [
        {
            "number": 4,
            "title": "Revenue",
            "state": "to_come",
            "starts_on": None,
            "ends_on": None,
            "expected_start_on": "2026-09-29",
            "expected_end_on": "2026-10-27",
            "days": None,
            "planned_days": None,
            "milestones": [
                {
                    "milestone": "payment",
                    "label": "Payment",
                    "planned_on": "2026-10-16",
                    "actual_on": None,
                    "expected_on": "2026-10-27",
                    "late_days": 11,
                    "is_late": True,
                    "is_passed_over": False,
                    "kept": "crm",
                    "crm_field": "Received On",
                    "change": None,
                    "error": None,
                    "planned_by": "Priya Raghunathan",
                }
            ],
        }
    ],
    "blockers": [
        {
            "id": "3",
            "title": "Security review",
            "opened_at": "2026-08-11T02:00:00Z",
            "opened_by": "Arjun Mehta",
            "days": 6,
            "resolved_at": None,
            "resolved_by": None,
            "resolution": None,
        }
    ],
    "actions": [],
    "comments": [],
}
