"""The weekly review goes out once a week, to whom the settings say, or when sent by hand."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.config import Settings
from pulse.core.access import Role
from pulse.db.engine import database
from pulse.review.mailing import start_weekly_mail
from pulse.settings.service import change_settings
from pulse.worker.mailing import mail_review
from support.accounts import add_session, add_user, browser
from support.api import Api, api_settings
from support.api_rows import add_organisation, load_fully
from support.api_rows import add_session as add_run
from support.deal_rows import currency_rows, deal_rows, insert
from support.deal_table import STAGE_FIELD
from support.mail import HOST, Postbox, free_port, mail_server

WRONG_NAME: Final = 'Metro <b onclick="x">&\nYard'


def monday_before(now: datetime) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


MONDAY: Final = monday_before(datetime.now(UTC))
"""The database's own clock says when mail is claimed, so the weeks are those of today."""


@pytest.fixture
def organisation(api: Api) -> Api:
    """A deal that got worse in the week before this one, in an organisation that is in UTC."""
    add_organisation(api)
    began = MONDAY - timedelta(days=30)
    add_run(api, "full_sync", "completed", created_at=began, completed_at=began)
    load_fully(api, at=MONDAY + timedelta(minutes=1))
    sent = (MONDAY - timedelta(days=35)).date()
    deal = {"name": WRONG_NAME, "stage": "Propose", "amount": 1_806_000, "currency": "SGD"}
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        currency_rows(connection, "SGD", {})
        insert(connection, "crm_fields", [STAGE_FIELD])
        touched = MONDAY - timedelta(days=2)
        deal_rows(
            connection,
            [{"id": 7, **deal, "proposal_submitted_on": sent, "crm_modified_at": touched}],
        )
        insert(
            connection,
            "deal_versions",
            [
                {"deal_id": 7, **deal, "valid_from": began, "valid_to": touched},
                {"deal_id": 7, **deal, "proposal_submitted_on": sent, "valid_from": touched},
            ],
        )
    api.clock.time = datetime.now(UTC)
    return api


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    with mail_server() as server:
        yield server


def mailing(api: Api, redis_url: str, port: int) -> Settings:
    return api_settings(
        api.database_url,
        redis_url,
        pulse_public_url="https://pulse.example.com",
        pulse_smtp_host=HOST,
        pulse_smtp_port=port,
        pulse_smtp_from="Pipeline Pulse <pulse@example.com>",
        pulse_smtp_tls="none",
    )


def in_transaction(api: Api, step: Any) -> Any:  # noqa: ANN401 - any use case
    async def run() -> Any:  # noqa: ANN401 - as above
        async with database(api.database_url, pool_size=1) as open_db, open_db.begin() as db:
            return await step(db)

    return asyncio.run(run())


def schedule(api: Api, set_at: datetime, **settings: object) -> None:
    async def change(db: AsyncSession) -> None:
        wanted = {f"review.{name}": value for name, value in settings.items()}
        await change_settings(db, wanted, changed_by="ada")

    in_transaction(api, change)
    api.sql("UPDATE settings SET updated_at = %(at)s", at=set_at)


def tick(api: Api, now: datetime, *, is_set_up: bool = True) -> int | None:
    found: int | None = in_transaction(
        api, lambda db: start_weekly_mail(db, now, is_set_up=is_set_up)
    )
    return found


