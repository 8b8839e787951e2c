"""A field of a module, as far as the engine cares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What the engine knows of a field from live metadata."""

    api_name: str
    data_type: str
    json_type: str | None = None
    is_rich_text: bool = False
    """Get Records cuts it to 500 characters; queries and exports give it whole."""
    options: tuple[str, ...] = ()
    """Values of a pick list."""
