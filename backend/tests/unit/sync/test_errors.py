"""The engine's error tree: one code for each, drawn in its module's docstring."""

import inspect
import re

import pytest

from pulse.kit.errors import PulseError
from pulse.sync.domain import errors
from pulse.sync.domain.errors import SyncError
from pulse.sync.domain.examples import CRM_CALL_ERRORS

SUBCLASSES = sorted(
    (
        found
        for _, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, SyncError) and found is not SyncError
    ),
    key=lambda found: found.__name__,
)


def test_the_drawing_shows_exactly_the_classes() -> None:
    drawn = re.findall(r"^[├└]── (\w+) +(\S.*)$", str(errors.__doc__), flags=re.MULTILINE)

    assert [name for name, _ in drawn] == list(dict.fromkeys(name for name, _ in drawn))
    assert sorted(name for name, _ in drawn) == [found.__name__ for found in SUBCLASSES]
    assert all(found.__bases__ == (SyncError,) for found in SUBCLASSES)
    assert SyncError.__bases__ == (PulseError,)


def test_every_error_has_a_code_and_a_title_of_its_own() -> None:
    tree = [SyncError, *SUBCLASSES]

    assert len({found.code for found in tree}) == len(tree)
    assert len({found.title for found in tree}) == len(tree)
    assert all("code" in vars(found) and "title" in vars(found) for found in tree)


STATUSES = {
    # Wait: something is used up or down.
    "credits_spent": 429,
    "crm_unavailable": 503,
    "not_connected": 503,
    "page_token_lost": 502,
    "disk_full": 503,
    # The CRM says no.
    "sign_in_refused": 502,
    "scope_missing": 502,
    "permission_missing": 502,
    "crm_refused": 502,
    # The state forbids it until somebody acts.
    "required_field_missing": 409,
    "mass_deletion": 409,
    "full_sync_needed": 409,
    "lease_lost": 409,
    "cancelled": 409,
    # A fault of ours.
    "verification_failed": 500,
}


def test_the_status_tells_who_must_act() -> None:
    assert {found.code: found.status for found in SUBCLASSES} == STATUSES


@pytest.mark.parametrize("example", CRM_CALL_ERRORS, ids=lambda example: example.code)
def test_an_example_says_what_to_do_under_its_classs_own_code(example: SyncError) -> None:
    problem = example.problem()

    assert problem["code"] == type(example).code
    assert problem["status"] == type(example).status
    assert str(problem["fix"]).endswith(".")
    assert str(problem["detail"]).endswith(".")


def test_there_is_one_example_for_each_error_of_a_call_to_the_crm() -> None:
    assert [example.code for example in CRM_CALL_ERRORS] == [
        "not_connected",
        "crm_unavailable",
        "sign_in_refused",
        "scope_missing",
        "permission_missing",
        "crm_refused",
        "required_field_missing",
        "credits_spent",
    ]
