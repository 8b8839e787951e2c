"""A field renamed, added or removed in the CRM between two runs breaks nothing and is reported."""

from support.engine import FULL, QUICK, Engine
from support.truth import told

_LATER_S = 600


def _reported(engine: Engine) -> list[tuple[str, str]]:
    rows = engine.sql("SELECT kind, api_name FROM schema_events ORDER BY id")
    return [(row["kind"], row["api_name"]) for row in rows]


def _first(engine: Engine) -> str:
    return str(engine.crm.records()[0]["id"])


def _edited(engine: Engine, **values: object) -> None:
    engine.crm.advance(_LATER_S)
    engine.crm.edit({_first(engine): values})


def test_renamed_field_keeps_its_values_under_the_new_name(engine: Engine) -> None:
    engine.completed(FULL)
    _edited(engine, Next_Step="before")
    engine.completed(QUICK)
    engine.crm.control("POST", "/modules/Deals/fields/Next_Step/rename", {"api_name": "Next_Move"})
    _edited(engine, Next_Move="after")
    engine.refresh()
    session = engine.completed(QUICK)
    assert session["metadata"]["counts"]["changed"] == 1
    assert _reported(engine) == [("renamed", "Next_Move")]
    assert (found := engine.differences()) == [], told(found)


def test_added_field_is_filled_for_all_by_the_next_full_sync(engine: Engine) -> None:
    engine.completed(FULL)
    field = {"api_name": "Code", "label": "Code", "data_type": "text", "length": 50}
    engine.crm.control("POST", "/modules/Deals/fields", field)
    _edited(engine, Code="K-1")
    engine.refresh()
    engine.completed(QUICK)
    assert _reported(engine) == [("added", "Code")]
    assert (found := engine.differences()) == [], told(found)


def test_removed_field_leaves_the_mirror_without_its_values(engine: Engine) -> None:
    engine.completed(FULL)
    engine.crm.control("DELETE", "/modules/Deals/fields/Lead_Source")
    _edited(engine, Next_Step="after the removal")
    engine.refresh()
    engine.completed(QUICK)
    assert _reported(engine) == [("removed", "Lead_Source")]
    held = engine.mirror().documents[int(_first(engine))]
    assert held["Next_Step"] == "after the removal"


def test_field_that_vanished_since_the_last_reading_of_fields_stops_no_sync(
    engine: Engine,
) -> None:
    engine.completed(FULL)
    engine.crm.control("DELETE", "/modules/Deals/fields/Lead_Source")
    _edited(engine, Next_Step="within the hour")
    session = engine.sync(QUICK)
    assert (session["status"], session["error_code"]) == ("completed", None)
    told_so = "Fields have changed in the CRM: starting over with those it has now."
    assert told_so in engine.log(session["id"])
    assert _reported(engine) == [("removed", "Lead_Source")]
    assert engine.mirror().documents[int(_first(engine))]["Next_Step"] == "within the hour"
