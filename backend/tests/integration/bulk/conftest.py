"""Operations over a product that has loaded a CRM once."""

from support.bulk import bulk, bulk_meddler

__all__ = ["bulk", "bulk_meddler"]
