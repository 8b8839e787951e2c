"""Canonical values as the CRM takes them in a write: the way back of `canonical`.

================  ===========================================================
lookup, owner     `{"id": "554023000000235011"}`
instant           `2026-08-17T00:42:00+00:00`
number            with all its digits: an int or a Decimal, whole for integers
multi-select      list of texts
empty             None, for a field of any type
all others        as they are
================  ===========================================================

Source: the v8 page Update Records, "Sample attributes".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.canonical import INSTANT_TYPES, LOOKUP_TYPES, NUMBER_TYPES

if TYPE_CHECKING:
    from pulse.sync.domain.field import FieldSpec
    from pulse.sync.domain.observation import JsonValue

_WHOLE_NUMBERS: Final = frozenset({"integer", "number"})


def wire_value(spec: FieldSpec, value: JsonValue | None) -> object:
    """Return a canonical value as it goes into the row of a write.

    A value that is not of the field's type goes as it is: the CRM says what it thinks of it, and
    its words reach the person.
    """
    if value is None:
        return None
    if spec.data_type in LOOKUP_TYPES:
        return {"id": str(value)}
    if spec.data_type in INSTANT_TYPES:
        return _instant(value)
    if spec.data_type in NUMBER_TYPES:
        return _number(spec, value)
    return value


def _instant(value: JsonValue) -> object:
    # The CRM's own examples carry an offset, never a Z.
    return f"{value[:-1]}+00:00" if isinstance(value, str) and value.endswith("Z") else value


def _number(spec: FieldSpec, value: JsonValue) -> object:
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if (
        spec.data_type in _WHOLE_NUMBERS
        and isinstance(number, Decimal)
        and number == number.to_integral_value()
    ):
        return int(number)
    return number
