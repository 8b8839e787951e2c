"""The walk over a list by page tokens, as a value that a loop of any kind can drive."""

from __future__ import annotations

from typing import Protocol

from zoho_crm.errors import PageTokenRepeated, UnexpectedAnswer


class Page(Protocol):
    """A page of any list that goes by tokens."""

    @property
    def more(self) -> bool:
        """Tell whether other pages follow."""

    @property
    def next_page_token(self) -> str | None:
        """Return what leads to the next page."""


class PageWalk:
    """Follow page tokens to the end of a list; a token that comes twice is an error.

    Start with `token` None for the first page, or with the token kept from an earlier walk.
    """

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.is_finished = False
        self._pages = 0
        self._seen = set() if token is None else {token}

    def take(self, page: Page) -> None:
        """Move on past `page`: either the walk is finished or `token` leads to the next page."""
        self._pages += 1
        self.token = page.next_page_token
        if not page.more:
            self.is_finished = True
            return
        if self.token is None:
            raise UnexpectedAnswer(
                "info.next_page_token", "more records follow, but no token", status=200
            )
        if self.token in self._seen:
            raise PageTokenRepeated(self._pages)
        self._seen.add(self.token)
