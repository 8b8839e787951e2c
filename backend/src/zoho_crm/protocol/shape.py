"""Read typed values out of the CRM's JSON; an error names the key and what was expected there."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from zoho_crm.errors import UnexpectedAnswer

if TYPE_CHECKING:
    from zoho_crm.protocol.faults import Json

Choice = TypeVar("Choice", bound=StrEnum)


class Shape:
    """One JSON object of an answer, read key by key.

    `where` is the object's place in the answer, `status` the HTTP status, both for errors only.
    """

    __slots__ = ("_status", "_where", "raw")

    def __init__(self, raw: object, where: str, *, status: int) -> None:
        self._where = where
        self._status = status
        if not isinstance(raw, dict):
            raise self._unexpected("", "an object")
        self.raw: Json = raw

    def _unexpected(self, key: str, expected: str) -> UnexpectedAnswer:
        place = f"{self._where}.{key}" if key else self._where
        return UnexpectedAnswer(place, f"{expected} was expected", status=self._status)

    def identity(self, key: str = "id") -> str:
        """Return an id as the string of its digits; some answers carry ids as JSON numbers."""
        value = self.raw.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value:
            return value
        raise self._unexpected(key, "an id")

    def text(self, key: str) -> str:
        """Return a string that must be there."""
        value = self.raw.get(key)
        if not isinstance(value, str):
            raise self._unexpected(key, "a string")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a string, or None when the key is absent, null or no string."""
        value = self.raw.get(key)
        return value if isinstance(value, str) else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a boolean, `default` when the key is absent or null."""
        value = self.raw.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._unexpected(key, "true or false")
        return value

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """Return a string that must be one of an enumeration's values."""
        value = self.optional_text(key)
        try:
            return kind(value or "")
        except ValueError:
            raise self._unexpected(key, f"one of {', '.join(kind)}") from None

    def number(self, key: str) -> int:
        """Return a whole number that must be there; text of digits counts as one."""
        value = self.optional_number(key)
        if value is None:
            raise self._unexpected(key, "a whole number")
        return value

    def optional_number(self, key: str) -> int | None:
        """Return a whole number, or None when the key is absent or null."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isascii() and value.isdecimal():
            return int(value)
        raise self._unexpected(key, "a whole number")

    def decimal(self, key: str) -> Decimal:
        """Return a decimal that must be there, as text or number."""
        value = self.raw.get(key)
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                raise self._unexpected(key, "a decimal number") from None
            if number.is_finite():
                return number
        raise self._unexpected(key, "a decimal number")

    def optional_time(self, key: str) -> datetime | None:
        """Return a time as aware UTC, or None when the key is absent or null."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                raise self._unexpected(key, "an ISO 8601 time") from None
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        raise self._unexpected(key, "an ISO 8601 time with offset")

    def time(self, key: str) -> datetime:
        """Return a time that must be there, as aware UTC."""
        moment = self.optional_time(key)
        if moment is None:
            raise self._unexpected(key, "an ISO 8601 time with offset")
        return moment

    def nested(self, key: str) -> Shape:
        """Return the object under `key`; it must be there."""
        return Shape(self.raw.get(key), f"{self._where}.{key}", status=self._status)

    def optional_nested(self, key: str) -> Shape | None:
        """Return the object under `key`, or None when the key is absent or null."""
        return None if self.raw.get(key) is None else self.nested(key)

    def items(self, key: str) -> list[Shape]:
        """Return the objects of the list under `key`; an absent or null list is empty."""
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._unexpected(key, "a list")
        return [
            Shape(item, f"{self._where}.{key}[{index}]", status=self._status)
            for index, item in enumerate(value)
        ]
