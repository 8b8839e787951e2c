"""Write down who wrote what, in the transaction of the write: neither is there without the other.

Secrets never get in: a member whose name says that it is one is kept as `(hidden)`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_jsonable_python

from pulse.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal

HIDDEN: Final = "(hidden)"
_ACTION: Final = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_SECRET: Final = re.compile(r"password|secret|token|credential|authorization|cookie", re.IGNORECASE)


async def audit(
    db: AsyncSession,
    who: Principal,
    action: str,
    *,
    kind: str,
    subject: str | None,
    name: str | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add a line to the audit log; the caller commits it with what it tells.

    `action` is a dotted constant (`settings.changed`), `kind` and `subject` say what was written,
    `name` how people call it, `before` and `after` hold the values that changed, as JSON takes
    them. Raises ValueError for an action of another form.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not of the form kind.happened")
    db.add(
        AuditEntry(
            user_id=who.user_id,
            user_name=who.name,
            role=who.role,
            via=who.via,
            address=who.address,
            action=action,
            kind=kind,
            subject=subject,
            name=name,
            before=None if before is None else _shown(before),
            after=None if after is None else _shown(after),
        )
    )
    await db.flush()


# Any: the values of a log are open JSON.
def _shown(values: Mapping[str, object]) -> dict[str, Any]:
    shown: dict[str, Any] = to_jsonable_python(_without_secrets(dict(values)))
    return shown


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: HIDDEN
            if _SECRET.search(str(key)) and isinstance(each, str | bytes)
            else _without_secrets(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(each) for each in value]
    return value
