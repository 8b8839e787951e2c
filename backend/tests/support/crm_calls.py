"""Calls to a simulator's API with a token that covers everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.simulator import Answer, Json, SimulatorHandle


class CrmCalls:
    """Calls under ``/crm/v8`` as the user who granted access."""

    def __init__(self, crm: SimulatorHandle) -> None:
        self.crm = crm
        self.token = crm.access_token()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        headers: dict[str, str] | None = None,
        **params: object,
    ) -> Answer:
        return self.crm.request(
            method,
            f"/crm/v8{path}",
            params={name: str(value) for name, value in params.items()},
            body=body,
            headers={"Authorization": f"Zoho-oauthtoken {self.token}", **(headers or {})},
        )

    def get(self, path: str, headers: dict[str, str] | None = None, **params: object) -> Answer:
        return self.call("GET", path, headers=headers, **params)

    def record(self, record_id: str, module: str = "Deals") -> Json:
        return self.get(f"/{module}/{record_id}").json()["data"][0]

    def walk(self, path: str, **params: object) -> list[Json]:
        """Return every row by page tokens, from the first call to ``more_records`` false."""
        rows: list[Json] = []
        token: dict[str, object] = {}
        while True:
            answer = self.get(path, **params, **token)
            if answer.status == 204:
                return rows
            page = answer.json()
            rows += page["data"]
            if not page["info"]["more_records"]:
                return rows
            token = {"page_token": page["info"]["next_page_token"]}
