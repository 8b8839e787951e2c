"""Exports as jobs: one worker makes one, none is lost or stored twice, none stays too long."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete

from pulse.core.access import Role
from pulse.core.exports import MOST_ROWS, ExportFormat
from pulse.db.engine import database
from pulse.exports import making, storing
from pulse.exports.errors import ExportStoppedError
from pulse.exports.running import tend_exports
from pulse.exports.storing import Claim, claim_next, store_file
from pulse.models import ExportPart
from support.accounts import add_session, add_user, browser
from support.api import Api
from support.exports import ask, csv_rows, exported, work


@pytest.fixture
def vera(table: Api) -> Iterator[httpx.Client]:
    """A browser in which a viewer is signed in."""
    user = add_user(table.database_url, Role.VIEWER)
    secret = add_session(table.database_url, user, table.clock.now())
    with browser(table.url, secret) as client:
        yield client


def _claim(api: Api) -> Claim | None:
    async def take() -> Claim | None:
        async with database(api.database_url) as open_db, open_db.begin() as db:
            return await claim_next(db)

    return asyncio.run(take())


def _tend(api: Api, **later: float) -> int:
    async def tend() -> int:
        async with database(api.database_url) as open_db, open_db.begin() as db:
            return await tend_exports(db, api.clock.now() + timedelta(**later))

    return asyncio.run(tend())


def _messages(api: Api) -> int:
    [(count,)] = api.sql("SELECT count(*) FROM outbox WHERE job = 'make_exports'")
    return int(str(count))


def _state(api: Api, export_id: str) -> object:
    [(state,)] = api.sql("SELECT state FROM exports WHERE id = %(id)s", id=export_id)
    return state


def test_an_export_goes_from_waiting_to_completed_and_tells_how_far_it_is(table: Api) -> None:
    asked = ask(table, "deals", "csv", "outcome=open")

    assert (asked["state"], asked["rows_done"], asked["rows_total"]) == ("waiting", 0, 2)
    assert asked["words"] == "Outcome: Open"
    assert asked["expires_at"] == "2026-03-03T09:30:00Z"
    assert _messages(table) == 1
    assert work(table) == 1
    assert work(table) == 0
    [made] = table.client.get("/api/exports").json()["items"]
    assert (made["state"], made["rows_done"], made["rows_total"]) == ("completed", 2, 2)
    assert made["file_name"] == "pipeline-pulse-deals-2026-03-02-0930.csv"
    assert made["seconds_left"] is None
    answer = table.client.get(f"/api/exports/{asked['id']}/download")
    assert answer.headers["content-disposition"] == f'attachment; filename="{made["file_name"]}"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert len(csv_rows(answer.content)) == 2


def test_a_preview_counts_the_deals_and_estimates_each_format(table: Api) -> None:
    told = table.client.post(
        "/api/exports/preview", json={"kind": "deals", "query": "outcome=open&outcome=all"}
    ).json()

    assert told == {
        "rows": 2,
        "words": "Outcome: Open",
        "formats": [
            {"format": "csv", "seconds": 0.3, "is_too_large": False},
            {"format": "xlsx", "seconds": 0.3, "is_too_large": False},
            {"format": "zip", "seconds": 0.3, "is_too_large": False},
        ],
    }


def test_an_estimate_follows_how_fast_the_last_files_were_made(table: Api) -> None:
    ask(table, "deals", "xlsx")
    table.sql(
        "UPDATE exports SET state = 'completed', rows_total = 1000, started_at = now(),"
        " finished_at = now() + interval '500 s'"
    )

    told = table.client.post("/api/exports/preview", json={"kind": "deals"}).json()

    assert {each["format"]: each["seconds"] for each in told["formats"]} == {
        "csv": 0.3,
        "xlsx": 2.0,
        "zip": 0.3,
    }


def test_what_cannot_be_exported_is_refused_by_name_before_anything_is_made(table: Api) -> None:
    refused = {
        "format=pdf": ("export_format", "field", "format"),
        "query=colour=red": ("invalid_filter", "parameter", "colour"),
        "query=as_of=yesterday": ("invalid_filter", "parameter", "as_of"),
        "query=as_of=2999-01-01T00:00:00Z": ("invalid_moment", "field", "as_of"),
        "query=sort=-colour": ("unknown_column", "column", "colour"),
        "query=field=Seats:min:many": ("invalid_filter", "field", "Seats"),
        "columns=crm.Gone": ("unknown_column", "column", "crm.Gone"),
    }
    told = {}
    for part, (_, fact, _) in refused.items():
        name, _, value = part.partition("=")
        body = {"kind": "deals", "format": "csv", name: [value] if name == "columns" else value}
        answer = table.client.post("/api/exports", json=body)
        assert answer.status_code == 400
        told[part] = (answer.json()["code"], fact, answer.json()[fact])

    assert told == refused
    assert table.sql("SELECT count(*) FROM exports") == [(0,)]


def test_more_deals_than_a_sheet_holds_are_refused_and_said_in_the_preview(
    table: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_ROWS, ExportFormat.XLSX, 3)  # type: ignore[arg-type] # a dict beneath

    told = table.client.post("/api/exports/preview", json={"kind": "deals"}).json()
    answer = table.client.post("/api/exports", json={"kind": "deals", "format": "xlsx"})

    assert [each["is_too_large"] for each in told["formats"]] == [False, True, False]
    assert (answer.status_code, answer.json()["code"]) == (400, "export_too_large")
    assert (answer.json()["count"], answer.json()["limit"]) == (4, 3)


def test_files_are_there_for_their_owner_and_for_admins_alone(
    table: Api, vera: httpx.Client
) -> None:
    hers = vera.post("/api/exports", json={"kind": "deals", "format": "csv"}).json()
    mine = ask(table, "deals", "csv")
    assert work(table) == 2

    for path in ("", "/download"):
        assert vera.get(f"/api/exports/{mine['id']}{path}").json()["code"] == "export_not_found"
        assert table.client.get(f"/api/exports/{hers['id']}{path}").status_code == 200
    assert vera.post(f"/api/exports/{mine['id']}/cancel").status_code == 404
    assert [each["id"] for each in vera.get("/api/exports").json()["items"]] == [hers["id"]]
    assert table.client.get(f"/api/exports/{hers['id']}").json()["is_mine"] is False


def test_who_exported_and_who_fetched_is_in_the_audit_log(table: Api, vera: httpx.Client) -> None:
    hers = vera.post(
        "/api/exports", json={"kind": "deals", "format": "csv", "query": "stage=Won"}
    ).json()
    work(table)
    table.client.get(f"/api/exports/{hers['id']}/download")
    vera.get("/api/exports/deals.csv?stage=Won")

    lines = table.sql(
        "SELECT action, role, after->>'filters', after->>'query' FROM audit_log"
        " WHERE action LIKE 'export.%%' ORDER BY id"
    )
    assert lines == [
        ("export.started", "viewer", "Stage: Closed Won", "stage=Won"),
        ("export.downloaded", "admin", None, None),
        ("export.streamed", "viewer", None, "stage=Won"),
    ]


def test_one_person_has_five_exports_under_way_at_most(table: Api, vera: httpx.Client) -> None:
    for _ in range(5):
        ask(table, "deals", "csv")

    refused = table.client.post("/api/exports", json={"kind": "deals", "format": "csv"})

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_exports")
    assert vera.post("/api/exports", json={"kind": "deals", "format": "csv"}).status_code == 202


def test_an_export_that_waits_is_cancelled_and_never_made(table: Api) -> None:
    asked = ask(table, "deals", "csv")

    cancelled = table.client.post(f"/api/exports/{asked['id']}/cancel")

    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert work(table) == 0
    again = table.client.post(f"/api/exports/{asked['id']}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "export_ended")
    download = table.client.get(f"/api/exports/{asked['id']}/download")
    assert (download.status_code, download.json()["code"]) == (409, "export_not_ready")


def test_an_export_that_is_cancelled_while_it_is_made_leaves_no_file(
    table: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(table, "deals", "csv")
    head = making.csv_head

    def cancelled_meanwhile(columns: object) -> bytes:
        table.client.post(f"/api/exports/{asked['id']}/cancel")
        return head(columns)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr(making, "csv_head", cancelled_meanwhile)

    assert work(table) == 1
    assert _state(table, asked["id"]) == "cancelled"
    assert table.sql("SELECT count(*) FROM export_parts") == [(0,)]


def test_two_exports_are_made_at_a_time_and_the_next_waits(table: Api) -> None:
    for _ in range(3):
        ask(table, "deals", "csv")

    first, second, third = _claim(table), _claim(table), _claim(table)

    assert first is not None
    assert second is not None
    assert first.export.id != second.export.id
    assert third is None


def test_an_export_whose_worker_died_is_made_again_from_its_beginning(table: Api) -> None:
    asked = ask(table, "deals", "csv")
    dead = _claim(table)
    assert dead is not None
    table.sql("DELETE FROM outbox")

    assert _tend(table) == 0
    assert _messages(table) == 0, "it is being made"
    table.sql("UPDATE exports SET heartbeat_at = now() - interval '61 s', rows_done = 3")
    assert _tend(table) == 0
    assert _tend(table) == 0
    assert _messages(table) == 1, "one message is on its way"
    assert work(table) == 1

    assert _state(table, asked["id"]) == "completed"
    assert table.sql("SELECT attempt, rows_done FROM exports") == [(2, 4)]


def test_a_worker_that_was_taken_for_dead_stores_nothing(table: Api, tmp_path: Path) -> None:
    asked = ask(table, "deals", "csv")
    slow = _claim(table)
    assert slow is not None
    table.sql("UPDATE exports SET heartbeat_at = now() - interval '61 s'")
    assert work(table) == 1
    late = tmp_path / "late.csv"
    late.write_bytes(b"late")

    async def store() -> None:
        async with database(table.database_url) as open_db, open_db.begin() as db:
            # What the other worker stored stands in the way of nobody.
            await db.execute(delete(ExportPart))
            await store_file(db, slow, late, "late.csv", 1)

    with pytest.raises(ExportStoppedError):
        asyncio.run(store())
    content = table.client.get(f"/api/exports/{asked['id']}/download").content
    assert len(csv_rows(content)) == 4


def test_an_export_over_which_three_workers_died_fails(table: Api) -> None:
    asked = ask(table, "deals", "csv")
    for _ in range(3):
        assert _claim(table) is not None
        table.sql("UPDATE exports SET heartbeat_at = now() - interval '61 s'")

    assert work(table) == 0

    told = table.client.get(f"/api/exports/{asked['id']}").json()
    assert (told["state"], told["error_code"]) == ("failed", "export_worker_died")


def test_an_export_that_cannot_be_made_any_more_fails_with_the_reason(table: Api) -> None:
    asked = ask(table, "deals", "csv", "field=Seats:min:3")
    table.sql("UPDATE crm_fields SET removed_at = now() WHERE api_name = 'Seats'")

    assert work(table) == 1

    told = table.client.get(f"/api/exports/{asked['id']}").json()
    assert (told["state"], told["error_code"]) == ("failed", "invalid_filter")
    assert "Seats" in told["error_message"]


def test_a_fault_of_ours_ends_an_export_and_is_not_hidden(
    table: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(table, "deals", "csv")

    def broken(_columns: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "csv_head", broken)

    with pytest.raises(ZeroDivisionError):
        work(table)
    told = table.client.get(f"/api/exports/{asked['id']}").json()
    assert (told["state"], told["error_code"]) == ("failed", "internal_error")


def test_a_file_of_many_parts_comes_back_whole(table: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "PART_BYTES", 100)

    content = exported(table, "deals", "csv")

    [(parts,)] = table.sql("SELECT count(*) FROM export_parts")
    assert parts == -(-len(content) // 100)
    assert len(csv_rows(content)) == 4


def test_files_are_gone_after_a_day(table: Api) -> None:
    done = ask(table, "deals", "csv")
    work(table)
    ask(table, "deals", "csv")

    assert _tend(table, hours=23) == 0
    assert _tend(table, hours=24) == 1
    assert table.client.get(f"/api/exports/{done['id']}").status_code == 404
    assert table.sql("SELECT count(*) FROM export_parts") == [(0,)]
    assert table.sql("SELECT state FROM exports") == [("waiting",)], "its turn may still come"
    assert _tend(table, hours=48) == 1


def test_every_step_is_announced_to_open_pages(table: Api) -> None:
    with table.client.stream("GET", "/api/live-sync/events?topic=exports") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: hello"
        asked = ask(table, "deals", "csv")
        announced = next(line for line in lines if line.startswith("event: exports"))
        data = next(line for line in lines if line.startswith("data:"))

    assert announced == "event: exports"
    assert asked["id"] in data
