"""The log of a run names its steps, tells each batch, and says when it had to wait."""

from support.engine import FULL, QUICK, Engine, Row


def lines(engine: Engine, session: Row) -> list[tuple[object, ...]]:
    rows = engine.sql(
        "SELECT step, status, message, record_count FROM sync_status_log WHERE session_id = %s"
        " ORDER BY id",
        session["id"],
    )
    return [tuple(row.values()) for row in rows]


def test_a_first_load_tells_plan_count_slices_and_end(larger_engine: Engine) -> None:
    session = larger_engine.completed(FULL)

    start, cursor, plan, *rest = lines(larger_engine, session)

    assert start == ("start", "in_progress", "Started.", None)
    assert cursor[:2] == ("start", "in_progress")
    assert str(cursor[2]).endswith("Changes made meanwhile are replayed at the end")
    seconds = session["metadata"]["plan"]["seconds"]
    credits_ = session["metadata"]["plan"]["credits"]
    assert plan == (
        "plan",
        "in_progress",
        f"COQL, 2 parallel slices, {credits_} credits, about {seconds:,.1f} s",
        None,
    )
    assert rest[0] == ("count", "in_progress", "2,001 deals in 2 slices by ID", None)
    assert sorted(rest[1:3]) == [
        ("slice 1", "in_progress", "Done, 1,000 loaded", 1_000),
        ("slice 2", "in_progress", "Done, 1,001 loaded", 1_001),
    ]
    assert [line[0] for line in rest[3:]] == ["changes", "deleted", "done"]
    assert rest[-1] == ("done", "completed", "Full sync completed: 2,001 new.", 2_001)
    positions = {key: value["rows"] for key, value in session["checkpoint"].items()}
    assert positions == {"slice 1": 1_000, "slice 2": 1_001}


def test_a_second_load_says_what_was_known_already(engine: Engine) -> None:
    engine.completed(FULL)

    told = lines(engine, engine.completed(FULL))

    assert (
        "slice 1",
        "in_progress",
        "Done, 60 loaded, 60 of the last 60 unchanged",
        60,
    ) in told


def test_a_quick_sync_tells_what_it_read_changed_and_buried(engine: Engine) -> None:
    engine.completed(FULL)
    edited, deleted = (str(deal["id"]) for deal in engine.crm.records()[:2])
    engine.crm.advance(300)
    engine.crm.edit({edited: {"Deal_Name": "Edited elsewhere"}})
    engine.crm.delete(deleted)

    told = lines(engine, engine.completed(QUICK))

    assert told[2:] == [
        ("changes", "in_progress", "1 read, 1 changed", 1),
        ("deleted", "in_progress", "1 deleted", 1),
        ("done", "completed", "Quick sync completed: 1 changed, 1 deleted.", 2),
    ]


def test_an_idle_quick_sync_says_that_there_was_nothing(engine: Engine) -> None:
    engine.completed(FULL)
    engine.crm.advance(300)

    told = lines(engine, engine.completed(QUICK))

    assert [line[:3] for line in told[2:]] == [
        ("changes", "in_progress", "None"),
        ("deleted", "in_progress", "None"),
        ("done", "completed", "Quick sync completed: nothing changed."),
    ]


def test_a_call_that_must_wait_is_told_under_the_slice_that_it_holds_up(
    larger_engine: Engine,
) -> None:
    larger_engine.crm.fault("status", route="coql.query", after=3, count=1, status=429)

    session = larger_engine.completed(FULL, source="coql")

    [waited] = larger_engine.sql(
        "SELECT step, message, record_count, api_response FROM sync_status_log"
        " WHERE session_id = %s AND status = 'waited'",
        session["id"],
    )
    assert waited["step"] in {"slice 1", "slice 2"}
    wait_s = waited["api_response"]["wait_s"]
    assert waited["api_response"] == {"status": 429, "wait_s": wait_s}
    assert waited["message"] == f"CRM answered 429. Waiting {wait_s:.1f} s, then asking again"
