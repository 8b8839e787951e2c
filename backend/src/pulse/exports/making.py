"""From an export that was asked for to its file, in one snapshot of the database."""

from __future__ import annotations

import asyncio
import re
import zipfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from pulse.analytics.basis import read_basis
from pulse.analytics.question import read_question
from pulse.core.exports import ExportFormat, ExportKind
from pulse.exports.about import Origin, about_lines, about_text
from pulse.exports.columns import chosen_columns
from pulse.exports.csv_file import csv_head, csv_lines
from pulse.exports.figures import read_figures
from pulse.exports.pptx_file import write_slides
from pulse.exports.reading import DealList, count_deals, read_lines
from pulse.exports.report import write_report
from pulse.exports.slides import Slide
from pulse.exports.wishes import read_wish
from pulse.exports.words import filter_words, in_one_line
from pulse.exports.workbook import write_workbook
from pulse.exports.xlsx_file import Book, heads_of
from pulse.kit.memory import seldom_collected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.exports.cells import Cell
    from pulse.exports.listing import ListReader
    from pulse.exports.slides import SlideReader
    from pulse.exports.words import Line
    from pulse.exports.xlsx_file import Head
    from pulse.models import Export

Made = TypeVar("Made")
TELL_EVERY_S: Final = 5.0
"""How often an export is told of while one step takes long."""


Tell = Callable[[int], Coroutine[object, object, None]]
"""Says how many rows are written; raises ExportStoppedError if nobody wants more of them."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file on this machine, what people call it, and how many deals it lists."""

    path: Path
    name: str
    rows: int | None


async def attended(
    work: Coroutine[object, object, Made], tell: Callable[[], Coroutine[object, object, None]]
) -> Made:
    """Await a long step and tell of it meanwhile. It is let end before an error of telling."""
    step = asyncio.ensure_future(work)
    while not (await asyncio.wait({step}, timeout=TELL_EVERY_S))[0]:
        try:
            await tell()
        except BaseException:
            await asyncio.wait({step})
            raise
    return step.result()


@dataclass(frozen=True, slots=True)
class Readers:
    """What other slices read for files."""

    slides: SlideReader
    opportunities: ListReader


async def make_file(
    db: AsyncSession, export: Export, folder: Path, tell: Tell, readers: Readers
) -> MadeFile:
    """Make the file of an export in `folder`. Raises InvalidInputError if it cannot be any more."""
    kind = ExportKind(export.kind)
    match kind:
        case ExportKind.DEALS:
            return await _deals(db, export, folder, tell)
        case ExportKind.ANALYSIS:
            return await _analysis(db, export, folder, tell)
        case ExportKind.O2R_DEAL | ExportKind.O2R_DECK:
            return await _slides(db, export, folder, tell, readers.slides)
        case ExportKind.OPPORTUNITIES:
            return await _opportunities(db, export, folder, tell, readers.opportunities)
        case _:
            assert_never(kind)


async def _deals(db: AsyncSession, export: Export, folder: Path, tell: Tell) -> MadeFile:
    wish = read_wish(export.query)
    question = await read_question(db, wish.asked, export.created_at, wish.as_of)
    scope = question.now.scope
    columns = chosen_columns(
        export.columns, scope.fields, scope.money.base, is_now=question.now.at is None
    )
    wanted = DealList(question.now, columns, wish.sort)
    origin = Origin(export.user_name, export.created_at, scope.zone)
    listed = _Listing(
        title="Deals",
        labels=[column.label for column in columns],
        heads=heads_of(columns, scope.zone),
        blocks=read_lines(db, wanted),
        about=about_lines(
            "Deals",
            await count_deals(db, question.now),
            await filter_words(db, wish.asked, question.today, scope),
            await read_basis(db, question),
            origin,
        ),
        moment=question.as_of.astimezone(scope.zone),
        zone=scope.zone,
    )
    return await _list_file(export, listed, folder, tell)


async def _opportunities(
    db: AsyncSession, export: Export, folder: Path, tell: Tell, reader: ListReader
) -> MadeFile:
    facts = await reader.facts(db, export.query, export.created_at)
    origin = Origin(export.user_name, export.created_at, facts.zone)
    listed = _Listing(
        title="Opportunities",
        labels=[head.label for head in facts.heads],
        heads=facts.heads,
        blocks=reader.blocks(db, export.query, export.created_at),
        about=about_lines("Opportunities", facts.rows, facts.filters, facts.basis, origin),
        moment=export.created_at.astimezone(facts.zone),
        zone=facts.zone,
    )
    return await _list_file(export, listed, folder, tell)


