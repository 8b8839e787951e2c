import pytest

from pulse.connection.proposals import Candidate, Proposal, propose
from pulse.core.fields import DEAL_FIELD_BY_NAME

FUNDING = DEAL_FIELD_BY_NAME["Type_of_Funding"]
COUNTRY = DEAL_FIELD_BY_NAME["Country"]


def candidate(api_name: str, label: str = "", *, is_custom: bool = True) -> Candidate:
    return Candidate(api_name, label, "picklist", is_custom)


def test_field_that_shares_most_words_is_proposed_with_them() -> None:
    found = propose(
        FUNDING,
        [candidate("Funding_Source_of_Partner"), candidate("Funding_Source"), candidate("Stage")],
        frozenset(),
        {},
    )

    assert found == Proposal("Funding_Source", "Its name has “funding”, too.")


@pytest.mark.parametrize("api_name", ["Lead_Type", "Date_of_Birth", "Next_Step"])
def test_words_that_say_nothing_propose_nothing(api_name: str) -> None:
    assert propose(FUNDING, [candidate(api_name)], frozenset(), {}) is None


def test_label_counts_as_much_as_the_name() -> None:
    found = propose(FUNDING, [candidate("Picklist_7", "Funding")], frozenset(), {})

    assert found is not None
    assert found.api_name == "Picklist_7"


def test_field_that_stands_for_something_else_is_not_proposed() -> None:
    assert propose(FUNDING, [candidate("Funding")], frozenset({"Funding"}), {}) is None


def test_renamed_field_goes_before_a_similar_one() -> None:
    fields = [candidate("Country_of_Partner"), candidate("Land")]

    assert propose(COUNTRY, fields, frozenset(), {"Country": "Land"}) == Proposal(
        "Land", "It was called Country before."
    )


def test_renamed_field_of_a_type_that_does_not_fit_is_no_candidate() -> None:
    assert propose(COUNTRY, [candidate("Stage")], frozenset(), {"Country": "Land"}) is None


def test_custom_field_goes_before_a_standard_one_of_the_same_likeness() -> None:
    fields = [candidate("Funding_X", is_custom=False), candidate("Funding_Y")]

    found = propose(FUNDING, fields, frozenset(), {})

    assert found is not None
    assert found.api_name == "Funding_Y"
