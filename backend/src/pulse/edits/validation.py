"""Check an edit before it is stored: by field, against the CRM's live metadata.

`read_rules` and `read_references` ask the database; `check_values` decides, without I/O, so many
records can be checked by one reading. A value that the mirror holds already is never refused.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.core.modules import ACCOUNTS
from pulse.edits.connection import driver_connection, exact_cursor
from pulse.edits.rules import PIPELINE, read_rules
from pulse.edits.taking import RefusedError, take
from pulse.kit.errors import InvalidInputError
from pulse.models import Account, LookupName, SyncCursor, User

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.edits.rules import FieldRule, Rules
    from pulse.sync.domain.merge import Value

_LAYOUT: Final = "Layout"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why a value cannot be taken; message and fix are sentences."""

    field: str
    """API name, as it was sent."""
    label: str
    code: str
    message: str
    fix: str


_EXAMPLE: Final = FieldProblem(
    field="Stage",
    label="Stage",
    code="no_option",
    message="Stage has no option “Won”.",
    fix="Choose one of: Qualification, Closed Won.",
)


class InvalidFieldsError(InvalidInputError):
    """Values of a record that cannot be taken, each with its reason; nothing was stored."""

    code = "invalid_fields"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(
            " ".join(problem.message for problem in problems),
            fix=" ".join(dict.fromkeys(problem.fix for problem in problems)),
        )
        self.problems = tuple(problems)

    def problem(self) -> dict[str, object]:
        """Return the members of the problem document; `errors` holds a line for each field."""
        return {**super().problem(), "errors": [asdict(problem) for problem in self.problems]}


def invalid_fields(problems: Sequence[FieldProblem] = ()) -> InvalidFieldsError:
    """Return the error of values that cannot be taken; without any, an example of it."""
    return InvalidFieldsError(problems or (_EXAMPLE,))


@dataclass(frozen=True, slots=True)
class Checked:
    """Values that can be stored, and what is wrong with the others."""

    values: Mapping[str, Value]
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record holds: its document, and the same under its local edits."""

    document: Mapping[str, Value] = field(default_factory=dict)
    edits: Mapping[str, Value] = field(default_factory=dict)
    """API name → newest value of a local edit, None where it empties the field."""

    def shown(self, api_name: str) -> Value:
        """Return what people see in a field."""
        return self.edits[api_name] if api_name in self.edits else self.document.get(api_name)

    @property
    def layout_id(self) -> str | None:
        """The record's layout; None where it was not read."""
        found = self.document.get(_LAYOUT)
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class References:
    """Which of the ids in question are known."""

    users: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """Id → name, whether active."""
    accounts: frozenset[str] = frozenset()
    holds_users: bool = False
    holds_accounts: bool = False
    """Whether the mirror holds them at all: where it does not, nothing is said of an id."""


async def check(
    db: AsyncSession, module: str, record_id: int, values: Mapping[str, object]
) -> Checked:
    """Return an edit's values in canonical form, or what is wrong with each of them."""
    rules = await read_rules(db, module)
    standing = (await read_standings(db, module, [record_id])).get(record_id, Standing())
    return check_values(rules, standing, values, await read_references(db, rules, values))


async def read_standings(
    db: AsyncSession, module: str, record_ids: Collection[int]
) -> Mapping[int, Standing]:
    """Return what records hold, with the newest of their local edits; unknown ones are absent."""
    cursor = exact_cursor(await driver_connection(db))
    await cursor.execute(
        "SELECT record_id, document,"
        " (SELECT coalesce(jsonb_object_agg(field, new_value ORDER BY state <> 'sent'), '{}')"
        "  FROM pending_changes change WHERE change.record_id = stored.record_id) AS edits"
        " FROM crm_documents stored WHERE module = %s AND record_id = ANY(%s)",
        (module, list(record_ids)),
    )
    rows = await cursor.fetchall()
    # Any: a row's columns have the types that the query gives them.
    return {row[0]: Standing(document=row[1], edits=row[2]) for row in rows}


