"""Saved views: private ones are their owner's alone, shared ones everybody opens.

Who may not read a view is told that there is none. Its owner and admins change it. A deleted view
can be taken back for 30 days; then its row goes with the next deletion.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, func, or_, select

from pulse.analysis.views_query import ViewPage, check_query
from pulse.core.access import Role
from pulse.kit.errors import ConflictError, ForbiddenError, NotFoundError
from pulse.models import SavedView, UserAccount
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analysis.views_schemas import NewView, ViewChange
    from pulse.web.access import Principal
    from pulse.web.paging import PageRequest

MOST_VIEWS: Final = 200
"""Views of one person on one page."""
_KEPT_DELETED: Final = timedelta(days=30)

Owned = tuple[SavedView, str]
"""A view and its owner's name."""


def view_not_found(view_id: UUID) -> NotFoundError:
    """Return the error of a view that is not there, or not for the caller to see."""
    return NotFoundError(
        f"There is no saved view {view_id}.",
        code="saved_view_not_found",
        fix="It may be private or deleted; GET /api/views lists those that you can open.",
    )


def name_taken(name: str) -> ConflictError:
    """Return the error of a name that its owner has given already."""
    return ConflictError(
        f"name: there is a view {name!r} of this page already.",
        code="view_name_taken",
        fix="Take another name, or save into that view.",
        extra={"field": "name"},
    )


def too_many_views() -> ConflictError:
    """Return the error of one view too many."""
    return ConflictError(
        f"There are {MOST_VIEWS} views of this page already.",
        code="too_many_views",
        fix="Delete one that is not needed.",
        extra={"limit": MOST_VIEWS},
    )


def not_your_view(owner: str) -> ForbiddenError:
    """Return the error of changing a shared view of somebody else."""
    return ForbiddenError(
        f"This view belongs to {owner}.",
        code="not_your_view",
        fix=f"Save it as a view of your own, or ask {owner} or an admin.",
        extra={"owner": owner},
    )


def may_change(who: Principal, view: SavedView) -> bool:
    """Return whether somebody may change, share and delete a view that they can read."""
    return view.owner_id == who.user_id or who.role is Role.ADMIN


async def list_views(
    db: AsyncSession, who: Principal, page: ViewPage | None, paging: PageRequest
) -> tuple[int, Sequence[Owned]]:
    """Return how many views somebody can open and a part of them, by name."""
    wanted = [_readable(who)]
    if page is not None:
        wanted.append(SavedView.page == page)
    count = await db.scalar(select(func.count()).select_from(SavedView).where(*wanted)) or 0
    rows = await db.execute(
        select(SavedView, UserAccount.name)
        .join(UserAccount, UserAccount.id == SavedView.owner_id)
        .where(*wanted)
        .order_by(func.lower(SavedView.name), SavedView.id)
        .limit(paging.limit)
        .offset(paging.offset)
    )
    return count, [(view, owner) for view, owner in rows]


async def read_view(db: AsyncSession, who: Principal, view_id: UUID) -> Owned:
    """Return a view and its owner's name. Raises NotFoundError."""
    return await _found(db, view_id, _readable(who))


async def save_view(db: AsyncSession, who: Principal, wanted: NewView, now: datetime) -> Owned:
    """Keep a new view. Raises InvalidFilterError and ConflictError."""
    owner = await _owner(db, who.user_id)
    query = check_query(wanted.page, wanted.query)
    await _check_room(db, owner.id, wanted.page)
    await _check_name(db, owner.id, wanted.page, wanted.name)
    view = SavedView(
        page=wanted.page,
        name=wanted.name,
        query=query,
        owner_id=owner.id,
        is_shared=wanted.is_shared,
        created_at=now,
        updated_at=now,
    )
    db.add(view)
    await db.flush()
    await _audit(db, who, "view.saved", view, after={"page": view.page, **_facts(view)})
    return view, owner.name


