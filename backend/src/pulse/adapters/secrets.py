"""Secrets at rest: encrypted with PULSE_SECRET_KEY, which can be replaced while in use.

PULSE_SECRET_KEY holds one key, or several with commas between: `new,old`. The first encrypts, all
of them decrypt; once everything was written anew (`rotated`), the old one can be dropped.
"""

from __future__ import annotations

import base64
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pulse.kit.errors import ConfigurationError

SHORTEST_KEY: Final = 32
# Separates these keys from any other use of the same setting.
_PURPOSE: Final = b"pulse: secrets of the CRM connection, Fernet, v1"


class SecretUnreadableError(ConfigurationError):
    """What is stored was encrypted with a key that PULSE_SECRET_KEY does not hold."""

    code = "secret_unreadable"


class Vault:
    """Encrypts and decrypts short texts; nothing of them is ever shown or logged."""

    def __init__(self, secret_key: str) -> None:
        keys = [key.strip() for key in secret_key.split(",")]
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise ConfigurationError(
                f"PULSE_SECRET_KEY has a key of fewer than {SHORTEST_KEY} characters.",
                code="invalid_settings",
                fix="Give every key between the commas at least that many random characters.",
            )
        self.is_rotating = len(keys) > 1
        """Whether there are old keys whose secrets wait to be encrypted anew."""
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def encrypt(self, text: str) -> bytes:
        """Return `text` encrypted with the first key."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, blob: bytes) -> str:
        """Return the text; raises SecretUnreadableError if no key fits or it was tampered with."""
        try:
            return self._fernet.decrypt(blob).decode()
        except InvalidToken:
            raise self._unreadable() from None

    def rotated(self, blob: bytes) -> bytes:
        """Return the same text encrypted with the first key; raises SecretUnreadableError."""
        try:
            return self._fernet.rotate(blob)
        except InvalidToken:
            raise self._unreadable() from None

    @staticmethod
    def _unreadable() -> SecretUnreadableError:
        return SecretUnreadableError(
            "The stored CRM connection cannot be decrypted with PULSE_SECRET_KEY.",
            fix="Put the key that it was stored with back (PULSE_SECRET_KEY=new,old), "
            "or connect to the CRM again.",
        )


def _derived(key: str) -> bytes:
    """Return a Fernet key; the setting is random already, so one derivation is enough."""
    material = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(material)
