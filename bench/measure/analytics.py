"""Analytics: how long its answers take, from a caller's request to the last byte of JSON."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import psutil
import psycopg

from measure.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

RUNS: Final = 20
"""Requests of each question."""
_PERCENT: Final = 95
_NOT_FOUND: Final = 404
_PAGE: Final = "closing=current_quarter&probability=presales&outcome=open"
"""What the Analysis page and the Dashboard ask for by default."""
_OPEN: Final = "outcome=open"
_ALL: Final = ""
_PAST: Final = timedelta(days=30)

# Of each deal that changed within half a year, how it was for sixty days before. So every deal is
# there as it was at any moment of the last sixty days, and history may begin with them. Rates moved
# every twenty days, and one deal in twenty raised an alert.
_HISTORY: Final = """
    UPDATE crm_sync_sessions SET completed_at = began, metadata = metadata
        || jsonb_build_object('complete_at', to_char(began, 'YYYY-MM-DD"T"HH24:MI:SSOF'))
      FROM (SELECT now() - interval '60 days' AS began) AS history
      WHERE sync_type = 'full_sync';
    INSERT INTO currency_rates (iso_code, valid_from, exchange_rate)
      SELECT iso_code, valid_from - days, rate.exchange_rate * (1 - days / 5000.0)
      FROM currency_rates AS rate JOIN crm_currencies USING (iso_code),
        generate_series(10, 70, 20) AS days
      WHERE NOT is_base;
    INSERT INTO deal_versions (deal_id, valid_from, valid_to, name, account_id, amount, currency,
        exchange_rate, probability, stage, closing_date, owner_id, crm_created_at, country,
        business_region, solution_type, funding_type, market_segment)
      SELECT deal_id, greatest(crm_created_at, valid_from - interval '60 days'), valid_from, name,
        account_id, amount * 0.9, currency, exchange_rate, greatest(probability - 10, 0), stage,
        closing_date - 20, owner_id, crm_created_at, country, business_region, solution_type,
        funding_type, market_segment
      FROM deal_versions
      WHERE valid_to = 'infinity' AND valid_from > now() - interval '180 days'
        AND crm_created_at < valid_from;
    WITH raised AS (
      INSERT INTO change_log (module, record_id, kind, field, old_value, new_value, changed_by,
          changed_at)
        SELECT 'Deals', id, 'updated', 'Amount', to_jsonb(amount * 0.9), to_jsonb(amount),
          owner_id::text, crm_modified_at
        FROM deals WHERE id % 20 = 0 AND amount <> 0
        RETURNING id, record_id, changed_at
    )
    INSERT INTO alerts (rule, change_id, deal_id, changed_at, size, old_currency, new_currency)
      SELECT 'amount_moved', raised.id, record_id, changed_at, 11, currency, currency
      FROM raised JOIN deals ON deals.id = record_id;
