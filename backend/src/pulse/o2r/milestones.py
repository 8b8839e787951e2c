"""The milestones of deals: read from where each is kept, and set there.

Six happened when a canonical field of the CRM says, others when the CRM field that the setting
`o2r.milestone_fields` names says, the rest when somebody said so here. Setting one of the CRM's is
an edit of the deal like any other: checked, pending, safe from conflicts, undone by setting the
value it had. Planned dates are kept here for all, and only people give them: there is no plan that
nobody made. A day that is still to come, in a field of the CRM, counts as planned, as nothing has
happened yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from pulse.core.fields import DEAL_FIELD_BY_NAME
from pulse.core.modules import DEALS
from pulse.core.o2r.milestones import MILESTONES
from pulse.edits.reading import local_changes
from pulse.kit.errors import NotFoundError
from pulse.models import CrmField, Document, FieldMapEntry, O2rMilestone
from pulse.o2r.milestones_expected import MilestoneDates
from pulse.settings.service import read_settings
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.o2r.milestones import Milestone
    from pulse.edits.reading import LocalChange
    from pulse.models import Deal

ChangeWord = Literal["pending", "conflict", "error"]

_STATE_OF_CHANGE: Final[Mapping[ChangeState, ChangeWord]] = {
    ChangeState.QUEUED: "pending",
    ChangeState.SENT: "pending",
    ChangeState.CONFLICT: "conflict",
    ChangeState.ERROR: "error",
}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where a milestone's actual date is kept."""

    api_name: str | None = None
    """The field of the CRM; None: here, or nowhere where `is_unmapped`."""
    label: str | None = None
    """How people call the field in the CRM."""
    data_type: str | None = None
    canonical: str | None = None

    @property
    def is_unmapped(self) -> bool:
        """Whether it belongs into a canonical field that the field map does not map."""
        return self.canonical is not None and self.api_name is None

    @property
    def is_crm(self) -> bool:
        """Whether the CRM keeps it."""
        return self.api_name is not None


@dataclass(frozen=True, slots=True)
class MilestoneOfDeal:
    """A milestone of a deal with all that is known of it."""

    dates: MilestoneDates
    keeper: Keeper
    change: ChangeWord | None = None
    """How an edit of it stands that the CRM has not accepted: pending, conflict, error."""
    error: str | None = None
    planned_by: str | None = None
    planned_at: datetime | None = None


def milestone_not_found(name: str) -> NotFoundError:
    """Return the error of a milestone that there is not."""
    return NotFoundError(
        f"There is no milestone {name}.",
        code="milestone_not_found",
        fix=f"Take one of {', '.join(spec.milestone for spec in MILESTONES)}.",
    )


async def read_keepers(db: AsyncSession) -> Mapping[Milestone, Keeper]:
    """Return where each milestone is kept, in the usual order."""
    chosen = (await read_settings(db)).o2r_milestone_fields
    rows = await db.execute(
        select(FieldMapEntry.canonical_name, FieldMapEntry.api_name).where(
            FieldMapEntry.module == DEALS
        )
    )
    mapped: dict[str, str] = {row.canonical_name: row.api_name for row in rows}
    described = await db.execute(
        select(CrmField.api_name, CrmField.label, CrmField.data_type).where(
            CrmField.module == DEALS, CrmField.removed_at.is_(None)
        )
    )
    fields = {row[0]: (row[1], row[2]) for row in described}
    keepers = {}
    for spec in MILESTONES:
        name = chosen.get(spec.milestone) if spec.canonical is None else mapped.get(spec.canonical)
        # A field that the CRM does not have any more keeps nothing.
        known = None if name is None else fields.get(name)
        label, data_type = known if known is not None else (None, None)
        keepers[spec.milestone] = Keeper(
            None if known is None else name, label, data_type, spec.canonical
        )
    return keepers


