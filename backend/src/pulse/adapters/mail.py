"""Mail through an SMTP server, with the standard library's client in a thread of its own.

Letters are sent one by one over one connection, each to one person: nobody sees who else got it.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Final, Literal

from pulse.kit.errors import UnavailableError
from pulse.kit.logging import get_logger

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT_S: Final = 20.0

_log = get_logger(__name__)


class MailServerError(UnavailableError):
    """The mail server could not be reached, or refused us, before any letter was sent."""

    code = "mail_server_unavailable"
    title = "Mail server not reachable"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    sender: str
    tls: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A text to one address; `html` is the same for readers that show it."""

    to: str
    subject: str
    text: str
    html: str | None = None


async def send_letters(
    server: MailServer, letters: Sequence[Letter], context: ssl.SSLContext | None = None
) -> int:
    """Send letters and return how many the server took; the others are logged, not tried again.

    `context` says whom to trust; by default whom this machine trusts. Raises MailServerError if
    nothing was sent.
    """
    return await asyncio.to_thread(_send, server, letters, context or ssl.create_default_context())


def _send(server: MailServer, letters: Sequence[Letter], context: ssl.SSLContext) -> int:
    try:
        connection = _connect(server, context)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerError(
            f"The mail server {server.host}:{server.port} does not take mail from us:"
            f" {_reason(error)}.",
            fix="Check PULSE_SMTP_HOST, _PORT, _TLS, _USER and _PASSWORD.",
        ) from error
    taken = 0
    with connection:
        for letter in letters:
            try:
                connection.send_message(_message(server, letter))
            except (OSError, smtplib.SMTPException) as error:
                _log.warning("mail.refused", host=server.host, reason=_reason(error))
            else:
                taken += 1
    return taken


def _connect(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.tls == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_TIMEOUT_S, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
    try:
        if server.tls == "starttls":
            connection.starttls(context=context)
        if server.user is not None and server.password is not None:
            connection.login(server.user, server.password)
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _message(server: MailServer, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2].strip("<> "))
    # Out-of-office answers help nobody here (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def _reason(error: Exception) -> str:
    """Return the server's words without the addresses and names that they are about."""
    match error:
        case smtplib.SMTPResponseException():
            return f"{error.smtp_code} {type(error).__name__}"
        case smtplib.SMTPRecipientsRefused():
            codes = sorted({code for code, _ in error.recipients.values()})
            return f"{', '.join(map(str, codes))} {type(error).__name__}"
        case _:
            return type(error).__name__
