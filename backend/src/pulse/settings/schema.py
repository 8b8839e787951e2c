"""Every stored setting: its key, its type, its bounds and what holds until somebody sets it."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from pulse.core.access import Role
from pulse.core.o2r.health import THRESHOLDS, Thresholds
from pulse.core.o2r.milestones import SETTABLE_MILESTONES, Milestone
from pulse.core.sync import SyncMode
from pulse.sync.domain.merge import Policy

ApiName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$")]
"""A field of the CRM by its API name."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_ADDRESS: Final = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"()]+")


class PriceOverrides(BaseModel):
    """Credits an organisation is really charged, where the built-in price list is unconfirmed.

    None leaves the built-in price.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sorted_list: int | None = Field(default=None, ge=0, description="A sorted page of records.")
    view_list: int | None = Field(
        default=None, ge=0, description="A page of the records of a custom view."
    )
    search: int | None = Field(default=None, ge=0, description="One search.")
    record_count: int | None = Field(default=None, ge=0, description="One record count.")
    bulk_read: int | None = Field(default=None, ge=0, description="One Bulk Read job.")
    bulk_write: int | None = Field(default=None, ge=0, description="One Bulk Write job.")
    bulk_write_upload: int | None = Field(
        default=None, ge=0, description="The upload of one file for Bulk Write."
    )
    rows_per_delete_credit: int | None = Field(
        default=None, ge=1, description="Records deleted by one call for one credit."
    )
    rows_per_mass_update_credit: int | None = Field(
        default=None, ge=1, description="Records that a mass update changes for one credit."
    )
    refused: int | None = Field(default=None, ge=0, description="A call answered with 4xx.")


class ReviewRecipients(BaseModel):
    """Who gets the weekly review by mail: people of a role, and further addresses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_role: Role | None = Field(
        default=Role.EDITOR, description="Active users of this role or a higher one."
    )
    addresses: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        default="", description="Further addresses, parted by commas."
    )

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, given: str) -> str:
        found = addresses_in(given)
        for each in found:
            if not _ADDRESS.fullmatch(each):
                error = f"{each!r} is no e-mail address"
                raise ValueError(error)
        return ", ".join(found)


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses that commas part, each once, in their order."""
    return tuple(dict.fromkeys(each for part in text.split(",") if (each := part.strip())))


class SyncSettings(BaseModel):
    """The stored settings of sync; each alias is the key in the table `settings`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interval_minutes: Literal[15, 30, 60] | None = Field(
        default=15,
        alias="sync.interval_minutes",
        title="Interval",
        description="Minutes from one scheduled sync to the next, or by hand only.",
    )
    mode: SyncMode = Field(
        default=SyncMode.BIDIRECTIONAL,
        alias="sync.mode",
        title="Mode",
        description="Which direction may flow. With local to CRM only, pulls pause.",
    )
    budget_share: float = Field(
        default=0.8,
        gt=0,
        le=1,
        alias="sync.budget_share",
        title="Budget",
        description="Share of the day's credits that scheduled work never passes; 1 is all.",
    )
    overlap_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        alias="sync.overlap_seconds",
        title="Overlap, in seconds",
        description="How far an incremental sync reads back before its cursor.",
    )
    reconcile_hour_utc: int = Field(
        default=2,
        ge=0,
        le=23,
        alias="reconcile.hour_utc",
        title="Hour of the nightly comparison, UTC",
        description="Hour of the nightly comparison with the CRM, in UTC.",
    )
    prices: PriceOverrides = Field(
        default=PriceOverrides(),
        alias="credits.prices",
        title="Credit prices",
        description="Credit prices that differ from the built-in list.",
    )
    base_currency: str = Field(
        default="SGD",
        pattern=r"^[A-Z]{3}$",
        alias="currency.base",
        title="Base currency",
        description="ISO code of the currency that amounts are converted into and summed in.",
    )
    conflict_policy: Policy = Field(
        default=Policy.ASK,
        alias="conflicts.policy",
        title="Conflicts",
        description="Who wins where a field was changed on both sides, to different values. "
        "It decides conflicts as they arise; open ones stay with their person.",
    )
    field_policies: dict[str, Policy] = Field(
        default={},
        alias="conflicts.field_policies",
        title="Conflicts by field",
        description="API names of fields whose conflicts are decided otherwise, and how.",
    )
    run_automation: bool = Field(
        default=True,
        alias="push.run_automation",
        title="Run automation",
        description="Whether edits made here run the CRM's workflows, as edits made there do.",
    )
    is_write_back_on: bool = Field(
        default=True,
        alias="write_back.is_on",
        title="Write back",
        description="Whether the product keeps its own fields in the CRM up to date, once they are "
        "created in CRM Integration.",
    )
    write_back_share: float = Field(
        default=0.1,
        gt=0,
        le=1,
        alias="write_back.budget_share",
        title="Budget of the write-back",
        description="Share of the day's credits that the product's own fields may cost.",
    )
    alert_amount_percent: int = Field(
        default=50,
        ge=1,
        le=1000,
        alias="alerts.amount_percent",
        title="Alert: amount moved, in percent",
        description="An amount that moves by more than this share of itself raises an alert. "
        "Alerts that were raised stay.",
    )
    alert_probability_points: int = Field(
        default=30,
        ge=1,
        le=100,
        alias="alerts.probability_points",
        title="Alert: probability fell, in points",
        description="A probability that falls by more points than this raises an alert.",
    )
    alert_closing_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        alias="alerts.closing_days",
        title="Alert: closing date pushed, in days",
        description="A closing date that is pushed out by more days than this raises an alert.",
    )

    o2r_proposal_without_po_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        alias="o2r.proposal_without_po_days",
        title="O2R: proposal without PO, in days",
        description="A deal is at risk when its proposal was sent more days ago than this and no "
        "PO came.",
    )
    o2r_invoice_unpaid_days: int = Field(
        default=45,
        ge=1,
        le=3650,
        alias="o2r.invoice_unpaid_days",
        title="O2R: invoice unpaid, in days",
        description="A deal is at risk when its invoice was raised more days ago than this and is "
        "unpaid.",
    )
    o2r_po_without_kick_off_days: int = Field(
        default=14,
        ge=1,
        le=3650,
        alias="o2r.po_without_kick_off_days",
        title="O2R: PO without kick-off, in days",
        description="A deal is to be watched when its PO came more days ago than this and there "
        "was no kick-off.",
    )
    o2r_kick_off_without_invoice_days: int = Field(
        default=60,
        ge=1,
        le=3650,
        alias="o2r.kick_off_without_invoice_days",
        title="O2R: kick-off without invoice, in days",
        description="A deal is to be watched when its kick-off was more days ago than this and "
        "nothing is invoiced.",
    )
    o2r_likely_without_po_percent: int = Field(
        default=80,
        ge=1,
        le=100,
        alias="o2r.likely_without_po_percent",
        title="O2R: likely without PO, in percent",
        description="A deal is to be watched when its probability is this or more and there is no "
        "PO.",
    )
    o2r_unlikely_kicked_off_percent: int = Field(
        default=20,
        ge=0,
        le=100,
        alias="o2r.unlikely_kicked_off_percent",
        title="O2R: unlikely though kicked off, in percent",
        description="A deal is to be watched when its probability is this or less though work was "
        "kicked off.",
    )
    o2r_not_updated_days: int = Field(
        default=7,
        ge=1,
        le=3650,
        alias="o2r.not_updated_days",
        title="O2R: not updated, in days",
        description="A deal needs an update when nobody changed it for more days than this, in the "
        "CRM or here.",
    )
    o2r_milestone_fields: dict[Milestone, ApiName] = Field(
        default={},
        alias="o2r.milestone_fields",
        title="O2R: fields of milestones",
        description="The CRM's date fields that hold these milestones; without one a milestone is "
        "kept here. The other milestones have their places in the field map of CRM Integration.",
        json_schema_extra={"propertyNames": {"enum": list(SETTABLE_MILESTONES)}},
    )

    is_review_mail_on: bool = Field(
        default=False,
        alias="review.mail_on",
        title="Weekly review: send by mail",
        description="Whether the review of the last complete week goes out by mail, once a week. "
        "It needs a mail server (PULSE_SMTP_HOST).",
    )
    review_mail_weekday: Weekday = Field(
        default="monday",
        alias="review.mail_weekday",
        title="Weekly review: day of the mail",
        description="The day on which it goes out, where the organisation is.",
    )
    review_mail_hour: int = Field(
        default=8,
        ge=0,
        le=23,
        alias="review.mail_hour",
        title="Weekly review: hour of the mail",
        description="The hour from which on it goes out, where the organisation is.",
    )
    review_recipients: ReviewRecipients = Field(
        default=ReviewRecipients(),
        alias="review.recipients",
        title="Weekly review: recipients",
        description="Who gets the weekly review by mail.",
    )

    @field_validator("o2r_milestone_fields")
    @classmethod
    def _is_settable(cls, named: dict[Milestone, str]) -> dict[Milestone, str]:
        for milestone in named:
            if milestone not in SETTABLE_MILESTONES:
                error = f"{milestone} has its place in the field map of CRM Integration"
                raise ValueError(error)
        if len(set(named.values())) < len(named):
            error = "a field can hold one milestone only"
            raise ValueError(error)
        return named

    @property
    def review_mail_day(self) -> int:
        """How many days after Monday the weekly review goes out."""
        return get_args(Weekday).index(self.review_mail_weekday)

    @property
    def thresholds(self) -> Thresholds:
        """From where on the rules of health apply."""
        return Thresholds(**{name: getattr(self, f"o2r_{name}") for name in THRESHOLDS})


KEYS: tuple[str, ...] = tuple(
    field.alias or name for name, field in SyncSettings.model_fields.items()
)
"""Keys in the table `settings`."""
