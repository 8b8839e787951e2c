"""Mail goes to servers that encrypt and ask for a log-in, and to none that cannot be trusted."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pulse.adapters.mail import Letter, MailServer, MailServerError, send_letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
PASSWORD = "correct horse"
LETTER = Letter("edda@example.com", "3 deals", "3 deals wait.\n")


class Postbox:
    """What the server took: to whom, whether encrypted, and as whom it came."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bool, object]] = []

    async def handle_RCPT(  # noqa: N802 - the library's own name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox: nobody@example.com"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's own name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert server.transport is not None
        is_encrypted = server.transport.get_extra_info("sslcontext") is not None
        self.taken.append((envelope.rcpt_tos[0], is_encrypted, session.auth_data))
        return "250 OK"


def check_login(
    _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, given: object
) -> AuthResult:
    assert mechanism in {"LOGIN", "PLAIN"}
    assert isinstance(given, LoginPassword)
    is_right = (given.login, given.password) == (b"pulse", PASSWORD.encode())
    return AuthResult(success=is_right, auth_data="pulse", handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, with its key, that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(tls: str, certificate: Path) -> Iterator[tuple[Postbox, int]]:
    """Run a server that takes mail from those who log in over an encrypted line."""
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    box, port = Postbox(), free_port()
    # Any: what the two forms of encryption are switched on with.
    how: dict[str, Any] = (
        {"ssl_context": own} if tls == "tls" else {"tls_context": own, "require_starttls": True}
    )
    controller = Controller(
        box,
        hostname=HOST,
        port=port,
        authenticator=check_login,
        auth_required=tls == "starttls",  # the library takes the other form for no encryption
        auth_require_tls=tls == "starttls",
        **how,
    )
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def server(port: int, tls: Any, password: str = PASSWORD) -> MailServer:  # noqa: ANN401 - a literal
    return MailServer(HOST, port, "Pulse <pulse@example.com>", tls, "pulse", password)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_letter_goes_encrypted_to_a_trusted_server_and_logs_in(
    tls: str, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    letters = [Letter("nobody@example.com", "3 deals", "3 deals wait.\n"), LETTER]
    with mail_server(tls, certificate) as (box, port):
        assert asyncio.run(send_letters(server(port, tls), letters, trusting)) == 1
    assert box.taken == [("edda@example.com", True, "pulse")]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_that_cannot_be_trusted_or_refuses_the_log_in_gets_no_letter(
    tls: str, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with mail_server(tls, certificate) as (box, port):
        with pytest.raises(MailServerError) as unknown:
            asyncio.run(send_letters(server(port, tls), [LETTER]))
        with pytest.raises(MailServerError) as refused:
            asyncio.run(send_letters(server(port, tls, "wrong horse"), [LETTER], trusting))
    assert box.taken == []
    where = f"The mail server {HOST}:{port} does not take mail from us: "
    assert unknown.value.detail == f"{where}SSLCertVerificationError."
    assert refused.value.detail == f"{where}535 SMTPAuthenticationError."


def test_a_server_without_encryption_gets_no_letter_where_it_is_asked_for(
    certificate: Path,
) -> None:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname=HOST, port=port)
    controller.start()
    try:
        trusting = ssl.create_default_context(cafile=str(certificate))
        with pytest.raises(MailServerError, match="SMTPNotSupportedError"):
            asyncio.run(send_letters(server(port, "starttls"), [LETTER], trusting))
    finally:
        controller.stop()
    assert box.taken == []
