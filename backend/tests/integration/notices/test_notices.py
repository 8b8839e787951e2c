"""The hourly check of conflicts, the bell, and mail: each tells once."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pulse.config import Settings
from pulse.core.access import Role
from pulse.db.engine import database
from pulse.notices.telling import tell_of_conflicts
from pulse.worker.mailing import mail_notice
from support.accounts import add_session, add_user, browser
from support.api import Api, api_settings
from support.mail import HOST, Postbox, free_port, mail_server

NINE = datetime(2026, 8, 17, 9, tzinfo=UTC)


def clash(api: Api, record_id: int, since: datetime, **columns: object) -> None:
    values = {
        "module": "Deals",
        "record_id": record_id,
        "field": "Amount",
        "base_value": 1,
        "new_value": 2,
        "crm_value": 3,
        "state": "conflict",
        "author_name": "Mei Tan",
        "conflict_since": since,
        **columns,
    }
    names = ", ".join(values)
    places = ", ".join(
        f"to_jsonb(%({name})s::int)" if name.endswith("_value") else f"%({name})s"
        for name in values
    )
    api.sql(f"INSERT INTO pending_changes ({names}) VALUES ({places})", **values)


def tick(api: Api, now: datetime) -> int | None:
    async def telling() -> int | None:
        async with database(api.database_url, pool_size=1) as open_db, open_db.begin() as db:
            return await tell_of_conflicts(db, now)

    return asyncio.run(telling())


def facts_of(api: Api, notice_id: int | None) -> Any:  # noqa: ANN401 - a document
    [(kind, facts)] = api.sql("SELECT kind, facts FROM notices WHERE id = %(id)s", id=notice_id)
    assert kind == "conflicts"
    return facts


def told(client: Any) -> list[tuple[str, bool]]:  # noqa: ANN401 - a browser of any role
    body = client.get("/api/notices").json()
    assert body["unread"] == sum(not item["is_read"] for item in body["items"])
    return [(item["message"], item["is_read"]) for item in body["items"]]


def test_editors_are_told_by_the_hour_and_again_only_of_what_is_new(api: Api) -> None:
    past = timedelta(minutes=5)
    assert tick(api, NINE + past) is None
    clash(api, 1, NINE + timedelta(minutes=10))
    clash(api, 2, NINE + timedelta(minutes=20), is_skipped=True)
    clash(api, 3, NINE + timedelta(minutes=20), awaits_timeline=True)
    # Not before the hour is over, and some minutes for a transaction that was still open then.
    assert tick(api, NINE + timedelta(minutes=59)) is None
    assert tick(api, NINE + timedelta(minutes=64)) is None
    first = tick(api, NINE + timedelta(hours=1) + past)
    assert facts_of(api, first) == {
        "open": 1,
        "new": 1,
        "told_up_to": "2026-08-17T10:00:00+00:00",
    }
    assert tick(api, NINE + timedelta(hours=1) + past) is None
    assert tick(api, NINE + timedelta(hours=5) + past) is None
    clash(api, 4, NINE + timedelta(hours=5, minutes=30))
    second = tick(api, NINE + timedelta(hours=6) + past)
    assert facts_of(api, second) == {
        "open": 2,
        "new": 1,
        "told_up_to": "2026-08-17T15:00:00+00:00",
    }

    one = "1 deal was changed on both sides and waits for a decision."
    two = "2 deals were changed on both sides and wait for a decision."
    assert told(api.client) == [(two, False), (one, False)]
    mails = api.sql("SELECT payload FROM outbox WHERE job = 'mail_notice' ORDER BY id")
    assert mails == [({"notice_id": str(each)},) for each in (first, second)]


def test_each_person_reads_for_themselves_and_viewers_are_not_told(api: Api) -> None:
    clash(api, 1, NINE - timedelta(minutes=30))
    tick(api, NINE + timedelta(minutes=5))
    now = api.clock.now()
    clients = {
        role: browser(api.url, add_session(api.database_url, add_user(api.database_url, role), now))
        for role in (Role.VIEWER, Role.EDITOR)
    }
    with clients[Role.VIEWER] as viewer, clients[Role.EDITOR] as editor:
        assert told(viewer) == []
        [item] = editor.get("/api/notices").json()["items"]
        assert item["link"] == "/sync-status?tab=conflicts"
        after = editor.post("/api/notices/read", json={"up_to": item["id"]}).json()
        assert (after["unread"], [each["is_read"] for each in after["items"]]) == (0, [True])
        # Reading less later takes nothing back, and an id to come is not read ahead.
        assert editor.post("/api/notices/read", json={"up_to": "0"}).json()["unread"] == 0
        viewer.post("/api/notices/read", json={"up_to": "999999"}).raise_for_status()
        assert told(api.client) == [(item["message"], False)]


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    with mail_server() as server:
        yield server


def mailing(api: Api, redis_url: str, port: int) -> Settings:
    return api_settings(
        api.database_url,
        redis_url,
        pulse_public_url="https://pulse.example.com",
        pulse_smtp_host=HOST,
        pulse_smtp_port=port,
        pulse_smtp_from="Pipeline Pulse <pulse@example.com>",
        pulse_smtp_tls="none",
    )


def test_a_notice_is_mailed_once_to_each_editor(
    api: Api, redis_url: str, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    add_user(api.database_url, Role.VIEWER)
    add_user(api.database_url, Role.EDITOR)
    add_user(api.database_url, Role.EDITOR, name="Gone")
    clash(api, 1, datetime.now(UTC) - timedelta(hours=3))
    notice_id = tick(api, datetime.now(UTC))
    assert notice_id is not None
    settings = mailing(api, redis_url, port)

    asyncio.run(mail_notice(settings, notice_id))
    # A message that arrives twice, and a server that refused somebody: nothing goes out again.
    asyncio.run(mail_notice(settings, notice_id))

    assert sorted(letter.to for letter in box.taken) == ["ada@example.com", "edda@example.com"]
    for letter in box.taken:
        assert letter.subject == "1 deal was changed on both sides and waits for a decision"
        [link] = [line for line in letter.text.splitlines() if "://" in line]
        assert link == "https://pulse.example.com/sync-status?tab=conflicts"


def test_without_a_mail_server_that_takes_mail_the_notice_waits_and_tries_again(
    api: Api, redis_url: str, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    clash(api, 1, datetime.now(UTC) - timedelta(hours=3))
    notice_id = tick(api, datetime.now(UTC))
    assert notice_id is not None

    asyncio.run(mail_notice(mailing(api, redis_url, free_port()), notice_id))

    [(waits,)] = api.sql(
        "SELECT max(available_at - created_at) > interval '4 minutes' FROM outbox"
        " WHERE job = 'mail_notice'"
    )
    assert waits is True
    assert told(api.client) == [
        ("1 deal was changed on both sides and waits for a decision.", False)
    ]
    # None is set up: nothing is claimed. Then the server is back.
    asyncio.run(mail_notice(api_settings(api.database_url, redis_url), notice_id))
    asyncio.run(mail_notice(mailing(api, redis_url, port), notice_id))
    assert [letter.to for letter in box.taken] == ["ada@example.com"]
