"""Bugs that a simulator of the CRM could have, as changes of its answers."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any, TypeAlias

from support.tampering import answered

if TYPE_CHECKING:
    from aiohttp import web

Json: TypeAlias = Any  # whatever an answer holds


def wrong_wrapper(body: Json) -> None:
    body["records"] = body.pop("data")


def number_for_id(row: Json) -> None:
    row["id"] = int(row["id"])


def milliseconds(row: Json) -> None:
    time = row["Modified_Time"]
    row["Modified_Time"] = f"{time[:19]}.000{time[19:]}"


def no_offset(row: Json) -> None:
    row["Created_Time"] = row["Created_Time"][:19]


def wrong_offset(row: Json) -> None:
    row["Created_Time"] = row["Created_Time"][:19] + "+00:00"


def list_for_nothing(response: web.Response) -> web.Response:
    return answered(response, b'{"data": []}', 200) if response.status == 204 else response


def skips_a_row(body: Json) -> None:
    if body["info"]["page"] > 1:
        body["data"].pop(0)
        body["info"]["count"] -= 1


def ends_too_early(body: Json) -> None:
    body["info"]["more_records"] = False
    body["info"]["next_page_token"] = None


def never_ends(body: Json) -> None:
    if "info" in body and not body["info"]["more_records"]:
        body["info"]["more_records"] = True
        body["info"]["next_page_token"] = "again"


def name_alone(row: Json) -> None:
    if row.get("Account_Name"):
        row["Account_Name"] = {"name": row["Account_Name"]["name"]}


def shown_for_stored(row: Json) -> None:
    if row.get("Stage") == "Id. Decision Makers":
        row["Stage"] = "Identify Decision Makers"


def rounded(row: Json) -> None:
    if row.get("Amount"):
        row["Amount"] = round(row["Amount"])


def without_nulls(row: Json) -> None:
    for name in [name for name, value in row.items() if value is None]:
        del row[name]


def first_instalment_alone(row: Json) -> None:
    row["Payment_Schedule"] = row["Payment_Schedule"][:1]


def without_purged(body: Json) -> None:
    body["data"] = [row for row in body["data"] if row["type"] != "permanent"]
    body["info"]["count"] = len(body["data"])


def one_short(body: Json) -> None:
    body["data"].pop()
    body["info"]["count"] -= 1


def backwards(body: Json) -> None:
    body["data"].reverse()


def old_and_new_swapped(body: Json) -> None:
    for entry in body["__timeline"]:
        for history in entry["field_history"] or []:
            value = history["_value"]
            value["old"], value["new"] = value["new"], value["old"]


def one_too_many(body: Json) -> None:
    body["count"] += 1


def always_all_well(response: web.Response) -> web.Response:
    assert isinstance(response.body, bytes)
    return answered(response, response.body, 200)


def credits_announced(response: web.Response) -> web.Response:
    response.headers["X-API-CREDITS-REMAINING"] = "4711"
    return response


def columns_shifted(response: web.Response) -> web.Response:
    """Rotate the values of every row of the exported file by one column."""
    assert isinstance(response.body, bytes)
    with zipfile.ZipFile(io.BytesIO(response.body)) as archive:
        [name] = archive.namelist()
        header, *rows = csv.reader(io.StringIO(archive.read(name).decode(), newline=""))
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *([*row[1:], row[0]] for row in rows)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text.getvalue())
    shifted = answered(response, packed.getvalue())
    shifted.content_type = "application/zip"
    return shifted


def standing_still(_store: object, _record: object, _now: str) -> None:
    """Stand in for ModuleStore.stamp: Modified_Time stays."""


def unlisted_organisation(body: Json) -> None:
    body["org"] = body["org"][0]


def text_for_truth(body: Json) -> None:
    body["users"][0]["confirm"] = "true"


def rate_as_number(body: Json) -> None:
    for currency in body["currencies"]:
        currency["exchange_rate"] = float(currency["exchange_rate"])


def home_made_code(body: Json) -> None:
    body["code"] = "MISSING"


def result_without_status(body: Json) -> None:
    del body["data"][0]["status"]


def strange_state(body: Json) -> None:
    body["data"][0]["details"]["state"] = "WAITING"


def without_more_records(body: Json) -> None:
    del body["info"]["more_records"]
