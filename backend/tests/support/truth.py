"""Is the mirror what the CRM is? A second reading of the values, independent of the product's own.

`differences` compares the simulator's dump with every table that holds a deal, field by field, and
replays the change log over a first snapshot. It returns sentences; an empty list is the proof.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from support.simulator import Json, SimulatorHandle

Documents = dict[int, dict[str, Json]]

NARROW = {
    "name": "Deal_Name",
    "account_id": "Account_Name",
    "amount": "Amount",
    "currency": "Currency",
    "exchange_rate": "Exchange_Rate",
    "probability": "Probability",
    "stage": "Stage",
    "closing_date": "Closing_Date",
    "owner_id": "Owner",
    "crm_created_at": "Created_Time",
    "country": "Country",
    "business_region": "Business_Region",
    "solution_type": "Solution_Type",
    "funding_type": "Type_of_Funding",
    "market_segment": "Market_Segment",
    "proposal_submitted_on": "Proposal_Submission_date",
    "po_generated_on": "PO_Generation_Date",
    "kicked_off_on": "Kick_off_Date",
    "invoiced_on": "Invoice_Date",
    "payment_received_on": "Received_On",
    "revenue_recognised_on": "OB_Recognition_Date",
}
_IDS = {"account_id", "owner_id"}
_SHOWN = 12
_STATUS = {"live": "synced", "deleted": "synced", "invisible": "error"}


def exact_json(text: str | bytes) -> Json:
    """Read JSON without rounding its numbers."""
    return json.loads(text, parse_float=Decimal)


@dataclass(frozen=True)
class Field:
    """A field as the CRM's metadata tells it."""

    kind: str
    json_kind: str

    @property
    def only_single_reads_give_it(self) -> bool:
        is_choice = self.kind in {"multiselectpicklist", "ownerlookup", "userlookup", "lookup"}
        return self.kind == "layout" or (
            self.json_kind in {"jsonarray", "jsonobject"} and not is_choice
        )


def fields_of(crm: SimulatorHandle, module: str = "Deals") -> dict[str, Field]:
    """Return the module's fields as its metadata call tells them."""
    answer = crm.request(
        "GET",
        "/crm/v8/settings/fields",
        params={"module": module},
        headers={"Authorization": f"Zoho-oauthtoken {crm.access_token()}"},
    ).json()
    return {row["api_name"]: Field(row["data_type"], row["json_type"]) for row in answer["fields"]}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def expected_value(value: Json, field_: Field) -> Json:
    """Return what a document holds for a value of the dump; None: nothing."""
    if value in (None, "", [], {}):
        return None
    match field_.kind:
        case "lookup" | "ownerlookup" | "userlookup" | "layout":
            return value["id"]
        case "datetime":
            return moment(value).strftime("%Y-%m-%dT%H:%M:%SZ")
        case "multiselectpicklist":
            return sorted(value)
        case _:
            return value


@dataclass
class Truth:
    """What the CRM holds now, ready to be compared."""

    rows: dict[int, dict[str, Json]]
    deleted: frozenset[int]
    hidden: frozenset[int]
    fields: Mapping[str, Field]

    @classmethod
    def of(cls, crm: SimulatorHandle, fields: Mapping[str, Field]) -> Self:
        """Take the dump."""
        rows = _dump(crm, hidden=False)
        return cls(
            rows,
            frozenset(int(row["id"]) for row in crm.deleted()),
            frozenset(_dump(crm, hidden=True).keys() - rows.keys()),
            fields,
        )

    def document(self, record_id: int, held: Mapping[str, Json]) -> dict[str, Json]:
        """Return the document that the mirror should hold; `held` is the one it does."""
        row = self.rows[record_id]
        wanted = {}
        for name, field_ in self.fields.items():
            if name in {"id", "Modified_Time"}:
                continue
            if field_.only_single_reads_give_it and name not in held:
                continue
            value = expected_value(row.get(name), field_)
            if value is not None:
                wanted[name] = value
        return wanted


def _dump(crm: SimulatorHandle, *, hidden: bool) -> dict[int, dict[str, Json]]:
    params = {"include": "hidden"} if hidden else None
    answer = crm.request("GET", "/__sim__/modules/Deals/records", params=params)
    rows = [exact_json(line) for line in answer.body.splitlines()]
    return {int(row["id"]): row for row in rows}


@dataclass
class Snapshot:
    """All documents right after the first full load, and where the change log stood."""

    documents: Documents
    live: set[int]
    log_id: int


