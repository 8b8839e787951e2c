"""What a field of a deal holds, typed by the CRM's metadata and named for people.

A stored value is in canonical form (`pulse.sync.domain.canonical`): a bare id, a stored picklist
value, a number. Here it becomes what a page shows. Numbers are decimal strings, digit for digit as
the CRM gave them, because a JSON number would lose some. Empty is null, in no other form.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

DecimalText = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["1350000.00"])]


class Named(BaseModel):
    """A record, user or other thing that has an id; `name` is null if it was never seen."""

    id: str
    name: str | None


class Option(BaseModel):
    """A stored picklist value and what people read for it."""

    value: str
    label: str


class TextValue(BaseModel):
    """Words. What the CRM keeps as rich text comes without its markup."""

    kind: Literal["text", "paragraph", "email", "phone", "url"]
    text: str


class NumberValue(BaseModel):
    """A number; a percentage is of 100."""

    kind: Literal["number", "percent"]
    number: DecimalText


class MoneyValue(BaseModel):
    """An amount in the deal's own currency; the code is null where the deal has none."""

    kind: Literal["money"] = "money"
    amount: DecimalText
    currency: str | None


class BooleanValue(BaseModel):
    """Yes or no."""

    kind: Literal["boolean"] = "boolean"
    is_true: bool


class DateValue(BaseModel):
    """A day, the same in every time zone."""

    kind: Literal["date"] = "date"
    date: date


class InstantValue(BaseModel):
    """A moment."""

    kind: Literal["instant"] = "instant"
    at: datetime


class ChoiceValue(BaseModel):
    """One value of a picklist."""

    kind: Literal["choice"] = "choice"
    choice: Option


class ChoicesValue(BaseModel):
    """Several values of a picklist, or tags."""

    kind: Literal["choices"] = "choices"
    choices: list[Option]


class ReferenceValue(BaseModel):
    """A record or user that the deal points to."""

    kind: Literal["reference"] = "reference"
    record: Named
    module: str | None = Field(description="API name of its module; null for users.")


class ReferencesValue(BaseModel):
    """Several records that the deal is linked with."""

    kind: Literal["references"] = "references"
    records: list[Named]


class TableValue(BaseModel):
    """The rows of a subform; a cell is text as it would be read, or null if empty."""

    kind: Literal["table"] = "table"
    columns: list[Option]
    rows: list[list[str | None]]


Value = Annotated[
    TextValue
    | NumberValue
    | MoneyValue
    | BooleanValue
    | DateValue
    | InstantValue
    | ChoiceValue
    | ChoicesValue
    | ReferenceValue
    | ReferencesValue
    | TableValue,
    Field(discriminator="kind"),
]
