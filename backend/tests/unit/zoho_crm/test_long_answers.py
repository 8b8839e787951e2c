"""A long answer is decoded beside the event loop, and gives what a short one gives."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from support.crm_client import ScriptedTransport, client_over
from zoho_crm import errors
from zoho_crm.calls import LARGE_BODY_BYTES
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.wire import Answer, Call, Request

pytestmark = pytest.mark.anyio

QUERY = "select id, Amount from Deals where id is not null limit 2000"
ROW = '{{"id":"{0}","Amount":{0}.5}}'


def body_of_rows(count: int) -> bytes:
    rows = ",".join(ROW.format(number) for number in range(1, count + 1))
    return f'{{"data":[{rows}],"info":{{"count":{count},"more_records":false}}}}'.encode()


@pytest.mark.parametrize(
    ("size", "is_beside"), [(LARGE_BODY_BYTES - 1, False), (LARGE_BODY_BYTES, True)]
)
async def test_only_a_long_answer_leaves_the_event_loop(size: int, *, is_beside: bool) -> None:
    def decoded_beside_the_loop(_answer: Answer) -> bool:
        return threading.current_thread() is not threading.main_thread()

    call = Call(Work(Operation.COQL, "Deals"), Request("GET", "/Deals"), decoded_beside_the_loop)
    client = client_over(ScriptedTransport(Answer(200, body=b" " * size)))
    assert await client._runner.run(call) is is_beside


async def test_page_of_many_rows_arrives_whole() -> None:
    body = body_of_rows(20_000)
    assert len(body) > LARGE_BODY_BYTES
    page = await client_over(ScriptedTransport(Answer(200, body=body))).coql(QUERY)
    assert len(page.rows) == 20_000
    assert page.rows[-1] == {"id": "20000", "Amount": Decimal("20000.5")}
    assert not page.more


async def test_long_answer_that_is_cut_is_broken_and_asked_for_again() -> None:
    body = body_of_rows(20_000)
    transport = ScriptedTransport(Answer(200, body=body[:-2]), Answer(200, body=body))
    page = await client_over(transport).coql(QUERY)
    assert len(page.rows) == 20_000
    assert len(transport.requests) == 2


async def test_answer_nested_beyond_reading_is_broken() -> None:
    deep = b"[" * 100_000
    transport = ScriptedTransport(*[Answer(200, body=deep)] * 6)
    with pytest.raises(errors.BrokenAnswer):
        await client_over(transport).coql(QUERY)
