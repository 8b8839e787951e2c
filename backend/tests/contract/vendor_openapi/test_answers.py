"""The simulator's answers fit the vendor's OpenAPI files, but for a table of known deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract.vendor_openapi.known_deviations import (
    BARE_ERROR,
    KNOWN_DEVIATIONS,
    OUT_OF_SCOPE,
    ROW_RESULTS,
    Deviation,
    is_out_of_scope,
)
from contract.vendor_openapi.record_cases import RECORD_CASES
from contract.vendor_openapi.settings_cases import SETTINGS_CASES
from contract.vendor_openapi.world import Case, World
from contract.vendor_openapi.write_cases import WRITE_CASES
from support.simulator import simulator_in_thread
from support.vendor_openapi import FILES, complaints, media_complaints, operations
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.simulator import Answer

CASES = [*SETTINGS_CASES, *RECORD_CASES, *WRITE_CASES]

pytestmark = pytest.mark.skipif(
    not FILES.is_dir(),
    reason="the vendor's OpenAPI files are not beside the repository, nor in ZOHO_OAS_DIR",
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with simulator_in_thread(Config(deals=120)) as sim:
        yield World(sim)


def known(case: Case) -> dict[str, Deviation]:
    return {
        deviation.said: deviation
        for deviation in KNOWN_DEVIATIONS
        if deviation.operation == case.operation and deviation.status == case.status
    }


def said_of(case: Case, answer: Answer) -> set[str]:
    """Return the file's complaints, those about the body's outermost shape named by kind."""
    media = answer.headers.get("Content-Type", "").split(";")[0]
    if answer.body and media != "application/json":
        return media_complaints(case.operation, answer.status, media)
    body = answer.json() if answer.body else None
    expected = known(case)
    if BARE_ERROR in expected and "code" in body:
        return {BARE_ERROR, *complaints(case.operation, answer.status, {"data": [body]})}
    if ROW_RESULTS in expected and "data" in body:
        found = (complaints(case.operation, answer.status, row) for row in body["data"])
        return {ROW_RESULTS}.union(*found)
    return complaints(case.operation, answer.status, body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_fits_the_vendors_file(case: Case, world: World) -> None:
    answer = case.ask(world)
    assert answer.status == case.status, answer.body
    assert said_of(case, answer) - known(case).keys() == set()


def test_every_known_deviation_still_occurs(world: World) -> None:
    met = {
        known(case)[said]
        for case in CASES
        for said in said_of(case, case.ask(world))
        if said in known(case)
    }
    assert set(KNOWN_DEVIATIONS) - met == set()


def test_every_operation_of_the_files_is_served_or_out_of_scope() -> None:
    served = {case.operation for case in CASES if case.status < 300}
    missing = {op for op in operations() - served if not is_out_of_scope(op)}
    assert missing == set()
    assert {op for op in served if is_out_of_scope(op)} == set()
    assert served <= operations()


def test_the_list_of_what_is_out_of_scope_names_only_what_the_files_have() -> None:
    known_patterns = {
        (operation.file, method, path)
        for operation in operations()
        for method in (operation.method, "*")
        for path in (operation.path, "*")
    }
    assert OUT_OF_SCOPE.keys() - known_patterns == set()
