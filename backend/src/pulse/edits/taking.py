"""One value for one field: from JSON as a browser or a program sends it to canonical form.

Pure. Limits are those of the field's metadata, else of its type (Zoho CRM v8, "Insert Records":
Sample Attributes). Numbers come as JSON numbers or, so that no digit is lost, as decimal strings;
a looked-up record as its id or as `{"id": …}`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.canonical import instant, instant_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulse.edits.rules import FieldRule, Option
    from pulse.sync.domain.merge import Value

_LENGTHS: Final = {
    "text": 255,
    "textarea": 2_000,
    "email": 100,
    "phone": 30,
    "website": 450,
    "integer": 9,
    "number": 9,
    "bigint": 18,
    "double": 16,
    "currency": 16,
    "percent": 5,
}
_MOST_DECIMALS: Final = 9
_MOST_DIGITS: Final = 40
"""Of a number that is looked at at all."""
_WHOLE: Final = 100
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DIGITS: Final = re.compile(r"-?[0-9]+")
_EMAIL: Final = re.compile(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+")
_WEBSITE: Final = re.compile(
    r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(:[0-9]+)?([/?#]\S*)?", re.IGNORECASE
)
_PHONE: Final = re.compile(r"[0-9A-Za-z+().,;#/ -]*[0-9][0-9A-Za-z+().,;#/ -]*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RECORD_ID: Final = re.compile(r"[0-9]{1,19}")
_SHOWN_OPTIONS: Final = 12


class RefusedError(Exception):
    """A value does not fit its field: what is wrong, with the field's label, and what to send."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


def take(rule: FieldRule, raw: object) -> Value:
    """Return a value in canonical form; None is empty. Raises RefusedError.

    Whether a looked-up record exists, and a stage belongs to its pipeline, is asked elsewhere.
    """
    if rule.read_only_reason is not None:
        raise RefusedError(
            "read_only",
            f"{rule.label} cannot be edited here. {rule.read_only_reason}",
            "Leave it out.",
        )
    if _is_empty(raw):
        if rule.data_type == "boolean":
            raise _wrong_type(rule, "yes or no", "true or false")
        if rule.is_mandatory:
            raise RefusedError(
                "mandatory",
                f"{rule.label} must have a value.",
                "Give it one, or leave it as it is.",
            )
        return None
    return _TAKERS.get(rule.data_type, _line)(rule, raw)


def _is_empty(raw: object) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def _wrong_type(rule: FieldRule, expected: str, example: str) -> RefusedError:
    return RefusedError("wrong_type", f"{rule.label} takes {expected}.", f"Send {example}.")


def _text(rule: FieldRule, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong_type(rule, "text", 'text in quotes, as "Legal review"')
    if any(ord(each) < ord(" ") and each not in "\n\t" for each in raw):
        raise RefusedError(
            "control_character",
            f"{rule.label} holds a character that is not text.",
            "Leave control characters out.",
        )
    most = rule.length or _LENGTHS.get(rule.data_type, _LENGTHS["text"])
    if len(raw) > most:
        raise RefusedError(
            "too_long",
            f"{rule.label} takes {most:,} characters at most; this has {len(raw):,}.",
            f"Shorten it by {len(raw) - most:,}.",
        )
    return raw


def _line(rule: FieldRule, raw: object) -> Value:
    text = _text(rule, raw.strip() if isinstance(raw, str) else raw)
    if "\n" in text:
        raise RefusedError(
            "one_line", f"{rule.label} is a single line.", "Leave the line breaks out."
        )
    return text


def _lines(rule: FieldRule, raw: object) -> Value:
    return _text(rule, raw.replace("\r\n", "\n") if isinstance(raw, str) else raw)


def _formed(
    form: re.Pattern[str], expected: str, example: str
) -> Callable[[FieldRule, object], Value]:
    def taker(rule: FieldRule, raw: object) -> Value:
        text = _line(rule, raw)
        if not isinstance(text, str) or not form.fullmatch(text):
            raise _wrong_type(rule, expected, example)
        return text

    return taker


def _exact(rule: FieldRule, raw: object, expected: str, example: str) -> Decimal:
    if isinstance(raw, str):
        raw = raw.strip()
        number = Decimal(raw) if _NUMBER.fullmatch(raw) else None
    elif isinstance(raw, bool):
        number = None
    elif isinstance(raw, int | Decimal | float):
        # Its shortest form has the digits that were sent.
        number = Decimal(str(raw))
    else:
        number = None
    if number is None or not number.is_finite():
        raise _wrong_type(rule, expected, example)
    if abs(number.adjusted()) > _MOST_DIGITS:
        raise _too_many_digits(rule, rule.length or _LENGTHS["double"])
    return number


def _too_many_digits(rule: FieldRule, most: int) -> RefusedError:
    return RefusedError(
        "too_many_digits",
        f"{rule.label} takes {most} digits at most before the point.",
        "Send a smaller number.",
    )


def _digits_before_point(number: Decimal) -> int:
    return max(number.adjusted() + 1, 1) if number else 1


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _tidy(number: Decimal) -> Value:
    """Return a number without zeros that say nothing: 5.00 is 5 on both sides."""
    return int(number) if not _decimals(number) else number.normalize()


def _in_range(rule: FieldRule, number: Decimal) -> None:
    if rule.is_share and not 0 <= number <= _WHOLE:
        raise RefusedError(
            "out_of_range",
            f"{rule.label} is a share of 100; {number.normalize():f} is not between 0 and 100.",
            "Send a number from 0 to 100.",
        )


def _integer(rule: FieldRule, raw: object) -> Value:
    number = _exact(rule, raw, "a whole number", "digits alone, as 42")
    if _decimals(number):
        raise _wrong_type(rule, "a whole number", "digits alone, as 42")
    _in_range(rule, number)
    most = rule.length or _LENGTHS["integer"]
    if _digits_before_point(number) > most:
        raise _too_many_digits(rule, most)
    return int(number)


def _long_integer(rule: FieldRule, raw: object) -> Value:
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str) or not _DIGITS.fullmatch(text.strip()):
        raise _wrong_type(rule, "a whole number", 'digits in quotes, as "123456789012345678"')
    most = rule.length or _LENGTHS["bigint"]
    digits = text.strip().removeprefix("-").lstrip("0") or "0"
    if len(digits) > most:
        raise _too_many_digits(rule, most)
    return f"-{digits}" if text.strip().startswith("-") and digits != "0" else digits


