"""Deals that people edit here and colleagues in the CRM, and what is decided about them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from pulse.edits.authors import Author
from pulse.edits.connection import Connection
from pulse.edits.store import change_record
from pulse.sync.domain.merge import Value
from support.deal_page import DealPage
from support.simulator import Json
from support.synced import Synced

MEI = Author(UUID(int=7), "Mei Tan")
CONFLICTS = "/api/sync-status/conflicts"


@dataclass
class Clashes:
    """The conflicts of a running product."""

    product: Synced

    def new_deal(self, **values: object) -> DealPage:
        return DealPage.of_new_deal(self.product, **values)

    def act(self, step: Callable[[Connection], Awaitable[object]]) -> None:
        """Do something in a transaction of its own."""

        async def acting() -> None:
            url = self.product.api.database_url
            async with await psycopg.AsyncConnection.connect(url) as connection:
                await step(connection)

        asyncio.run(acting())

    def edit_here(self, deal: DealPage, values: Mapping[str, Value], author: Author = MEI) -> None:
        self.act(
            lambda connection: change_record(connection, "Deals", int(deal.deal_id), values, author)
        )

    def between(
        self, deal: DealPage, here: Mapping[str, Value], there: Mapping[str, object]
    ) -> None:
        """Let both sides edit a deal, and a quick sync find out."""
        self.edit_here(deal, here)
        deal.edit(by=deal.colleague()["id"], **there)
        deal.pull()

    def listed(self, **params: Any) -> Json:  # noqa: ANN401 - query parameters of any kind
        answer = self.product.api.client.get(CONFLICTS, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def one(self, deal: DealPage) -> Json:
        answer = self.product.api.client.get(f"{CONFLICTS}/{deal.deal_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def resolve(self, deal: DealPage, expected: int = 200, **decision: Any) -> Json:  # noqa: ANN401 - as above
        answer = self.product.api.client.post(f"{CONFLICTS}/{deal.deal_id}/resolve", json=decision)
        assert answer.status_code == expected, answer.text
        return answer.json()

    def resolve_all(self, expected: int = 200, **decision: Any) -> Json:  # noqa: ANN401 - as above
        answer = self.product.api.client.post(f"{CONFLICTS}/resolve-all", json=decision)
        assert answer.status_code == expected, answer.text
        return answer.json()

    def undo(self, deal: DealPage, expected: int = 200) -> Json:
        answer = self.product.api.client.post(f"{CONFLICTS}/{deal.deal_id}/undo")
        assert answer.status_code == expected, answer.text
        return answer.json()

    def dropped(self, deal: DealPage) -> list[tuple[Any, ...]]:
        """Return field and value of every edit of a deal that was given up."""
        return list(
            self.product.api.sql(
                "SELECT field, new_value FROM change_log WHERE record_id = %(id)s"
                " AND kind = 'dropped' ORDER BY id",
                id=int(deal.deal_id),
            )
        )

    def waiting(self, deal: DealPage) -> list[tuple[Any, ...]]:
        """Return field, value and state of every local change of a deal."""
        return list(
            self.product.api.sql(
                "SELECT field, new_value, state FROM pending_changes WHERE record_id = %(id)s"
                " ORDER BY field",
                id=int(deal.deal_id),
            )
        )

    def audited(self) -> list[tuple[Any, ...]]:
        """Return action, subject, and what was decided, of every line about conflicts."""
        return list(
            self.product.api.sql(
                "SELECT action, subject, after FROM audit_log WHERE action LIKE 'conflict.%%'"
                " ORDER BY id"
            )
        )
