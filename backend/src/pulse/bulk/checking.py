"""Check values before they are written: what every record refuses, and what some do.

Values for all records are checked once for each layout, pipeline and stage that the records have,
because only those decide; values of their own are checked record by record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pulse.bulk import errors
from pulse.core.modules import DEALS
from pulse.edits.connection import driver_connection
from pulse.edits.rules import PIPELINE, Rules, read_rules
from pulse.edits.validation import (
    References,
    Standing,
    check_values,
    read_references,
    read_standings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.choosing import Chosen
    from pulse.edits.rules import FieldRule
    from pulse.edits.validation import FieldProblem
    from pulse.sync.domain.merge import Value

_LAYOUT: Final = "Layout"
_PART: Final = 1_000
_KINDS: Final = (
    "SELECT document ->> %(layout)s, document ->> %(pipeline)s, document ->> %(stage)s,"
    " array_agg(record_id) FROM crm_documents WHERE module = %(module)s"
    " AND record_id = ANY(%(ids)s) GROUP BY 1, 2, 3"
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that cannot take what it is given."""

    record_id: int
    problem: FieldProblem


@dataclass(slots=True)
class CheckedChoice:
    """Canonical values to write, and the records that cannot take theirs."""

    chosen: Chosen
    rules: Mapping[str, FieldRule]
    shared: Mapping[str, Value] | None = None
    own: dict[int, Mapping[str, Value]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class _RulesOfMany(Rules):
    """Rules that many records are checked by: those of a layout are put together once."""

    by_layout: dict[str | None, Mapping[str, FieldRule]] = field(default_factory=dict)

    def in_layout(self, layout_id: str | None) -> Mapping[str, FieldRule]:
        """Return the fields with what a record's layout adds to them."""
        if layout_id not in self.by_layout:
            self.by_layout[layout_id] = super().in_layout(layout_id)
        return self.by_layout[layout_id]


async def check_choice(db: AsyncSession, chosen: Chosen) -> CheckedChoice:
    """Return what was chosen with its values in canonical form.

    Raises BadValueError for a value that none of the records can take.
    """
    read = await read_rules(db, DEALS)
    rules = _RulesOfMany(read.fields, read.layouts, read.pipelines)
    checked = CheckedChoice(chosen, rules.fields)
    if chosen.shared is not None:
        await _check_shared(db, rules, checked, chosen.shared)
    else:
        await _check_own(db, rules, checked, chosen.own or {})
    return checked


async def _check_shared(
    db: AsyncSession, rules: Rules, checked: CheckedChoice, values: Mapping[str, object]
) -> None:
    references = await read_references(db, rules, values)
    kinds = await _kinds(db, rules, checked.chosen.ids)
    problems: list[tuple[FieldProblem, Sequence[int]]] = []
    for standing, ids in kinds or [(Standing(), ())]:
        found = check_values(rules, standing, values, references)
        if found.problems:
            problems.append((found.problems[0], ids))
        else:
            checked.shared = found.values
    if checked.shared is None:
        raise errors.bad_value(problems[0][0])
    checked.refused = [Refused(each, problem) for problem, ids in problems for each in ids]


async def _kinds(
    db: AsyncSession, rules: Rules, ids: Sequence[int]
) -> list[tuple[Standing, Sequence[int]]]:
    """Return the kinds of records, told apart by what decides about a value, with their ids."""
    stage = "Stage" if rules.stage is None else rules.stage.api_name
    connection = await driver_connection(db)
    cursor = await connection.execute(
        _KINDS,
        {
            "layout": _LAYOUT,
            "pipeline": PIPELINE,
            "stage": stage,
            "module": DEALS,
            "ids": list(ids),
        },
    )
    return [
        (
            Standing(
                {
                    name: value
                    for name, value in zip((_LAYOUT, PIPELINE, stage), row[:3], strict=True)
                    if value is not None
                }
            ),
            row[3],
        )
        for row in await cursor.fetchall()
    ]


async def _check_own(
    db: AsyncSession,
    rules: Rules,
    checked: CheckedChoice,
    own: Mapping[int, Mapping[str, object]],
) -> None:
    ids = list(own)
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        standings = await read_standings(db, DEALS, part)
        references = await _references(db, rules, [own[record_id] for record_id in part])
        for record_id in part:
            values = own[record_id]
            found = check_values(rules, standings.get(record_id, Standing()), values, references)
            checked.own[record_id] = found.values
            if found.problems:
                checked.refused.append(Refused(record_id, found.problems[0]))


async def _references(
    db: AsyncSession, rules: Rules, rows: Sequence[Mapping[str, object]]
) -> References:
    """Return which of the users and accounts that many records name are known.

    Each of their ids is looked up once, whichever field and record names it.
    """
    found = References()
    asked: set[str] = set()
    for name in sorted({name for row in rows for name in row}):
        rule = rules.fields.get(name)
        if rule is None or not (rule.is_user or rule.lookup_module is not None):
            continue
        for raw in {str(row[name]) for row in rows if isinstance(row.get(name), str)} - asked:
            asked.add(raw)
            one = await read_references(db, rules, {name: raw})
            found = References(
                users={**found.users, **one.users},
                accounts=found.accounts | one.accounts,
                holds_users=found.holds_users or one.holds_users,
                holds_accounts=found.holds_accounts or one.holds_accounts,
            )
    return found
