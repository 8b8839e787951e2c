"""What people add to opportunities: who may, what is kept of it, how it is taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.api import START, Api
from support.deal_rows import deal_rows
from support.simulator import Json

DEAL = "/api/o2r/opportunities/101"
NOW = "2026-03-02T09:30:00Z"


@pytest.fixture
def deal(api: Api) -> Api:
    """An API over two deals of one account and one without an account."""
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        deal_rows(
            connection,
            [
                {"id": 101, "name": "Grid analytics", "account_id": 11, "crm_modified_at": START},
                {"id": 102, "name": "Metro upgrade", "account_id": 11, "crm_modified_at": START},
                {"id": 103, "name": "No account", "crm_modified_at": START},
            ],
        )
    return api


def signed_in(api: Api, role: Role) -> Iterator[tuple[httpx.Client, UUID]]:
    user = add_user(api.database_url, role)
    with browser(api.url, add_session(api.database_url, user, api.clock.now())) as client:
        yield client, user


@pytest.fixture
def edda(deal: Api) -> Iterator[tuple[httpx.Client, UUID]]:
    """An editor's browser, and who she is."""
    yield from signed_in(deal, Role.EDITOR)


@pytest.fixture
def vera(deal: Api) -> Iterator[httpx.Client]:
    """A viewer's browser."""
    for client, _ in signed_in(deal, Role.VIEWER):
        yield client


def done(answer: httpx.Response) -> Json:
    assert answer.is_success, answer.text
    return answer.json()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def page(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = done(client.get(DEAL))
    return found


def audited(api: Api) -> list[tuple[object, ...]]:
    return api.sql("SELECT action, user_name, kind, subject, name FROM audit_log ORDER BY id")


def test_viewers_read_all_and_write_nothing(deal: Api, vera: httpx.Client) -> None:
    done(deal.client.post(f"{DEAL}/comments", json={"text": "Call them"}))
    assert [each["text"] for each in page(vera)["comments"]] == ["Call them"]
    assert not page(vera)["comments"][0]["may_delete"]
    for method, path, body in (
        ("POST", f"{DEAL}/comments", {"text": "A"}),
        ("POST", f"{DEAL}/blockers", {"title": "A"}),
        ("PUT", f"{DEAL}/milestones/qualified", {"planned_on": "2026-03-31"}),
        ("PUT", f"{DEAL}/strategic", {"is_strategic": True}),
        ("POST", "/api/o2r/actions", {"title": "A"}),
    ):
        assert code(vera.request(method, path, json=body)) == (403, "role_needed")


def test_comment_is_rewritten_by_its_author_alone_and_deleting_is_taken_back(
    deal: Api, edda: tuple[httpx.Client, UUID]
) -> None:
    client, _ = edda
    made = done(client.post(f"{DEAL}/comments", json={"text": "  Their CISO\nis back  "}))
    assert made == {
        "id": made["id"],
        "text": "Their CISO\nis back",
        "author": "Edda",
        "is_mine": True,
        "may_delete": True,
        "created_at": NOW,
        "edited_at": None,
    }
    path = f"/api/o2r/comments/{made['id']}"
    # An admin deletes what others wrote, and puts no words into their mouths.
    assert code(deal.client.patch(path, json={"text": "B"})) == (403, "not_your_comment")
    deal.clock.advance(minutes=3)
    assert done(client.patch(path, json={"text": "B"}))["edited_at"] == "2026-03-02T09:33:00Z"
    done(deal.client.delete(path))
    assert page(client)["comments"] == []
    assert code(client.patch(path, json={"text": "C"})) == (404, "comment_not_found")
    done(deal.client.post(f"{path}/restore"))
    assert [each["text"] for each in page(client)["comments"]] == ["B"]
    assert audited(deal) == [
        ("comment.added", "Edda", "deal", "101", "Grid analytics"),
        ("comment.rewritten", "Edda", "deal", "101", "Grid analytics"),
        ("comment.deleted", "Ada", "deal", "101", "Grid analytics"),
        ("comment.restored", "Ada", "deal", "101", "Grid analytics"),
    ]


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "nul \0"])
def test_empty_and_endless_comments_are_refused(deal: Api, text: str) -> None:
    answer = deal.client.post(f"{DEAL}/comments", json={"text": text})

    assert code(answer) == (422, "malformed_request")
    assert answer.json()["errors"][0]["field"] == "body.text"


def test_open_blocker_makes_the_deal_blocked_until_it_is_resolved(deal: Api) -> None:
    assert page(deal.client)["health"]["status"] == "green"
    blocker = done(deal.client.post(f"{DEAL}/blockers", json={"title": "Security review"}))
    deal.clock.advance(days=6)
    found = page(deal.client)
    assert (found["health"]["status"], found["health"]["score"]) == ("blocked", 68)
    assert [(each["title"], each["days"]) for each in found["blockers"]] == [("Security review", 6)]

    path = f"/api/o2r/blockers/{blocker['id']}"
    resolved = done(deal.client.post(f"{path}/resolve", json={"resolution": "CISO signed."}))
    assert (resolved["resolved_by"], resolved["resolution"], resolved["days"]) == (
        "Ada",
        "CISO signed.",
        6,
    )
    assert page(deal.client)["health"]["status"] == "green"
    assert code(deal.client.post(f"{path}/resolve", json={})) == (409, "blocker_resolved")


