"""The sentences of a run's log: what a batch, a plan and a whole pass did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.sync.planner import EXPORT_ROWS, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.planner import Option
    from pulse.sync.ports import Applied

PAGES_KEY: Final = "pages"


def slice_key(index: int) -> str:
    """Return the name of a slice of ids, counted from 1."""
    return f"slice {index}"


def part_key(part: int) -> str:
    """Return the name of a part of an export, counted from 1."""
    return f"part {part}"


def slice_totals(source: Source, slices: int, records: int) -> dict[str, int]:
    """Return how many records each slice of a load is expected to hold, by its name.

    Cuts aim at equal slices; what is created or deleted meanwhile makes them differ a little.
    """
    match source:
        case Source.PAGES:
            return {PAGES_KEY: records}
        case Source.BULK_READ:
            parts = max(1, -(-records // EXPORT_ROWS))
            return {
                part_key(part): min(EXPORT_ROWS, records - (part - 1) * EXPORT_ROWS)
                for part in range(1, parts + 1)
            }
        case Source.COQL:
            return {
                slice_key(index): records * index // slices - records * (index - 1) // slices
                for index in range(1, slices + 1)
            }


def loaded(position: Position, total: int | None, read: int, applied: Applied) -> str:
    """Return what a batch of a slice did: how far the slice is, and what was known already."""
    rows = int(str(position["rows"]))
    if position.get("done"):
        told = f"Done, {rows:,} loaded"
    elif total is None or rows > total:
        told = f"{rows:,} loaded"
    else:
        told = f"{rows:,} of {total:,} loaded"
    known = applied.same + applied.ignored
    return f"{told}, {known:,} of the last {read:,} unchanged" if known else told


def observed(read: int, applied: Applied) -> str:
    """Return what a batch did that belongs to no slice of a load."""
    return f"{read:,} read, {summary(applied)}"


def summary(applied: Applied) -> str:
    """Return what a pass did, in words."""
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (applied.created, "new"),
            (applied.changed, "changed"),
            (applied.restored, "restored"),
            (applied.deleted, "deleted"),
            (applied.hidden, "hidden"),
        )
        if count
    ]
    return ", ".join(parts) or "nothing changed"


def source_words(option: Option) -> str:
    """Return a source as people read it."""
    match option.source:
        case Source.COQL:
            one = "COQL, 1 slice"
            return one if option.slices == 1 else f"COQL, {option.slices} parallel slices"
        case Source.BULK_READ:
            return f"Bulk Read, {option.slices} {'job' if option.slices == 1 else 'jobs'}"
        case Source.PAGES:
            return "Get Records, page by page"


def plan_words(option: Option) -> str:
    """Return what a plan chose, with its price."""
    price = "1 credit" if option.credits == 1 else f"{option.credits:,} credits"
    return f"{source_words(option)}, {price}, about {option.seconds:,.1f} s"


def count_words(module: str, records: int, slices: Sequence[object]) -> str:
    """Return how many records a load is about and how it is cut."""
    counted = f"{records:,} {module.lower()}"
    return f"{counted} in {len(slices)} slices by ID" if len(slices) > 1 else counted
