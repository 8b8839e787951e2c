"""CRM modules that the product mirrors, by their API names."""

from __future__ import annotations

from typing import Final

DEALS: Final = "Deals"
ACCOUNTS: Final = "Accounts"