async def read_milestones(
    db: AsyncSession,
    deals: Collection[Deal],
    keepers: Mapping[Milestone, Keeper],
    today: date,
    zone: ZoneInfo,
) -> Mapping[int, Sequence[MilestoneOfDeal]]:
    """Return the milestones of deals by id, each deal's in the usual order."""
    ids = [deal.id for deal in deals]
    stated = await _statements(db, ids)
    changes = await local_changes(db, DEALS, ids)
    chosen = [
        keeper.api_name
        for keeper in keepers.values()
        if keeper.canonical is None and keeper.api_name is not None
    ]
    documents = await _documents(db, ids, chosen)
    return {
        deal.id: [
            _milestone(
                spec.milestone,
                keepers[spec.milestone],
                stated.get((deal.id, spec.milestone)),
                _in_crm(
                    deal,
                    keepers[spec.milestone],
                    documents.get(deal.id, {}),
                    changes.get(deal.id, ()),
                    zone,
                ),
                _newest(changes.get(deal.id, ()), keepers[spec.milestone]),
                today,
            )
            for spec in MILESTONES
        ]
        for deal in deals
    }


def _milestone(
    milestone: Milestone,
    keeper: Keeper,
    stated: O2rMilestone | None,
    in_crm: date | None,
    change: LocalChange | None,
    today: date,
) -> MilestoneOfDeal:
    planned = None if stated is None else stated.planned_on
    said = in_crm if keeper.canonical is not None or keeper.is_crm else _said(stated)
    is_to_come = said is not None and said > today
    return MilestoneOfDeal(
        MilestoneDates(
            milestone,
            planned if planned is not None or not is_to_come else said,
            None if is_to_come else said,
        ),
        keeper,
        None if change is None else _STATE_OF_CHANGE[change.state],
        None if change is None else change.error_message,
        None if planned is None or stated is None else stated.set_by_name,
        None if planned is None or stated is None else stated.set_at,
    )


def _said(stated: O2rMilestone | None) -> date | None:
    return None if stated is None else stated.actual_on


def _newest(changes: Sequence[LocalChange], keeper: Keeper) -> LocalChange | None:
    """Return the edit whose value shows: of two, the one that is not on its way yet."""
    if not changes:
        return None
    own = [change for change in changes if change.field == keeper.api_name]
    return own[-1] if own else None


def _in_crm(
    deal: Deal,
    keeper: Keeper,
    document: Mapping[str, str | None],
    changes: Sequence[LocalChange],
    zone: ZoneInfo,
) -> date | None:
    if keeper.canonical is not None:
        # The narrow row is under its local edits already.
        held: date | None = getattr(deal, DEAL_FIELD_BY_NAME[keeper.canonical].column)
        return held
    if keeper.api_name is None:
        return None
    change = _newest(changes, keeper)
    return day_in(document.get(keeper.api_name) if change is None else change.value, zone)


def day_in(stored: object, zone: ZoneInfo) -> date | None:
    """Return the organisation's day of a canonical date or moment; None for anything else."""
    if not isinstance(stored, str):
        return None
    try:
        if len(stored) == len("2026-08-17"):
            return date.fromisoformat(stored)
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(zone).date()


async def _statements(
    db: AsyncSession, ids: Collection[int]
) -> Mapping[tuple[int, str], O2rMilestone]:
    found = await db.scalars(
        select(O2rMilestone)
        .ext(distinct_on(O2rMilestone.deal_id, O2rMilestone.milestone))
        .where(O2rMilestone.deal_id.in_(ids))
        .order_by(O2rMilestone.deal_id, O2rMilestone.milestone, O2rMilestone.id.desc())
    )
    return {(each.deal_id, each.milestone): each for each in found}


async def _documents(
    db: AsyncSession, ids: Collection[int], names: Sequence[str]
) -> Mapping[int, Mapping[str, str | None]]:
    if not names:
        return {}
    rows = await db.execute(
        select(Document.record_id, *(Document.document[name].astext for name in names)).where(
            Document.module == DEALS, Document.record_id.in_(ids)
        )
    )
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
