"""The canonical fields, the columns that hold them, and the names that organisations give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Date, DateTime, Numeric, Text
from sqlalchemy.types import TypeEngine

from pulse.core.fields import (
    DEAL_FIELD_BY_NAME,
    DEAL_FIELDS,
    REQUIRED_FIELDS,
    FieldMapProposal,
    ValueKind,
    propose_field_map,
)
from pulse.models import Deal, DealVersion

OURS = frozenset(field.name for field in DEAL_FIELDS)
STOCK = frozenset(
    {
        "Account_Name",
        "Amount",
        "Closing_Date",
        "Created_Time",
        "Currency",
        "Deal_Name",
        "Exchange_Rate",
        "Modified_Time",
        "Owner",
        "Probability",
        "Stage",
    }
)
SQL_TYPES: dict[ValueKind, type[TypeEngine[object]]] = {
    ValueKind.RECORD_ID: BigInteger,
    ValueKind.TEXT: Text,
    ValueKind.MONEY: Numeric,
    ValueKind.NUMBER: Numeric,
    ValueKind.DATE: Date,
    ValueKind.INSTANT: DateTime,
}


def test_there_are_23_fields_with_names_columns_and_labels_of_their_own() -> None:
    assert len(DEAL_FIELDS) == 23
    assert len({field.name for field in DEAL_FIELDS}) == 23
    assert len({field.column for field in DEAL_FIELDS}) == 23
    assert len({field.label for field in DEAL_FIELDS}) == 23
    assert tuple(DEAL_FIELD_BY_NAME) == REQUIRED_FIELDS


def test_every_column_of_a_deal_is_a_canonical_field_of_its_kind() -> None:
    columns = {column.name: column for column in Deal.__table__.columns}

    assert columns.keys() - {"is_live"} == {field.column for field in DEAL_FIELDS}
    for field in DEAL_FIELDS:
        assert isinstance(columns[field.column].type, SQL_TYPES[field.kind]), field.column


def test_a_version_of_a_deal_holds_all_its_fields_but_the_id_and_the_stamp() -> None:
    columns = {column.name: column for column in DealVersion.__table__.columns}

    assert columns.keys() - {"deal_id", "valid_from", "valid_to", "known_from"} == {
        field.column for field in DEAL_FIELDS
    } - {"id", "crm_modified_at"}
    for field in DEAL_FIELDS:
        if field.column in columns:
            assert isinstance(columns[field.column].type, SQL_TYPES[field.kind]), field.column


def test_an_organisation_with_our_names_maps_each_to_itself() -> None:
    assert propose_field_map(OURS) == FieldMapProposal({name: name for name in REQUIRED_FIELDS}, ())


def test_a_stock_organisation_maps_what_it_has_and_misses_the_rest() -> None:
    proposal = propose_field_map(STOCK)

    assert {ours: theirs for ours, theirs in proposal.mapping.items() if ours != theirs} == {
        "Opportunity_Name": "Deal_Name",
        "OCH_Revenue": "Amount",
        "Opportunity_Owner": "Owner",
    }
    assert proposal.missing == (
        "Country",
        "Business_Region",
        "Solution_Type",
        "Type_of_Funding",
        "Market_Segment",
        "Proposal_Submission_date",
        "PO_Generation_Date",
        "Kick_off_Date",
        "Invoice_Date",
        "Received_On",
        "OB_Recognition_Date",
    )


@pytest.mark.parametrize(
    ("chosen", "mapped"),
    [
        ({}, "OCH_Revenue"),
        ({"OCH_Revenue": "Value_EUR"}, "Value_EUR"),
        ({"OCH_Revenue": "Removed_Field"}, "OCH_Revenue"),
    ],
)
def test_a_chosen_name_wins_as_long_as_it_exists(chosen: dict[str, str], mapped: str) -> None:
    names = OURS | {"Amount", "Value_EUR"}

    assert propose_field_map(names, chosen).mapping["OCH_Revenue"] == mapped


def test_our_own_name_wins_over_the_stock_name() -> None:
    assert propose_field_map(OURS | STOCK).mapping["Opportunity_Owner"] == "Opportunity_Owner"
    assert (
        propose_field_map((OURS | STOCK) - {"Opportunity_Owner"}).mapping["Opportunity_Owner"]
        == "Owner"
    )


def test_the_record_id_is_there_though_metadata_does_not_list_it() -> None:
    assert propose_field_map(frozenset()).mapping == {"id": "id"}
    assert len(propose_field_map(frozenset()).missing) == 22


def test_a_choice_for_an_unknown_canonical_name_is_ignored() -> None:
    assert propose_field_map(OURS, {"Nobody_Knows": "Stage"}) == propose_field_map(OURS)


names = st.frozensets(st.sampled_from(sorted(OURS | STOCK | {"Value_EUR", "Other"})))


@given(names, st.dictionaries(st.sampled_from(REQUIRED_FIELDS), st.sampled_from(["Other", "Gone"])))
def test_each_field_is_either_mapped_to_a_name_that_exists_or_missing(
    api_names: frozenset[str], chosen: dict[str, str]
) -> None:
    proposal = propose_field_map(api_names, chosen)

    assert [name for name in REQUIRED_FIELDS if name not in proposal.mapping] == list(
        proposal.missing
    )
    assert set(proposal.mapping.values()) <= api_names | {"id"}
