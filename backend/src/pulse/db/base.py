"""The base of all tables: naming convention and shared column types."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Identity, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A moment, timezone-aware, stored in UTC."""

CreatedNow = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]

RecordId = Annotated[int, mapped_column(BigInteger)]
"""A CRM id as an integer, so that ids order as numbers; JSON shows it as a string."""

SerialId = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]

# Any: JSON documents are open by nature; their readers validate what they use.
Json = Annotated[dict[str, Any], mapped_column(JSONB)]


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        str: Text(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
    }
