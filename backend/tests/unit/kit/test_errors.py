import pytest

from pulse.kit.errors import ConflictError, NotFoundError, PulseError


def test_problem_holds_sentence_code_fix_and_extra_facts() -> None:
    error = ConflictError(
        "A full sync is running.",
        code="sync_running",
        fix="Wait for it, or cancel it.",
        extra={"session_id": "7", "records": 12},
    )
    assert error.problem() == {
        "type": "urn:pulse:problem:sync_running",
        "title": "Conflict",
        "status": 409,
        "detail": "A full sync is running.",
        "code": "sync_running",
        "fix": "Wait for it, or cancel it.",
        "session_id": "7",
        "records": 12,
    }
    assert str(error) == "A full sync is running. Wait for it, or cancel it."


def test_problem_without_a_fix_has_no_such_member() -> None:
    error = NotFoundError("No deal has the id 5.")
    assert error.problem() == {
        "type": "urn:pulse:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "No deal has the id 5.",
        "code": "not_found",
    }
    assert str(error) == "No deal has the id 5."


def test_extra_facts_may_not_replace_standard_members() -> None:
    with pytest.raises(ValueError, match="code, status"):
        PulseError("x", extra={"status": 200, "code": "fine"})