def test_a_review_is_due_once_a_week_from_its_hour_on(organisation: Api) -> None:
    api, eight = organisation, MONDAY + timedelta(hours=8)
    assert tick(api, eight) is None, "nobody switched it on"
    schedule(api, MONDAY - timedelta(days=3), mail_on=True)
    assert tick(api, eight - timedelta(microseconds=1)) is None
    assert tick(api, eight, is_set_up=False) is None
    assert tick(api, eight + timedelta(hours=24)) is None, "too late to be news"
    first = tick(api, eight)
    assert first is not None
    # Ticks that come twice, and from two workers, begin nothing more.
    assert (tick(api, eight), tick(api, eight + timedelta(hours=3))) == (None, None)
    next_week = tick(api, eight + timedelta(days=7, hours=6))
    rows = api.sql("SELECT id, week, kind FROM weekly_reviews ORDER BY id")
    assert rows == [
        (first, (MONDAY - timedelta(days=7)).date(), "scheduled"),
        (next_week, MONDAY.date(), "scheduled"),
    ]
    jobs = api.sql("SELECT payload FROM outbox WHERE job = 'mail_review' ORDER BY id")
    assert jobs == [({"review_id": str(first)},), ({"review_id": str(next_week)},)]


def test_a_schedule_that_is_set_after_its_hour_waits_for_the_next(organisation: Api) -> None:
    api, nine = organisation, MONDAY + timedelta(hours=9)
    schedule(api, nine, mail_on=True)
    assert tick(api, nine + timedelta(minutes=1)) is None
    schedule(api, nine, mail_hour=10)
    assert tick(api, nine + timedelta(hours=1)) is not None


def test_a_review_waits_until_the_crm_was_read_past_the_week_but_not_for_ever(
    organisation: Api,
) -> None:
    api, eight = organisation, MONDAY + timedelta(hours=8)
    schedule(api, MONDAY - timedelta(days=3), mail_on=True)
    api.sql("UPDATE sync_cursors SET changed_since = %(at)s", at=MONDAY - timedelta(seconds=1))
    assert tick(api, eight + timedelta(hours=5, minutes=59)) is None
    assert tick(api, eight + timedelta(hours=6)) is not None


