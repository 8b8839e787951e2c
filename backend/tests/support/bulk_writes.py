"""Bulk Write against a simulator: pack a file, upload it, order a job, read its results."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.crm_calls import CrmCalls
    from support.simulator import Answer, Json

_BOUNDARY = "----rows"
POLLS = 50


def packed(*files: tuple[str, bytes]) -> bytes:
    """Return a ZIP with these files."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return into.getvalue()


def csv_of(rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


class BulkWrites:
    """Bulk Write calls with the token and the organisation of a ``CrmCalls``."""

    def __init__(self, calls: CrmCalls) -> None:
        self.calls = calls
        self.crm = calls.crm

    @property
    def zgid(self) -> str:
        return str(self.crm.connection["organisation"]["zgid"])

    def upload(self, content: bytes, *, part: str = "file", **headers: str | None) -> Answer:
        """Post a file; a header given as None is left out."""
        lines = (
            f"--{_BOUNDARY}",
            f'Content-Disposition: form-data; name="{part}"; filename="rows.zip"',
            "Content-Type: application/zip",
            "",
            "",
        )
        body = "\r\n".join(lines).encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        sent = {
            "feature": "bulk-write",
            "X-CRM-ORG": self.zgid,
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
            **headers,
        }
        given = {name: value for name, value in sent.items() if value is not None}
        return self.calls.call("POST", "/upload", body=body, headers=given)

    def file_id(self, rows: Sequence[Sequence[object]], name: str = "deals.csv") -> str:
        answer = self.upload(packed((name, csv_of(rows))))
        assert answer.status == 200, answer.body
        return str(answer.json()["details"]["file_id"])

    def create(
        self, operation: str, file_id: str, *, more: Json = None, **resource: Json
    ) -> Answer:
        """Order a job over an uploaded file; ``more`` goes beside ``operation``."""
        body = {
            "operation": operation,
            "resource": [
                {
                    "type": "data",
                    "module": {"api_name": "Deals"},
                    "file_id": file_id,
                    **resource,
                }
            ],
            **(more or {}),
        }
        return self.ask("POST", "/crm/bulk/v8/write", body)

    def ask(self, method: str, path: str, body: Json = None) -> Answer:
        headers = {
            "Authorization": f"Zoho-oauthtoken {self.calls.token}",
            "Content-Type": "application/json",
        }
        return self.crm.request(method, path, body=body, headers=headers)

    def state(self, job: str) -> Json:
        return self.ask("GET", f"/crm/bulk/v8/write/{job}").json()

    def ended(self, answer: Answer) -> Json:
        """Return the state of a job, once it has ended."""
        assert answer.status == 201, answer.body
        for _ in range(POLLS):
            state = self.state(answer.json()["details"]["id"])
            if state["status"] in ("COMPLETED", "FAILED"):
                return state
        raise AssertionError(f"the job is {state['status']} after {POLLS} polls")

    def results(self, state: Json) -> list[list[str]]:
        """Return the lines of a job's result file."""
        answer = self.ask("GET", state["result"]["download_url"])
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            (name,) = archive.namelist()
            return list(csv.reader(io.StringIO(archive.read(name).decode(), newline="")))

    def write(
        self, operation: str, rows: Sequence[Sequence[object]], **resource: Json
    ) -> list[list[str]]:
        """Write rows through a job and return its results without the line of names."""
        return self.results(self.ended(self.create(operation, self.file_id(rows), **resource)))[1:]