def test_blocker_is_taken_back_for_fifteen_minutes_and_not_a_moment_longer(deal: Api) -> None:
    blocker = done(deal.client.post(f"{DEAL}/blockers", json={"title": "Security review"}))
    path = f"/api/o2r/blockers/{blocker['id']}"
    done(deal.client.post(f"{path}/resolve", json={}))
    deal.clock.advance(minutes=15)
    done(deal.client.post(f"{path}/reopen"))
    assert page(deal.client)["health"]["status"] == "blocked"

    done(deal.client.post(f"{path}/resolve", json={}))
    deal.clock.advance(minutes=15, microseconds=1)
    assert code(deal.client.post(f"{path}/reopen")) == (409, "too_late_to_undo")
    assert code(deal.client.delete(path)) == (409, "too_late_to_undo")

    other = done(deal.client.post(f"{DEAL}/blockers", json={"title": "Budget"}))
    done(deal.client.delete(f"/api/o2r/blockers/{other['id']}"))
    assert [each["title"] for each in page(deal.client)["blockers"]] == ["Security review"]
    assert code(deal.client.post(f"/api/o2r/blockers/{other['id']}/resolve", json={})) == (
        404,
        "blocker_not_found",
    )


def test_action_item_is_given_to_somebody_checked_off_and_opened_again(
    deal: Api, edda: tuple[httpx.Client, UUID]
) -> None:
    client, user = edda
    people = done(client.get("/api/o2r/people"))["items"]
    assert {"id": str(user), "name": "Edda"} in people
    made = done(
        client.post(
            "/api/o2r/actions",
            json={
                "deal_id": "101",
                "title": "Send the report",
                "priority": "high",
                "owner_id": str(user),
                "due_on": "2026-03-02",
            },
        )
    )
    path = f"/api/o2r/actions/{made['id']}"
    assert (made["owner"], made["is_overdue"]) == ({"id": str(user), "name": "Edda"}, False)
    deal.clock.advance(days=1)
    assert page(client)["actions"][0]["is_overdue"] is True
    finished = done(client.patch(path, json={"is_done": True}))
    assert (finished["done_by"], finished["is_overdue"]) == ("Edda", False)
    deal.clock.advance(days=7)
    reopened = done(client.patch(path, json={"is_done": False, "due_on": None, "owner_id": None}))
    assert (reopened["done_at"], reopened["due_on"], reopened["owner"]) == (None, None, None)

    # What was true in a past week stays readable, though the item has moved on.
    assert deal.sql(
        "SELECT valid_from, nullif(valid_to, 'infinity'), done_at IS NOT NULL, due_on IS NOT NULL"
        " FROM o2r_action_versions ORDER BY valid_from"
    ) == [
        (START, START + timedelta(days=1), False, True),
        (START + timedelta(days=1), START + timedelta(days=8), True, True),
        (START + timedelta(days=8), None, False, False),
    ]
    assert [row[0] for row in audited(deal)] == [
        "action_item.added",
        "action_item.done",
        "action_item.reopened",
    ]


def test_general_action_items_belong_to_no_deal_and_deletion_is_taken_back(deal: Api) -> None:
    made = done(deal.client.post("/api/o2r/actions", json={"title": "Clean up the pipeline"}))
    assert (made["deal_id"], made["priority"], made["owner"]) == (None, "medium", None)
    path = f"/api/o2r/actions/{made['id']}"
    done(deal.client.delete(path))
    assert code(deal.client.patch(path, json={"is_done": True})) == (404, "action_item_not_found")
    done(deal.client.post(f"{path}/restore"))
    assert done(deal.client.patch(path, json={"priority": "low"}))["priority"] == "low"
    # Two changes within one instant still are two versions, one after the other.
    assert deal.sql(
        "SELECT valid_from, deleted_at IS NOT NULL, priority FROM o2r_action_versions"
        " ORDER BY valid_from"
    ) == [
        (START, False, "medium"),
        (START + timedelta(microseconds=1), True, "medium"),
        (START + timedelta(microseconds=2), False, "medium"),
        (START + timedelta(microseconds=3), False, "low"),
    ]
    assert audited(deal)[0] == (
        "action_item.added",
        "Ada",
        "action_item",
        made["id"],
        "Clean up the pipeline",
    )


def test_owner_must_be_able_to_log_in(deal: Api, edda: tuple[httpx.Client, UUID]) -> None:
    _, user = edda
    deal.sql("UPDATE user_accounts SET is_active = false WHERE id = %(user)s", user=user)

    for owner in (user, UUID(int=5)):
        answer = deal.client.post(
            "/api/o2r/actions", json={"title": "Call", "owner_id": str(owner)}
        )
        assert code(answer) == (400, "unknown_owner")
    assert deal.sql("SELECT count(*) FROM o2r_actions") == [(0,)]


