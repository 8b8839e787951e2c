"""Every write that reached a record, listed and counted, for tests to hold a client to account."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from zoho_sim.control.requests import ControlError, answer
from zoho_sim.state.ledger import WriteFilter, summary_of

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.simulator import Simulator

LIMIT = 1_000
_PARAMETERS = ("module", "since", "after", "record_id", "source", "limit")


class WriteControl:
    """The endpoint ``/__sim__/writes``."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        """Add the endpoint."""
        app.router.add_get("/writes", self.writes)

    async def writes(self, request: web.Request) -> web.Response:
        """List writes, oldest first, at most ``limit``; the summary counts all that match.

        ``module``, ``record_id`` and ``source`` (several with commas) narrow; ``since`` is an ISO
        8601 time, included; ``after`` a write's number, not included.
        """
        unknown = set(request.query) - set(_PARAMETERS)
        if unknown:
            raise ControlError(f"unknown parameters: {', '.join(sorted(unknown))}")
        limit = _whole(request, "limit", LIMIT)
        wanted = WriteFilter(
            module=request.query.get("module"),
            since=self._since(request),
            after=_whole(request, "after", 0),
            record_id=request.query.get("record_id"),
            sources=frozenset(filter(None, request.query.get("source", "").split(","))),
        )
        ledger = self._simulator.ledger
        shown = list(islice(ledger.matching(wanted), limit + 1))
        return answer(
            {
                "writes": [write.as_dict() for write in shown[:limit]],
                "more": len(shown) > limit,
                "summary": summary_of(ledger.matching(wanted)),
            }
        )

    def _since(self, request: web.Request) -> str | None:
        text = request.query.get("since")
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise ControlError(f"since must be ISO 8601 with an offset; got {text!r}")
        return self._simulator.organisation.wire_time(moment)


def _whole(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise ControlError(f"{name} must be a whole number; got {text!r}")
    return int(text)
