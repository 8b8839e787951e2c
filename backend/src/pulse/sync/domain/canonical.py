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

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
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
_DATE_LENGTH: Final = 10


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
    return moment.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    """Write an instant in canonical form."""
    return moment.astimezone(UTC).isoformat()[:_WHOLE_SECONDS] + "Z"


def _lookup(value: object) -> JsonValue | None:
    if isinstance(value, dict):
        value = value.get("id")
    return str(value) if value not in (None, "") else None


def _instant(value: object) -> JsonValue | None:
    if not isinstance(value, str) or not value:
        return None
    if value.endswith("+00:00") and len(value) == _WHOLE_SECONDS + 6:
        return value[:_WHOLE_SECONDS] + "Z"
    try:
        return instant_text(instant(value))
    except ValueError:
        return value  # dirty: kept as it is, empty in the narrow tables


def _number(value: object) -> JsonValue | None:
    if isinstance(value, (int, Decimal)):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and value:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        return number if number.is_finite() else value
    return None


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
    # A formula's type is that of its result; text that reads as a number is one in every source.
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value in {"true", "false"}:
            return value == "true"
        if len(value) > _WHOLE_SECONDS and value[4:5] == "-":
            return _instant(value)
    number = _number(value)
    return number if isinstance(number, (int, Decimal)) else _text(value)


_CONVERTERS: Final[Mapping[str, Callable[[object], JsonValue | None]]] = {
    **dict.fromkeys(LOOKUP_TYPES, _lookup),
    **dict.fromkeys(INSTANT_TYPES, _instant),
    **dict.fromkeys(NUMBER_TYPES, _number),
    **dict.fromkeys(COMPUTED_TYPES, _computed),
    "boolean": _boolean,
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
        known = {field.api_name: field for field in fields}
        self._converters = {
            name: converter(field) for name, field in known.items() if name not in {"id", STAMP}
        }
        self._lookups = tuple(
            name for name, field in known.items() if field.data_type in LOOKUP_TYPES
        )
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
        pairs = tuple((name, self._converters[name]) for name in self.covered(fields))

        def read(row: Mapping[str, object]) -> Observation:
            values: dict[str, JsonValue] = {}
            for name, convert in pairs:
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

    def names(self, rows: Sequence[Mapping[str, object]]) -> dict[int, str]:
        """Return the names that lookups in `rows` carry, by id."""
        names: dict[int, str] = {}
        for name in self._lookups:
            for row in rows:
                value = row.get(name)
                if isinstance(value, dict) and value.get("name") and value.get("id"):
                    names[int(str(value["id"]))] = str(value["name"])
        return names
