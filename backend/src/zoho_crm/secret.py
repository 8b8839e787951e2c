"""A string that does not show itself: tokens and client secrets travel in this wrapper."""

from __future__ import annotations


class Secret:
    """Hold a secret string; `repr`, `str` and formatting show asterisks only.

    `reveal()` is the one way to the text, so that a search for it finds every use.
    Two secrets are equal when their texts are.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __str__(self) -> str:
        return "**********"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        """Refuse pickling: a pickled secret is a secret in clear text."""
        raise TypeError("a Secret cannot be pickled: pass reveal() to a store that encrypts it")
