"""The accounts server: consent page, tokens, revocation. It is no part of the CRM's API."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from zoho_sim.routes.call import respond, under_faults
from zoho_sim.state.tokens import (
    ACCESS_TOKEN_LIFETIME_S,
    NEW_THROTTLE_TEXT,
    OLD_THROTTLE_TEXT,
    GrantThrottleError,
    OAuthError,
    TokenThrottleError,
    parse_scopes,
)

if TYPE_CHECKING:
    from zoho_sim.simulator import Simulator
    from zoho_sim.state.tokens import IssuedTokens

_DATA_CENTRE = "us"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{title}</h1>{content}</main></body></html>"""

_CONSENT = """<p><strong>{company}</strong>: this application asks for</p>
<ul>{scopes}</ul>
<form method="post" action="/oauth/v2/auth?{query}">
<button name="decision" value="accept">Accept</button>
<button name="decision" value="reject">Reject</button>
</form>"""


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
        scopes = "".join(f"<li>{escape(scope)}</li>" for scope in request.query["scope"].split(","))
        content = _CONSENT.format(
            company=escape(self._simulator.organisation.facts.company_name),
            scopes=scopes,
            query=escape(request.query_string),
        )
        return _page("Allow access?", content)

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
        """Return an error page if the request for consent is not in order."""
        query = request.query
        if query.get("client_id") != self._simulator.tokens.client_id:
            return _page("Invalid Client ID", "<p>ERROR_invalid_client</p>", 400)
        if not urlsplit(query.get("redirect_uri", "")).netloc:
            return _page("Invalid Redirect Uri", "<p>ERROR_invalid_redirect_uri</p>", 400)
        if query.get("response_type") != "code":
            return _page("Invalid response type", "<p>ERROR_invalid_response_type</p>", 400)
        scopes = parse_scopes(query.get("scope", ""))
        if not scopes or not all(scope.startswith(("zohocrm.", "zoho")) for scope in scopes):
            return _page("Invalid OAuth Scope", "<p>ERROR_invalid_scope</p>", 400)
        return None


async def _parameters(request: web.Request) -> dict[str, str]:
    form = await request.post()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return {**fields, **request.query}


def _redirect(uri: str, parameters: dict[str, str]) -> web.Response:
    joint = "&" if urlsplit(uri).query else "?"
    return web.Response(status=302, headers={"Location": f"{uri}{joint}{urlencode(parameters)}"})


def _page(title: str, content: str, status: int = 200) -> web.Response:
    return web.Response(
        text=_PAGE.format(title=title, content=content), content_type="text/html", status=status
    )
