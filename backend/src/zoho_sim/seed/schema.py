"""The modules of the seeded organisation and their fields, stock and custom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from zoho_sim.config import Naming
from zoho_sim.seed import words
from zoho_sim.state.fields import DataType, Field, Option
from zoho_sim.state.modules import ModuleStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_sim.state.organisation import IdSource

CANONICAL_NAMES = {
    "Deal_Name": "Opportunity_Name",
    "Amount": "OCH_Revenue",
    "Owner": "Opportunity_Owner",
}

_LENGTHS = {
    DataType.SYSTEM_ID: 20, DataType.TEXT: 255, DataType.TEXTAREA: 2000, DataType.EMAIL: 100,
    DataType.PHONE: 30, DataType.WEBSITE: 450, DataType.INTEGER: 9, DataType.BIGINT: 18,
    DataType.DOUBLE: 16, DataType.CURRENCY: 16, DataType.PERCENT: 5, DataType.BOOLEAN: 5,
    DataType.DATE: 20, DataType.DATETIME: 120, DataType.PICKLIST: 120, DataType.MULTISELECT: 765,
    DataType.LOOKUP: 120, DataType.OWNER: 120, DataType.USER: 120, DataType.MULTI_LOOKUP: 120,
    DataType.SUBFORM: 120, DataType.FORMULA: 16, DataType.AUTONUMBER: 255, DataType.LAYOUT: 120,
    DataType.TAG: 2000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """A value of the Stage picklist; ``display`` differs from ``name`` where the UI shows more."""

    name: str
    probability: int
    forecast_type: str = "Open"
    forecast_category: str = "Pipeline"
    display: str | None = None


STAGES = (
    Stage("Qualification", 10),
    Stage("Needs Analysis", 20),
    Stage("Value Proposition", 40),
    Stage("Id. Decision Makers", 60, display="Identify Decision Makers"),
    Stage("Tender Review", 30),
    Stage("Proposal/Price Quote", 75),
    Stage("Award Pending", 80),
    Stage("Negotiation/Review", 90),
    Stage("Closed Won", 100, "Closed Won", "Closed"),
    Stage("Closed Lost", 0, "Closed Lost", "Omitted"),
    Stage("Closed-Lost to Competition", 0, "Closed Lost", "Omitted"),
)
STANDARD_PIPELINE = "Standard (Standard)"
TENDER_PIPELINE = "Public Sector Tender"
PIPELINES = {
    STANDARD_PIPELINE: (
        "Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers",
        "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost",
        "Closed-Lost to Competition",
    ),
    TENDER_PIPELINE: (
        "Qualification", "Tender Review", "Proposal/Price Quote", "Award Pending", "Closed Won",
        "Closed Lost",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spec:
    """A field to be: its stock API name, label and type, and what differs from the type's usual."""

    name: str
    label: str
    data_type: DataType
    length: int | None = None
    custom: bool = False
    mandatory: bool = False
    read_only: bool = False
    unique: bool = False
    choices: Sequence[str] = field(default=())
    lookup_module: str | None = None
    decimal_places: int | None = None
    textarea_type: str | None = None
    formula_type: str | None = None
    subform_module: str | None = None


_SYSTEM = (
    Spec("id", "Record Id", DataType.SYSTEM_ID, read_only=True),
    Spec("Created_Time", "Created Time", DataType.DATETIME, read_only=True),
    Spec("Modified_Time", "Modified Time", DataType.DATETIME, read_only=True),
    Spec("Created_By", "Created By", DataType.OWNER, read_only=True),
    Spec("Modified_By", "Modified By", DataType.OWNER, read_only=True),
)
_MONEY = (
    Spec("Currency", "Currency", DataType.PICKLIST, choices=tuple(words.CURRENCIES)),
    Spec("Exchange_Rate", "Exchange Rate", DataType.DOUBLE, decimal_places=9),
)
_TAIL = (
    Spec("Description", "Description", DataType.TEXTAREA, 32000, textarea_type="large"),
    Spec("Last_Activity_Time", "Last Activity Time", DataType.DATETIME, read_only=True),
    Spec("Layout", "Layout", DataType.LAYOUT),
    Spec("Tag", "Tag", DataType.TAG),
    Spec("Locked__s", "Locked", DataType.BOOLEAN, read_only=True),
)
_COUNTRY_NAMES = tuple(words.COUNTRIES)
_REGIONS = tuple(dict.fromkeys(facts[0] for facts in words.COUNTRIES.values()))

