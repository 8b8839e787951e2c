"""A weekly review as a letter: the same in HTML and in plain text.

Whatever comes from people or from the CRM is escaped in HTML and kept to one line in text. HTML
letters bring their styles with them, and colours for dark readers; nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from pulse.analytics.review.insights import HEALTH_WORD
from pulse.core.o2r.moves import Move
from pulse.review.schemas import WeekState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from pulse.review.schemas import (
        MoveList,
        ReviewAction,
        ReviewDeal,
        ReviewFigure,
        WeeklyReview,
    )

TITLE_OF: Final = {
    Move.WORSE: "Got worse",
    Move.IMPROVED: "Improved",
    Move.NEW: "New among the open",
    Move.STABLE: "Stable",
}
_LISTED: Final = (Move.WORSE, Move.IMPROVED, Move.NEW)
"""Stable ones ask for nothing: their number is enough."""
_FIGURES: Final = (
    ("open", "Open opportunities"),
    ("created", "New deals"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("updated", "Updated in the week"),
    ("blocked", "Blocked"),
    ("overdue", "Past closing date"),
    ("realised", "Revenue realised"),
    ("at_risk", "Revenue at risk"),
)

_FONT: Final = "font-family:'IBM Plex Sans',Segoe UI,Helvetica,Arial,sans-serif"
_CELL: Final = "padding:6px 10px 6px 0;border-top:1px solid #E2E8E5;vertical-align:top"
_RIGHT: Final = f"{_CELL};text-align:right;white-space:nowrap"
_HEAD: Final = "padding:4px 10px 4px 0;font-weight:400;font-size:12px;color:#62716A;text-align:left"
_DARK: Final = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media(prefers-color-scheme:dark){"
    ".pp,.pp a,.pp h1,.pp h2,.pp td,.pp p,.pp li{background:#141B19!important;"
    "color:#E6ECEA!important}.pp .dim,.pp th{color:#9AA8A2!important}"
    ".pp td{border-color:#35413C!important}}"
)


@dataclass(frozen=True, slots=True)
class ReviewLetter:
    """A review as it is sent."""

    subject: str
    text: str
    html: str


def letter_of(
    review: WeeklyReview, public_url: str, region: str | None, sender: str | None
) -> ReviewLetter:
    """Return the letter of a review; `sender` sent it by hand, or the schedule did (None)."""
    told = _Told(review, public_url, region, sender)
    return ReviewLetter(told.subject, told.text(), told.html())


@dataclass(frozen=True, slots=True)
class _Told:
    review: WeeklyReview
    public_url: str
    region: str | None
    sender: str | None

    @property
    def week(self) -> str:
        week = self.review.week
        return f"{day(week.monday)} to {day(week.sunday)} {week.sunday.year}"

    @property
    def title(self) -> str:
        if self.region is None:
            return f"Weekly review, {self.week}"
        return f"Weekly review of {_line(self.region) or 'no territory'}, {self.week}"

    @property
    def subject(self) -> str:
        figures = self.review.figures
        return (
            f"{self.title}: {self.money(figures.realised.value)} realised, "
            f"{deals(figures.at_risk.deals)} at risk"
        )

    @property
    def state(self) -> str:
        match self.review.week.state:
            case WeekState.RUNNING:
                return "The week still runs: figures are as of this mail."
            case WeekState.SETTLING:
                return "The CRM was not yet read past the week's end: figures may still move."
            case WeekState.SETTLED:
                return ""

    @property
    def why(self) -> str:
        if self.sender is None:
            return (
                "You get this once a week, as the settings of Pipeline Pulse say; an admin can "
                "change when it goes out and to whom."
            )
        return f"{_line(self.sender)} sent you this from Pipeline Pulse."

    @property
    def address(self) -> str:
        asked = {"week": self.review.week.monday.isoformat()}
        if self.region is not None:
            asked["region"] = self.region
        return f"{self.public_url}/o2r/review?{urlencode(asked)}"

    def money(self, value: Decimal) -> str:
        return f"{self.review.basis.base_currency} {value:,.0f}"

    def deal_address(self, deal_id: str) -> str:
        return f"{self.public_url}/o2r/opportunities/{deal_id}"

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield figure, deals, change since last week, value."""
        for name, label in _FIGURES:
            figure: ReviewFigure = getattr(self.review.figures, name)
            yield label, f"{figure.deals:,}", _change(figure), self.money(figure.value)

    def lists(self) -> Iterator[MoveList]:
        yield from (each for each in self.review.moves if each.move in _LISTED and each.items)

    def open_actions(self) -> list[ReviewAction]:
        actions = self.review.actions
        return [each for each in (*actions.items, *actions.since) if not each.is_done_now]

    def text(self) -> str:
        lines = [self.title, "=" * len(self.title), ""]
        lines += [self.state, ""] if self.state else []
        for label, count, change, value in self.rows():
            since = " since last week" if change[:1] in {"+", "-"} else ""
            against = f" ({change}{since})" if change else ""
            lines.append(f"{label}: {count}{against}, {value}")
        if self.review.insights:
            lines += ["", "What stands out", "---------------"]
            lines += [f"- {_line(each.words)}" for each in self.review.insights]
        for listed in self.lists():
            heading = f"{TITLE_OF[listed.move]}: {deals(listed.deals)}, {self.money(listed.value)}"
            lines += ["", heading, "-" * len(heading)]
            for each in listed.items:
                value = "no value" if each.value is None else self.money(each.value)
                lines.append(f"- {_name(each)}, {value}: {_health(each)}. {_why(each)}")
                lines.append(f"  {self.deal_address(each.id)}")
        actions = self.open_actions()
        if actions:
            lines += ["", "Action items", "------------"]
            lines += [f"- {_action(each)}" for each in actions]
        lines += ["", f"The whole review: {self.address}", "", self.why, ""]
        return "\n".join(lines)

    def html(self) -> str:
        parts = [f'<h1 style="margin:0 0 4px;font-size:20px">{escape(self.title)}</h1>']
        if self.state:
            parts.append(f'<p class="dim" style="margin:0;color:#62716A">{escape(self.state)}</p>')
        parts.append(_table(("Figure", "Deals", "Since last week", "Value"), self.rows()))
        if self.review.insights:
            parts.append(_heading("What stands out"))
            words = "".join(f"<li>{escape(each.words)}</li>" for each in self.review.insights)
            parts.append(f'<ul style="margin:0;padding-left:18px">{words}</ul>')
        for listed in self.lists():
            hint = f"{deals(listed.deals)}, {self.money(listed.value)}, worst first"
            parts.append(_heading(TITLE_OF[listed.move], hint))
            parts.append(self._deals(listed))
        actions = self.open_actions()
        if actions:
            parts.append(_heading("Action items"))
            words = "".join(f"<li>{escape(_action(each))}</li>" for each in actions)
            parts.append(f'<ul style="margin:0;padding-left:18px">{words}</ul>')
        parts.append(
            f'<p style="margin:24px 0 0"><a href="{escape(self.address)}" style="color:#121A17;'
            'font-weight:600">Open the whole review</a></p>'
            f'<p class="dim" style="margin:8px 0 0;font-size:12px;color:#62716A">'
            f"{escape(self.why)}</p>"
        )
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            '<meta name="color-scheme" content="light dark">'
            f"<title>{escape(self.title)}</title><style>{_DARK}</style></head>"
            f'<body class="pp" style="margin:0;padding:20px;background:#FFFFFF;color:#121A17;'
            f'font-size:14px;line-height:22px;{_FONT}"><div style="max-width:680px">'
            f"{''.join(parts)}</div></body></html>"
        )

    def _deals(self, listed: MoveList) -> str:
        rows = "".join(
            f'<tr><td style="{_CELL};width:46%"><a href="{escape(self.deal_address(each.id))}" '
            f'style="color:#121A17;font-weight:600">{escape(_name(each))}</a>'
            f'<div class="dim" style="font-size:12px;color:#62716A">'
            f"{escape(_line(each.owner or 'Nobody'))}</div></td>"
            f'<td style="{_CELL}">{escape(_health(each))}'
            f'<div class="dim" style="font-size:12px;color:#62716A">{escape(_why(each))}</div></td>'
            f'<td style="{_RIGHT}">'
            f"{'' if each.value is None else escape(self.money(each.value))}</td></tr>"
            for each in listed.items
        )
        return (
            f'<table role="presentation" style="width:100%;border-collapse:collapse">{rows}</table>'
        )


