"""What the vendor's SDK hands out, as plain values, and the test that they equal the CRM's JSON.

The SDK turns ids into integers, times into datetimes and picklist values into ``Choice`` objects,
and drops what its own model does not know. ``plain`` undoes only the wrapping; ``disagreements``
compares value by value and never converts the SDK's side back into JSON.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
from zohocrmsdk.src.com.zoho.crm.api.record import Record
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json: TypeAlias = Any  # whatever an answer holds; tests compare it exactly
SdkValue: TypeAlias = Any  # the SDK has no types of its own


class Modelled(dict[str, SdkValue]):
    """An SDK object by the names that its properties have in JSON.

    ``names`` are all that the SDK's model knows there, set or not.
    """

    def __init__(self, values: dict[str, SdkValue], names: Iterable[str]) -> None:
        super().__init__(values)
        self.names = frozenset(names)


def plain(value: SdkValue) -> SdkValue:
    """Return a value of the SDK as dicts, lists, numbers, texts, dates and datetimes."""
    if isinstance(value, Choice):
        return plain(value.get_value())
    if isinstance(value, Record):
        return {name: plain(held) for name, held in value.get_key_values().items()}
    if isinstance(value, dict):
        return {name: plain(held) for name, held in value.items()}
    if isinstance(value, list):
        return [plain(held) for held in value]
    if type(value).__module__.startswith("zohocrmsdk."):
        return _object(value)
    return value


def _object(value: SdkValue) -> Modelled:
    kind = type(value)
    package = kind.__module__.rpartition(".")[0]
    details = Initializer.json_details[f"{package}.{kind.__name__}"]
    members = {
        detail["name"]: (getattr(value, f"_{kind.__name__}__{member}"), detail)
        for member, detail in details.items()
        if member != "key_modified"
    }
    held = {
        name: _member(member, detail)
        for name, (member, detail) in members.items()
        if member is not None
    }
    return Modelled(held, members)


def _member(value: SdkValue, detail: dict[str, Json]) -> SdkValue:
    if isinstance(value, dict) and "keys" in detail:
        known = [key["name"] for key in detail["keys"]]
        return Modelled({name: plain(held) for name, held in value.items()}, known)
    return plain(value)


def disagreements(sdk: SdkValue, json: Json, path: str = "$") -> list[str]:
    """Return where a plain SDK value differs from the CRM's JSON, one line each."""
    return list(_differences(sdk, json, path))


def _differences(sdk: SdkValue, json: Json, path: str) -> Iterator[str]:
    match json:
        case dict() if isinstance(sdk, dict):
            yield from _members_differ(sdk, json, path)
        case list() if isinstance(sdk, list):
            if len(sdk) != len(json):
                yield f"{path}: the SDK has {len(sdk)} items, the CRM {len(json)}"
            for place, (ours, theirs) in enumerate(zip(sdk, json, strict=False)):
                yield from _differences(ours, theirs, f"{path}[{place}]")
        case _ if not _is_same(sdk, json):
            yield f"{path}: the SDK has {sdk!r}, the CRM {json!r}"


def _members_differ(sdk: dict[str, SdkValue], json: dict[str, Json], path: str) -> Iterator[str]:
    for name in sdk.keys() - json.keys():
        yield f"{path}.{name}: the SDK has {sdk[name]!r}, the CRM no such key"
    for name, theirs in json.items():
        if name in sdk:
            yield from _differences(sdk[name], theirs, f"{path}.{name}")
        elif theirs is not None and not (isinstance(sdk, Modelled) and name not in sdk.names):
            yield f"{path}.{name}: the CRM has {theirs!r}, the SDK nothing"


def _is_same(sdk: SdkValue, json: Json) -> bool:
    match sdk:
        case datetime():
            return isinstance(json, str) and sdk == datetime.fromisoformat(json)
        case date():
            return isinstance(json, str) and sdk.isoformat() == json
        case bool() | None:
            return sdk is json
        case int() if isinstance(json, str):
            return str(sdk) == json
        case int() | float():
            return not isinstance(json, bool | str) and json is not None and sdk == json
        case _:
            return type(sdk) is type(json) and bool(sdk == json)
