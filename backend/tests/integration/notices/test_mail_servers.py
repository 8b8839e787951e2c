"""Mail goes to servers that encrypt and ask for a log-in, and to none that cannot be trusted."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pulse.adapters.mail import Letter, MailServer, MailServerError, send_letters
from support.mail import HOST, Taken, mail_server

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct horse"
LETTER = Letter("edda@example.com", "3 deals", "3 deals wait.\n")


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


def encrypting(tls: str, certificate: Path) -> dict[str, Any]:
    """Return what makes a server take mail only from those who log in over an encrypted line."""
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    return {
        "authenticator": check_login,
        "auth_required": tls == "starttls",  # the library takes the other form for no encryption
        "auth_require_tls": tls == "starttls",
        **(
            {"ssl_context": own} if tls == "tls" else {"tls_context": own, "require_starttls": True}
        ),
    }


def server(port: int, tls: Any, password: str = PASSWORD) -> MailServer:  # noqa: ANN401 - a literal
    return MailServer(HOST, port, "Pulse <pulse@example.com>", tls, "pulse", password)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_letter_goes_encrypted_to_a_trusted_server_and_logs_in(
    tls: str, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    letters = [Letter("gone@example.com", "3 deals", "3 deals wait.\n"), LETTER]
    with mail_server(**encrypting(tls, certificate)) as (box, port):
        assert asyncio.run(send_letters(server(port, tls), letters, trusting)) == 1
    assert box.taken == [
        Taken("edda@example.com", "3 deals", "3 deals wait.\n", is_encrypted=True, login="pulse")
    ]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_that_cannot_be_trusted_or_refuses_the_log_in_gets_no_letter(
    tls: str, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with mail_server(**encrypting(tls, certificate)) as (box, port):
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
    trusting = ssl.create_default_context(cafile=str(certificate))
    with (
        mail_server() as (box, port),
        pytest.raises(MailServerError, match="SMTPNotSupportedError"),
    ):
        asyncio.run(send_letters(server(port, "starttls"), [LETTER], trusting))
    assert box.taken == []
