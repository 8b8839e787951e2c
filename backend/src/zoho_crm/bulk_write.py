"""The client's Bulk Write, `client.bulk_write`, with the writer of files and reader of results."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoho_crm.downloading import download_zip
from zoho_crm.protocol import bulk_write
from zoho_crm.protocol.bulk_columns import ROWS_LIMIT, ZIP_LIMIT_BYTES, cells, checked_columns
from zoho_crm.protocol.bulk_outcomes import parse_bulk_outcomes
from zoho_crm.surface import Surface
from zoho_crm.transport import FilePart
from zoho_crm.zipped import only_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from zoho_crm.protocol.bulk_columns import BulkColumn
    from zoho_crm.protocol.bulk_outcomes import BulkWriteRow
    from zoho_crm.protocol.bulk_write import BulkOperation, BulkWriteJob
    from zoho_crm.protocol.wire import AnswerMeta


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A ZIP that is ready to be uploaded: its one CSV, what stands in it, and its size."""

    path: Path
    csv_name: str
    columns: tuple[BulkColumn, ...]
    rows: int
    size_bytes: int


class BulkWrite(Surface):
    """Import up to 25,000 rows a job. Asking for the state again and again is the caller's."""

    async def upload(self, file: BulkFile, *, org_id: str) -> str:
        """Send a file to the host that takes them and return its id there.

        `org_id` is the zgid of `metadata.organisation()`.
        """
        return await self._runner.run(bulk_write.upload(org_id), upload=FilePart(file.path))

    async def create(
        self,
        module: str,
        operation: BulkOperation,
        file: BulkFile,
        file_id: str,
        *,
        ignore_empty: bool,
        find_by: str | None = None,
        defaults: Mapping[str, str] | None = None,
        callback: str | None = None,
    ) -> str:
        """Start a job over an uploaded file and return its id; it costs 500 credits.

        `find_by` is the field by which update and upsert recognise a record; its column is one of
        the first three. `ignore_empty` keeps what a record has where a cell is empty; without it
        an empty cell empties the field. `defaults` are values for fields without a column. The CRM
        posts the finished job to the address `callback`. `AnswerLost` means that a job may or may
        not have been started; it is never created twice by itself.
        """
        return await self._runner.run(
            bulk_write.create(
                module,
                operation,
                file_id=file_id,
                file_name=file.csv_name,
                columns=file.columns,
                ignore_empty=ignore_empty,
                find_by=find_by,
                defaults=defaults,
                callback=callback,
            )
        )

    async def status(self, job_id: str) -> BulkWriteJob:
        """Read the state of a job and its counts; an unknown id raises `NotFound`."""
        return await self._runner.run(bulk_write.status(job_id))

    async def download(self, job: BulkWriteJob, to: Path) -> AnswerMeta:
        """Write the ZIP of a job's result to the file `to`, which appears only when it is whole."""
        return await download_zip(self._runner, bulk_write.result(job), to)


def write_bulk_file(
    to: Path,
    columns: Sequence[BulkColumn],
    rows: Iterable[Sequence[object]],
    *,
    csv_name: str = "records.csv",
) -> BulkFile:
    """Write rows as the CSV of a Bulk Write and zip it on the way; the file appears when whole.

    A row has one value for each column. More than 25,000 rows, more than 25 MB zipped, no row at
    all, or a value that its column cannot hold raise ValueError with the row's number.
    """
    listed = checked_columns(columns)
    part = to.with_name(f"{to.name}.part")
    try:
        count = _write_rows(part, listed, rows, csv_name)
        if count == 0:
            raise ValueError("no rows: a file takes at least one")
        size_bytes = part.stat().st_size
        _check_size(size_bytes)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return BulkFile(to, csv_name, listed, count, size_bytes)


@contextmanager
def read_bulk_outcomes(path: Path) -> Iterator[Iterator[BulkWriteRow]]:
    """Open a downloaded result: `with` it yields an iterator over the outcomes of the rows."""
    with only_csv(path) as lines:
        yield parse_bulk_outcomes(lines)


def _write_rows(
    part: Path, columns: tuple[BulkColumn, ...], rows: Iterable[Sequence[object]], csv_name: str
) -> int:
    count = 0
    with (
        part.open("wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(csv_name, "w") as member,
        io.TextIOWrapper(member, encoding="utf-8", newline="") as lines,
    ):
        writer = csv.writer(lines)
        writer.writerow([column.api_name for column in columns])
        for values in rows:
            count += 1
            if count > ROWS_LIMIT:
                raise ValueError(f"more than {ROWS_LIMIT} rows: split them over several files")
            try:
                writer.writerow(cells(columns, values))
            except ValueError as wrong:
                raise ValueError(f"row {count}: {wrong}") from wrong
            _check_size(file.tell())
    return count


def _check_size(size_bytes: int) -> None:
    if size_bytes > ZIP_LIMIT_BYTES:
        raise ValueError(
            f"more than {ZIP_LIMIT_BYTES // 1_000_000} MB zipped: split the rows over several files"
        )
