"""What a stored change comes to: the merge's verdict, and what was seen when it was judged last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.core.sync import Presence
from pulse.edits.deciding import CHANGE_TRANSITIONS, Edit, Ended, Sight, Standing, decide
from pulse.sync.domain.merge import ChangeState, Policy

NOW = datetime(2026, 8, 17, 9, tzinfo=UTC)
SEEN_AT = NOW - timedelta(minutes=5)
EDIT = Edit(base="A", is_base_known=True, local="B")
UNKNOWN = Edit(base=None, is_base_known=False, local="B")
QUEUED = Standing()


def crm(value: object, minutes: int = 0, **facts: object) -> Sight:
    seen = Sight(Presence.LIVE, value, SEEN_AT + timedelta(minutes=minutes), "1001")
    return replace(seen, **facts)


DELETED = crm("A", presence=Presence.DELETED)
CONFLICT = Standing(
    state=ChangeState.CONFLICT,
    crm_value="C",
    crm_modified_at=SEEN_AT,
    crm_modified_by="1001",
    conflict_since=NOW - timedelta(minutes=4),
)
REFUSED = Standing(
    state=ChangeState.ERROR, error_code="INVALID_DATA", error_message="Too long", error_field="F"
)


def fate(
    stands: Standing, sight: Sight, policy: Policy = Policy.ASK, edit: Edit = EDIT
) -> Standing | Ended:
    return decide(edit, stands, sight, policy, NOW)


def test_an_edit_waits_while_the_crm_holds_its_base() -> None:
    assert fate(QUEUED, crm("A")) == QUEUED


@pytest.mark.parametrize("policy", Policy)
def test_an_edit_is_over_once_both_sides_hold_its_value(policy: Policy) -> None:
    assert fate(QUEUED, crm("B"), policy) == Ended(is_dropped=False)
    assert fate(CONFLICT, crm("B"), policy) == Ended(is_dropped=False)


def test_a_clash_is_asked_about_with_what_was_seen_when_and_by_whom() -> None:
    assert fate(QUEUED, crm("C")) == replace(CONFLICT, conflict_since=NOW)


def test_judging_again_changes_nothing() -> None:
    for stands, sight in ((QUEUED, crm("A")), (CONFLICT, crm("C")), (REFUSED, crm("A"))):
        assert fate(stands, sight) == stands


def test_a_conflict_keeps_its_age_while_other_fields_of_the_record_move() -> None:
    assert fate(CONFLICT, crm("C", minutes=9, changed_by="1002")) == CONFLICT


def test_a_conflict_over_another_value_is_a_new_one() -> None:
    assert fate(CONFLICT, crm("D", minutes=9, changed_by="1002")) == Standing(
        state=ChangeState.CONFLICT,
        crm_value="D",
        crm_modified_at=SEEN_AT + timedelta(minutes=9),
        crm_modified_by="1002",
        conflict_since=NOW,
    )


def test_a_skipped_conflict_shows_again_when_the_crm_moves() -> None:
    skipped = replace(CONFLICT, is_skipped=True)
    assert fate(skipped, crm("C", minutes=9)) == skipped
    moved = fate(skipped, crm("D"))
    assert isinstance(moved, Standing)
    assert not moved.is_skipped


def test_a_conflict_ends_when_the_crm_goes_back_to_the_base() -> None:
    assert fate(CONFLICT, crm("A")) == QUEUED


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy.CRM_WINS, Ended(is_dropped=True)),
        (
            Policy.LOCAL_WINS,
            Standing(crm_value="C", crm_modified_at=SEEN_AT, crm_modified_by="1001"),
        ),
        (Policy.NEWEST_WINS, replace(CONFLICT, conflict_since=NOW, awaits_timeline=True)),
    ],
)
def test_a_policy_decides_a_conflict_as_it_arises(
    policy: Policy, expected: Standing | Ended
) -> None:
    assert fate(QUEUED, crm("C"), policy) == expected


@pytest.mark.parametrize("policy", Policy)
def test_a_conflict_that_a_person_is_asked_stays_theirs_whatever_policy_is_set_later(
    policy: Policy,
) -> None:
    assert fate(CONFLICT, crm("C"), policy) == CONFLICT


def test_a_policy_set_later_decides_once_the_crm_moves() -> None:
    assert fate(CONFLICT, crm("D"), Policy.CRM_WINS) == Ended(is_dropped=True)


def test_a_conflict_awaits_the_timeline_until_it_is_weighed_and_not_again() -> None:
    awaiting = replace(CONFLICT, awaits_timeline=True)
    assert fate(awaiting, crm("C"), Policy.NEWEST_WINS) == awaiting
    assert fate(CONFLICT, crm("C"), Policy.NEWEST_WINS) == CONFLICT


def test_a_resolution_is_pushed_against_the_value_that_was_seen_and_no_other() -> None:
    resolved = replace(CONFLICT, state=ChangeState.QUEUED, is_resolved=True, resolved_against="C")
    assert fate(resolved, crm("C")) == replace(resolved, conflict_since=None)
    assert fate(resolved, crm("D")) == replace(CONFLICT, crm_value="D", conflict_since=NOW)


def test_what_the_crm_refused_waits_for_a_person_or_for_the_crm_to_move() -> None:
    assert fate(REFUSED, crm("A")) == REFUSED
    assert fate(REFUSED, crm("B")) == Ended(is_dropped=False)
    assert fate(REFUSED, crm("C")) == replace(CONFLICT, conflict_since=NOW)


def test_an_overwriting_that_was_refused_is_not_tried_again_by_its_policy() -> None:
    refused = replace(REFUSED, crm_value="C", crm_modified_at=SEEN_AT)
    assert fate(refused, crm("C", minutes=9), Policy.LOCAL_WINS) == refused
    assert fate(refused, crm("D"), Policy.LOCAL_WINS) == Standing(
        crm_value="D", crm_modified_at=SEEN_AT, crm_modified_by="1001"
    )


def test_a_resolution_that_was_refused_stays_an_open_conflict_that_says_why() -> None:
    reopened = replace(CONFLICT, error_code="INVALID_DATA", error_message="Too long")
    assert fate(reopened, crm("C")) == reopened
    assert fate(replace(reopened, is_resolved=True, resolved_against="C"), crm("C")) == replace(
        reopened, is_resolved=True, resolved_against="C"
    )


def test_a_typed_value_that_was_refused_stays_an_open_conflict_though_it_could_be_pushed() -> None:
    # The value of before the clash was typed: the edit's base is what the CRM holds.
    typed = Edit(base="C", is_base_known=True, local="A")
    chosen = Standing(is_resolved=True, resolved_against="C")
    queued = fate(chosen, crm("C"), edit=typed)
    assert queued == replace(chosen, crm_value="C", crm_modified_at=SEEN_AT, crm_modified_by="1001")
    reopened = replace(CONFLICT, error_code="INVALID_DATA")
    assert fate(reopened, crm("C"), edit=typed) == reopened


def test_an_edit_that_waits_for_its_next_try_keeps_saying_why() -> None:
    waiting = Standing(error_code="crm_unavailable", error_message="The CRM does not answer.")
    assert fate(waiting, crm("A")) == waiting


def test_an_edit_of_a_deleted_record_is_a_conflict_on_the_record() -> None:
    gone = replace(CONFLICT, crm_value=None, conflict_since=NOW, is_record_gone=True)
    for policy in Policy:
        assert fate(QUEUED, DELETED, policy) == gone
    assert fate(gone, crm("A")) == QUEUED


def test_a_return_that_a_person_wants_is_restored_and_then_judged_by_its_values() -> None:
    wanted = Standing(is_record_gone=True, is_resolved=True, crm_modified_at=SEEN_AT)
    assert fate(wanted, DELETED) == replace(wanted, crm_modified_by=None)
    assert fate(wanted, crm("A")) == QUEUED
    # Emptied meanwhile: wanting the record back says nothing of that.
    assert fate(wanted, crm(None)) == replace(CONFLICT, crm_value=None, conflict_since=NOW)


def test_a_value_that_was_chosen_does_not_bring_a_deleted_record_back() -> None:
    resolved = replace(CONFLICT, state=ChangeState.QUEUED, is_resolved=True, resolved_against="C")
    after = fate(resolved, DELETED)
    assert isinstance(after, Standing)
    assert (after.state, after.is_record_gone, after.is_resolved) == (
        ChangeState.CONFLICT,
        True,
        False,
    )


def test_of_a_hidden_record_the_value_that_was_seen_last_is_judged() -> None:
    assert fate(QUEUED, crm("A", presence=Presence.INVISIBLE)) == QUEUED


def test_a_sent_change_is_frozen() -> None:
    sent = Standing(state=ChangeState.SENT)
    for sight in (crm("B"), crm("C"), DELETED):
        assert fate(sent, sight, Policy.CRM_WINS) == sent


def test_an_unknown_base_waits_until_the_field_is_read_and_then_asks() -> None:
    assert fate(QUEUED, crm(None, is_unread=True), edit=UNKNOWN) == QUEUED
    assert fate(QUEUED, crm("C"), edit=UNKNOWN) == replace(CONFLICT, conflict_since=NOW)
    assert fate(QUEUED, crm("B"), edit=UNKNOWN) == Ended(is_dropped=False)


_VALUES = st.sampled_from(["A", "B", "C", None])
_STANDINGS = st.builds(
    Standing,
    state=st.sampled_from([ChangeState.QUEUED, ChangeState.CONFLICT, ChangeState.ERROR]),
    crm_value=_VALUES,
    crm_modified_at=st.sampled_from([None, SEEN_AT]),
    conflict_since=st.sampled_from([None, NOW]),
    is_record_gone=st.booleans(),
    awaits_timeline=st.booleans(),
    is_skipped=st.booleans(),
    is_resolved=st.booleans(),
    resolved_against=_VALUES,
    error_code=st.sampled_from([None, "INVALID_DATA"]),
)
_SIGHTS = st.builds(
    Sight, st.sampled_from(Presence), _VALUES, st.just(SEEN_AT), st.just("1001"), st.booleans()
)


@given(
    edit=st.builds(Edit, _VALUES, st.booleans(), _VALUES),
    stands=_STANDINGS,
    sight=_SIGHTS,
    policy=st.sampled_from(Policy),
)
def test_whatever_was_seen_the_move_is_legal_and_judging_again_changes_nothing(
    edit: Edit, stands: Standing, sight: Sight, policy: Policy
) -> None:
    after = decide(edit, stands, sight, policy, NOW)
    if isinstance(after, Ended):
        return
    assert after.state is stands.state or (stands.state, after.state) in CHANGE_TRANSITIONS
    again = decide(edit, after, sight, policy, NOW + timedelta(hours=1))
    assert again == after


def test_numbers_are_the_same_however_they_are_written() -> None:
    edit = Edit(Decimal("10.50"), is_base_known=True, local=Decimal(12))
    assert fate(QUEUED, crm(Decimal("10.5")), edit=edit) == QUEUED
    assert fate(QUEUED, crm(12), edit=edit) == Ended(is_dropped=False)
