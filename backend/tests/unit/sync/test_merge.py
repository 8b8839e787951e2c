"""The three-way merge against the table of product.md §6, over every kind of value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pulse.core.sync import Presence, RecordStatus
from pulse.sync.domain.merge import (
    DELETED,
    NEVER_READ,
    Change,
    ChangeState,
    Outcome,
    Policy,
    Verdict,
    judge,
    merge_field,
    record_status,
    weigh,
)
from support.merge_table import KINDS, RESULTS, ROWS, Kind, base_of, crm_of, value_of


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_a_field_merges_as_the_table_says(row: tuple[str, ...], kind: Kind) -> None:
    base, local, crm, result = row
    word = result if result in RESULTS else result.split()[0]
    assert (
        merge_field(base_of(base, kind), value_of(local, kind), crm_of(crm, kind)) is RESULTS[word]
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_unknown_base_agrees_where_both_sides_hold_one_value(kind: Kind) -> None:
    assert merge_field(NEVER_READ, kind.b, kind.b) is Outcome.AGREED
    assert merge_field(NEVER_READ, None, None) is Outcome.AGREED
    assert merge_field(NEVER_READ, kind.b, None) is Outcome.CONFLICT
    assert merge_field(NEVER_READ, kind.b, DELETED) is Outcome.RECORD_CONFLICT


EDIT = Change(base="A", local="B", state=ChangeState.QUEUED)


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        (Policy.ASK, Verdict.ASK),
        (Policy.CRM_WINS, Verdict.DROP),
        (Policy.LOCAL_WINS, Verdict.PUSH),
        (Policy.NEWEST_WINS, Verdict.WEIGH),
    ],
)
def test_a_policy_decides_conflicts_and_nothing_else(policy: Policy, verdict: Verdict) -> None:
    assert judge(EDIT, "C", policy) is verdict
    assert judge(EDIT, "A", policy) is Verdict.PUSH
    assert judge(EDIT, "B", policy) is Verdict.RETIRE
    assert judge(EDIT, DELETED, policy) is Verdict.ASK


def test_a_resolution_holds_against_the_value_that_was_seen_and_no_other() -> None:
    resolved = replace(EDIT, is_resolved=True, resolved_against="C")
    assert judge(resolved, "C", Policy.ASK) is Verdict.PUSH
    assert judge(resolved, "D", Policy.ASK) is Verdict.ASK
    assert judge(resolved, None, Policy.ASK) is Verdict.ASK
    assert judge(resolved, DELETED, Policy.ASK) is Verdict.RESTORE


def test_a_refused_change_waits_for_a_person_until_the_crm_moves() -> None:
    refused = replace(EDIT, state=ChangeState.ERROR)
    assert judge(refused, "A", Policy.ASK) is Verdict.KEEP_REFUSED
    assert judge(refused, "B", Policy.ASK) is Verdict.RETIRE
    assert judge(refused, "C", Policy.ASK) is Verdict.ASK


def test_an_edit_back_to_the_base_leaves_nothing_to_do() -> None:
    cancelled = Change(base="A", local="A", state=ChangeState.QUEUED)
    assert judge(cancelled, "A", Policy.ASK) is Verdict.RETIRE
    assert judge(cancelled, "C", Policy.ASK) is Verdict.RETIRE
    assert judge(cancelled, DELETED, Policy.ASK) is Verdict.RETIRE


def test_the_newer_side_wins_and_one_second_is_no_difference() -> None:
    at = datetime(2026, 8, 17, 8, 30, tzinfo=UTC)
    assert weigh(at + timedelta(seconds=1), at) is Verdict.PUSH
    assert weigh(at - timedelta(milliseconds=1), at) is Verdict.DROP
    assert weigh(at + timedelta(milliseconds=900), at) is Verdict.ASK
    assert weigh(at, None) is Verdict.ASK


def test_a_record_shows_what_needs_a_person_first() -> None:
    queued, sent = ChangeState.QUEUED, ChangeState.SENT
    conflict, error = ChangeState.CONFLICT, ChangeState.ERROR
    assert record_status(Presence.LIVE, []) is RecordStatus.SYNCED
    assert record_status(Presence.DELETED, []) is RecordStatus.SYNCED
    assert record_status(Presence.INVISIBLE, []) is RecordStatus.ERROR
    assert record_status(Presence.LIVE, [sent, queued]) is RecordStatus.PENDING
    assert record_status(Presence.LIVE, [queued, error]) is RecordStatus.ERROR
    assert record_status(Presence.LIVE, [error, conflict, queued]) is RecordStatus.CONFLICT
    assert record_status(Presence.INVISIBLE, [conflict]) is RecordStatus.CONFLICT
