"""Where the simulator answers otherwise than the vendor's OpenAPI files, and why.

The files disagree here with the vendor's documentation, samples or SDK; the sections are those of
zoho-crm-v8.md. Everything that is not in this table must fit the files.
"""

from __future__ import annotations

from typing import NamedTuple

from support.vendor_openapi import Operation

# Instead of a complaint: the file lists the error within ``data``, the documentation bare.
BARE_ERROR = "body: a bare error"
# And the other way round: the file lists a bare error, the documentation a result for each row.
ROW_RESULTS = "body: a result for each row"


class Deviation(NamedTuple):
    """A complaint of a file that is expected of an operation and a status."""

    operation: Operation
    status: int
    said: str
    reason: str


_LIST = Operation("record", "get", "/{module}")
_GET = Operation("record", "get", "/{module}/{recordID}")
_INSERT = Operation("record", "post", "/{module}")
_UPDATE = Operation("record", "put", "/{module}")
_UPSERT = Operation("record", "post", "/{module}/upsert")
_DELETE = Operation("record", "delete", "/{module}")
_DELETE_ONE = Operation("record", "delete", "/{module}/{recordID}")
_FIELDS = Operation("fields", "get", "/settings/fields")
_FIELD = Operation("fields", "get", "/settings/fields/{fieldId}")
_JOB = Operation("bulk-read", "get", "/read/{jobId}")
_WRITE = Operation("bulk-write", "post", "/write")
_WRITE_JOB = Operation("bulk-write", "get", "/write/{jobId}")
_MODULE = Operation("modules", "get", "/settings/modules/{moduleIdentifier}")
_PIPELINES = Operation("pipeline", "get", "/settings/pipeline")
_STAGES = Operation("related-records", "get", "/{parentRecordModule}/{parentRecord}/{relatedList}")

_EMAIL = "Additional properties are not allowed ('email' was unexpected)"
_STAGE_FACTS = (
    "fields.*.pick_list_values.*: Additional properties are not allowed"
    " ('forecast_category', 'forecast_type', 'probability' were unexpected)"
)

