"""A hand-made organisation of a few records, for tests of the simulator's query side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from zoho_sim.behaviour.clock import Clock
from zoho_sim.state.fields import DataType, Field, Option
from zoho_sim.state.modules import ModuleStore
from zoho_sim.state.organisation import Facts, IdSource, Named, Organisation, User
from zoho_sim.state.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

_SYSTEM = (
    ("id", DataType.SYSTEM_ID),
    ("Created_Time", DataType.DATETIME),
    ("Modified_Time", DataType.DATETIME),
    ("Created_By", DataType.OWNER),
    ("Modified_By", DataType.OWNER),
    ("Owner", DataType.OWNER),
)
DEAL_FIELDS = (
    *_SYSTEM,
    ("Deal_Name", DataType.TEXT),
    ("Amount", DataType.CURRENCY),
    ("Stage", DataType.PICKLIST),
    ("Closing_Date", DataType.DATE),
    ("Account_Name", DataType.LOOKUP),
    ("Description", DataType.TEXTAREA),
    ("Regions", DataType.MULTISELECT),
    ("Is_Strategic", DataType.BOOLEAN),
    ("Ledger_Number", DataType.BIGINT),
    ("Line_Items", DataType.SUBFORM),
    ("Tag", DataType.TAG),
)
ACCOUNT_FIELDS = (
    *_SYSTEM,
    ("Account_Name", DataType.TEXT),
    ("Phone", DataType.PHONE),
    ("Parent_Account", DataType.LOOKUP),
)
_TARGETS = {"Account_Name": "Accounts", "Parent_Account": "Accounts"}
STAGES = ("Qualification", "Proposal", "Closed Won", "Closed Lost")


def small_organisation() -> Organisation:
    """Return an organisation with two users and empty modules Deals and Accounts."""
    clock = Clock(real_time=NOON.timestamp)
    organisation = Organisation(
        facts=Facts(
            id="1",
            zgid="2",
            company_name="Larkspur",
            edition="enterprise",
            licences=5,
            primary_email="ops@larkspur.example",
            domain_name="larkspur",
            created_time="2020-01-01T00:00:00+08:00",
        ),
        clock=clock,
        ids=IdSource(554023),
        utc_offset=timedelta(hours=8),
    )
    role, profile = Named("11", "Sales"), Named("12", "Standard")
    for user_id, first, last in (
        ("5540230000000000021", "Mei", "Tan"),
        ("5540230000000000022", "Omar", "Reyes"),
    ):
        organisation.users[user_id] = User(
            id=user_id,
            first_name=first,
            last_name=last,
            email=f"{first.lower()}@larkspur.example",
            role=role,
            profile=profile,
            zuid="9",
            is_active=True,
            created_time="2020-01-01T00:00:00+08:00",
            modified_time="2020-01-01T00:00:00+08:00",
            country="Singapore",
        )
    organisation.api_user_id = "5540230000000000021"
    _add_module(organisation, "Accounts", "Account_Name", ACCOUNT_FIELDS)
    _add_module(organisation, "Deals", "Deal_Name", DEAL_FIELDS)
    return organisation


def _add_module(
    organisation: Organisation, name: str, name_role: str, fields: tuple[tuple[str, DataType], ...]
) -> None:
    store = ModuleStore(
        module_id=organisation.ids.next(),
        api_name=name,
        singular=name[:-1],
        plural=name,
        name_role=name_role,
    )
    for position, (api_name, data_type) in enumerate(fields):
        options = STAGES if api_name == "Stage" else ()
        store.add_field(
            Field(
                id=organisation.ids.next(),
                api_name=api_name,
                label=api_name.replace("_", " "),
                data_type=data_type,
                position=position,
                role=api_name,
                length=255,
                lookup_module=_TARGETS.get(api_name) if data_type is DataType.LOOKUP else None,
                options=[Option("1", option, option) for option in options],
            )
        )
    organisation.modules[name] = store


def add(
    organisation: Organisation,
    module: str,
    *,
    created: datetime = NOON,
    modified: datetime | None = None,
    **values: Any,  # noqa: ANN401 - any wire value
) -> Record:
    """Add a record with these wire values and stamps; unnamed fields are empty."""
    store = organisation.module(module)
    owner = next(iter(organisation.users.values())).owner_reference
    system: Mapping[str, Any] = {
        "id": organisation.ids.next(),
        "Created_Time": organisation.wire_time(created),
        "Modified_Time": organisation.wire_time(modified or created),
        "Created_By": owner,
        "Modified_By": owner,
        "Owner": owner,
    }
    row = [{**system, **values}.get(name) for name in store.fields]
    record = Record(row)
    store.show(record)
    return record
