"""Texts of any length may stand where deals are grouped: an index has room for their beginnings."""

import secrets

from support.synced import Synced

LONGEST = 120


def test_a_field_of_long_texts_can_stand_for_the_country_and_is_grouped_by_its_beginning(
    synced: Synced,
) -> None:
    # Of random letters: no compression makes room for them.
    long = secrets.token_hex(8_000)
    other = secrets.token_hex(2_000)
    put = synced.api.client.put("/api/crm/fields/map", json={"choices": {"Country": "Description"}})
    assert put.status_code == 200, put.text
    [first, second] = [each["id"] for each in synced.crm.records()[:2]]
    synced.crm.edit({first: {"Description": long}, second: {"Description": other}})

    for kind in ("incremental", "full"):
        session = synced.sync(kind)["session"]
        assert isinstance(session, dict)
        assert session["status"] == "completed", session

    answer = synced.api.client.get("/api/analysis/breakdown", params={"rows": "country"})
    keys = {row["heading"]["key"]: row["deals"] for row in answer.json()["rows"]}
    assert keys[long[:LONGEST]] == 1
    assert keys[other[:LONGEST]] == 1
    [(kept,)] = synced.api.sql(
        "SELECT length(document ->> 'Description') FROM crm_documents WHERE record_id = %(id)s",
        id=int(first),
    )
    assert kept == len(long)
    [(versions,)] = synced.api.sql(
        "SELECT max(length(country)) FROM deal_versions WHERE deal_id = %(id)s", id=int(first)
    )
    assert versions == LONGEST
