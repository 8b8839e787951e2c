"""Read one record from the mirror, search the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import literal, select, union_all

from pulse.core.modules import DEALS
from pulse.core.sync import Presence, RecordStatus
from pulse.kit.errors import InvalidInputError, NotFoundError
from pulse.models import (
    Account,
    CrmField,
    Document,
    LookupName,
    RecordSyncStatus,
    User,
)
from pulse.records.ports import SearchBy, SearchQuery
from pulse.records.schemas import RecordAnswer, SearchAnswer, SyncMetadata

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.records.ports import CrmRecords

SEARCHABLE_ROWS: Final = 2_000
"""As far as the CRM's search can be paged."""
_LOOKUPS: Final = ("lookup", "ownerlookup", "userlookup")
_STAMP: Final = "Modified_Time"


def record_not_found(record_id: int) -> NotFoundError:
    """Return the error for an id that neither side knows."""
    return NotFoundError(
        f"There is no deal {record_id} in the mirror.",
        code="record_not_found",
        fix=f"If it exists in the CRM, POST /api/records/{record_id}/sync fetches it.",
    )


def one_search_at_a_time() -> InvalidInputError:
    """Return the error of a search that names none, or several, of its four ways."""
    return InvalidInputError(
        "A search takes exactly one of criteria, word, email and phone.",
        code="one_search_at_a_time",
        fix="Send one of them; criteria can be joined by and, or.",
    )


def search_too_deep() -> InvalidInputError:
    """Return the error of a page beyond what the CRM's search can reach."""
    return InvalidInputError(
        f"The CRM's search reaches its first {SEARCHABLE_ROWS:,} rows only.",
        code="search_too_deep",
        fix="Narrow the search.",
    )


def search_refused() -> InvalidInputError:
    """Return an example of an expression that the CRM does not understand."""
    return InvalidInputError(
        "Searching Deals failed: the CRM refused the request (INVALID_QUERY).",
        code="search_refused",
        fix="Correct the criteria; field names are the CRM's API names.",
    )


async def mirrored_record(db: AsyncSession, record_id: int) -> RecordAnswer:
    """Return a deal as the mirror holds it, tombstones included. Raises NotFoundError."""
    row = (
        await db.execute(
            select(Document.document, RecordSyncStatus)
            .join(RecordSyncStatus, RecordSyncStatus.zoho_record_id == Document.record_id)
            .where(Document.record_id == record_id, Document.module == DEALS)
        )
    ).one_or_none()
    if row is None:
        raise record_not_found(record_id)
    document, status = row
    named = await _with_names(db, document)
    stamp = {} if status.crm_modified_at is None else {_STAMP: status.crm_modified_at}
    return RecordAnswer(
        record={"id": str(record_id), **named, **stamp},
        sync_metadata=SyncMetadata(
            local_sync_status=RecordStatus(status.sync_status),
            presence=Presence(status.presence),
            last_synced=status.last_sync_at,
            crm_modified=status.crm_modified_at,
            has_conflicts=status.sync_status == RecordStatus.CONFLICT,
            error=status.error_details,
        ),
    )


async def _with_names(db: AsyncSession, document: Mapping[str, object]) -> dict[str, object]:
    """Return a document with each looked-up id as `{id, name}`; the name is null if never seen."""
    lookups = await db.scalars(
        select(CrmField.api_name).where(
            CrmField.module == DEALS,
            CrmField.data_type.in_(_LOOKUPS),
            CrmField.api_name.in_(list(document)),
        )
    )
    ids = {name: str(document[name]) for name in lookups}
    wanted = [int(value) for value in ids.values() if value.isdigit()]
    seen = await db.execute(select(LookupName.id, LookupName.name).where(LookupName.id.in_(wanted)))
    users = await db.execute(select(User.id, User.full_name).where(User.id.in_(wanted)))
    # Queries show a user by last name only, so the list of users goes first.
    names = {str(row[0]): row[1] for row in (*seen, *users)}
    return {
        **document,
        **{field: {"id": value, "name": names.get(value)} for field, value in ids.items()},
    }


async def _names_of(db: AsyncSession, ids: Collection[int]) -> dict[str, str | None]:
    """Return names by id: of users and accounts as their own records say, else as last seen."""
    known = union_all(
        select(LookupName.id, LookupName.name, literal(1).label("rank")).where(
            LookupName.id.in_(ids)
        ),
        select(Account.id, Account.name, literal(2)).where(Account.id.in_(ids)),
        select(User.id, User.full_name, literal(2)).where(User.id.in_(ids)),
    ).subquery()
    rows = await db.execute(select(known.c.id, known.c.name).order_by(known.c.rank))
    return {str(row.id): row.name for row in rows}


def search_query(given: Mapping[SearchBy, str | None], page: int, per_page: int) -> SearchQuery:
    """Return the one search that was asked for. Raises InvalidInputError."""
    asked = [(by, value) for by, value in given.items() if value is not None]
    if len(asked) != 1:
        raise one_search_at_a_time()
    if page * per_page > SEARCHABLE_ROWS:
        raise search_too_deep()
    [(by, value)] = asked
    return SearchQuery(by, value, page, per_page)


async def search(crm: CrmRecords, query: SearchQuery) -> SearchAnswer:
    """Search the CRM; what is found refreshes the mirror."""
    found = await crm.search(query)
    return SearchAnswer(
        items=list(found.rows),
        page=query.page,
        per_page=query.per_page,
        has_more=found.has_more and (query.page + 1) * query.per_page <= SEARCHABLE_ROWS,
        mirror_created=found.applied.created,
        mirror_updated=found.applied.changed + found.applied.restored,
    )
