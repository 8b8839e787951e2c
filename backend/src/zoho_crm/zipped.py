"""CSV files in ZIPs: read to their end before they are trusted, read and written piece by piece."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from zoho_crm.errors import BrokenAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def verify_zip(path: Path) -> None:
    """Read a result to its end; raise BrokenAnswer unless it is one whole CSV in a ZIP."""
    try:
        with zipfile.ZipFile(path) as archive:
            _only_member(archive)
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError) as broken:
        raise BrokenAnswer(f"result file: {broken}") from broken
    if damaged is not None:
        raise BrokenAnswer(f"result file: {damaged} fails its checksum")


@contextmanager
def only_csv(path: Path) -> Iterator[TextIO]:
    """Open the one file of a ZIP as lines that keep their ends."""
    with (
        zipfile.ZipFile(path) as archive,
        archive.open(_only_member(archive)) as member,
        # utf-8-sig: a byte order mark must not become part of the first column's name.
        io.TextIOWrapper(member, encoding="utf-8-sig", newline="") as lines,
    ):
        yield lines


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = archive.infolist()
    if len(members) != 1:
        raise BrokenAnswer(f"result file: {len(members)} files in place of one CSV")
    return members[0]
