"""A workflow rule of the organisation: after a write through the API it changes one more field.

The switch ``automation_touches_field`` names the field. The rule writes as the user who set it off,
with the source ``workflow``, so that the timeline has a second entry; it does not set itself off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.state.edits import Author, edit_record
from zoho_sim.state.fields import DataType, Field, JsonValue

if TYPE_CHECKING:
    from zoho_sim.behaviour.agenda import Agenda
    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

SOURCE = "workflow"
_NUMBERS = (DataType.INTEGER, DataType.DOUBLE, DataType.CURRENCY, DataType.PERCENT)
_TEXTS = (DataType.TEXT, DataType.TEXTAREA)


class Workflow:
    """Runs the rule, in the second of the write or ``automation_delay_s`` later."""

    def __init__(self, organisation: Organisation, switches: Switches, agenda: Agenda) -> None:
        self._organisation = organisation
        self._switches = switches
        self._agenda = agenda
        self._runs = 0

    def after_write(self, store: ModuleStore, record: Record) -> None:
        """Let the rule act on a record that was just written, if the module has its field."""
        if self._switches.automation_touches_field not in store.fields:
            return
        if self._switches.automation_delay_s > 0:
            record_id = record.id
            delay_s = self._switches.automation_delay_s
            self._agenda.add(delay_s, lambda: self._run(store, record_id))
        else:
            self._run(store, record.id)

    def _run(self, store: ModuleStore, record_id: str) -> None:
        field = store.fields.get(self._switches.automation_touches_field)
        record = store.records.get(record_id)
        if field is None or record is None:
            return
        self._runs += 1
        value = self._next(field, record.values[field.position])
        author = Author(self._organisation.api_user, SOURCE)
        edit_record(self._organisation, store, record, {field: value}, author)

    def _next(self, field: Field, current: JsonValue) -> JsonValue:
        """Return a value that differs from the present one."""
        match field.data_type:
            case kind if kind in _TEXTS:
                return f"Workflow run {self._runs}"
            case kind if kind in _NUMBERS:
                return (current or 0) + 1
            case DataType.BOOLEAN:
                return not current
            case DataType.PICKLIST:
                values = [option.actual_value for option in field.options]
                place = values.index(current) + 1 if current in values else 0
                return values[place % len(values)]
            case DataType.DATETIME:
                return self._organisation.now()
            case _:
                return self._organisation.now()[:10]