"""


class Family(StrEnum):
    """Questions that share a goal, by what it says."""

    NOW = "dashboard and analysis (p95)"
    REVENUE = "opportunity to revenue (p95)"
    PAST = "as of, movement, slips, stages (p95)"


@dataclass(frozen=True, slots=True)
class View:
    """One question that pages ask."""

    path: str
    """Of the API, with its parameters."""
    family: Family | None
    """None: measured without a goal."""


def views(now: datetime) -> Mapping[str, View]:
    """Return the questions that are measured."""
    past = (now - _PAST).isoformat().replace("+", "%2B")
    found: dict[str, View] = {
        "dashboard": View("/api/dashboard", Family.NOW),
        "open alerts": View("/api/alerts", Family.NOW),
    }
    for name, filters in (("default filter", _PAGE), ("all open", _OPEN), ("all", _ALL)):
        # Pages ask for closed deals too only when told to; only of the past has that a goal.
        now_, revenue = (Family.NOW, Family.REVENUE) if filters else (None, None)
        asked = {
            "numbers": (now_, f"analysis/numbers?{filters}"),
            "country by stage": (
                now_,
                f"analysis/breakdown?rows=country&columns=stage&{filters}",
            ),
            "managers": (now_, f"analysis/managers?{filters}"),
            "dashboard attention": (now_, f"dashboard/attention?{filters}"),
            "dashboard risk": (now_, f"dashboard/risk?{filters}"),
            "dashboard revenue": (now_, f"dashboard/revenue?{filters}"),
            "numbers as of the past": (Family.PAST, f"analysis/numbers?{filters}&as_of={past}"),
            "trend": (Family.PAST, f"analysis/trend?{filters}"),
            "movement": (Family.PAST, f"analysis/movement?{filters}&compared_with={past}"),
            "slips": (Family.PAST, f"analysis/slips?{filters}&compared_with={past}"),
            "stages": (Family.PAST, f"analysis/stages?{filters}"),
            "o2r dashboard": (revenue, f"o2r/dashboard?{filters}"),
            "o2r pace": (revenue, f"o2r/pace?{filters}"),
            "opportunities": (revenue, f"o2r/opportunities?{filters}"),
        }
        found |= {
            f"{question}, {name}": View(f"/api/{path}", family)
            for question, (family, path) in asked.items()
        }
    return found


def add_history(database_url: str) -> None:
    """Give a loaded mirror sixty days of history."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_HISTORY)
        _settle(connection)


def multiply(database_url: str, times: int) -> None:
    """Add copies of all deals and versions under ids of their own, until there are so many."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table, key in (
            ("deals", "id"),
            ("deal_versions", "deal_id"),
            ("stage_stays", "deal_id"),
        ):
            columns = connection.execute(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                " AND attname <> %s AND attgenerated = ''",
                [table, key],
            ).fetchone()
            assert columns is not None  # noqa: S101 - an aggregate gives a row
            connection.execute(  # the names come from the catalogue
                f"INSERT INTO {table} ({key}, {columns[0]}) SELECT {key} + copy * 100000000,"  # noqa: S608
                f" {columns[0]} FROM {table}, generate_series(1, {times - 1}) AS copy"
            )
        _settle(connection)


def _settle(connection: psycopg.Connection) -> None:
    """Do what PostgreSQL does by itself within minutes of a load, not while it is asked."""
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


@dataclass(frozen=True, slots=True)
class Answer:
    """How long a question took, again and again."""

    name: str
    family: Family | None
    slow_s: float
    """In 95 of 100 requests it took no longer."""
    usual_s: float
    """In half of them."""
    database_cpu_s: float
    """CPU of the database's processes for one request, which a busy machine does not lengthen."""


def answers_of(database_url: str, redis_url: str) -> list[Answer]:
    """Ask every question by HTTP; one whose route there is not is left out."""
    with served(database_url, redis_url) as client:
        return list(_measured(client, database_url))


def _measured(client: httpx.Client, database_url: str) -> Iterator[Answer]:
    for name, view in views(datetime.now(UTC)).items():
        # The first request of a process compiles; people meet the ones after it.
        if client.get(view.path).status_code == _NOT_FOUND:
            continue
        before = _database_cpu_s(database_url)
        times = sorted(_once(client, view) for _ in range(RUNS))
        spent = _database_cpu_s(database_url) - before
        yield Answer(
            name,
            view.family,
            slow_s=times[RUNS * _PERCENT // 100 - 1],
            usual_s=times[RUNS // 2],
            database_cpu_s=spent / RUNS,
        )


def _once(client: httpx.Client, view: View) -> float:
    begun = time.perf_counter()
    client.get(view.path).raise_for_status()
    return time.perf_counter() - begun


def _database_cpu_s(database_url: str) -> float:
    """Return the CPU time of the server's processes so far, those included that have ended."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid', 0, 20)").fetchone()
    assert row is not None  # noqa: S101 - a server has a process
    server = psutil.Process(int(row[0].splitlines()[0]))
    ended = server.cpu_times()
    spent = ended.children_user + ended.children_system
    for process in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent
