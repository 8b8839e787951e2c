"""Which field may stand for a canonical one that has none, and why we think so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulse.core.fields import CanonicalField

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# They stand in names of all kinds, so sharing one says nothing.
_EMPTY_WORDS: Final = frozenset(
    {"a", "at", "by", "date", "field", "for", "id", "in", "is", "name", "of", "on", "the", "time",
     "to", "type", "value"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field of the organisation that can hold the values of a canonical one."""

    api_name: str
    label: str
    data_type: str
    is_custom: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field to choose, with the reason in a sentence."""

    api_name: str
    reason: str


def propose(
    field: CanonicalField,
    candidates: Iterable[Candidate],
    taken: frozenset[str],
    renamed: Mapping[str, str],
) -> Proposal | None:
    """Return the likeliest of `candidates` that is not `taken`, or None if none looks likely.

    `renamed` tells former API names → present ones. A field that had a name we look for comes
    first; then the one that shares most words with the canonical name and label.
    """
    free = {each.api_name: each for each in candidates if each.api_name not in taken}
    for former in field.candidates:
        if (present := renamed.get(former)) in free:
            return Proposal(free[present].api_name, f"It was called {former} before.")
    wanted = _words(f"{field.name} {field.label}")
    best: tuple[tuple[float, int, str], Proposal] | None = None
    for each in free.values():
        words = _words(f"{each.api_name} {each.label}")
        shared = wanted & words
        if not shared:
            continue
        rank = (-len(shared) / len(wanted | words), not each.is_custom, each.api_name)
        if best is None or rank < best[0]:
            best = rank, Proposal(each.api_name, _because(shared))
    return None if best is None else best[1]


def _because(shared: Iterable[str]) -> str:
    return f"Its name has “{'”, “'.join(sorted(shared))}”, too."


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text)) - _EMPTY_WORDS
