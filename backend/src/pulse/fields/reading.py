"""From stored values to shown ones: typed by the field, named by the directory."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import literal, select, union_all

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
from pulse.models import Account, LookupName, User
from pulse.sync.domain.canonical import INSTANT_TYPES, LOOKUP_TYPES, NUMBER_TYPES, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.fields.field_book import DealField

# Any: a stored value is whatever JSON the CRM's field holds; its reader checks what it is.
Stored = Any

_USERS: Final = frozenset({"ownerlookup", "userlookup"})
_NUMBERS: Final = NUMBER_TYPES | {"bigint", "rollup_summary"}
_PERCENTAGES: Final = frozenset({"Probability"})
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN: Final = frozenset({"script", "style"})
_NAMES: Final = ("name", "Name", "File_Name__s", "file_Name")
_ROW_FIELDS: Final = frozenset(
    {"id", "Created_Time", "Modified_Time", "Created_By", "Modified_By", "Parent_Id"}
)
"""What the CRM keeps with each row of a subform and nobody fills in."""

Names = dict[str, str | None]
"""Names by id."""


def exact_json(text: str | None) -> Stored:
    """Read stored JSON with its numbers as Decimal, so that no digit is lost."""
    return None if text is None else json.loads(text, parse_float=Decimal)


def ids_in(pairs: Iterable[tuple[DealField, Stored]]) -> set[int]:
    """Return the ids that lookups among these values hold."""
    return {
        int(value)
        for field, value in pairs
        if field.data_type in LOOKUP_TYPES and isinstance(value, str) and value.isdigit()
    }


async def names_of(db: AsyncSession, ids: Collection[int]) -> Names:
    """Return names by id: of users and accounts as their own records say, else as last seen."""
    if not ids:
        return {}
    known = union_all(
        select(LookupName.id, LookupName.name, literal(1).label("rank")).where(
            LookupName.id.in_(ids)
        ),
        select(Account.id, Account.name, literal(2)).where(Account.id.in_(ids)),
        # Queries show a user by last name only, so the list of users counts most.
        select(User.id, User.full_name, literal(3)).where(User.id.in_(ids)),
    ).subquery()
    rows = await db.execute(select(known.c.id, known.c.name).order_by(known.c.rank))
    return {str(row.id): row.name for row in rows}


def read_value(
    field: DealField, stored: Stored, names: Mapping[str, str | None], currency: str | None
) -> Value | None:
    """Return what people see of a stored value; None if it is empty.

    A value that is not of its field's type, which CRMs do hold, is shown as the text that it is.
    """
    if stored is None:
        return None
    kind = field.result_type or field.data_type
    return _typed(field, kind, stored, names, currency) or _as_text(stored)


def _typed(
    field: DealField,
    kind: str,
    stored: Stored,
    names: Mapping[str, str | None],
    currency: str | None,
) -> Value | None:
    match stored:
        case bool():
            return BooleanValue(is_true=stored)
        case list():
            return _several(field, kind, stored)
        case str() if not _is_numeric(field, kind):
            return _READERS.get(kind, _words)(field, stored, names)
        case str() | int() | Decimal():
            return _number(field, kind, stored, currency)
        case _:
            return None


def _is_numeric(field: DealField, kind: str) -> bool:
    return kind in _NUMBERS or field.canonical_name in _PERCENTAGES


def _number(
    field: DealField, kind: str, stored: str | int | Decimal, currency: str | None
) -> Value | None:
    number = _digits(stored)
    if number is None:
        return None
    if kind == "currency":
        return MoneyValue(amount=number, currency=currency)
    is_percentage = kind == "percent" or field.canonical_name in _PERCENTAGES
    return NumberValue(kind="percent" if is_percentage else "number", number=number)


def _reference(field: DealField, stored: str, names: Mapping[str, str | None]) -> Value:
    return ReferenceValue(
        record=Named(id=stored, name=names.get(stored)),
        module=None if field.data_type in _USERS else field.lookup_module,
    )


def _choice(field: DealField, stored: str, _names: object) -> Value:
    return ChoiceValue(choice=_option(field, stored))


def _day(_field: DealField, stored: str, _names: object) -> Value | None:
    try:
        return DateValue(date=date.fromisoformat(stored))
    except ValueError:
        return None


def _moment(_field: DealField, stored: str, _names: object) -> Value | None:
    try:
        return InstantValue(at=instant(stored))
    except ValueError:
        return None


def _paragraph(field: DealField, stored: str, _names: object) -> Value:
    text = _without_markup(stored) if field.is_rich_text else stored
    return TextValue(kind="paragraph", text=text)


def _words(_field: DealField, stored: str, _names: object) -> Value:
    return TextValue(kind="text", text=stored)


def _email(_field: DealField, stored: str, _names: object) -> Value:
    return TextValue(kind="email", text=stored)


def _phone(_field: DealField, stored: str, _names: object) -> Value:
    return TextValue(kind="phone", text=stored)


def _url(_field: DealField, stored: str, _names: object) -> Value:
    return TextValue(kind="url", text=stored)


_READERS: Final[
    Mapping[str, Callable[[DealField, str, Mapping[str, str | None]], Value | None]]
] = {
    **dict.fromkeys(LOOKUP_TYPES, _reference),
    **dict.fromkeys(INSTANT_TYPES, _moment),
    "picklist": _choice,
    "date": _day,
    "textarea": _paragraph,
    "email": _email,
    "phone": _phone,
    "website": _url,
}


def _several(field: DealField, kind: str, rows: list[Stored]) -> Value:
    if kind == "multiselectpicklist":
        return ChoicesValue(choices=[_option(field, str(row)) for row in rows])
    if kind == "subform":
        return _table([row for row in rows if isinstance(row, dict)])
    linked = [_linked(field, row) for row in rows]
    if kind in {"multiselectlookup", "multiuserlookup", "multi_module_lookup"}:
        return ReferencesValue(records=linked)
    # Tags, territories, files: what matters of each is its name.
    return ChoicesValue(
        choices=[Option(value=each.id, label=each.name or each.id) for each in linked]
    )


def _linked(field: DealField, row: Stored) -> Named:
    """Return the record that a row of links points to; the row's own id is that of the link."""
    if not isinstance(row, dict):
        return Named(id=str(row), name=str(row))
    inner = row.get(field.api_name)
    target = inner if isinstance(inner, dict) else row
    name = next((str(target[key]) for key in _NAMES if target.get(key)), None)
    return Named(id=str(target.get("id") or name or ""), name=name)


