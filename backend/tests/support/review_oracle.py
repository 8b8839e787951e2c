"""A week's review computed in plain Python over lists of what happened; nothing of the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

Row = dict[str, Any]
CENT = Decimal("0.01")
HEALTHS = ("blocked", "red", "yellow", "needs_update", "green")


@dataclass
class Happened:
    """What happened to the deals of an organisation whose base currency is its home's."""

    zone: ZoneInfo
    versions: dict[int, list[tuple[datetime, Row | None]]] = field(default_factory=dict)
    """By deal, from when on it was so; None: it was gone."""
    changes: list[tuple[int, datetime]] = field(default_factory=list)
    """Changes that the log tells of, whether or not they began a version."""
    blockers: list[Row] = field(default_factory=list)
    comments: list[tuple[int, datetime]] = field(default_factory=list)
    rates: dict[str, list[tuple[date, Decimal]]] = field(default_factory=dict)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def monday(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def row(self, deal: int, at: datetime) -> Row | None:
        found = None
        for start, row in self.versions[deal]:
            if start <= at:
                found = row
        return found

    def value(self, row: Row, at: datetime) -> Decimal | None:
        if row["amount"] is None:
            return None
        if row["currency"] == "SGD":
            return Decimal(row["amount"]).quantize(CENT, ROUND_HALF_UP)
        known = [rate for since, rate in self.rates.get(row["currency"] or "", [])
                 if since <= at.astimezone(UTC).date()]  # fmt: skip
        return (row["amount"] / known[-1]).quantize(CENT, ROUND_HALF_UP) if known else None

    def stamps(self, deal: int) -> Iterator[datetime]:
        yield from (start for start, _ in self.versions[deal])
        yield from (at for each, at in self.changes if each == deal)
        yield from (at for each, at in self.comments if each == deal)
        for each in self.blockers:
            if each["deal_id"] == deal:
                yield each["opened_at"]
                if each["resolved_at"]:
                    yield each["resolved_at"]

    def is_open(self, row: Row, at: datetime) -> bool:
        recognised = row.get("revenue_recognised_on")
        return row["stage"] != "Lost" and (recognised is None or recognised > self.day(at))

    def standing(self, deal: int, at: datetime) -> tuple[int, int] | None:
        """Return the place of its health, worst first, and its score; None if it is not open."""
        row, today = self.row(deal, at), self.day(at)
        if row is None or not self.is_open(row, at):
            return None

        def came(name: str) -> bool:
            return row.get(name) is not None and row[name] <= today

        def over(name: str, days: int, until: str | None) -> bool:
            since = row.get(name)
            late = since is not None and (today - since).days > days
            return late and (until is None or not came(until))

        likely = row["probability"]
        is_blocked = any(
            each["deal_id"] == deal
            and each["opened_at"] <= at
            and (each["resolved_at"] is None or each["resolved_at"] > at)
            for each in self.blockers
        )
        last = max(stamp for stamp in self.stamps(deal) if stamp <= at)
        signals = [
            (0, 4, is_blocked),
            (1, 5, over("proposal_submitted_on", 30, "po_generated_on")),
            (1, 5, over("invoiced_on", 45, "payment_received_on")),
            (1, 4, over("closing_date", 0, None)),
            (2, 3, over("po_generated_on", 14, "kicked_off_on")),
            (2, 3, over("kicked_off_on", 60, "invoiced_on")),
            (2, 2, likely is not None and likely >= 80 and not came("po_generated_on")),
            (2, 2, likely is not None and likely <= 20 and came("kicked_off_on")),
            (3, 1, (today - self.day(last)).days > 7),
        ]
        held = [(rank, severity) for rank, severity, applies in signals if applies]
        return (
            min((rank for rank, _ in held), default=4),
            max(100 - 8 * sum(severity for _, severity in held), 0),
        )

    def groups(
        self, monday: date, now: datetime, began: datetime, region: str | None
    ) -> dict[str, dict[int, Decimal | None]]:
        """Return the deals of every figure of a week, with their values."""
        starts, ends = self.monday(monday), self.monday(monday + timedelta(days=7))
        at = min(now, ends - timedelta(microseconds=1))
        since = max(starts - timedelta(microseconds=1), began)
        found: dict[str, dict[int, Decimal | None]] = {}
        for deal in self.versions:
            row, then = self.row(deal, at), self.row(deal, since)
            if row is None or (region is not None and row["business_region"] != region):
                continue
            for group in self._groups_of(deal, row, then, starts, at, since):
                found.setdefault(group, {})[deal] = self.value(row, at)
        return found

    def _groups_of(
        self, deal: int, row: Row, then: Row | None, starts: datetime, at: datetime, since: datetime
    ) -> Iterator[str]:
        created = row["crm_created_at"]
        is_created = created is not None and starts <= created <= at
        if is_created:
            yield "created"
        for group, stage in (("won", "Won"), ("lost", "Lost")):
            was_else = then is not None and then["stage"] != stage
            if row["stage"] == stage and (was_else or (then is None and is_created)):
                yield group
        recognised = row.get("revenue_recognised_on")
        if recognised is not None and self.day(starts) <= recognised <= self.day(at):
            yield "realised"
        now, before = self.standing(deal, at), self.standing(deal, since)
        if now is not None:
            yield from self._groups_of_open(deal, row, now, before, starts, at)

    def _groups_of_open(
        self,
        deal: int,
        row: Row,
        now: tuple[int, int],
        before: tuple[int, int] | None,
        starts: datetime,
        at: datetime,
    ) -> Iterator[str]:
        yield "open"
        is_updated = any(starts <= stamp <= at for stamp in self.stamps(deal))
        yield "updated" if is_updated else "not_updated"
        if now[0] == 0:
            yield "blocked"
        if now[0] <= 1:
            yield "at_risk"
        closing = row["closing_date"]
        if closing is not None and closing < self.day(at):
            yield "overdue"
        if before is None:
            yield "new"
        elif now == before:
            yield "stable"
        else:
            yield "improved" if now > before else "worse"
