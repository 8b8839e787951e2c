"""The drawing of a session's states and the table that the code obeys are one."""

import re
from pathlib import Path

from pulse.core.sync import SESSION_TRANSITIONS

JOBS = Path(__file__).parents[3] / "docs" / "architecture" / "jobs.md"


def test_the_drawing_shows_exactly_the_legal_transitions() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+)$", JOBS.read_text(), flags=re.MULTILINE)

    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {(str(old), str(new)) for old, new in SESSION_TRANSITIONS}
