"""What a call costs and which concurrency groups it fills.

Credits are counted per organisation over a rolling 24 hours. Sources: the v8 pages API Limits,
COQL Overview and Bulk Read. Prices that no official page confirms are fields of `Prices`, so that
an organisation's own figures can be put in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus


class Operation(StrEnum):
    """Every call that the client makes, by the name that gates and logs see."""

    LIST_RECORDS = "records.list"
    GET_RECORD = "records.get"
    LIST_DELETED = "records.deleted"
    COUNT_RECORDS = "records.count"
    SEARCH = "records.search"
    TIMELINE = "records.timeline"
    STAGE_HISTORY = "records.stage_history"
    COQL = "coql.query"
    INSERT = "records.insert"
    UPDATE = "records.update"
    UPSERT = "records.upsert"
    DELETE = "records.delete"
    RESTORE = "recycle_bin.restore"
    MASS_UPDATE = "mass_update.ids"
    MASS_UPDATE_VIEW = "mass_update.view"
    MASS_UPDATE_STATUS = "mass_update.status"
    BULK_WRITE_UPLOAD = "bulk_write.upload"
    BULK_WRITE_CREATE = "bulk_write.create"
    BULK_WRITE_STATUS = "bulk_write.status"
    BULK_WRITE_RESULT = "bulk_write.result"
    BULK_READ_CREATE = "bulk_read.create"
    BULK_READ_STATUS = "bulk_read.status"
    BULK_READ_DOWNLOAD = "bulk_read.download"
    MODULES = "metadata.modules"
    FIELDS = "metadata.fields"
    LAYOUTS = "metadata.layouts"
    PIPELINES = "metadata.pipelines"
    CUSTOM_VIEWS = "metadata.custom_views"
    FIELD = "metadata.field"
    CREATE_FIELDS = "custom_fields.create"
    UPDATE_FIELDS = "custom_fields.update"
    DELETE_FIELD = "custom_fields.delete"
    ORGANISATION = "metadata.organisation"
    USERS = "metadata.users"
    CURRENCIES = "metadata.currencies"


@dataclass(frozen=True, slots=True)
class Work:
    """The facts that decide a call's price.

    `rows` is the number of records written or to be written, or the LIMIT of a COQL query.
    """

    operation: Operation
    module: str | None = None
    rows: int = 0
    is_sorted: bool = False
    is_view: bool = False
    """A list of the records of a custom view."""


@dataclass(frozen=True, slots=True)
class CallCost:
    """What a gate has to reserve for one attempt.

    `is_complex` puts the call into the sub-concurrency group (10 at a time on every edition);
    `weight` is the number of concurrency slots that it fills.
    """

    operation: str
    module: str | None
    credits: int
    is_complex: bool
    weight: int = 1


ROWS_PER_WRITE_CREDIT = 10
COQL_SMALL, COQL_MEDIUM = 200, 1_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Credits by kind of call; the defaults are the documented or best attested figures.

    Unconfirmed by any official page: `sorted_list`, `view_list`, `search`, `record_count`,
    `rows_per_delete_credit`, `rows_per_mass_update_credit`, `bulk_write_upload` (which goes to
    another host), `refused` (a call answered with 4xx) and `turned_away` (401 and 429: refused
    before any work was done). No source at all has a figure for mass update: it is priced like the
    update that it replaces, the dearest of the plausible readings, so that a budget that holds by
    this table holds by the CRM's too.
    """

    sorted_list: int = 1
    view_list: int = 3
    search: int = 1
    record_count: int = 50
    bulk_read: int = 50
    bulk_write: int = 500
    bulk_write_upload: int = 1
    rows_per_delete_credit: int = 100
    rows_per_mass_update_credit: int = 10
    refused: int = 1
    turned_away: int = 0

    def cost_of(self, work: Work) -> CallCost:
        """Return the cost of one attempt of a call."""
        return CallCost(
            operation=work.operation.value,
            module=work.module,
            credits=self._credits(work),
            is_complex=_is_complex(work),
        )

    def charged(self, cost: CallCost, status: int | None) -> int:
        """Return the credits of an attempt that ended with `status` (None: no answer)."""
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}:
            return self.turned_away
        if status is not None and 400 <= status < 500:  # noqa: PLR2004 - HTTP's own ranges
            return min(self.refused, cost.credits)
        return cost.credits

    def _credits(self, work: Work) -> int:
        fixed = {
            Operation.SEARCH: self.search,
            Operation.COUNT_RECORDS: self.record_count,
            Operation.BULK_READ_CREATE: self.bulk_read,
            Operation.BULK_WRITE_CREATE: self.bulk_write,
            Operation.BULK_WRITE_UPLOAD: self.bulk_write_upload,
        }
        match work.operation:
            case Operation.LIST_RECORDS if work.is_view or work.is_sorted:
                return self.view_list if work.is_view else self.sorted_list
            case Operation.COQL:
                return 1 + (work.rows > COQL_SMALL) + (work.rows > COQL_MEDIUM)
            case Operation.INSERT | Operation.UPDATE | Operation.UPSERT:
                return -(-work.rows // ROWS_PER_WRITE_CREDIT)
            case Operation.DELETE:
                return -(-work.rows // self.rows_per_delete_credit)
            case Operation.MASS_UPDATE | Operation.MASS_UPDATE_VIEW:
                return -(-work.rows // self.rows_per_mass_update_credit)
            case operation:
                return fixed.get(operation, 1)


def _is_complex(work: Work) -> bool:
    """Tell whether the call belongs to the group that shares ten slots."""
    match work.operation:
        case Operation.COQL | Operation.SEARCH:
            return True
        case Operation.LIST_RECORDS:
            return work.is_sorted or work.is_view
        # No list names mass update by ids; it writes as many rows at once as the listed writes do.
        case Operation.INSERT | Operation.UPDATE | Operation.UPSERT | Operation.MASS_UPDATE:
            return work.rows > ROWS_PER_WRITE_CREDIT
        case _:
            return False
