"""The vendor's own Python SDK for CRM v8, signed in to a running simulator.

The SDK keeps one session for the whole process, and caches the fields of modules in files. Each
``OfficialSdk`` has its own session and its own folder; ``use`` makes it the process's session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store.file_store import FileStore
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.header_map import HeaderMap
from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
from zohocrmsdk.src.com.zoho.crm.api.parameter_map import ParameterMap

from support.official_sdk.values import Json, SdkValue, plain
from support.official_sdk.wire import breaches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.simulator import SimulatorHandle


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as the SDK hands it out.

    ``object`` is the SDK's own object, None for an answer without a body; ``json`` what it was
    made from.
    """

    status: int
    headers: Mapping[str, str]
    object: SdkValue
    json: Json

    @property
    def kind(self) -> str:
        """The class that the SDK recognised the body as."""
        return type(self.object).__name__

    @property
    def values(self) -> SdkValue:
        """The SDK's object as plain values."""
        return plain(self.object)


def seen(response: SdkValue) -> Seen:
    """Return an SDK call's answer; fail if the SDK could not read it or it breaks a wire rule."""
    # The SDK logs an exception of its own and returns None.
    assert response is not None, "the SDK could not make sense of the answer"
    answer = Seen(
        response.get_status_code(),
        response.get_headers(),
        response.get_object(),
        response.get_response_json(),
    )
    broken = breaches(answer.json)
    assert broken == [], broken[:10]
    if answer.json is not None:
        assert answer.object is not None, f"the SDK recognises nothing in {answer.json}"
    return answer


class OfficialSdk:
    """A session of the SDK, signed in by refresh token unless a grant code is given."""

    def __init__(
        self, sim: SimulatorHandle, folder: Path, *, grant_code: str | None = None
    ) -> None:
        self.sim = sim
        folder.mkdir(parents=True, exist_ok=True)
        told = sim.connection
        self.token = OAuthToken(
            client_id=told["client_id"],
            client_secret=told["client_secret"],
            refresh_token=None if grant_code else told["refresh_token"],
            grant_token=grant_code,
            redirect_url="http://127.0.0.1/callback" if grant_code else None,
        )
        self.store = FileStore(str(folder / "tokens.csv"))
        Initializer.initialize(
            DataCenter.Environment(
                told["api_url"], f"{told['accounts_url']}/oauth/v2/token", told["api_url"]
            ),
            self.token,
            store=self.store,
            resource_path=str(folder),
        )
        self._session = Initializer.initializer

    def use(self) -> None:
        """Make this the session of every SDK call from here on."""
        Initializer.initializer = self._session


def parameters(*pairs: tuple[SdkValue, object]) -> SdkValue:
    """Return the SDK's parameter map of (Param, value) pairs."""
    built = ParameterMap()
    for param, value in pairs:
        built.add(param, value)
    return built


def headers(*pairs: tuple[SdkValue, object]) -> SdkValue:
    """Return the SDK's header map of (Header, value) pairs."""
    built = HeaderMap()
    for header, value in pairs:
        built.add(header, value)
    return built
