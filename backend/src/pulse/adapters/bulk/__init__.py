"""Bulk operations: their records in PostgreSQL, their writes through `zoho_crm`."""

from pulse.adapters.bulk.items import PostgresBulkItems
from pulse.adapters.bulk.writer import ZohoBulkWriter, ids_of_view

__all__ = ["PostgresBulkItems", "ZohoBulkWriter", "ids_of_view"]
