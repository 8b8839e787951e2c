"""Rights, layouts, pipelines and references: what an edit may do besides fitting its field."""

from collections.abc import Mapping

import pytest

from pulse.edits.rights import read_only_reason
from pulse.edits.rules import FieldRule, LayoutRule, PipelineRule, Rules
from pulse.edits.validation import References, Standing, check_values

PROFILE = "7001"

STAGES = (("Qualify", "Qualification"), ("Tender", "Tender review"), ("Won", "Won"))
RULES = Rules(
    fields={
        "Stage": FieldRule("Stage", "Stage", "picklist", canonical_name="Stage", options=STAGES),
        "Pipeline": FieldRule(
            "Pipeline", "Pipeline", "picklist", options=(("Std", "Standard"), ("Pub", "Public"))
        ),
        "Next_Step": FieldRule("Next_Step", "Next step", "text", length=20),
        "Partner": FieldRule("Partner", "Partner", "picklist", options=(("x", "x"), ("y", "y"))),
        "Owner": FieldRule("Owner", "Owner", "ownerlookup"),
        "Account_Name": FieldRule("Account_Name", "Account", "lookup", lookup_module="Accounts"),
        "Contact_Name": FieldRule("Contact_Name", "Contact", "lookup", lookup_module="Contacts"),
        "Total": FieldRule("Total", "Total", "formula", read_only_reason="The CRM computes it."),
    },
    layouts=(
        LayoutRule("1", frozenset({"Next_Step", "Stage"}), {"Partner": (("x", "x"),)}),
        LayoutRule("2", frozenset({"Stage"}), {}),
    ),
    pipelines=(
        PipelineRule("1", "Std", "Standard", ("Qualify", "Won")),
        PipelineRule("1", "Pub", "Public", ("Qualify", "Tender", "Won")),
    ),
)
KNOWN = References(
    users={"21": ("Mei Tan", True), "22": ("Omar Said", False)},
    accounts=frozenset({"11"}),
    holds_users=True,
    holds_accounts=True,
)
DEAL = Standing({"Stage": "Qualify", "Pipeline": "Std", "Next_Step": "Call", "Layout": "2"})


def problems(
    values: Mapping[str, object], standing: Standing = DEAL, known: References = KNOWN
) -> list[tuple[str, str, str]]:
    found = check_values(RULES, standing, values, known).problems
    return [(each.field, each.code, each.message) for each in found]


@pytest.mark.parametrize(
    ("api_name", "data_type", "document", "reason"),
    [
        ("Total", "formula", {}, "The CRM computes it."),
        ("Sum", "rollup_summary", {}, "The CRM sums it up from linked records."),
        ("Deal_Number", "autonumber", {}, "The CRM numbers its records itself."),
        ("Layout", "layout", {}, "Layouts are changed in the CRM."),
        ("Rows", "subform", {}, "Its rows are edited in the CRM."),
        ("Partners", "multiselectlookup", {}, "Its links are edited in the CRM."),
        ("Files", "fileupload", {}, "Its files are edited in the CRM."),
        ("Territory", "territories", {}, "It is edited in the CRM."),
        ("Modified_By", "ownerlookup", {}, "The CRM keeps it itself."),
        ("Locked__s", "boolean", {"read_only": True}, "The CRM keeps it itself."),
        (
            "Requirements",
            "textarea",
            {"textarea": {"type": "rich_text"}},
            "It is formatted text: edit it in the CRM, so that its formatting stays.",
        ),
        (
            "Discount",
            "percent",
            {"profiles": [{"id": PROFILE, "name": "Standard", "permission_type": "read_only"}]},
            "The CRM profile Standard, with which we write, may not change it.",
        ),
        (
            "Discount",
            "percent",
            {"field_read_only": True},
            "The CRM profile, with which we write, may not change it.",
        ),
        (
            "Score",
            "integer",
            {"operation_type": {"api_update": False}},
            "The CRM takes no change of it through its API.",
        ),
        (
            "Score",
            "integer",
            {"view_type": {"edit": False}},
            "The CRM has it on no page that edits.",
        ),
    ],
)
def test_a_field_that_cannot_be_edited_says_why(
    api_name: str, data_type: str, document: dict[str, object], reason: str
) -> None:
    assert read_only_reason(api_name, data_type, None, document, PROFILE) == reason


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"read_only": False, "textarea": {"type": "large"}, "operation_type": {"api_update": True}},
        {"profiles": [{"id": PROFILE, "name": "Standard", "permission_type": "read_write"}]},
        {"profiles": [{"id": "another", "name": "Guest", "permission_type": "hidden"}]},
    ],
)
def test_a_field_of_which_nothing_says_otherwise_can_be_edited(
    document: dict[str, object],
) -> None:
    assert read_only_reason("Next_Step", "text", "string", document, PROFILE) is None


