"""The contract suite notices a wrong simulator: each planted fault makes a named test fail.

The tests are those of ``official_sdk``, called by name on a simulator with one bug. A fault that
no test notices would be a hole in the suite; so would a test that fails without a fault.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, NamedTuple

import pytest

from contract.official_sdk import (
    test_bulk_read,
    test_deleted_records,
    test_history,
    test_queries,
    test_reading_records,
    test_writing_records,
)
from support import bugs
from support.official_sdk.session import OfficialSdk
from support.tampering import (
    Fault,
    TamperedSimulator,
    in_json,
    in_rows,
    tampered_simulator,
    without_header,
    without_parameter,
)
from zoho_sim.config import Config
from zoho_sim.state.modules import ModuleStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEALS = 420
LIST = ("GET", "/v8/Deals")
SINGLE = ("GET", r"/v8/Deals/\d+")
INSERT = ("POST", "/v8/Deals")
UPDATE = ("PUT", "/v8/Deals")


class Planted(NamedTuple):
    """A fault, the test that must notice it, and words of the complaint."""

    fault: Fault
    noticed_by: Callable[..., None]
    complaint: str
    arguments: dict[str, str]


def planted(
    fault: Fault, noticed_by: Callable[..., None], complaint: str, **arguments: str
) -> Planted:
    return Planted(fault, noticed_by, complaint, arguments)


reads, writes = test_reading_records, test_writing_records
whole_module = reads.test_every_record_of_a_module_equals_the_dump_in_every_field
single = reads.test_single_records_equal_the_dump_with_their_subforms_and_system_keys
walk = reads.test_a_walk_by_token_tells_its_pages_and_ends
mixed = writes.test_each_row_of_a_mixed_batch_has_its_result_in_its_place

FAULTS = {
    "the rows are wrapped in another key": planted(
        Fault(*LIST, on_answer=in_json(bugs.wrong_wrapper)),
        whole_module,
        "finds no records among",
        module="Deals",
    ),
    "ids are numbers": planted(
        Fault(*SINGLE, on_answer=in_rows(bugs.number_for_id)), single, "no string of digits"
    ),
    "times have milliseconds": planted(
        Fault(*LIST, on_answer=in_rows(bugs.milliseconds)),
        reads.test_sorting_by_modified_time_gives_the_latest_first,
        "whole seconds",
    ),
    "times have no offset": planted(
        Fault(*SINGLE, on_answer=in_rows(bugs.no_offset)), single, "no time with offset"
    ),
    "times are local but called UTC": planted(
        Fault(*SINGLE, on_answer=in_rows(bugs.wrong_offset)), single, "Created_Time"
    ),
    "an empty list is 200 with no rows": planted(
        Fault(*LIST, on_answer=bugs.list_for_nothing),
        reads.test_a_list_without_records_is_an_empty_answer,
        "204",
    ),
    "a page token skips a record": planted(
        Fault(*LIST, on_answer=in_json(bugs.skips_a_row)),
        whole_module,
        "records are missing",
        module="Deals",
    ),
    "more_records ends a walk too early": planted(
        Fault(*LIST, on_answer=in_json(bugs.ends_too_early)),
        whole_module,
        "records are missing",
        module="Deals",
    ),
    "more_records never ends a walk": planted(
        Fault(*LIST, on_answer=in_json(bugs.never_ends)), walk, "a page was refused"
    ),
    "a lookup has no id": planted(
        Fault(*LIST, on_answer=in_rows(bugs.name_alone)),
        whole_module,
        r"Account_Name\.id",
        module="Deals",
    ),
    "a picklist shows its display value": planted(
        Fault(*LIST, on_answer=in_rows(bugs.shown_for_stored)),
        whole_module,
        "Identify Decision Makers",
        module="Deals",
    ),
    "money is rounded": planted(
        Fault(*LIST, on_answer=in_rows(bugs.rounded)),
        whole_module,
        r"Amount: the SDK has \d+",
        module="Deals",
    ),
    "empty fields are left out": planted(
        Fault(*SINGLE, on_answer=in_rows(bugs.without_nulls)),
        single,
        r"set\(\)",
    ),
    "a subform loses a row": planted(
        Fault(*SINGLE, on_answer=in_rows(bugs.first_instalment_alone)),
        single,
        "Payment_Schedule: the SDK has 1 items",
    ),
    "sort_order is overlooked": planted(
        Fault(*LIST, on_request=without_parameter("sort_order")),
        reads.test_pages_by_number_follow_each_other_in_the_order_asked,
        "At index 0 diff",
    ),
    "ids are overlooked": planted(
        Fault(*LIST, on_request=without_parameter("ids")),
        reads.test_records_are_found_by_their_ids,
        "records are missing",
    ),
    "If-Modified-Since is overlooked": planted(
        Fault(*LIST, on_request=without_header("If-Modified-Since")),
        reads.test_only_what_changed_since_is_sent,
        "Call the harbour master",
    ),
    "credits left are always announced": planted(
        Fault(*LIST, on_answer=bugs.credits_announced),
        reads.test_credits_left_are_announced_only_once_half_are_spent,
        "X-API-CREDITS-REMAINING",
    ),
    "the deleted list has no permanent deletions": planted(
        Fault("GET", "/v8/Deals/deleted", on_answer=in_json(bugs.without_purged)),
        test_deleted_records.test_the_deleted_list_holds_binned_and_purged_records,
        "Extra items in the right set",
    ),
    "COQL gives one row less than its limit": planted(
        Fault("POST", "/v8/coql", on_answer=in_json(bugs.one_short)),
        test_queries.test_coql_stops_at_its_limit_and_goes_on_from_an_offset,
        "39",
    ),
    "a count is one too high": planted(
        Fault("GET", "/v8/Deals/actions/count", on_answer=in_json(bugs.one_too_many)),
        test_queries.test_record_counts_equal_the_dump,
        r"int\(",
    ),
    "results come in another order than the rows": planted(
        Fault(*INSERT, on_answer=in_json(bugs.backwards)),
        mixed,
        r"data\[1\]\.details\.maximum_length",
    ),
    "a mixed batch is called all well": planted(
        Fault(*INSERT, on_answer=bugs.always_all_well), mixed, "207"
    ),
    "an insert is answered like an update": planted(
        Fault(*INSERT, on_answer=bugs.always_all_well),
        writes.test_an_inserted_record_holds_what_the_sdk_wrote,
        "201",
    ),
    "If-Unmodified-Since is overlooked": planted(
        Fault(*UPDATE, on_request=without_header("If-Unmodified-Since")),
        writes.test_a_guarded_update_loses_against_a_newer_edit,
        "412",
    ),
    "Modified_Time does not move": planted(
        Fault(*UPDATE, replaced=(ModuleStore, "stamp", bugs.standing_still)),
        writes.test_an_update_changes_what_it_names_and_moves_the_stamp,
        "datetime",
    ),
    "old and new values change places": planted(
        Fault("GET", r"/v8/Deals/\d+/__timeline", on_answer=in_json(bugs.old_and_new_swapped)),
        test_history.test_a_timeline_tells_who_changed_which_field_from_what_to_what,
        "Send the quote",
    ),
    "the columns of an export are shifted": planted(
        Fault("GET", r"/bulk/v8/read/\d+/result", on_answer=bugs.columns_shifted),
        test_bulk_read.test_an_export_holds_every_record_field_by_field,
        "At index 0 diff",
    ),
}


@pytest.fixture(scope="module")
def tampered() -> Iterator[TamperedSimulator]:
    with tampered_simulator(Config(deals=DEALS)) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(tampered: TamperedSimulator, tmp_path_factory: pytest.TempPathFactory) -> OfficialSdk:
    return OfficialSdk(tampered.sim, tmp_path_factory.mktemp("planted_faults"))


@pytest.fixture
def sdk(signed_in: OfficialSdk) -> OfficialSdk:
    signed_in.use()
    return signed_in


def run(check: Planted, sdk: OfficialSdk) -> None:
    """Call the test as pytest would."""
    takes = inspect.signature(check.noticed_by).parameters
    check.noticed_by(**({"sdk": sdk} if "sdk" in takes else {}), **check.arguments)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed(
    name: str, sdk: OfficialSdk, tampered: TamperedSimulator
) -> None:
    check = FAULTS[name]
    with (
        tampered.planted(check.fault),
        pytest.raises(AssertionError, match=check.complaint),
    ):
        run(check, sdk)
    assert tampered.fired > 0


@pytest.mark.parametrize(
    "check",
    {check.noticed_by: check for check in FAULTS.values()}.values(),
    ids=lambda check: check.noticed_by.__name__,
)
def test_without_a_fault_there_is_nothing_to_notice(check: Planted, sdk: OfficialSdk) -> None:
    run(check, sdk)
