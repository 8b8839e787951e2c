"""One form for a value, whatever source it came from.

Sources differ: Get Records and COQL give a looked-up record as an object with its name, Bulk Read
as a bare id; instants come with the offset of the calling user; a CSV cell has no type. The mirror,
its change log and all comparisons know one form only:

=====================  ==========================================================
lookup, owner, layout  the id, as text
datetime               UTC, `2026-08-17T00:42:00Z`
date                   `2026-08-17`
numbers                int or Decimal, never a float made from text
boolean                true or false
multi-select           sorted list of texts
empty                  the field is absent
=====================  ==========================================================

Fields that no list call returns (subforms, linked records) are *detail* fields: they are read with
the single record only. Rich text is cut by Get Records alone: there it is asked for separately.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.observation import JsonValue, Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pulse.sync.domain.field import FieldSpec

LOOKUP_TYPES: Final = frozenset({"lookup", "ownerlookup", "userlookup", "layout"})
NUMBER_TYPES: Final = frozenset({"double", "currency", "percent", "integer", "number"})
INSTANT_TYPES: Final = frozenset({"datetime", "event_reminder"})
COMPUTED_TYPES: Final = frozenset({"formula", "rollup_summary"})
"""Change without moving Modified_Time: refreshed on a schedule of their own."""
DETAIL_TYPES: Final = frozenset(
    {
        "subform",
        "multiselectlookup",
        "multiuserlookup",
        "multi_module_lookup",
        "fileupload",
        "imageupload",
        "profileimage",
        "territories",
        "consent_lookup",
        "layout",
    }
)
STAMP: Final = "Modified_Time"
CREATED: Final = "Created_Time"
_WHOLE_SECONDS: Final = 19
_WITH_OFFSET: Final = 25
_HOUR_LENGTH: Final = 13
_MINUTES_AND_SECONDS: Final = frozenset(
    f":{minute:02}:{second:02}" for minute in range(60) for second in range(60)
)
_MOST_DIGITS: Final = 1_000
"""Before or after the point; PostgreSQL takes more, no CRM gives as many."""
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")


def is_detail(field: FieldSpec) -> bool:
    """Return whether only the single-record call gives this field, and gives it whole."""
    if field.data_type in DETAIL_TYPES:
        return True
    # `Tag` is described as text and sent as a list of objects.
    return field.json_type in {"jsonarray", "jsonobject"} and field.data_type not in (
        LOOKUP_TYPES | {"multiselectpicklist"}
    )


def instant(text: str) -> datetime:
    """Read the CRM's ISO 8601 time with offset.

    Raises ValueError for anything else, a time without an offset among them.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment


def instant_text(moment: datetime) -> str:
    """Write an instant in canonical form."""
    return moment.astimezone(UTC).isoformat()[:_WHOLE_SECONDS] + "Z"


@lru_cache(maxsize=1 << 16)
def _hour_in_utc(hour: str, offset: str) -> str:
    """Return `2026-08-17T08` at `+08:00` as `2026-08-17T00`; hours repeat, so they are kept."""
    return instant_text(instant(f"{hour}:00:00{offset}"))[:_HOUR_LENGTH]


def _instant_of_text(text: str) -> JsonValue | None:
    try:
        if (
            len(text) == _WITH_OFFSET
            and text.endswith(":00")
            and text[_HOUR_LENGTH:_WHOLE_SECONDS] in _MINUTES_AND_SECONDS
        ):
            # A whole-hour offset leaves minutes and seconds as they are.
            hour = _hour_in_utc(text[:_HOUR_LENGTH], text[_WHOLE_SECONDS:])
            return f"{hour}{text[_HOUR_LENGTH:_WHOLE_SECONDS]}Z"
        return instant_text(instant(text))
    except (ValueError, OverflowError):  # the latter: no such year in UTC
        return text  # dirty: kept as it is, empty in the narrow tables


def _lookup(value: object) -> JsonValue | None:
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str):
        return value or None
    return None if value is None else str(value)


def _instant(value: object) -> JsonValue | None:
    return _instant_of_text(value) if isinstance(value, str) and value else None