class Shown(HTMLParser):
    """What a reader of HTML shows, and which elements it was made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_mail_tells_the_week_to_everybody_once(
    organisation: Api, redis_url: str, postbox: tuple[Postbox, int]
) -> None:
    api, (box, port) = organisation, postbox
    add_user(api.database_url, Role.VIEWER)
    add_user(api.database_url, Role.EDITOR)
    recipients = {"least_role": "editor", "addresses": "board@example.com, ADA@example.com"}
    schedule(api, MONDAY - timedelta(days=3), mail_on=True, recipients=recipients)
    mailed = tick(api, MONDAY + timedelta(hours=8))
    assert mailed is not None
    api.sql("UPDATE weekly_reviews SET asked_at = now()")
    settings = mailing(api, redis_url, port)

    asyncio.run(mail_review(settings, mailed))
    # A message that arrives twice sends nothing again.
    asyncio.run(mail_review(settings, mailed))

    assert sorted(letter.to for letter in box.taken) == [
        "ada@example.com",
        "board@example.com",
        "edda@example.com",
    ]
    letter = box.taken[0]
    week = (MONDAY - timedelta(days=7)).date()
    assert letter.subject.startswith(f"Weekly review, {week.day} {week:%b} to ")
    assert letter.subject.endswith(": SGD 0 realised, 1 deal at risk")
    lines = letter.text.splitlines()
    assert "Revenue at risk: 1 (+1 since last week), SGD 1,806,000" in lines
    assert "Got worse: 1 deal, SGD 1,806,000" in lines
    [deal] = [line for line in lines if line.startswith("- Metro")]
    assert deal.startswith(
        '- Metro <b onclick="x">& Yard, SGD 1,806,000: '
        "Needs update 92 → At risk 60. "
        "Proposal out 34 d"
    )
    assert f"The whole review: https://pulse.example.com/o2r/review?week={week}" in lines
    assert letter.html is not None
    shown = Shown(letter.html)
    assert 'Metro <b onclick="x">& Yard' in shown.words
    assert "b" not in {tag for tag, _ in shown.tags}
    fetched = {name for _, attributes in shown.tags for name in attributes if name == "src"}
    assert fetched == set()
    links = [attributes["href"] for tag, attributes in shown.tags if tag == "a"]
    assert links == [
        "https://pulse.example.com/o2r/opportunities/7",
        f"https://pulse.example.com/o2r/review?week={week}",
    ]
    last = api.client.get("/api/review/mail").json()["last"]
    assert (last["letters"], last["taken"], last["is_scheduled"]) == (3, 3, True)


def test_a_server_that_takes_nothing_is_tried_again_and_told_of(
    organisation: Api, redis_url: str, postbox: tuple[Postbox, int]
) -> None:
    api, (box, port) = organisation, postbox
    schedule(api, MONDAY - timedelta(days=3), mail_on=True)
    mailed = tick(api, MONDAY + timedelta(hours=8))
    assert mailed is not None
    api.sql("UPDATE weekly_reviews SET asked_at = now()")
    closed = free_port()

    asyncio.run(mail_review(mailing(api, redis_url, closed), mailed))

    last = api.client.get("/api/review/mail").json()["last"]
    assert (last["mailed_at"], last["failure"]) == (
        None,
        f"The mail server {HOST}:{closed} does not take mail from us: ConnectionRefusedError.",
    )
    [(again,)] = api.sql(
        "SELECT count(*) FROM outbox WHERE job = 'mail_review'"
        " AND available_at - created_at > interval '4 minutes'"
    )
    assert again == 1
    # None is set up: nothing is claimed. Then the server is back.
    asyncio.run(mail_review(api_settings(api.database_url, redis_url), mailed))
    asyncio.run(mail_review(mailing(api, redis_url, port), mailed))
    assert [letter.to for letter in box.taken] == ["ada@example.com"]


def test_one_sends_a_review_to_oneself_or_to_all_where_there_is_a_mail_server(
    organisation: Api, redis_url: str, postbox: tuple[Postbox, int]
) -> None:
    api, (box, port) = organisation, postbox
    now = api.clock.now()
    refused = api.client.post("/api/review/mail", json={"to": "me"})
    assert (refused.status_code, refused.json()["code"]) == (409, "mail_not_set_up")
    assert api.client.get("/api/review/mail").json()["is_set_up"] is False
    api.app.state.sends_mail = True

    edda = add_user(api.database_url, Role.EDITOR)
    week = (MONDAY - timedelta(days=7)).date().isoformat()
    with browser(api.url, add_session(api.database_url, edda, now)) as editor:
        for _ in range(2):  # a button that is pressed twice
            asked = editor.post("/api/review/mail", json={"to": "me", "week": week, "region": ""})
            assert (asked.status_code, asked.json()) == (
                202,
                {"week": week, "to": "me", "recipients": 1},
            )
        to_all = editor.post("/api/review/mail", json={"to": "all", "week": week})
        assert to_all.json()["recipients"] == 2
        wrong = editor.post("/api/review/mail", json={"to": "me", "week": "2026-02-25"})
        assert wrong.json()["code"] == "invalid_week"
    schedule(api, MONDAY, recipients={"least_role": None, "addresses": ""})
    nobody = api.client.post("/api/review/mail", json={"to": "all"})
    assert (nobody.status_code, nobody.json()["code"]) == (409, "no_recipients")

    rows = api.sql("SELECT id, kind, region FROM weekly_reviews ORDER BY id")
    assert [row[1:] for row in rows] == [("to_self", ""), ("to_all", None)]
    asyncio.run(mail_review(mailing(api, redis_url, port), int(str(rows[0][0]))))
    [letter] = box.taken
    assert letter.to == "edda@example.com"
    assert letter.subject.startswith("Weekly review of no territory, ")
    assert "Edda sent you this from Pipeline Pulse." in letter.text.splitlines()
    audited = api.sql(
        "SELECT user_name, subject, after FROM audit_log WHERE action = 'review.mailed'"
    )
    assert [(name, subject, after["to"]) for name, subject, after in audited] == [
        ("Edda", week, "me"),
        ("Edda", week, "all"),
    ]