def test_every_field_at_fault_is_named_and_the_others_are_taken() -> None:
    checked = check_values(
        RULES, DEAL, {"Colour": "red", "Total": 5, "Next_Step": "Legal review"}, KNOWN
    )
    assert checked.values == {"Next_Step": "Legal review"}
    assert [(each.field, each.label, each.code) for each in checked.problems] == [
        ("Colour", "Colour", "unknown_field"),
        ("Total", "Total", "read_only"),
    ]


def test_a_layout_requires_more_and_offers_less_than_the_module() -> None:
    in_first = Standing({"Layout": "1"})
    assert problems({"Next_Step": None, "Partner": "y"}, in_first) == [
        ("Next_Step", "mandatory", "Next step must have a value."),
        ("Partner", "no_option", "Partner has no option “y”."),
    ]
    assert problems({"Next_Step": None, "Partner": "y"}) == []


def test_of_an_unknown_layout_only_what_all_agree_on_is_required() -> None:
    unread = Standing({})
    assert problems({"Next_Step": None}, unread) == []
    assert problems({"Stage": None}, unread) == [
        ("Stage", "mandatory", "Stage must have a value."),
    ]


def test_a_stage_has_to_belong_to_the_deals_pipeline() -> None:
    [problem] = check_values(RULES, DEAL, {"Stage": "Tender"}, KNOWN).problems
    assert (problem.field, problem.code) == ("Stage", "stage_not_in_pipeline")
    assert problem.message == "The pipeline Standard has no stage Tender review."
    assert problem.fix == "Choose a stage that it has: Qualification, Won."


def test_pipeline_and_stage_can_be_changed_together() -> None:
    checked = check_values(RULES, DEAL, {"Pipeline": "Pub", "Stage": "Tender"}, KNOWN)
    assert (checked.values, checked.problems) == ({"Pipeline": "Pub", "Stage": "Tender"}, ())


def test_a_pipeline_without_the_present_stage_is_the_field_at_fault() -> None:
    at_tender = Standing({"Pipeline": "Pub", "Stage": "Qualify"}, {"Stage": "Tender"})
    assert problems({"Pipeline": "Std"}, at_tender) == [
        ("Pipeline", "stage_not_in_pipeline", "The pipeline Standard has no stage Tender review."),
    ]


def test_the_pipeline_that_a_stage_is_checked_by_may_itself_be_a_local_edit() -> None:
    moved = Standing({"Pipeline": "Std", "Stage": "Qualify"}, {"Pipeline": "Pub"})
    assert problems({"Stage": "Tender"}, moved) == []


def test_where_no_pipeline_was_read_any_stage_is_taken() -> None:
    unread = Rules(fields=RULES.fields)
    assert check_values(unread, DEAL, {"Stage": "Tender"}, KNOWN).problems == ()


def test_users_and_accounts_have_to_be_there() -> None:
    assert problems({"Owner": "23", "Account_Name": "12", "Contact_Name": "99"}) == [
        ("Owner", "unknown_reference", "Owner: the CRM has no user 23."),
        ("Account_Name", "unknown_reference", "Account: the mirror has no account 12."),
    ]
    assert problems({"Owner": "22"}) == [
        ("Owner", "inactive_user", "Owner: Omar Said is not active in the CRM."),
    ]
    assert problems({"Owner": "21", "Account_Name": {"id": "11"}}) == []


def test_where_no_users_and_accounts_were_read_any_id_is_taken() -> None:
    assert problems({"Owner": "23", "Account_Name": "12"}, known=References()) == []


def test_a_value_that_the_record_holds_already_is_never_refused() -> None:
    dirty = Standing({"Partner": "gone", "Owner": "22", "Layout": "2"})
    assert problems({"Partner": "gone", "Owner": "22"}, dirty) == []
    assert problems({"Partner": "gone"}) == [
        ("Partner", "no_option", "Partner has no option “gone”."),
    ]