DEALS = (
    *_SYSTEM,
    Spec("Owner", "Deal Owner", DataType.OWNER),
    Spec("Deal_Name", "Deal Name", DataType.TEXT, 120, mandatory=True),
    Spec("Account_Name", "Account Name", DataType.LOOKUP, lookup_module="Accounts"),
    Spec("Contact_Name", "Contact Name", DataType.LOOKUP, lookup_module="Contacts"),
    Spec("Amount", "Amount", DataType.CURRENCY, decimal_places=2),
    *_MONEY,
    Spec("Stage", "Stage", DataType.PICKLIST, mandatory=True),
    Spec("Pipeline", "Pipeline", DataType.PICKLIST, mandatory=True, choices=tuple(PIPELINES)),
    Spec("Probability", "Probability (%)", DataType.INTEGER, 3),
    Spec("Closing_Date", "Closing Date", DataType.DATE),
    Spec(
        "Expected_Revenue", "Expected Revenue", DataType.FORMULA,
        read_only=True, formula_type="currency", decimal_places=2,
    ),
    Spec("Type", "Type", DataType.PICKLIST, choices=words.DEAL_TYPES),
    Spec("Lead_Source", "Lead Source", DataType.PICKLIST, choices=words.LEAD_SOURCES),
    Spec("Next_Step", "Next Step", DataType.TEXT, 100),
    Spec(
        "Reason_For_Loss__s", "Reason For Loss", DataType.PICKLIST, choices=words.LOSS_REASONS
    ),
    Spec("Country", "Country", DataType.PICKLIST, custom=True, choices=_COUNTRY_NAMES),
    Spec("Business_Region", "Business Region", DataType.PICKLIST, custom=True, choices=_REGIONS),
    Spec(
        "Solution_Type", "Solution Type", DataType.PICKLIST, custom=True, choices=words.SOLUTIONS
    ),
    Spec(
        "Type_of_Funding", "Type of Funding", DataType.PICKLIST, custom=True,
        choices=words.FUNDING,
    ),
    Spec(
        "Market_Segment", "Market Segment", DataType.PICKLIST, custom=True, choices=words.SEGMENTS
    ),
    Spec("Proposal_Submission_date", "Proposal Submission date", DataType.DATE, custom=True),
    Spec("PO_Generation_Date", "PO Generation Date", DataType.DATE, custom=True),
    Spec("Kick_off_Date", "Kick off Date", DataType.DATE, custom=True),
    Spec("Invoice_Date", "Invoice Date", DataType.DATE, custom=True),
    Spec("Received_On", "Received On", DataType.DATE, custom=True),
    Spec("OB_Recognition_Date", "OB Recognition Date", DataType.DATE, custom=True),
    *_TAIL,
    Spec(
        "Technologies", "Technologies", DataType.MULTISELECT, custom=True,
        choices=words.TECHNOLOGIES,
    ),
    Spec("Strategic_Deal", "Strategic Deal", DataType.BOOLEAN, custom=True),
    Spec("Seats", "Seats", DataType.INTEGER, custom=True),
    Spec("Discount", "Discount", DataType.PERCENT, custom=True),
    Spec("Margin_Factor", "Margin Factor", DataType.DOUBLE, custom=True, decimal_places=4),
    Spec(
        "Requirements", "Requirements", DataType.TEXTAREA, 50000, custom=True,
        textarea_type="rich_text",
    ),
    Spec("Legacy_Reference", "Legacy Reference", DataType.BIGINT, custom=True),
    Spec("External_Reference", "External Reference", DataType.TEXT, 60, custom=True, unique=True),
    Spec("Billing_Email", "Billing Email", DataType.EMAIL, custom=True),
    Spec("Site_Phone", "Site Phone", DataType.PHONE, custom=True),
    Spec("Tender_URL", "Tender URL", DataType.WEBSITE, custom=True),
    Spec("Next_Review", "Next Review", DataType.DATETIME, custom=True),
    Spec("Sales_Engineer", "Sales Engineer", DataType.USER, custom=True),
    Spec("Deal_Number", "Deal Number", DataType.AUTONUMBER, custom=True, read_only=True),
    Spec(
        "Payment_Schedule", "Payment Schedule", DataType.SUBFORM, custom=True,
        subform_module="Payment_Schedule",
    ),
    Spec(
        "Partners", "Partners", DataType.MULTI_LOOKUP, custom=True, lookup_module="Accounts"
    ),
)  # fmt: skip

ACCOUNTS = (
    *_SYSTEM,
    Spec("Owner", "Account Owner", DataType.OWNER),
    Spec("Account_Name", "Account Name", DataType.TEXT, 200, mandatory=True),
    Spec("Parent_Account", "Parent Account", DataType.LOOKUP, lookup_module="Accounts"),
    Spec("Phone", "Phone", DataType.PHONE),
    Spec("Website", "Website", DataType.WEBSITE),
    Spec("Industry", "Industry", DataType.PICKLIST, choices=words.INDUSTRIES),
    Spec("Employees", "Employees", DataType.INTEGER),
    Spec("Annual_Revenue", "Annual Revenue", DataType.CURRENCY, decimal_places=2),
    *_MONEY,
    Spec("Billing_City", "Billing City", DataType.TEXT, 100),
    Spec("Billing_Country", "Billing Country", DataType.TEXT, 100),
    Spec("Strategic_Account", "Strategic Account", DataType.BOOLEAN, custom=True),
    *_TAIL,
)

