"""`pulse user`, as a person runs it."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from argon2 import PasswordHasher

from support.accounts import PASSWORD


def _pulse(database_url: str, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pulse.cli.main", "user", *words],
        input=typed,
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": "redis://127.0.0.1:1",
            "PULSE_SECRET_KEY": "k" * 40,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def priya(database_url: str) -> dict[str, object]:
    words = ("add", "Priya@example.com", "--name", "Priya", "--role", "admin", "--json")
    done = _pulse(database_url, *words, "--password-stdin", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_person_with_a_given_password_is_added_listed_and_audited(
    database_url: str, priya: dict[str, object]
) -> None:
    assert (priya["email"], priya["role"]) == ("priya@example.com", "admin")
    assert (priya["temporary_password"], priya["must_change_password"]) == (None, False)
    assert [
        each["email"] for each in json.loads(_pulse(database_url, "list", "--json").stdout)
    ] == ["priya@example.com"]
    with psycopg.connect(database_url) as db:
        assert db.execute("SELECT via, role, action, name FROM audit_log").fetchall() == [
            ("cli", "admin", "user.added", "Priya")
        ]
        [(kept,)] = db.execute("SELECT password_hash FROM user_accounts").fetchall()
    assert PasswordHasher().verify(kept, PASSWORD)


def test_reset_prints_a_temporary_password_that_is_kept_as_a_hash(
    database_url: str, priya: dict[str, object]
) -> None:
    said = json.loads(_pulse(database_url, "reset-password", str(priya["email"]), "--json").stdout)
    assert said["must_change_password"] is True
    with psycopg.connect(database_url) as db:
        [(kept,)] = db.execute("SELECT password_hash FROM user_accounts").fetchall()
    assert PasswordHasher().verify(kept, said["temporary_password"])


WRONG: list[tuple[tuple[str, ...], str, str]] = [
    (("add", "priya@example.com", "--name", "P"), "", "has an account already"),
    (("add", "priya", "--name", "P"), "", "is no e-mail address"),
    (
        ("add", "p@example.com", "--name", "P", "--password-stdin"),
        "short\n",
        "fewer than 12 characters",
    ),
    (("reset-password", "nobody@example.com"), "", "There is no user nobody@example.com"),
]


# A command takes seconds to start: so the cases share the account that is there already.
@pytest.mark.usefixtures("priya")
def test_error_says_what_is_wrong_and_ends_with_1(database_url: str) -> None:
    for words, typed, message in WRONG:
        done = _pulse(database_url, *words, typed=typed)
        assert (done.returncode, words) == (1, words)
        assert message in done.stderr
        assert "What to do:" in done.stderr
