"""How the typed columns are read out of a document, as SQL text."""

from psycopg import sql

from pulse.core.fields import DEAL_FIELDS, ValueKind
from pulse.models import Account, Deal, DealVersion
from pulse.queries.narrow import Column, NarrowTable, narrow_table

DOCUMENT = sql.SQL("document")
SMALL = NarrowTable(
    "deals",
    (
        Column("name", ValueKind.TEXT, "Deal_Name"),
        Column("amount", ValueKind.MONEY, "Amount"),
        Column("probability", ValueKind.NUMBER, "Probability"),
        Column("closing_date", ValueKind.DATE, "Closing_Date"),
        Column("crm_created_at", ValueKind.INSTANT, "Created_Time"),
        Column("owner_id", ValueKind.RECORD_ID, "Owner"),
        Column("country", ValueKind.TEXT, None),
        Column("invoiced_on", ValueKind.DATE, None),
    ),
)


def text(composable: sql.Composable) -> str:
    return composable.as_string(None)


def test_the_safe_reading_tests_each_value_by_itself() -> None:
    assert text(SMALL.readings(DOCUMENT)) == (
        "(document ->> 'Deal_Name') AS \"name\", "
        "pulse_numeric((document ->> 'Amount')) AS \"amount\", "
        "pulse_numeric((document ->> 'Probability')) AS \"probability\", "
        "pulse_date((document ->> 'Closing_Date')) AS \"closing_date\", "
        "pulse_instant((document ->> 'Created_Time')) AS \"crm_created_at\", "
        "pulse_bigint((document ->> 'Owner')) AS \"owner_id\", "
        'NULL::text AS "country", '
        'NULL::date AS "invoiced_on"'
    )


def test_the_fast_reading_types_the_whole_document_at_once() -> None:
    assert text(SMALL.fast_readings()) == (
        'fields."Deal_Name"::text AS "name", '
        'fields."Amount"::numeric AS "amount", '
        'fields."Probability"::numeric AS "probability", '
        'fields."Closing_Date"::date AS "closing_date", '
        'fields."Created_Time"::timestamptz AS "crm_created_at", '
        'fields."Owner"::bigint AS "owner_id", '
        'NULL::text AS "country", '
        'NULL::date AS "invoiced_on"'
    )
    assert text(SMALL.fast_source(DOCUMENT)) == (
        "CROSS JOIN LATERAL jsonb_to_record(document) AS fields ("
        '"Deal_Name" text, "Amount" numeric, "Probability" numeric, "Closing_Date" date,'
        ' "Created_Time" timestamptz, "Owner" bigint)'
    )


def test_with_nothing_mapped_no_document_is_read() -> None:
    unmapped = NarrowTable("deals", (Column("name", ValueKind.TEXT, None),))

    assert text(unmapped.fast_source(DOCUMENT)) == ""
    assert text(unmapped.fast_readings()) == 'NULL::text AS "name"'


def test_two_columns_may_show_one_field() -> None:
    twice = NarrowTable(
        "deals",
        (Column("name", ValueKind.TEXT, "Title"), Column("stage", ValueKind.TEXT, "Title")),
    )

    assert text(twice.fast_source(DOCUMENT)) == (
        'CROSS JOIN LATERAL jsonb_to_record(document) AS fields ("Title" text)'
    )
    assert text(twice.fast_readings()) == (
        'fields."Title"::text AS "name", left(fields."Title"::text, 120) AS "stage"'
    )


def test_a_field_that_two_kinds_of_column_show_is_read_as_text_and_cast() -> None:
    shared = NarrowTable(
        "deals",
        (
            Column("amount", ValueKind.MONEY, "Score"),
            Column("probability", ValueKind.NUMBER, "Share"),
            Column("country", ValueKind.TEXT, "Score"),
            Column("closing_date", ValueKind.DATE, "Score"),
        ),
    )

    assert text(shared.fast_source(DOCUMENT)) == (
        'CROSS JOIN LATERAL jsonb_to_record(document) AS fields ("Score" text, "Share" numeric)'
    )
    assert text(shared.fast_readings()) == (
        'fields."Score"::numeric AS "amount", fields."Share"::numeric AS "probability",'
        ' left(fields."Score"::text, 120) AS "country", fields."Score"::date AS "closing_date"'
    )


def test_names_and_assignments_are_quoted_lists() -> None:
    table = NarrowTable(
        "deals", (Column("name", ValueKind.TEXT, "A"), Column("stage", ValueKind.TEXT, "B"))
    )

    assert text(table.names()) == '"name", "stage"'
    assert text(table.names("facts.")) == 'facts."name", facts."stage"'
    assert text(table.assignments()) == ('"name" = EXCLUDED."name", "stage" = EXCLUDED."stage"')


def test_a_quote_in_an_api_name_stays_inside_its_quotes() -> None:
    odd = NarrowTable("deals", (Column("name", ValueKind.TEXT, """a'"b"""),))

    assert text(odd.readings(DOCUMENT)) == """(document ->> 'a''"b') AS "name\""""
    assert text(odd.fast_readings()) == """fields."a'""b"::text AS "name\""""


def test_deals_are_read_through_the_field_map_and_keep_versions() -> None:
    deals = narrow_table("Deals", {"OCH_Revenue": "Amount", "id": "id"})

    assert deals is not None
    assert (deals.table, deals.versions) == (Deal.__tablename__, DealVersion.__tablename__)
    assert [column.name for column in deals.columns] == [
        field.column for field in DEAL_FIELDS if field.name not in {"id", "Modified_Time"}
    ]
    assert {column.name: column.api_name for column in deals.columns if column.api_name} == {
        "amount": "Amount"
    }


def test_accounts_have_a_narrow_row_of_stock_fields_and_no_versions() -> None:
    accounts = narrow_table("Accounts", {})

    assert accounts is not None
    assert (accounts.table, accounts.versions) == (Account.__tablename__, None)
    assert {column.name: column.api_name for column in accounts.columns} == {
        "name": "Account_Name",
        "owner_id": "Owner",
        "country": "Billing_Country",
        "industry": "Industry",
    }


def test_the_narrow_columns_are_the_columns_of_their_tables() -> None:
    own = {"id", "is_live", "crm_modified_at"}
    for module, model in (("Deals", Deal), ("Accounts", Account)):
        narrow = narrow_table(module, {})

        assert narrow is not None
        assert {column.name for column in narrow.columns} == {
            column.name for column in model.__table__.columns
        } - own


def test_other_modules_have_documents_only() -> None:
    assert narrow_table("Contacts", {}) is None
