from collections.abc import Iterator

import pytest

from support.edited import EditedMirror


@pytest.fixture
def mirror(database_url: str) -> Iterator[EditedMirror]:
    with EditedMirror(database_url) as mirror:
        yield mirror
