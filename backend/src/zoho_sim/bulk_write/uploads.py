"""Uploaded files: a ZIP that holds one CSV, and the CSV once somebody says how it is encoded."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ZIP_BYTES_MAXIMUM = 25 * 1024 * 1024
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name="?([^";\r\n]+)"?', re.IGNORECASE)
_DELIMITERS = ",;:|"


class BulkWriteRefusedError(Exception):
    """An upload or an order is refused; ``status`` is HTTP's."""

    def __init__(
        self,
        code: str,
        message: str,
        details: Mapping[str, object] | None = None,
        *,
        status: int = 400,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = dict(details or {})
        self.status = status


@dataclass(frozen=True, slots=True)
class Upload:
    """A CSV as it came: its name within the ZIP, and its bytes."""

    file_id: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV as it is read: the names in its first line, and the cells of the others."""

    header: list[str]
    rows: list[list[str]]


def file_in(content_type: str, body: bytes) -> bytes:
    """Return the part ``file`` of a multipart body."""
    boundary = _BOUNDARY.search(content_type)
    if "multipart/form-data" in content_type.lower() and boundary is not None:
        for part in body.split(b"--" + boundary[1].encode())[1:]:
            head, blank, content = part.partition(b"\r\n\r\n")
            name = _NAME.search(head)
            if blank and name is not None and name[1] == b"file":
                return content.removesuffix(b"\r\n")
    raise BulkWriteRefusedError(
        "MANDATORY_NOT_FOUND", "required field not found", {"api_name": "file"}
    )


def unpacked(file_id: str, packed: bytes) -> Upload:
    """Return the one CSV in a ZIP of 25 MB at most."""
    if len(packed) > ZIP_BYTES_MAXIMUM:
        raise BulkWriteRefusedError("FILE_TOO_LARGE", "File size too large to process", status=413)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) != 1 or not names[0].lower().endswith(".csv"):
                raise _bad_file()
            return Upload(file_id, names[0], archive.read(names[0]))
    except zipfile.BadZipFile:
        raise _bad_file() from None


def table_of(upload: Upload, encoding: str) -> Table:
    """Read a CSV; its delimiter is the one that its first line has most of."""
    try:
        text = upload.content.decode("utf-8-sig" if encoding.upper() == "UTF-8" else encoding)
    except (UnicodeDecodeError, LookupError):
        message = f"the file is not encoded as {encoding}"
        raise BulkWriteRefusedError("INVALID_FILE_FORMAT", message) from None
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise BulkWriteRefusedError("INVALID_FILE_FORMAT", "the file is no CSV") from None
    rows = [line for line in lines if line]
    if not rows:
        raise BulkWriteRefusedError("INVALID_FILE_FORMAT", "the file is empty")
    return Table([name.strip() for name in rows[0]], rows[1:])


def _bad_file() -> BulkWriteRefusedError:
    return BulkWriteRefusedError(
        "INVALID_FILE_FORMAT", "invalid file format. only zip format is supported"
    )
