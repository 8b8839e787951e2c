"""Which requests may change something: by the headers that browsers set and pages cannot."""

import pytest
from starlette.datastructures import Headers

from pulse.web.origin import is_ours, name_of

COOKIE = {"cookie": "theme=dark; pulse_session=x"}
HOST = {"host": "pulse.example.com"}


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        (COOKIE | {"sec-fetch-site": "same-origin"}, True),
        (COOKIE | {"sec-fetch-site": "none"}, True),
        (COOKIE | {"sec-fetch-site": "same-site"}, False),
        (COOKIE | {"sec-fetch-site": "cross-site"}, False),
        # The browser's own word goes before an Origin that fits.
        (
            COOKIE | {"sec-fetch-site": "cross-site", "origin": "https://pulse.example.com"},
            False,
        ),
        (COOKIE | {"origin": "https://pulse.example.com"}, True),
        (COOKIE | {"origin": "https://PULSE.example.com"}, True),
        (COOKIE | {"origin": "https://pulse.example.com:8443"}, False),
        (COOKIE | {"origin": "https://evil.example.com"}, False),
        (COOKIE | {"origin": "null"}, False),
        (COOKIE, False),
        ({}, True),
        ({"origin": "https://evil.example.com"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        (COOKIE | {"sec-fetch-site": "cross-site", "authorization": "Bearer pp_x"}, True),
        (COOKIE | {"sec-fetch-site": "cross-site", "authorization": "Basic eDp5"}, False),
    ],
)
def test_request_that_may_write_is_ours_or_refused(
    headers: dict[str, str], *, passes: bool
) -> None:
    assert is_ours(Headers(HOST | headers)) is passes


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("pulse.example.com", "pulse.example.com"),
        ("Pulse.Example.com:8443", "pulse.example.com"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("[::1", ""),
        ("", ""),
    ],
)
def test_name_in_a_host_header_is_read_without_port_and_brackets(host: str, name: str) -> None:
    assert name_of(host) == name
