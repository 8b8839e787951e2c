"""Stored values as people see them, typed by the CRM's metadata."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pulse.fields.field_book import DealField
from pulse.fields.reading import Stored, exact_json, ids_in, read_value
from pulse.fields.values import (
    BooleanValue,
    ChoicesValue,
    ChoiceValue,
    DateValue,
    InstantValue,
    MoneyValue,
    Named,
    NumberValue,
    Option,
    ReferencesValue,
    ReferenceValue,
    TableValue,
    TextValue,
    Value,
)


def field(data_type: str, **facts: object) -> DealField:
    return DealField(1, "Field", "Field", data_type, **facts)  # type: ignore[arg-type] # by name


def read(stored: Stored, data_type: str, **facts: object) -> Value | None:
    return read_value(field(data_type, **facts), stored, {"7": "Mei Tan"}, "SGD")


def test_no_digit_of_a_stored_number_is_lost() -> None:
    stored = exact_json('{"Amount": 12345678901234567.10}')["Amount"]

    assert read(stored, "currency") == MoneyValue(amount="12345678901234567.10", currency="SGD")


@pytest.mark.parametrize(
    ("stored", "data_type", "value"),
    [
        (5, "integer", NumberValue(kind="number", number="5")),
        (Decimal("0.10"), "double", NumberValue(kind="number", number="0.10")),
        (Decimal("1E+3"), "double", NumberValue(kind="number", number="1000")),
        ("90071992547409931", "bigint", NumberValue(kind="number", number="90071992547409931")),
        (13, "percent", NumberValue(kind="percent", number="13")),
        (False, "boolean", BooleanValue(is_true=False)),
        ("2026-08-14", "date", DateValue(date=date(2026, 8, 14))),
        (
            "2026-08-14T09:20:00Z",
            "datetime",
            InstantValue(at=datetime(2026, 8, 14, 9, 20, tzinfo=UTC)),
        ),
        ("7", "ownerlookup", ReferenceValue(record=Named(id="7", name="Mei Tan"), module=None)),
        ("8", "lookup", ReferenceValue(record=Named(id="8", name=None), module=None)),
        ("a@b.example", "email", TextValue(kind="email", text="a@b.example")),
        (None, "text", None),
    ],
)
def test_a_value_is_what_its_field_says(
    stored: Stored, data_type: str, value: Value | None
) -> None:
    assert read(stored, data_type) == value


@pytest.mark.parametrize(
    ("stored", "data_type"),
    [("soon", "date"), ("14 August", "datetime"), ("n/a", "currency"), ("12,5", "double")],
)
def test_a_value_that_is_not_of_its_type_is_shown_as_the_text_that_it_is(
    stored: str, data_type: str
) -> None:
    assert read(stored, data_type) == TextValue(kind="text", text=stored)


def test_a_formula_is_of_the_type_of_its_result() -> None:
    assert read(Decimal("12.5"), "formula", result_type="currency") == MoneyValue(
        amount="12.5", currency="SGD"
    )
    assert read("2026-08-14", "formula", result_type="date") == DateValue(date=date(2026, 8, 14))


def test_probability_is_a_percentage_though_the_crm_keeps_an_integer() -> None:
    assert read(70, "integer", canonical_name="Probability") == NumberValue(
        kind="percent", number="70"
    )


def test_a_picklist_shows_what_people_read_and_an_option_that_is_gone_itself() -> None:
    labels = {"Id. Decision Makers": "Identify Decision Makers"}

    assert read("Id. Decision Makers", "picklist", labels=labels) == ChoiceValue(
        choice=Option(value="Id. Decision Makers", label="Identify Decision Makers")
    )
    assert read(["Gone"], "multiselectpicklist", labels=labels) == ChoicesValue(
        choices=[Option(value="Gone", label="Gone")]
    )


def test_links_name_the_linked_record_and_not_the_link() -> None:
    rows = [{"id": "900", "Field": {"id": "31", "name": "Orchid Systems"}}]

    assert read(rows, "multiselectlookup") == ReferencesValue(
        records=[Named(id="31", name="Orchid Systems")]
    )


def test_tags_are_choices_by_name() -> None:
    assert read([{"id": "5", "name": "Renewal"}], "text") == ChoicesValue(
        choices=[Option(value="5", label="Renewal")]
    )


def test_a_subform_is_a_table_of_what_people_filled_in() -> None:
    rows = [
        {
            "id": "1",
            "Parent_Id": {"id": "9"},
            "$in_merge": False,
            "Due_Amount": Decimal("12.50"),
            "Paid": True,
            "Payer": {"id": "7", "name": "Mei Tan"},
        },
        {"id": "2", "Due_Amount": None, "Paid": False},
    ]

    assert read(rows, "subform") == TableValue(
        columns=[
            Option(value="Due_Amount", label="Due Amount"),
            Option(value="Paid", label="Paid"),
            Option(value="Payer", label="Payer"),
        ],
        rows=[["12.50", "Yes", "Mei Tan"], [None, "No", None]],
    )


def test_rich_text_keeps_its_words_and_lines_and_loses_its_markup() -> None:
    markup = (
        "<style>p{}</style><p>One &lt;b&gt; <b>bold</b></p><ul><li>two</li></ul><script>x</script>"
    )

    assert read(markup, "textarea", is_rich_text=True) == TextValue(
        kind="paragraph", text="One <b> bold\n\ntwo"
    )
    assert read("<p>1 < 2</p>", "textarea") == TextValue(kind="paragraph", text="<p>1 < 2</p>")


def test_ids_are_looked_for_in_lookups_alone() -> None:
    pairs = [
        (field("lookup"), "31"),
        (field("userlookup"), "7"),
        (field("text"), "55"),
        (field("lookup"), "dirty"),
        (field("lookup"), None),
    ]

    assert ids_in(pairs) == {31, 7}
