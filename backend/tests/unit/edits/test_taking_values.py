"""What each type of field takes, and the words for what it does not."""

from decimal import Decimal

import pytest

from pulse.edits.rules import FieldRule
from pulse.edits.taking import RefusedError, take

STAGES = (("Id. Decision Makers", "Identify Decision Makers"), ("Qualification", "Qualification"))


def rule(data_type: str, **given: object) -> FieldRule:
    facts: dict[str, object] = {"api_name": "Field", "label": "Field", "data_type": data_type}
    return FieldRule(**(facts | given))  # type: ignore[arg-type] # a test's own keywords


TAKEN = [
    (rule("text"), "  Legal review ", "Legal review"),
    (rule("text", length=3), "äöü", "äöü"),
    (rule("textarea"), "one\r\ntwo\n", "one\ntwo\n"),
    (rule("textarea", length=32_000), "a" * 32_000, "a" * 32_000),
    (rule("email"), "mei.tan@halcyon.example", "mei.tan@halcyon.example"),
    (rule("phone"), "+65 6123-4567", "+65 6123-4567"),
    (rule("website"), "halcyon.example/a?b=1", "halcyon.example/a?b=1"),
    (rule("website"), "HTTPS://Halcyon.example", "HTTPS://Halcyon.example"),
    (rule("picklist", options=STAGES), "Id. Decision Makers", "Id. Decision Makers"),
    (rule("multiselectpicklist", options=(("b", "b"), ("a", "a"))), ["b", "a", "b"], ["a", "b"]),
    (rule("integer"), 999_999_999, 999_999_999),
    (rule("integer"), "-42", -42),
    (rule("integer"), Decimal("7.0"), 7),
    (rule("bigint"), "123456789012345678", "123456789012345678"),
    (rule("bigint"), 42, "42"),
    (rule("bigint"), "-0042", "-42"),
    (rule("bigint"), "-0", "0"),
    (rule("double"), "0.123456789", Decimal("0.123456789")),
    (rule("double", decimals=4), 2.5, Decimal("2.5")),
    (rule("currency", length=16), "1350000.50", Decimal("1350000.5")),
    (rule("currency"), "1350000.00", 1_350_000),
    (rule("currency"), "9007199254740993.01", Decimal("9007199254740993.01")),
    (rule("currency"), 0, 0),
    (rule("percent"), "99.5", Decimal("99.5")),
    (rule("percent"), 100, 100),
    (rule("boolean"), True, True),
    (rule("boolean"), False, False),
    (rule("date"), "2028-02-29", "2028-02-29"),
    (rule("datetime"), "2026-08-14T17:20:00+08:00", "2026-08-14T09:20:00Z"),
    (rule("datetime"), "2026-08-14T09:20:00.750Z", "2026-08-14T09:20:00Z"),
    (rule("lookup"), "554023000000235021", "554023000000235021"),
    (rule("lookup"), {"id": "12", "name": "Orchid"}, "12"),
    (rule("ownerlookup"), "554023000000235011", "554023000000235011"),
    (rule("userlookup"), "554023000000235011", "554023000000235011"),
]


@pytest.mark.parametrize(("field", "raw", "value"), TAKEN)
def test_a_value_is_taken_in_canonical_form(field: FieldRule, raw: object, value: object) -> None:
    taken = take(field, raw)
    assert taken == value
    assert type(taken) is type(value)


