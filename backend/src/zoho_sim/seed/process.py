"""How a deal moves: which stages, for how long, with what outcome, and the dates that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, sin
from typing import TYPE_CHECKING

from zoho_sim.seed import words
from zoho_sim.seed.schema import PIPELINES, STAGES, STANDARD_PIPELINE, TENDER_PIPELINE

if TYPE_CHECKING:
    import random

DAY_S = 86_400
_STAGE_PLACE = {stage.name: place for place, stage in enumerate(STAGES)}
_WON = "Closed Won"
_LOST = "Closed Lost"
_LOST_TO_RIVAL = "Closed-Lost to Competition"
# Median days in a stage, and the share of deals that are lost from it.
_PACE = {
    "Qualification": (12, 0.22),
    "Needs Analysis": (18, 0.14),
    "Value Proposition": (16, 0.12),
    "Id. Decision Makers": (14, 0.10),
    "Tender Review": (30, 0.25),
    "Proposal/Price Quote": (21, 0.18),
    "Award Pending": (35, 0.30),
    "Negotiation/Review": (15, 0.13),
}
_OPEN_STAGES = {
    name: tuple(stage for stage in stages if stage in _PACE) for name, stages in PIPELINES.items()
}
_SLOWNESS = {"Enterprise": 1.4, "Mid-Market": 1.0, "Small Business": 0.6, "Public Sector": 1.7}
_MEDIAN_AMOUNT = {
    "Enterprise": 220_000, "Mid-Market": 60_000, "Small Business": 12_000,
    "Public Sector": 350_000,
}  # fmt: skip
_STUCK_SHARE = 0.06
_RIVAL_SHARE = 0.3
_SLIP_SHARE = 0.35
_LATE_PAYER_SHARE = 0.2
_NEVER_PAYS_SHARE = 0.06
_NO_AMOUNT_SHARE = 0.015
_ZERO_AMOUNT_SHARE = 0.01


@dataclass(slots=True)
class Story:
    """One deal's life so far; moments are seconds since the epoch."""

    pipeline: str
    stage: str
    path: list[tuple[int, int]]
    closing: int
    last_touched: int
    is_closed: bool
    milestones: dict[str, int] = field(default_factory=dict)


def tell(chance: random.Random, segment: str, created: int, now: int) -> Story:
    """Let a deal live from its creation until now."""
    pipeline = TENDER_PIPELINE if segment == "Public Sector" else STANDARD_PIPELINE
    stages = _OPEN_STAGES[pipeline]
    slowness = _SLOWNESS[segment]
    moment = created
    path: list[tuple[int, int]] = []
    closing = created + int(DAY_S * slowness * chance.uniform(60, 150))
    stuck_at = chance.randrange(len(stages)) if chance.random() < _STUCK_SHARE else -1
    milestones: dict[str, int] = {}
    for place, stage in enumerate(stages):
        path.append((_STAGE_PLACE[stage], moment))
        if stage == "Proposal/Price Quote":
            milestones["Proposal_Submission_date"] = moment
        median, lost_share = _PACE[stage]
        leaves = moment + int(DAY_S * median * slowness * exp(chance.gauss(0, 0.7))) + 60
        if chance.random() < _SLIP_SHARE:
            closing += int(DAY_S * chance.uniform(15, 80))
        if place == stuck_at or leaves >= now:
            touched = now - int(DAY_S * min(chance.expovariate(1 / 9), (now - moment) / DAY_S))
            if place == stuck_at:
                touched = moment + (now - moment) // 5
            else:
                closing = max(closing, now - int(DAY_S * chance.uniform(-90, 12)))
            return Story(pipeline, stage, path, closing, touched, is_closed=False,
                         milestones=milestones)  # fmt: skip
        moment = leaves
        if chance.random() < lost_share:
            rival = pipeline == STANDARD_PIPELINE and chance.random() < _RIVAL_SHARE
            lost = _LOST_TO_RIVAL if rival else _LOST
            path.append((_STAGE_PLACE[lost], moment))
            return Story(pipeline, lost, path, moment, moment, is_closed=True,
                         milestones=milestones)  # fmt: skip
    path.append((_STAGE_PLACE[_WON], moment))
    touched = _deliver(chance, moment, now, milestones)
    return Story(pipeline, _WON, path, moment, touched, is_closed=True, milestones=milestones)


def _deliver(chance: random.Random, won: int, now: int, milestones: dict[str, int]) -> int:
    """Add the milestones after a win that have come to pass; return the last one's moment."""
    ordered = won + int(DAY_S * chance.uniform(0, 10))
    kicked_off = ordered + int(DAY_S * chance.uniform(7, 45))
    invoiced = kicked_off + int(DAY_S * chance.uniform(15, 120))
    fate = chance.random()
    wait = chance.uniform(60, 150) if fate < _LATE_PAYER_SHARE else chance.uniform(14, 45)
    plan = {
        "PO_Generation_Date": ordered,
        "Kick_off_Date": kicked_off,
        "Invoice_Date": invoiced,
        "OB_Recognition_Date": invoiced + int(DAY_S * chance.uniform(0, 20)),
    }
    if fate < 1 - _NEVER_PAYS_SHARE:
        plan["Received_On"] = invoiced + int(DAY_S * wait)
    last = won
    for milestone, moment in plan.items():
        if moment <= now:
            milestones[milestone] = moment
            last = max(last, moment)
    return last


def amount_in_home_currency(chance: random.Random, segment: str) -> float | None:
    """Draw a deal's worth: lognormal by segment; a few are zero and a few were never filled in."""
    dirt = chance.random()
    if dirt < _NO_AMOUNT_SHARE:
        return None
    if dirt < _NO_AMOUNT_SHARE + _ZERO_AMOUNT_SHARE:
        return 0.0
    return chance.lognormvariate(0, 0.85) * _MEDIAN_AMOUNT[segment]


def rate_at(currency: str, moment: int) -> float:
    """Return units of a currency for one home unit at a time: a slow wave around today's rate."""
    today = words.CURRENCIES[currency][2]
    if currency == "SGD":
        return 1.0
    months = moment // (30 * DAY_S)
    return round(today * (1 + 0.04 * sin(months * 0.9 + len(currency) + today)), 9)
