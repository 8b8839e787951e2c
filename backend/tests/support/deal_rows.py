"""Deals, currencies and rates as the engine would have written them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

STAMP = datetime(2026, 3, 1, 12, tzinfo=UTC)
RATE_DAY = date(2026, 1, 5)


def insert(
    connection: psycopg.Connection[Any], table: str, rows: Iterable[Mapping[str, object]]
) -> None:
    """Insert rows given by column name; dicts and lists become JSON."""
    for row in rows:
        values = {
            name: Jsonb(value) if isinstance(value, (dict, list)) else value
            for name, value in row.items()
        }
        connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(map(sql.Placeholder, values)),
            ),
            values,
        )


def currency_rows(
    connection: psycopg.Connection[Any], home: str, rates: Mapping[str, object]
) -> None:
    """Give the organisation a home currency and rates of others, all since RATE_DAY."""
    for code, rate in {home: 1, **rates}.items():
        insert(
            connection,
            "crm_currencies",
            [
                {
                    "iso_code": code,
                    "name": code,
                    "exchange_rate": rate,
                    "is_base": code == home,
                    "is_active": True,
                    "refreshed_at": STAMP,
                }
            ],
        )
        insert(
            connection,
            "currency_rates",
            [{"iso_code": code, "valid_from": RATE_DAY, "exchange_rate": rate}],
        )


def deal_rows(connection: psycopg.Connection[Any], rows: Iterable[Mapping[str, object]]) -> None:
    """Insert deals with their document and sync status; what is not given is empty.

    `document`, `sync_status`, `presence` and `gone_at` go to their own tables.
    """
    for row in rows:
        deal = dict(row)
        document = deal.pop("document", {})
        status = {
            name: deal.pop(name)
            for name in ("sync_status", "presence", "gone_at", "conflict_fields", "error_details")
            if name in deal
        }
        deal.setdefault("crm_modified_at", STAMP)
        is_live = status.get("presence", "live") == "live"
        insert(connection, "deals", [{"is_live": is_live, **deal}])
        insert(
            connection,
            "crm_documents",
            [{"record_id": deal["id"], "module": "Deals", "document": document}],
        )
        insert(
            connection,
            "record_sync_status",
            [
                {
                    "zoho_record_id": deal["id"],
                    "module": "Deals",
                    "crm_modified_at": deal["crm_modified_at"],
                    **status,
                }
            ],
        )