def _number_of_text(text: str) -> JsonValue | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    # Python also reads `1_000`, digits of other scripts, and exponents that PostgreSQL refuses.
    is_plain = number.is_finite() and text.isascii() and "_" not in text
    return number if is_plain and abs(number.adjusted()) < _MOST_DIGITS else text


def _number(value: object) -> JsonValue | None:
    if isinstance(value, (int, Decimal)):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    return _number_of_text(value) if isinstance(value, str) and value else None


def _boolean(value: object) -> JsonValue | None:
    match value:
        case True | "true":
            return True
        case False | "false":
            return False
        case _:
            return None


def _chosen(options: frozenset[str]) -> Callable[[object], JsonValue | None]:
    def read(value: object) -> JsonValue | None:
        if isinstance(value, str):
            value = split_choices(value, options)
        if not isinstance(value, list):
            return None
        return sorted(str(choice) for choice in value if choice not in (None, "")) or None

    return read


def split_choices(cell: str, options: frozenset[str]) -> list[str]:
    """Split a CSV cell of several choices; an option may itself contain the separator.

    The longest run of parts that is a known option wins, so "Fabric; Core;Wi-Fi" with the option
    "Fabric; Core" gives two choices. Unknown parts stand for themselves.
    """
    parts = cell.split(";")
    choices: list[str] = []
    start = 0
    while start < len(parts):
        end = next(
            (
                stop
                for stop in range(len(parts), start + 1, -1)
                if ";".join(parts[start:stop]) in options
            ),
            start + 1,
        )
        choices.append(";".join(parts[start:end]))
        start = end
    return choices


def _text(value: object) -> JsonValue | None:
    match value:
        case None | "":
            return None
        case str():
            return value
        case _:
            return str(value)


def _detail(value: object) -> JsonValue | None:
    return value if value not in (None, "", [], {}) else None


def _computed(value: object) -> JsonValue | None:
    # A formula's type is that of its result; text that JSON would write as a number is one in every
    # source, and `0012` is text in every source.
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value in {"true", "false"}:
            return value == "true"
        if len(value) > _WHOLE_SECONDS and value[4:5] == "-":
            return _instant(value)
        if not _JSON_NUMBER.fullmatch(value):
            return _text(value)
    number = _number(value)
    return number if isinstance(number, (int, Decimal)) else _text(value)


_CONVERTERS: Final[Mapping[str, Callable[[object], JsonValue | None]]] = {
    **dict.fromkeys(LOOKUP_TYPES, _lookup),
    **dict.fromkeys(INSTANT_TYPES, _instant),
    **dict.fromkeys(NUMBER_TYPES, _number),
    **dict.fromkeys(COMPUTED_TYPES, _computed),
    "boolean": _boolean,
}


_CELL_CONVERTERS: Final[Mapping[str, Callable[[str], JsonValue | None]]] = {
    **dict.fromkeys(INSTANT_TYPES, _instant_of_text),
    **dict.fromkeys(NUMBER_TYPES, _number_of_text),
}
_PLAIN_CELLS: Final = LOOKUP_TYPES | {
    "text",
    "textarea",
    "email",
    "phone",
    "website",
    "picklist",
    "date",
    "bigint",
    "autonumber",
}


def converter(field: FieldSpec) -> Callable[[object], JsonValue | None]:
    """Return the function that brings a field's value into canonical form; None means empty."""
    kind = field.data_type
    if is_detail(field) and kind != "layout":
        return _detail
    if kind == "multiselectpicklist":
        return _chosen(frozenset(field.options))
    return _CONVERTERS.get(kind, _text)


class UnreadableRecordError(ValueError):
    """A row has no id or no readable stamp, so it cannot be placed in time."""


