"""`media_root` over HTTP: what is accepted, what is refused, and who takes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import update

from magpie.admin.settings import service
from magpie.admin.settings.models import SavedSetting
from magpie.app import build_api
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.crypto import Vault
from magpie.kit.db import Database
from magpie.kit.events import EventBus
from tests.accounts.conftest import SECRET, register, sign_in
from tests.admin.settings.conftest import Host
from tests.admin.settings.test_settings import URL, fact, fault

pytestmark = pytest.mark.once  # folders; how a setting is saved is `test_settings`' matter


def choose(client: TestClient, folder: object) -> Response:
    return client.put(URL, json={"media_root": str(folder)})


def saved(database: Database) -> Any:
    """What is saved of the setting; None for nothing."""
    with database.read() as session:
        row = session.get(SavedSetting, "media_root")
        return row and row.value


def work(folder: Path) -> Path:
    return folder / ".magpie" / "work"


def test_a_new_folder_is_made_and_counts_at_once(
    admin: TestClient, context: AppContext, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "big disk" / "媒体"
    answer = choose(admin, folder)
    assert answer.status_code == 200, answer.text
    assert answer.json()["media_root"] == str(folder) == admin.get(URL).json()["media_root"]
    assert context.settings.media_root == folder
    assert list(work(folder).iterdir()) == []
    assert saved(database) == str(folder)
    described = fact(admin, "media_root")
    assert (described["source"], described["locked"], described["needs_restart"]) == ("saved", False, False)
    assert (described["type"], described["value"]) == ("path", str(folder))


def test_a_folder_below_the_data_folder_moves_along(
    admin: TestClient, context: AppContext, database: Database, tmp_path: Path
) -> None:
    assert choose(admin, context.given.data_dir / "more" / "media").status_code == 200
    assert saved(database) == "more/media"
    moved = AppContext(
        Settings(secret_key=SECRET, data_dir=tmp_path / "moved"), database, SECRET, Vault(SECRET), EventBus()
    )
    service.refresh(moved)
    assert moved.settings.media_root == tmp_path / "moved" / "more" / "media"


def test_without_a_text_or_a_saved_value_the_default_counts(
    admin: TestClient, context: AppContext, database: Database, tmp_path: Path
) -> None:
    default = context.given.media_root
    assert choose(admin, default).status_code == 200
    assert saved(database) is None
    ways: list[Callable[[], Response]] = [
        lambda: choose(admin, ""),
        lambda: choose(admin, default),
        lambda: admin.delete(f"{URL}/saved/media_root"),
    ]
    for go_back in ways:
        assert choose(admin, tmp_path / "elsewhere").json()["media_root"] == str(tmp_path / "elsewhere")
        assert go_back().json()["media_root"] == str(default)
        assert context.settings.media_root == default
        assert work(default).is_dir()
        assert saved(database) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("media", "the whole path"),
        ("~/media", "the whole path"),
        ("{tmp}/a/../b", "the whole path"),
        ("{tmp}/two\nlines", "one line"),
        ("{data}", "own data"),
        ("/", "own data"),
        ("{data}/backups/media", "own data"),
        ("{data}/logs", "own data"),
        ("{tmp}/link/cookies", "own data"),
        ("{tmp}/file", "cannot be written to"),
        ("{tmp}/file/below", "cannot be written to"),
        ("/proc/magpie", "cannot be written to"),
        ("/sys/magpie", "cannot be written to"),
        ("{tmp}/" + "long" * 100, "cannot be written to"),
        ("{tmp}/loop/below", "cannot be"),
    ],
)
def test_what_cannot_be_a_media_folder_is_refused(
    admin: TestClient, context: AppContext, database: Database, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "file").write_text("a file")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "link").symlink_to(context.given.data_dir)
    before = admin.get(URL).json()
    found = fault(choose(admin, name.format(tmp=tmp_path, data=context.given.data_dir)))
    assert words in found["msg"]
    assert found["loc"] == ["body", "media_root"]
    assert admin.get(URL).json() == before
    assert saved(database) is None


def test_a_folder_that_cannot_be_written_to_is_refused(
    admin: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("magpie.library.roots.TemporaryFile", refuse)
    assert "Read-only file system" in fault(choose(admin, tmp_path / "ro"))["msg"]


def test_the_environment_wins(host: Host, database: Database, tmp_path: Path) -> None:
    context = host(media_root=tmp_path / "fixed")
    with TestClient(build_api(context), base_url="http://magpie.test") as client:
        register(client)
        client.headers.update(sign_in(client))
        assert choose(client, tmp_path / "fixed").status_code == 200
        answer = choose(client, tmp_path / "other")
        assert answer.status_code == 409
        assert "MAGPIE_MEDIA_ROOT" in answer.json()["detail"]
        assert not (tmp_path / "other").exists()
        assert fact(client, "media_root")["locked"] is True
    with database.write() as session:
        session.add(SavedSetting(name="media_root", value=str(tmp_path / "other")))
    assert host(media_root=tmp_path / "fixed").settings.media_root == tmp_path / "fixed"
    assert host().settings.media_root == tmp_path / "other"


def test_other_hosts_take_it(admin: TestClient, host: Host, tmp_path: Path) -> None:
    other = host()
    choose(admin, tmp_path / "shared")
    service.refresh(other)
    assert other.settings.media_root == tmp_path / "shared"


def test_a_folder_that_is_gone_may_be_chosen_again(admin: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    choose(admin, folder)
    shutil.rmtree(folder)
    assert admin.get("/health").status_code == 503
    assert "missing" in admin.get("/health").json()["parts"]["media"]["message"]
    assert choose(admin, folder).status_code == 200
    assert work(folder).is_dir()
    assert admin.get("/health").json()["parts"]["media"]["ok"] is True


@pytest.mark.parametrize("value", ["../elsewhere", "/srv/../etc", 7, ["/srv"], None])
def test_a_saved_folder_that_means_nothing_is_passed_over(
    admin: TestClient, context: AppContext, host: Host, database: Database, tmp_path: Path, value: object
) -> None:
    choose(admin, tmp_path / "first")
    with database.write() as session:
        session.execute(update(SavedSetting).where(SavedSetting.name == "media_root").values(value=value))
    assert host().settings.media_root == context.given.media_root
