from __future__ import annotations

import pytest

from zoho_crm.protocol.criteria import Operator, escaped, where


def test_brackets_commas_and_backslashes_in_values_are_escaped() -> None:
    assert escaped("Quay (7), C:\\") == "Quay \\(7\\)\\, C:\\\\"
    assert str(where("Deal_Name", Operator.EQUALS, "a,b")) == "(Deal_Name:equals:a\\,b)"


def test_expressions_nest_in_pairs() -> None:
    won = where("Stage", Operator.IN, "Won", "Lost")
    big = where("Amount", Operator.BETWEEN, "1", "5")
    old = where("Account_Name.Rating", Operator.EQUALS, "A")
    assert str((won & big) | old) == (
        "(((Stage:in:Won,Lost)and(Amount:between:1,5))or(Account_Name.Rating:equals:A))"
    )


def test_limits_of_the_search_grammar_are_kept() -> None:
    with pytest.raises(ValueError, match="between takes 2 to 2 values, not 1"):
        where("Amount", Operator.BETWEEN, "1")
    with pytest.raises(ValueError, match="in takes 1 to 100 values, not 101"):
        where("Stage", Operator.IN, *["x"] * 101)
    with pytest.raises(ValueError, match="'a:b' is no field name"):
        where("a:b", Operator.EQUALS, "1")
    ten = where("Stage", Operator.EQUALS, "1")
    for _ in range(9):
        ten = ten & where("Stage", Operator.EQUALS, "1")
    with pytest.raises(ValueError, match="11 criteria: a search takes 10"):
        ten | where("Stage", Operator.EQUALS, "1")
