"""The drawing of a local change's states and the table that the code obeys are one."""

import re
from pathlib import Path

from pulse.edits.deciding import CHANGE_TRANSITIONS

PAGE = Path(__file__).parents[3] / "docs" / "architecture" / "local-changes.md"


def test_the_drawing_shows_exactly_the_legal_moves() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+):", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {(str(old), str(new)) for old, new in CHANGE_TRANSITIONS}