def _table(rows: list[dict[str, Stored]]) -> TableValue:
    # The database keeps no order among the keys of a row.
    names = sorted(
        {name for row in rows for name in row if name not in _ROW_FIELDS and name[0] != "$"}
    )
    return TableValue(
        columns=[Option(value=name, label=name.replace("_", " ")) for name in names],
        rows=[[_cell(row.get(name)) for name in names] for row in rows],
    )


def _cell(stored: Stored) -> str | None:
    match stored:
        case None | "":
            return None
        case bool():
            return "Yes" if stored else "No"
        case dict():
            return _cell(next((stored[key] for key in _NAMES if stored.get(key)), None))
        case list():
            return ", ".join(filter(None, map(_cell, stored))) or None
        case int() | Decimal():
            return format(Decimal(stored), "f")
        case _:
            return str(stored)


def _option(field: DealField, value: str) -> Option:
    return Option(value=value, label=field.labels.get(value, value))


def _digits(stored: str | int | Decimal) -> str | None:
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return None
    return format(number, "f") if number.is_finite() else None


def _as_text(stored: Stored) -> TextValue:
    return TextValue(kind="text", text=_cell(stored) or "")


class _Words(HTMLParser):
    """Collects the words of rich text, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - the parser's own signature
    ) -> None:
        """Begin a line at a block."""
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words that are for people."""
        if not self._unseen:
            self.parts.append(data)


def _without_markup(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    words.close()
    lines = "".join(words.parts).replace("\r\n", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
