"""A plug-in that does not work is named to whoever can mend it, and stands in nobody else's way."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from magpie.downloads.extractors import chain
from magpie.downloads.extractors.port import Claim, Profile, Request
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.plugins import GROUP, Plugins, load_plugins
from tests.plugins.conftest import magpie, surroundings
from tests.plugins.demo_site import DemoSite
from tests.plugins.test_demo import Listener
from tests.support.server import Program, ended

HEAD = """
from magpie.plugins import hookimpl
from magpie.downloads.extractors.port import Claim
from magpie.downloads.sites import Site

class Base:
    name = "{name}"
    def claims(self, url): return Claim.NO
    def extract(self, request, session): raise RuntimeError("never asked")
    def preload(self): pass
    def version(self): return "1"
"""

GOOD = "@hookimpl\ndef magpie_extractors(): return [It()]\n"

LONG_NAMED = """
import dataclasses, magpie.playlists.servers.plex as plex
@hookimpl
def magpie_media_servers(): return [dataclasses.replace(plex.KIND, name="x" * 33)]
"""
# What each of them does wrong, and what is said about it; None where it only shows in a download.
BROKEN = {
    "bad-import": ("import a_module_that_nobody_has", "ModuleNotFoundError"),
    "bad-exit": ("raise SystemExit('I will not')", "SystemExit: I will not"),
    "bad-signature": ("@hookimpl\ndef magpie_sites(unknown): return []", "PluginValidationError"),
    "bad-hook": ("@hookimpl\ndef magpie_extractors(): raise KeyError('lost')", "KeyError: 'lost'"),
    "bad-result": (
        "@hookimpl\ndef magpie_extractors(): return [42]",
        "returned int, expected objects of Ext",
    ),
    "bad-none": ("@hookimpl\ndef magpie_sites(): return None", "TypeError"),
    "bad-class": ("@hookimpl\ndef magpie_extractors(): return [Base]", "returned the class Base"),
    "bad-name": (
        "class It(Base): name = 'x' * 65\n" + GOOD,
        "returned a Extractor without a usable name",
    ),
    "bad-hosts": ("@hookimpl\ndef magpie_sites(): return [Site('s', 'example.org')]", "not a tuple of names"),
    "bad-server": (LONG_NAMED, "whose name is longer than 32 characters"),
    "magpie": ("", "already registered"),
}
# These can be loaded; what they do wrong shows later.
LATE = {
    "bad-preload": "class It(Base):\n    def preload(self): raise OSError('no model')\n" + GOOD,
    "bad-version": "class It(Base):\n    def version(self): raise RuntimeError('no version')\n" + GOOD,
    "bad-background": "class It(Base):\n    def begin_preload(self): raise RuntimeError('no start')\n" + GOOD,
    "bad-warming": "class It(Base):\n    def warm_up(self): raise RuntimeError('cold')\n" + GOOD,
    "bad-claim": "class It(Base):\n    def claims(self, url): raise RuntimeError('who knows')\n" + GOOD,
    "bad-answer": "class It(Base):\n    def claims(self, url): return 'maybe'\n" + GOOD,
    "bad-extract": (
        "class It(Base):\n"
        "    def claims(self, url): return Claim.YES if url.endswith('/crash') else Claim.NO\n"
        "    def kind_of_address(self, url): raise RuntimeError('unkind')\n"
        "    def extract(self, request, session): raise RuntimeError('it broke')\n" + GOOD
    ),
}
UNPREPARED = {
    "bad-preload": "OSError: no model",
    "bad-version": "RuntimeError: no version",
    "bad-background": "RuntimeError: no start",
}


def install(folder: Path, name: str, source: str) -> EntryPoint:
    """Put a package into the folder that is as good as an installed one."""
    module = f"plugin_{name.replace('-', '_')}"
    (folder / f"{module}.py").write_text(HEAD.format(name=name) + source)
    facts = folder / f"{module}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}\n")
    return EntryPoint(name, module, GROUP)


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """All of them at once, in this process."""
    monkeypatch.syspath_prepend(tmp_path)
    sources = {name: source for name, (source, _) in BROKEN.items()} | LATE
    return load_plugins([install(tmp_path, name, source) for name, source in sources.items()])


def request(url: str, workdir: Path) -> Request:
    return Request(url, Profile("video"), workdir, "http://127.0.0.1:9", "ffmpeg")


def test_who_wants_one_kind_loads_no_other() -> None:
    """The fork server wants extractors: providers of playlists and podcasts, and what they load, would only fill it."""
    program = (
        "import sys; from magpie.plugins import plugins; assert plugins().extractors\n"
        "print([name for name in sys.modules if name.startswith(('magpie.playlists', 'magpie.podcasts', 'pydantic'))])\n"
        "assert plugins().voices; print('magpie.podcasts.voices.builtin' in sys.modules)"
    )
    # Apart: this process has loaded them all, and a plug-in of the developer's own loads what it likes.
    done = subprocess.run(
        [sys.executable, "-c", f"import importlib.metadata as m; m.entry_points = lambda **_: []\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == ["[]", "True", ""]


def test_each_is_named_with_what_is_wrong(loaded: Plugins) -> None:
    assert {problem.plugin for problem in loaded.problems} == set(BROKEN)
    for name, (_, expected) in BROKEN.items():
        [problem] = [problem.error for problem in loaded.problems if problem.plugin == name]
        assert expected in problem, name


def test_what_works_is_there_in_order(loaded: Plugins) -> None:
    names = [extractor.name for extractor in loaded.extractors]
    assert names == [*sorted(LATE), "direct", "ytdlp", "gallerydl", "webimages"]
    assert "youtube" in {site.name for site in loaded.sites}


def test_a_plugin_that_cannot_claim_is_passed_over(loaded: Plugins) -> None:
    ranked = chain.candidates("https://example.org/song.mp3", {}, loaded.extractors)
    assert ranked[0][0] is Claim.LIKELY
    assert ranked[0][1].name == "direct"
    assert not {"bad-claim", "bad-answer"} & {extractor.name for _, extractor in ranked}


def test_one_that_raises_fails_its_download_by_name(loaded: Plugins, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailure) as failure:
        chain.save(request("http://example.org/crash", tmp_path), Listener(), loaded.extractors)
    assert failure.value.reason is Reason.TOOL_ERROR
    assert failure.value.detail == "bad-extract: RuntimeError: it broke"


def test_an_unkind_answer_is_a_page(loaded: Plugins) -> None:
    found = chain.inspect("http://example.org/crash", "http://127.0.0.1:9", {}, loaded.extractors)
    assert found == {"extractor": "bad-extract", "kind": "page"}


@pytest.mark.slow
def test_everything_else_goes_on(demo_site: DemoSite, tmp_path: Path) -> None:
    folder, data = tmp_path / "plugins", tmp_path / "data"
    folder.mkdir()
    for name, (source, _) in BROKEN.items():
        install(folder, name, source)
    for name, source in LATE.items():
        install(folder, name, source)
    program = Program(data)
    program.environment = env = surroundings(data, folder, egress_allow=demo_site.host, download_attempts=1)

    told = magpie("doctor", "--json", env=env, cwd=tmp_path)
    assert told.returncode == 1
    findings = json.loads(told.stdout)
    errors = " ".join(f["subject"] + ": " + f["message"] for f in findings if f["level"] == "error")
    for name, (_, expected) in BROKEN.items():
        assert f"plug-in {name}: " in errors
        assert expected in errors
    for name, expected in UNPREPARED.items():
        assert f"{name}: {expected}" in errors

    with program, closing(program.client()) as client:
        health = client.get("/health")
        assert health.status_code == 200
        parts = health.json()["parts"]
        assert all(f"{name}: " in parts["plugins"]["message"] for name in BROKEN)
        crash = client.post("/api/v1/downloads", json={"url": demo_site.url("crash")}).json()
        failed = ended(client, crash["id"])
        assert (failed["status"], failed["reason"]) == ("failed", "tool_error")
        assert "bad-extract: RuntimeError: it broke" in failed["error_message"]
        asked = client.post("/api/v1/downloads", json={"url": demo_site.url("bell.wav")}).json()
        assert ended(client, asked["id"])["status"] == "completed"
        parts = client.get("/health").json()["parts"]
        assert not parts["extractors"]["ok"]
        assert all(f"{name}: {error}" in parts["extractors"]["message"] for name, error in UNPREPARED.items())
