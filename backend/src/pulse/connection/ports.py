"""What the connection needs of the world, as protocols; `pulse.bootstrap` hands them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulse.core.custom_fields import FieldChange, FieldOutcome, NewField
    from pulse.core.directory import (
        CurrencyFacts,
        FieldFacts,
        LayoutFacts,
        OrganisationFacts,
        PipelineFacts,
        UserFacts,
    )
    from pulse.core.sign_in import DataCentre, Granted, OAuthClient


class Cipher(Protocol):
    """Encrypts what must not be stored in clear text."""

    def encrypt(self, text: str) -> bytes:
        """Return `text` encrypted with the newest key."""
        ...

    def decrypt(self, blob: bytes) -> str:
        """Return the text of a blob of any key."""
        ...

    def rotated(self, blob: bytes) -> bytes:
        """Return a blob of any key encrypted with the newest."""
        ...


class FieldSource(Protocol):
    """Reads the fields of a module from the CRM."""

    async def fields(self, module: str) -> Sequence[FieldFacts]:
        """Return the fields in use. May raise the errors of `pulse.sync.domain.errors`."""
        ...


class FieldMaker(Protocol):
    """Makes and changes custom fields. May raise the errors of `pulse.sync.domain.errors`."""

    async def create(self, module: str, fields: Sequence[NewField]) -> Sequence[FieldOutcome]:
        """Add fields, each answered for itself, in order. The CRM chooses their API names."""
        ...

    async def change(self, module: str, change: FieldChange) -> FieldOutcome:
        """Change one field; its type and its API name never change."""
        ...


class CrmDirectory(FieldSource, Protocol):
    """Reads what the CRM says of itself. May raise the errors of `pulse.sync.domain.errors`."""

    async def organisation(self) -> OrganisationFacts:
        """Return the organisation."""
        ...

    async def users(self) -> Sequence[UserFacts]:
        """Return all users."""
        ...

    async def currencies(self) -> Sequence[CurrencyFacts]:
        """Return the currencies; none when the organisation has a single one."""
        ...

    async def connected_user(self) -> int | None:
        """Return the id of the user as whom the product reads and writes."""
        ...

    async def layouts(self, module: str) -> Sequence[LayoutFacts]:
        """Return a module's layouts."""
        ...

    async def pipelines(self, layout_id: int) -> Sequence[PipelineFacts]:
        """Return the sales processes of a layout of Deals; none where it has no pipelines."""
        ...

    async def may(self, scope: str) -> bool:
        """Return whether one harmless call that needs `scope` is allowed."""
        ...

    async def may_read(self, module: str) -> bool:
        """Return whether the connected user may list a module's records."""
        ...


class AccountsServer(Protocol):
    """Signs people in at a data centre. May raise the errors of `pulse.sync.domain.errors`.

    A SignInRefusedError carries Zoho's own word as `crm_code`.
    """

    def sign_in_url(
        self,
        centre: DataCentre,
        client_id: str,
        redirect_uri: str,
        scopes: Sequence[str],
        state: str,
    ) -> str:
        """Return the address to send a person's browser to."""
        ...

    async def exchange(
        self, accounts_url: str, client: OAuthClient, redirect_uri: str, code: str
    ) -> Granted:
        """Turn the code of a finished sign-in into tokens; it works once."""
        ...

    async def organisation(
        self, centre: DataCentre, client: OAuthClient, granted: Granted
    ) -> OrganisationFacts:
        """Return whose organisation was signed in to."""
        ...

    async def revoke(self, accounts_url: str, refresh_token: str) -> None:
        """End a sign-in: the refresh token and all its access tokens stop working."""
        ...
