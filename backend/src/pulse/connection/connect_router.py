"""Routes about the connection itself: see it, make it in a browser, end it."""

from http import HTTPStatus
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse

from pulse.connection.connect_schemas import (
    ConnectionView,
    ConnectOptions,
    ConnectRequest,
    DisconnectAnswer,
    DisconnectRequest,
    SignInStarted,
)
from pulse.connection.connect_views import connect_options, connection_view
from pulse.connection.disconnect import Disconnected, confirmation_wrong, not_connected
from pulse.connection.sign_in import Answer, BrowserSignIn, InvalidConnectionError
from pulse.core.access import Role
from pulse.kit.errors import UnauthorizedError
from pulse.web.access import Admin, Need, Principal, Viewer, authenticate, open_to_all
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/crm", tags=["CRM integration"])

PAGE = "/crm-sync"
AdminInBrowser = Annotated[Principal, Depends(Need(Role.ADMIN, in_browser=True))]


class Connecting(Protocol):
    """What connecting and disconnecting need; `pulse.bootstrap_connection` makes it."""

    @property
    def sign_in(self) -> BrowserSignIn:
        """Signing in through a browser."""
        ...

    async def disconnect(self, who: Principal, typed: str) -> Disconnected:
        """End the connection."""
        ...


def _connecting(request: Request) -> Connecting:
    connecting: Connecting = request.app.state.connecting
    return connecting


ConnectingOf = Annotated[Connecting, Depends(_connecting)]

_INVALID_CONNECTION = InvalidConnectionError(
    "client_secret: it is missing, and no client is kept that it could be taken from.",
    fix="Give id and secret of a client of your Zoho API console, both of them.",
    extra={"field": "client_secret"},
)


@router.get("/connection", summary="The connection", responses=DATABASE_PROBLEMS)
async def get_connection(
    _: Viewer, db: ReadDb, clock: ClockOf, connecting: ConnectingOf
) -> ConnectionView:
    """Return organisation, token, permissions and state as stored; the CRM is not asked."""
    return await connection_view(db, connecting.sign_in.setting.centres, clock.now())


@router.get(
    "/data-centres",
    summary="What to choose from when connecting",
    responses=merged(DATABASE_PROBLEMS, problems(secret_unreadable())),
)
async def get_data_centres(_: Admin, db: ReadDb, connecting: ConnectingOf) -> ConnectOptions:
    """Return the data centres, the client that is kept, and what will be asked for."""
    return await connect_options(db, connecting.sign_in)


@router.post(
    "/connect",
    summary="Begin to connect",
    responses=merged(DATABASE_PROBLEMS, problems(_INVALID_CONNECTION, secret_unreadable())),
)
async def connect(
    who: AdminInBrowser, wanted: ConnectRequest, connecting: ConnectingOf
) -> SignInStarted:
    """Return the address of Zoho's consent page; the answer comes back to this browser."""
    secret = wanted.client_secret
    return SignInStarted(
        authorisation_url=await connecting.sign_in.begin(
            who,
            wanted.data_centre,
            wanted.client_id or None,
            None if secret is None else secret.get_secret_value() or None,
        )
    )


# Zoho sends a person's browser here. It is told by a page what became of it, whoever it is, so it
# is no operation of the API and asks for the log-in itself.
@router.get("/callback", include_in_schema=False, dependencies=[Depends(open_to_all)])
async def finish_connecting(
    request: Request,
    connecting: ConnectingOf,
    state: str = "",
    code: str = "",
    error: str = "",
    accounts_server: Annotated[str, Query(alias="accounts-server")] = "",
) -> RedirectResponse:
    """Take Zoho's answer and lead to the page, with the outcome in a word."""
    try:
        who = await authenticate(request)
    except UnauthorizedError:
        who = None
    if who is not None and who.must_change_password:
        who = None
    outcome = await connecting.sign_in.finish(who, Answer(state, code, error, accounts_server))
    return RedirectResponse(
        f"{request.app.state.settings.public_url}{PAGE}?outcome={outcome}",
        HTTPStatus.SEE_OTHER,
        # Neither the code nor the state travels on with the next request.
        {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"},
    )


@router.post(
    "/disconnect",
    summary="End the connection",
    responses=merged(
        DATABASE_PROBLEMS,
        problems(confirmation_wrong("Acme"), not_connected(), broker_problem()),
    ),
)
async def disconnect(
    who: Admin, wanted: DisconnectRequest, connecting: ConnectingOf
) -> DisconnectAnswer:
    """Stop syncs, remove all secrets and revoke the sign-in; data and history stay."""
    done = await connecting.disconnect(who, wanted.organisation)
    return DisconnectAnswer(
        message=f"Disconnected from {done.organisation}.",
        stopped_syncs=done.stopped_syncs,
        is_revoked=done.is_revoked,
        fix=None
        if done.is_revoked
        else "Zoho could not be told. Remove Pipeline Pulse from the connected apps of the Zoho "
        "account that was used.",
    )
