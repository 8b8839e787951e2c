"""The client's Bulk Write against the simulator, from a file to the outcome of each row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import ids_of
from zoho_crm import (
    AnswerLost,
    BulkColumn,
    BulkOperation,
    BulkWriteState,
    ColumnKind,
    DateTimeField,
    NotFound,
    RequestRefused,
    RowFault,
    RowStatus,
    read_bulk_outcomes,
    write_bulk_file,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.simulator import SimulatorHandle
    from zoho_crm import BulkFile, BulkWriteJob, BulkWriteRow, ZohoClient

pytestmark = pytest.mark.anyio

UNKNOWN = "9999999999999999999"
KEY = BulkColumn("id", ColumnKind.ID)
NEXT_STEP = BulkColumn("Next_Step")


async def uploaded(crm: ZohoClient, file: BulkFile) -> str:
    organisation = await crm.metadata.organisation()
    return await crm.bulk_write.upload(file, org_id=organisation.zgid or "")


async def done(crm: ZohoClient, job_id: str) -> BulkWriteJob:
    job = await crm.bulk_write.status(job_id)
    while not job.state.is_final:
        job = await crm.bulk_write.status(job_id)
    return job


async def written(
    crm: ZohoClient,
    folder: Path,
    operation: BulkOperation,
    columns: Sequence[BulkColumn],
    rows: Sequence[Sequence[object]],
    *,
    ignore_empty: bool = False,
    find_by: str | None = "id",
) -> tuple[BulkWriteJob, list[BulkWriteRow]]:
    file = write_bulk_file(folder / "in.zip", columns, rows)
    file_id = await uploaded(crm, file)
    job_id = await crm.bulk_write.create(
        "Deals", operation, file, file_id, ignore_empty=ignore_empty, find_by=find_by
    )
    job = await done(crm, job_id)
    await crm.bulk_write.download(job, folder / "out.zip")
    with read_bulk_outcomes(folder / "out.zip") as outcomes:
        return job, list(outcomes)


def record(sim: SimulatorHandle, identity: str) -> dict[str, object]:
    return next(row for row in sim.records() if row["id"] == identity)


async def test_every_row_of_an_update_has_its_outcome(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path
) -> None:
    one, two = ids_of(sim.records())[:2]
    (field,) = (await crm.custom_fields.create("Deals", [DateTimeField(label="Seen At")])).rows
    seen = await crm.metadata.field("Deals", field.id or "")
    assert seen is not None
    columns = [
        KEY,
        NEXT_STEP,
        BulkColumn("Amount", ColumnKind.NUMBER),
        BulkColumn("Closing_Date", ColumnKind.DATE),
        BulkColumn(seen.api_name, ColumnKind.DATETIME),
        BulkColumn("Account_Name", ColumnKind.LOOKUP),
    ]
    customer = sim.records("Accounts")[0]
    account, named = customer["id"], customer["Account_Name"]
    rest = (
        Decimal("1250.50"),
        date(2027, 3, 2),
        datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC),
        account,
    )
    rows = [(one, 'Call, "then" write', *rest), (UNKNOWN, "Nobody", *rest), (two, "Write", *rest)]
    sim.switch(bulk_job_polls=2)
    try:
        job, outcomes = await written(crm, tmp_path, BulkOperation.UPDATE, columns, rows)
    finally:
        sim.switch(bulk_job_polls=0)
    assert (job.state, job.operation) == (BulkWriteState.COMPLETED, "update")
    (file,) = job.files
    assert (file.updated, file.skipped, file.added, file.total) == (2, 1, 0, 3)
    by_key = {outcome.echo["id"]: outcome for outcome in outcomes}
    assert [by_key[key].status for key in (one, UNKNOWN, two)] == [
        RowStatus.UPDATED,
        RowStatus.SKIPPED,
        RowStatus.UPDATED,
    ]
    assert by_key[one].record_id == one
    assert by_key[UNKNOWN].faults == (RowFault("RESOURCE_NOT_FOUND", "id"),)
    now = record(sim, one)
    assert (now["Next_Step"], now["Amount"]) == ('Call, "then" write', 1250.5)
    assert now["Closing_Date"] == "2027-03-02"
    assert datetime.fromisoformat(str(now[seen.api_name])) == rest[2]
    assert now["Account_Name"] == {"id": account, "name": named}


@pytest.mark.parametrize("ignore_empty", [True, False])
async def test_an_empty_cell_keeps_or_empties_the_field_as_was_asked(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path, *, ignore_empty: bool
) -> None:
    target = ids_of(sim.records())[5]
    await crm.update("Deals", [{"id": target, "Next_Step": "Kept"}])
    await written(
        crm,
        tmp_path,
        BulkOperation.UPDATE,
        [KEY, NEXT_STEP],
        [(target, None)],
        ignore_empty=ignore_empty,
    )
    assert record(sim, target)["Next_Step"] == ("Kept" if ignore_empty else None)


@pytest.mark.parametrize("absolute", [True, False])
async def test_new_records_come_with_their_ids(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path, *, absolute: bool
) -> None:
    like = sim.records()[0]
    columns = [
        BulkColumn("Deal_Name"),
        BulkColumn("Stage"),
        BulkColumn("Pipeline"),
        BulkColumn("Closing_Date", ColumnKind.DATE),
    ]
    name = f"Lighthouse {absolute}"
    row = (name, like["Stage"], like["Pipeline"], date(2027, 1, 1))
    sim.switch(bulk_write_result_url_is_absolute=absolute, bulk_write_in_progress_has_space=True)
    try:
        job, (outcome,) = await written(
            crm, tmp_path, BulkOperation.INSERT, columns, [row], find_by=None
        )
    finally:
        sim.switch(bulk_write_result_url_is_absolute=False, bulk_write_in_progress_has_space=False)
    assert (job.files[0].added, outcome.status) == (1, RowStatus.ADDED)
    assert record(sim, outcome.record_id or "")["Deal_Name"] == name


async def test_a_job_that_fails_halfway_is_told_from_one_that_is_done(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path
) -> None:
    ids = ids_of(sim.records())[10:14]
    sim.switch(bulk_write_failures=1)
    file = write_bulk_file(tmp_path / "in.zip", [KEY, NEXT_STEP], [(one, "Half") for one in ids])
    file_id = await uploaded(crm, file)
    job_id = await crm.bulk_write.create(
        "Deals", BulkOperation.UPDATE, file, file_id, ignore_empty=True, find_by="id"
    )
    job = await done(crm, job_id)
    assert job.state is BulkWriteState.FAILED
    assert [record(sim, one)["Next_Step"] == "Half" for one in ids].count(True) == 2


async def test_a_job_whose_answer_is_lost_runs_once(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path
) -> None:
    (target,) = ids_of(sim.records())[20:21]
    file = write_bulk_file(tmp_path / "in.zip", [KEY, NEXT_STEP], [(target, "Once")])
    file_id = await uploaded(crm, file)
    sim.fault("lost_answer", route="*/write", method="POST", count=1)
    with pytest.raises(AnswerLost, match=r"bulk_write\.create"):
        await crm.bulk_write.create(
            "Deals", BulkOperation.UPDATE, file, file_id, ignore_empty=True, find_by="id"
        )
    sim.advance(60)
    made = sim.writes(record_id=target)["writes"]
    assert [write["fields"]["Next_Step"]["new"] for write in made] == ["Once"]


async def test_an_import_costs_what_was_set_aside(
    crm: ZohoClient, sim: SimulatorHandle, tmp_path: Path
) -> None:
    target = ids_of(sim.records())[22]
    before = sim.state()["credits"]["used"]
    await written(crm, tmp_path, BulkOperation.UPDATE, [KEY, NEXT_STEP], [(target, "x")])
    # Organisation, upload, job, status and result.
    assert sim.state()["credits"]["used"] - before == 1 + 1 + 500 + 1 + 1


async def test_a_job_over_nothing_is_refused_and_an_unknown_one_not_found(
    crm: ZohoClient, tmp_path: Path
) -> None:
    file = write_bulk_file(tmp_path / "in.zip", [KEY, NEXT_STEP], [(UNKNOWN, "x")])
    with pytest.raises(RequestRefused):
        await crm.bulk_write.create(
            "Deals", BulkOperation.UPDATE, file, UNKNOWN, ignore_empty=True, find_by="id"
        )
    with pytest.raises(NotFound):
        await crm.bulk_write.status(UNKNOWN)
