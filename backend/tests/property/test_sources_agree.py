"""One record read as JSON and as a CSV row of an export is one observation, whatever it holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from hypothesis import given
from hypothesis import strategies as st

from pulse.sync.domain.canonical import Canonicaliser, converter, instant, instant_text
from pulse.sync.domain.field import FieldSpec

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

OPTIONS: Final = ("Core", "Wi-Fi", "Fabric; Core", "A;B;C", "日本", "x\0y")
FIELDS: Final = {
    field.api_name: field
    for field in (
        FieldSpec("Modified_Time", "datetime"),
        FieldSpec("Name", "text"),
        FieldSpec("Notes", "textarea"),
        FieldSpec("Stage", "picklist"),
        FieldSpec("Day", "date"),
        FieldSpec("Big", "bigint"),
        FieldSpec("Other", "a_type_of_next_year"),
        FieldSpec("Amount", "currency"),
        FieldSpec("Share", "percent"),
        FieldSpec("Rate", "double"),
        FieldSpec("Count", "integer"),
        FieldSpec("Seen_At", "datetime"),
        FieldSpec("Flag", "boolean"),
        FieldSpec("Products", "multiselectpicklist", "jsonarray", options=OPTIONS),
        FieldSpec("Account", "lookup", "jsonobject"),
        FieldSpec("Owner", "ownerlookup", "jsonobject"),
        FieldSpec("Score", "formula"),
        FieldSpec("Total", "rollup_summary"),
    )
}
CANONICAL: Final = Canonicaliser(FIELDS.values())

# A value as JSON gives it, and the same value as a cell.
Pair = tuple[object, str]

EMPTY: Final = st.sampled_from([(None, ""), ("", "")])
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12).map(lambda t: (t, t))
decimals = st.integers(-(10**25) + 1, 10**25 - 1).flatmap(
    lambda digits: st.integers(0, 9).map(lambda places: Decimal(digits).scaleb(-places))
)
numbers = st.one_of(
    decimals.map(lambda number: (number, format(number, "f"))),
    st.integers(-(10**16), 10**16).map(lambda number: (number, str(number))),
    # Fifteen digits survive a binary float, and so a reader of JSON that uses one.
    st.integers(-(10**15) + 1, 10**15 - 1).map(lambda n: (n / 100, format(Decimal(n) / 100, "f"))),
)
moments = st.builds(
    lambda second, minutes: (
        (datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=second))
        .astimezone(timezone(timedelta(minutes=minutes)))
        .isoformat()
    ),
    st.integers(0, 2_000_000_000),
    st.sampled_from([-720, -570, -210, 0, 60, 330, 345, 525, 840]),
)
dirty_moments = st.sampled_from(
    ["0000-00-00T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "2026-08-17T08:77:00+08:00", "later"]
)
instants = (moments | dirty_moments).map(lambda text: (text, text))
days = (st.dates().map(str) | st.sampled_from(["0000-00-00", "2026-02-30", "31/12/26"])).map(
    lambda text: (text, text)
)
booleans = st.sampled_from([(True, "true"), (False, "false")])
choices = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=5).map(
    lambda chosen: (chosen, ";".join(chosen))
)
ids = st.integers(1, 10**19 - 1).map(str)
lookups = st.tuples(ids, texts).map(lambda pair: ({"id": pair[0], "name": pair[1][0]}, pair[0]))
computed = st.one_of(texts, numbers, booleans, instants, days)

BY_TYPE: Final[dict[str, SearchStrategy[Pair]]] = {
    "datetime": instants,
    "date": days,
    "bigint": ids.map(lambda text: (text, text)) | ids.map(lambda text: (int(text), text)),
    "currency": numbers,
    "percent": numbers,
    "double": numbers,
    "integer": numbers,
    "boolean": booleans,
    "multiselectpicklist": choices,
    "lookup": lookups,
    "ownerlookup": lookups,
    "formula": computed,
    "rollup_summary": computed,
}
records = st.fixed_dictionaries(
    {
        name: EMPTY | BY_TYPE.get(field.data_type, texts)
        for name, field in FIELDS.items()
        if name != "Modified_Time"
    }
)


@given(ids, moments, records)
def test_a_row_of_json_and_a_row_of_cells_are_one_observation(
    record_id: str, stamp: str, record: dict[str, Pair]
) -> None:
    row = {"id": record_id, "Modified_Time": stamp}
    header = ("id", "Modified_Time", *record)

    from_json = CANONICAL.reader(FIELDS)(
        {**row, **{name: value for name, (value, _) in record.items()}}
    )
    from_cells = CANONICAL.cell_reader(header, FIELDS)(
        [record_id, stamp, *(cell for _, cell in record.values())]
    )

    assert from_json == from_cells
    # 1 equals true in Python and differs in JSON.
    assert {name: type(value) is bool for name, value in from_json.values.items()} == {
        name: type(value) is bool for name, value in from_cells.values.items()
    }


@given(records)
def test_canonical_form_stays_when_it_is_read_again(record: dict[str, Pair]) -> None:
    for name, (value, _) in record.items():
        convert = converter(FIELDS[name])
        canonical = convert(value)
        if canonical is not None:
            assert convert(canonical) == canonical


@given(records)
def test_a_canonical_value_is_never_empty_and_never_a_float(record: dict[str, Pair]) -> None:
    row = {"id": "1", "Modified_Time": "2026-08-17T00:00:00Z"}
    seen = CANONICAL.reader(FIELDS)({**row, **{name: value for name, (value, _) in record.items()}})

    for value in seen.values.values():
        assert value not in (None, "", [])
        assert not isinstance(value, float)


@given(moments)
def test_every_instant_is_written_as_the_same_moment_in_utc(text: str) -> None:
    canonical = converter(FIELDS["Seen_At"])(text)

    assert canonical == instant_text(instant(text))
    assert instant(str(canonical)) == instant(text)


@given(st.lists(st.sampled_from(OPTIONS), unique=True))
def test_the_order_of_choices_does_not_matter(chosen: list[str]) -> None:
    convert = converter(FIELDS["Products"])

    assert convert(chosen) == convert(list(reversed(chosen)))
    assert json.dumps(convert(chosen)) == json.dumps(sorted(chosen) or None)
