"""Connecting in a browser: begin, take the answer that Zoho sends back, and end a connection.

No transaction is open while Zoho is asked. The state of an attempt is used up in a transaction of
its own before anything else, so that it cannot be used again whatever happens then. What may follow
an answer is listed in `attempts.SignInOutcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from pulse.connection.attempts import (
    SignInFailedError,
    SignInOutcome,
    begin_attempt,
    note_outcome,
    use_up,
)
from pulse.connection.refresh import store_organisation
from pulse.connection.scopes import ASKED_SCOPES, INDISPENSABLE_SCOPES, uncovered
from pulse.connection.service import (
    CONNECTION_ID,
    forget_sign_in,
    locked_connection,
    read_connection,
)
from pulse.core.access import Role
from pulse.core.sign_in import OAuthClient
from pulse.db.events import Topic, notify
from pulse.jobs.catalogue import RefreshConnection
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import ConfigurationError, InvalidInputError
from pulse.kit.logging import get_logger
from pulse.models import (
    CrmConnection,
    CrmField,
    Currency,
    CurrencyRate,
    FieldMapEntry,
    Organisation,
    RecordSyncStatus,
    User,
)
from pulse.sync.domain.errors import (
    CrmUnavailableError,
    PermissionMissingError,
    ScopeMissingError,
    SignInRefusedError,
    SyncError,
)
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.ports import AccountsServer, Cipher
    from pulse.core.directory import OrganisationFacts
    from pulse.core.sign_in import DataCentre, Granted
    from pulse.db.engine import OpenDb
    from pulse.kit.clock import Clock
    from pulse.models import ConnectAttempt
    from pulse.web.access import Principal

_DENIED: Final = "access_denied"
_CLIENT_WORDS: Final = frozenset({"invalid_client", "invalid_client_secret"})
_KIND: Final = "connection"

_log = get_logger(__name__)


class InvalidConnectionError(InvalidInputError):
    """What an admin asks to connect to is not offered, or not complete."""

    code = "invalid_connection"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What a browser brings back from Zoho; any of it may be missing or forged."""

    state: str = ""
    code: str = ""
    error: str = ""
    accounts_server: str = ""


@dataclass(frozen=True, slots=True)
class SignInSetting:
    """What the environment says of connecting in a browser."""

    centres: Sequence[DataCentre]
    client: OAuthClient | None
    redirect_uri: str