async def change_view(
    db: AsyncSession, who: Principal, view_id: UUID, wanted: ViewChange, now: datetime
) -> Owned:
    """Change what is given. Raises NotFoundError, ForbiddenError, ConflictError and as above."""
    view, owner = await _to_change(db, who, view_id)
    before = _facts(view)
    if wanted.name is not None and wanted.name != view.name:
        await _check_name(db, view.owner_id, ViewPage(view.page), wanted.name, view_id)
        view.name = wanted.name
    if wanted.query is not None:
        view.query = check_query(ViewPage(view.page), wanted.query)
    if wanted.is_shared is not None:
        view.is_shared = wanted.is_shared
    after = _facts(view)
    changed = [key for key in after if after[key] != before[key]]
    if changed:
        view.updated_at = now
        await db.flush()
        await _audit(
            db,
            who,
            "view.changed",
            view,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return view, owner


async def delete_view(db: AsyncSession, who: Principal, view_id: UUID, now: datetime) -> Owned:
    """Delete a view and return it; `restore_view` takes it back.

    Raises NotFoundError and ForbiddenError.
    """
    view, owner = await _to_change(db, who, view_id)
    view.deleted_at = now
    await db.flush()
    await db.execute(delete(SavedView).where(SavedView.deleted_at < now - _KEPT_DELETED))
    await _audit(db, who, "view.deleted", view, before={"page": view.page, **_facts(view)})
    return view, owner


async def restore_view(db: AsyncSession, who: Principal, view_id: UUID) -> Owned:
    """Take a deletion back; a view that is there stays as it is.

    Raises NotFoundError if it is not known any more, ConflictError if its name was given anew.
    """
    wanted = SavedView.owner_id == who.user_id
    if who.role is Role.ADMIN:
        wanted = or_(wanted, SavedView.is_shared)
    view, owner = await _found(db, view_id, wanted, for_update=True)
    if view.deleted_at is None:
        return view, owner
    page = ViewPage(view.page)
    await _owner(db, view.owner_id)
    await _check_room(db, view.owner_id, page)
    await _check_name(db, view.owner_id, page, view.name)
    view.deleted_at = None
    await db.flush()
    await _audit(db, who, "view.restored", view, after={"page": view.page, **_facts(view)})
    return view, owner


def _readable(who: Principal) -> ColumnElement[bool]:
    return and_(
        SavedView.deleted_at.is_(None),
        or_(SavedView.is_shared, SavedView.owner_id == who.user_id),
    )


async def _found(
    db: AsyncSession, view_id: UUID, wanted: ColumnElement[bool], *, for_update: bool = False
) -> Owned:
    query = (
        select(SavedView, UserAccount.name)
        .join(UserAccount, UserAccount.id == SavedView.owner_id)
        .where(SavedView.id == view_id, wanted)
    )
    if for_update:
        query = query.with_for_update(of=SavedView)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise view_not_found(view_id)
    return row[0], row[1]


async def _to_change(db: AsyncSession, who: Principal, view_id: UUID) -> Owned:
    view, owner = await _found(db, view_id, _readable(who), for_update=True)
    if not may_change(who, view):
        raise not_your_view(owner)
    # Names are given one after another: two requests cannot both find one free.
    await _owner(db, view.owner_id)
    return view, owner


async def _owner(db: AsyncSession, user_id: UUID | None) -> UserAccount:
    """Return whose views are changed, and keep others from changing them at the same time."""
    return await db.get_one(
        UserAccount, user_id, with_for_update={"key_share": True}, populate_existing=True
    )


async def _check_room(db: AsyncSession, owner_id: UUID, page: ViewPage) -> None:
    count = await db.scalar(
        select(func.count())
        .select_from(SavedView)
        .where(
            SavedView.owner_id == owner_id,
            SavedView.page == page,
            SavedView.deleted_at.is_(None),
        )
    )
    if (count or 0) >= MOST_VIEWS:
        raise too_many_views()


async def _check_name(
    db: AsyncSession, owner_id: UUID, page: ViewPage, name: str, but: UUID | None = None
) -> None:
    taken = await db.scalar(
        select(SavedView.id).where(
            SavedView.owner_id == owner_id,
            SavedView.page == page,
            func.lower(SavedView.name) == func.lower(name),
            SavedView.deleted_at.is_(None),
            SavedView.id.is_distinct_from(but),
        )
    )
    if taken is not None:
        raise name_taken(name)


def _facts(view: SavedView) -> dict[str, object]:
    return {"name": view.name, "query": view.query, "is_shared": view.is_shared}


async def _audit(
    db: AsyncSession,
    who: Principal,
    action: str,
    view: SavedView,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    await audit(
        db,
        who,
        action,
        kind="view",
        subject=str(view.id),
        name=view.name,
        before=before,
        after=after,
    )
