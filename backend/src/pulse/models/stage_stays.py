"""How long deals stood in their stages: what `stage_history` and `deal_versions` come to, kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, RecordId


class StageStay(Base):
    """A stay of a deal in a stage: a range of CRM time, `started_at` ≤ t < `ended_at`.

    What the CRM told of the past (`stage_history`) holds until the deal's first version; from there
    on versions hold, whatever an import says later. So stays of a deal never overlap, and there is
    no gap between them but while the deal was deleted. Pieces that touch in one stage are one stay.

    The function `pulse_stays` of the database is this law. Its rows are kept here by whoever writes
    versions (`pulse.adapters.mirror.stays`) or settles an import, in the same transaction.
    """

    __tablename__ = "stage_stays"
    __table_args__ = (
        # Questions are of the stays that began in a window. An import writes rows in the order of
        # time and what happens later is later in the table, so ranges of pages are enough.
        Index("ix_stage_stays_started_at", "started_at", postgresql_using="brin"),
    )

    deal_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(server_default=text("'infinity'"))
    """Infinity: it goes on."""
    lasted_hundredths: Mapped[int | None] = mapped_column(Integer)
    """In hundredths of a day, rounded, as times are told; null while it goes on."""
    stage: Mapped[str | None]
    next_stage: Mapped[str | None]
    """Null also where the stay ended because the deal was deleted."""
    stands_in: Mapped[str | None]
    """The stage of the deal's last stay, on each of its rows."""
    is_gone: Mapped[bool] = mapped_column(server_default=text("false"))
    """The deal's last stay ended: it is not in the CRM now, or not shown to us."""
    is_imported: Mapped[bool] = mapped_column(server_default=text("false"))
    """Its beginning was told by the CRM; else we observed it."""
    is_start_known: Mapped[bool]
    """The deal came out of another stage, or the CRM told it, or it was created then. The first
    stay that we saw may be older than we know, and one after a restore began by no entering."""
    entered_before: Mapped[datetime | None]
    """When it last began a stay in this stage before, of those whose start is known."""
    created_at: Mapped[datetime | None]
    """When the deal was created in the CRM."""
