from __future__ import annotations

import inspect
import re

import pytest

from support.crm_client import answer
from zoho_crm import errors
from zoho_crm.protocol import records

LIST = records.get_records("Deals", ["id"])


def drawn_tree() -> dict[str, str]:
    """Return child → parent as the module's docstring draws them."""
    parents: dict[str, str] = {}
    stack: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ((?:│   |    )*)(?:[├└]── )?([A-Z]\w+)(?:\s|$)", line)
        if found is None:
            continue
        is_root = "── " not in line
        depth = 0 if is_root else len(found[1]) // 4 + 1
        del stack[depth:]
        if stack:
            parents[found[2]] = stack[-1]
        stack.append(found[2])
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    parents = drawn_tree()
    classes = {
        name: kind
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.ZohoError)
    }
    # The drawing leaves out CodedError, which only holds the fields of what the CRM reported.
    assert set(parents) | {"ZohoError", "CodedError"} == set(classes)
    for child, parent in parents.items():
        assert issubclass(classes[child], classes[parent]), child


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AUTHENTICATION_FAILURE", 401, errors.InvalidToken),
        ("INVALID_TOKEN", 200, errors.InvalidToken),
        ("INVALID_TOKEN", 400, errors.RequestRefused),
        ("AUTHORIZATION_FAILED", 400, errors.NoPermission),
        ("NOT_SUPPORTED", 403, errors.RequestRefused),
        ("LIMIT_EXCEEDED", 400, errors.LimitExceeded),
        ("LIMIT_REACHED", 400, errors.LimitExceeded),
        ("CRITERIA_LIMIT_EXCEEDED", 400, errors.LimitExceeded),
        ("DISCRETE_PAGINATION_LIMIT_EXCEEDED", 400, errors.LimitExceeded),
        ("PAGINATION_LIMIT_EXCEEDED", 400, errors.LimitExceeded),
        ("FILE_TOO_LARGE", 413, errors.LimitExceeded),
        ("REQUEST_ENTITY_TOO_LARGE", 413, errors.LimitExceeded),
        ("HEADER_LIMIT_EXCEEDED", 400, errors.LimitExceeded),
        ("ALREADY_SCHEDULED", 202, errors.AlreadyScheduled),
        ("RESOURCE_NOT_FOUND", 404, errors.NotFound),
        ("INVALID_URL_PATTERN", 404, errors.NotFound),
        ("SOMETHING_NEW", 404, errors.NotFound),
        ("SOMETHING_NEW", 400, errors.RequestRefused),
        ("INTERNAL_ERROR", 500, errors.ServerFault),
        ("INTERNAL_ERROR", 200, errors.ServerFault),
        ("SERVICE_UNAVAILABLE", 503, errors.ServerFault),
        ("TOO_MANY_REQUESTS", 400, errors.Throttled),
    ],
)
def test_each_code_has_its_place_in_the_tree(
    code: str, status: int, kind: type[errors.ZohoError]
) -> None:
    body = {"code": code, "details": {}, "message": "", "status": "error"}
    with pytest.raises(errors.ZohoError) as caught:
        LIST.decode(answer(body, status))
    assert type(caught.value) is kind


def test_messages_name_code_place_and_remedy() -> None:
    assert str(errors.RequestRefused("X", status=400)) == "X: no message"
    refused = errors.RequestRefused("INVALID_DATA", "bad", {"api_name": "Stage"}, status=400)
    assert str(refused) == "INVALID_DATA: bad (api_name: Stage)"
    assert str(errors.NoPermission("NO_PERMISSION", "denied", status=403)) == (
        "NO_PERMISSION: denied; the user's profile must allow this operation"
    )
    assert str(errors.ScopeMissing("OAUTH_SCOPE_MISMATCH", "Unauthorized", status=401)) == (
        "OAUTH_SCOPE_MISMATCH: Unauthorized; sign in again and grant the scope that this call needs"
    )
    assert str(errors.CredentialsRefused("invalid_client", status=200)) == (
        "invalid_client: check the client id, and that the client exists in this data centre"
    )
    assert str(errors.CredentialsRefused("new_code", "new words", status=200)) == (
        "new_code: new words"
    )
    assert str(errors.PageTokenRepeated(3)) == (
        "PAGE_TOKEN_REPEATED: page 3 came with a page token that was already used in this walk"
    )


def test_details_that_are_no_object_are_left_out() -> None:
    body = {"code": "INVALID_DATA", "details": "none", "message": "bad", "status": "error"}
    with pytest.raises(errors.RequestRefused) as caught:
        LIST.decode(answer(body, 400))
    assert caught.value.details == {}


def test_an_answer_that_was_lost_keeps_the_failure_that_hid_it() -> None:
    cause = errors.CallTimedOut("late")
    lost = errors.AnswerLost("records.insert", cause)
    assert lost.cause is cause
    assert str(lost) == (
        "records.insert: the answer was lost (late); "
        "look whether the write arrived before sending it again"
    )
