"""The address of a deal's page in the CRM's own web application, where it can be known.

Zoho serves it beside the accounts server of the same data centre, under the organisation's number
(`zgid`) and the name that Deals had when its addresses were made: Potentials. A CRM that signs in
anywhere else has no known address, and so no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sqlalchemy import select

from pulse.models import CrmConnection, Organisation

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

_CRM_HOSTS: Final = {
    f"accounts.{domain}": f"crm.{domain}"
    for domain in (
        "zoho.com",
        "zoho.eu",
        "zoho.in",
        "zoho.com.au",
        "zoho.jp",
        "zohocloud.ca",
        "zoho.sa",
        "zoho.com.cn",
        "zoho.uk",
        "zoho.ae",
    )
}


def link(accounts_url: str, organisation_number: object, deal_id: int) -> str | None:
    """Return the deal's address, or None for a CRM that is not one of Zoho's data centres."""
    host = _CRM_HOSTS.get(urlsplit(accounts_url).hostname or "")
    if host is None or not str(organisation_number or "").isdigit():
        return None
    return f"https://{host}/crm/org{organisation_number}/tab/Potentials/{deal_id}"


async def crm_url(db: AsyncSession, deal_id: int) -> str | None:
    """Return the deal's address in the connected CRM, if it has a known one."""
    row = (
        await db.execute(
            select(CrmConnection.accounts_url, Organisation.document["zgid"].as_string()).join(
                Organisation, Organisation.id.is_not(None)
            )
        )
    ).first()
    return None if row is None else link(row[0], row[1], deal_id)
