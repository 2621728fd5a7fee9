"""`magpie adopt`, `magpie follow` and `magpie links`, on real files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from magpie import config
from magpie.accounts.models import User
from magpie.cli import app
from magpie.demo.media import Studio, audio, video
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.library.models import Item, ItemFile, Membership
from magpie.links import commands
from magpie.links.models import ArchivedMedium, Link, LinkEntry
from tests.support.media import made_media

pytestmark = pytest.mark.database
Run = Callable[..., Result]
CHANNEL = "https://www.youtube.com/channel/UCbirds"


@pytest.fixture
def run(database_url: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program, on the test's database, which has users root and ada."""
    chosen = config.Settings(data_dir=tmp_path / "data", database_url=database_url)
    monkeypatch.setattr(commands, "settings", lambda: chosen)
    with database.write() as session:
        for name in ("root", "ada"):
            session.add(
                User(
                    username=name,
                    username_key=name,
                    password_hash="-",
                    is_superuser=name == "root",
                    created_at=utcnow(),
                )
            )

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return call


@pytest.fixture(scope="session")
def film() -> Path:
    return Studio(made_media()).make(video("film.mp4", "A film", seconds=1))


@pytest.fixture(scope="session")
def song() -> Path:
    return Studio(made_media()).make(audio("song.mp3", "A song", seconds=1))


def lay(folder: Path, name: str, medium: Path | None, **info: Any) -> Path:
    """A medium with its info file, as yt-dlp leaves them."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "id": name, "title": f"The {name}", "extractor": "youtube", "extractor_key": "Youtube", "_type": "video",
        "webpage_url": f"https://www.youtube.com/watch?v={name}", "channel": "Birds", "channel_url": CHANNEL,
        "upload_date": "20240229", **info,
    }  # fmt: skip
    (folder / f"{name}.info.json").write_text(json.dumps(facts))
    if medium is not None:
        shutil.copyfile(medium, folder / f"{name}{medium.suffix}")
    return folder / f"{name}.info.json"


def paths(database: Database) -> dict[str, str]:
    with database.read() as session:
        return dict(session.execute(select(ItemFile.path, ItemFile.role)).all())


class TestInPlace:
    def test_files_stay_where_they_lie(
        self, run: Run, database: Database, tmp_path: Path, film: Path, song: Path
    ) -> None:
        media = tmp_path / "data" / "media"
        lay(media / "Old" / "Birds", "wren", film)
        (media / "Old" / "Birds" / "wren.en.vtt").write_text("WEBVTT\n")
        lay(media / "Old", "song", song)
        done = run("adopt", str(media / "Old"), "--user", "ADA")
        assert (done.exit_code, done.stdout) == (0, "2 taken into the library, 0 held already.\n"), (
            done.output
        )
        found = paths(database)
        assert {path: role for path, role in found.items() if not path.startswith(".magpie/")} == {
            f"Old/Birds/wren{film.suffix}": "media",
            "Old/Birds/wren.en.vtt": "subtitle",
            "Old/Birds/wren.info.json": "info",
            f"Old/song{song.suffix}": "media",
            "Old/song.info.json": "info",
        }
        for path in found:
            assert (media / path).stat().st_size > 0
        with database.read() as session:
            wren = session.scalars(select(Item).where(Item.source_id == "wren")).one()
            assert (wren.extractor, wren.kind, wren.quality) == ("youtube", "video", "video")
            assert (wren.title, wren.artist, wren.site) == ("The wren", "Birds", "youtube")
            assert wren.duration
            assert wren.published_at
            assert wren.published_at.year == 2024
            assert session.scalars(select(Item.kind).where(Item.source_id == "song")).one() == "audio"
            ada = session.scalars(select(User.id).where(User.username == "ada")).one()
            assert set(session.scalars(select(Membership.user_id))) == {ada}
            assert set(session.scalars(select(ArchivedMedium.source_key))) == {"youtube wren", "youtube song"}

    def test_it_can_be_repeated(self, run: Run, database: Database, tmp_path: Path, film: Path) -> None:
        media = tmp_path / "data" / "media"
        lay(media, "wren", film)
        assert run("adopt", str(media)).exit_code == 0
        before = paths(database)
        again = run("adopt", str(media), "--user", "ada")
        assert again.stdout == "0 taken into the library, 1 held already.\n"
        assert paths(database) == before
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(Membership)) == 2

    def test_elsewhere_they_must_be_moved(
        self, run: Run, database: Database, tmp_path: Path, film: Path
    ) -> None:
        lay(tmp_path / "elsewhere", "wren", film)
        refused = run("adopt", str(tmp_path / "elsewhere"))
        assert refused.exit_code == 1
        assert "--move" in refused.stderr
        assert paths(database) == {}

    def test_what_cannot_be_used_is_told(
        self, run: Run, database: Database, tmp_path: Path, film: Path
    ) -> None:
        media = tmp_path / "data" / "media"
        lay(media, "alone", None)
        lay(media, "list", film, _type="playlist")
        lay(media, "nameless", film, id=None)
        lay(media, "homeless", film, webpage_url="file:///etc/passwd")
        (media / "broken.info.json").write_text("{" * 10)
        lay(media, "noise", film)
        (media / f"noise{film.suffix}").write_bytes(b"no film" * 1000)
        (media / "out.info.json").symlink_to("/etc/hostname")
        lay(media, "wren", film)
        done = run("adopt", str(media))
        assert done.exit_code == 1
        assert done.stdout == "1 taken into the library, 0 held already, 7 not usable.\n"
        assert len([line for line in done.stderr.splitlines() if ".info.json: " in line]) == 7
        assert run("adopt", str(tmp_path / "missing")).exit_code == 2


class TestMove:
    def test_files_get_the_librarys_names(
        self, run: Run, database: Database, tmp_path: Path, film: Path
    ) -> None:
        source = tmp_path / "elsewhere"
        lay(source, "wren", film)
        done = run("adopt", str(source), "--move")
        assert done.exit_code == 0, done.output
        media = tmp_path / "data" / "media"
        found = paths(database)
        assert any(path.startswith("Videos/Birds/") for path in found)
        assert all((media / path).is_file() for path in found)
        assert list(source.iterdir()) == []
        assert list((media / ".magpie" / "work").iterdir()) == []


class TestLinks:
    def test_a_link_of_the_channel_knows_them(
        self, run: Run, database: Database, tmp_path: Path, film: Path
    ) -> None:
        media = tmp_path / "data" / "media"
        lay(media, "wren", film)
        lay(media, "tit", film, upload_date="20240301")
        assert run("follow", CHANNEL, "--every", "6h").exit_code == 0
        assert run("adopt", str(media)).exit_code == 0
        with database.read() as session:
            entries = list(session.scalars(select(LinkEntry).order_by(LinkEntry.rank)))
            assert [(one.source_key, one.verdict) for one in entries] == [
                ("youtube wren", "downloaded"),
                ("youtube tit", "downloaded"),
            ]
            assert all(one.item_id for one in entries)
            assert session.scalars(select(Link)).one().counts == {"downloaded": 2}

    def test_channels_are_followed_on_request(
        self, run: Run, database: Database, tmp_path: Path, film: Path
    ) -> None:
        media = tmp_path / "data" / "media"
        lay(media, "wren", film)
        lay(media, "tit", film)
        done = run("adopt", str(media), "--follow")
        assert "1 channels followed" in done.stdout
        with database.read() as session:
            link = session.scalars(select(Link)).one()
            assert (link.url, link.name, link.counts) == (CHANNEL, "Birds", {"downloaded": 2})


class TestFollow:
    def test_it_says_what_will_happen(self, run: Run, database: Database) -> None:
        done = run("follow", CHANNEL, "--name", "Nest", "--every", "90m", "--user", "ada")
        assert done.exit_code == 0, done.output
        assert "Nest (youtube channel), for ada" in done.stdout
        assert "every 90 minutes" in done.stdout
        with database.read() as session:
            link = session.scalars(select(Link)).one()
            assert (link.name, link.interval_minutes, link.check_mode) == ("Nest", 90, "check")
        again = run("follow", f"{CHANNEL}/", "--user", "ada")
        assert (again.exit_code, again.stdout) == (1, "")
        assert "Nest" in again.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("--every", "soon", CHANNEL),
            ("--every", "0m", CHANNEL),
            ("--every", "400d", CHANNEL),
        ],
    )
    def test_a_wrong_command(self, run: Run, arguments: tuple[str, ...]) -> None:
        done = run("follow", *arguments)
        assert done.exit_code == 2
        assert done.stderr.startswith("magpie follow: ")

    def test_nobody_of_that_name(self, run: Run) -> None:
        assert run("follow", CHANNEL, "--user", "eve").exit_code == 1

    def test_links_are_listed_and_removed(self, run: Run, database: Database) -> None:
        made = json.loads(run("follow", CHANNEL, "--json").stdout)
        run("follow", "https://media.example/b", "--user", "ada", "--name", "B")
        lines = run("links", "list").stdout.splitlines()
        assert lines[0] == f"{made['id']}\tUCbirds\tyoutube_channel\tidle\t{CHANNEL}"
        assert len(lines) == 2
        (only,) = run("links", "list", "--json", "--user", "ada").stdout.splitlines()
        assert json.loads(only)["name"] == "B"
        removed = run("links", "remove", str(made["id"]))
        assert (removed.exit_code, "stays in the library" in removed.stdout) == (0, True)
        assert run("links", "remove", str(made["id"])).exit_code == 1
        assert len(run("links", "list").stdout.splitlines()) == 1