def test_strategic_flag_is_the_accounts_so_all_its_deals_show_it(deal: Api) -> None:
    done(deal.client.put(f"{DEAL}/strategic", json={"is_strategic": True}))
    other = done(deal.client.get("/api/o2r/opportunities/102"))
    assert (page(deal.client)["is_strategic"], other["is_strategic"]) == (True, True)

    deal.clock.advance(hours=1)
    done(deal.client.put(f"{DEAL}/strategic", json={"is_strategic": True}))
    done(deal.client.put(f"{DEAL}/strategic", json={"is_strategic": False}))
    assert page(deal.client)["is_strategic"] is False
    assert deal.sql("SELECT set_at, unset_at FROM strategic_accounts") == [
        (START, START + timedelta(hours=1))
    ]
    # Asking for what holds already is no change.
    assert [row[0] for row in audited(deal)] == [
        "account.strategic_set",
        "account.strategic_unset",
    ]
    answer = deal.client.put("/api/o2r/opportunities/103/strategic", json={"is_strategic": True})
    assert code(answer) == (409, "no_account")


def test_milestones_kept_here_are_stated_and_taken_back_by_what_they_were(deal: Api) -> None:
    path = f"{DEAL}/milestones/qualified"
    first = done(deal.client.put(path, json={"planned_on": "2026-02-20"}))
    assert (first["before"], first["is_in_crm"]) == (
        {"planned_on": None, "actual_on": None},
        False,
    )
    deal.clock.advance(hours=1)
    second = done(deal.client.put(path, json={"actual_on": "2026-02-26"}))
    assert second["after"] == {"planned_on": "2026-02-20", "actual_on": "2026-02-26"}
    [line] = [
        line
        for line in page(deal.client)["phases"][0]["milestones"]
        if line["milestone"] == "qualified"
    ]
    assert (line["late_days"], line["is_late"], line["planned_by"]) == (6, True, "Ada")

    done(deal.client.put(path, json=second["before"]))
    assert page(deal.client)["next_milestone"]["milestone"] == "qualified"
    assert deal.sql(
        "SELECT planned_on::text, actual_on::text, set_at FROM o2r_milestones ORDER BY id"
    ) == [
        ("2026-02-20", None, START),
        ("2026-02-20", "2026-02-26", START + timedelta(hours=1)),
        ("2026-02-20", None, START + timedelta(hours=1)),
    ]


def test_milestone_late_by_five_days_is_not_late_yet(deal: Api) -> None:
    path = f"{DEAL}/milestones/qualified"
    for day, is_late in (("2026-02-25", False), ("2026-02-26", True)):
        done(deal.client.put(path, json={"planned_on": "2026-02-20", "actual_on": day}))
        line = page(deal.client)["phases"][0]["milestones"][0]
        assert line["is_late"] is is_late


def test_milestone_is_not_reached_on_a_day_to_come_of_the_organisation(deal: Api) -> None:
    # In Kiritimati it is tomorrow already.
    deal.sql(
        "INSERT INTO crm_organisation (id, company_name, edition, users_licensed, time_zone,"
        " currency, document)"
        " VALUES (1, 'Halcyon', 'enterprise', 5, 'Pacific/Kiritimati', 'SGD', '{}')"
    )
    deal.clock.time = datetime(2026, 3, 2, 12, tzinfo=UTC)
    path = f"{DEAL}/milestones/qualified"

    done(deal.client.put(path, json={"actual_on": "2026-03-03"}))
    answer = deal.client.put(path, json={"actual_on": "2026-03-04"})
    assert code(answer) == (400, "milestone_to_come")
    assert answer.json()["field"] == "actual_on"


def test_milestone_without_a_mapped_field_says_who_mends_it(deal: Api) -> None:
    answer = deal.client.put(f"{DEAL}/milestones/kick_off", json={"actual_on": "2026-03-01"})
    assert code(answer) == (409, "milestone_unmapped")
    # A plan needs no field.
    done(deal.client.put(f"{DEAL}/milestones/kick_off", json={"planned_on": "2026-03-20"}))
    unknown = deal.client.put(f"{DEAL}/milestones/lunch", json={"planned_on": "2026-03-20"})
    assert code(unknown) == (404, "milestone_not_found")


def test_open_pages_are_told_which_deal_changed(deal: Api) -> None:
    with psycopg.connect(deal.database_url, autocommit=True) as listening:
        listening.execute("LISTEN pulse_events")
        done(deal.client.post(f"{DEAL}/comments", json={"text": "A"}))
        done(deal.client.post("/api/o2r/actions", json={"title": "B"}))
        told = [notice.payload for notice in listening.notifies(timeout=10, stop_after=2)]

    assert told == ["o2r:101", "o2r:general"]
