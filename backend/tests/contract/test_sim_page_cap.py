"""The end of the road for page tokens: one hundred thousand records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import SimulatorHandle, simulator_process

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def crm() -> Iterator[SimulatorHandle]:
    with simulator_process("--deals", "100001", "--activity", "0") as handle:
        yield handle


def test_a_walk_by_page_tokens_ends_at_a_hundred_thousand_records(crm: SimulatorHandle) -> None:
    calls = CrmCalls(crm)
    seen: set[str] = set()
    params: dict[str, object] = {"fields": "id", "sort_order": "asc"}
    for _ in range(500):
        page = calls.get("/Deals", **params).json()
        seen |= {row["id"] for row in page["data"]}
        params["page_token"] = page["info"]["next_page_token"]
    assert len(seen) == 100_000
    assert page["info"]["more_records"] is True
    answer = calls.get("/Deals", **params)
    assert answer.status == 400
    assert answer.json() == {
        "code": "PAGINATION_LIMIT_EXCEEDED",
        "details": {"param_name": "page_token"},
        "message": "You can only get upto 100000 records using page_token param",
        "status": "error",
    }