REFUSED = [
    (rule("text"), 5, "wrong_type", "Field takes text.", 'Send text in quotes, as "Legal review".'),
    (
        rule("text", length=100),
        "a" * 143,
        "too_long",
        "Field takes 100 characters at most; this has 143.",
        "Shorten it by 43.",
    ),
    (rule("text"), "a\nb", "one_line", "Field is a single line.", "Leave the line breaks out."),
    (
        rule("text"),
        "a\0b",
        "control_character",
        "Field holds a character that is not text.",
        "Leave control characters out.",
    ),
    (
        rule("textarea"),
        "a" * 2_001,
        "too_long",
        "Field takes 2,000 characters at most; this has 2,001.",
        "Shorten it by 1.",
    ),
    (
        rule("email"),
        "mei.tan at halcyon",
        "wrong_type",
        "Field takes an e-mail address.",
        "Send one address, as mei.tan@halcyon.example.",
    ),
    (
        rule("phone"),
        "call me",
        "wrong_type",
        "Field takes a phone number.",
        "Send digits, as +65 6123 4567.",
    ),
    (
        rule("website"),
        "no dots",
        "wrong_type",
        "Field takes a web address.",
        "Send one address, as https://halcyon.example.",
    ),
    (
        rule("picklist", options=STAGES),
        "Identify Decision Makers",
        "no_option",
        "Field has no option “Identify Decision Makers”.",
        "Choose one of: Id. Decision Makers, Qualification.",
    ),
    (
        rule("multiselectpicklist", options=STAGES),
        "Qualification",
        "wrong_type",
        "Field takes a list of options.",
        'Send a list, as ["AWS", "SAP"].',
    ),
    (
        rule("multiselectpicklist", options=STAGES),
        ["Qualification", "x", "y"],
        "no_option",
        "Field has no option “x”, “y”.",
        "Choose one of: Id. Decision Makers, Qualification.",
    ),
    (
        rule("integer"),
        1.5,
        "wrong_type",
        "Field takes a whole number.",
        "Send digits alone, as 42.",
    ),
    (
        rule("integer"),
        True,
        "wrong_type",
        "Field takes a whole number.",
        "Send digits alone, as 42.",
    ),
    (
        rule("integer"),
        1_000_000_000,
        "too_many_digits",
        "Field takes 9 digits at most before the point.",
        "Send a smaller number.",
    ),
    (
        rule("integer", canonical_name="Probability", length=3),
        120,
        "out_of_range",
        "Field is a share of 100; 120 is not between 0 and 100.",
        "Send a number from 0 to 100.",
    ),
    (
        rule("bigint"),
        "1234567890123456789",
        "too_many_digits",
        "Field takes 18 digits at most before the point.",
        "Send a smaller number.",
    ),
    (
        rule("bigint"),
        1.5,
        "wrong_type",
        "Field takes a whole number.",
        'Send digits in quotes, as "123456789012345678".',
    ),
    (
        rule("double"),
        "1,350",
        "wrong_type",
        "Field takes a number.",
        "Send digits with a point before decimals, as 1350000.50.",
    ),
    (
        rule("double"),
        float("nan"),
        "wrong_type",
        "Field takes a number.",
        "Send digits with a point before decimals, as 1350000.50.",
    ),
    (
        rule("double"),
        1e300,
        "too_many_digits",
        "Field takes 16 digits at most before the point.",
        "Send a smaller number.",
    ),
    (
        rule("currency", decimals=2),
        "0.125",
        "too_many_digits",
        "Field takes 2 decimals at most; this has 3.",
        "Round it.",
    ),
    (
        rule("percent"),
        -1,
        "out_of_range",
        "Field is a share of 100; -1 is not between 0 and 100.",
        "Send a number from 0 to 100.",
    ),
    (
        rule("percent"),
        "99.1234",
        "too_many_digits",
        "Field takes 5 digits at most.",
        "Send fewer decimals.",
    ),
    (rule("boolean"), "true", "wrong_type", "Field takes yes or no.", "Send true or false."),
    (rule("boolean"), None, "wrong_type", "Field takes yes or no.", "Send true or false."),
    (
        rule("date"),
        "14 Aug",
        "wrong_type",
        "Field takes a date.",
        "Send year, month and day, as 2026-08-14.",
    ),
    (
        rule("date"),
        "2026-02-30",
        "no_such_date",
        "Field: there is no 2026-02-30 in the calendar.",
        "Send a day that there is, as 2026-08-14.",
    ),
    (
        rule("datetime"),
        "2026-08-14T17:20:00",
        "wrong_type",
        "Field takes a date with time and offset.",
        "Send ISO 8601, as 2026-08-14T17:20:00+08:00.",
    ),
    (
        rule("lookup"),
        554023000000235021,
        "wrong_type",
        "Field takes the id of a record.",
        'Send its digits in quotes, as "554023000000235011".',
    ),
    (
        rule("ownerlookup"),
        {"name": "Mei"},
        "wrong_type",
        "Field takes the id of a user.",
        'Send its digits in quotes, as "554023000000235011".',
    ),
    (
        rule("text", is_mandatory=True),
        " ",
        "mandatory",
        "Field must have a value.",
        "Give it one, or leave it as it is.",
    ),
    (
        rule("formula", read_only_reason="The CRM computes it."),
        5,
        "read_only",
        "Field cannot be edited here. The CRM computes it.",
        "Leave it out.",
    ),
]


@pytest.mark.parametrize(("field", "raw", "code", "message", "fix"), REFUSED)
def test_a_value_that_does_not_fit_is_refused_with_what_to_send(
    field: FieldRule, raw: object, code: str, message: str, fix: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        take(field, raw)
    assert (refused.value.code, refused.value.message, refused.value.fix) == (code, message, fix)


@pytest.mark.parametrize("raw", [None, "", "  ", []])
@pytest.mark.parametrize(
    "data_type",
    ["text", "textarea", "currency", "date", "datetime", "picklist", "lookup", "bigint", "percent"],
)
def test_any_field_that_may_be_empty_can_be_emptied(data_type: str, raw: object) -> None:
    assert take(rule(data_type), raw) is None


def test_a_picklist_without_options_is_filled_in_the_crm_first() -> None:
    with pytest.raises(RefusedError) as refused:
        take(rule("picklist"), "x")
    assert refused.value.fix == "Add the option in the CRM first."


def test_a_long_list_of_options_is_named_in_part() -> None:
    options = tuple((f"o{place}", f"o{place}") for place in range(15))
    with pytest.raises(RefusedError) as refused:
        take(rule("picklist", options=options), "x")
    assert refused.value.fix.endswith("o10, o11 and 3 more.")
