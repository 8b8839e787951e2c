"""The vendor's SDK reads what is gone: the deleted list and the recycle bin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zohocrmsdk.src.com.zoho.crm.api.record import (
    GetDeletedRecordsHeader,
    GetDeletedRecordsParam,
    RecordOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.recycle_bin import RecycleBinOperations
from zohocrmsdk.src.com.zoho.crm.api.recycle_bin.recycle_bin_operations import (
    DeleteRecycleBinRecordsParam,
    GetRecycleBinRecordsParam,
)

from support.official_sdk.session import headers, parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk, Seen
    from support.official_sdk.values import SdkValue

PER_PAGE = 7


def deleted_page(kind: str, page: int, since: datetime | None = None) -> Seen:
    params = parameters(
        (GetDeletedRecordsParam.type, kind),
        (GetDeletedRecordsParam.page, page),
        (GetDeletedRecordsParam.per_page, PER_PAGE),
    )
    given = headers()
    if since is not None:
        given = headers((GetDeletedRecordsHeader.if_modified_since, since))
    return seen(RecordOperations("Deals").get_deleted_records(params, given))


def deleted(kind: str, since: datetime | None = None) -> list[dict[str, SdkValue]]:
    """Walk the list to its end."""
    found: list[dict[str, SdkValue]] = []
    page, more = 1, True
    while more:
        answer = deleted_page(kind, page, since)
        assert (answer.status, answer.kind) == (200, "DeletedRecordsWrapper")
        assert disagreements(answer.values, answer.json) == []
        found += answer.values["data"]
        info = answer.values["info"]
        assert (info["page"], info["count"]) == (page, len(answer.values["data"]))
        more = info["more_records"]
        page += 1
    return found


def test_the_deleted_list_holds_binned_and_purged_records(sdk: OfficialSdk) -> None:
    doomed = [record["id"] for record in sdk.sim.records()[30:36]]
    sdk.sim.delete(*doomed)
    sdk.sim.purge(*doomed[:2])
    dump = {row["id"]: row for row in sdk.sim.deleted()}
    for kind in ("all", "recycle", "permanent"):
        rows = {str(row["id"]): row for row in deleted(kind)}
        wanted = {key for key, row in dump.items() if kind in ("all", row["type"])}
        assert rows.keys() == wanted
        for record_id, row in rows.items():
            told = dump[record_id]
            assert row["type"] == told["type"]
            assert row["deleted_time"] == datetime.fromisoformat(told["deleted_time"])
            assert row.get("display_name") == told["display_name"]
    purged = [row for row in deleted("permanent") if str(row["id"]) in doomed]
    assert len(purged) == 2
    for row in purged:
        assert row.get("deleted_by") is None
        assert row.get("created_by") is None


def test_deletions_since_a_moment_are_told_apart(sdk: OfficialSdk) -> None:
    early, late = (sdk.sim.records()[place]["id"] for place in (40, 41))
    sdk.sim.delete(early)
    [told] = [row for row in sdk.sim.deleted() if row["id"] == early]
    moment = datetime.fromisoformat(told["deleted_time"])
    sdk.sim.advance(5)
    sdk.sim.delete(late)
    assert [str(row["id"]) for row in deleted("all", moment)] == [late]
    nothing = deleted_page("all", 1, moment + timedelta(days=2))
    assert (nothing.status, nothing.object) == (304, None)


def bin_rows(record_id: str) -> list[dict[str, SdkValue]]:
    pages = parameters((GetRecycleBinRecordsParam.per_page, 200))
    answer = seen(RecycleBinOperations().get_recyclebin_records(pages))
    assert (answer.status, answer.kind) == (200, "ResponseWrapper")
    rows = answer.json["recycle_bin"]
    # The vendor's OpenAPI file gives the list a module's name, the SDK's model an object.
    assert disagreements(answer.values, answer.json) == [
        f"$.recycle_bin[{place}].module: the SDK has {{}}, the CRM {row['module']!r}"
        for place, row in enumerate(rows)
    ]
    assert [row["module"] for row in rows if row["id"] == record_id] in ([], ["Deals"])
    return [row for row in answer.values["recycle_bin"] if str(row["id"]) == record_id]


def test_the_recycle_bin_shows_a_deleted_record_until_it_is_purged(sdk: OfficialSdk) -> None:
    target = sdk.sim.records()[50]
    assert bin_rows(target["id"]) == []
    sdk.sim.delete(target["id"])
    [row] = bin_rows(target["id"])
    assert row["display_name"] == target["Deal_Name"]
    assert str(row["owner"]["id"]) == target["Owner"]["id"]
    alone = seen(RecycleBinOperations().get_recyclebin_record(int(target["id"])))
    assert disagreements(alone.values, alone.json) == []
    [one] = alone.values["recycle_bin"]
    assert (str(one["id"]), one["module"]["api_name"]) == (target["id"], "Deals")
    purge = seen(
        RecycleBinOperations().delete_recyclebin_records(
            parameters((DeleteRecycleBinRecordsParam.ids, target["id"]))
        )
    )
    assert (purge.status, purge.kind) == (200, "ActionWrapper")
    assert bin_rows(target["id"]) == []
    [gone] = [row for row in sdk.sim.deleted() if row["id"] == target["id"]]
    assert gone["type"] == "permanent"
