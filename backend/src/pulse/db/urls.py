"""One DATABASE_URL, two readers: libpq (psycopg) and SQLAlchemy."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"^postgres(?:ql)?(?:\+\w+)?://")


def libpq_url(database_url: str) -> str:
    """Return the URL as libpq reads it: scheme `postgresql`, no driver."""
    return _SCHEME.sub("postgresql://", database_url)


def sqlalchemy_url(database_url: str) -> str:
    """Return the URL for SQLAlchemy's psycopg 3 driver."""
    return _SCHEME.sub("postgresql+psycopg://", database_url)
