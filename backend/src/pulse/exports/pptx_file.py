"""Slides as PowerPoint: tables stay tables and words stay words, so that people can edit them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Emu, Inches, Pt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide as Page
    from pptx.table import _Cell
    from pptx.text.text import TextFrame

    from pulse.exports.slides import Fact, Slide, SlideTable
    from pulse.exports.words import Line

# The library types no constructor of colours.
_INK: Final = RGBColor(18, 26, 23)  # type: ignore[no-untyped-call]
_DIM: Final = RGBColor(98, 113, 106)  # type: ignore[no-untyped-call]
_LINE: Final = RGBColor(226, 232, 229)  # type: ignore[no-untyped-call]
_FACE: Final = "Calibri"
"""A face that the readers' machines have: slides do not bring theirs."""
_WIDTH: Final = Inches(13.333)
_HEIGHT: Final = Inches(7.5)
_MARGIN: Final = Inches(0.6)
_GAP: Final = Inches(0.35)
_ROW: Final = Inches(0.27)
_MOST_ROWS: Final = 14
_BLANK_LAYOUT: Final = 6
_PLAIN_TABLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style "No Style, No Grid" of every presentation (ECMA-376)."""


def write_slides(
    path: Path, cover: Slide | None, slides: Sequence[Slide], about: Sequence[Line]
) -> None:
    """Write a cover, if any, the slides, and a last one that says what they rest on."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    deck.core_properties.author = "Pipeline Pulse"
    deck.core_properties.title = (cover or slides[0]).title
    foot = "   ·   ".join(fact for name, fact in about if name in {"As of", "Filters"})
    if cover is not None:
        _cover(deck, cover)
    for slide in slides:
        _slide(deck, slide, foot)
    _about(deck, about)
    deck.save(str(path))


def _page(deck: Deck) -> Page:
    page: Page = deck.slides.add_slide(deck.slide_layouts[_BLANK_LAYOUT])
    return page


def _text(page: Page, words: str, box: tuple[int, int, int, int], size: int, *, bold: bool = False,
          colour: RGBColor = _INK) -> None:  # fmt: skip
    frame = page.shapes.add_textbox(*(Emu(each) for each in box)).text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    _write(frame, words, size, bold=bold, colour=colour)


def _write(frame: TextFrame, words: str, size: int, *, bold: bool, colour: RGBColor) -> None:
    run = frame.paragraphs[0].add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FACE
    run.font.color.rgb = colour


def _cover(deck: Deck, cover: Slide) -> None:
    page = _page(deck)
    wide = _WIDTH - 2 * _MARGIN
    _text(page, cover.title, (_MARGIN, Inches(2.5), wide, Inches(0.9)), 40, bold=True)
    _text(page, cover.line, (_MARGIN, Inches(3.5), wide, Inches(1.6)), 18, colour=_DIM)
    for place, fact in enumerate(cover.facts):
        top = Inches(5.3) + place * Inches(0.4)
        _text(page, f"{fact.name}: {fact.value}", (_MARGIN, top, wide, Inches(0.35)), 14)


def _slide(deck: Deck, slide: Slide, foot: str) -> None:
    page = _page(deck)
    wide = _WIDTH - 2 * _MARGIN
    _text(page, slide.title, (_MARGIN, Inches(0.45), wide, Inches(0.6)), 28, bold=True)
    _text(page, slide.line, (_MARGIN, Inches(1.05), wide, Inches(0.35)), 14, colour=_DIM)
    top: int = Inches(1.6)
    if slide.facts:
        _facts(page, slide.facts, top)
        top += Inches(1.15)
    sides = [side for side in (slide.left, slide.right) if side]
    each = (wide - _GAP * (len(sides) - 1)) // max(len(sides), 1)
    for place, tables in enumerate(sides):
        left, ends = _MARGIN + place * (each + _GAP), top
        for table in tables:
            ends = _table(page, table, (left, ends, each)) + Inches(0.25)
    _text(page, foot, (_MARGIN, Inches(7.05), wide, Inches(0.3)), 10, colour=_DIM)


def _facts(page: Page, facts: Sequence[Fact], top: int) -> None:
    each = (_WIDTH - 2 * _MARGIN) // len(facts)
    for place, fact in enumerate(facts):
        left, wide = _MARGIN + place * each, each - Inches(0.15)
        _text(page, fact.name, (left, top, wide, Inches(0.25)), 12, colour=_DIM)
        _text(page, fact.value, (left, top + Inches(0.25), wide, Inches(0.4)), 20, bold=True)
        _text(page, fact.note, (left, top + Inches(0.66), wide, Inches(0.25)), 12, colour=_DIM)


def _table(page: Page, table: SlideTable, box: tuple[int, int, int]) -> int:
    """Draw a table under its title; return where it ends."""
    left, top, wide = box
    _text(page, table.title, (left, top, wide, Inches(0.3)), 14, bold=True)
    top += Inches(0.32)
    if not table.rows:
        _text(page, table.nothing, (left, top, wide, Inches(0.3)), 12, colour=_DIM)
        return top + Inches(0.3)
    rows = table.rows[:_MOST_ROWS]
    shape = page.shapes.add_table(
        len(rows) + 1, len(table.heads), Emu(left), Emu(top), Emu(wide), Emu(_ROW * (len(rows) + 1))
    )
    _unstyled(shape)
    drawn = shape.table
    for place, share in enumerate(table.shares):
        drawn.columns[place].width = Emu(wide * share // sum(table.shares))
    for number, cells in enumerate((table.heads, *rows)):
        drawn.rows[number].height = Emu(_ROW)
        for place, words in enumerate(cells):
            _cell(drawn.cell(number, place), words, is_head=number == 0, is_first=place == 0)
    return top + _ROW * (len(rows) + 1)


# Any: the library's own XML, which it does not type.
def _unstyled(shape: Any) -> None:  # noqa: ANN401 - as above
    """Take the coloured bands from a table, for which the library has no way."""
    properties = shape._element.graphic.graphicData.tbl.tblPr  # noqa: SLF001 - as above
    properties.find(f"{{{properties.nsmap['a']}}}tableStyleId").text = _PLAIN_TABLE


def _cell(cell: _Cell, words: str, *, is_head: bool, is_first: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(0.05)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if is_head:
        cell.fill.solid()  # type: ignore[no-untyped-call] # the library types no fills
        cell.fill.fore_color.rgb = _LINE
    _write(cell.text_frame, words, 11, bold=is_head, colour=_INK)
    is_number = not is_first and words[:1] in "+\N{MINUS SIGN}0123456789"
    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT


def _about(deck: Deck, about: Sequence[Line]) -> None:
    page = _page(deck)
    wide = _WIDTH - 2 * _MARGIN
    _text(page, "About these slides", (_MARGIN, Inches(0.45), wide, Inches(0.6)), 28, bold=True)
    for place, (name, fact) in enumerate(about):
        top = Inches(1.3) + place * Inches(0.31)
        _text(page, name, (_MARGIN, top, Inches(2.3), Inches(0.3)), 12, colour=_DIM)
        _text(page, fact, (_MARGIN + Inches(2.4), top, wide - Inches(2.4), Inches(0.3)), 12)