async def read_references(
    db: AsyncSession, rules: Rules, values: Mapping[str, object]
) -> References:
    """Return which users and accounts among the given values are known."""
    wanted: dict[bool, set[int]] = {True: set(), False: set()}
    for name, raw in values.items():
        rule = rules.fields.get(name)
        if rule is not None and (rule.is_user or rule.lookup_module == ACCOUNTS):
            wanted[rule.is_user] |= _ids([raw])
    if not wanted[True] and not wanted[False]:
        return References()
    users = await db.execute(
        select(User.id, User.full_name, User.is_active).where(User.id.in_(wanted[True]))
    )
    # A deal may have shown an account before its own module was read.
    accounts = await db.scalars(
        select(Account.id)
        .where(Account.id.in_(wanted[False]), Account.is_live)
        .union(
            select(LookupName.id).where(
                LookupName.id.in_(wanted[False]),
                LookupName.id.not_in(select(Account.id).where(~Account.is_live)),
            )
        )
    )
    return References(
        users={str(row.id): (row.full_name, row.is_active) for row in users},
        accounts=frozenset(str(each) for each in accounts),
        holds_users=await db.scalar(select(User.id).limit(1)) is not None,
        holds_accounts=await db.get(SyncCursor, ACCOUNTS) is not None,
    )


def _ids(values: Iterable[object]) -> set[int]:
    named = (each.get("id") if isinstance(each, dict) else each for each in values)
    return {
        number
        for each in named
        if isinstance(each, str) and each.strip().isdecimal()
        # What PostgreSQL takes as an id; a longer one is refused by its field.
        if (number := int(each)) < 2**63
    }


def check_values(
    rules: Rules, standing: Standing, values: Mapping[str, object], references: References
) -> Checked:
    """Return values in canonical form, or what is wrong with each of them."""
    fields = rules.in_layout(standing.layout_id)
    taken: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for name, raw in values.items():
        rule = fields.get(name)
        try:
            if rule is None:
                raise _unknown(name)
            held = standing.document.get(name)
            is_held = raw is not None and type(raw) is type(held) and raw == held
            value = held if is_held and rule.read_only_reason is None else take(rule, raw)
            if not is_held:
                _check_reference(rule, value, references)
            taken[name] = value
        except RefusedError as refused:
            label = name if rule is None else rule.label
            problems.append(FieldProblem(name, label, refused.code, refused.message, refused.fix))
    wrong = _stage_problem(rules, fields, standing, taken)
    if wrong is not None:
        taken.pop(wrong.field)
        problems.append(wrong)
    return Checked(taken, tuple(problems))


def _unknown(name: str) -> RefusedError:
    return RefusedError(
        "unknown_field",
        f"There is no field {name[:80]}.",
        "Send API names of the module's fields; GET /api/deals/{id}/form lists them.",
    )


def _check_reference(rule: FieldRule, value: Value, references: References) -> None:
    if not isinstance(value, str):
        return
    if rule.is_user and references.holds_users:
        found = references.users.get(value)
        if found is None:
            raise RefusedError(
                "unknown_reference",
                f"{rule.label}: the CRM has no user {value}.",
                "Choose one of the CRM's users.",
            )
        name, is_active = found
        if not is_active:
            raise RefusedError(
                "inactive_user",
                f"{rule.label}: {name} is not active in the CRM.",
                "Choose somebody who is.",
            )
    if (
        rule.lookup_module == ACCOUNTS
        and references.holds_accounts
        and value not in references.accounts
    ):
        raise RefusedError(
            "unknown_reference",
            f"{rule.label}: the mirror has no account {value}.",
            "Choose an account; one that is new in the CRM comes with the next quick sync.",
        )


def _stage_problem(
    rules: Rules,
    fields: Mapping[str, FieldRule],
    standing: Standing,
    taken: Mapping[str, Value],
) -> FieldProblem | None:
    """Return what is wrong if the edit would leave a stage that its pipeline does not have."""
    stage_field = rules.stage
    if stage_field is None or not taken.keys() & {stage_field.api_name, PIPELINE}:
        return None

    def after(name: str) -> Value:
        return taken[name] if name in taken else standing.shown(name)

    stage = after(stage_field.api_name)
    pipeline = rules.pipeline(after(PIPELINE), standing.layout_id)
    if pipeline is None or stage is None or stage in pipeline.stages:
        return None
    at_fault = stage_field.api_name if stage_field.api_name in taken else PIPELINE
    labels = dict(stage_field.options)
    names = ", ".join(labels.get(each, each) for each in pipeline.stages)
    return FieldProblem(
        field=at_fault,
        label=fields[at_fault].label,
        code="stage_not_in_pipeline",
        message=f"The pipeline {pipeline.label} has no stage {labels.get(str(stage), stage)}.",
        fix=f"Choose a stage that it has: {names}.",
    )
