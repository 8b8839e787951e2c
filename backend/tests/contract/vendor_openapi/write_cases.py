"""Calls of mass update, bulk write and custom fields, each with its operation of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.vendor_openapi.world import NOBODY, Case, World, cases
from support.bulk_writes import BulkWrites, csv_of, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.vendor_openapi.world import Json
    from support.simulator import Answer

_FIELDS = "/settings/fields"
_MASS = "/{module}/actions/mass_update"
_CHOICES = [{"display_value": "One", "actual_value": "one"}]
_MONEY = {"rounding_option": "normal", "precision": "1"}


def _mass(values: Json, **more: Json) -> Callable[[World], Answer]:
    body = {"data": [values], **more}
    return lambda w: w.call("POST", "/Deals/actions/mass_update", body=body)


def _mass_of_new(values: Json, *others: str) -> Callable[[World], Answer]:
    return lambda w: _mass(values, ids=[w.made(), *others])(w)


def _scheduled(world: World) -> Answer:
    view = world.sim.view("New ones", ids=[world.made()])
    job = _mass({"Seats": 2}, cvid=view)(world).json()["data"][0]["details"]["job_id"]
    return world.get("/Deals/actions/mass_update", job_id=job)


def _file(world: World, *rows: list[str]) -> str:
    return BulkWrites(world.calls).file_id([["id", "Seats"], *rows])


def _order(operation: str = "update", **resource: Json) -> Callable[[World], Answer]:
    def ask(world: World) -> Answer:
        given = {"find_by": "id", "file_names": ["deals.csv"], **resource}
        return BulkWrites(world.calls).create(operation, _file(world), **given)

    return ask


def _ended(world: World) -> Answer:
    bulk = BulkWrites(world.calls)
    mappings = [{"api_name": "id", "index": 0}, {"api_name": "Seats", "index": 1}]
    file_id = _file(world, [world.made(), "5"])
    created = bulk.create("update", file_id, find_by="id", field_mappings=mappings)
    job = bulk.ended(created)["id"]
    return bulk.ask("GET", f"/crm/bulk/v8/write/{job}")


def _upload(content: bytes, **headers: str | None) -> Callable[[World], Answer]:
    return lambda world: BulkWrites(world.calls).upload(content, **headers)


def _made(world: World, **row: Json) -> str:
    answer = _field(field_label=world.new_label(), data_type="text", **row)(world)
    return str(answer.json()["fields"][0]["details"]["id"])


def _field(**row: Json) -> Callable[[World], Answer]:
    return lambda w: w.call("POST", _FIELDS, body={"fields": [row]}, module="Deals")


def _new_field(data_type: str, **row: Json) -> Callable[[World], Answer]:
    return lambda w: _field(field_label=w.new_label(), data_type=data_type, **row)(w)


def _change(field_id: str | None = None, **row: Json) -> Callable[[World], Answer]:
    def ask(world: World) -> Answer:
        path = f"{_FIELDS}/{field_id or _made(world)}"
        return world.call("PATCH", path, body={"fields": [row]}, module="Deals")

    return ask


def _remove(world: World, field_id: str) -> Answer:
    return world.call("DELETE", f"{_FIELDS}/{field_id}", module="Deals")


_ZIP = packed(("deals.csv", csv_of([["id"]])))
_STRANGE_FIELD = [{"api_name": "id", "index": 0}, {"api_name": "Nowhere", "index": 1}]

WRITE_CASES: list[Case] = [
    *cases(
        "mass-update", "post", _MASS,
        ("one", 200, _mass_of_new({"Seats": 4})),
        ("no ids", 400, _mass({"Seats": 4})),
        ("unknown", 400, _mass({"Seats": 4}, ids=[NOBODY])),
        ("a strange field", 400, _mass({"Nowhere": 4}, ids=[NOBODY])),
        ("four fields", 400, _mass(
            {"Seats": 1, "Discount": 2, "Next_Step": "x", "Type": None}, ids=[NOBODY]
        )),
        ("too long", 400, _mass({"Next_Step": "x" * 101}, ids=[NOBODY])),
        ("a stage of another pipeline", 400, _mass_of_new({"Stage": "Tender Review"})),
        ("a strange module", 400, lambda w: w.call(
            "POST", "/Nowhere/actions/mass_update", body={}
        )),
    ),
    *cases(
        "mass-update", "get", _MASS,
        ("a job", 200, _scheduled),
        ("no job", 400, lambda w: w.get("/Deals/actions/mass_update")),
        ("no number", 400, lambda w: w.get("/Deals/actions/mass_update", job_id="x")),
    ),
    *cases(
        "upload", "post", "/upload",
        ("a file", 200, _upload(_ZIP)),
        ("no zip", 400, _upload(b"x")),
        ("no part", 400, _upload(_ZIP, part="other")),
        ("another feature", 400, _upload(_ZIP, feature="other")),
        ("another organisation", 400, _upload(_ZIP, **{"X-CRM-ORG": "5"})),
        ("no organisation", 400, _upload(_ZIP, **{"X-CRM-ORG": None})),
    ),
    *cases(
        "bulk-write", "post", "/write",
        ("a job", 201, _order()),
        ("a strange operation", 400, _order("delete")),
        ("no key", 400, _order(find_by=None)),
        ("no type", 400, _order(type=None)),
        ("a strange module", 400, _order(module={"api_name": "Nowhere"})),
        ("another file", 400, _order(file_names=["x.csv"])),
        ("an insert without its fields", 400, _order("insert")),
        ("a strange callback", 400, lambda w: BulkWrites(w.calls).create(
            "update", _file(w), more={"callback": {"url": "x", "method": "post"}}
        )),
        ("a strange callback method", 400, lambda w: BulkWrites(w.calls).create(
            "update", _file(w), more={"callback": {"url": "http://a.example/", "method": "get"}}
        )),
        ("a strange field", 400, _order(field_mappings=_STRANGE_FIELD)),
        ("a strange file", 400, lambda w: BulkWrites(w.calls).create("update", "5", find_by="id")),
    ),
    *cases("bulk-write", "get", "/write/{jobId}", ("ended", 200, _ended)),
    *cases(
        "fields", "post", _FIELDS,
        ("a text", 201, _new_field("text")),
        ("choices", 201, _new_field("picklist", pick_list_values=_CHOICES)),
        ("no label", 400, _field(data_type="text")),
        ("a long label", 400, _field(field_label="x" * 26, data_type="text")),
        ("a known label", 400, _field(field_label="Next Step", data_type="text")),
        ("a reserved label", 400, _field(field_label="Module", data_type="text")),
        ("a strange type", 400, _new_field("colour")),
        ("too long", 400, _new_field("text", length=256)),
        ("a precision too fine", 400, _new_field("currency", decimal_place=1, currency=_MONEY)),
        ("no size", 400, _new_field("textarea")),
        ("no choices", 400, _new_field("picklist")),
        ("two kinds of choices", 400, _new_field(
            "picklist", pick_list_values=_CHOICES, global_picklist={"id": "5"}
        )),
        ("six", 400, lambda w: w.call("POST", _FIELDS, body={"fields": [{}] * 6}, module="Deals")),
        ("no fields", 400, lambda w: w.call("POST", _FIELDS, body={}, module="Deals")),
        ("no module", 400, lambda w: w.call("POST", _FIELDS, body={})),
    ),
    *cases(
        "fields", "patch", _FIELDS,
        ("one", 200, lambda w: w.call(
            "PATCH", _FIELDS, body={"fields": [{"id": _made(w), "length": 60}]}, module="Deals"
        )),
        ("unknown", 400, lambda w: w.call(
            "PATCH", _FIELDS, body={"fields": [{"id": NOBODY}]}, module="Deals"
        )),
    ),
    *cases(
        "fields", "patch", f"{_FIELDS}/{{fieldId}}",
        ("one", 200, _change(length=60)),
        ("another type", 400, _change(data_type="date")),
        ("unknown", 400, _change(NOBODY, length=60)),
    ),
    *cases(
        "fields", "delete", f"{_FIELDS}/{{fieldId}}",
        ("one", 200, lambda w: _remove(w, _made(w))),
        ("a system field", 400, lambda w: _remove(w, w.field_id("Next_Step"))),
        ("unknown", 400, lambda w: _remove(w, NOBODY)),
    ),
]  # fmt: skip
