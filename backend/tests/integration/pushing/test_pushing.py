"""Edits made here reach the CRM: exactly what was typed, once, and never over a colleague's."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from support.pushing import money

if TYPE_CHECKING:
    from support.pushing import PushingProduct


def test_an_edit_reaches_the_crm_and_its_echo_changes_nothing(product: PushingProduct) -> None:
    first, second = (row["id"] for row in product.crm.records()[:2])
    credits_before = product.engine.credits_spent()
    product.edit(first, {"Amount": Decimal("1234567.89"), "Next_Step": "Call the buyer"})
    product.edit(second, {"Description": None, "Closing_Date": "2027-03-31"})
    assert [product.status(each) for each in (first, second)] == ["pending", "pending"]

    told = product.push()

    assert (told.records, told.refused, told.waiting) == (2, set(), set())
    assert money(product.record(first)["Amount"]) == Decimal("1234567.89")
    assert product.record(second)["Closing_Date"] == "2027-03-31"
    assert product.changes() == []
    assert [product.status(each) for each in (first, second)] == ["synced", "synced"]
    assert product.document(first)["Next_Step"] == "Call the buyer"
    logged = product.log(first)
    assert sorted(logged, key=lambda row: row[1]) == [
        ("updated", "Amount", 1234567.89, "local", "Mei Tan"),
        ("updated", "Next_Step", "Call the buyer", "local", "Mei Tan"),
    ]
    assert len(product.writes(first)) == 1
    # One query for the guards, one call of two rows: two credits.
    assert product.engine.credits_spent() - credits_before <= 3
    assert product.differences() == []
    assert [row[1] for row in product.log(first) if row[3] == "crm"] == ["Expected_Revenue"]
    # A push of nothing asks the CRM nothing.
    calls = product.engine.calls()
    assert product.push().rounds == 0
    assert product.engine.calls() == calls
