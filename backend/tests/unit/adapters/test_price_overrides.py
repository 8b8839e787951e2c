"""An organisation's own prices: each setting reaches the client's price list."""

from __future__ import annotations

from dataclasses import fields

from pulse.settings.schema import PriceOverrides
from zoho_crm import Prices


def test_every_price_that_can_be_set_is_one_of_the_clients() -> None:
    known = {field.name for field in fields(Prices)}
    assert set(PriceOverrides.model_fields) <= known
    # What is refused before any work is free by all accounts.
    assert known - set(PriceOverrides.model_fields) <= {"turned_away"}