class BrowserSignIn:
    """Connects the product to an organisation through a person's browser."""

    def __init__(
        self,
        open_db: OpenDb,
        accounts: AccountsServer,
        cipher: Cipher,
        clock: Clock,
        setting: SignInSetting,
        new_state: Callable[[], str],
    ) -> None:
        self._open_db = open_db
        self._accounts = accounts
        self._cipher = cipher
        self._clock = clock
        self.setting = setting
        self._new_state = new_state

    async def begin(
        self, who: Principal, slug: str, client_id: str | None, client_secret: str | None
    ) -> str:
        """Return the address to send the browser of `who` to.

        Without a client the one of the present connection is taken, else the environment's. Raises
        InvalidConnectionError that names the field.
        """
        centre = next((each for each in self.setting.centres if each.slug == slug), None)
        if centre is None:
            raise InvalidConnectionError(
                f"data_centre: there is no data centre {slug}.",
                fix="Choose one of those that GET /api/crm/data-centres lists.",
                extra={"field": "data_centre"},
            )
        state = self._new_state()
        async with self._open_db.begin() as db:
            client = await self._client(db, client_id, client_secret)
            await begin_attempt(
                db, who, state, centre, client, self.setting.redirect_uri,
                cipher=self._cipher, now=self._clock.now(),
            )  # fmt: skip
            await audit(
                db, who, "connection.sign_in_begun", kind=_KIND, subject="crm", name=centre.name,
                after={"accounts_url": centre.accounts_url, "client_id": client.client_id},
            )  # fmt: skip
        return self._accounts.sign_in_url(
            centre, client.client_id, self.setting.redirect_uri, ASKED_SCOPES, state
        )

    async def known_client_id(self, db: AsyncSession) -> str | None:
        """Return the id of the client that is taken where none is given."""
        client = await self._known_client(db)
        return None if client is None else client.client_id

    async def finish(self, who: Principal | None, answer: Answer) -> SignInOutcome:
        """Connect with an answer of Zoho, or say why not; an answer counts once."""
        if who is None or who.session_id is None or not who.role.allows(Role.ADMIN):
            return SignInOutcome.SIGNED_OUT
        try:
            async with self._open_db.begin() as db:
                attempt = await use_up(db, answer.state, who.session_id, self._clock.now())
        except SignInFailedError as failed:
            _log.warning("connection.answer_refused", outcome=failed.outcome)
            return failed.outcome
        try:
            return await self._connect(who, attempt, answer)
        except SignInFailedError as failed:
            async with self._open_db.begin() as db:
                await note_outcome(db, answer.state, failed.outcome, failed.detail)
                await audit(
                    db, who, "connection.sign_in_failed", kind=_KIND, subject="crm",
                    after={"outcome": failed.outcome, "detail": failed.detail},
                )  # fmt: skip
                await notify(db, Topic.CONNECTION, "crm")
            return failed.outcome

    async def _connect(
        self, who: Principal, attempt: ConnectAttempt, answer: Answer
    ) -> SignInOutcome:
        if attempt.expires_at <= self._clock.now():
            raise SignInFailedError(
                SignInOutcome.EXPIRED, "The sign-in took longer than ten minutes."
            )
        if answer.error:
            outcome = SignInOutcome.DENIED if answer.error == _DENIED else SignInOutcome.FAILED
            raise SignInFailedError(outcome, f"Zoho answered {answer.error[:80]}.")
        if not answer.code:
            raise SignInFailedError(SignInOutcome.NO_CODE, "Zoho's answer holds no code.")
        centre = self._answering(attempt, answer.accounts_server)
        client = OAuthClient(
            attempt.client_id, self._cipher.decrypt(attempt.client_secret_encrypted)
        )
        try:
            granted = await self._accounts.exchange(
                centre.accounts_url, client, attempt.redirect_uri, answer.code
            )
        except SyncError as error:
            raise _told(error) from error
        if granted.refresh_token is None:
            raise SignInFailedError(
                SignInOutcome.NO_REFRESH_TOKEN,
                "Zoho gave a token for one hour and none to renew it.",
            )
        try:
            missing = _missing_scopes(granted)
            try:
                found = await self._accounts.organisation(centre, client, granted)
            except SyncError as error:
                raise _told(error) from error
            outcome = SignInOutcome.INCOMPLETE if missing else SignInOutcome.CONNECTED
            detail = f"Missing: {', '.join(missing)}." if missing else None
            async with self._open_db.begin() as db:
                await self._store(db, who, centre, client, granted, found)
                await note_outcome(db, answer.state, outcome, detail)
        except SignInFailedError:
            # What is not used is not left lying about at Zoho either.
            await self._revoked(centre.accounts_url, granted.refresh_token)
            raise
        return outcome

    def _answering(self, attempt: ConnectAttempt, named: str) -> DataCentre:
        """Return the data centre that an answer comes from.

        Zoho names the accounts server of the person's own data centre, which may be another than
        was chosen. Only a known one is ever called: the name comes through the browser.
        """
        url = named.rstrip("/") or attempt.accounts_url
        for centre in self.setting.centres:
            if centre.accounts_url == url:
                return centre
        raise SignInFailedError(SignInOutcome.UNKNOWN_SERVER, f"The answer names {named[:80]}.")

    async def _store(
        self,
        db: AsyncSession,
        who: Principal,
        centre: DataCentre,
        client: OAuthClient,
        granted: Granted,
        found: OrganisationFacts,
    ) -> None:
        row = await locked_connection(db)
        await _check_ownership(db, found)
        if row is None:
            row = CrmConnection(id=CONNECTION_ID, generation=0)
            db.add(row)
        now = self._clock.now()
        forget_sign_in(row)
        row.accounts_url, row.base_url = centre.accounts_url, centre.base_url
        row.api_domain = granted.api_domain
        row.client_id = client.client_id
        row.client_secret_encrypted = self._cipher.encrypt(client.client_secret)
        row.refresh_token_encrypted = self._cipher.encrypt(granted.refresh_token or "")
        row.access_token_encrypted = self._cipher.encrypt(granted.access_token)
        row.token_expires_at, row.token_renewed_at = granted.expires_at, now
        row.scopes = list(granted.scopes)
        row.is_from_environment = False
        row.connected_at, row.connected_by = now, who.name
        row.checked_at = now
        await store_organisation(db, found, now)
        await enqueue(db, RefreshConnection())
        await audit(
            db, who, "connection.connected", kind=_KIND, subject="crm", name=found.company_name,
            after={"accounts_url": centre.accounts_url, "client_id": client.client_id},
        )  # fmt: skip
        await notify(db, Topic.CONNECTION, "crm")

    async def _client(
        self, db: AsyncSession, client_id: str | None, client_secret: str | None
    ) -> OAuthClient:
        known = await self._known_client(db)
        if client_id and client_secret:
            return OAuthClient(client_id, client_secret)
        if known is not None and not client_secret and client_id in {None, "", known.client_id}:
            return known
        field = "client_secret" if client_id else "client_id"
        raise InvalidConnectionError(
            f"{field}: it is missing, and no client is kept that it could be taken from.",
            fix="Give id and secret of a client of your Zoho API console, both of them.",
            extra={"field": field},
        )

    async def _known_client(self, db: AsyncSession) -> OAuthClient | None:
        row = await read_connection(db)
        if row is not None and row.client_secret_encrypted is not None:
            return OAuthClient(row.client_id, self._cipher.decrypt(row.client_secret_encrypted))
        return self.setting.client

    async def _revoked(self, accounts_url: str, refresh_token: str) -> bool:
        """Revoke a token; return whether it is known to be dead."""
        try:
            await self._accounts.revoke(accounts_url, refresh_token)
        except SignInRefusedError:
            return True  # Zoho does not know it any more.
        except SyncError as error:
            _log.warning("connection.revoke_failed", code=error.code, detail=error.detail)
            return False
        return True

    async def revoke(self, accounts_url: str, refresh_token: bytes) -> bool:
        """End a stored sign-in at Zoho; return whether it is known to be over."""
        try:
            token = self._cipher.decrypt(refresh_token)
        except ConfigurationError:
            return False  # The key is lost, and the token with it.
        return await self._revoked(accounts_url, token)


