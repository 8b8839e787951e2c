"""Every point that no official page settles, in one place; the defaults are the likeliest reading.

Each switch can be set through the control plane while the simulator runs, so that a client can be
tested with both readings.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

SwitchValue: TypeAlias = bool | int | str


class UnknownSwitchError(LookupError):
    """There is no switch of that name."""


@dataclass(slots=True)
class Switches:
    """Unconfirmed behaviour of the CRM. Costs are in credits, statuses are HTTP statuses."""

    # Credits
    cost_list_page: int = 1
    cost_list_page_with_cvid: int = 3
    cost_list_page_with_sort: int = 1
    cost_search: int = 1
    cost_count: int = 50
    cost_bulk_read_create: int = 50
    cost_bulk_read_status: int = 1
    cost_bulk_read_download: int = 1
    cost_bulk_write_upload: int = 1
    cost_bulk_write_create: int = 500
    cost_bulk_write_status: int = 1
    cost_bulk_write_download: int = 1
    cost_mass_update: int = 1
    mass_update_rows_per_credit: int = 0
    delete_rows_per_credit: int = 100
    write_rows_per_credit: int = 10
    failed_calls_cost: int = 1
    empty_calls_are_charged: bool = True

    # Signals
    throttle_code: str = "TOO_MANY_REQUESTS"
    sends_retry_after: bool = False
    complex_write_rows_over: int = 10
    sort_is_complex: bool = True

    # OAuth
    token_error_status: int = 200
    token_throttle_status: int = 400
    throttle_text_is_new: bool = False
    live_access_tokens: int = 15
    grant_code_lifetime_s: int = 180
    refresh_answer_has_scope: bool = False
    scope_mismatch_status: int = 401

    # Reads
    unknown_id_status: int = 204
    ids_maximum: int = 50
    not_modified_status: int = 304
    if_modified_since_is_inclusive: bool = False
    stage_metadata_in_fields: bool = True
    deals_module_name: str = "Deals"
    currencies_off_status: int = 204

    # Writes
    unknown_fields_are_refused: bool = False
    write_errors_are_wrapped: bool = False
    one_lost_race_fails_the_call: bool = False
    new_picklist_values_are_accepted: bool = False
    restore_moves_modified_time: bool = False
    locking_moves_modified_time: bool = False
    layout_rules_bind_every_write: bool = False

    # Mass update
    mass_update_view_maximum: int = 50_000
    mass_update_takes_owner: bool = False
    mass_update_errors_are_wrapped: bool = True

    # Bulk write
    bulk_write_rows_maximum: int = 25_000
    bulk_write_failures: int = 0
    bulk_write_runs_automation: bool = False
    bulk_write_in_progress_has_space: bool = False
    bulk_write_missing_code: str = "RESOURCE_NOT_FOUND"
    bulk_write_result_days: int = 7
    bulk_write_result_url_is_absolute: bool = False

    # Automation
    automation_touches_field: str = ""
    automation_delay_s: int = 0

    # Deleted records
    deleted_list_filters_by_time: bool = True
    deleted_list_page_cap: int = 0
    recycle_bin_lists_module_as_object: bool = False

    # COQL, search and bulk read
    coql_select_maximum: int = 50
    coql_in_maximum: int = 50
    coql_limit_maximum: int = 2000
    coql_offset_maximum: int = 100_000
    coql_join_hops_maximum: int = 2
    search_index_lag_s: int = 5
    count_staleness_s: int = 60
    coql_empty_aggregate_is_no_content: bool = False
    bulk_read_rows_maximum: int = 200_000
    bulk_job_duration_s: int = 0
    bulk_job_polls: int = 0
    bulk_read_failures: int = 0
    bulk_read_allows_page: bool = True
    bulk_read_lower_case_id: bool = False
    bulk_read_multiselect_separator: str = ";"
    bulk_read_excludes_deal_history: bool = False

    def set(self, name: str, value: object) -> None:
        """Set one switch; its type must be that of the default (ValueError names the fix)."""
        known = {item.name for item in fields(self)}
        if name not in known:
            raise UnknownSwitchError(name)
        kind = type(getattr(self, name))
        if type(value) is not kind:
            msg = f"switch {name} takes {kind.__name__}, not {type(value).__name__}"
            raise ValueError(msg)
        setattr(self, name, value)

    def as_dict(self) -> dict[str, SwitchValue]:
        """Return every switch with its present value."""
        return {item.name: getattr(self, item.name) for item in fields(self)}
