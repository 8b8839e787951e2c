"""The organisation: people, money, modules and pipelines, under one clock and one source of ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import TYPE_CHECKING

from zoho_sim.state.protections import Protections

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.behaviour.clock import Clock
    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import ChangeEvent

ID_DIGITS = 19


class UnknownModuleError(LookupError):
    """The organisation has no module of that API name."""


_BLOCK = 10_000_000


class IdSource:
    """Ids as the CRM gives them: 19 digits, the organisation's own prefix, ascending."""

    def __init__(self, organisation_prefix: int) -> None:
        width = ID_DIGITS - len(str(organisation_prefix))
        self._numbers = count(organisation_prefix * 10**width + 1_001)

    def next(self) -> str:
        """Return a new id, greater than every earlier one."""
        return str(next(self._numbers))

    def begin_block(self) -> None:
        """Go on at the next multiple of ten million, however few ids were given since the last."""
        self._numbers = count((next(self._numbers) // _BLOCK + 1) * _BLOCK)


@dataclass(slots=True)
class Named:
    """A role, a profile, a layout: what is known by id and name alone."""

    id: str
    name: str

    @property
    def reference(self) -> JsonObject:
        """``{"name", "id"}`` as embedded in other answers."""
        return {"name": self.name, "id": self.id}


@dataclass(slots=True)
class User:
    """A person with an account. ``owner_reference`` is shared by every record that names them."""

    id: str
    first_name: str
    last_name: str
    email: str
    role: Named
    profile: Named
    zuid: str
    is_active: bool
    created_time: str
    modified_time: str
    country: str
    owner_reference: JsonObject = field(init=False)
    reference: JsonObject = field(init=False)

    def __post_init__(self) -> None:
        self.reference = {"name": self.full_name, "id": self.id}
        self.owner_reference = {"name": self.full_name, "id": self.id, "email": self.email}

    def refresh_references(self) -> None:
        """Make every record that names the user show the present name and e-mail address."""
        self.reference["name"] = self.full_name
        self.owner_reference.update(name=self.full_name, email=self.email)

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True)
class Currency:
    """A currency; ``exchange_rate`` is its units for one home unit, as a 9-decimal text."""

    id: str
    name: str
    iso_code: str
    symbol: str
    exchange_rate: str
    is_base: bool
    created_time: str
    modified_time: str
    is_active: bool = True
    decimal_places: int = 2


@dataclass(slots=True)
class StageMap:
    """A stage within a pipeline."""

    id: str
    stage: str
    forecast_type: str
    forecast_category: Named
    probability: int


@dataclass(slots=True)
class Pipeline:
    """A sales process: the stages that a deal in it may take, in order."""

    id: str
    name: str
    is_default: bool
    stages: list[StageMap]

    def has_stage(self, stage: str) -> bool:
        """Whether a deal in this pipeline may be in the stage."""
        return any(entry.stage == stage for entry in self.stages)


@dataclass(slots=True)
class Facts:
    """What the organisation's own page shows; ``edition`` and ``licences`` decide the limits."""

    id: str
    zgid: str
    company_name: str
    edition: str
    licences: int
    primary_email: str
    domain_name: str
    created_time: str
    country: str = "Singapore"
    country_code: str = "SG"
    time_zone: str = "Asia/Singapore"
    home_currency: str = "SGD"
    multi_currency: bool = True


@dataclass(slots=True)
class Organisation:
    """Everything that the CRM knows of one company.

    ``utc_offset`` is fixed (no daylight saving), so that wire times sort as text.
    """

    facts: Facts
    clock: Clock
    ids: IdSource
    utc_offset: timedelta
    users: dict[str, User] = field(default_factory=dict)
    roles: list[Named] = field(default_factory=list)
    profiles: list[Named] = field(default_factory=list)
    currencies: dict[str, Currency] = field(default_factory=dict)
    pipelines: list[Pipeline] = field(default_factory=list)
    layouts: dict[str, Named] = field(default_factory=dict)
    modules: dict[str, ModuleStore] = field(default_factory=dict)
    # Definitions of the rows inside records (subforms, links); they have no records of their own.
    row_modules: dict[str, ModuleStore] = field(default_factory=dict)
    # Modules whose records are made only when somebody reads them, and what makes them.
    late_records: dict[str, Callable[[], None]] = field(default_factory=dict)
    observers: list[Callable[[ChangeEvent], None]] = field(default_factory=list)
    api_user_id: str = ""
    tags: dict[str, JsonObject] = field(default_factory=dict)
    protections: Protections = field(default_factory=Protections)

    @property
    def api_user(self) -> User:
        """The user who granted access: calls are made in their name."""
        return self.users[self.api_user_id]

    @property
    def zone(self) -> timezone:
        """The fixed offset in which times are written."""
        return timezone(self.utc_offset)

    def module(self, api_name: str) -> ModuleStore:
        """Return the module with its records, or raise UnknownModuleError (case matters)."""
        if api_name not in self.modules:
            raise UnknownModuleError(api_name)
        store = self.modules[api_name]
        load = self.late_records.pop(api_name, None)
        if load is not None:
            load()
        return store

    def definition(self, api_name: str) -> ModuleStore:
        """Return a module, or one of rows, for its fields alone: late records stay unmade."""
        for known in (self.modules, self.row_modules):
            if api_name in known:
                return known[api_name]
        raise UnknownModuleError(api_name)

    def pipeline(self, name: str) -> Pipeline | None:
        """Return the pipeline of that name, or None."""
        return next((known for known in self.pipelines if known.name == name), None)

    def tag(self, name: str) -> JsonObject:
        """Return the tag of that name; a new one is made when it is first used."""
        if name not in self.tags:
            self.tags[name] = {"name": name, "id": self.ids.next(), "color_code": None}
        return self.tags[name]

    def wire_time(self, moment: datetime | float) -> str:
        """Spell an aware time, or seconds since the epoch, as the CRM does: whole seconds."""
        if not isinstance(moment, datetime):
            moment = datetime.fromtimestamp(moment, UTC)
        return moment.astimezone(self.zone).isoformat(timespec="seconds")

    def now(self) -> str:
        """Return the present second as wire time."""
        return self.wire_time(self.clock.timestamp())
