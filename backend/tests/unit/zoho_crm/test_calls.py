"""What is sent again after which failure, what it costs, and what a gate sees."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

from support.crm_client import (
    API,
    FakeClock,
    RecordingGate,
    ScriptedTransport,
    answer,
    body_of,
    client_over,
    sample,
)
from zoho_crm import errors
from zoho_crm.calls import ApiBase
from zoho_crm.gate import AttemptResult
from zoho_crm.protocol.prices import CallCost
from zoho_crm.protocol.wire import Area, Request
from zoho_crm.transport import RetryPolicy

if TYPE_CHECKING:
    from pathlib import Path

    from zoho_crm.protocol.wire import Answer
    from zoho_crm.transport import HttpRequest

pytestmark = pytest.mark.anyio

ROW = {"id": "5725767000000100001", "Stage": "Won"}
PAGE = sample("list_page")
WRITTEN = sample("write_ids_as_numbers")
GUARD = datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)
LATE = errors.CallTimedOut("late")
CUT = sample("cut_json")
TROUBLES = [
    sample("throttled_too_many"),
    sample("proxy_html_502"),
    CUT,
    errors.ConnectionFailed("refused"),
    errors.ConnectionLost("reset"),
    LATE,
]
DOUBTFUL = [sample("proxy_html_502"), CUT, errors.ConnectionLost("reset"), LATE]
REFUSED = [sample("throttled_too_many"), errors.ConnectionFailed("refused")]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_read_is_repeated_after_every_passing_trouble(trouble: Answer | Exception) -> None:
    transport = ScriptedTransport(trouble, PAGE)
    page = await client_over(transport).get_records("Deals", ["id"])
    assert len(page.records) == 2
    was_turned_away = trouble is TROUBLES[0]
    assert (page.meta.attempts, page.meta.credits) == (2, 1 if was_turned_away else 2)


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_unguarded_update_is_repeated(trouble: Answer | Exception) -> None:
    transport = ScriptedTransport(trouble, WRITTEN)
    result = await client_over(transport).update("Deals", [ROW])
    assert result.errors == ()
    assert len(transport.requests) == 2


@pytest.mark.parametrize("trouble", DOUBTFUL)
async def test_an_insert_without_an_answer_is_lost_and_never_repeated(
    trouble: Answer | Exception,
) -> None:
    transport = ScriptedTransport(trouble, WRITTEN)
    with pytest.raises(errors.AnswerLost) as caught:
        await client_over(transport).insert("Deals", [ROW])
    assert caught.value.operation == "records.insert"
    assert isinstance(caught.value.cause, errors.RetryLater)
    assert len(transport.requests) == 1


@pytest.mark.parametrize("trouble", REFUSED)
async def test_an_insert_that_was_not_executed_says_so_and_is_the_callers_to_repeat(
    trouble: Answer | Exception,
) -> None:
    transport = ScriptedTransport(trouble, WRITTEN)
    with pytest.raises((errors.Throttled, errors.ConnectionFailed)):
        await client_over(transport).insert("Deals", [ROW])
    assert len(transport.requests) == 1


@pytest.mark.parametrize("trouble", DOUBTFUL)
async def test_a_guarded_update_without_an_answer_is_lost_and_never_repeated(
    trouble: Answer | Exception,
) -> None:
    transport = ScriptedTransport(trouble, WRITTEN)
    with pytest.raises(errors.AnswerLost):
        await client_over(transport).update("Deals", [ROW], if_unmodified_since=GUARD)
    assert len(transport.requests) == 1


@pytest.mark.parametrize("trouble", REFUSED)
async def test_a_guarded_update_is_repeated_when_it_was_not_executed(
    trouble: Answer | Exception,
) -> None:
    transport = ScriptedTransport(trouble, WRITTEN)
    await client_over(transport).update("Deals", [ROW], if_unmodified_since=GUARD)
    assert len(transport.requests) == 2


async def test_a_write_that_ends_in_refusals_after_a_lost_answer_is_still_lost() -> None:
    transport = ScriptedTransport(LATE, *[sample("throttled_too_many")] * 2)
    client = client_over(transport, retry=RetryPolicy(max_tries=3))
    with pytest.raises(errors.AnswerLost) as caught:
        await client.update("Deals", [ROW])
    assert caught.value.cause is LATE
    assert isinstance(caught.value.__cause__, errors.Throttled)


async def test_a_success_that_cannot_be_read_is_a_lost_answer() -> None:
    for odd in (answer({"data": []}), sample("list_empty_204")):
        transport = ScriptedTransport(odd)
        with pytest.raises(errors.AnswerLost) as caught:
            await client_over(transport).delete("Deals", ["1"])
        assert isinstance(caught.value.cause, errors.UnexpectedAnswer)
    with pytest.raises(errors.UnexpectedAnswer):
        await client_over(ScriptedTransport(sample("proxy_html_403"))).insert("Deals", [ROW])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error_bare", errors.RequestRefused),
        ("no_permission", errors.NoPermission),
        ("page_token_expired", errors.PageTokenExpired),
        ("json_list", errors.UnexpectedAnswer),
    ],
)
async def test_a_refusal_is_not_repeated(name: str, kind: type[errors.ZohoError]) -> None:
    transport = ScriptedTransport(sample(name), PAGE)
    with pytest.raises(kind):
        await client_over(transport).get_records("Deals", ["id"])
    assert (len(transport.requests), transport.steps_left) == (1, 1)


async def test_retry_after_is_honoured_and_the_rest_is_full_jitter() -> None:
    clock = FakeClock()
    transport = ScriptedTransport(sample("throttled_rate_limit"), LATE, LATE, PAGE)
    await client_over(transport, clock=clock).get_records("Deals", ["id"])
    chance = Random(1)
    chance.uniform(0, 0.5)
    assert clock.sleeps == [12.0, chance.uniform(0, 1.0), chance.uniform(0, 2.0)]


async def test_the_number_of_tries_is_limited() -> None:
    transport = ScriptedTransport(*[LATE] * 9)
    with pytest.raises(errors.CallTimedOut):
        await client_over(transport).get_records("Deals", ["id"])
    assert len(transport.requests) == 6


async def test_the_total_time_is_limited_and_a_wait_beyond_it_is_not_begun() -> None:
    clock = FakeClock()
    slow = answer(
        {"code": "TOO_MANY_REQUESTS", "details": {}, "message": "", "status": "error"},
        429,
        **{"retry-after": "50"},
    )
    transport = ScriptedTransport(*[slow] * 9)
    with pytest.raises(errors.Throttled) as caught:
        await client_over(transport, clock=clock).get_records("Deals", ["id"])
    assert caught.value.retry_after_s == 50.0
    assert clock.sleeps == [50.0, 50.0]


def test_a_wait_grows_to_its_cap() -> None:
    policy = RetryPolicy(base_s=1.0, cap_s=4.0)

    class Highest(Random):
        def uniform(self, a: float, b: float) -> float:
            assert a == 0.0
            return b

    assert [policy.wait_s(tries, None, Highest()) for tries in range(1, 6)] == [1, 2, 4, 4, 4]
    assert policy.wait_s(1, 9.0, Highest()) == 9.0


async def test_a_gate_sees_every_attempt_with_its_cost_and_end() -> None:
    gate = RecordingGate()
    transport = ScriptedTransport(LATE, sample("throttled_too_many"), PAGE)
    await client_over(transport, gate=gate).get_records("Deals", ["id"])
    cost = CallCost("records.list", "Deals", 1, is_complex=False)
    assert gate.entered == [cost] * 3
    assert gate.left == [
        AttemptResult(None, 1, None, 0.0, "CallTimedOut"),
        AttemptResult(429, 0, None, 0.0),
        AttemptResult(200, 1, 48_210, 0.0),
    ]


async def test_a_gate_that_refuses_ends_the_call_before_it_is_sent() -> None:
    class ClosedError(Exception):
        pass

    class ClosedGate(RecordingGate):
        async def enter(self, call: CallCost) -> None:
            raise ClosedError(call.operation)

    gate = ClosedGate()
    transport = ScriptedTransport(PAGE)
    with pytest.raises(ClosedError):
        await client_over(transport, gate=gate).get_records("Deals", ["id"])
    assert (transport.requests, gate.left) == ([], [])


async def test_a_cancelled_call_gives_its_slot_back() -> None:
    gate = RecordingGate()
    sent = asyncio.Event()

    class Silent(ScriptedTransport):
        async def send(self, request: HttpRequest, *, to: Path | None = None) -> Answer:
            if request.form is None:
                sent.set()
                await asyncio.Event().wait()
            return await super().send(request, to=to)

    task = asyncio.create_task(client_over(Silent(), gate=gate).get_records("Deals", ["id"]))
    await sent.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [result.error for result in gate.left] == ["CancelledError"]


async def test_an_answer_tells_the_crm_time_and_what_was_spent() -> None:
    clock = FakeClock()
    transport = ScriptedTransport(PAGE)
    transport.on_send = lambda: clock.advance(0.25)
    page = await client_over(transport, clock=clock).get_records("Deals", ["id"])
    assert page.meta.server_time == datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)
    assert page.meta.credits_remaining == 48_210
    assert page.meta.latency_s == pytest.approx(0.25)


async def test_a_request_carries_the_token_in_zohos_own_scheme() -> None:
    transport = ScriptedTransport(PAGE, WRITTEN)
    client = client_over(transport)
    await client.get_records("Deals", ["id"])
    await client.insert("Deals", [ROW])
    listed, inserted = transport.requests
    assert listed.url == f"{API}/Deals?fields=id&per_page=200"
    assert listed.headers == {
        "Authorization": "Zoho-oauthtoken token-1",
        "Accept": "application/json",
    }
    assert inserted.headers["Content-Type"] == "application/json"
    assert body_of(inserted) == {"data": [ROW]}


async def test_one_debug_event_ends_each_call_and_holds_no_contents(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "zoho_crm")
    transport = ScriptedTransport(LATE, PAGE)
    await client_over(transport).get_records("Deals", ["Deal_Name"])
    repeated, finished = caplog.records
    assert (repeated.message, finished.message) == ("crm.call.repeats", "crm.call.finished")
    facts = vars(finished)
    assert (facts["operation"], facts["crm_module"]) == ("records.list", "Deals")
    assert (facts["status"], facts["attempts"], facts["credits"]) == (200, 2, 2)
    everything = " ".join(str(vars(record)) for record in caplog.records)
    for kept_back in ("token-1", "refresh-token", "client-secret", "Quay 7 refit"):
        assert kept_back not in everything


@pytest.mark.parametrize(
    ("base_url", "crm", "bulk"),
    [
        (
            "https://www.zohoapis.in/crm/v8",
            "https://www.zohoapis.in/crm/v8/x",
            "https://www.zohoapis.in/crm/bulk/v8/x",
        ),
        (
            "http://127.0.0.1:8090/crm/v8/",
            "http://127.0.0.1:8090/crm/v8/x",
            "http://127.0.0.1:8090/crm/bulk/v8/x",
        ),
        (
            "http://127.0.0.1/zoho/crm/v2.1",
            "http://127.0.0.1/zoho/crm/v2.1/x",
            "http://127.0.0.1/zoho/crm/bulk/v2.1/x",
        ),
    ],
)
def test_bulk_stands_before_the_version(base_url: str, crm: str, bulk: str) -> None:
    base = ApiBase.parse(base_url)
    assert base.url(Request("GET", "/x"), None) == crm
    assert base.url(Request("GET", "/x", area=Area.BULK), None) == bulk
    moved = base.url(Request("GET", "/x"), "https://www.zohoapis.eu")
    assert moved == f"https://www.zohoapis.eu/crm/{base.version}/x"


@pytest.mark.parametrize("base_url", ["https://www.zohoapis.in", "ftp://x/crm/v8", "x/crm/v8"])
def test_a_base_url_without_host_or_version_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="give host and version"):
        ApiBase.parse(base_url)


async def test_a_walk_follows_tokens_to_the_end() -> None:
    last = answer({"data": [{"id": "3"}], "info": {"more_records": False}})
    transport = ScriptedTransport(PAGE, last)
    pages = [page async for page in client_over(transport).walk_records("Deals", ["id"])]
    assert [len(page.records) for page in pages] == [2, 1]
    assert transport.requests[1].url.endswith("&page_token=c8582a0f")


async def test_a_walk_can_be_taken_up_from_its_token() -> None:
    last = answer({"data": [{"id": "3"}], "info": {"more_records": False}})
    transport = ScriptedTransport(last)
    walk = client_over(transport).walk_records("Deals", ["id"], page_token="kept")
    assert [page.records async for page in walk] == [[{"id": "3"}]]
    assert transport.requests[0].url.endswith("&page_token=kept")


async def test_a_token_that_comes_twice_ends_the_walk_with_an_error() -> None:
    transport = ScriptedTransport(PAGE, PAGE)
    walk = client_over(transport).walk_records("Deals", ["id"])
    assert (await anext(walk)).next_page_token == "c8582a0f"
    with pytest.raises(errors.PageTokenRepeated):
        await anext(walk)
    assert transport.steps_left == 0


async def test_more_without_a_token_ends_the_walk_with_an_error() -> None:
    odd = answer({"data": [{"id": "3"}], "info": {"more_records": True}})
    walk = client_over(ScriptedTransport(odd)).walk_records("Deals", ["id"])
    with pytest.raises(errors.UnexpectedAnswer, match=r"info\.next_page_token"):
        await anext(walk)


async def test_a_walk_whose_token_expires_tells_the_caller_to_start_again() -> None:
    transport = ScriptedTransport(PAGE, sample("page_token_expired"))
    walk = client_over(transport).walk_records("Deals", ["id"])
    assert len((await anext(walk)).records) == 2
    with pytest.raises(errors.WalkBroken):
        await anext(walk)


async def test_a_download_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    to = tmp_path / "7.zip"
    transport = ScriptedTransport(*[PAGE] * 2)
    client = client_over(transport, retry=RetryPolicy(max_tries=2))
    with pytest.raises(errors.BrokenAnswer, match="not a zip file"):
        await client.bulk_read.download("7", to)
    assert len(transport.requests) == 2
    assert transport.requests[0].headers["Accept"] == "*/*"
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - an empty folder


async def test_closing_the_client_closes_its_connections() -> None:
    transport = ScriptedTransport(answer({"status": "success"}))
    async with client_over(transport):
        assert transport.is_closed is False
    assert transport.is_closed is True