@dataclass
class MirrorTables:
    """The mirror's tables, read at once."""

    documents: Documents
    status: dict[int, dict[str, Any]]
    deals: dict[int, dict[str, Any]]
    open_versions: dict[int, list[dict[str, Any]]]
    log: list[dict[str, Any]] = field(repr=False)
    faults: list[str] = field(default_factory=list)

    @property
    def live(self) -> set[int]:
        return {key for key, row in self.status.items() if row["presence"] == "live"}

    def snapshot(self) -> Snapshot:
        return Snapshot(
            {key: dict(value) for key, value in self.documents.items()},
            self.live & self.documents.keys(),
            max((row["id"] for row in self.log), default=0),
        )


_OVERLAPPING = """
SELECT a.deal_id FROM deal_versions a JOIN deal_versions b USING (deal_id)
WHERE a.valid_from >= a.valid_to OR (a.valid_from < b.valid_from AND a.valid_to > b.valid_from)
"""
# Without `valid_to`: Python knows no infinite time.
_FEW = "(%(few)s::bigint[] IS NULL OR {} = ANY(%(few)s))"
_OF_DEALS = "SELECT * FROM {0} WHERE module = 'Deals' AND " + _FEW.format("{1}")
_OPEN_VERSIONS = (
    f"SELECT deal_id, {', '.join(NARROW)} FROM deal_versions"
    f" WHERE valid_to = 'infinity' AND {_FEW.format('deal_id')}"
)


def read_mirror(database_url: str, among: Sequence[int] | None = None) -> MirrorTables:
    """Read all that the mirror holds of Deals, or of those deals only."""
    few = {"few": None if among is None else list(among)}
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        set_json_loads(exact_json, connection)
        documents = {
            row["record_id"]: row["document"]
            for row in connection.execute(_OF_DEALS.format("crm_documents", "record_id"), few)
        }
        status = _by_key(
            connection.execute(_OF_DEALS.format("record_sync_status", "zoho_record_id"), few),
            "zoho_record_id",
        )
        deals = _by_key(
            connection.execute(f"SELECT * FROM deals WHERE {_FEW.format('id')}", few), "id"
        )
        versions: dict[int, list[dict[str, Any]]] = {}
        for row in connection.execute(_OPEN_VERSIONS, few):
            versions.setdefault(row["deal_id"], []).append(row)
        log = list(
            connection.execute(_OF_DEALS.format("change_log", "record_id") + " ORDER BY id", few)
        )
        overlapping = [row["deal_id"] for row in connection.execute(_OVERLAPPING)]
    faults = [f"{deal}: versions are empty or overlap" for deal in sorted(set(overlapping))]
    return MirrorTables(documents, status, deals, versions, log, faults)


def _by_key(rows: Iterable[dict[str, Any]], key: str) -> dict[int, dict[str, Any]]:
    return {row[key]: row for row in rows}


def differences(
    truth: Truth,
    mirror: MirrorTables,
    snapshot: Snapshot | None = None,
    *,
    hidden_is_known: bool = False,
) -> list[str]:
    """Return how the mirror differs from the truth, in words; nothing means that they are equal.

    `hidden_is_known`: records hidden from the connected user must already show as such; else they
    may stand as they did before.
    """
    found = [*mirror.faults]
    forgiven = set() if hidden_is_known else truth.hidden
    found += [f"{key}: live in the CRM, not here" for key in truth.rows.keys() - mirror.live]
    found += [
        f"{key}: live here, not in the CRM" for key in mirror.live - truth.rows.keys() - forgiven
    ]
    for key in truth.rows.keys() & mirror.live:
        found += _record_differences(key, truth, mirror)
    found += _absent_differences(truth, mirror, hidden_is_known=hidden_is_known)
    for row in mirror.log:
        if row["kind"] == "updated" and row["old_value"] == row["new_value"]:
            found.append(f"log {row['id']}: {row['field']} old = new")
    if snapshot is not None:
        found += replay_differences(snapshot, mirror)
    return found


