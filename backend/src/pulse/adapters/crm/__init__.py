"""The engine's CRM port over `zoho_crm`."""

from pulse.adapters.crm.errors import crm_errors
from pulse.adapters.crm.source import ZohoSource

__all__ = ["ZohoSource", "crm_errors"]
