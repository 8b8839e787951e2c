"""What a case of the vendor's files is, and the organisation that it is asked of."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from support.crm_calls import CrmCalls
from support.vendor_openapi import Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.simulator import Answer, SimulatorHandle

Json: TypeAlias = Any  # a record, or a body

LONG_AGO = {"If-Unmodified-Since": "2020-01-01T00:00:00+08:00"}
BIN = "/settings/recycle_bin"
NOBODY = "1"
POLLS = 200


class World:
    """A simulator with what the cases need."""

    def __init__(self, sim: SimulatorHandle) -> None:
        self.sim = sim
        self.calls = CrmCalls(sim)
        self.get = self.calls.get
        self.call = self.calls.call
        self.deal: Json = sim.records()[0]
        self.layout_id: str = self.deal["Layout"]["id"]
        self._numbers = count(1)

    def new_deal(self, **values: Json) -> Json:
        """Return values of a deal that can be inserted, with a unique reference."""
        number = next(self._numbers)
        return {
            "Deal_Name": f"Case {number}",
            "Stage": "Qualification",
            "Pipeline": "Standard (Standard)",
            "External_Reference": f"CASE-{number}",
            **values,
        }

    def new_label(self) -> str:
        """Return a label that no field has."""
        return f"Label {next(self._numbers)}"

    def made(self) -> str:
        """Insert a deal and return its id."""
        answer = self.insert(self.new_deal()).json()
        return str(answer["data"][0]["details"]["id"])

    def binned(self) -> str:
        """Insert and delete a deal and return its id."""
        record_id = self.made()
        self.sim.delete(record_id)
        return record_id

    def insert(self, *rows: Json, **more: Json) -> Answer:
        return self.call("POST", "/Deals", body={"data": list(rows), **more})

    def update(self, *rows: Json, headers: dict[str, str] | None = None) -> Answer:
        return self.call("PUT", "/Deals", body={"data": list(rows)}, headers=headers)

    def upsert(self, *rows: Json, headers: dict[str, str] | None = None) -> Answer:
        body = {"data": list(rows), "duplicate_check_fields": ["External_Reference"]}
        return self.call("POST", "/Deals/upsert", body=body, headers=headers)

    def ask_bulk(self, method: str, path: str, body: object = None) -> Answer:
        headers = {
            "Authorization": f"Zoho-oauthtoken {self.calls.token}",
            "Content-Type": "application/json",
        }
        return self.sim.request(method, f"/crm/bulk/v8/read{path}", body=body, headers=headers)

    def job(self) -> str:
        """Create an export by criteria and return its id."""
        test = {"field": {"api_name": "Stage"}, "comparator": "equal", "value": "Closed Won"}
        criteria = {"group_operator": "or", "group": [test, test]}
        answer = self.export(fields=["Stage"], criteria=criteria).json()
        return str(answer["data"][0]["details"]["id"])

    def download(self) -> Answer:
        """Create an export, wait until it is completed, and fetch its file."""
        job = self.job()
        for _ in range(POLLS):
            state = self.ask_bulk("GET", f"/{job}").json()["data"][0]["state"]
            if state == "COMPLETED":
                return self.ask_bulk("GET", f"/{job}/result")
        raise AssertionError(f"job {job} is {state} after {POLLS} polls")

    def export(self, module: str = "Deals", **query: Json) -> Answer:
        body = {"query": {"module": {"api_name": module}, **query}, "file_type": "csv"}
        return self.ask_bulk("POST", "", body)

    def first(self, key: str, path: str, **params: object) -> str:
        """Return the id of the first entry that a settings call lists."""
        return str(self.get(path, **params).json()[key][0]["id"])

    def field_id(self, name: str) -> str:
        fields = self.get("/settings/fields", module="Deals").json()["fields"]
        return str(next(field["id"] for field in fields if field["api_name"] == name))


class Case(NamedTuple):
    """A call, the operation it makes, and the status it has to get."""

    name: str
    operation: Operation
    status: int
    ask: Callable[[World], Answer]


def cases(
    file: str, method: str, path: str, *asked: tuple[str, int, Callable[[World], Answer]]
) -> list[Case]:
    operation = Operation(file, method, path)
    return [Case(f"{method} {path}: {what}", operation, status, ask) for what, status, ask in asked]
