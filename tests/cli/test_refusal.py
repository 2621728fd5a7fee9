"""What a person reads who starts Magpie with a disk or a database that will not do: a sentence, and no traceback."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from magpie.kit.refusal import Refused, sentence_of
from tests.support import warm
from tests.support.server import environment

pytestmark = pytest.mark.once
NOWHERE = "postgresql://magpie:hunter2hunter2@127.0.0.1:1/magpie"


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("users", "list")])
@pytest.mark.sqlite_only
def test_a_start_that_cannot_be_ends_with_one_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    told = warm.command(
        *command, env=environment(tmp_path / "data") | {"DATABASE_URL": NOWHERE}, cwd=tmp_path
    )
    assert told.returncode == 2
    last = told.stderr.strip().splitlines()[-1]
    assert last.startswith("magpie: The database cannot be used: ")
    assert "DATABASE_URL" in last
    assert "Traceback" not in told.stderr
    assert "hunter2" not in told.stderr


@pytest.mark.sqlite_only
def test_a_data_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = warm.command("serve", "--port", "0", env=environment(tmp_path / "file" / "data"), cwd=tmp_path)
    assert told.returncode == 2
    assert told.stderr.strip().splitlines()[-1] == f"magpie: {tmp_path / 'file' / 'data'}: Not a directory."


def test_what_is_of_the_disk_or_the_database_is_said() -> None:
    def of(number: int) -> str | None:
        return sentence_of(OSError(number, os.strerror(number), "/data/x"))

    assert sentence_of(Refused("Write it so.")) == "Write it so."
    assert of(errno.EACCES) == (
        "/data/x: Permission denied. See who owns the folder, and whether its disk may be written to."
    )
    assert of(errno.ENOSPC) == "/data/x: No space left on device. Free some space on its disk."
    assert of(errno.ENOENT) == "/data/x: No such file or directory."
    full = sqlite3.OperationalError("database or disk is full")
    for error in (full, OperationalError("INSERT", {}, full)):
        assert (sentence_of(error) or "").startswith(
            "The database cannot be used: database or disk is full. "
        )


def test_what_is_a_fault_of_the_program_keeps_its_traceback() -> None:
    for error in (ValueError("x"), OSError("without a number"), IntegrityError("INSERT", {}, Exception("x"))):
        assert sentence_of(error) is None
