"""What the rules of health say: why, and what to do; each as a sentence and in short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """A signal in words, with its figures."""

    reason: str
    """A sentence."""
    brief: str
    """The same for a row of a table."""
    advice: str
    """What to do, as a sentence."""
    next_step: str
    """The same for a row of a table."""


_WORDS: Final[Mapping[str, Words]] = {
    "proposal_without_po": Words(
        "The proposal was sent {days} ago and there is no PO. The limit is {limit_days}.",
        "Proposal out {d} d",
        "Call the person who signs and agree on a date for the PO.",
        "Ask for the PO",
    ),
    "invoice_unpaid": Words(
        "The invoice was raised {days} ago and is unpaid. The limit is {limit_days}.",
        "Invoice unpaid, {d} d",
        "Call the customer's accounts payable and ask for the day of payment.",
        "Call accounts payable",
    ),
    "closing_passed": Words(
        "The closing date passed {days} ago and no revenue is recognised.",
        "Closing date passed, {d} d",
        "Agree on a new closing date with the customer, or close the deal.",
        "Agree a new date",
    ),
    "po_without_kick_off": Words(
        "The PO came {days} ago and there was no kick-off. The limit is {limit_days}.",
        "PO, no kick-off, {d} d",
        "Book the kick-off with the customer and the delivery team.",
        "Book the kick-off",
    ),
    "kick_off_without_invoice": Words(
        "The kick-off was {days} ago and nothing is invoiced. The limit is {limit_days}.",
        "Kick-off, no invoice, {d} d",
        "Check the progress of delivery and raise the invoice that is due.",
        "Raise the invoice",
    ),
    "likely_without_po": Words(
        "The probability is {percent} % and there is no PO. From {limit} % on one is expected.",
        "{percent} %, no PO",
        "Get the PO, or bring the probability in line with what is agreed.",
        "Get the PO",
    ),
    "unlikely_kicked_off": Words(
        "The probability is {percent} % though work was kicked off. Up to {limit} % this is odd.",
        "{percent} %, kicked off",
        "Correct the probability, or stop the work until the customer commits.",
        "Correct the probability",
    ),
    "not_updated": Words(
        "Nobody updated the deal for {days}. The limit is {limit_days}.",
        "Not updated, {d} d",
        "Ask the owner where the deal stands and note it.",
        "Update the deal",
    ),
}


def words_of_rule(rule: str, *, limit: int, days: int = 0, percent: Decimal | None = None) -> Words:
    """Return what a rule says of its figures; blockers have words of their own."""
    figures = {
        "d": days,
        "days": _days(days),
        "limit": limit,
        "limit_days": _days(limit),
        "percent": None if percent is None else _plain(percent),
    }
    said = _WORDS[rule]
    return Words(
        said.reason.format(**figures), said.brief.format(**figures), said.advice, said.next_step
    )


def words_of_blockers(title: str, days: int, count: int) -> Words:
    """Return what open blockers say: the oldest by its title, the others by their number."""
    more = "" if count == 1 else f", {count - 1} more"
    how_long = "since today" if days == 0 else f"for {_days(days)}"
    return Words(
        f"{title}, open {how_long}{more}.",
        f"{title}, {days} d{more}",
        "Settle with the people involved who removes the blocker and by when.",
        "Remove the blocker",
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _plain(percent: Decimal) -> str:
    """Return a percentage without zeros that say nothing."""
    text = f"{percent:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
