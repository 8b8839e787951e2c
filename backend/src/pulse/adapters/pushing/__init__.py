"""The push's ports made real: local changes in PostgreSQL, writes through `zoho_crm`."""

from pulse.adapters.pushing.changes import PostgresChanges
from pulse.adapters.pushing.writer import ZohoWriter

__all__ = ["PostgresChanges", "ZohoWriter"]
