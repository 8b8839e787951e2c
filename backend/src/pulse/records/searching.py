"""The search form: criteria checked against live fields, and found deals in the mirror's words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from pulse.core.crm_search import OPERATORS, Criterion, MirrorMark, values_wanted
from pulse.fields.field_book import FieldBook, label_of, read_field_book
from pulse.kit.errors import InvalidInputError
from pulse.records.ports import SearchQuery
from pulse.records.search_schemas import (
    CrmDeal,
    SearchableField,
    SearchableFields,
    SearchableOption,
    SearchPage,
)
from pulse.records.service import SEARCHABLE_ROWS, search_too_deep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.fields.field_book import DealField
    from pulse.records.ports import CrmRecords
    from pulse.records.search_schemas import CriterionIn, SearchRequest


def criterion_refused(field: str, detail: str, fix: str) -> InvalidInputError:
    """Return the error for a criterion that the CRM would not take."""
    return InvalidInputError(detail, code="criterion_refused", fix=fix, extra={"field": field})


async def searchable_fields(db: AsyncSession) -> SearchableFields:
    """Return every field of deals that can be searched, by the metadata that was read last."""
    return SearchableFields(
        fields=[
            SearchableField(
                api_name=field.api_name,
                label=label_of(field),
                data_type=_type_of(field),
                operators=list(OPERATORS[_type_of(field)]),
                options=[
                    SearchableOption(value=value, label=label)
                    for value, label in field.labels.items()
                    if value != "-None-"
                ],
            )
            for field in _searchable(await read_field_book(db))
        ]
    )


async def checked_query(db: AsyncSession, asked: SearchRequest) -> SearchQuery:
    """Return the search, each criterion checked. Raises InvalidInputError naming the field."""
    if asked.page * asked.per_page > SEARCHABLE_ROWS:
        raise search_too_deep()
    fields = {field.api_name: field for field in _searchable(await read_field_book(db))}
    return SearchQuery(
        asked.by,
        asked.text or "",
        asked.page,
        asked.per_page,
        criteria=tuple(_checked(each, fields) for each in asked.criteria),
        match=asked.match,
    )


async def search_page(crm: CrmRecords, query: SearchQuery, book: FieldBook) -> SearchPage:
    """Search the CRM and return what it found; in most modes that refreshes the mirror."""
    found = await crm.search(query)
    reaches = (query.page + 1) * query.per_page <= SEARCHABLE_ROWS
    return SearchPage(
        items=[
            _found(row, book, found.marks.get(int(str(row["id"])), MirrorMark.KNOWN))
            for row in found.rows
        ],
        page=query.page,
        per_page=query.per_page,
        has_more=found.has_more and reaches,
        is_at_the_end=found.has_more and not reaches,
        expression=found.expression,
        refreshed=found.is_applied,
    )


def _searchable(book: FieldBook) -> list[DealField]:
    fields = [
        field for field in book.fields if not field.is_removed and _type_of(field) in OPERATORS
    ]
    return sorted(fields, key=lambda field: (field.canonical_name is None, field.is_custom))


def _type_of(field: DealField) -> str:
    """Return the type that counts: a formula is searched by what it gives."""
    return field.result_type or "" if field.data_type == "formula" else field.data_type


def _checked(asked: CriterionIn, fields: Mapping[str, DealField]) -> Criterion:
    field = fields.get(asked.field)
    if field is None:
        raise criterion_refused(
            asked.field,
            f"{asked.field}: deals have no field of this name that can be searched.",
            "GET /api/records/search/fields lists them.",
        )
    data_type, label = _type_of(field), label_of(field)
    if asked.operator not in OPERATORS[data_type]:
        named = ", ".join(OPERATORS[data_type])
        raise criterion_refused(
            asked.field,
            f"{label}: a field of the type {data_type} cannot be compared with {asked.operator}.",
            f"Use one of {named}.",
        )
    least, most = values_wanted(asked.operator)
    if not least <= len(asked.values) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise criterion_refused(
            asked.field,
            f"{label}: {asked.operator} takes {wanted} values, not {len(asked.values)}.",
            f"Send {wanted} values.",
        )
    return Criterion(
        asked.field,
        asked.operator,
        tuple(_value(asked.field, label, data_type, value) for value in asked.values),
    )


def _value(field: str, label: str, data_type: str, value: str) -> str:
    """Return a value as the CRM takes it. Raises InvalidInputError."""
    wanted, read = _READERS.get(data_type, ("", str))
    try:
        return read(value)
    except (ValueError, InvalidOperation) as error:
        raise criterion_refused(
            field, f"{label}: {value} is not {wanted}.", f"Send {wanted}."
        ) from error


def _number_text(value: str) -> str:
    if not Decimal(value).is_finite():
        raise ValueError(value)
    return value


def _boolean(value: str) -> str:
    if value not in {"true", "false"}:
        raise ValueError(value)
    return value


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat()


def _instant(value: str) -> str:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    # The CRM takes whole seconds with an offset.
    return moment.replace(microsecond=0).isoformat()


_READERS: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    **dict.fromkeys(
        ("integer", "currency", "double", "bigint", "percent"), ("a number", _number_text)
    ),
    "date": ("a day as 2026-03-31", _day),
    "datetime": ("a moment as 2026-03-31T09:00:00Z", _instant),
    "boolean": ("true or false", _boolean),
}


# Any: a record as the CRM sent it.
def _found(row: Mapping[str, Any], book: FieldBook, mark: MirrorMark) -> CrmDeal:
    def held(name: str) -> Any:  # noqa: ANN401 - as above
        field = book.mapped(name)
        return None if field is None else row.get(field.api_name)

    closing, modified, stage = held("Closing_Date"), row.get("Modified_Time"), held("Stage")
    stages = book.mapped("Stage")
    return CrmDeal(
        id=str(row["id"]),
        name=_text(held("Opportunity_Name")),
        account=_name(held("Account_Name")),
        owner=_name(held("Opportunity_Owner")),
        stage=_text(stage if stages is None else stages.labels.get(str(stage), stage)),
        amount=_number(held("OCH_Revenue")),
        currency=_text(held("Currency")),
        closing_date=None if not closing else date.fromisoformat(str(closing)),
        modified_at=None if not modified else datetime.fromisoformat(str(modified)),
        mark=mark,
    )


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _name(value: object) -> str | None:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _number(value: object) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))
