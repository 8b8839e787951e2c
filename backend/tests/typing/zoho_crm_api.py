"""The client's public types, checked by mypy and never run: `mypy tests/typing`."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never, assert_type

from zoho_crm import (
    AccessToken,
    AnswerLost,
    AnswerMeta,
    AttemptResult,
    BulkColumn,
    BulkFile,
    BulkOperation,
    BulkReadJob,
    BulkState,
    BulkWriteJob,
    BulkWriteRow,
    BulkWriteState,
    CallCost,
    CallGate,
    ColumnKind,
    CoqlPage,
    Credentials,
    Currency,
    CustomView,
    DeletedPage,
    Field,
    FieldEdit,
    FieldSpec,
    Grant,
    IntegerField,
    Layout,
    LayoutField,
    MassUpdateJob,
    MassUpdateState,
    MemoryTokenStore,
    Module,
    NullGate,
    Organisation,
    PickListField,
    PickOption,
    Pipeline,
    PipelineStage,
    RecordError,
    RecordPage,
    RecordWritten,
    Refusal,
    RetryPolicy,
    RowStatus,
    Secret,
    SortBy,
    TimelineEvent,
    TimelinePage,
    Timeouts,
    TokenStore,
    UserPage,
    WriteResult,
    ZohoClient,
    api_changes,
    exchange_code,
    last_change,
    read_bulk_csv,
    read_bulk_outcomes,
    write_bulk_file,
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


async def every_reading_operation() -> None:
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

        assert_type(await crm.bulk_read.create("Deals", []), str)
        assert_type(await crm.bulk_read.status("1"), BulkReadJob)
        assert_type(await crm.bulk_read.download("1", Path("1.zip")), AnswerMeta)
        with read_bulk_csv(Path("1.zip")) as (header, rows):
            assert_type(header, list[str])
            assert_type(rows, Iterator[list[str]])

        assert_type(await crm.metadata.field("Deals", "1"), Field | None)
        assert_type((await crm.metadata.layouts("Deals"))[0].field("Stage"), LayoutField | None)
        assert_type((await crm.metadata.pipelines("1"))[0].stage("Won"), PipelineStage | None)
        assert_type(await crm.metadata.modules(), list[Module])
        assert_type(await crm.metadata.fields("Deals"), list[Field])
        assert_type(await crm.metadata.layouts("Deals"), list[Layout])
        assert_type(await crm.metadata.pipelines("1"), list[Pipeline])
        assert_type(await crm.metadata.organisation(), Organisation)
        assert_type(await crm.metadata.users(), UserPage)
        assert_type(await crm.metadata.currencies(), list[Currency])


async def every_write(crm: ZohoClient) -> None:
    result = await crm.insert("Deals", [{"Deal_Name": "x"}])
    assert_type(result, WriteResult)
    for row in result.rows:
        if isinstance(row, RecordWritten):
            assert_type(row.modified_time, datetime | None)
            assert_type(row.modified_by_id, str | None)
        elif isinstance(row, RecordError):
            assert_type(row.api_name, str | None)
            assert_type(row.row_index, int | None)
            assert_type(row.refusal, Refusal)
        else:
            assert_never(row)
    assert_type(await crm.update("Deals", [{"id": "1"}]), WriteResult)
    assert_type(
        await crm.upsert("Deals", [{"Key": "1"}], duplicate_check_fields=["Key"]), WriteResult
    )
    assert_type(await crm.delete("Deals", ["1"]), WriteResult)
    assert_type(await crm.restore(["1"]), WriteResult)

    assert_type(
        await crm.mass_update.by_ids("Deals", ["1"], {"Stage": "Won"}, over_write=True),
        WriteResult,
    )
    job_id = await crm.mass_update.by_view("Deals", "1", {"Stage": "Won"}, records=9)
    assert_type(job_id, str)
    assert_type(await crm.mass_update.status("Deals", job_id), MassUpdateJob)
    assert_type(await crm.mass_update.custom_views("Deals"), list[CustomView])

    file = write_bulk_file(Path("in.zip"), [BulkColumn("id", ColumnKind.ID)], [("1",)])
    assert_type(file, BulkFile)
    file_id = await crm.bulk_write.upload(file, org_id="1")
    import_id = await crm.bulk_write.create(
        "Deals", BulkOperation.UPDATE, file, file_id, ignore_empty=True, find_by="id"
    )
    assert_type(import_id, str)
    job = await crm.bulk_write.status(import_id)
    assert_type(job, BulkWriteJob)
    assert_type(await crm.bulk_write.download(job, Path("out.zip")), AnswerMeta)
    with read_bulk_outcomes(Path("out.zip")) as outcomes:
        assert_type(outcomes, Iterator[BulkWriteRow])
        assert_type(next(outcomes).status, RowStatus)

    specs: list[FieldSpec] = [
        IntegerField(label="Score", length=3),
        PickListField(label="Phase", options=(PickOption("Order"),)),
    ]
    assert_type(await crm.custom_fields.create("Deals", specs), WriteResult)
    assert_type(
        await crm.custom_fields.update("Deals", [FieldEdit(id="1", label="x")]), WriteResult
    )
    assert_type(await crm.custom_fields.delete("Deals", "1"), WriteResult)
    assert_type(await crm.custom_fields.find("Deals", "Score"), list[Field])

    events = await crm.timeline_since("Deals", "1", datetime.now(UTC))
    assert_type(events, list[TimelineEvent])
    assert_type(last_change(events, "Stage"), TimelineEvent | None)
    assert_type(api_changes(events, "1", ["Stage"]), list[TimelineEvent])


def every_state(job: BulkState) -> None:
    match job:
        case BulkState.ADDED | BulkState.QUEUED | BulkState.IN_PROGRESS:
            pass
        case BulkState.COMPLETED | BulkState.FAILURE:
            assert_type(job.is_final, bool)
        case _:
            assert_never(job)


def every_written_state(job: BulkWriteState, update: MassUpdateState) -> None:
    match job:
        case BulkWriteState.ADDED | BulkWriteState.IN_PROGRESS:
            pass
        case BulkWriteState.COMPLETED | BulkWriteState.FAILED | BulkWriteState.SKIPPED:
            assert_type(job.is_final, bool)
        case _:
            assert_never(job)
    match update:
        case MassUpdateState.QUEUED | MassUpdateState.SCHEDULED | MassUpdateState.RUNNING:
            pass
        case MassUpdateState.COMPLETED | MassUpdateState.FAILED | MassUpdateState.SUSPENDED:
            assert_type(update.is_final, bool)
        case _:
            assert_never(update)


def a_lost_answer(lost: AnswerLost) -> None:
    assert_type(lost.rows, tuple[Mapping[str, Any], ...])
    assert_type(lost.if_unmodified_since, datetime | None)


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
    await crm.mass_update.by_view("Deals", "1", {"Stage": "Won"})  # type: ignore[call-arg] # its size
    IntegerField("Score")  # type: ignore[call-arg] # by name only
    Credentials("id", "secret", Secret("refresh"))  # type: ignore[arg-type] # no bare secret
