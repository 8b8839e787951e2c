"""Why a field is refused, in the words of the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zoho_sim.state.fields import JsonObject, JsonValue


class FieldRefusedError(Exception):
    """A row of ``fields`` is refused; ``details`` are complete."""

    def __init__(self, code: str, message: str, details: JsonObject) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details


class Row:
    """One row of ``fields``, which knows where its keys stand in the body."""

    def __init__(self, given: JsonObject, place: int) -> None:
        self.given = given
        self._path = f"$.fields[{place}]"

    def where(self, key: str) -> JsonObject:
        """Return the details that name a key; ``unique.case_sensitive`` is an inner one."""
        return {"api_name": _last(key), "json_path": f"{self._path}.{key}"}

    def refused(self, code: str, message: str, key: str, **details: JsonValue) -> FieldRefusedError:
        """Return a refusal for a key."""
        return FieldRefusedError(code, message, {**details, **self.where(key)})

    def invalid(self, key: str, **details: JsonValue) -> FieldRefusedError:
        """Refuse a value that the key cannot have."""
        return self.refused("INVALID_DATA", "invalid data", key, **details)

    def missing(self, key: str) -> FieldRefusedError:
        """Refuse a row that lacks a mandatory key."""
        return self.refused("MANDATORY_NOT_FOUND", "required field not found", key)

    def duplicate(self, key: str) -> FieldRefusedError:
        """Refuse a value that is taken."""
        return self.refused("DUPLICATE_DATA", "duplicate data", key)

    def not_allowed(self, key: str) -> FieldRefusedError:
        """Refuse to change what cannot be changed."""
        return self.refused("NOT_ALLOWED", "the given key cannot be changed", key)

    def out_of_range(self, key: str, least: int, most: int) -> FieldRefusedError:
        """Refuse a number that the field's type does not allow."""
        return self.refused(
            "DEPENDENT_MISMATCH",
            "dependent mismatch",
            key,
            dependee=self.where("data_type"),
            range={"from": least, "to": most},
        )

    def dependent_missing(self, key: str) -> FieldRefusedError:
        """Refuse a row that lacks what its type needs."""
        return self.refused(
            "DEPENDENT_FIELD_MISSING",
            "dependent field missing",
            key,
            dependee=self.where("data_type"),
        )

    def one_missing(self, keys: Iterable[str]) -> FieldRefusedError:
        """Refuse a row that has none of the keys of which its type needs one."""
        return FieldRefusedError(
            "EXPECTED_DEPENDENT_FIELD_MISSING",
            "expected dependent field missing",
            {
                "expected_fields": [self.where(key) for key in keys],
                "dependee": self.where("data_type"),
            },
        )

    def ambiguous(self, keys: Iterable[str]) -> FieldRefusedError:
        """Refuse keys that exclude each other."""
        return FieldRefusedError(
            "AMBIGUITY_DURING_PROCESSING",
            "ambiguity while processing the request",
            {"ambiguity_due_to": [self.where(key) for key in keys]},
        )

    def limit_exceeded(self, limit: int, key: str) -> FieldRefusedError:
        """Refuse one more than the organisation may have."""
        return FieldRefusedError(
            "LIMIT_EXCEEDED",
            "limit exceeded",
            {"limit": limit, "limit_due_to": [self.where(key)]},
        )


def _last(key: str) -> str:
    return key.rpartition(".")[2]
