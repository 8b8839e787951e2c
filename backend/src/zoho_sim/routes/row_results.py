"""What became of each row of a write, and the status of the whole answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.routes.call import respond
from zoho_sim.routes.errors import error_body
from zoho_sim.routes.shape import plain_name
from zoho_sim.state.records import CREATED_BY, CREATED_TIME, MODIFIED_BY, MODIFIED_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.records import Record
    from zoho_sim.state.writes import RowRefusedError


class Result(NamedTuple):
    """What became of one row."""

    body: JsonObject
    status: int

    @property
    def is_success(self) -> bool:
        """Whether the row was written."""
        return bool(self.body["status"] == "success")


def already_modified(record: Record) -> Result:
    """Return the result of a row that lost the race against another edit."""
    return Result(
        error_body(
            "ALREADY_MODIFIED",
            "record updated time has already passed if-unmodified-since time",
            stamps(record),
        ),
        412,
    )


def written(record: Record, message: str) -> Result:
    """Return the result of a row that was written: the record's new stamps."""
    details = {**stamps(record), "$approval_state": "approved"}
    return Result(
        {"code": "SUCCESS", "details": details, "message": message, "status": "success"}, 200
    )


def stamps(record: Record) -> JsonObject:
    """Return who made and changed the record, and when: the details of a write's result."""
    values = record.values
    return {
        "Modified_Time": values[MODIFIED_TIME],
        "Modified_By": plain_name(values[MODIFIED_BY]),
        "Created_Time": values[CREATED_TIME],
        "id": record.id,
        "Created_By": plain_name(values[CREATED_BY]),
    }


def bad_id(place: int) -> Result:
    """Return the result of a row whose id is unknown, deleted or hidden."""
    details = {"api_name": "id", "json_path": f"$.data[{place}].id"}
    return Result(error_body("INVALID_DATA", "the id given seems to be invalid", details), 400)


def refusal(refused: RowRefusedError) -> Result:
    """Return the result of a refused row: its reason, or all of them."""
    errors = [error_body(each.code, each.message, each.details) for each in refused.errors]
    if len(errors) == 1:
        return Result(errors[0], 400)
    body = error_body(
        "MULTIPLE_OR_MULTI_ERRORS", "Multiple errors in the request", {"errors": errors}
    )
    return Result(body, 400)


def answer_rows(results: Iterable[Result], success_status: int, key: str = "data") -> web.Response:
    """All well: the call's own status; all refused: 400, or 412 for lost races; mixed: 207."""
    listed = list(results)
    body = {key: [result.body for result in listed]}
    good = sum(result.is_success for result in listed)
    if good == len(listed):
        status = success_status
    elif good:
        status = 207
    elif all(result.status == 412 for result in listed):  # noqa: PLR2004 - HTTP's Precondition Failed
        status = 412
    else:
        status = 400
    return respond(body, status)
