"""`magpie users`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from magpie import config
from magpie.accounts import commands
from magpie.accounts.models import LoginSession, SessionKind
from magpie.accounts.passwords import check_password
from magpie.accounts.service import find_password, new_session
from magpie.cli import app
from magpie.kit.client import Client
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.kit.errors import RuleBroken
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.database
Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program, on the test's database; `typed` is its standard input."""
    chosen = config.Settings(data_dir=tmp_path / "data", database_url=database_url)
    monkeypatch.setattr(commands, "settings", lambda: chosen)

    def call(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["users", *arguments], input=typed)

    return call


def test_the_first_is_a_superuser_and_passwords_come_by_standard_input(run: Run, database: Database) -> None:
    made = run("add", "ada", "ada@example.com", typed=f"{PASSWORD}\nmore\n")
    assert (made.exit_code, made.stdout) == (0, "1\tada\tada@example.com\tsuperuser\n")
    assert run("add", "bob", "bob@example.com", typed=PASSWORD).stdout.endswith("\tuser\n")
    assert run("add", "eve", "eve@example.com", "--superuser", typed=PASSWORD).exit_code == 0
    lines = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert [(line["username"], line["is_superuser"]) for line in lines] == [
        ("ada", True),
        ("bob", False),
        ("eve", True),
    ]
    assert len(run("list").stdout.splitlines()) == 3
    with database.read() as session:
        stored = find_password(session, "ada")
    assert stored
    assert check_password(PASSWORD, stored.password_hash).right


def test_a_new_password_ends_sessions(run: Run, database: Database) -> None:
    run("add", "ada", "ada@example.com", typed=PASSWORD)
    with database.write() as session:
        now = utcnow()
        session.add(new_session(1, SessionKind.BEARER, Client(), now, now.replace(year=now.year + 1)))
    assert run("passwd", "ADA@example.com", typed="quiet lamp under snow\n").exit_code == 0
    with database.read() as session:
        stored = find_password(session, "ada")
        assert session.scalars(select(LoginSession)).one().revoked_at is not None
    assert stored
    assert check_password("quiet lamp under snow", stored.password_hash).right


def test_what_is_refused_says_why(run: Run) -> None:
    for arguments, typed, why in (
        (("add", "a@b", "ada@example.com"), PASSWORD, "user name"),
        (("add", "ada", "nonsense"), PASSWORD, "email"),
        (("add", "ada", "ada@example.com"), "password1", "easy to guess"),
        (("add", "ada", "ada@example.com"), "", "at least 8"),
        (("passwd", "nobody"), PASSWORD, "nobody is called"),
    ):
        result = run(*arguments, typed=typed)
        assert result.exit_code == 1
        assert why in result.stderr
    assert run("list").stdout == ""
    assert run("add", "ada", "ada@example.com", PASSWORD).exit_code == 2


def test_on_a_terminal_it_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "other"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    assert commands.read_password() == PASSWORD
    with pytest.raises(RuleBroken, match="differ"):
        commands.read_password()
