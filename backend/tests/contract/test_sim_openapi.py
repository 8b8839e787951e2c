"""The simulator's settings and records against the vendor's OpenAPI files, if those are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator, ValidationError

from support.crm_calls import CrmCalls
from support.simulator import Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

VENDOR_FILES = Path(__file__).parents[4] / "shared" / "zoho-oas"

pytestmark = pytest.mark.skipif(
    not VENDOR_FILES.is_dir(), reason="the vendor's OpenAPI files are not beside the repository"
)


@pytest.fixture(scope="module")
def crm() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=40)) as handle:
        # The vendor's schema of the fields call knows no probability; its layouts schema does.
        handle.switch(stage_metadata_in_fields=False)
        yield handle


@pytest.fixture(scope="module")
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def without_foreign_patterns(node: Json) -> Json:
    """Drop patterns in a dialect that Python's re does not read."""
    return {
        key: value
        for key, value in node.items()
        if not (key == "pattern" and isinstance(value, str) and "\\p" in value)
    }


def complaints(file: str, template: str, status: int, body: Json) -> set[str]:
    text = (VENDOR_FILES / f"{file}.json").read_text(encoding="utf-8")
    document = json.loads(text, object_hook=without_foreign_patterns)
    path = template.replace("/", "~1")
    where = f"#/paths/{path}/get/responses/{status}"
    answer = document["paths"][template]["get"]["responses"][str(status)]
    where = answer.get("$ref", where)
    schema = {**document, "$ref": f"{where}/content/application~1json/schema"}
    errors = Draft202012Validator(schema).iter_errors(body)
    return {said for error in errors for said in leaves(error)}


def leaves(error: ValidationError) -> Iterator[str]:
    """Yield what the branch that fits best complains about, with numbers in the path starred."""
    if error.context:
        branches = {cause.schema_path[0] for cause in error.context}
        best = min(
            ([c for c in error.context if c.schema_path[0] == branch] for branch in branches),
            key=len,
        )
        for cause in best:
            yield from leaves(cause)
    else:
        path = "/".join("*" if isinstance(key, int) else str(key) for key in error.absolute_path)
        yield f"{path}: {error.message}"


@pytest.mark.parametrize(
    ("file", "path", "params"),
    [
        ("org", "/org", {}),
        ("users", "/users", {}),
        ("users", "/users", {"type": "CurrentUser"}),
        ("currencies", "/org/currencies", {}),
        ("modules", "/settings/modules", {}),
        ("fields", "/settings/fields", {"module": "Accounts"}),
        ("fields", "/settings/fields", {"module": "DealHistory"}),
        ("layouts", "/settings/layouts", {"module": "Contacts"}),
        ("layouts", "/settings/layouts", {"module": "Deals"}),
        ("recycle-bin", "/settings/recycle_bin", {}),
        ("recycle-bin", "/settings/recycle_bin/actions/count", {}),
    ],
)
def test_settings_fit_the_vendors_schema(
    calls: CrmCalls, file: str, path: str, params: dict[str, str]
) -> None:
    answer = calls.get(path, **params)
    assert answer.status == 200
    assert complaints(file, path, 200, answer.json()) == set()


def test_pipelines_fit_the_vendors_schema(calls: CrmCalls) -> None:
    layout = calls.get("/settings/layouts", module="Deals").json()["layouts"][0]["id"]
    answer = calls.get("/settings/pipeline", layout_id=layout)
    assert complaints("pipeline", "/settings/pipeline", 200, answer.json()) == set()
    refused = calls.get("/settings/pipeline")
    assert refused.json()["details"] == {"param_name": "layout_id"}


def test_the_fields_of_deals_fit_but_for_the_subform_that_only_the_documentation_has(
    calls: CrmCalls,
) -> None:
    answer = calls.get("/settings/fields", module="Deals")
    assert complaints("fields", "/settings/fields", 200, answer.json()) == {
        "fields/*: Additional properties are not allowed ('subform' was unexpected)"
    }


def test_deleted_records_fit_the_vendors_schema(calls: CrmCalls) -> None:
    answer = calls.get("/Deals/deleted")
    assert complaints("record", "/{module}/deleted", 200, answer.json()) == set()


def test_records_fit_but_for_what_the_documentation_shows_otherwise(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    names = "Owner,Created_Time,Modified_Time,Created_By,Modified_By"
    page = calls.get("/Deals", fields=names).json()
    email = "Additional properties are not allowed ('email' was unexpected)"
    assert complaints("record", "/{module}", 200, page) == {
        f"data/*/Created_By: {email}",
        f"data/*/Modified_By: {email}",
        "info/next_page_token: None is not of type 'string'",
        "info/previous_page_token: None is not of type 'string'",
        "info/page_token_expiry: None is not of type 'string'",
    }
    record = calls.get(f"/Deals/{crm.records()[0]['id']}").json()
    assert complaints("record", "/{module}/{recordID}", 200, record) == {
        f"data/*/Created_By: {email}",
        f"data/*/Modified_By: {email}",
    }
