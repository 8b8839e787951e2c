"""Bugs that a push could have: planted for a while, each must be found by the schedules.

Each stands for a law of `docs/architecture/push.md` or `docs/architecture/local-changes.md` that
somebody might take for superfluous.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from pulse.adapters.mirror import statements as mirror_statements
from pulse.adapters.pushing import ZohoWriter
from pulse.adapters.pushing import statements as push_statements
from pulse.edits import judging, rows, store
from pulse.sync.pushing.doubts import Fates, fates_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pulse.edits.connection import Connection
    from pulse.edits.policies import Policies
    from pulse.edits.rows import ChangeRow
    from pulse.sync.pushing.context import PushContext
    from pulse.sync.pushing.guards import Guarded
    from pulse.sync.pushing.ports import PushedChange, RowOutcome

_NEVER: Final = datetime(2100, 1, 1, tzinfo=UTC)

Bug = AbstractContextManager[object]


def no_guard() -> Bug:
    """Writes go out whatever has happened since the record was read."""
    update = ZohoWriter.update

    async def unguarded(
        self: ZohoWriter,
        module: str,
        given: Sequence[Mapping[str, object]],
        guard: datetime,
        *,
        run_automation: bool,
    ) -> Sequence[RowOutcome]:
        del guard
        return await update(self, module, given, _NEVER, run_automation=run_automation)

    return patch.object(ZohoWriter, "update", unguarded)


def resent_without_its_first_guard() -> Bug:
    """What has no answer is sent again under a guard that lets it pass."""

    async def eager(context: PushContext, sent: Sequence[PushedChange], seen: Guarded) -> Fates:
        fates = await fates_of(context, sent, seen)
        return replace(fates, open=tuple(replace(each, guard=_NEVER) for each in fates.open))

    return patch("pulse.sync.push.fates_of", eager)


def values_compared_instead_of_the_timeline() -> Bug:
    """A write without an answer counts as done if the record shows its value."""

    async def glancing(context: PushContext, sent: Sequence[PushedChange], seen: Guarded) -> Fates:
        changes = list(sent)
        shown = {
            observation.record_id: observation.values
            for page, number in seen.pages
            for observation in context.pull.batch(page, number, None).observations
        }
        landed = [
            each
            for each in changes
            if shown.get(each.record_id, {}).get(each.field) == each.value
            and each.record_id in shown
        ]
        barred = [each for each in changes if each not in landed]
        return Fates(tuple(landed), tuple(barred), ())

    return patch("pulse.sync.push.fates_of", glancing)


def retired_by_record() -> Bug:
    """An answer ends all changes of its record, not only the revision that was sent."""
    return patch.object(
        mirror_statements,
        "END_ACCEPTED",
        "DELETE FROM pending_changes WHERE record_id IN"
        " (SELECT record_id FROM pending_changes WHERE id = ANY(%(accepted)s))",
    )


@contextmanager
def _folded_into_a_sent_row() -> Iterator[None]:
    find = store._find

    async def finding(
        connection: Connection, module: str, record_id: int, fields: Collection[str]
    ) -> dict[str, Any]:
        held = await rows.load(connection, module, [record_id])
        sent = {row.field: row for row in held if row.is_sent}
        found = await find(connection, module, record_id, fields)
        return {
            name: replace(each, open=sent[name]) if each.open is None and name in sent else each
            for name, each in found.items()
        }

    fold = "UPDATE pending_changes SET new_value = %(value)s, author_name = %(author_name)s"
    with (
        patch.object(store, "_find", finding),
        patch.object(store, "_FOLD", f"{fold} WHERE id = %(id)s"),
    ):
        yield


def folded_into_a_sent_row() -> Bug:
    """A later edit changes the revision that is on its way."""
    return _folded_into_a_sent_row()


def open_second_ignored() -> Bug:
    """A guard holds although its second has not passed yet."""
    return patch("pulse.sync.pushing.guards.is_second_over", lambda _stamp, _read_at: True)


def echo_logged_as_the_crms() -> Bug:
    """What we wrote is told as a change that somebody made in the CRM."""
    log = mirror_statements.LOG_CHANGES
    told = "CASE WHEN ours.author IS NULL THEN 'crm' ELSE 'local' END"
    assert told in log
    return patch.object(mirror_statements, "LOG_CHANGES", log.replace(told, "'crm'"))


@contextmanager
def _judged_during_flight() -> Iterator[None]:
    judge = judging._judge

    async def at_once(
        connection: Connection,
        module: str,
        changes: Sequence[ChangeRow],
        policies: Policies,
        at: datetime,
    ) -> list[ChangeRow]:
        sent = [row for row in changes if row.is_sent]
        waiting = [row for row in changes if not row.is_sent]
        return [*sent, *await judge(connection, module, waiting, policies, at)]

    with patch.object(judging, "_judge", at_once):
        yield


def judged_during_flight() -> Bug:
    """An edit is judged while its predecessor is on its way."""
    return _judged_during_flight()


def read_but_not_judged_again() -> Bug:
    """What the read before a write shows is not merged: only its stamp is taken."""

    async def blind(*_given: object) -> None:
        return None

    return patch("pulse.sync.push.apply_guards", blind)


def refused_revision_forgotten() -> Bug:
    """What was certainly not written ends, as though it had been."""
    return patch.object(
        push_statements,
        "QUEUE_AGAIN",
        "DELETE FROM pending_changes WHERE id = ANY(%(ids)s) AND state = 'sent'"
        " AND sent_by = %(run)s",
    )


def status_left_behind() -> Bug:
    """The push settles changes and leaves their record's status as it was."""

    async def idle(*_given: object) -> dict[int, object]:
        return {}

    return patch("pulse.adapters.pushing.changes.judge_records", idle)


BUGS: Final[tuple[Callable[[], Bug], ...]] = (
    no_guard,
    resent_without_its_first_guard,
    values_compared_instead_of_the_timeline,
    retired_by_record,
    folded_into_a_sent_row,
    open_second_ignored,
    echo_logged_as_the_crms,
    judged_during_flight,
    read_but_not_judged_again,
    refused_revision_forgotten,
    status_left_behind,
)
