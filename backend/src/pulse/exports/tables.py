"""A table that any file can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulse.exports.cells import Cell
    from pulse.exports.xlsx_file import Head


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its head; the last row is the total if it has one."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False
