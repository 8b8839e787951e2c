"""The vendor's SDK signs in: by grant code, by refresh token, and again after expiry."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from zohocrmsdk.src.com.zoho.crm.api.exception import SDKException
from zohocrmsdk.src.com.zoho.crm.api.org import OrgOperations

from support.official_sdk.session import OfficialSdk, seen
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN_WINDOW_S = 601
SCOPE = "ZohoCRM.org.ALL,ZohoCRM.users.ALL"


@pytest.fixture(scope="module")
def organisation() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=10)) as handle:
        yield handle


@pytest.fixture
def sim(organisation: SimulatorHandle) -> SimulatorHandle:
    # Each test makes tokens; ten in ten minutes are allowed.
    organisation.advance(TOKEN_WINDOW_S)
    return organisation


def stored(folder: Path) -> dict[str, str]:
    with (folder / "tokens.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    return row


def test_a_refresh_token_signs_in_and_names_the_user(sim: SimulatorHandle, tmp_path: Path) -> None:
    OfficialSdk(sim, tmp_path)
    row = stored(tmp_path)
    assert row["refresh_token"] == sim.connection["refresh_token"]
    assert row["access_token"].startswith("1000.")
    assert row["api_domain"] == sim.url
    assert row["user_name"].endswith(sim.connection["organisation"]["zgid"])
    assert seen(OrgOperations().get_organization()).status == 200


def test_a_grant_code_gives_a_refresh_token_once(sim: SimulatorHandle, tmp_path: Path) -> None:
    code = sim.control("POST", "/tokens/grant", {"scope": SCOPE})["code"]
    OfficialSdk(sim, tmp_path / "first", grant_code=code)
    row = stored(tmp_path / "first")
    assert row["refresh_token"] not in ("", sim.connection["refresh_token"])
    assert seen(OrgOperations().get_organization()).status == 200
    with pytest.raises(SDKException, match="invalid_code"):
        OfficialSdk(sim, tmp_path / "second", grant_code=code)


def test_a_wrong_refresh_token_is_refused_by_name(sim: SimulatorHandle, tmp_path: Path) -> None:
    sim.connection["refresh_token"], right = "1000.wrong.wrong", sim.connection["refresh_token"]
    try:
        with pytest.raises(SDKException, match="invalid_code"):
            OfficialSdk(sim, tmp_path)
    finally:
        sim.connection["refresh_token"] = right


def test_an_expired_access_token_is_an_exception_of_the_api(
    sim: SimulatorHandle, tmp_path: Path
) -> None:
    OfficialSdk(sim, tmp_path / "first")
    assert seen(OrgOperations().get_organization()).status == 200
    sim.expire_tokens()
    refused = seen(OrgOperations().get_organization())
    assert (refused.status, refused.kind) == (401, "APIException")
    assert refused.values["code"] == "INVALID_TOKEN"
    OfficialSdk(sim, tmp_path / "second")
    assert seen(OrgOperations().get_organization()).status == 200