def _missing_scopes(granted: Granted) -> list[str]:
    """Return the scopes that were asked for and not granted, as far as the answer names any.

    Raises SignInFailedError if nothing could work without one of them.
    """
    missing = uncovered(ASKED_SCOPES, granted.scopes) if granted.scopes else []
    if lacking := [scope for scope in missing if scope in INDISPENSABLE_SCOPES]:
        raise SignInFailedError(SignInOutcome.SCOPES_MISSING, f"Missing: {', '.join(lacking)}.")
    return missing


async def mirrored_organisation(db: AsyncSession) -> Organisation | None:
    """Return the organisation that the mirror belongs to: the one that was connected last."""
    found: Organisation | None = await db.scalar(select(Organisation).limit(1))
    return found


async def _check_ownership(db: AsyncSession, found: OrganisationFacts) -> None:
    """Refuse another organisation than the one whose records are mirrored."""
    held = await mirrored_organisation(db)
    if held is None or held.id == found.id:
        return
    if await db.scalar(select(RecordSyncStatus.id).limit(1)) is not None:
        raise SignInFailedError(
            SignInOutcome.OTHER_ORGANISATION,
            f"The mirror belongs to {held.company_name}; you signed in to {found.company_name}.",
        )
    # Nothing is mirrored yet: what is known of the other organisation's schema goes with it.
    for table in (FieldMapEntry, CrmField, User, CurrencyRate, Currency):
        await db.execute(delete(table))


def _told(error: SyncError) -> SignInFailedError:
    """Return an error of the CRM as the outcome that it means."""
    word = error.extra.get("crm_code")
    match error:
        case CrmUnavailableError():
            outcome = SignInOutcome.CRM_UNAVAILABLE
        case ScopeMissingError():
            outcome = SignInOutcome.SCOPES_MISSING
        case PermissionMissingError():
            outcome = SignInOutcome.PERMISSION_MISSING
        case SignInRefusedError() if word in _CLIENT_WORDS:
            outcome = SignInOutcome.CLIENT_REFUSED
        case SignInRefusedError() if word == "invalid_code":
            outcome = SignInOutcome.CODE_REFUSED
        case _:
            outcome = SignInOutcome.FAILED
    return SignInFailedError(outcome, error.detail)
