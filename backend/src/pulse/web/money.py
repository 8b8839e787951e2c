"""Money in answers: JSON numbers, exact to the cent up to ninety trillion."""

from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema

Figure = Annotated[
    Decimal,
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
"""A Decimal that leaves as a JSON number: for sums and lists; a single deal shows exact text."""
