"""The client's Bulk Read operations, `client.bulk_read`, and the reader of their files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from zoho_crm.downloading import download_zip
from zoho_crm.protocol import bulk_read
from zoho_crm.protocol.bulk_csv import parse_bulk_csv
from zoho_crm.surface import Surface
from zoho_crm.zipped import only_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from zoho_crm.protocol.bulk_read import BulkCriteria, BulkReadJob
    from zoho_crm.protocol.wire import AnswerMeta


class BulkRead(Surface):
    """Export up to 200,000 records a job. Asking for the state again and again is the caller's."""

    async def create(
        self,
        module: str,
        fields: Sequence[str],
        criteria: BulkCriteria | None = None,
        page_token: str | None = None,
        callback: str | None = None,
    ) -> str:
        """Start an export and return its job id; no fields means all fields.

        `page_token` of a finished job exports the next 200,000 records of the same query. The
        CRM posts the finished job to the address `callback`.
        """
        return await self._runner.run(
            bulk_read.create(
                module, fields, criteria=criteria, page_token=page_token, callback=callback
            )
        )

    async def status(self, job_id: str) -> BulkReadJob:
        """Read the state of a job; an unknown id raises `NotFound`."""
        return await self._runner.run(bulk_read.status(job_id))

    async def download(self, job_id: str, to: Path) -> AnswerMeta:
        """Write the job's ZIP to the file `to`, which appears only when it is whole.

        The body goes to disk piece by piece. Ten downloads a minute are allowed; the eleventh
        waits as the retry policy permits.
        """
        return await download_zip(self._runner, bulk_read.download(job_id), to)


@contextmanager
def read_bulk_csv(path: Path) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    """Open a downloaded result: `with` it yields the header and an iterator over the rows.

    Rows are lists of strings as long as the header, read from the ZIP as they are asked for; an
    empty string is a null. The id column is called `id`.
    """
    with only_csv(path) as lines:
        yield parse_bulk_csv(lines)
