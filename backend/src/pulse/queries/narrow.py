"""The narrow tables beside the documents, and how their columns are read out of a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from psycopg import sql

from pulse.core.fields import DEAL_FIELDS, ValueKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_READERS: Final[Mapping[ValueKind, LiteralString]] = {
    ValueKind.RECORD_ID: "pulse_bigint",
    ValueKind.MONEY: "pulse_numeric",
    ValueKind.NUMBER: "pulse_numeric",
    ValueKind.DATE: "pulse_date",
    ValueKind.INSTANT: "pulse_instant",
}
_TYPES: Final[Mapping[ValueKind, LiteralString]] = {
    ValueKind.RECORD_ID: "bigint",
    ValueKind.MONEY: "numeric",
    ValueKind.NUMBER: "numeric",
    ValueKind.DATE: "date",
    ValueKind.INSTANT: "timestamptz",
    ValueKind.TEXT: "text",
}
_OUTSIDE_DOCUMENT: Final = frozenset({"id", "crm_modified_at"})
LONGEST_GROUP: Final = 120
"""Characters kept of what deals are grouped by: as many as a picklist's value may have."""
# The indexes of analytics carry these, and an index row has room for 2,704 bytes. A field of long
# texts may be mapped to any of them; its document keeps the whole.
_GROUPED: Final = frozenset(
    {
        "stage",
        "currency",
        "country",
        "business_region",
        "solution_type",
        "funding_type",
        "market_segment",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One narrow column and the document key that it shows; None where nothing is mapped."""

    name: str
    kind: ValueKind
    api_name: str | None

    @property
    def identifier(self) -> sql.Identifier:
        """The column's name, quoted."""
        return sql.Identifier(self.name)

    def reading(self, document: sql.Composable) -> sql.Composable:
        """Return the expression that reads the column out of a jsonb expression."""
        if self.api_name is None:
            return sql.SQL("NULL::{}").format(sql.SQL(_TYPES[self.kind]))
        text = sql.SQL("({} ->> {})").format(document, sql.Literal(self.api_name))
        reader = _READERS.get(self.kind)
        if reader is None:
            return self.cut(text)
        return sql.SQL("{}({})").format(sql.SQL(reader), text)

    def cut(self, text: sql.Composable) -> sql.Composable:
        """Return a text as far as the column keeps it."""
        if self.api_name is None or self.name not in _GROUPED or self.kind is not ValueKind.TEXT:
            return text
        return sql.SQL("left({}, {})").format(text, sql.Literal(LONGEST_GROUP))


@dataclass(frozen=True, slots=True)
class NarrowTable:
    """A module's narrow table."""

    table: str
    columns: tuple[Column, ...]
    versions: str | None = None
    """The table of its versions in time, if it has one."""

    def names(self, prefix: str = "") -> sql.Composable:
        """Return the columns as a list, each behind `prefix`."""
        return sql.SQL(", ").join(sql.SQL(prefix) + column.identifier for column in self.columns)

    def readings(self, document: sql.Composable) -> sql.Composable:
        """Return `expression AS column` for all columns; dirty values become null."""
        return sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(column.reading(document), column.identifier)
            for column in self.columns
        )

    def fast_readings(self) -> sql.Composable:
        """Return the same over `fast_source`, which fails on dirty values."""
        return sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(
                column.cut(
                    sql.SQL("{}::{}").format(
                        sql.NULL
                        if column.api_name is None
                        else sql.SQL("fields.") + sql.Identifier(column.api_name),
                        sql.SQL(_TYPES[column.kind]),
                    )
                ),
                column.identifier,
            )
            for column in self.columns
        )

    def fast_source(self, document: sql.Composable) -> sql.Composable:
        """Return the join that reads a whole document at once, in a third of the time."""
        typed: dict[str, LiteralString] = {}
        for column in self.columns:
            if column.api_name is not None:
                kind = _TYPES[column.kind]
                # One field may stand for columns of two kinds: as text it casts to both.
                typed[column.api_name] = (
                    kind if typed.get(column.api_name, kind) == kind else "text"
                )
        if not typed:
            return sql.SQL("")
        return sql.SQL("CROSS JOIN LATERAL jsonb_to_record({}) AS fields ({})").format(
            document,
            sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
                for name, kind in typed.items()
            ),
        )

    def assignments(self) -> sql.Composable:
        """Return `column = EXCLUDED.column` for all columns."""
        return sql.SQL(", ").join(
            sql.SQL("{0} = EXCLUDED.{0}").format(column.identifier) for column in self.columns
        )


_ACCOUNT_COLUMNS: Final = (
    Column("name", ValueKind.TEXT, "Account_Name"),
    Column("owner_id", ValueKind.RECORD_ID, "Owner"),
    Column("country", ValueKind.TEXT, "Billing_Country"),
    Column("industry", ValueKind.TEXT, "Industry"),
)


def narrow_table(module: str, field_map: Mapping[str, str]) -> NarrowTable | None:
    """Return the narrow table of a module, read through its field map; None if it has none."""
    match module:
        case "Deals":
            columns = tuple(
                Column(field.column, field.kind, field_map.get(field.name))
                for field in DEAL_FIELDS
                if field.column not in _OUTSIDE_DOCUMENT
            )
            return NarrowTable("deals", columns, versions="deal_versions")
        case "Accounts":
            return NarrowTable("accounts", _ACCOUNT_COLUMNS)
        case _:
            return None
