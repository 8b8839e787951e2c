"""Writing records: insert, update, upsert, delete, and restore from the recycle bin.

Sources: the v8 pages Insert, Update, Upsert and Delete Records, and the vendor's OpenAPI file of
the recycle bin. What becomes of each row is in `outcomes`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import orjson

from zoho_crm.protocol.outcomes import WriteResult, write_result
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.wire import Call, Request, Resend, iso_seconds, joined_ids, path, rows_of_ids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zoho_crm.protocol.faults import Json
    from zoho_crm.protocol.outcomes import Row

WRITE_LIMIT = 100
BIN = "recycle_bin"
# Decimals leave as JSON numbers with all their digits; a float would round them.
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


def insert(
    module: str, rows: Sequence[Row], *, trigger: Sequence[str] | None = None
) -> Call[WriteResult]:
    """Create 1 to 100 records; it is never sent twice.

    `trigger` names the automation to run; None runs all of it, an empty list none.
    """
    return Call(
        Work(Operation.INSERT, module, rows=len(rows)),
        Request("POST", path(module), body=_body(rows, trigger)),
        partial(write_result, key="data", ids=[None] * len(rows)),
        resend=Resend.NEVER,
        is_write=True,
        rows=tuple(rows),
    )


def update(
    module: str,
    rows: Sequence[Row],
    *,
    if_unmodified_since: datetime | None = None,
    trigger: Sequence[str] | None = None,
    may_repeat: bool = True,
) -> Call[WriteResult]:
    """Change 1 to 100 records; each row holds its `id`.

    With `if_unmodified_since`, records modified later than that are refused with
    ALREADY_MODIFIED; it is one time for the whole call. Without `may_repeat` a call that may have
    been executed is not sent again, as the CRM makes a new version of a record even of equal
    values.
    """
    for row in rows:
        if not row.get("id"):
            raise ValueError("a row to update has no id")
    return Call(
        Work(Operation.UPDATE, module, rows=len(rows)),
        Request(
            "PUT", path(module), headers=_guard(if_unmodified_since), body=_body(rows, trigger)
        ),
        partial(write_result, key="data", ids=[str(row["id"]) for row in rows]),
        resend=Resend.ALWAYS if if_unmodified_since is None and may_repeat else Resend.REFUSED_ONLY,
        is_write=True,
        rows=tuple(rows),
        guard=if_unmodified_since,
    )


def upsert(
    module: str,
    rows: Sequence[Row],
    *,
    duplicate_check_fields: Sequence[str],
    if_unmodified_since: datetime | None = None,
    trigger: Sequence[str] | None = None,
) -> Call[WriteResult]:
    """Update the records that match on `duplicate_check_fields`, create the others; 1 to 100 rows.

    The fields must be named: without them the CRM matches on its own choice, which for Deals is
    the name, and merges deals that are called alike.
    """
    if not duplicate_check_fields:
        raise ValueError("name the fields by which upsert recognises a record")
    is_guarded = if_unmodified_since is not None
    return Call(
        Work(Operation.UPSERT, module, rows=len(rows)),
        Request(
            "POST",
            path(module, "upsert"),
            headers=_guard(if_unmodified_since),
            body=_body(rows, trigger, duplicate_check_fields=list(duplicate_check_fields)),
        ),
        partial(write_result, key="data", ids=[None] * len(rows)),
        resend=Resend.REFUSED_ONLY if is_guarded else Resend.ALWAYS,
        is_write=True,
        rows=tuple(rows),
        guard=if_unmodified_since,
    )


def delete(module: str, ids: Sequence[str], *, run_automation: bool = True) -> Call[WriteResult]:
    """Move 1 to 100 records to the recycle bin.

    A repeated delete answers INVALID_DATA for a record that the first one took.
    """
    query = (
        ("ids", joined_ids(ids, at_most=WRITE_LIMIT)),
        ("wf_trigger", "true" if run_automation else "false"),
    )
    return Call(
        Work(Operation.DELETE, module, rows=len(ids)),
        Request("DELETE", path(module), query),
        partial(write_result, key="data", ids=list(ids)),
        is_write=True,
        rows=rows_of_ids(ids),
    )


def restore(ids: Sequence[str]) -> Call[WriteResult]:
    """Take 1 to 100 records of any module out of the recycle bin."""
    joined_ids(ids, at_most=WRITE_LIMIT)
    return Call(
        Work(Operation.RESTORE, rows=len(ids)),
        Request(
            "POST",
            path("settings", BIN, "actions", "restore"),
            body=orjson.dumps({"ids": list(ids)}),
        ),
        partial(write_result, key=BIN, ids=list(ids)),
        is_write=True,
        rows=rows_of_ids(ids),
    )


def _body(rows: Sequence[Row], trigger: Sequence[str] | None, **beside: object) -> bytes:
    if not 1 <= len(rows) <= WRITE_LIMIT:
        raise ValueError(f"{len(rows)} rows: one call takes 1 to {WRITE_LIMIT}")
    document: Json = {"data": [dict(row) for row in rows], **beside}
    if trigger is not None:
        document["trigger"] = list(trigger)
    return _ENCODE(document)


def _guard(if_unmodified_since: datetime | None) -> tuple[tuple[str, str], ...]:
    if if_unmodified_since is None:
        return ()
    return (("If-Unmodified-Since", iso_seconds(if_unmodified_since)),)
