"""A file of 100,000 deals takes no more memory than one of 5,000: rows leave as they come."""

import json
import subprocess
import sys
from decimal import Decimal

import psycopg
import pytest

from support.api import Api
from support.deal_table import store_table
from support.exports import ask, csv_rows, sheet_rows

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

MANY = 100_000
FEW = 5_000
MOST_GROWTH_MB = 40
# A process of its own: what it has held at its height is what its export took.
PROGRAM = """
import asyncio, json, re, sys, time
from pathlib import Path
from pulse.bootstrap_opportunities import OpportunityList
from pulse.exports.making import Readers
from pulse.exports.running import make_exports
from pulse.worker.slides import O2rSlides
started = time.monotonic()
assert asyncio.run(make_exports(sys.argv[1], Readers(O2rSlides(), OpportunityList()))) == 1
# Not getrusage: its peak is inherited from the process that started this one.
status = Path('/proc/self/status').read_text()
peak_mb = int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024
print(json.dumps({"peak_mb": peak_mb, "seconds": round(time.monotonic() - started, 1)}))
"""


def _made(api: Api, format_: str, query: str) -> tuple[dict[str, float], bytes]:
    line = ask(api, "deals", format_, query)
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM, api.database_url],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    measured: dict[str, float] = json.loads(program.stdout.splitlines()[-1])
    content = api.client.get(f"/api/exports/{line['id']}/download").content
    return measured, content


@pytest.fixture
def many(api: Api) -> Api:
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        store_table(connection)
        connection.execute(
            "INSERT INTO deals (id, name, account_id, owner_id, amount, currency, probability,"
            " stage, closing_date, country, crm_modified_at)"
            " SELECT 1000 + n, 'Deal number ' || n, 11 + mod(n, 2), 21 + mod(n, 2), n + 0.25,"
            " 'USD', mod(n, 100), 'Propose', DATE '2026-01-01' + mod(n, 365),"
            " 'Country ' || mod(n, 20), TIMESTAMPTZ '2026-03-01T12:00:00Z'"
            " FROM generate_series(1, %(many)s::integer) n",
            {"many": MANY},
        )
        connection.execute("ANALYZE deals")
    return api


def test_memory_does_not_grow_with_the_number_of_deals(many: Api) -> None:
    few = f"q=deal+number&value_to={Decimal(FEW) * Decimal('1.25')}"
    for format_ in ("csv", "xlsx"):
        small, _ = _made(many, format_, few)
        large, content = _made(many, format_, "q=deal+number&sort=id")
        sys.stdout.write(f"{format_}: {small} for about {FEW:,}, {large} for {MANY:,} deals\n")
        assert large["peak_mb"] - small["peak_mb"] < MOST_GROWTH_MB
        rows = csv_rows(content) if format_ == "csv" else sheet_rows(content, "Deals")
        assert len(rows) == MANY
        assert (
            sum(Decimal(str(row["Amount"])) for row in rows)
            == Decimal(MANY * (MANY + 1) // 2) + Decimal("0.25") * MANY
        )


def test_a_stream_of_100000_deals_begins_at_once(many: Api) -> None:
    with many.client.stream("GET", "/api/exports/deals.csv?q=deal+number", timeout=120) as answer:
        parts = answer.iter_bytes()
        head = next(parts)
        size = len(head) + sum(map(len, parts))

    assert head.startswith(b"\xef\xbb\xbfRecord id,Deal,")
    assert size > 10_000_000
