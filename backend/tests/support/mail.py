"""A mail server of the test's own, and what it took."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that the server took, and how it came."""

    to: str
    subject: str
    text: str
    is_encrypted: bool
    login: object
    """As whom the sender logged in; None without a log-in."""
    html: str | None = None
    """The same for readers that show it, where it came."""


class Postbox:
    """Keeps what the server takes; letters to gone@… it refuses."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []

    async def handle_RCPT(  # noqa: N802 - the library's own name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith("gone@"):
            return f"550 no such mailbox: {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's own name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        assert server.transport is not None
        message = message_from_bytes(envelope.content, policy=default)
        body = message.get_body(("plain",))
        assert body is not None
        rich = message.get_body(("html",))
        self.taken.append(
            Taken(
                envelope.rcpt_tos[0],
                str(message["Subject"]),
                body.get_content().replace("\r\n", "\n"),
                server.transport.get_extra_info("sslcontext") is not None,
                session.auth_data,
                None if rich is None else rich.get_content().replace("\r\n", "\n"),
            )
        )
        return "250 OK"


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(**how: Any) -> Iterator[tuple[Postbox, int]]:  # noqa: ANN401 - the library's own
    """Run a mail server; `how` it encrypts and asks for a log-in, as `Controller` takes it."""
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname=HOST, port=port, **how)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
