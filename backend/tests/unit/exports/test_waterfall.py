"""The waterfall of a report: bars that follow each other, on an axis that says where it begins."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from pulse.analytics.movement.reasons import Bucket, Reason
from pulse.analytics.movement.waterfall import Movement, Part, Total
from pulse.exports.cells import CellKind
from pulse.exports.pdf_page import BLUE, Report
from pulse.exports.pdf_waterfall import bars_of, draw_waterfall, floor_of
from pulse.exports.tables import Table
from pulse.exports.xlsx_file import Head

MOVEMENT = Movement(
    start=Total(196, Decimal("46480000.10")),
    end=Total(214, Decimal("48620000.22")),
    reasons={
        Bucket.NEW: {Reason.CREATED: Part(18, Decimal("3180000.12"))},
        Bucket.PULLED_IN: {Reason.CLOSING_DATE: Part(6, Decimal("1240000.00"))},
        Bucket.INCREASED: {Reason.AMOUNT: Part(11, Decimal("860000.00"))},
        Bucket.DECREASED: {Reason.AMOUNT: Part(7, Decimal("-410000.00"))},
        Bucket.PUSHED_OUT: {Reason.CLOSING_DATE: Part(9, Decimal("-1570000.00"))},
        Bucket.WON: {Reason.WON: Part(4, Decimal("-740000.00"))},
        Bucket.LOST: {Reason.LOST: Part(2, Decimal("-420000.00"))},
    },
)


def test_each_bar_begins_where_the_one_before_it_ended() -> None:
    bars = bars_of(MOVEMENT)

    assert [bar.name for bar in bars] == [
        "Start", "New", "Pulled in", "Increased", "Decreased", "Pushed out", "Won", "Lost", "End",
    ]  # fmt: skip
    for before, bar in pairwise(bars[:-1]):
        assert before.after in {bar.low, bar.high}
    assert bars[-2].after == bars[-1].after == Decimal("48620000.22")
    assert [bar.label for bar in bars[1:5]] == [
        "+3,180,000.12", "+1,240,000.00", "+860,000.00", "\N{MINUS SIGN}410,000.00",
    ]  # fmt: skip


def test_what_is_lost_or_reduced_is_hatched_and_what_is_won_or_added_is_not() -> None:
    hatched = {bar.name for bar in bars_of(MOVEMENT) if bar.is_hatched}

    assert hatched == {"Decreased", "Pushed out", "Lost"}


@pytest.mark.parametrize(
    ("start", "new", "begins"),
    [
        ("46480000", "2000000", "45780000.00"),
        ("100", "900", "0"),
        ("0", "0", "0"),
        ("500", "0", "0"),
        ("0", "-20", "-20"),
    ],
)
def test_the_axis_begins_at_zero_unless_all_that_moved_is_far_above(
    start: str, new: str, begins: str
) -> None:
    ends = Decimal(start) + Decimal(new)
    movement = Movement(
        start=Total(1, Decimal(start)),
        end=Total(1, ends),
        reasons={Bucket.NEW: {Reason.CREATED: Part(1, Decimal(new))}},
    )

    assert floor_of(bars_of(movement)) == Decimal(begins)


@pytest.mark.parametrize("movement", [MOVEMENT, Movement()], ids=["much", "nothing"])
def test_a_waterfall_is_drawn_with_its_words(tmp_path: Path, movement: Movement) -> None:
    report = Report(tmp_path, "Movement", "As of now", "")
    draw_waterfall(report, movement)
    report.output(str(tmp_path / "movement.pdf"))

    text = PdfReader(tmp_path / "movement.pdf").pages[0].extract_text()
    for bar in bars_of(movement):
        assert bar.name in text
        assert bar.label in text


def test_a_table_stands_on_paper_whatever_was_filled_before(tmp_path: Path) -> None:
    report = Report(tmp_path, "People", "As of now", "")
    report.set_fill_color(*BLUE)
    report.table_of(Table("People", (Head("Name", CellKind.TEXT),), (("Mei Tan",),)))
    report.output(str(tmp_path / "table.pdf"))

    drawn = PdfReader(tmp_path / "table.pdf").pages[0].get_contents()
    assert drawn is not None
    after_blue = drawn.get_data().decode("latin-1").rpartition("0.2392 0.4392 0.8824 rg")
    assert after_blue[1]
    before_first_box = after_blue[2].partition(" re ")[0]
    assert re.search(r"(?<![.0-9])1 g\b|1 1 1 rg", before_first_box)
