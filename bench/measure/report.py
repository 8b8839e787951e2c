"""What the benchmark says: goals with what was reached, and the figures behind them."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import psutil
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure to reach."""

    row: str
    what: str
    target: str
    figure: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement, as text ready to print."""

    row: str
    who: str
    seconds: str
    rate: str = ""
    ratio: str = ""
    note: str = ""


@dataclass(slots=True)
class Report:
    """All that was measured in one run."""

    machine: str
    started_at: datetime
    goals: list[Goal] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def print(self, console: Console) -> None:
        """Print it as tables."""
        console.print(_table("Goals", Goal, self.goals))
        console.print(_table("Figures", Figure, self.figures))
        for note in self.notes:
            console.print(note, soft_wrap=True, markup=False)
        console.print(self.machine, soft_wrap=True, markup=False)

    def save(self, folder: Path) -> Path:
        """Write it as JSON and Markdown; return the Markdown file."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{self.started_at:%Y-%m-%d-%H%M%S}"
        (folder / f"{stem}.json").write_text(
            json.dumps(asdict(self), indent=2, default=str) + "\n", encoding="utf-8"
        )
        page = folder / f"{stem}.md"
        parts = [
            f"# Benchmark of {self.started_at:%Y-%m-%d %H:%M} UTC",
            self.machine,
            _markdown(Goal, self.goals),
            _markdown(Figure, self.figures),
            *(f"- {note}" for note in self.notes),
        ]
        page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        return page


def _names(kind: type[Goal | Figure]) -> list[str]:
    return [each.name for each in fields(kind)]


def _cells(kind: type[Goal | Figure], row: Goal | Figure) -> list[str]:
    shown = [getattr(row, name) for name in _names(kind)]
    return [("yes" if cell else "NO") if isinstance(cell, bool) else cell for cell in shown]


def _headings(kind: type[Goal | Figure]) -> list[str]:
    return [name.removeprefix("is_").replace("_", " ") for name in _names(kind)]


def _table(title: str, kind: type[Goal | Figure], rows: list[Goal] | list[Figure]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in _headings(kind):
        table.add_column(heading)
    for row in rows:
        table.add_row(*_cells(kind, row))
    return table


def _markdown(kind: type[Goal | Figure], rows: list[Goal] | list[Figure]) -> str:
    headings = _headings(kind)
    lines = [headings, ["---"] * len(headings), *(_cells(kind, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine_line(postgres_version: str) -> str:
    """Say on what it was measured."""
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PostgreSQL {postgres_version}, "
        f"psycopg {version('psycopg')}, aiohttp {version('aiohttp')}; "
        f"load before the start {load:.1f}"
    )


def new_report(postgres_version: str) -> Report:
    """Begin a report."""
    return Report(machine_line(postgres_version), datetime.now(UTC))
