"""People who are signed in, put there as the product would have: by their rows."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import psycopg
from argon2 import PasswordHasher

from pulse.core.access import Role, Via
from pulse.web.access import Principal
from pulse.web.credentials import SESSION_COOKIE, hash_of

NAMES = {Role.VIEWER: "Vera", Role.EDITOR: "Edda", Role.ADMIN: "Ada"}
PASSWORD = "correct horse battery staple"
# Made with less work than the product's own, so a log-in also makes it anew.
_QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

COMMAND = Principal.of_command("tester")
"""Who writes in tests that call services."""


def add_user(database_url: str, role: Role, *, name: str | None = None) -> UUID:
    """Add a person whose password is PASSWORD, or make the one who has that name so again."""
    name = name or NAMES[role]
    with psycopg.connect(database_url, autocommit=True) as db:
        row = db.execute(
            "INSERT INTO user_accounts (email, name, role, password_hash) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (email) DO UPDATE SET role = excluded.role, is_active = true,"
            " must_change_password = false, password_hash = excluded.password_hash RETURNING id",
            [f"{name.lower()}@example.com", name, role, _QUICK_HASH],
        ).fetchone()
    assert row is not None
    user_id: UUID = row[0]
    return user_id


def add_session(
    database_url: str, user_id: UUID, now: datetime, *, secret: str | None = None
) -> str:
    """Add a log-in that never goes idle (tests move clocks by weeks) and return its secret."""
    secret = secret or secrets.token_urlsafe()
    later = now + timedelta(days=36_500)
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute(
            "INSERT INTO browser_sessions (user_id, token_hash, created_at, last_seen_at,"
            " expires_at) VALUES (%s, %s, %s, %s, %s)",
            [user_id, hash_of(secret), now, later, later],
        )
    return secret


def browser(url: str, secret: str | None) -> httpx.Client:
    """Return a client that sends what a browser on our own page would."""
    cookies = {} if secret is None else {SESSION_COOKIE: secret}
    return httpx.Client(base_url=url, timeout=20, cookies=cookies, headers={"Origin": url})


def person(user_id: UUID, role: Role = Role.ADMIN) -> Principal:
    """Return somebody who is signed in, for tests that call services."""
    return Principal(user_id, NAMES[role], f"{NAMES[role].lower()}@example.com", role, Via.SESSION)


def add_token(database_url: str, user_id: UUID, role: Role, now: datetime) -> tuple[UUID, str]:
    """Add an API token that lasts a day; return its id and its secret."""
    secret = f"pp_{secrets.token_urlsafe()}"
    with psycopg.connect(database_url, autocommit=True) as db:
        row = db.execute(
            "INSERT INTO api_tokens (user_id, name, role, token_hash, hint, created_at, expires_at)"
            " VALUES (%s, 'Report', %s, %s, %s, %s, %s) RETURNING id",
            [user_id, role, hash_of(secret), secret[:8], now, now + timedelta(days=1)],
        ).fetchone()
    assert row is not None
    return row[0], secret


def add_view(database_url: str, owner_id: UUID, now: datetime) -> UUID:
    """Add a shared view of the analysis under a name of its own; return its id."""
    with psycopg.connect(database_url, autocommit=True) as db:
        row = db.execute(
            "INSERT INTO saved_views (page, name, query, owner_id, is_shared, created_at,"
            " updated_at) VALUES ('analysis', uuidv7()::text, 'stage=Won', %s, true, %s, %s)"
            " RETURNING id",
            [owner_id, now, now],
        ).fetchone()
    assert row is not None
    view_id: UUID = row[0]
    return view_id
