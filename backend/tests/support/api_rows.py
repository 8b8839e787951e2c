"""Rows as the engine and the connection would write them, for tests of the API alone."""

from datetime import datetime, timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from support.api import START, Api


def connect_crm(api: Api, base_url: str = "http://127.0.0.1:9/crm/v8") -> None:
    api.sql(
        "INSERT INTO crm_connection (id, accounts_url, base_url, client_id,"
        " client_secret_encrypted, refresh_token_encrypted)"
        " VALUES (1, 'http://127.0.0.1:9', %(url)s, 'client', 'x', 'y')",
        url=base_url,
    )


def load_fully(api: Api, at: datetime = START - timedelta(hours=1)) -> None:
    api.sql(
        "INSERT INTO sync_cursors (module, changed_since, deleted_since, full_sync_at)"
        " VALUES ('Deals', %(at)s, %(at)s, %(at)s)",
        at=at,
    )


def add_organisation(
    api: Api, edition: str = "Enterprise", users: int = 20, zone: str = "UTC"
) -> None:
    api.sql(
        "INSERT INTO crm_organisation"
        " (id, company_name, edition, users_licensed, time_zone, document)"
        " VALUES (1, 'Acme', %(edition)s, %(users)s, %(zone)s, '{}')",
        edition=edition,
        users=users,
        zone=zone,
    )


def add_session(api: Api, sync_type: str, status: str, **columns: object) -> UUID:
    """Insert a session of Deals; columns are given by name."""
    values = {"module": "Deals", "sync_type": sync_type, "status": status, **columns}
    values = {
        name: Jsonb(value) if isinstance(value, dict) else value for name, value in values.items()
    }
    names = ", ".join(values)
    places = ", ".join(f"%({name})s" for name in values)
    [(session_id,)] = api.sql(
        f"INSERT INTO crm_sync_sessions ({names}) VALUES ({places}) RETURNING id", **values
    )
    assert isinstance(session_id, UUID)
    return session_id


def add_record(api: Api, record_id: int, status: str = "synced", **columns: object) -> None:
    values = {
        "zoho_record_id": record_id,
        "module": "Deals",
        "sync_status": status,
        "crm_created_at": START - timedelta(days=30),
        "crm_modified_at": START - timedelta(days=1),
        **columns,
    }
    names = ", ".join(values)
    places = ", ".join(f"%({name})s" for name in values)
    api.sql(f"INSERT INTO record_sync_status ({names}) VALUES ({places})", **values)


def add_change(
    api: Api, record_id: int, field: str, state: str = "queued", **columns: object
) -> None:
    """Insert a local change of a deal, from nothing to "wanted"; columns are given by name."""
    values: dict[str, object] = {
        "module": "Deals",
        "record_id": record_id,
        "field": field,
        "new_value": Jsonb("wanted"),
        "state": state,
        "author_name": "Mei Tan",
        "sent_at": START if state == "sent" else None,
        **columns,
    }
    names = ", ".join(values)
    places = ", ".join(f"%({name})s" for name in values)
    api.sql(f"INSERT INTO pending_changes ({names}) VALUES ({places})", **values)
