from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from support.small_organisation import add, small_organisation
from zoho_sim.bulk_read.criteria import bind_fields
from zoho_sim.bulk_read.csv_file import capture, layout_of, zip_of

if TYPE_CHECKING:
    from zoho_sim.state.organisation import Organisation


def exported(
    organisation: Organisation, fields: list[str], *, id_name: str = "Id", separator: str = ";"
) -> list[list[str]]:
    deals = organisation.module("Deals")
    columns = bind_fields(organisation, deals, fields)
    layout = layout_of(columns, id_name=id_name, separator=separator)
    packed = zip_of(layout, capture(layout, deals.records.values()), "job.csv")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["job.csv"]
        text = archive.read("job.csv").decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def test_cells_are_spelled_by_type_and_empty_values_are_empty_cells() -> None:
    organisation = small_organisation()
    account = add(organisation, "Accounts", Account_Name="Acme, Inc")
    deal = add(
        organisation,
        "Deals",
        Deal_Name='say "hi"\nthere',
        Amount=10.5,
        Closing_Date="2026-05-01",
        Account_Name=organisation.module("Accounts").reference(account),
        Regions=["North", "So,uth"],
        Is_Strategic=True,
        Ledger_Number="12",
        Tag=[{"name": "hot", "id": "1"}, {"name": "new", "id": "2"}],
    )
    bare = add(organisation, "Deals")
    fields = [
        "id",
        "Deal_Name",
        "Amount",
        "Closing_Date",
        "Account_Name",
        "Account_Name.Account_Name",
        "Owner",
        "Created_Time",
        "Regions",
        "Is_Strategic",
        "Ledger_Number",
        "Tag",
    ]
    owner, created = "5540230000000000021", "2026-03-01T20:00:00+08:00"
    assert exported(organisation, fields) == [
        ["Id", *fields[1:]],
        [
            deal.id,
            'say "hi"\nthere',
            "10.5",
            "2026-05-01",
            account.id,
            "Acme, Inc",
            owner,
            created,
            "North;So,uth",
            "true",
            "12",
            "hot;new",
        ],
        [bare.id, "", "", "", "", "", owner, created, "", "", "", ""],
    ]
    assert exported(organisation, ["Regions"], id_name="id", separator="|")[:2] == [
        ["id", "Regions"],
        [deal.id, "North|So,uth"],
    ]


def test_no_fields_means_every_field_but_subforms() -> None:
    organisation = small_organisation()
    header = exported(organisation, [])[0]
    listed = list(organisation.module("Deals").fields)
    listed.remove("Line_Items")
    assert header == ["Id", *listed[1:]]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_comes_back_from_a_csv_reader(texts: list[tuple[str, str]]) -> None:
    organisation = small_organisation()
    for name, stage in texts:
        add(organisation, "Deals", Deal_Name=name, Stage=stage)
    rows = exported(organisation, ["Deal_Name", "Stage"])
    assert [tuple(row[1:]) for row in rows[1:]] == texts
