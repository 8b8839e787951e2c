"""The client's public types, checked by mypy and never run: `mypy tests/typing`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never, assert_type

from zoho_crm import (
    AccessToken,
    AnswerMeta,
    AttemptResult,
    BulkReadJob,
    BulkState,
    CallCost,
    CallGate,
    CoqlPage,
    Credentials,
    Currency,
    DeletedPage,
    Field,
    Grant,
    Layout,
    MemoryTokenStore,
    Module,
    NullGate,
    Organisation,
    Pipeline,
    RecordError,
    RecordPage,
    RecordWritten,
    RetryPolicy,
    Secret,
    SortBy,
    TimelinePage,
    Timeouts,
    TokenStore,
    UserPage,
    WriteResult,
    ZohoClient,
    exchange_code,
    read_bulk_csv,
)


class CountingGate:
    """A gate of one's own needs no base class."""

    async def enter(self, call: CallCost) -> None:
        assert_type(call.credits, int)
        assert_type(call.is_complex, bool)

    async def leave(self, call: CallCost, result: AttemptResult) -> None:
        assert_type(call.module, str | None)
        assert_type(result.status, int | None)


gates: list[CallGate] = [NullGate(), CountingGate()]
store: TokenStore = MemoryTokenStore()


async def every_operation() -> None:
    credentials = Credentials("id", Secret("secret"), Secret("refresh"))
    async with ZohoClient(
        credentials,
        base_url="https://www.zohoapis.in/crm/v8",
        accounts_url="https://accounts.zoho.in",
        tokens=store,
        gate=gates[0],
        timeouts=Timeouts(connect_s=1),
        retry=RetryPolicy(max_tries=2),
    ) as crm:
        assert_type(crm, ZohoClient)
        page = await crm.get_records("Deals", ["id"], sort_by=SortBy.ID)
        assert_type(page, RecordPage)
        assert_type(page.records, list[dict[str, Any]])
        assert_type(page.meta, AnswerMeta)
        assert_type(page.meta.server_time, datetime | None)
        async for walked in crm.walk_records("Deals", ["id"]):
            assert_type(walked, RecordPage)
        assert_type(await crm.get_record("Deals", "1"), dict[str, Any] | None)
        assert_type(await crm.deleted_records("Deals", since=datetime.now(UTC)), DeletedPage)
        assert_type(await crm.coql("select id from Deals where id is not null"), CoqlPage)
        assert_type(await crm.search("Deals", word="ab"), RecordPage)
        assert_type(await crm.record_count("Deals"), int)
        assert_type(await crm.timeline("Deals", "1"), TimelinePage)
        assert_type(await crm.stage_history("1", ["Stage"]), RecordPage)

        result = await crm.insert("Deals", [{"Deal_Name": "x"}])
        assert_type(result, WriteResult)
        for row in result.rows:
            if isinstance(row, RecordWritten):
                assert_type(row.modified_time, datetime | None)
            elif isinstance(row, RecordError):
                assert_type(row.api_name, str | None)
            else:
                assert_never(row)
        assert_type(await crm.update("Deals", [{"id": "1"}]), WriteResult)
        assert_type(
            await crm.upsert("Deals", [{"Key": "1"}], duplicate_check_fields=["Key"]), WriteResult
        )
        assert_type(await crm.delete("Deals", ["1"]), WriteResult)
        assert_type(await crm.restore(["1"]), WriteResult)

        assert_type(await crm.bulk_read.create("Deals", []), str)
        assert_type(await crm.bulk_read.status("1"), BulkReadJob)
        assert_type(await crm.bulk_read.download("1", Path("1.zip")), AnswerMeta)
        with read_bulk_csv(Path("1.zip")) as (header, rows):
            assert_type(header, list[str])
            assert_type(rows, Iterator[list[str]])

        assert_type(await crm.metadata.modules(), list[Module])
        assert_type(await crm.metadata.fields("Deals"), list[Field])
        assert_type(await crm.metadata.layouts("Deals"), list[Layout])
        assert_type(await crm.metadata.pipelines("1"), list[Pipeline])
        assert_type(await crm.metadata.organisation(), Organisation)
        assert_type(await crm.metadata.users(), UserPage)
        assert_type(await crm.metadata.currencies(), list[Currency])


def every_state(job: BulkState) -> None:
    match job:
        case BulkState.ADDED | BulkState.QUEUED | BulkState.IN_PROGRESS:
            pass
        case BulkState.COMPLETED | BulkState.FAILURE:
            assert_type(job.is_final, bool)
        case _:
            assert_never(job)


async def signing_in() -> None:
    grant = await exchange_code(
        "https://accounts.zoho.in",
        client_id="id",
        client_secret=Secret("secret"),
        redirect_uri="https://pulse.test/back",
        code=Secret("code"),
    )
    assert_type(grant, Grant)
    assert_type(grant.token, AccessToken)


async def wrong_uses(crm: ZohoClient) -> None:
    await crm.get_records("Deals", ["id"], sort_by="Modified_Time")  # type: ignore[arg-type] # an enum
    await crm.upsert("Deals", [{"Key": "1"}])  # type: ignore[call-arg] # keys must be named
    Credentials("id", "secret", Secret("refresh"))  # type: ignore[arg-type] # no bare secret