class Canonicaliser:
    """Turns rows of one module into observations."""

    def __init__(self, fields: Iterable[FieldSpec]) -> None:
        # Stamp and creation come first: of a read of many fields, the first call decides.
        first = {STAMP: 0, CREATED: 1}
        known = {
            field.api_name: field
            for field in sorted(fields, key=lambda field: first.get(field.api_name, len(first)))
        }
        self._converters = {
            name: converter(field) for name, field in known.items() if name not in {"id", STAMP}
        }
        # A cell is text: most kinds of value are in canonical form already.
        self._cell_converters: dict[str, Callable[[str], JsonValue | None]] = {
            name: _CELL_CONVERTERS.get(known[name].data_type, convert)
            for name, convert in self._converters.items()
            if known[name].data_type not in _PLAIN_CELLS
        }
        # Users are known by their directory; queries give their last names only.
        self._lookups = tuple(name for name, field in known.items() if field.data_type == "lookup")
        self.list_fields: tuple[str, ...] = tuple(
            name for name, field in known.items() if not is_detail(field) and name != "id"
        )
        """Fields to ask list calls for; the id always comes."""
        self.cut_fields: frozenset[str] = frozenset(
            name for name, field in known.items() if field.is_rich_text
        )
        """Fields that Get Records does not give whole."""
        self.detail_fields: tuple[str, ...] = tuple(
            name for name, field in known.items() if is_detail(field)
        )
        self.all_fields = self.list_fields + self.detail_fields
        """What a single-record read returns."""
        self.computed_fields: tuple[str, ...] = tuple(
            name for name, field in known.items() if field.data_type in COMPUTED_TYPES
        )

    def covered(self, fields: Iterable[str]) -> frozenset[str]:
        """Return which document keys a read of `fields` decides."""
        return frozenset(name for name in fields if name in self._converters)

    def reader(self, fields: Iterable[str]) -> Callable[[Mapping[str, object]], Observation]:
        """Return the function that reads a row of which `fields` were asked for.

        It raises UnreadableRecordError when a row has no id or no stamp.
        """
        covered = {name: self._converters[name] for name in self.covered(fields)}
        # Most fields are texts, which are in canonical form already.
        texts = tuple(name for name, convert in covered.items() if convert is _text)
        others = tuple(pair for pair in covered.items() if pair[1] is not _text)

        def read(row: Mapping[str, object]) -> Observation:
            values: dict[str, JsonValue] = {}
            for name in texts:
                value = row.get(name)
                if value:
                    values[name] = value if isinstance(value, str) else str(value)
                elif value is not None and value != "":
                    values[name] = str(value)
            for name, convert in others:
                value = row.get(name)
                if value is not None and value != "":
                    kept = convert(value)
                    if kept is not None:
                        values[name] = kept
            record_id, stamp = row.get("id"), row.get(STAMP)
            try:
                return Observation(int(str(record_id)), instant(str(stamp)), values)
            except ValueError as error:
                raise UnreadableRecordError(
                    f"Record {record_id!r} has no readable id or {STAMP} ({stamp!r})."
                ) from error

        return read

    def cell_reader(
        self, header: Sequence[str], fields: Iterable[str]
    ) -> Callable[[Sequence[str]], Observation]:
        """Return the function that reads a CSV row of which `fields` were asked for.

        Exports are the largest reads there are, so this looks at filled cells only. It raises
        UnreadableRecordError when a row has no id or no stamp.
        """
        covered = self.covered(fields)
        columns = tuple(
            (index, name, self._cell_converters.get(name))
            for index, name in enumerate(header)
            if name in covered
        )
        id_at, stamp_at = header.index("id"), header.index(STAMP)

        def read(cells: Sequence[str]) -> Observation:
            values: dict[str, JsonValue] = {}
            for index, name, convert in columns:
                cell = cells[index]
                if cell:
                    kept = cell if convert is None else convert(cell)
                    if kept is not None:
                        values[name] = kept
            try:
                return Observation(int(cells[id_at]), instant(cells[stamp_at]), values)
            except ValueError as error:
                raise UnreadableRecordError(
                    f"Record {cells[id_at]!r} has no readable id or {STAMP} ({cells[stamp_at]!r})."
                ) from error

        return read

    def names(self, rows: Sequence[Mapping[str, object]]) -> dict[int, str]:
        """Return the names that lookups in `rows` carry, by id."""
        names: dict[object, object] = {}
        for name in self._lookups:
            for row in rows:
                value = row.get(name)
                if isinstance(value, dict):
                    names[value.get("id")] = value.get("name")
        return {int(str(key)): str(name) for key, name in names.items() if key and name}
