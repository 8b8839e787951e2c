from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.sync.domain.canonical import converter
from pulse.sync.domain.field import FieldSpec
from pulse.sync.domain.wire import wire_value


@pytest.mark.parametrize(
    ("data_type", "canonical", "sent"),
    [
        ("lookup", "554023000000235011", {"id": "554023000000235011"}),
        ("ownerlookup", "554023000000235012", {"id": "554023000000235012"}),
        ("datetime", "2026-08-17T00:42:00Z", "2026-08-17T00:42:00+00:00"),
        ("date", "2026-08-17", "2026-08-17"),
        ("currency", Decimal("1234567890123456.789012345"), Decimal("1234567890123456.789012345")),
        ("currency", 250, 250),
        ("double", 0.1, Decimal("0.1")),
        ("integer", Decimal("7.00"), 7),
        ("integer", Decimal("7.5"), Decimal("7.5")),
        ("multiselectpicklist", ["Core", "Wi-Fi"], ["Core", "Wi-Fi"]),
        ("boolean", False, False),
        ("text", "Metro signalling", "Metro signalling"),
        ("datetime", "next week", "next week"),
    ],
)
def test_value_goes_out_as_the_crm_takes_it(
    data_type: str, canonical: object, sent: object
) -> None:
    written = wire_value(FieldSpec("Field", data_type), canonical)

    assert (type(written), written) == (type(sent), sent)


@pytest.mark.parametrize(
    "data_type", ["text", "lookup", "datetime", "date", "currency", "multiselectpicklist"]
)
def test_empty_is_none_for_every_type(data_type: str) -> None:
    assert wire_value(FieldSpec("Field", data_type), None) is None


@given(
    st.one_of(
        st.tuples(st.just("text"), st.text(min_size=1)),
        st.tuples(st.just("lookup"), st.integers(1, 10**19).map(str)),
        st.tuples(st.just("currency"), st.decimals(-(10**16), 10**16, places=9)),
        st.tuples(
            st.just("datetime"),
            st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds") + "Z"),
        ),
        st.tuples(
            st.just("multiselectpicklist"),
            st.lists(st.text(min_size=1), min_size=1, unique=True).map(sorted),
        ),
    )
)
def test_what_is_sent_reads_back_as_it_was(typed: tuple[str, object]) -> None:
    data_type, canonical = typed
    spec = FieldSpec("Field", data_type)

    assert converter(spec)(wire_value(spec, canonical)) == canonical
