"""The suite on the vendor's OpenAPI files notices a wrong simulator, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from contract.vendor_openapi import test_answers
from contract.vendor_openapi.world import World
from support import bugs
from support.tampering import Fault, TamperedSimulator, in_json, tampered_simulator
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = test_answers.pytestmark


class Planted(NamedTuple):
    """A fault, the name of the case that must notice it, and words of the complaint."""

    method: str
    path: str
    change: Callable[[bugs.Json], None]
    case: str
    complaint: str


FAULTS = {
    "the organisation is not in a list": Planted(
        "GET", "/v8/org", bugs.unlisted_organisation, "get /org: all", "org: dict instead of array"
    ),
    "a truth is a text": Planted(
        "GET", "/v8/users", bugs.text_for_truth, "get /users: all", "str instead of boolean"
    ),
    "a rate is a number": Planted(
        "GET",
        "/v8/org/currencies",
        bugs.rate_as_number,
        "get /org/currencies: all",
        "exchange_rate: float instead of string",
    ),
    "a refusal has a code of its own": Planted(
        "GET",
        "/v8/Deals",
        bugs.home_made_code,
        "get /{module}: no fields",
        "'MISSING' is not among the listed values",
    ),
    "a result has no status": Planted(
        "POST",
        "/v8/Deals",
        bugs.result_without_status,
        "post /{module}: a row",
        "'status' is a required property",
    ),
    "a job is in a state of its own": Planted(
        "POST",
        "/bulk/v8/read",
        bugs.strange_state,
        "post /read: a job",
        "'WAITING' is not among the listed values",
    ),
    "a page tells nothing of further records": Planted(
        "GET",
        "/v8/Deals/deleted",
        bugs.without_more_records,
        "get /{module}/deleted: both kinds",
        "'more_records' is a required property",
    ),
}


@pytest.fixture(scope="module")
def tampered() -> Iterator[TamperedSimulator]:
    with tampered_simulator(Config(deals=40)) as running:
        yield running


@pytest.fixture(scope="module")
def world(tampered: TamperedSimulator) -> World:
    return World(tampered.sim)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed(name: str, world: World, tampered: TamperedSimulator) -> None:
    fault = FAULTS[name]
    [case] = [case for case in test_answers.CASES if case.name == fault.case]
    test_answers.test_an_answer_fits_the_vendors_file(case, world)
    with (
        tampered.planted(Fault(fault.method, fault.path, on_answer=in_json(fault.change))),
        pytest.raises(AssertionError, match=fault.complaint),
    ):
        test_answers.test_an_answer_fits_the_vendors_file(case, world)
    assert tampered.fired > 0
