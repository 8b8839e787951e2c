"""Calls for records, each with the operation of the vendor's files that it makes.

Cases can be run in any order and more than once: what they change, they made themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.vendor_openapi.world import BIN, LONG_AGO, NOBODY, Case, World, cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.vendor_openapi.world import Json
    from support.simulator import Answer


def _expired_walk(world: World) -> Answer:
    page = world.get("/Deals", fields="id", per_page=10).json()
    world.sim.expire_page_tokens()
    token = page["info"]["next_page_token"]
    return world.get("/Deals", fields="id", per_page=10, page_token=token)


def _purged_and_binned(world: World) -> Answer:
    gone = world.binned()
    world.binned()
    world.sim.purge(gone)
    return world.get("/Deals/deleted", per_page=200)


def _unknown_is_refused(world: World) -> Answer:
    world.sim.switch(unknown_id_status=400)
    answer = world.get(f"/Deals/{NOBODY}")
    world.sim.switch(unknown_id_status=204)
    return answer


def _changed_timeline(world: World) -> Answer:
    target = world.made()
    world.sim.edit({target: {"Next_Step": "Measure", "Amount": 12.5}})
    return world.get(f"/Deals/{target}/__timeline")


def _emptied(world: World) -> Answer:
    world.call("POST", f"{BIN}/actions/empty", body={})
    return world.get(BIN)


def _coql(query: str) -> Callable[[World], Answer]:
    return lambda world: world.call("POST", "/coql", body={"select_query": query})


def _refused_list(**params: object) -> Callable[[World], Answer]:
    return lambda world: world.get("/Deals", **params)


def _insert(**values: Json) -> Callable[[World], Answer]:
    return lambda world: world.insert(world.new_deal(**values))


def _a_job_is_refused(**query: Json) -> Callable[[World], Answer]:
    return lambda world: world.export(**query)


_NO_TOKEN = {"Authorization": "Zoho-oauthtoken unknown"}
_LISTED = (
    "Deal_Name,Stage,Amount,Closing_Date,Account_Name,Owner,Created_Time,Modified_Time,Created_By,"
    "Modified_By,Tag,Layout,Currency,Probability"
)

RECORD_CASES: list[Case] = [
    *cases(
        "record", "get", "/{module}",
        ("a page", 200, lambda w: w.get("/Deals", fields=_LISTED, per_page=20)),
        ("the last page", 200, lambda w: w.get("/Deals", fields=_LISTED, ids=w.deal["id"])),
        ("none", 204, lambda w: w.get("/Deals", fields="id", ids=NOBODY)),
        ("no fields", 400, _refused_list()),
        ("51 fields", 400, _refused_list(fields=",".join(f"F{n}" for n in range(51)))),
        ("page 11 of 200", 400, _refused_list(fields="id", page=11)),
        ("a strange page token", 400, _refused_list(fields="id", page_token="x")),
        ("an expired page token", 400, _expired_walk),
        ("a page and a token", 400, _refused_list(fields="id", page=1, page_token="x")),
        ("a strange order", 400, _refused_list(fields="id", sort_by="Stage")),
        ("201 a page", 400, _refused_list(fields="id", per_page=201)),
        ("a strange view", 400, _refused_list(fields="id", cvid=NOBODY)),
        ("a view and an order", 400, _refused_list(fields="id", cvid=NOBODY, sort_by="id")),
        ("a strange module", 400, lambda w: w.get("/Nowhere", fields="id")),
        ("no token", 401, lambda w: w.get("/Deals", headers=_NO_TOKEN, fields="id")),
    ),
    *cases(
        "record", "get", "/{module}/{recordID}",
        ("one", 200, lambda w: w.get(f"/Deals/{w.deal['id']}")),
        ("unknown", 204, lambda w: w.get(f"/Deals/{NOBODY}")),
        ("unknown, refused", 400, _unknown_is_refused),
    ),
    *cases(
        "record", "post", "/{module}",
        ("a row", 201, _insert()),
        ("a mixed batch", 207, lambda w: w.insert(w.new_deal(), w.new_deal(Seats="x"))),
        ("a wrong type", 400, _insert(Seats="x")),
        ("no stage", 400, lambda w: w.insert({"Deal_Name": "z"})),
        ("a name too long", 400, _insert(Deal_Name="x" * 300)),
        ("two errors", 400, _insert(Seats="x", Amount="y")),
        ("an unknown account", 400, _insert(Account_Name={"id": NOBODY})),
        ("a stage of another pipeline", 400, _insert(Stage="Tender Review")),
        ("an unknown pipeline", 400, _insert(Pipeline="Nowhere")),
        ("a wrong date", 400, _insert(Closing_Date="31.12.2026")),
        ("an unknown choice", 400, _insert(Lead_Source="Nowhere")),
        ("a duplicate", 400, lambda w: [w.insert(w.new_deal(External_Reference="TWIN"))
                                        for _ in "12"][-1]),
        ("no rows", 400, lambda w: w.insert()),
        ("101 rows", 400, lambda w: w.insert(*({} for _ in range(101)))),
        ("no data", 400, lambda w: w.call("POST", "/Deals", body={})),
        ("broken JSON", 400, lambda w: w.call("POST", "/Deals", body=b"{")),
        ("a strange module", 400, lambda w: w.call("POST", "/Nowhere", body={"data": [{}]})),
        ("a strange trigger", 400, lambda w: w.insert(w.new_deal(), trigger=["x"])),
        ("no token", 401, lambda w: w.call("POST", "/Deals", body={}, headers=_NO_TOKEN)),
    ),
    *cases(
        "record", "put", "/{module}",
        ("a row", 200, lambda w: w.update({"id": w.made(), "Seats": 4})),
        ("a mixed batch", 207, lambda w: w.update({"id": w.made(), "Seats": 4}, {"id": NOBODY})),
        ("an unknown id", 400, lambda w: w.update({"id": NOBODY})),
        ("no id", 400, lambda w: w.update({"Seats": 4})),
        ("a lost race", 412, lambda w: w.update({"id": w.made(), "Seats": 4}, headers=LONG_AGO)),
        ("a wrong guard", 400, lambda w: w.update(
            {"id": w.made()}, headers={"If-Unmodified-Since": "yesterday"}
        )),
    ),
    *cases(
        "record", "put", "/{module}/{recordID}",
        *(
            (what, status, lambda w, row=row, headers=headers: w.call(
                "PUT", f"/Deals/{w.made()}", body={"data": [row]}, headers=headers
            ))
            for what, status, row, headers in (
                ("a row", 200, {"Seats": 4}, {}),
                ("a wrong type", 400, {"Seats": "x"}, {}),
                ("a lost race", 412, {"Seats": 4}, LONG_AGO),
            )
        ),
        ("an unknown id", 400, lambda w: w.call(
            "PUT", f"/Deals/{NOBODY}", body={"data": [{"Seats": 4}]}
        )),
    ),
    *cases(
        "record", "post", "/{module}/upsert",
        ("a row", 200, lambda w: w.upsert(w.new_deal())),
        ("a mixed batch", 207, lambda w: w.upsert(w.new_deal(), w.new_deal(Seats="x"))),
        ("a wrong type", 400, lambda w: w.upsert(w.new_deal(Seats="x"))),
        ("a lost race", 412, lambda w: [
            w.upsert(w.new_deal(External_Reference="RACE"), headers=headers)
            for headers in ({}, LONG_AGO)
        ][-1]),
        ("a strange check", 400, lambda w: w.call("POST", "/Deals/upsert", body={
            "data": [w.new_deal()], "duplicate_check_fields": ["Nowhere"],
        })),
    ),
    *cases(
        "record", "delete", "/{module}",
        ("an id", 200, lambda w: w.call("DELETE", "/Deals", ids=w.made())),
        ("a mixed batch", 207, lambda w: w.call("DELETE", "/Deals", ids=f"{w.made()},{NOBODY}")),
        ("an unknown id", 400, lambda w: w.call("DELETE", "/Deals", ids=NOBODY)),
        ("no ids", 400, lambda w: w.call("DELETE", "/Deals")),
    ),
    *cases(
        "record", "delete", "/{module}/{recordID}",
        ("one", 200, lambda w: w.call("DELETE", f"/Deals/{w.made()}")),
        ("unknown", 400, lambda w: w.call("DELETE", f"/Deals/{NOBODY}")),
    ),
    *cases(
        "record", "get", "/{module}/deleted",
        ("both kinds", 200, _purged_and_binned),
        ("past the end", 204, lambda w: w.get("/Deals/deleted", page=99)),
        ("a strange kind", 400, lambda w: w.get("/Deals/deleted", type="x")),
        ("a strange module", 400, lambda w: w.get("/Nowhere/deleted")),
    ),
    *cases(
        "recycle-bin", "get", BIN,
        ("a page", 200, lambda w: [w.binned(), w.get(BIN)][-1]),
        ("empty", 204, _emptied),
    ),
    *cases("recycle-bin", "get", f"{BIN}/actions/count",
            ("all", 200, lambda w: w.get(f"{BIN}/actions/count"))),
    *cases("recycle-bin", "post", f"{BIN}/actions/empty",
            ("all", 200, lambda w: w.call("POST", f"{BIN}/actions/empty", body={}))),
    *cases(
        "recycle-bin", "get", f"{BIN}/{{recordId}}",
        ("one", 200, lambda w: w.get(f"{BIN}/{w.binned()}")),
        ("unknown", 400, lambda w: w.get(f"{BIN}/{NOBODY}")),
    ),
    *cases(
        "recycle-bin", "delete", f"{BIN}/{{recordId}}",
        ("one", 200, lambda w: w.call("DELETE", f"{BIN}/{w.binned()}")),
        ("unknown", 400, lambda w: w.call("DELETE", f"{BIN}/{NOBODY}")),
    ),
    *cases(
        "recycle-bin", "delete", BIN,
        ("an id", 200, lambda w: w.call("DELETE", BIN, ids=w.binned())),
        ("a mixed batch", 207, lambda w: w.call("DELETE", BIN, ids=f"{w.binned()},{NOBODY}")),
        ("an unknown id", 400, lambda w: w.call("DELETE", BIN, ids=NOBODY)),
        ("no ids", 400, lambda w: w.call("DELETE", BIN)),
    ),
    *cases(
        "recycle-bin", "post", f"{BIN}/actions/restore",
        *(
            (what, status, lambda w, ids=ids: w.call("POST", f"{BIN}/actions/restore", body={
                "ids": [w.binned() if record_id == "binned" else record_id for record_id in ids]
            }))
            for what, status, ids in (
                ("an id", 200, ["binned"]),
                ("a mixed batch", 207, ["binned", NOBODY]),
                ("an unknown id", 400, [NOBODY]),
                ("no ids", 400, []),
            )
        ),
    ),
    *cases(
        "recycle-bin", "post", f"{BIN}/{{recordId}}/actions/restore",
        ("one", 200, lambda w: w.call("POST", f"{BIN}/{w.binned()}/actions/restore", body={})),
        ("unknown", 400, lambda w: w.call("POST", f"{BIN}/{NOBODY}/actions/restore", body={})),
    ),
    *cases(
        "coql", "post", "/coql",
        ("rows", 200, _coql("select Deal_Name, Owner, Amount from Deals where id > 1 limit 5")),
        ("groups", 200, _coql(
            "select Stage, COUNT(id) as n from Deals where id > 1 group by Stage"
        )),
        ("none", 204, _coql("select id from Deals where Deal_Name = 'zz'")),
        ("no where", 400, _coql("select id from Deals")),
        ("a strange column", 400, _coql("select Nowhere from Deals where id > 1")),
        ("a strange module", 400, _coql("select id from Nowhere where id > 1")),
        ("a limit too high", 400, _coql("select id from Deals where id > 1 limit 3000")),
        ("no query", 400, lambda w: w.call("POST", "/coql", body={})),
    ),
    *cases(
        "record-count", "get", "/{moduleApiName}/actions/count",
        ("all", 200, lambda w: w.get("/Deals/actions/count")),
        ("a strange module", 400, lambda w: w.get("/Nowhere/actions/count")),
        ("a view and a word", 400, lambda w: w.get("/Deals/actions/count", cvid="1", word="abc")),
    ),
    *cases(
        "timelines", "get", "/{module}/{recordId}/__timeline",
        ("changes", 200, _changed_timeline),
        ("past the end", 204, lambda w: w.get(f"/Deals/{w.deal['id']}/__timeline", page=50)),
        ("unknown", 400, lambda w: w.get(f"/Deals/{NOBODY}/__timeline")),
        ("a strange order", 400, lambda w: w.get(f"/Deals/{w.deal['id']}/__timeline", sort_by="x")),
    ),
    *cases(
        "related-records", "get", "/{parentRecordModule}/{parentRecord}/{relatedList}",
        ("stages", 200, lambda w: w.get(
            f"/Deals/{w.deal['id']}/Stage_History", fields="Stage,Modified_Time,Moved_To__s"
        )),
        ("no fields", 400, lambda w: w.get(f"/Deals/{w.deal['id']}/Stage_History")),
        ("unknown", 204, lambda w: w.get(f"/Deals/{NOBODY}/Stage_History", fields="Stage")),
    ),
    *cases(
        "bulk-read", "post", "/read",
        ("a job", 201, lambda w: w.export(fields=["Stage"])),
        ("a strange module", 400, lambda w: w.export("Nowhere")),
        ("a strange field", 400, _a_job_is_refused(fields=["Nowhere"])),
        ("a strange criterion", 400, _a_job_is_refused(
            criteria={"field": {"api_name": "Nowhere"}, "comparator": "equal", "value": "x"}
        )),
        ("page 9999", 400, _a_job_is_refused(page=9999)),
        ("a strange page token", 400, lambda w: w.ask_bulk(
            "POST", "", {"query": {"page_token": "x"}}
        )),
        ("no query", 400, lambda w: w.ask_bulk("POST", "", {})),
        ("no body", 400, lambda w: w.ask_bulk("POST", "", b"")),
        ("broken JSON", 400, lambda w: w.ask_bulk("POST", "", b"{")),
    ),
    *cases(
        "bulk-read", "get", "/read/{jobId}",
        ("one", 200, lambda w: w.ask_bulk("GET", f"/{w.job()}")),
        ("unknown", 404, lambda w: w.ask_bulk("GET", f"/{NOBODY}")),
    ),
    *cases("bulk-read", "get", "/read/{jobId}/result",
            ("a file", 200, lambda w: w.download()),
            ("unknown", 404, lambda w: w.ask_bulk("GET", f"/{NOBODY}/result"))),
]  # fmt: skip