def _record_differences(key: int, truth: Truth, mirror: MirrorTables) -> list[str]:
    held = mirror.documents.get(key)
    if held is None:
        return [f"{key}: no document"]
    row, status, deal = truth.rows[key], mirror.status[key], mirror.deals.get(key)
    found = _field_differences(f"{key}", truth.document(key, held), held)
    stamp = moment(row["Modified_Time"])
    if status["crm_modified_at"] != stamp:
        found.append(f"{key}: stamp {status['crm_modified_at']} instead of {stamp}")
    if status["crm_created_at"] != moment(row["Created_Time"]):
        found.append(f"{key}: created {status['crm_created_at']}")
    if status["sync_status"] != "synced" or status["error_details"] is not None:
        found.append(f"{key}: live, yet {status['sync_status']} ({status['error_details']})")
    if status["gone_at"] is not None:
        found.append(f"{key}: live, yet gone at {status['gone_at']}")
    if deal is None:
        return [*found, f"{key}: no narrow row"]
    wanted = {column: _narrow_value(column, row.get(name)) for column, name in NARROW.items()}
    shown = {column: deal[column] for column in NARROW}
    found += _field_differences(f"{key} (deals)", wanted, shown)
    if not deal["is_live"] or deal["crm_modified_at"] != stamp:
        found.append(f"{key} (deals): live {deal['is_live']}, stamp {deal['crm_modified_at']}")
    versions = mirror.open_versions.get(key, [])
    if len(versions) != 1:
        return [*found, f"{key}: {len(versions)} open versions"]
    open_version = {column: versions[0][column] for column in NARROW}
    return found + _field_differences(f"{key} (version)", wanted, open_version)


def _narrow_value(column: str, value: Json) -> object:
    if value in (None, ""):
        return None
    if column in _IDS:
        return int(value["id"])
    if column == "crm_created_at":
        return moment(value)
    return date.fromisoformat(value) if column.endswith(("_on", "_date")) else value


def _field_differences(what: str, wanted: Mapping[str, Any], held: Mapping[str, Any]) -> list[str]:
    return [
        f"{what}: {name} is {held.get(name)!r}, not {wanted.get(name)!r}"
        for name in sorted({*wanted, *held})
        if wanted.get(name) != held.get(name)
        or isinstance(wanted.get(name), bool) != isinstance(held.get(name), bool)
    ]


def _absent_differences(truth: Truth, mirror: MirrorTables, *, hidden_is_known: bool) -> list[str]:
    found = []
    for key in mirror.status.keys() - mirror.live:
        status = mirror.status[key]
        if status["sync_status"] != _STATUS[status["presence"]]:
            found.append(f"{key}: {status['presence']}, yet {status['sync_status']}")
        if (status["error_details"] is not None) != (status["presence"] == "invisible"):
            found.append(f"{key}: {status['presence']}, with reason {status['error_details']!r}")
        if key in truth.deleted and status["presence"] != "deleted":
            found.append(f"{key}: deleted in the CRM, {status['presence']} here")
        if key in mirror.deals and mirror.deals[key]["is_live"]:
            found.append(f"{key} (deals): shown though it is gone")
        if mirror.open_versions.get(key):
            found.append(f"{key}: gone, with an open version")
    if hidden_is_known:
        for key in truth.hidden:
            presence = mirror.status.get(key, {}).get("presence", "never seen")
            if presence not in {"invisible", "never seen"}:
                found.append(f"{key}: hidden in the CRM, {presence} here")
    return found


def replay_differences(snapshot: Snapshot, mirror: MirrorTables) -> list[str]:
    """Replay the change log over the snapshot and compare with the documents of now."""
    documents = {key: dict(value) for key, value in snapshot.documents.items()}
    live = set(snapshot.live)
    for row in mirror.log:
        if row["id"] <= snapshot.log_id:
            continue
        key = row["record_id"]
        match row["kind"]:
            case "created":
                documents[key] = dict(row["new_value"] or {})
                live.add(key)
            case "deleted":
                live.discard(key)
            case "restored":
                live.add(key)
            case "dropped":
                pass  # what was given up has never been in a document
            case _:
                document = documents.setdefault(key, {})
                if document.get(row["field"]) != row["old_value"]:
                    return [f"log {row['id']}: {row['field']} was not {row['old_value']!r}"]
                document[row["field"]] = row["new_value"]
    replayed = {
        key: {name: value for name, value in document.items() if value is not None}
        for key, document in documents.items()
    }
    found = [
        f"{key}: the replayed log gives {replayed.get(key)}, the mirror {mirror.documents.get(key)}"
        for key in replayed.keys() | mirror.documents.keys()
        if replayed.get(key) != mirror.documents.get(key)
    ]
    if live != mirror.live:
        found.append(f"the replayed log leaves others alive: {sorted(live ^ mirror.live)[:_SHOWN]}")
    return found


def told(found: list[str]) -> str:
    """Return differences for a failing test's message: how many of which kind, and the first."""
    kinds = Counter(line.split(": ", 1)[-1].split(" is ")[0][:40] for line in found)
    listed = "\n  ".join(sorted(found)[:_SHOWN])
    return f"{len(found)} differences {dict(kinds.most_common(6))}:\n  {listed}"
