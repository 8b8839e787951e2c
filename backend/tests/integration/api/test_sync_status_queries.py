"""What the Sync Status Monitor asks of the database does not grow with what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from support.api import START, Api
from support.api_rows import add_record
from support.runs import add_ended_run, spend


@contextmanager
def _statements(api: Api) -> Iterator[list[str]]:
    said: list[str] = []

    def note(*call: object) -> None:
        said.append(str(call[2]))

    engine = api.app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "path",
    [
        "health?range=30d",
        "records",
        "records/out-of-sync",
        "pulse?hours=720",
        "performance?range=30d",
        "history",
    ],
)
def test_an_answer_takes_as_many_statements_for_many_rows_as_for_none(api: Api, path: str) -> None:
    address = f"/api/sync-status/{path}"
    api.client.get(address).raise_for_status()
    with _statements(api) as for_none:
        api.client.get(address).raise_for_status()
    for number in range(1, 21):
        run = add_ended_run(api, "failed" if number % 3 else "completed", number * 60)
        spend(api, "records.list", run, START - timedelta(minutes=number))
        add_record(api, number, "error" if number % 2 else "pending")

    with _statements(api) as for_many:
        api.client.get(address).raise_for_status()

    assert len(for_none) == len(for_many) > 0
