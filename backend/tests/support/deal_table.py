"""Six deals and what they name, and the questions that tests ask of the table of deals."""

from datetime import date, timedelta
from typing import Any

import psycopg

from support.api import Api
from support.deal_rows import STAMP, currency_rows, deal_rows, insert

Connection = psycopg.Connection[Any]


def field_row(field_id: int, api_name: str, data_type: str, **other: object) -> dict[str, object]:
    return {
        "module": "Deals",
        "field_id": field_id,
        "api_name": api_name,
        "label": api_name.replace("_", " "),
        "data_type": data_type,
        "is_custom": True,
        "is_read_only": False,
        "is_mandatory": False,
        "document": {},
        **other,
    }


STAGES = [
    ("Qualify", "Qualification", 20, "Open"),
    ("Propose", "Proposal", 50, "Open"),
    ("Won", "Closed Won", 100, "Closed Won"),
    ("Lost", "Closed Lost", 0, "Closed Lost"),
]
STAGE_FIELD = field_row(
    1,
    "Stage",
    "picklist",
    document={
        "pick_list_values": [
            {
                "actual_value": value,
                "display_value": label,
                "probability": probability,
                "forecast_type": forecast,
                "sequence_number": place,
            }
            for place, (value, label, probability, forecast) in enumerate(STAGES, 1)
        ]
    },
)
FIELDS = [
    STAGE_FIELD,
    field_row(2, "Seats", "integer"),
    field_row(
        3,
        "Technologies",
        "multiselectpicklist",
        json_type="jsonarray",
        document={
            "pick_list_values": [
                {"actual_value": "AWS", "display_value": "Amazon"},
                {"actual_value": "SAP", "display_value": "SAP"},
            ]
        },
    ),
    field_row(4, "Strategic", "boolean"),
    field_row(5, "Next_Review", "datetime"),
    field_row(6, "Sales_Engineer", "userlookup", json_type="jsonobject"),
    field_row(7, "Partners", "subform", json_type="jsonarray"),
    field_row(8, "Next_Step", "text"),
    field_row(9, "Renewal", "date"),
    field_row(10, "Gone", "text", removed_at=STAMP),
]
DEALS: list[dict[str, object]] = [
    {
        "id": 101,
        "name": "alpha rollout",
        "account_id": 11,
        "owner_id": 21,
        "amount": "1000",
        "currency": "SGD",
        "probability": 20,
        "stage": "Qualify",
        "closing_date": date(2026, 3, 31),
        "country": "Singapore",
        "crm_modified_at": STAMP,
        "document": {
            "Seats": 30,
            "Technologies": ["AWS", "SAP"],
            "Strategic": True,
            "Next_Review": "2026-03-01T16:30:00Z",
            "Sales_Engineer": "21",
            "Partners": [{"id": "1"}, {"id": "2"}],
            "Next_Step": "Call Mei",
            "Renewal": "2027-01-01",
        },
    },
    {
        "id": 102,
        "name": "Beta refresh",
        "account_id": 12,
        "owner_id": 22,
        "amount": "300",
        "currency": "USD",
        "exchange_rate": "0.5",
        "probability": 50,
        "stage": "Propose",
        "closing_date": date(2026, 4, 1),
        "country": "Malaysia",
        "crm_modified_at": STAMP + timedelta(hours=2),
        "document": {"Seats": 4, "Technologies": ["SAP"], "Strategic": False},
    },
    {
        "id": 103,
        "name": "Gamma 100 % pilot",
        "account_id": 12,
        "amount": "80",
        "currency": "USD",
        "probability": 100,
        "stage": "Won",
        "closing_date": date(2026, 1, 10),
        "crm_modified_at": STAMP + timedelta(hours=1),
        "sync_status": "conflict",
        "document": {"Seats": "dirty"},
    },
    {
        "id": 104,
        "name": "Delta",
        "amount": "7",
        "currency": "LKR",
        "probability": 0,
        "stage": "Lost",
        "crm_modified_at": STAMP,
    },
    {
        "id": 105,
        "name": "Epsilon",
        "amount": "5000",
        "currency": "SGD",
        "crm_modified_at": STAMP,
        "presence": "deleted",
        "gone_at": STAMP,
    },
    {
        "id": 106,
        "name": "Zeta",
        "amount": "9000",
        "currency": "SGD",
        "crm_modified_at": STAMP,
        "presence": "invisible",
        "sync_status": "error",
        "error_details": "No longer shown to the connected user.",
        "gone_at": STAMP,
    },
]


def store_table(connection: Connection) -> None:
    """Write six deals as the engine would have, with the fields, people and rates they name."""
    currency_rows(connection, "SGD", {"USD": "0.8", "LKR": "0"})
    insert(
        connection,
        "field_map",
        [
            {
                "module": "Deals",
                "canonical_name": "Stage",
                "api_name": "Stage",
                "is_chosen": False,
            }
        ],
    )
    insert(connection, "crm_fields", FIELDS)
    insert(
        connection,
        "accounts",
        [{"id": 11, "name": "Orchid Airways", "crm_modified_at": STAMP}],
    )
    insert(connection, "lookup_names", [{"id": 12, "name": "Kaveri Power"}])
    insert(
        connection,
        "crm_users",
        [
            {"id": 21, "full_name": "Priya Menon", "is_active": True, "document": {}},
            {"id": 22, "full_name": "arjun Rao", "is_active": True, "document": {}},
        ],
    )
    deal_rows(connection, DEALS)


def ids(api: Api, **params: object) -> list[int]:
    answer = api.client.get("/api/deals", params=params)  # type: ignore[arg-type] # as httpx takes it
    assert answer.status_code == 200, answer.text
    return [int(row["id"]) for row in answer.json()["items"]]


def summary(api: Api, **params: object) -> dict[str, Any]:
    answer = api.client.get("/api/deals/summary", params=params)  # type: ignore[arg-type] # as above
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def facet(api: Api, **params: object) -> list[tuple[str, str | None, int]]:
    answer = api.client.get("/api/deals/facets", params=params)  # type: ignore[arg-type] # as above
    assert answer.status_code == 200, answer.text
    return [(each["value"], each["label"], each["count"]) for each in answer.json()["values"]]


def problem(api: Api, path: str, **params: object) -> tuple[int, str, object]:
    answer = api.client.get(path, params=params)  # type: ignore[arg-type] # as above
    told = answer.json()
    return answer.status_code, told["code"], told.get("field", told.get("column"))
