"""Deals as files: other programs read in them what the pages show, typed and to the cent."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

from support.api import Api
from support.deal_table import Connection
from support.exports import about, csv_rows, exported, sheet_rows, workbook


def test_a_csv_file_holds_every_canonical_field_with_value_rate_and_its_source(
    table: Api,
) -> None:
    rows = csv_rows(exported(table, "deals", "csv", "sort=id"))

    assert [row["Record id"] for row in rows] == ["101", "102", "103", "104"]
    assert rows[1] == {
        "Record id": "102",
        "Deal": "Beta refresh",
        "Account": "Kaveri Power",
        "Owner": "arjun Rao",
        "Country": "Malaysia",
        "Region": "",
        "Solution": "",
        "Funding": "",
        "Segment": "",
        "Stage": "Proposal",
        "Probability (%)": "50",
        "Closing date": "2026-04-01",
        "Amount": "300",
        "Currency": "USD",
        "Value (SGD)": "600.00",
        "Weighted (SGD)": "300.00",
        "Rate to SGD": "2",
        "Rate from": "the deal's own rate",
        "Exchange rate": "0.5",
        "Created": "",
        "Changed": "2026-03-01T14:00:00Z",
        "Proposal sent": "",
        "PO received": "",
        "Kick-off": "",
        "Invoiced": "",
        "Payment received": "",
        "Revenue recognised": "",
        "Sync status": "synced",
    }
    assert [(row["Rate to SGD"], row["Rate from"], row["Value (SGD)"]) for row in rows] == [
        ("1", "base currency", "1000.00"),
        ("2", "the deal's own rate", "600.00"),
        ("1.25", "CRM rate of 2026-01-05", "100.00"),
        ("", "no rate", ""),
    ]


def test_a_file_has_the_values_the_table_shows_under_the_same_filters_and_order(
    table: Api,
) -> None:
    query = "stage=Qualify&stage=Propose&stage=Won&sort=-value"

    rows = csv_rows(exported(table, "deals", "csv", query))

    shown = table.client.get(f"/api/deals?{query}").json()["items"]
    assert [(row["Record id"], Decimal(row["Value (SGD)"])) for row in rows] == [
        (each["id"], Decimal(str(each["value"]))) for each in shown
    ]
    assert [row["Record id"] for row in rows] == ["101", "102", "103"]
    summary = table.client.get(f"/api/deals/summary?{query.rsplit('&', 1)[0]}").json()
    assert sum(Decimal(row["Value (SGD)"]) for row in rows) == Decimal(str(summary["value"]))
    assert sum(Decimal(row["Weighted (SGD)"]) for row in rows) == Decimal(str(summary["weighted"]))


def test_a_text_that_begins_like_a_formula_stays_a_text_and_a_negative_amount_a_number(
    table: Api, stored: Connection
) -> None:
    stored.execute("UPDATE deals SET name = '=HYPERLINK(\"http://x\")' WHERE id = 101")
    stored.execute("UPDATE deals SET name = E'\\n@SUM(A1)', amount = -7.5 WHERE id = 102")

    rows = csv_rows(exported(table, "deals", "csv", "sort=id", columns=["name", "amount"]))
    typed = sheet_rows(
        exported(table, "deals", "xlsx", "sort=id", columns=["name", "amount"]), "Deals"
    )

    assert rows[:2] == [
        {"Deal": '\'=HYPERLINK("http://x")', "Amount": "1000"},
        {"Deal": "'\n@SUM(A1)", "Amount": "-7.5"},
    ]
    assert typed[:2] == [
        {"Deal": '=HYPERLINK("http://x")', "Amount": 1000},
        {"Deal": "\n@SUM(A1)", "Amount": -7.5},
    ]
    cell = workbook(exported(table, "deals", "xlsx", "sort=id", columns=["name"]))["Deals"]["A2"]
    assert cell.data_type == "s"


def test_cells_of_a_workbook_are_typed_and_its_head_stands(table: Api) -> None:
    content = exported(table, "deals", "xlsx", "sort=id")
    sheet = workbook(content)["Deals"]
    first = sheet_rows(content, "Deals")[0]

    assert first["Record id"] == "101"
    assert first["Deal"] == "alpha rollout"
    assert first["Closing date"] == datetime(2026, 3, 31)  # noqa: DTZ001 - as the reader gives a day
    assert first["Changed (UTC)"] == datetime(2026, 3, 1, 12)  # noqa: DTZ001 - sheets know no zones
    assert (first["Amount"], first["Value (SGD)"], first["Weighted (SGD)"]) == (1000, 1000, 200)
    assert first["PO received"] is None
    heads = {str(cell.value): cell.column_letter for cell in sheet[1]}
    assert sheet[f"{heads['Closing date']}2"].is_date
    assert sheet[f"{heads['Value (SGD)']}2"].number_format == "#,##0.00"
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:AB5"
    assert sheet.column_dimensions[heads["Deal"]].width > 40
    assert sheet["A1"].font.bold


def test_a_workbook_tells_filters_moment_rates_what_is_left_out_and_who_exported(
    table: Api,
) -> None:
    query = "closing_from=2026-01-01&owner=&owner=22&outcome=won&outcome=open&q=b"
    told = about(exported(table, "deals", "xlsx", query))

    assert told["Content"] == "Deals"
    assert told["Deals"] == "1"
    assert told["Filter: Closing date"] == "from 1 Jan 2026"
    assert told["Filter: Owner"] == "Empty, arjun Rao"
    assert told["Filter: Outcome"] == "Won, Open"
    assert told["Filter: Words"] == "b"
    assert told["As of"] == ("2 Mar 2026, 09:30 (UTC), as the mirror stood, local edits included")
    assert told["Base currency"].startswith("SGD;")
    assert told["Own rates"] == "1 deals by an exchange rate of their own"
    assert told["Exported by"] == "Ada"
    assert told["Exported at"] == "2 Mar 2026, 09:30 (UTC)"
    whole = about(exported(table, "deals", "xlsx"))
    assert whole["Filters"] == "None: all deals"
    assert whole["Rate USD"] == "0.8 for 1 SGD, CRM rate of 5 Jan 2026"
    assert whole["Without rate"] == "1 in LKR: they count and add nothing to any value"


def test_a_zip_file_holds_the_csv_and_a_text_about_it(table: Api) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(table, "deals", "zip", "stage=Won"))) as archive:
        names = archive.namelist()
        rows = csv_rows(archive.read(names[0]))
        text = archive.read("about.txt").decode()

    assert names == ["pipeline-pulse-deals-2026-03-02-0930.csv", "about.txt"]
    assert [row["Record id"] for row in rows] == ["103"]
    assert "Filter: Stage  Closed Won\r\n" in text


def test_chosen_columns_come_in_their_order_further_crm_fields_typed_among_them(
    table: Api,
) -> None:
    columns = [
        "crm.Seats", "name", "crm.Technologies", "crm.Strategic", "crm.Next_Review",
        "crm.Sales_Engineer", "crm.Partners", "crm.Renewal",
    ]  # fmt: skip

    [row] = sheet_rows(exported(table, "deals", "xlsx", "q=101", columns=columns), "Deals")
    lines = csv_rows(exported(table, "deals", "csv", "sort=-crm.Seats", columns=columns))

    assert list(row) == [
        "Seats", "Deal", "Technologies", "Strategic", "Next Review (UTC)", "Sales Engineer",
        "Partners", "Renewal",
    ]  # fmt: skip
    assert list(row.values()) == [
        30,
        "alpha rollout",
        "Amazon; SAP",
        True,
        datetime(2026, 3, 1, 16, 30),  # noqa: DTZ001 - sheets know no zones
        "Priya Menon",
        2,
        datetime(2027, 1, 1),  # noqa: DTZ001 - as above
    ]
    assert [(line["Deal"], line["Seats"]) for line in lines[:2]] == [
        ("alpha rollout", "30"),
        ("Beta refresh", "4"),
    ]
    assert {line["Seats"] for line in lines} == {"30", "4", "dirty", ""}
    assert lines[0]["Strategic"] == "true"
    assert lines[0]["Next Review"] == "2026-03-01T16:30:00Z"


def test_a_local_edit_of_a_further_field_is_in_the_file_as_on_the_page(
    table: Api, stored: Connection
) -> None:
    stored.execute(
        "INSERT INTO pending_changes (module, record_id, field, base_value, new_value, author_name)"
        " VALUES ('Deals', 101, 'Next_Step', '\"Call Mei\"', '\"Ask for the order\"', 'Ada')"
    )

    rows = csv_rows(exported(table, "deals", "csv", "sort=id", columns=["id", "crm.Next_Step"]))

    assert [row["Next Step"] for row in rows] == ["Ask for the order", "", "", ""]


def test_a_file_of_a_past_moment_has_the_deals_and_rates_of_then(
    table: Api, stored: Connection
) -> None:
    stored.execute(
        "INSERT INTO crm_sync_sessions (id, module, sync_type, status, completed_at)"
        " VALUES (gen_random_uuid(), 'Deals', 'full_sync', 'completed', '2026-02-01T00:00:00Z')"
    )
    stored.execute("DELETE FROM deal_versions")
    stored.execute(
        "INSERT INTO deal_versions (deal_id, valid_from, valid_to, name, amount, currency, stage,"
        " probability, account_id) VALUES"
        " (102, '2026-01-01T00:00:00Z', '2026-02-15T00:00:00Z', 'Beta', 100, 'USD', 'Qualify', 20,"
        " 12),"
        " (102, '2026-02-15T00:00:00Z', 'infinity', 'Beta refresh', 300, 'USD', 'Propose', 50, 12)"
    )

    content = exported(table, "deals", "xlsx", "as_of=2026-02-10T00:00:00Z&sort=account")

    [row] = sheet_rows(content, "Deals")
    assert (row["Record id"], row["Deal"], row["Stage"], row["Value (SGD)"], row["Account"]) == (
        "102", "Beta", "Qualification", 125, "Kaveri Power",
    )  # fmt: skip
    assert row["Changed (UTC)"] == datetime(2026, 1, 1)  # noqa: DTZ001 - sheets know no zones
    assert "Sync status" not in row
    assert about(content)["As of"] == "10 Feb 2026, 00:00 (UTC), as they stood then"


def test_days_before_spreadsheets_begin_are_texts(table: Api, stored: Connection) -> None:
    stored.execute("UPDATE deals SET closing_date = '1899-12-31' WHERE id = 101")

    [row] = sheet_rows(exported(table, "deals", "xlsx", "q=101", columns=["closing_date"]), "Deals")

    assert row["Closing date"] == date(1899, 12, 31).isoformat()


def test_the_columns_of_a_file_are_those_of_the_table(table: Api) -> None:
    listed = [each["key"] for each in table.client.get("/api/deals/columns").json()["columns"]]

    rows = csv_rows(exported(table, "deals", "csv", columns=listed))

    labels = table.client.get("/api/deals/columns").json()["columns"]
    renamed = {
        "Probability": "Probability (%)",
        "Value": "Value (SGD)",
        "Weighted": "Weighted (SGD)",
    }
    assert list(rows[0]) == [renamed.get(each["label"], each["label"]) for each in labels]


def test_a_script_streams_the_same_file_without_a_job(table: Api) -> None:
    streamed = table.client.get(
        "/api/exports/deals.csv",
        params={"outcome": "open", "sort": "id", "columns": ["id", "value"]},
    )

    assert streamed.headers["content-type"] == "text/csv; charset=utf-8"
    assert streamed.headers["x-content-type-options"] == "nosniff"
    assert streamed.headers["content-disposition"] == (
        'attachment; filename="pipeline-pulse-deals-2026-03-02-0930.csv"'
    )
    assert streamed.content.startswith(b"\xef\xbb\xbf")
    assert streamed.content == exported(
        table, "deals", "csv", "outcome=open&sort=id", columns=["id", "value"]
    )
    assert [row["Record id"] for row in csv_rows(streamed.content)] == ["101", "102"]