def day(on: date) -> str:
    """Return a day as `23 Feb`."""
    return f"{on.day} {on:%b}"


def deals(count: int) -> str:
    """Return a number of deals in words."""
    return "1 deal" if count == 1 else f"{count:,} deals"


def _change(figure: ReviewFigure) -> str:
    if figure.deals_then is None:
        return ""
    difference = figure.deals - figure.deals_then
    return "as last week" if difference == 0 else f"{difference:+,}"


def _line(text: str) -> str:
    """Return a text of people's on one line."""
    return " ".join(text.split())


def _name(deal: ReviewDeal) -> str:
    return _line(deal.name or "") or f"id {deal.id}"


def _health(deal: ReviewDeal) -> str:
    now = f"{HEALTH_WORD[deal.health]} {deal.score}"
    if deal.health_then is None:
        return now
    return f"{HEALTH_WORD[deal.health_then]} {deal.score_then} → {now}"


def _why(deal: ReviewDeal) -> str:
    if deal.move is Move.IMPROVED and deal.went:
        return _line(f"No more: {', '.join(deal.went)}")
    return _line(", ".join(deal.came) or deal.brief or "No signal")


def _action(action: ReviewAction) -> str:
    about = [
        _line(action.deal or "") if action.deal_id is not None else "",
        _line(action.owner.name or "") if action.owner is not None else "nobody yet",
        f"due {day(action.due_on)}" if action.due_on is not None else "",
        "overdue" if action.is_overdue else "",
    ]
    said = ", ".join(each for each in about if each)
    urgent = "High: " if action.priority == "high" else ""
    return f"{urgent}{_line(action.title)} ({said})"


def _heading(title: str, hint: str = "") -> str:
    return (
        f'<h2 style="margin:24px 0 6px;font-size:15px">{escape(title)} <span class="dim" '
        f'style="font-weight:400;font-size:12px;color:#62716A">{escape(hint)}</span></h2>'
    )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    heads = "".join(
        f'<th scope="col" style="{_HEAD}{";text-align:right" if place else ""}">{escape(each)}</th>'
        for place, each in enumerate(head)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_RIGHT if place else _CELL}">{escape(each)}</td>'
            for place, each in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="width:100%;margin-top:16px;border-collapse:collapse">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
