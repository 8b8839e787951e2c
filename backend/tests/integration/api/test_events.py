import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from support.api import Api
from support.api_rows import connect_crm
from support.waiting import wait_until


class Stream:
    """The lines of an event stream, read one event at a time."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()
        self.comments = 0

    def next(self) -> dict[str, object]:
        """Return the next event as its fields; comments are counted and passed over."""
        event: dict[str, object] = {}
        for line in self._lines:
            if line.startswith(":"):
                self.comments += 1
            elif line:
                name, _, value = line.partition(": ")
                event[name] = json.loads(value) if name == "data" else value
            elif event:
                return event
        raise EOFError


@contextmanager
def listening(api: Api, last_event_id: str | None = None, **params: object) -> Iterator[Stream]:
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    wait_until(api.app.state.events.is_listening.is_set)
    with api.client.stream(
        "GET", "/api/live-sync/events", params=params, headers=headers
    ) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        yield Stream(response)


def test_change_reaches_the_browser_after_its_commit_and_not_before(api: Api) -> None:
    with listening(api) as stream, psycopg.connect(api.database_url) as writer:
        hello = stream.next()
        writer.execute("SELECT pg_notify('pulse_events', 'records:Deals')")
        api.sql("SELECT pg_notify('pulse_events', 'settings:sync.mode')")
        first = stream.next()
        writer.commit()
        second = stream.next()

    assert (hello["event"], hello["retry"]) == ("hello", "2000")
    assert (first["event"], first["data"]) == ("settings", {"id": "sync.mode"})
    assert (second["event"], second["data"]) == ("records", {"id": "Deals"})


def test_starting_a_sync_is_announced_with_its_session(api: Api) -> None:
    connect_crm(api)
    with listening(api, topic="session") as stream:
        stream.next()
        session_id = api.client.post("/api/live-sync/sync/full").json()["session_id"]
        event = stream.next()

    assert (event["event"], event["data"]) == ("session", {"id": session_id})


def test_client_hears_only_the_topics_that_it_asked_for_and_never_the_outbox(api: Api) -> None:
    with listening(api, topic=["schema", "outbox"]) as stream:
        stream.next()
        for payload in ("outbox:1", "records:Deals", "schema:Deals"):
            api.sql("SELECT pg_notify('pulse_events', %(payload)s)", payload=payload)
        event = stream.next()

    assert (event["event"], event["data"]) == ("schema", {"id": "Deals"})


def test_client_that_missed_nothing_goes_on_and_another_refetches(api: Api) -> None:
    with listening(api) as stream:
        last = str(stream.next()["id"])
    with listening(api, last_event_id=last) as stream:
        stream.next()
        api.sql("SELECT pg_notify('pulse_events', 'schema:Deals')")
        assert stream.next()["event"] == "schema"
    with listening(api, last_event_id=last) as stream:
        assert [stream.next()["event"] for _ in range(2)] == ["hello", "refetch"]


def test_quiet_stream_is_kept_alive_by_comments(api: Api) -> None:
    with listening(api) as stream:
        stream.next()
        reader = threading.Thread(target=stream.next)
        reader.start()
        wait_until(lambda: stream.comments >= 2)
        api.sql("SELECT pg_notify('pulse_events', 'schema:Deals')")
        reader.join(10)

    assert not reader.is_alive()


def test_clients_refetch_after_the_database_was_away(api: Api) -> None:
    with listening(api) as stream:
        stream.next()
        api.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'pulse-events' AND datname = current_database()"
        )
        event = stream.next()
        api.sql("SELECT pg_notify('pulse_events', 'schema:Deals')")
        after = stream.next()

    assert event["event"] == "refetch"
    assert after["event"] == "schema"


def test_client_that_leaves_is_forgotten(api: Api) -> None:
    with listening(api) as stream:
        stream.next()
        assert api.app.state.events.subscriber_count == 1

    wait_until(lambda: api.app.state.events.subscriber_count == 0)


@pytest.mark.timeout(60)
def test_streams_end_when_the_server_is_told_to_stop(api: Api) -> None:
    with listening(api) as stream:
        stream.next()
        api.app.state.events.close_subscriptions()
        with pytest.raises(EOFError):
            stream.next()
