"""The pages of the accounts server that people see: consent, and why there is none.

Each page carries a policy that lets it load nothing and be framed nowhere. Its form may lead to the
client's own address, because a browser counts the redirect that answers a form as its target.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = """
:root { color-scheme: light dark; --ground: #eef2f0; --sheet: #fff; --text: #121a17;
  --soft: #46544e; --line: #cfd8d4; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1211; --sheet: #141b19; --text: #e6ecea;
  --soft: #c4ceca; --line: #35413c; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; width: min(30rem, 100%); padding: 2rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 1rem; font-size: 1.35rem; }
p, dd { color: var(--soft); margin: 0 0 1rem; }
ul { margin: 0 0 1.25rem; padding: .75rem 1rem .75rem 2rem; border: 1px solid var(--line);
  border-radius: 8px; overflow-wrap: anywhere; }
form { display: flex; gap: .75rem; }
button { flex: 1; padding: .7rem; font: inherit; font-weight: 600; border-radius: 8px;
  border: 1px solid var(--text); background: var(--sheet); color: var(--text); cursor: pointer; }
button[value=accept] { background: var(--text); color: var(--sheet); }
button:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
small { display: block; margin-top: 1.25rem; color: var(--soft); }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1>{content}
<small>This is the simulated accounts server, not Zoho's.</small></main></body></html>"""

_CONSENT = """<p>You are signed in as {person}.</p>
<p><strong>{company}</strong>: this application asks for</p>
<ul>{scopes}</ul>
<p>Client {client_id}. You come back to {back}.</p>
<form method="post" action="/oauth/v2/auth?{query}">
<button name="decision" value="reject">Reject</button>
<button name="decision" value="accept">Accept</button>
</form>"""


def consent_page(
    *, company: str, person: str, client_id: str, scopes: Sequence[str], query: str, back: str
) -> web.Response:
    """Return the page that asks a person to accept or to reject what a client asks for."""
    target = urlsplit(back)
    origin = f"{target.scheme}://{target.netloc}"
    content = _CONSENT.format(
        company=escape(company),
        person=escape(person),
        client_id=escape(client_id),
        scopes="".join(f"<li>{escape(scope)}</li>" for scope in scopes),
        back=escape(origin),
        query=escape(query),
    )
    return _page("Allow access?", content, 200, forms=f"'self' {origin}")


def refusal_page(title: str, code: str) -> web.Response:
    """Return the page that says why nobody is asked."""
    return _page(title, f"<p>{escape(code)}</p>", 400, forms="'none'")


def _page(title: str, content: str, status: int, *, forms: str) -> web.Response:
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action {forms}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return web.Response(
        text=_PAGE.format(title=escape(title), style=_STYLE, content=content),
        content_type="text/html",
        status=status,
        headers={
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
