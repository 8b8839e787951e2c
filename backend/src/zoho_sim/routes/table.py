"""Route tables: an API family declares its operations here, and the application adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.routes.call import Call, Operation, serve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from aiohttp import web

    from zoho_sim.simulator import Simulator

    Handler = Callable[[Call], Awaitable[web.Response]]

API = "/crm/v8"
BULK_API = "/crm/bulk/v8"


def needs(*scopes: str) -> Callable[[Call], Iterable[str]]:
    """Return the rule that the token must cover all of these scopes."""
    return lambda _call: scopes


def needs_module(operation: str) -> Callable[[Call], Iterable[str]]:
    """Return the rule for the module in the path: ``ZohoCRM.modules.{module}.{operation}``."""
    return lambda call: (f"ZohoCRM.modules.{call.path('module')}.{operation}",)


def costs(credits_: int) -> Callable[[Call], int]:
    """Return the rule of a fixed price."""
    return lambda _call: credits_


def never(_call: Call) -> bool:
    """Return False: the operation never takes a sub-concurrency slot."""
    return False


def always(_call: Call) -> bool:
    """Return True: the operation takes a sub-concurrency slot whatever it is asked."""
    return True


class Routes:
    """The operations of one API family."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, str, Operation, Handler]] = []

    def on(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        scopes: Callable[[Call], Iterable[str]],
        cost: Callable[[Call], int] = costs(1),  # noqa: B008 - an immutable rule
        is_complex: Callable[[Call], bool] = never,
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler for a method and a path under the CRM's base path."""

        def register(handler: Handler) -> Handler:
            entry = Operation(operation, scopes, cost, is_complex)
            self._entries.append((method, path, entry, handler))
            return handler

        return register

    def add_to(self, app: web.Application, simulator: Simulator) -> None:
        """Add every operation to the application's router."""
        for method, path, operation, handler in self._entries:
            app.router.add_route(method, path, _bind(simulator, operation, handler))


def _bind(
    simulator: Simulator, operation: Operation, handler: Handler
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await serve(simulator, request, operation, handler)

    return answer
