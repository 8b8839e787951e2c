"""The client's reading operations, one method for each call of the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_crm.protocol import coql as coql_protocol
from zoho_crm.protocol import records, timeline
from zoho_crm.protocol.paging import PageWalk
from zoho_crm.surface import Surface

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from zoho_crm.protocol.coql import CoqlPage
    from zoho_crm.protocol.faults import Json
    from zoho_crm.protocol.records import DeletedPage, RecordPage, SortBy, SortOrder
    from zoho_crm.protocol.timeline import TimelineEvent, TimelinePage


class Reading(Surface):
    """Read records. Records are the dicts that the CRM sent."""

    async def get_records(  # noqa: PLR0913 - the parameters of the CRM's own call
        self,
        module: str,
        fields: Sequence[str],
        *,
        page: int | None = None,
        page_token: str | None = None,
        per_page: int = records.PAGE_LIMIT,
        sort_by: SortBy | None = None,
        sort_order: SortOrder | None = None,
        ids: Sequence[str] | None = None,
        view_id: str | None = None,
        if_modified_since: datetime | None = None,
    ) -> RecordPage:
        """List one page of a module: 1 to 50 fields, up to 200 records, at most 50 ids.

        `view_id` keeps to the records of a custom view, which takes no `sort_by`.

        `page` reaches the first 2,000 records, `page_token` 100,000; beyond, `LimitExceeded`.
        An unusable token raises `WalkBroken`. Nothing newer than `if_modified_since` gives an
        empty page.
        """
        return await self._runner.run(
            records.get_records(
                module,
                fields,
                page=page,
                page_token=page_token,
                per_page=per_page,
                sort_by=sort_by,
                sort_order=sort_order,
                ids=ids,
                view_id=view_id,
                if_modified_since=if_modified_since,
            )
        )

    async def walk_records(
        self,
        module: str,
        fields: Sequence[str],
        *,
        page_token: str | None = None,
        per_page: int = records.PAGE_LIMIT,
        sort_by: SortBy | None = None,
        sort_order: SortOrder | None = None,
        if_modified_since: datetime | None = None,
    ) -> AsyncIterator[RecordPage]:
        """Yield the pages of a module, following page tokens.

        `page_token` takes up an earlier walk of the same parameters. `WalkBroken` (the token has
        expired, does not fit, or came twice) means: start again without it.
        """
        walk = PageWalk(page_token)
        while not walk.is_finished:
            page = await self.get_records(
                module,
                fields,
                page_token=walk.token,
                per_page=per_page,
                sort_by=sort_by,
                sort_order=sort_order,
                if_modified_since=if_modified_since,
            )
            walk.take(page)
            yield page

    async def get_record(
        self, module: str, record_id: str, fields: Sequence[str] | None = None
    ) -> Json | None:
        """Read one record, all fields or those named; None when the module has no such id."""
        return await self._runner.run(records.get_record(module, record_id, fields))

    async def deleted_records(
        self,
        module: str,
        *,
        since: datetime | None = None,
        page: int = 1,
        per_page: int = records.PAGE_LIMIT,
        kind: records.DeletedKind = records.DeletedKind.ALL,
    ) -> DeletedPage:
        """List one page of a module's deleted records.

        The bin keeps records for 60 days, the list knows those gone for good for 120.
        """
        return await self._runner.run(
            records.deleted_records(module, since=since, page=page, per_page=per_page, kind=kind)
        )

    async def coql(self, query: str) -> CoqlPage:
        """Run a COQL query; build its text with `zoho_crm.protocol.coql`."""
        return await self._runner.run(coql_protocol.coql(query))

    async def search(
        self,
        module: str,
        *,
        criteria: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        word: str | None = None,
        fields: Sequence[str] | None = None,
        page: int = 1,
        per_page: int = records.PAGE_LIMIT,
    ) -> RecordPage:
        """Search a module's index by exactly one of criteria, email, phone or word.

        The index lags behind writes; 2,000 rows can be reached, then `LimitExceeded`.
        """
        return await self._runner.run(
            records.search(
                module,
                criteria=criteria,
                email=email,
                phone=phone,
                word=word,
                fields=fields,
                page=page,
                per_page=per_page,
            )
        )

    async def record_count(self, module: str, *, criteria: str | None = None) -> int:
        """Count records from the CRM's cache (1 to 10 minutes old, 50 credits).

        COQL's `COUNT(id)` is exact and costs one credit.
        """
        return await self._runner.run(records.record_count(module, criteria=criteria))

    async def timeline(
        self,
        module: str,
        record_id: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        page_token: str | None = None,
        per_page: int = records.PAGE_LIMIT,
        inner_details: Sequence[str] = (),
    ) -> TimelinePage:
        """List one page of a record's history, newest first, from `since` to `until` inclusive.

        `inner_details` asks for keys that the CRM leaves out otherwise; they are in `raw`.
        """
        return await self._runner.run(
            timeline.timeline(
                module,
                record_id,
                since=since,
                until=until,
                page_token=page_token,
                per_page=per_page,
                inner_details=inner_details,
            )
        )

    async def timeline_since(
        self, module: str, record_id: str, since: datetime
    ) -> list[TimelineEvent]:
        """List all of a record's history from `since` on, newest first, over as many pages.

        `zoho_crm.last_change` and `zoho_crm.api_changes` read from it who changed a field last,
        and whether a write of ours whose answer was lost has happened.
        """
        events: list[TimelineEvent] = []
        walk = PageWalk()
        while not walk.is_finished:
            page = await self.timeline(module, record_id, since=since, page_token=walk.token)
            events += page.events
            walk.take(page)
        return events

    async def stage_history(
        self,
        deal_id: str,
        fields: Sequence[str],
        *,
        page: int = 1,
        per_page: int = records.PAGE_LIMIT,
    ) -> RecordPage:
        """List the stages that a deal went through."""
        return await self._runner.run(
            records.stage_history(deal_id, fields, page=page, per_page=per_page)
        )
