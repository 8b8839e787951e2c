"""A request for every operation of the API that can succeed, for tests that walk over them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from pulse.core.access import Role
from pulse.web.credentials import SESSION_COOKIE
from support.accounts import PASSWORD, add_session, add_token, add_user, add_view
from support.api import Api
from support.synced import Synced

Operation = tuple[str, str, dict[str, Any]]

MISSING_IDS: Final[Mapping[str, object]] = {
    "export_id": UUID(int=1),
    "session_id": UUID(int=1),
    "record_id": 1,
    "deal_id": 1,
    "conflict_id": 1,
    "field": "Nothing",
    "field_id": 1,
    "user_id": UUID(int=1),
    "token_id": UUID(int=1),
    "login_id": UUID(int=1),
    "view_id": UUID(int=1),
    "milestone": "lunch",
    "comment_id": 1_000_000,
    "blocker_id": 1_000_000,
    "action_id": 1_000_000,
}
"""Ids of nothing, by the name of the path's parameter."""

BODIES: Final[Mapping[tuple[str, str], object]] = {
    ("post", "/api/exports/preview"): {"kind": "deals", "query": "outcome=open"},
    ("post", "/api/exports"): {"kind": "deals", "format": "csv"},
    ("put", "/api/live-sync/configuration"): {"interval_minutes": 30, "mode": "bidirectional"},
    ("put", "/api/crm/fields/map"): {"choices": {"OCH_Revenue": None}},
    ("patch", "/api/crm/fields/{field_id}"): {"tooltip": "Which way the deal was won."},
    ("post", "/api/records/search"): {"by": "word", "text": "metro"},
    ("post", "/api/crm/connect"): {"data_centre": "in"},
    ("post", "/api/crm/disconnect"): {"organisation": "another name than the organisation's"},
    ("post", "/api/auth/login"): {"email": "ada@example.com", "password": PASSWORD},
    ("post", "/api/auth/password"): {
        "current_password": PASSWORD,
        "new_password": "another horse altogether",
    },
    ("post", "/api/users"): {"email": "new@example.com", "name": "New", "role": "viewer"},
    ("patch", "/api/users/{user_id}"): {"role": "editor"},
    ("post", "/api/tokens"): {"name": "Report", "role": "viewer", "expires_in_days": 30},
    ("patch", "/api/deals/{deal_id}"): {"fields": {"Next_Step": "Ask for the order"}},
    ("post", "/api/bulk/preview"): {"choose": {"filter": ""}, "fields": {"Next_Step": "Call"}},
    ("post", "/api/bulk/small-batch"): {"choose": {"filter": ""}, "fields": {"Next_Step": "A"}},
    ("post", "/api/bulk/mass-update"): {"choose": {"filter": ""}, "fields": {"Next_Step": "B"}},
    ("post", "/api/bulk/write"): {
        "choose": {"records": [{"id": "554023000000235001", "fields": {"Next_Step": "C"}}]}
    },
    ("post", "/api/sync-status/conflicts/{conflict_id}/resolve"): {"action": "use_crm"},
    ("post", "/api/sync-status/conflicts/resolve-all"): {"action": "use_crm"},
    ("post", "/api/views"): {"page": "analysis", "name": "Monday", "query": "stage=Won"},
    ("patch", "/api/views/{view_id}"): {"name": "Tuesday"},
    ("put", "/api/o2r/opportunities/{deal_id}/milestones/{milestone}"): {
        "planned_on": "2026-03-31"
    },
    ("put", "/api/o2r/opportunities/{deal_id}/strategic"): {"is_strategic": True},
    ("post", "/api/o2r/opportunities/{deal_id}/comments"): {"text": "They asked for a discount."},
    ("patch", "/api/o2r/comments/{comment_id}"): {"text": "They asked for a big discount."},
    ("post", "/api/o2r/opportunities/{deal_id}/blockers"): {"title": "Security review"},
    ("post", "/api/o2r/blockers/{blocker_id}/resolve"): {"resolution": "Signed."},
    ("post", "/api/review/mail"): {"to": "me"},
    ("post", "/api/o2r/actions"): {"title": "Send the report"},
    ("patch", "/api/o2r/actions/{action_id}"): {"is_done": True},
    ("post", "/api/alerts/acknowledge"): {"ids": ["1"]},
    ("post", "/api/alerts/unacknowledge"): {"ids": ["1"]},
    ("put", "/api/settings"): {"changes": {"sync.overlap_seconds": 90}},
}
"""What an operation is sent, by method and path."""


def operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    """Yield path, method and description of every operation of an OpenAPI document."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def sample_ids(synced: Synced) -> dict[str, object]:
    """Return ids of things that are there, by the name of the path's parameter."""
    api = synced.api
    deal = synced.crm.records()[0]["id"]
    [(session_id,)] = api.sql("SELECT id FROM crm_sync_sessions ORDER BY created_at LIMIT 1")
    [(field_id,)] = api.sql(
        "SELECT field_id FROM crm_fields WHERE module = 'Deals' AND is_custom"
        " AND removed_at IS NULL ORDER BY field_id LIMIT 1"
    )
    _add_alert(api, deal)
    vera = add_user(api.database_url, Role.VIEWER)
    ada = add_user(api.database_url, Role.ADMIN)
    token_id, _ = add_token(api.database_url, vera, Role.VIEWER, api.clock.now())
    add_session(api.database_url, ada, api.clock.now())
    [login_id] = [
        row[0]
        for row in api.sql(
            "SELECT id FROM browser_sessions WHERE user_id = %(ada)s LIMIT 1", ada=ada
        )
    ]
    return {
        "export_id": _export(api, ada),
        "session_id": session_id,
        "record_id": deal,
        "deal_id": deal,
        "conflict_id": 1,
        "field": "Account_Name",
        "field_id": field_id,
        "user_id": vera,
        "token_id": token_id,
        "login_id": login_id,
        "view_id": add_view(api.database_url, ada, api.clock.now()),
        "milestone": "qualified",
        **_added_to(api, deal),
    }


def _added_to(api: Api, deal: str) -> dict[str, object]:
    """Let somebody have added to a deal what the operations of opportunities change."""
    now = api.clock.now()
    [(comment,)] = api.sql(
        "INSERT INTO o2r_comments (deal_id, text, author_name, created_at)"
        " VALUES (%(deal)s, 'Call them', 'Ada', %(now)s) RETURNING id",
        deal=int(deal),
        now=now,
    )
    [(blocker,)] = api.sql(
        "INSERT INTO o2r_blockers (deal_id, title, opened_at, opened_by_name)"
        " VALUES (%(deal)s, 'Security review', %(now)s, 'Ada') RETURNING id",
        deal=int(deal),
        now=now,
    )
    [(action,)] = api.sql(
        "INSERT INTO o2r_actions (deal_id, title, priority, created_at, created_by_name)"
        " VALUES (%(deal)s, 'Send the report', 'high', %(now)s, 'Ada') RETURNING id",
        deal=int(deal),
        now=now,
    )
    return {"comment_id": comment, "blocker_id": blocker, "action_id": action}


def _export(api: Api, owner: UUID) -> object:
    # What an operation before this one asked for still waits, and one may have five.
    api.sql("DELETE FROM exports")
    [(export_id,)] = api.sql(
        "INSERT INTO exports (user_id, user_name, kind, format, query, words, created_at,"
        " expires_at) VALUES (%(owner)s, 'Ada', 'deals', 'csv', '', '', %(now)s,"
        " %(now)s + interval '24 hours') RETURNING id",
        owner=owner,
        now=api.clock.now(),
    )
    return export_id


def _add_alert(api: Api, deal: str) -> None:
    """Let there be an alert 1, which the operations that change alerts are sent."""
    api.sql(
        "WITH moved AS (INSERT INTO change_log (module, record_id, kind, field, old_value,"
        " new_value, changed_at) VALUES ('Deals', %(deal)s, 'updated', 'Stage',"
        """ '"Negotiation/Review"', '"Qualification"', now()) RETURNING id, changed_at)"""
        " INSERT INTO alerts (id, rule, change_id, deal_id, changed_at, size)"
        " OVERRIDING SYSTEM VALUE"
        " SELECT 1, 'stage_backwards', id, %(deal)s, changed_at, -1 FROM moved"
        " ON CONFLICT DO NOTHING",
        deal=int(deal),
    )


def admin_headers(api: Api) -> dict[str, str]:
    """Return the cookie of an admin who has just logged in with PASSWORD."""
    secret = add_session(api.database_url, add_user(api.database_url, Role.ADMIN), api.clock.now())
    return {"Cookie": f"{SESSION_COOKIE}={secret}"}
