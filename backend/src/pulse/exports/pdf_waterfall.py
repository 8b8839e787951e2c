"""A movement as a waterfall: what each step added or took, drawn to one scale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from fpdf.enums import Align

from pulse.analytics.movement.reasons import Bucket
from pulse.exports.cells import CellKind
from pulse.exports.figures import BUCKET_WORDS
from pulse.exports.pdf_page import (
    AMBER,
    BLUE,
    DIM,
    GREEN,
    INK,
    LIGHT_BLUE,
    LINE,
    RED,
    RULE,
    Colour,
    Report,
    shown,
)

if TYPE_CHECKING:
    from pulse.analytics.movement.waterfall import Movement

_HEIGHT_MM: Final = 62.0
_LABEL_MM: Final = 12.0
_COLOURS: Final[dict[Bucket, tuple[Colour, bool]]] = {
    Bucket.NEW: (LIGHT_BLUE, False),
    Bucket.PULLED_IN: (LIGHT_BLUE, False),
    Bucket.INCREASED: (LIGHT_BLUE, False),
    Bucket.DECREASED: (AMBER, True),
    Bucket.PUSHED_OUT: (AMBER, True),
    Bucket.WON: (GREEN, False),
    Bucket.LOST: (RED, True),
}
"""Fill of a step, and whether it is hatched: never colour alone."""
_BREAK_ABOVE: Final = Decimal("0.5")
"""Where every bar stands higher than this share of the highest, the axis begins above zero."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `low` to `high`, and the words above and below it."""

    name: str
    deals: int
    label: str
    low: Decimal
    high: Decimal
    colour: Colour
    is_hatched: bool
    is_total: bool
    after: Decimal
    """Where the connector to the next bar runs."""


def bars_of(movement: Movement) -> list[Bar]:
    """Return the bars of a movement, each beginning where the one before ended."""
    at = movement.start.value
    bars = [_total("Start", movement.start.deals, at)]
    for bucket, name in BUCKET_WORDS.items():
        part = movement.bucket(bucket)
        colour, is_hatched = _COLOURS[bucket]
        ends = at + part.value
        sign = "+" if part.value > 0 else ""
        bars.append(
            Bar(
                name, part.deals, sign + shown(part.value, CellKind.MONEY), min(at, ends),
                max(at, ends), colour, is_hatched, is_total=False, after=ends,
            )
        )  # fmt: skip
        at = ends
    return [*bars, _total("End", movement.end.deals, movement.end.value)]


def _total(name: str, deals: int, value: Decimal) -> Bar:
    low, high = min(Decimal(0), value), max(Decimal(0), value)
    words = shown(value, CellKind.MONEY)
    return Bar(name, deals, words, low, high, BLUE, is_hatched=False, is_total=True, after=value)


def floor_of(bars: list[Bar]) -> Decimal:
    """Return where the axis begins: at zero, unless all that happens is far above it."""
    levels = [
        level for bar in bars for level in ((bar.after,) if bar.is_total else (bar.low, bar.high))
    ]
    lowest, highest = min(levels), max(levels)
    if lowest <= 0 or lowest == highest or lowest < highest * _BREAK_ABOVE:
        return min(Decimal(0), lowest)
    return lowest - (highest - lowest) * Decimal("0.35")


def draw_waterfall(report: Report, movement: Movement) -> None:
    """Draw a movement across the page, and move on below it."""
    if report.will_page_break(_HEIGHT_MM + 2 * _LABEL_MM):
        report.add_page()
    bars = bars_of(movement)
    floor = floor_of(bars)
    span = max(bar.high for bar in bars) - floor
    top, width = report.get_y() + 7, report.epw / len(bars)
    base = top + _HEIGHT_MM

    def height(level: Decimal) -> float:
        return base - float((max(level, floor) - floor) / span) * _HEIGHT_MM if span else base

    report.set_draw_color(*LINE)
    for step in range(1, 5):
        y = base - _HEIGHT_MM * step / 4
        report.line(report.l_margin, y, report.w - report.r_margin, y)
    report.set_draw_color(*RULE)
    report.line(report.l_margin, base, report.w - report.r_margin, base)
    for place, bar in enumerate(bars):
        left = report.l_margin + place * width + width * 0.16
        y, wide, high = height(bar.high), width * 0.68, height(bar.low) - height(bar.high)
        _fill(report, bar, (left, y, wide, max(high, 0.4)))
        if bar.is_total and floor > 0:
            _break(report, left, base - 4, wide)
        if place < len(bars) - 1:
            report.set_draw_color(*DIM)
            level = height(bar.after)
            report.line(left + wide, level, left + width, level)
        _words(report, bar, (left - width * 0.16, y, width), base)
    report.set_xy(report.l_margin, base + _LABEL_MM)


def _fill(report: Report, bar: Bar, box: tuple[float, float, float, float]) -> None:
    left, top, wide, high = box
    report.set_draw_color(*bar.colour)
    if not bar.is_hatched:
        report.set_fill_color(*bar.colour)
        report.rect(left, top, wide, high, style="F")
        return
    report.rect(left, top, wide, high, style="D")
    with report.rect_clip(left, top, wide, high):
        offset = 0.0
        while offset < wide + high:
            report.line(left + offset - high, top + high, left + offset, top)
            offset += 1.3


def _break(report: Report, left: float, y: float, wide: float) -> None:
    """Draw the sign that an axis does not begin at zero."""
    report.set_fill_color(255, 255, 255)
    step = wide / 4
    upper = [(left + step * n, y - (1.0 if n % 2 else 0.0)) for n in range(5)]
    lower = [(x, below + 1.2) for x, below in reversed(upper)]
    report.polygon([*upper, *lower], style="F")


def _words(report: Report, bar: Bar, box: tuple[float, float, float], base: float) -> None:
    left, top, width = box
    report.face(7.5, bold=True, colour=INK)
    report.set_xy(left, top - 5)
    report.cell(width, 4, bar.label, align=Align.C)
    report.face(8.5)
    report.set_xy(left, base + 1.5)
    report.cell(width, 4, bar.name, align=Align.C)
    report.face(7.5, colour=DIM)
    report.set_xy(left, base + 5.5)
    report.cell(width, 4, f"{bar.deals:,} deals" if bar.deals != 1 else "1 deal", align=Align.C)
