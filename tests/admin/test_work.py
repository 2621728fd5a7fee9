"""`magpie jobs`: what waits and runs is listed and ended from the rows alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from magpie.accounts.models import User
from magpie.admin.work import commands
from magpie.audit.models import AuditRecord
from magpie.config import Settings
from magpie.context import AppContext, build_context
from magpie.downloads import service as downloads
from magpie.downloads.models import Download, Status
from magpie.kit.clock import utcnow
from magpie.library.care import service as scans
from magpie.library.models import Scan
from magpie.links.models import Link, LinkStatus
from magpie.playlists.models import Task, TaskStatus
from magpie.podcasts.models import Episode, EpisodeStatus
from magpie.preparation import prepare
from tests.support.databases import lay_databases

pytestmark = pytest.mark.once


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppContext]:
    """An installation with one superuser, as the commands find it."""
    chosen = Settings(data_dir=tmp_path / "data", secret_key="a secret of at least thirty-two characters")
    monkeypatch.setattr(commands, "settings", lambda: chosen)
    monkeypatch.setattr(commands, "configure_logs", lambda **_: None)
    lay_databases(chosen.data_dir)
    made = build_context(chosen)
    prepare(made)
    with made.database.write() as session:
        session.add(
            User(
                username="ada", username_key="ada", password_hash="-", is_superuser=True, created_at=utcnow()
            )
        )
    yield made
    made.close()


def _ask(context: AppContext, title: str, *, runs: bool = False) -> int:
    with context.database.write() as session:
        wanted = downloads.Wanted(f"https://example.org/{title}", title=title)
        download = downloads.create(context, session, 1, wanted)
        if runs:
            download.status = Status.DOWNLOADING
        session.flush()
        return download.id


def _listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    capsys.readouterr()
    assert commands.show(as_json=True) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_all_that_waits_and_runs_is_listed(context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    assert _listed(capsys) == []
    waits, runs = _ask(context, "later\x1b[2J"), _ask(context, "now", runs=True)
    with context.database.write() as session:
        scans.begin(context, session, None, adopt=False)
    told = _listed(capsys)
    assert [(one["id"], one["state"], one["user"]) for one in told] == [
        (f"download:{runs}", "running", "ada"),
        (f"download:{waits}", "waiting", "ada"),
        ("scan:1", "waiting", None),
    ]
    assert commands.show(as_json=False) == 0
    assert f"download:{waits}\twaiting\tlater [2J\tada\n" in capsys.readouterr().out


def test_of_every_kind_one_is_listed(context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    with context.database.write() as session:
        link = Link(
            user_id=1, url="https://example.org/feed", url_key="x", site="example.org", name="Feed", search="",
            type="feed", tags=[], profile="video", status=LinkStatus.CHECKING, check_mode="check", check_worker="w",
        )  # fmt: skip
        task = Task(
            user_id=1, name="Songs", playlist_url="x", platform="file", source_id="1", source_url="x",
            status=TaskStatus.WAITING, mode="mirror", cron_schedule="", timezone="UTC",
        )  # fmt: skip
        episode = Episode(user_id=1, key="e" * 32, title="Talk", status=EpisodeStatus.VOICING)
        session.add_all([link, task, episode])
    assert [(one["id"], one["state"], one["what"]) for one in _listed(capsys)] == [
        ("check:1", "running", "Feed"),
        ("sync:1", "waiting", "Songs"),
        (f"episode:{'e' * 32}", "running", "Talk"),
    ]
    assert commands.cancel(["check:1"]) == 2
    assert "switch its link off" in capsys.readouterr().err
    assert commands.cancel([f"episode:{'e' * 32}"]) == 0
    with context.database.read() as session:
        assert session.scalars(select(Episode.status)).one() == EpisodeStatus.CANCELLED


def test_what_waits_and_what_runs_is_ended(context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    waits, runs = _ask(context, "later"), _ask(context, "now", runs=True)
    with context.database.write() as session:
        scans.begin(context, session, None, adopt=False)
    assert commands.cancel([f"download:{waits}", f"download:{runs}", "scan:1"]) == 0
    with context.database.read() as session:
        assert session.get_one(Download, waits).status == Status.CANCELLED
        assert session.get_one(Download, runs).cancel_requested  # its worker ends it
        assert session.get_one(Scan, 1).status == scans.CANCELLED
        assert "download.cancel" in session.scalars(select(AuditRecord.action)).all()
    assert commands.cancel([f"download:{waits}"]) == 1
    assert "cancelled already" in capsys.readouterr().err


def test_what_is_no_job_is_refused_before_anything_is_ended(
    context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    waits = _ask(context, "later")
    for job in ("download", "download:x", "download:0", "download:²", "link:1", "episode:", "7"):
        assert commands.cancel([f"download:{waits}", job]) == 2, job
        assert "is no job" in capsys.readouterr().err
    with context.database.read() as session:
        assert session.get_one(Download, waits).status == Status.PENDING
    assert commands.adopt() == 0  # without a server there is nothing to take up
    assert capsys.readouterr().out.startswith("0 jobs")
