"""Pipeline analytics over HTTP with an API token, as curl would; tests quote product.md §7."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulse.core.access import Role
from support.accounts import add_token, add_user
from support.api import HandClock
from support.oracle.pipeline import PipelineOracle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.synced import Synced

Json = Any  # what the API answers


@pytest.fixture
def clock() -> HandClock:
    """The clock of the CRM: what happens there happens now."""
    return HandClock(datetime.now(UTC))


@pytest.fixture
def curl(synced: Synced) -> Iterator[httpx.Client]:
    api = synced.api
    owner = add_user(api.database_url, Role.VIEWER)
    _, secret = add_token(api.database_url, owner, Role.VIEWER, api.clock.now())
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=api.url, headers=headers, timeout=30) as client:
        yield client


def get(curl: httpx.Client, path: str, **asked: str) -> Json:
    answer = curl.get(f"/api/analysis/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_pipeline_in_one_currency_with_changes_breakdowns_and_any_past_moment(
    synced: Synced, curl: httpx.Client
) -> None:
    """§7 "everything in one base currency", "numbers … each with its change", "as of".

    "Breakdowns: country pivot with drill-down to deals, account manager performance, any dimension
    by any dimension by any measure."
    """
    then = synced.crm.records()
    quiet = datetime.now(UTC) + timedelta(seconds=60)
    synced.crm.advance(120)
    first, second, *_ = (each["id"] for each in then if each["Stage"] == "Qualification")
    synced.crm.edit({first: {"Amount": 1_000_000.50, "Currency": "SGD"}})
    synced.crm.delete(second)
    synced.sync("incremental")
    synced.api.clock.advance(seconds=300)
    [(zone,)] = synced.api.sql("SELECT time_zone FROM crm_organisation")
    oracle = PipelineOracle(synced.crm, "SGD", str(zone))
    today = synced.api.clock.now().date()
    deals = oracle.chosen(synced.crm.records(), {"outcome": ["open"]}, today)
    is_now, was = (
        oracle.figures(deals),
        oracle.figures(oracle.chosen(then, {"outcome": ["open"]}, today)),
    )
    assert is_now.value != was.value

    numbers = get(curl, "numbers", outcome="open", compared_with=quiet.isoformat())
    for name in ("value", "deals", "average_size", "average_probability", "weighted"):
        assert (numbers[name]["now"], numbers[name]["then"]) == (
            is_now.figure(name),
            was.figure(name),
        )
    past = get(curl, "numbers", outcome="open", as_of=quiet.isoformat())
    assert past["value"]["now"] == float(was.value)

    pivot = get(curl, "breakdown", rows="country", columns="stage", outcome="open")
    assert pivot["total"]["value"] == float(is_now.value)
    assert sum(row["deals"] for row in pivot["rows"]) == is_now.deals
    greatest = pivot["rows"][0]
    drilled = curl.get(f"/api/deals/summary?outcome=open&{greatest['heading']['filter']}").json()
    assert drilled["count"] == greatest["deals"]
    narrower = get(
        curl, "breakdown", rows="account", outcome="open", country=greatest["heading"]["key"]
    )
    assert narrower["total"]["value"] == greatest["value"]

    managers = get(curl, "managers", outcome="open")
    assert sum(each["deals"] for each in managers["items"]) == is_now.deals
