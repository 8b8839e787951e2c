"""The mirror of a module in PostgreSQL, loaded by sets."""

from pulse.adapters.mirror.store import PostgresMirror, RunIdentity

__all__ = ["PostgresMirror", "RunIdentity"]