CONTACTS = (
    *_SYSTEM,
    Spec("Owner", "Contact Owner", DataType.OWNER),
    Spec("Full_Name", "Full Name", DataType.TEXT, 80, read_only=True),
    Spec("First_Name", "First Name", DataType.TEXT, 40),
    Spec("Last_Name", "Last Name", DataType.TEXT, 80, mandatory=True),
    Spec("Email", "Email", DataType.EMAIL, unique=True),
    Spec("Phone", "Phone", DataType.PHONE),
    Spec("Title", "Title", DataType.TEXT, 100),
    Spec("Account_Name", "Account Name", DataType.LOOKUP, lookup_module="Accounts"),
    Spec("Mailing_Country", "Mailing Country", DataType.TEXT, 100),
    *_TAIL,
)

# Rows inside deals. They are read with their deal; their fields can be asked for like a module's.
PAYMENT_SCHEDULE = (
    *_SYSTEM,
    Spec("Parent_Id", "Deal", DataType.LOOKUP, lookup_module="Deals", read_only=True),
    Spec("Instalment", "Instalment", DataType.INTEGER, custom=True),
    Spec("Due_Amount", "Due Amount", DataType.CURRENCY, custom=True, decimal_places=2),
    Spec("Paid", "Paid", DataType.BOOLEAN, custom=True),
)
DEALS_X_ACCOUNTS = (
    *_SYSTEM,
    Spec("Deals", "Deals", DataType.LOOKUP, lookup_module="Deals"),
    Spec("Partners", "Partners", DataType.LOOKUP, lookup_module="Accounts"),
)

# API name, singular, plural, the field that names a record, all fields.
_Shape: TypeAlias = tuple[str, str, str, str, tuple[Spec, ...]]
_MODULES: tuple[_Shape, ...] = (
    ("Accounts", "Account", "Accounts", "Account_Name", ACCOUNTS),
    ("Contacts", "Contact", "Contacts", "Full_Name", CONTACTS),
    ("Deals", "Deal", "Deals", "Deal_Name", DEALS),
)
_ROW_MODULES: tuple[_Shape, ...] = (
    ("Payment_Schedule", "Payment Schedule", "Payment Schedules", "Instalment", PAYMENT_SCHEDULE),
    ("Deals_X_Accounts", "Deals X Accounts", "Deals X Accounts", "Deals", DEALS_X_ACCOUNTS),
)


def build_modules(ids: IdSource, naming: Naming, created: str) -> dict[str, ModuleStore]:
    """Build Accounts, Contacts and Deals with their fields, without records."""
    modules = {shape[0]: _build_module(ids, shape, created) for shape in _MODULES}
    if naming is Naming.CANONICAL:
        for name, other in CANONICAL_NAMES.items():
            modules["Deals"].rename_field(name, other)
    return modules


def build_row_modules(ids: IdSource, created: str) -> dict[str, ModuleStore]:
    """Build the modules of subform rows and of links: fields alone, for the rows are in deals."""
    modules = {shape[0]: _build_module(ids, shape, created) for shape in _ROW_MODULES}
    for store in modules.values():
        store.is_writable = False
    return modules


def _build_module(ids: IdSource, shape: _Shape, created: str) -> ModuleStore:
    api_name, singular, plural, name_role, specs = shape
    store = ModuleStore(
        module_id=ids.next(),
        api_name=api_name,
        singular=singular,
        plural=plural,
        name_role=name_role,
    )
    for spec in specs:
        store.add_field(_build_field(ids, spec, store.width, created))
    return store


def _build_field(ids: IdSource, spec: Spec, position: int, created: str) -> Field:
    return Field(
        id=ids.next(),
        api_name=spec.name,
        label=spec.label,
        data_type=spec.data_type,
        position=position,
        role=spec.name,
        length=spec.length or _LENGTHS[spec.data_type],
        custom=spec.custom,
        mandatory=spec.mandatory,
        read_only=spec.read_only,
        unique=spec.unique,
        options=_options(ids, spec),
        lookup_module=spec.lookup_module,
        decimal_places=spec.decimal_places,
        textarea_type=spec.textarea_type,
        formula_type=spec.formula_type,
        subform_module=spec.subform_module,
        created_time=created if spec.custom else None,
        modified_time=created if spec.custom else None,
    )


def _options(ids: IdSource, spec: Spec) -> list[Option]:
    if spec.name == "Stage":
        return [
            Option(
                id=ids.next(),
                display_value=stage.display or stage.name,
                actual_value=stage.name,
                probability=stage.probability,
                forecast_type=stage.forecast_type,
                forecast_category=stage.forecast_category,
            )
            for stage in STAGES
        ]
    return [
        Option(id=ids.next(), display_value=choice, actual_value=choice) for choice in spec.choices
    ]
