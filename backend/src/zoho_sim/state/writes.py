"""A row from outside: every field checked, then what fields demand of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Field, JsonObject, JsonValue
from zoho_sim.state.values import Given, ValueRefusedError, wire_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

_MAXIMUM_PERCENT = 100
_APPEND = "$append_values"


@dataclass(frozen=True, slots=True)
class RowError:
    """One reason why a row is refused, in the words of the CRM."""

    code: str
    message: str
    details: JsonObject


class RowRefusedError(Exception):
    """A row is refused; several reasons come together."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__(errors[0].code)
        self.errors = errors


class RowReader:
    """Reads rows of one module for one organisation, under its switches."""

    def __init__(self, organisation: Organisation, store: ModuleStore, switches: Switches) -> None:
        self._organisation = organisation
        self._store = store
        self._switches = switches

    def read(self, row: JsonObject, place: int, current: Record | None) -> dict[Field, JsonValue]:
        """Return the row's values by field, wire-ready, or raise RowRefusedError.

        ``current`` is the record to be changed, None for an insert. Read-only fields are passed
        over, unknown ones too unless the switch refuses them.
        """
        values: dict[Field, JsonValue] = {}
        errors: list[RowError] = []
        appends = row.get(_APPEND) or {}
        for name, given in row.items():
            field = self._store.fields.get(name)
            if field is None:
                if self._switches.unknown_fields_are_refused and not name.startswith(("$", "_")):
                    errors.append(_unknown_field(name, place))
                continue
            if field.read_only or field.data_type in (DataType.FORMULA, DataType.SYSTEM_ID):
                continue
            before = None if current is None else current.values[field.position]
            try:
                values[field] = wire_value(
                    Given(
                        self._organisation,
                        field,
                        given,
                        before,
                        new_options=self._switches.new_picklist_values_are_accepted,
                        appends=appends.get(name) is True,
                    )
                )
            except ValueRefusedError as refused:
                errors.append(_refused(field, place, refused))
        checks_layout = "Layout" in row or self._switches.layout_rules_bind_every_write
        errors += self._missing(values, place, current, errors, checks_layout=checks_layout)
        if not errors:
            errors += self._mismatches(values, place, current)
            errors += self._duplicates(values, place, current)
        if errors:
            raise RowRefusedError(errors)
        return values

    def _missing(
        self,
        values: Mapping[Field, JsonValue],
        place: int,
        current: Record | None,
        errors: list[RowError],
        *,
        checks_layout: bool,
    ) -> list[RowError]:
        """Mandatory fields that an insert leaves out, or that a write empties."""
        demands = self._organisation.protections.demands
        refused = {error.details.get("api_name") for error in errors}
        missing = []
        for field in self._store.fields.values():
            is_demanded = checks_layout and demands(self._store.api_name, field.role)
            if not (field.mandatory or is_demanded) or field.api_name in refused:
                continue
            is_given = field in values
            if (current is None and not is_given) or (is_given and values[field] is None):
                missing.append(
                    RowError(
                        "MANDATORY_NOT_FOUND",
                        "required field not found",
                        _where(field.api_name, place),
                    )
                )
        return missing

    def _mismatches(
        self, values: Mapping[Field, JsonValue], place: int, current: Record | None
    ) -> list[RowError]:
        errors = []
        roles = self._store.by_role
        stage, pipeline, chance = (roles.get(r) for r in ("Stage", "Pipeline", "Probability"))
        if stage is not None and pipeline is not None and (stage in values or pipeline in values):
            chosen = self._organisation.pipeline(_after(values, current, pipeline) or "")
            wanted = _after(values, current, stage)
            if chosen is not None and wanted is not None and not chosen.has_stage(wanted):
                errors.append(
                    RowError(
                        "INVALID_DATA",
                        "Pipeline doesn't contain the Stage",
                        _where(stage.api_name, place),
                    )
                )
        if chance is not None:
            percent = values.get(chance)
            if percent is not None and not 0 <= percent <= _MAXIMUM_PERCENT:
                errors.append(
                    RowError(
                        "INVALID_DATA",
                        "Given Probability is not valid",
                        _where(chance.api_name, place),
                    )
                )
        return errors

    def _duplicates(
        self, values: Mapping[Field, JsonValue], place: int, current: Record | None
    ) -> list[RowError]:
        errors = []
        for field, value in values.items():
            if not field.unique or value is None:
                continue
            existing = self._store.find(field, value)
            if existing is not None and existing is not current:
                errors.append(
                    RowError(
                        "DUPLICATE_DATA",
                        "duplicate data",
                        {
                            **_where(field.api_name, place),
                            "id": existing.id,
                            "duplicate_record": self._duplicate(existing),
                            "more_records": False,
                        },
                    )
                )
        return errors

    def _duplicate(self, existing: Record) -> JsonObject:
        owner = existing.values[self._store.by_role["Owner"].position]
        user = self._organisation.users[owner["id"]]
        return {
            "id": existing.id,
            "Owner": {**user.reference, "zuid": user.zuid},
            "module": {"api_name": self._store.api_name, "id": self._store.id},
        }


def _after(values: Mapping[Field, JsonValue], current: Record | None, field: Field) -> JsonValue:
    if field in values or current is None:
        return values.get(field)
    return current.values[field.position]


def _where(api_name: str, place: int, inner_path: str = "") -> JsonObject:
    return {"api_name": api_name, "json_path": f"$.data[{place}].{api_name}{inner_path}"}


def _unknown_field(name: str, place: int) -> RowError:
    return RowError(
        "INVALID_DATA", "the field api name given seems to be invalid", _where(name, place)
    )


def _refused(field: Field, place: int, refused: ValueRefusedError) -> RowError:
    where = _where(field.api_name, place, refused.inner_path)
    if refused.inner_path:
        where["api_name"] = refused.inner_path.rsplit(".", 1)[-1]
    return RowError("INVALID_DATA", refused.message, {**refused.details, **where})
