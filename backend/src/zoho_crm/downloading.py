"""Fetch a result so that its file appears only when it is whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from zoho_crm.zipped import verify_zip

if TYPE_CHECKING:
    from pathlib import Path

    from zoho_crm.calls import CallRunner
    from zoho_crm.protocol.wire import AnswerMeta, Call


async def download_zip(runner: CallRunner, call: Call[AnswerMeta], to: Path) -> AnswerMeta:
    """Write a ZIP of one CSV to the file `to`; a cut or damaged body is fetched again."""
    part = to.with_name(f"{to.name}.part")
    try:
        meta = await runner.run(
            call, to=part, check=lambda path: asyncio.to_thread(verify_zip, path)
        )
        await asyncio.to_thread(part.replace, to)
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return meta
