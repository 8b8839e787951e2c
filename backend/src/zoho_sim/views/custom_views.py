"""The custom views of each module: those that every organisation has, and those added to them.

Criteria are written as bulk read writes them, with field names as they are now. Three literals are
worked out when a view is looked at: ``${CURRENTUSER}``, ``${THISMONTH}`` and ``${TODAY}-n`` (days).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zoho_sim.bulk_read.criteria import bind_criteria
from zoho_sim.query.predicates import all_hold
from zoho_sim.state.fields import DataType

if TYPE_CHECKING:
    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

_AGO = re.compile(r"\$\{TODAY\}-(\d+)")
_STALLED_DAYS = 30
_HIGH_VALUE = 500_000
_VIEWS_APART = 500_000_000_000
_COLUMNS = ("Deal_Name", "Account_Name", "Stage", "Amount", "Closing_Date", "Owner")


@dataclass(frozen=True, slots=True)
class CustomView:
    """A view by criteria, by ids, or (neither) of everything."""

    id: str
    name: str
    criteria: JsonObject | None = None
    ids: frozenset[str] | None = None
    is_system: bool = True

    @property
    def shows_everything(self) -> bool:
        """Whether the view selects nothing away."""
        return self.criteria is None and self.ids is None


def all_view_id(store: ModuleStore) -> str:
    """Return the id of the module's custom view of all records."""
    return str(int(store.id) + _VIEWS_APART)


class CustomViews:
    """The views of one organisation."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._added: dict[str, list[CustomView]] = {}

    def of(self, store: ModuleStore) -> list[CustomView]:
        """Return the module's views, that of all records first."""
        views = [CustomView(all_view_id(store), f"All {store.plural}")]
        for place, (name, criteria) in enumerate(_usual(store), start=1):
            if criteria is not None:
                view_id = str(int(all_view_id(store)) + place)
                views.append(CustomView(view_id, name, criteria))
        return views + self._added.get(store.api_name, [])

    def find(self, store: ModuleStore, view_id: str) -> CustomView | None:
        """Return the module's view of that id, or None."""
        return next((view for view in self.of(store) if view.id == view_id), None)

    def add(
        self,
        store: ModuleStore,
        name: str,
        *,
        criteria: JsonObject | None = None,
        ids: frozenset[str] | None = None,
    ) -> CustomView:
        """Add a view; QueryError if the module cannot meet its criteria."""
        view = CustomView(self._organisation.ids.next(), name, criteria, ids, is_system=False)
        self.ids_in(store, view)
        self._added.setdefault(store.api_name, []).append(view)
        return view

    def ids_in(self, store: ModuleStore, view: CustomView) -> list[str]:
        """Return the ids of the records that the view shows now, ascending.

        QueryError if a field of its criteria is gone.
        """
        if view.ids is not None:
            return [record_id for record_id in store.by_id if record_id in view.ids]
        if view.criteria is None:
            return list(store.by_id)
        criteria = self._worked_out(store, view.criteria)
        holds = all_hold(bind_criteria(self._organisation, store, criteria))
        records = store.records
        if holds is None:  # pragma: no cover - criteria always test something
            return list(store.by_id)
        return [record_id for record_id in store.by_id if holds(records[record_id].values)]

    def use(self, store: ModuleStore, api_name: str) -> bool:
        """Whether the criteria of a view that was added name the field."""
        views = self._added.get(store.api_name, ())
        return any(api_name in _fields_in(view.criteria or {}) for view in views)

    def fields_of(self, store: ModuleStore) -> list[JsonObject]:
        """Return the columns that a view shows."""
        shown = [store.by_role[role] for role in _COLUMNS if role in store.by_role]
        shown = shown or [store.name_field]
        return [{"api_name": each.api_name, "id": each.id, "_pin": False} for each in shown]

    def _worked_out(self, store: ModuleStore, criteria: JsonObject) -> JsonObject:
        """Return criteria with the values that their literals have at this moment."""
        if "group" in criteria:
            group = [self._worked_out(store, part) for part in criteria["group"]]
            return {**criteria, "group": group}
        now = self._organisation.clock.now().astimezone(self._organisation.zone)
        value: JsonValue = criteria.get("value")
        if value == "${CURRENTUSER}":
            return {**criteria, "value": self._organisation.api_user_id}
        if value == "${THISMONTH}":
            last = monthrange(now.year, now.month)[1]
            days = [f"{now:%Y-%m}-01", f"{now:%Y-%m}-{last:02d}"]
            return {**criteria, "comparator": "between", "value": days}
        days_ago = _AGO.fullmatch(value) if isinstance(value, str) else None
        if days_ago is not None:
            moment = now - timedelta(days=int(days_ago[1]))
            field = store.fields.get(criteria["field"]["api_name"])
            is_day = field is not None and field.data_type is DataType.DATE
            return {**criteria, "value": _spelled(moment, is_day=is_day)}
        return criteria


def _fields_in(criteria: JsonObject) -> set[str]:
    """Return the API names of the fields in criteria."""
    if "group" in criteria:
        return set[str]().union(*(_fields_in(part) for part in criteria["group"]))
    field = criteria.get("field")
    return {str(field["api_name"])} if field else set()


def _spelled(moment: datetime, *, is_day: bool) -> str:
    return f"{moment:%Y-%m-%d}" if is_day else moment.isoformat(timespec="seconds")


def _usual(store: ModuleStore) -> list[tuple[str, JsonObject | None]]:
    """Return the views that the CRM brings along; None where a field of one is gone."""
    if store.api_name != "Deals":
        mine = _test(store, "Owner", "equal", "${CURRENTUSER}")
        return [(f"My {store.plural}", mine)]
    is_open = _test(store, "Stage", "in", _stages(store, "Open"))
    return [
        ("Closing This Month", _test(store, "Closing_Date", "equal", "${THISMONTH}")),
        ("My Open Deals", _both(_test(store, "Owner", "equal", "${CURRENTUSER}"), is_open)),
        (
            "Stalled Deals",
            _both(
                is_open, _test(store, "Modified_Time", "less_than", f"${{TODAY}}-{_STALLED_DAYS}")
            ),
        ),
        ("Won Deals", _test(store, "Stage", "in", _stages(store, "Closed Won"))),
        ("High Value Deals", _both(is_open, _test(store, "Amount", "greater_than", _HIGH_VALUE))),
    ]


def _stages(store: ModuleStore, forecast_type: str) -> list[str]:
    stage = store.by_role.get("Stage")
    options = [] if stage is None else stage.options
    return [each.actual_value for each in options if each.forecast_type == forecast_type]


def _test(store: ModuleStore, role: str, comparator: str, value: JsonValue) -> JsonObject | None:
    field = store.by_role.get(role)
    if field is None:
        return None
    reference = {"api_name": field.api_name, "id": field.id}
    return {"comparator": comparator, "field": reference, "value": value}


def _both(first: JsonObject | None, second: JsonObject | None) -> JsonObject | None:
    if first is None or second is None:
        return None
    return {"group_operator": "and", "group": [first, second]}
