"""What raises an alert: each rule at its threshold, one beyond it, and the other way round."""

from decimal import Decimal

import pytest

from pulse.core.alerts import (
    RULE_OF_FIELD,
    AlertRule,
    StageOrder,
    Thresholds,
    amount_moved,
    amount_of,
    closing_pushed,
    probability_fell,
    stage_went_back,
)
from pulse.core.deal_filters import Outcome

NUMBER = Decimal
ORDER = StageOrder(
    ("Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost"),
    {"Closed Won": Outcome.WON, "Closed Lost": Outcome.LOST, "Qualification": Outcome.OPEN},
)


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("100", "150", None),
        ("100", "150.01", "50.01"),
        ("100", "50", None),
        ("100", "49.99", "-50.01"),
        ("100", "100", None),
        ("100", "0", "-100.00"),
        ("100", None, "-100.00"),
        ("-100", "-150", None),
        ("-100", "-151", "-51.00"),
        ("-100", "100", "200.00"),
        (None, "100", None),
        ("0", "100", None),
        (None, None, None),
        ("0.01", "10000000000", "1000000000000.00"),
    ],
)
def test_an_amount_moves_by_more_than_half_of_itself(
    old: str | None, new: str | None, moved: str | None
) -> None:
    size = amount_moved(old and NUMBER(old), new and NUMBER(new), 50)  # type: ignore[arg-type]

    assert size == (None if moved is None else NUMBER(moved))


def test_an_amount_is_measured_against_what_it_was_to_the_last_digit() -> None:
    third = NUMBER("333333333333.33")

    assert amount_moved(third, third * 3 / 2, 50) is None
    assert amount_moved(third, third * 3 / 2 + NUMBER("0.01"), 50) == NUMBER("50.00")
    assert amount_moved(third, third * 3 / 2, 49) == NUMBER("50.00")


@pytest.mark.parametrize(
    ("old", "new", "fell"),
    [
        (80, 50, None),
        (80, 49, "-31.00"),
        (NUMBER("80.5"), 50, "-30.50"),
        (49, 80, None),
        (80, None, None),
        (None, 0, None),
        ("80", "10", "-70.00"),
        ("eighty", 10, None),
        (True, 0, None),
    ],
)
def test_a_probability_falls_by_more_than_thirty_points(
    old: object, new: object, fell: str | None
) -> None:
    assert probability_fell(old, new, 30) == (None if fell is None else NUMBER(fell))


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [
        ("2026-01-01", "2026-04-01", None),
        ("2026-01-01", "2026-04-02", 91),
        ("2026-04-02", "2026-01-01", None),
        ("2027-12-01", "2028-03-01", 91),
        ("2026-12-01", "2027-03-01", None),
        (None, "2026-04-02", None),
        ("2026-01-01", None, None),
        ("soon", "2026-04-02", None),
        (20260101, "2026-04-02", None),
    ],
)
def test_a_closing_date_is_pushed_out_by_more_than_ninety_days(
    old: object, new: object, days: int | None
) -> None:
    assert closing_pushed(old, new, 90) == days


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("Negotiation", "Proposal", -1),
        ("Negotiation", "Qualification", -2),
        ("Proposal", "Negotiation", None),
        ("Negotiation", "Closed Lost", None),
        ("Negotiation", "Closed Won", None),
        ("Closed Won", "Closed Lost", None),
        ("Closed Lost", "Closed Won", None),
        ("Closed Lost", "Negotiation", -2),
        ("Closed Won", "Qualification", -3),
        ("Closed Won", "A stage of long ago", 0),
        ("Negotiation", "A stage of long ago", None),
        ("A stage of long ago", "Proposal", None),
        (None, "Proposal", None),
        ("Proposal", None, None),
    ],
)
def test_a_stage_goes_backwards_or_out_of_a_closed_one(
    old: object, new: object, places: int | None
) -> None:
    assert stage_went_back(old, new, ORDER) == places


def test_reopening_is_backwards_even_where_closed_stages_stand_first() -> None:
    order = StageOrder(("Closed Lost", "Proposal"), {"Closed Lost": Outcome.LOST})

    assert stage_went_back("Closed Lost", "Proposal", order) == 0


@pytest.mark.parametrize(
    ("stored", "number"),
    [(1, "1"), ("1.50", "1.50"), (NUMBER("2.5"), "2.5"), ("a lot", None), ("NaN", None)],
)
def test_dirty_numbers_are_none(stored: object, number: str | None) -> None:
    assert amount_of(stored) == (None if number is None else NUMBER(number))


def test_each_rule_watches_one_field_and_all_but_the_order_of_stages_have_a_threshold() -> None:
    thresholds = Thresholds(amount_percent=1, probability_points=2, closing_days=3)

    assert sorted(RULE_OF_FIELD.values()) == sorted(AlertRule)
    assert [thresholds.of(rule) for rule in AlertRule] == [1, 2, 3, None]
