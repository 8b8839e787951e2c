"""Reading records with the vendor's SDK, and comparing them with the simulator's dump."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zohocrmsdk.src.com.zoho.crm.api.record import GetRecordsParam, RecordOperations

from support.official_sdk.session import headers as header_map
from support.official_sdk.session import parameters, seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from support.official_sdk.session import OfficialSdk, Seen
    from support.official_sdk.values import Json, SdkValue

FIELDS_A_CALL = 50
# The list call cuts rich text (zoho-crm-v8.md 3.2).
RICH_TEXT_PREVIEW = 500


def list_page(module: str, *pairs: tuple[SdkValue, object], header: SdkValue = None) -> Seen:
    """Make one list call with these parameters and, if given, a (Header, value) pair."""
    given = header_map(*([header] if header else []))
    return seen(RecordOperations(module).get_records(parameters(*pairs), given))


def rows_of(answer: Seen) -> list[SdkValue]:
    """Return the records of an answer; the SDK must have recognised it as records."""
    assert (answer.status, answer.kind) == (200, "ResponseWrapper"), answer.json
    assert "data" in answer.values, f"the SDK finds no records among {list(answer.json)}"
    return list(answer.values["data"])


def pages_by_token(module: str, fields: list[str], per_page: int = 200) -> Iterator[Seen]:
    """Walk a module from its first page to its last by page token."""
    pairs: list[tuple[SdkValue, object]] = [
        (GetRecordsParam.fields, ",".join(fields)),
        (GetRecordsParam.per_page, per_page),
    ]
    answer = list_page(module, *pairs)
    yield answer
    met: set[str] = set()
    while answer.values["info"]["more_records"]:
        token = answer.values["info"]["next_page_token"]
        assert token not in met, "a page token came twice"
        met.add(token)
        answer = list_page(module, *pairs, (GetRecordsParam.page_token, token))
        assert answer.status == 200, f"a page was refused: {answer.json}"
        yield answer


def listed_names(sdk: OfficialSdk, module: str) -> list[str]:
    """Return the API names that the list call gives: all but subforms and many-to-many links."""
    [first, *_] = sdk.sim.records(module)
    linked = {
        name
        for record in sdk.sim.records(module)
        for name, value in record.items()
        if isinstance(value, list) and any("Created_Time" in row or _links(row) for row in value)
    }
    return [name for name in first if not name.startswith("$") and name not in linked]


def _links(row: Json) -> bool:
    return isinstance(row, dict) and any(isinstance(held, dict) for held in row.values())


def in_chunks(names: list[str], size: int = FIELDS_A_CALL) -> Iterable[list[str]]:
    """Split field names into lists that one call takes."""
    return (names[start : start + size] for start in range(0, len(names), size))


def as_listed(record: dict[str, Json], names: list[str]) -> dict[str, Json]:
    """Return what the list call shows of a dumped record."""
    return {name: _preview(record[name]) for name in ("id", *names)}


def _preview(value: Json) -> Json:
    return value[:RICH_TEXT_PREVIEW] if isinstance(value, str) else value


def assert_equal_to_dump(
    rows: list[SdkValue], dump: dict[str, dict[str, Json]], names: list[str]
) -> None:
    """Compare rows with the dump record by record and field by field; none too many, none missing.

    A field that is absent from a row is a difference.
    """
    by_id = {str(row["id"]): row for row in rows}
    assert len(by_id) == len(rows), "a record came twice"
    missing, strange = dump.keys() - by_id.keys(), by_id.keys() - dump.keys()
    assert not missing, f"records are missing: {sorted(missing)}"
    assert not strange, f"records should not be there: {sorted(strange)}"
    found = [
        line
        for record_id, row in by_id.items()
        for line in disagreements(row, as_listed(dump[record_id], names), record_id)
    ]
    assert found == [], found[:10]
    for row in rows:
        assert row.keys() >= set(names), f"fields are missing: {set(names) - row.keys()}"
