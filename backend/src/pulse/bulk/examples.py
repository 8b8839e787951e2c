"""One operation, told through all of its answers: the examples of the API's description."""

from __future__ import annotations

from typing import Any, Final

_ID: Final = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"
_RECORD: Final = "554023000000235001"
_NAME: Final = "Acme Shipping - ERP Rollout"
_BEFORE: Final = {"Stage": "Qualification"}
_AFTER: Final = {"Stage": "Negotiation"}
_AT: Final = "2026-08-17T08:57:00Z"
_LOCKED: Final = "Sorry, you cannot perform this operation as the record is locked."

# Any: JSON.
_PUT: Final[dict[str, Any]] = {
    "way": "put",
    "title": "Update in 5 calls",
    "calls": 15,
    "credits": 60,
    "seconds": 3.0,
    "reason": "5 updates of up to 100 records, each guarded against changes made meanwhile",
}
PLAN: Final[dict[str, Any]] = {
    "way": "mass_update",
    "title": "Mass update in 1 call",
    "calls": 3,
    "credits": 54,
    "seconds": 0.6,
    "reason": "1 mass update of up to 500 ids",
    "runs_automation": True,
    "credits_left": 61200,
    "credits_left_after": 61146,
    "is_affordable": True,
    "rejected": [_PUT],
}
_COUNTS: Final = {
    "waiting": 0,
    "sent": 0,
    "done": 498,
    "unchanged": 1,
    "failed": 1,
    "left_alone": 0,
}
PREVIEW: Final[dict[str, Any]] = {
    "operation": "mass_update",
    "count": 500,
    "limit": 50000,
    "will_change": 499,
    "unchanged": 1,
    "left_alone": 0,
    "will_fail": 0,
    "fields": [{"api_name": "Stage", "label": "Stage", "data_type": "picklist"}],
    "sample": [{"id": _RECORD, "name": _NAME, "before": _BEFORE, "after": _AFTER}],
    "reasons": [
        {
            "state": "unchanged",
            "code": "same_value",
            "message": "It has these values already.",
            "field": None,
            "count": 1,
            "sample": [{"id": "554023000000235002", "name": "Borneo Energy - Data Platform"}],
        }
    ],
    "plan": PLAN,
}
STARTED: Final[dict[str, Any]] = {
    "message": "Mass update of 499 deals started.",
    "session_id": _ID,
    "status": "pending",
    "operation_type": "mass_update",
    "records_total": 500,
    "counts": {**_COUNTS, "waiting": 499, "done": 0, "failed": 0},
    "plan": PLAN,
}
ITEM: Final[dict[str, Any]] = {
    "id": _RECORD,
    "name": _NAME,
    "state": "failed",
    "before": _BEFORE,
    "after": _AFTER,
    "code": "RECORD_LOCKED",
    "message": _LOCKED,
    "field": None,
    "sent_at": _AT,
    "done_at": _AT,
}
ITEM_PAGE: Final[dict[str, Any]] = {
    "count": 1,
    "items": [ITEM],
    "limit": 50,
    "offset": 0,
    "has_more": False,
}
SMALL_BATCH: Final[dict[str, Any]] = {
    "message": "0 of 1 records updated.",
    "session_id": _ID,
    "total_records": 1,
    "successful_updates": 0,
    "failed_updates": 1,
    "unchanged": 0,
    "left_alone": 0,
    "not_written": 0,
    "details": [ITEM],
}
SESSION: Final[dict[str, Any]] = {
    "id": _ID,
    "module": "Deals",
    "sync_type": "mass_update",
    "operation_type": "mass_update",
    "status": "completed",
    "created_at": _AT,
    "started_at": _AT,
    "completed_at": "2026-08-17T08:57:02Z",
    "progress_percentage": 100.0,
    "records_processed": 500,
    "records_total": 500,
    "api_calls_made": 3,
    "credits_used": 54,
    "seconds_left": None,
    "plan": PLAN,
    "requested_by": "Mei Tan",
    "cancel_requested_at": None,
    "error_code": None,
    "error_message": None,
    "fields": _AFTER,
    "choice": "filter: stage=Qualification",
    "counts": _COUNTS,
    "undo_of": None,
    "undone_by": None,
    "can_undo": True,
    "can_cancel": False,
}
STATUS: Final[dict[str, Any]] = {"session": SESSION, "zoho_job_status": None}
SESSION_PAGE: Final[dict[str, Any]] = {**ITEM_PAGE, "items": [SESSION]}
VIEWS: Final[dict[str, Any]] = {
    "views": [
        {
            "id": "554023000000091001",
            "name": "Open Deals",
            "category": "public_views",
            "is_default": True,
        }
    ]
}
CANCELLATION: Final[dict[str, Any]] = {
    "message": "It stops after the records that are on their way; the rest stays unwritten.",
    "session_id": _ID,
    "status": "in_progress",
}
UNDO_PREVIEW: Final[dict[str, Any]] = {
    "session_id": _ID,
    "will_restore": 497,
    "in_part": 0,
    "left_alone": 1,
    "will_fail": 0,
    "sample": [{"id": _RECORD, "name": _NAME, "before": _AFTER, "after": _BEFORE}],
    "left": [
        {
            "id": "554023000000235003",
            "name": "Lotus Foods - IoT",
            "state": "left_alone",
            "code": "changed_since",
            "message": "The field was changed after the operation that is undone.",
            "fields": ["Stage"],
        }
    ],
    "plan": PLAN,
}
RESULTS_CSV: Final = (
    "id,name,state,code,message,field,before,after,sent_at,done_at\r\n"
    f'{_RECORD},{_NAME},failed,RECORD_LOCKED,"{_LOCKED}",,'
    '"{""Stage"":""Qualification""}","{""Stage"":""Negotiation""}",'
    "2026-08-17T08:57:00+00:00,2026-08-17T08:57:00+00:00\r\n"
)