def _number(rule: FieldRule, raw: object) -> Value:
    number = _exact(rule, raw, "a number", "digits with a point before decimals, as 1350000.50")
    _in_range(rule, number)
    most = rule.length or _LENGTHS[rule.data_type]
    if rule.data_type == "percent":
        if _digits_before_point(number) + _decimals(number) > most:
            raise RefusedError(
                "too_many_digits",
                f"{rule.label} takes {most} digits at most.",
                "Send fewer decimals.",
            )
        return _tidy(number)
    if _digits_before_point(number) > most:
        raise _too_many_digits(rule, most)
    places = _MOST_DECIMALS if rule.decimals is None else rule.decimals
    if _decimals(number) > places:
        raise RefusedError(
            "too_many_digits",
            f"{rule.label} takes {places} decimals at most; this has {_decimals(number)}.",
            "Round it.",
        )
    return _tidy(number)


def _boolean(rule: FieldRule, raw: object) -> Value:
    if not isinstance(raw, bool):
        raise _wrong_type(rule, "yes or no", "true or false")
    return raw


def _day(rule: FieldRule, raw: object) -> Value:
    if isinstance(raw, str) and _DAY.fullmatch(raw.strip()):
        try:
            return date.fromisoformat(raw.strip()).isoformat()
        except ValueError:
            raise RefusedError(
                "no_such_date",
                f"{rule.label}: there is no {raw.strip()} in the calendar.",
                "Send a day that there is, as 2026-08-14.",
            ) from None
    raise _wrong_type(rule, "a date", "year, month and day, as 2026-08-14")


def _moment(rule: FieldRule, raw: object) -> Value:
    if isinstance(raw, str):
        try:
            return instant_text(instant(raw.strip()))
        except (ValueError, OverflowError):  # the latter: no such year in UTC
            pass
    raise _wrong_type(rule, "a date with time and offset", "ISO 8601, as 2026-08-14T17:20:00+08:00")


def _option(rule: FieldRule, raw: object) -> Value:
    text = _text(rule, raw)
    if text in {value for value, _ in rule.options}:
        return text
    raise _no_option(rule, [text])


def _several(rule: FieldRule, raw: object) -> Value:
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise _wrong_type(rule, "a list of options", 'a list, as ["AWS", "SAP"]')
    known = {value for value, _ in rule.options}
    strangers = [each for each in raw if each not in known]
    if strangers:
        raise _no_option(rule, strangers)
    return sorted(set(raw))


def _no_option(rule: FieldRule, given: Iterable[str]) -> RefusedError:
    named = ", ".join(f"“{each[:60]}”" for each in given)
    return RefusedError("no_option", f"{rule.label} has no option {named}.", _choose(rule.options))


def _choose(options: tuple[Option, ...]) -> str:
    if not options:
        return "Add the option in the CRM first."
    shown = ", ".join(value for value, _ in options[:_SHOWN_OPTIONS])
    more = len(options) - _SHOWN_OPTIONS
    return f"Choose one of: {shown}{f' and {more} more' if more > 0 else ''}."


def _reference(rule: FieldRule, raw: object) -> Value:
    named = raw.get("id") if isinstance(raw, dict) else raw
    if isinstance(named, str) and _RECORD_ID.fullmatch(named.strip()):
        return named.strip()
    what = "a user" if rule.is_user else "a record"
    raise _wrong_type(rule, f"the id of {what}", 'its digits in quotes, as "554023000000235011"')


_TAKERS: Final[Mapping[str, Callable[[FieldRule, object], Value]]] = {
    "textarea": _lines,
    "email": _formed(_EMAIL, "an e-mail address", "one address, as mei.tan@halcyon.example"),
    "phone": _formed(_PHONE, "a phone number", "digits, as +65 6123 4567"),
    "website": _formed(_WEBSITE, "a web address", "one address, as https://halcyon.example"),
    "integer": _integer,
    "number": _integer,
    "bigint": _long_integer,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "boolean": _boolean,
    "date": _day,
    "datetime": _moment,
    "event_reminder": _moment,
    "picklist": _option,
    "multiselectpicklist": _several,
    "lookup": _reference,
    "ownerlookup": _reference,
    "userlookup": _reference,
}