@dataclass(frozen=True, slots=True)
class _Listing:
    """A file with a row for each deal."""

    title: str
    labels: Sequence[str]
    """Of the columns, in a CSV."""
    heads: Sequence[Head]
    """Of the columns, in a sheet."""
    blocks: AsyncIterator[list[list[Cell]]]
    about: list[Line]
    moment: datetime
    """As of when, by the organisation's clock: part of the file's name."""
    zone: ZoneInfo


async def _list_file(export: Export, listed: _Listing, folder: Path, tell: Tell) -> MadeFile:
    word = listed.title.lower()
    stem = f"pipeline-pulse-{word}-{listed.moment:%Y-%m-%d-%H%M}"
    with seldom_collected():
        if export.format == ExportFormat.XLSX:
            path = folder / f"{word}.xlsx"
            rows = await _write_xlsx(listed, path, tell)
            return MadeFile(path, f"{stem}.xlsx", rows)
        path = folder / f"{word}.csv"
        rows = await _write_csv(listed, path, tell)
    if export.format == ExportFormat.CSV:
        return MadeFile(path, f"{stem}.csv", rows)
    whole = folder / f"{word}.zip"
    packed = asyncio.to_thread(_zip, whole, {f"{stem}.csv": path}, listed.about)
    await attended(packed, lambda: tell(rows))
    return MadeFile(whole, f"{stem}.zip", rows)


async def _analysis(db: AsyncSession, export: Export, folder: Path, tell: Tell) -> MadeFile:
    wish = read_wish(export.query)
    question = await read_question(
        db, wish.asked, export.created_at, wish.as_of, wish.compared_with
    )
    figures = await read_figures(db, question, wish.pivot)
    scope = question.now.scope
    filters = await filter_words(db, wish.asked, question.today, scope)
    basis = figures.numbers.basis
    origin = Origin(export.user_name, export.created_at, scope.zone)
    about = about_lines("Pipeline analysis", figures.numbers.now.deals, filters, basis, origin)
    day = question.as_of.astimezone(scope.zone)
    stem = f"pipeline-pulse-analysis-{day:%Y-%m-%d-%H%M}"
    if export.format == ExportFormat.XLSX:
        path = folder / "analysis.xlsx"
        written = asyncio.to_thread(write_workbook, path, figures, about)
    else:
        path = folder / "analysis.pdf"
        written = asyncio.to_thread(write_report, path, figures, filters, about)
    await attended(written, lambda: tell(0))
    return MadeFile(path, f"{stem}.{export.format}", None)


async def _slides(
    db: AsyncSession, export: Export, folder: Path, tell: Tell, reader: SlideReader
) -> MadeFile:
    wish = read_wish(export.query)
    question = await read_question(
        db, wish.asked, export.created_at, wish.as_of, wish.compared_with
    )
    scope = question.now.scope
    origin = Origin(export.user_name, export.created_at, scope.zone)
    filters = await filter_words(db, wish.asked, question.today, scope)
    basis = await read_basis(db, question)
    day = f"{question.as_of.astimezone(scope.zone):%Y-%m-%d-%H%M}"
    if export.kind == ExportKind.O2R_DEAL:
        slide = await reader.deal(db, int(export.subject or 0), export.created_at)
        slides: tuple[Slide, ...] = (slide,)
        cover = None
        filters = [("Deal", slide.title)]
        name = f"pipeline-pulse-{file_word(slide.title)}-{day}.pptx"
        count = 1
    else:
        count = await count_deals(db, question.now)
        cover = Slide("Opportunity to Revenue", in_one_line(filters))
        slides = await reader.deck(db, question, wish.quarter)
        name = f"pipeline-pulse-o2r-{day}.pptx"
    about = about_lines(cover.title if cover else "One deal", count, filters, basis, origin)
    path = folder / "slides.pptx"
    await attended(asyncio.to_thread(write_slides, path, cover, slides, about), lambda: tell(0))
    return MadeFile(path, name, None)


async def _write_csv(listed: _Listing, path: Path, tell: Tell) -> int:
    rows = 0
    with path.open("wb") as file:
        file.write(csv_head(listed.labels))
        async for block in listed.blocks:
            file.write(csv_lines(block))
            rows += len(block)
            await tell(rows)
    return rows


async def _write_xlsx(listed: _Listing, path: Path, tell: Tell) -> int:
    book = Book(path, listed.zone)
    sheet = book.sheet(listed.title, listed.heads, frozen=2)
    rows = 0
    async for block in listed.blocks:
        sheet.add(block)
        rows += len(block)
        await tell(rows)
    sheet.filterable()
    book.about(listed.about)
    # Half of the time goes into packing the file.
    await attended(asyncio.to_thread(book.close), lambda: tell(rows))
    return rows


def _zip(whole: Path, files: dict[str, Path], about: list[Line]) -> None:
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            archive.write(path, name)
        archive.writestr("about.txt", about_text(about))


def file_word(text: str) -> str:
    """Return a text as part of a file's name: ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "deal"
