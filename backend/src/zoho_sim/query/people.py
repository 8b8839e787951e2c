"""The fields of a user that queries reach through an owner or user lookup (``Owner.email``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Field, JsonValue

if TYPE_CHECKING:
    from zoho_sim.state.organisation import User

_TYPES = {
    "id": DataType.SYSTEM_ID,
    "first_name": DataType.TEXT,
    "last_name": DataType.TEXT,
    "full_name": DataType.TEXT,
    "email": DataType.EMAIL,
    "country": DataType.TEXT,
}

USER_FIELDS = {
    name: Field(
        id="", api_name=name, label=name, data_type=data_type, position=at, role=name, length=255
    )
    for at, (name, data_type) in enumerate(_TYPES.items())
}


def user_value(user: User, name: str) -> JsonValue:
    """Return the value of one of USER_FIELDS."""
    return getattr(user, name)