KNOWN_DEVIATIONS = (
    *(
        Deviation(operation, 400, BARE_ERROR, "3.3 and 4.3: the examples show the error unwrapped")
        for operation in (_LIST, _GET, _INSERT, _UPDATE, _UPSERT)
    ),
    *(
        Deviation(
            operation,
            400,
            "data.*.details: 'resource_path_index' is a required property",
            "3.3: the details name the parameter; only a path error has an index",
        )
        for operation in (_LIST, _GET)
    ),
    Deviation(
        _LIST,
        400,
        "data.*.code: 'PATTERN_NOT_MATCHED' is not among the listed values",
        "3.3: a parameter of the wrong form",
    ),
    Deviation(
        _INSERT,
        400,
        "data.*.code: 'UNABLE_TO_PARSE_DATA_TYPE' is not among the listed values",
        "4.3: a body that cannot be read",
    ),
    *(
        Deviation(_INSERT, 401, said, "1.3: the body of an invalid token, as every call has it")
        for said in (
            "data.*: Additional properties are not allowed ('details' was unexpected)",
            "data.*.code: 'INVALID_TOKEN' is not among the listed values",
        )
    ),
    Deviation(_INSERT, 401, BARE_ERROR, "1.3: errors of authentication are bare everywhere"),
    *(
        Deviation(operation, 400, ROW_RESULTS, "4.1: all rows failed is 400 with the rows in data")
        for operation in (_DELETE, _DELETE_ONE)
    ),
    *(
        Deviation(operation, 207, "status: 207 is not listed", "4.1: a mixed batch is 207")
        for operation in (_INSERT, _UPDATE, _UPSERT)
    ),
    Deviation(_LIST, 401, "status: 401 is not listed", "1.3: an invalid token is 401"),
    *(
        Deviation(operation, 200, f"data.*.{name}: {_EMAIL}", "3.4: Get Records gives the e-mail")
        for operation in (_LIST, _GET)
        for name in ("Created_By", "Modified_By")
    ),
    *(
        Deviation(_LIST, 200, f"info.{name}: null instead of string", "3.2: null in the sample")
        for name in ("previous_page_token", "next_page_token", "page_token_expiry")
    ),
    Deviation(
        _UPSERT,
        200,
        "data.*: Additional properties are not allowed ('action', 'duplicate_field' were"
        " unexpected)",
        "4.1: rows of an upsert say what was done, and by which field",
    ),
    Deviation(_FIELDS, 200, _STAGE_FACTS, "10.2: the values of Stage carry them"),
    Deviation(_FIELD, 200, _STAGE_FACTS, "10.2: the values of Stage carry them"),
    Deviation(
        _FIELDS,
        200,
        "fields.*: Additional properties are not allowed ('subform' was unexpected)",
        "10.2: a key of the fields page",
    ),
    Deviation(
        _MODULE,
        400,
        "code: 'INVALID_MODULE' is not among the listed values",
        "12: what every call says of a module that does not exist",
    ),
    Deviation(
        _PIPELINES,
        400,
        "code: 'REQUIRED_PARAM_MISSING' is not among the listed values",
        "12: what every call says of a parameter that is missing",
    ),
    *(
        Deviation(
            _JOB, 200, f"data.*: '{name}' is a required property", "7: no sample of a job has it"
        )
        for name in ("Attachment_Source__s", "File_Id__s")
    ),
    Deviation(
        _WRITE_JOB,
        200,
        "$: 'callback' is a required property",
        "8: a job that calls nobody back has none",
    ),
    *(
        Deviation(
            _WRITE,
            400,
            f"code: '{code}' is not among the listed values",
            "8: codes that the documentation lists",
        )
        for code in ("INVALID_FIELD", "INVALID_FILE_ID")
    ),
    Deviation(
        _STAGES, 200, "data.*.Moved_To__s: null instead of string", "3.4: an empty value is null"
    ),
)

# What the files list and the simulator does not serve, by file, method and path; "*" is any.
OUT_OF_SCOPE = {
    ("files", "*", "*"): "attachments are not mirrored",
    ("composite-requests", "*", "*"): "costs what its parts cost; not used",
    ("notifications", "*", "*"): "comes with the notification inbox",
    ("currencies", "post", "*"): "currencies are read, not changed",
    ("currencies", "put", "*"): "currencies are read, not changed",
    ("layouts", "patch", "*"): "layouts are read, not changed",
    ("layouts", "delete", "*"): "layouts are read, not changed",
    ("modules", "post", "*"): "modules are read, not changed",
    ("modules", "put", "*"): "modules are read, not changed",
    ("pipeline", "post", "*"): "pipelines are read, not changed",
    ("pipeline", "patch", "*"): "pipelines are read, not changed",
    ("pipeline", "put", "*"): "pipelines are read, not changed",
    ("users", "post", "*"): "users are read, not changed",
    ("users", "put", "*"): "users are read, not changed",
    ("users", "delete", "*"): "users are read, not changed",
    ("record", "post", "/{module}/{recordID}/actions/clone"): "nobody clones deals here",
    ("related-records", "put", "*"): "related lists are read, not changed",
    ("related-records", "delete", "*"): "related lists are read, not changed",
    (
        "related-records",
        "get",
        "/{parentRecordModule}/{parentRecord}/{relatedList}/{record}",
    ): "stage history is read as a list",
    (
        "related-records",
        "get",
        "/{parentRecordModule}/deleted/{parentRecord}/{relatedList}",
    ): "the history of deleted deals is read from the DealHistory module",
}


def is_out_of_scope(operation: Operation) -> bool:
    """Whether the table above names the operation."""
    file, method, path = operation
    return not OUT_OF_SCOPE.keys().isdisjoint(
        (file, either, which) for either in (method, "*") for which in (path, "*")
    )
