"""A package of somebody's own adds a site and a downloader, without a change in Magpie."""

from __future__ import annotations

import io
import json
import sqlite3
import wave
from contextlib import closing
from pathlib import Path

import pytest
from magpie_demo_plugin.extractor import DemoExtractor

from magpie.downloads.extractors.port import Claim, Declined, IsAList, Kind, Medium, Profile, Request, Stage
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.kit.egress import EgressGuard, EgressPolicy
from tests.plugins.conftest import magpie, surroundings
from tests.plugins.demo_site import ARTIST, TITLE, DemoSite
from tests.support.server import Program, ended


class Listener:
    """A session that keeps what it is told."""

    def __init__(self, *, go: bool = True) -> None:
        self.media: list[Medium] = []
        self.bytes: list[int] = []
        self.stages: list[Stage] = []
        self._go = go

    def stage(self, stage: Stage) -> None:
        self.stages.append(stage)

    def found(self, medium: Medium) -> None:
        self.media.append(medium)
        if not self._go:
            raise Declined

    def progress(
        self, downloaded: int, total: int | None = None, speed: float | None = None, eta: float | None = None
    ) -> None:
        self.bytes.append(downloaded)

    def should_finish(self) -> bool:
        return False


def fetch(site: DemoSite, name: str, workdir: Path, session: Listener | None = None) -> str:
    """Let the downloader work in this process; the bytes that it brought are in the returned file name."""
    with EgressGuard(EgressPolicy([site.host])) as guard, guard.pass_for("job") as access:
        request = Request(site.url(name), Profile("audio", "audio"), workdir, access.url, "ffmpeg")
        saved = DemoExtractor().extract(request, session or Listener())
    return saved.files[0].name


def test_it_claims_its_addresses_only() -> None:
    claims = DemoExtractor().claims
    assert claims("http://127.0.0.1:8080/demo-site/bell") is Claim.YES
    assert claims("http://localhost/demo-site/bell.json") is Claim.YES
    for other in (
        "https://example.org/demo-site/bell",
        "http://127.0.0.1/demo-site/",
        "http://127.0.0.1/demo-site/a/b",
        "http://127.0.0.1/else/bell",
    ):
        assert claims(other) is Claim.NO


def test_it_reports_what_it_found_and_how_far_it_is(demo_site: DemoSite, tmp_path: Path) -> None:
    session = Listener()
    name = fetch(demo_site, "bell", tmp_path, session)
    assert (tmp_path / name).read_bytes() == demo_site.sound
    [medium] = session.media
    assert (medium.extractor, medium.source_id, medium.kind) == ("magpie-demo", "bell", Kind.AUDIO)
    assert (medium.title, medium.artist) == (TITLE, ARTIST)
    assert session.stages == [Stage.DOWNLOADING]
    assert session.bytes[-1] == len(demo_site.sound)
    assert session.bytes == sorted(session.bytes)


def test_it_continues_where_it_was_cut_off(demo_site: DemoSite, tmp_path: Path) -> None:
    demo_site.cut_after = 150_000
    name = fetch(demo_site, "bell", tmp_path)
    assert (tmp_path / name).read_bytes() == demo_site.sound
    ranges = [asked for path, asked in demo_site.seen if path.endswith(".wav")]
    first, second = ranges
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= 150_000


def test_a_medium_that_is_held_is_not_fetched(demo_site: DemoSite, tmp_path: Path) -> None:
    with pytest.raises(Declined):
        fetch(demo_site, "bell", tmp_path, Listener(go=False))
    assert not [path for path, _ in demo_site.seen if path.endswith(".wav")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("secret", Reason.PRIVATE),
        ("missing", Reason.NOT_FOUND),
        ("strange", Reason.TOOL_TOO_OLD),
        ("nowhere", Reason.REFUSED_ADDRESS),
    ],
)
def test_failures_are_typed(demo_site: DemoSite, tmp_path: Path, name: str, reason: Reason) -> None:
    with pytest.raises(DownloadFailure) as failure:
        fetch(demo_site, name, tmp_path)
    assert failure.value.reason is reason


def test_a_list_names_its_entries(demo_site: DemoSite, tmp_path: Path) -> None:
    with pytest.raises(IsAList) as found:
        fetch(demo_site, "all", tmp_path)
    assert found.value.title == "All"
    assert [entry.url for entry in found.value.entries] == [demo_site.url("bell")]


def samples(file: bytes) -> bytes:
    """The sound of a WAV file, without the tags that it was given."""
    with wave.open(io.BytesIO(file)) as sound:
        frames: bytes = sound.readframes(sound.getnframes())
        return frames


@pytest.mark.slow
def test_installed_it_saves_from_the_command_line_and_through_the_server(
    demo_plugin: Path, demo_site: DemoSite, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    program = Program(data, egress_allow=demo_site.host, download_attempts=1)
    program.environment = env = surroundings(data, demo_plugin, egress_allow=demo_site.host)

    demo_site.cut_after = 150_000
    saved = magpie("save", demo_site.url("bell"), "--json", env=env, cwd=tmp_path)
    assert saved.returncode == 0, saved.stderr
    outcome = json.loads(saved.stdout)
    assert (outcome["status"], outcome["title"], outcome["artist"]) == ("completed", TITLE, ARTIST)
    path = Path(outcome["path"])
    assert path.relative_to(data / "media").as_posix() == f"Music/{ARTIST}/{TITLE}.wav"
    assert samples(path.read_bytes()) == samples(demo_site.sound)
    with closing(sqlite3.connect(data / "magpie.db")) as database:
        found = database.execute("SELECT extractor, source_id, site FROM items").fetchall()
    assert found == [("magpie-demo", "bell", "magpie-demo")]

    told = magpie("doctor", "--json", env=env, cwd=tmp_path)
    findings = {finding["subject"]: finding for finding in json.loads(told.stdout)}
    assert findings["plug-ins"] == {"level": "ok", "subject": "plug-ins", "message": "magpie-demo"}
    assert "magpie-demo" in findings["downloaders"]["message"]

    demo_site.listings["/demo-site/second.json"] = demo_site.listings["/demo-site/bell.json"]
    with program, closing(program.client()) as client:
        assert client.get("/health").json()["parts"]["plugins"] == {"ok": True, "message": None}
        look = client.post("/api/v1/inspect", json={"url": demo_site.url("second")}).json()
        assert (look["site"], look["extractor"], look["kind"]) == ("magpie-demo", "magpie-demo", "page")
        asked = client.post("/api/v1/downloads", json={"url": demo_site.url("second")})
        assert asked.status_code == 200, asked.text
        download = ended(client, asked.json()["id"])
        assert (download["status"], download["site"]) == ("completed", "magpie-demo"), download
        item = client.get(f"/api/v1/items/{download['item_id']}").json()
        assert (item["extractor"], item["site"], item["kind"]) == ("magpie-demo", "magpie-demo", "audio")
        assert samples(client.get(item["file_url"]).content) == samples(demo_site.sound)

        private = client.post("/api/v1/downloads", json={"url": demo_site.url("secret")}).json()
        failed = ended(client, private["id"])
        assert (failed["status"], failed["reason"]) == ("failed", "private")
