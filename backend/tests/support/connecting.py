"""A person who connects the product in a browser: consents, refuses, or forges what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

if TYPE_CHECKING:
    from support.simulator import Json


@dataclass
class Person:
    """Somebody with a browser that is logged in to the product at `client`."""

    client: httpx.Client

    def begin(self, **wanted: str) -> str:
        """Return the address of the consent page."""
        answer = self.client.post("/api/crm/connect", json={"data_centre": "configured"} | wanted)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["authorisation_url"])

    def decide(self, url: str, decision: str = "accept", **changed: str | None) -> str:
        """Press a button on the consent page; return where the browser is sent with the answer.

        `changed` are parameters that the page is asked with instead; None leaves one out.
        """
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        answer = httpx.post(
            f"{parts.scheme}://{parts.netloc}{parts.path}?{query}", data={"decision": decision}
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def come_back(self, answer_url: str, **changed: str) -> str:
        """Follow the redirect to the product; return the outcome that its page is opened with."""
        parts = urlsplit(answer_url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
        answer = self.client.get(parts.path, params=query)
        assert answer.status_code == 303, answer.text
        page = urlsplit(answer.headers["Location"])
        assert page.path == "/crm-sync"
        (outcome,) = parse_qs(page.query)["outcome"]
        return outcome

    def connect(self, **wanted: str) -> str:
        """Do all of it; return the outcome."""
        return self.come_back(self.decide(self.begin(**wanted)))

    def view(self) -> Json:
        """Return the connection as the page shows it."""
        answer = self.client.get("/api/crm/connection")
        assert answer.status_code == 200, answer.text
        return answer.json()
