"""The connection as the API shows it: what is stored, and what we may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select

from pulse.connection.attempts import SignInOutcome, last_answered
from pulse.connection.connect_schemas import (
    AccessTokenState,
    AreaGrant,
    AskedArea,
    ConnectionState,
    ConnectionView,
    ConnectOptions,
    DataCentreLine,
    Grant,
    LastAttempt,
    TokenState,
)
from pulse.connection.disconnect import name_to_type
from pulse.connection.schemas import ConnectedOrganisation
from pulse.connection.scopes import AREAS, ASKED_SCOPES, is_covered
from pulse.connection.service import read_connection
from pulse.connection.sign_in import mirrored_organisation
from pulse.core.access import Role
from pulse.core.limits import organisation_limits
from pulse.core.modules import DEALS
from pulse.edits.counting import waiting_changes
from pulse.models import SyncCursor, UserAccount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.scopes import Area
    from pulse.connection.sign_in import BrowserSignIn
    from pulse.core.sign_in import DataCentre
    from pulse.models import ConnectAttempt, CrmConnection, Organisation


async def connect_options(db: AsyncSession, sign_in: BrowserSignIn) -> ConnectOptions:
    """Return what an admin chooses from when connecting."""
    setting = sign_in.setting
    row = await read_connection(db)
    present = None if row is None else _centre_of(row, setting.centres)
    configured = next(centre for centre in setting.centres if centre.is_configured)
    return ConnectOptions(
        data_centres=[_centre_line(centre) for centre in setting.centres],
        data_centre=(present or configured).slug,
        client_id=await sign_in.known_client_id(db),
        redirect_uri=setting.redirect_uri,
        areas=[
            AskedArea(
                name=area.name,
                access="read and write" if area.writes else "read",
                reason=area.reason,
            )
            for area in AREAS
        ],
        scopes=list(ASKED_SCOPES),
    )


async def connection_view(
    db: AsyncSession, centres: Sequence[DataCentre], now: datetime
) -> ConnectionView:
    """Return the connection as it is stored."""
    row = await read_connection(db)
    organisation = await mirrored_organisation(db)
    attempt = await last_answered(db)
    is_connected = row is not None and row.refresh_token_encrypted is not None
    live = row if is_connected else None
    granted = _granted(live)
    centre = None if live is None else _centre_of(live, centres)
    cursor = await db.get(SyncCursor, DEALS)
    return ConnectionView(
        state=_state(live),
        organisation=None if organisation is None else _organisation(organisation),
        data_centre=None if centre is None else _centre_line(centre),
        api_domain=None if live is None else live.api_domain or _origin(live.base_url),
        connected_at=None if live is None else live.connected_at,
        connected_by=None if live is None else live.connected_by,
        refused_at=None if live is None else live.refused_at,
        refusal=None if live is None else live.refusal,
        access_token=_access_token(live, now),
        has_refresh_token=is_connected,
        last_renewal_at=None if live is None else live.token_renewed_at,
        last_checked_at=None if live is None else live.checked_at,
        scopes_granted=[] if live is None else list(live.scopes),
        scopes_missing=[scope for scope, is_there in granted.items() if is_there is False],
        areas=[_area(area, granted, _checked_by(live)) for area in AREAS],
        confirm_with=None if live is None else name_to_type(live, organisation),
        pending_changes=await _pending_changes(db),
        is_loaded=cursor is not None and cursor.full_sync_at is not None,
        last_attempt=None if attempt is None else _attempt(attempt),
        admins=list(
            await db.scalars(
                select(UserAccount.name)
                .where(UserAccount.role == Role.ADMIN, UserAccount.is_active)
                .order_by(UserAccount.name)
            )
        ),
    )


def _state(live: CrmConnection | None) -> ConnectionState:
    if live is None:
        return ConnectionState.NOT_CONNECTED
    return ConnectionState.CONNECTED if live.refused_at is None else ConnectionState.REFUSED


def _granted(live: CrmConnection | None) -> Mapping[str, bool | None]:
    """Return scope that we ask for → whether we have it; None where nobody has looked yet."""
    if live is not None and live.scopes:
        return {scope: is_covered(scope, live.scopes) for scope in ASKED_SCOPES}
    probed = {} if live is None else live.probed or {}
    return {scope: probed.get(scope) for scope in ASKED_SCOPES}


def _checked_by(live: CrmConnection | None) -> str | None:
    if live is None:
        return None
    if live.scopes:
        return "scope"
    return "probe" if live.probed else None


def _area(area: Area, granted: Mapping[str, bool | None], checked_by: str | None) -> AreaGrant:
    read = _grant([granted[scope] for scope in area.scopes])
    return AreaGrant(
        name=area.name,
        read=read,
        write=_grant([granted[scope] for scope in area.asked]) if area.writes else Grant.NOT_NEEDED,
        checked_by=None if read is Grant.UNKNOWN else checked_by,
        missing_scopes=[scope for scope in area.asked if granted[scope] is False],
    )


def _grant(granted: Sequence[bool | None]) -> Grant:
    if False in granted:
        return Grant.MISSING
    return Grant.UNKNOWN if None in granted else Grant.GRANTED


def _access_token(live: CrmConnection | None, now: datetime) -> AccessTokenState:
    ends = None if live is None else live.token_expires_at
    if ends is None:
        return AccessTokenState(state=TokenState.NONE, expires_at=None, minutes_left=None)
    left = int((ends - now).total_seconds() // 60)
    return AccessTokenState(
        state=TokenState.VALID if ends > now else TokenState.EXPIRED,
        expires_at=ends,
        minutes_left=max(left, 0),
    )


def _organisation(row: Organisation) -> ConnectedOrganisation:
    limits = organisation_limits(row.edition, row.users_licensed)
    return ConnectedOrganisation(
        id=str(row.id),
        company_name=row.company_name,
        edition=row.edition,
        users_licensed=row.users_licensed,
        time_zone=row.time_zone,
        currency=row.currency,
        credits_a_day=limits.credits_a_day,
        concurrency=limits.concurrency,
    )


def _centre_of(row: CrmConnection, centres: Sequence[DataCentre]) -> DataCentre | None:
    return next((each for each in centres if each.accounts_url == row.accounts_url), None)


def _centre_line(centre: DataCentre) -> DataCentreLine:
    return DataCentreLine(
        slug=centre.slug,
        name=centre.name,
        crm_host=centre.crm_host,
        is_configured=centre.is_configured,
    )


def _attempt(attempt: ConnectAttempt) -> LastAttempt | None:
    if attempt.outcome is None or attempt.answered_at is None:
        return None
    return LastAttempt(
        outcome=SignInOutcome(attempt.outcome),
        detail=attempt.detail,
        at=attempt.answered_at,
        by=attempt.user_name,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _pending_changes(db: AsyncSession) -> int:
    return (await waiting_changes(db, DEALS)).pending
