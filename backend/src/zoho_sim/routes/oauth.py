"""The accounts server: consent page, tokens, revocation. It is no part of the CRM's API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from zoho_sim.routes.call import respond, under_faults
from zoho_sim.routes.consent_page import consent_page, refusal_page
from zoho_sim.state.tokens import (
    ACCESS_TOKEN_LIFETIME_S,
    NEW_THROTTLE_TEXT,
    OLD_THROTTLE_TEXT,
    GrantThrottleError,
    OAuthError,
    TokenThrottleError,
    is_known_scope,
    parse_scopes,
)

if TYPE_CHECKING:
    from zoho_sim.simulator import Simulator
    from zoho_sim.state.tokens import IssuedTokens

_DATA_CENTRE = "us"
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def add_oauth_routes(app: web.Application, simulator: Simulator) -> None:
    """Add the accounts server's pages and endpoints."""
    server = AccountsServer(simulator)
    app.router.add_get("/oauth/v2/auth", server.show_consent)
    app.router.add_post("/oauth/v2/auth", server.decide)
    app.router.add_post("/oauth/v2/token", server.issue)
    app.router.add_post("/oauth/v2/token/revoke", server.revoke)


class AccountsServer:
    """Answers for one data centre; parameters may come in the query, a form or multipart."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def show_consent(self, request: web.Request) -> web.Response:
        """Show what is asked for, with a button to accept and one to reject."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        simulator = self._simulator
        return consent_page(
            company=simulator.organisation.facts.company_name,
            person=simulator.organisation.api_user.full_name,
            client_id=request.query["client_id"],
            scopes=request.query["scope"].replace(",", " ").split(),
            query=request.query_string,
            back=request.query["redirect_uri"],
        )

    async def decide(self, request: web.Request) -> web.Response:
        """Redirect back with a code, or with ``error=access_denied``."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        form = await request.post()
        back = request.query["redirect_uri"]
        state = {"state": request.query["state"]} if "state" in request.query else {}
        if form.get("decision") != "accept":
            return _redirect(back, {**state, "error": "access_denied"})
        try:
            grant = self._simulator.tokens.grant(
                parse_scopes(request.query["scope"]),
                back,
                is_offline=request.query.get("access_type") == "offline",
            )
        except GrantThrottleError:
            return _redirect(back, {**state, "error": "access_denied"})
        answer = {
            **state,
            "code": grant.code,
            "location": _DATA_CENTRE,
            "accounts-server": self._simulator.url,
        }
        return _redirect(back, answer)

    async def issue(self, request: web.Request) -> web.StreamResponse:
        """Turn a grant code or a refresh token into an access token."""
        return await under_faults(
            self._simulator, request, "oauth.token", lambda: self._issue(request)
        )

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """Revoke a refresh token and everything made from it."""
        return await under_faults(
            self._simulator, request, "oauth.revoke", lambda: self._revoke(request)
        )

    async def _issue(self, request: web.Request) -> web.Response:
        simulator = self._simulator
        given = await _parameters(request)
        try:
            issued = self._redeemed(given)
        except OAuthError as error:
            return respond({"error": error.code}, simulator.switches.token_error_status)
        except TokenThrottleError:
            return self._throttled()
        return respond(self._issued(issued))

    async def _revoke(self, request: web.Request) -> web.Response:
        simulator = self._simulator
        given = await _parameters(request)
        try:
            simulator.tokens.revoke(given.get("token", ""))
        except OAuthError as error:
            return respond({"error": error.code}, simulator.switches.token_error_status)
        return respond({"status": "success"})

    def _redeemed(self, given: dict[str, str]) -> IssuedTokens:
        tokens = self._simulator.tokens
        tokens.check_client(given.get("client_id", ""), given.get("client_secret", ""))
        match given.get("grant_type"):
            case "authorization_code":
                return tokens.redeem(given.get("code", ""), given.get("redirect_uri"))
            case "refresh_token":
                return tokens.refresh(given.get("refresh_token", ""))
            case _:
                raise OAuthError("unsupported_grant_type")

    def _issued(self, issued: IssuedTokens) -> dict[str, object]:
        body: dict[str, object] = {"access_token": issued.access.token}
        if issued.refresh is not None:
            body["refresh_token"] = issued.refresh.token
        if issued.refresh is not None or self._simulator.switches.refresh_answer_has_scope:
            body["scope"] = " ".join(sorted(issued.access.scopes))
        body["api_domain"] = self._simulator.url
        body["token_type"] = "Bearer"  # noqa: S105 - the name of a scheme
        body["expires_in"] = ACCESS_TOKEN_LIFETIME_S
        return body

    def _throttled(self) -> web.Response:
        switches = self._simulator.switches
        body = {
            "error_description": NEW_THROTTLE_TEXT
            if switches.throttle_text_is_new
            else OLD_THROTTLE_TEXT,
            "error": "Access Denied",
        }
        if not switches.throttle_text_is_new:
            body["status"] = "failure"
        return respond(body, switches.token_throttle_status)

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Return an error page if the request for consent is not in order.

        Nobody is sent back then: an address that is not the client's own is not to be trusted.
        """
        query = request.query
        if query.get("client_id") != self._simulator.tokens.client_id:
            return refusal_page("Invalid Client ID", "ERROR_invalid_client")
        if not self._is_registered(query.get("redirect_uri", "")):
            return refusal_page("Invalid Redirect Uri", "ERROR_invalid_redirect_uri")
        if query.get("response_type") != "code":
            return refusal_page("Invalid response type", "ERROR_invalid_response_type")
        scopes = parse_scopes(query.get("scope", ""))
        if not scopes or not all(is_known_scope(scope) for scope in scopes):
            return refusal_page("Invalid OAuth Scope", "ERROR_invalid_scope")
        return None

    def _is_registered(self, redirect_uri: str) -> bool:
        """Whether the client may be answered there: as registered, to the letter.

        A client that has registered none may be answered anywhere on this machine.
        """
        registered = self._simulator.redirect_uris
        if registered:
            return redirect_uri in registered
        parts = urlsplit(redirect_uri)
        return parts.scheme in {"http", "https"} and parts.hostname in _THIS_MACHINE


async def _parameters(request: web.Request) -> dict[str, str]:
    form = await request.post()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return {**fields, **request.query}


def _redirect(uri: str, parameters: dict[str, str]) -> web.Response:
    joint = "&" if urlsplit(uri).query else "?"
    return web.Response(status=302, headers={"Location": f"{uri}{joint}{urlencode(parameters)}"})
