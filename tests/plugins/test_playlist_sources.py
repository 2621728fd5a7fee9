"""Somebody's own platform for playlists: the demo plug-in's, and broken ones."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from magpie_demo_plugin.playlists import DemoPlaylists

from magpie.config import Settings
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import SourceFailed
from magpie.plugins import GROUP, load_plugins
from tests.plugins.demo_site import DemoSite

pytestmark = pytest.mark.once

PLUGIN = """
from magpie.plugins import hookimpl

class Source:
    name, title, needs = "{name}", "Somebody's", ()
    def recognise(self, text): return None
    def of_id(self, text): return None
    def short_link(self, text): return None
    def fetch(self, ref, fetcher): raise RuntimeError("never asked")

@hookimpl
def magpie_playlist_sources(): return {returned}
"""


def load(folder: Path, monkeypatch: pytest.MonkeyPatch, **values: str) -> tuple[list[str], list[str]]:
    """The names of the sources with this plug-in, and what is said to be wrong."""
    module = f"plugin_{folder.name}".replace("-", "_")
    (folder / f"{module}.py").write_text(PLUGIN.format(**{"name": "own", "returned": "[Source()]", **values}))
    monkeypatch.syspath_prepend(folder)
    found = load_plugins([EntryPoint("mine", module, GROUP)])
    return [source.name for source in found.playlist_sources], [problem.error for problem in found.problems]


def test_a_plugins_source_is_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, problems = load(tmp_path, monkeypatch)
    assert names[:2] == ["own", "netease"]
    assert problems == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"returned": "[Source]"}, "returned the class Source"),
        ({"returned": "[7]"}, "returned int, expected objects of Source"),
        ({"returned": "[object()]"}, "returned object, expected objects of Source"),
        ({"returned": "None"}, "TypeError"),
        ({"name": "x" * 65}, "without a usable name"),
    ],
)
def test_a_broken_one_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    names, problems = load(tmp_path, monkeypatch, **values)
    assert names[0] == "netease"
    assert said in problems[0]


class TestDemo:
    def test_it_reads_a_list(self, demo_site: DemoSite) -> None:
        songs = [
            {"id": "1", "title": "Bell 铃", "artist": "Bird & Co", "seconds": 6},
            {"id": "1", "title": "Bell 铃", "artist": "Bird & Co", "seconds": 6},
            {"nothing": "of use"},
        ]
        demo_site.listings["/demo-site/lists/drive.json"] = {"title": "A drive", "songs": songs}
        source = DemoPlaylists()
        ref = source.recognise(f"listen: {demo_site.url('lists/drive')} (mine)")
        assert ref is not None
        with Fetcher(Settings(egress_allow=demo_site.host), sleep=lambda _: None) as fetcher:
            found = source.fetch(ref, fetcher)
        assert [(track.title, track.artists, track.duration) for track in found.tracks] == [
            ("Bell 铃", ("Bird & Co",), 6.0)
        ] * 2
        assert (found.title, found.is_complete, found.note) == ("A drive", False, "2 of 3 songs came.")

    def test_without_leave_nothing_private_is_asked(self, demo_site: DemoSite) -> None:
        source = DemoPlaylists()
        ref = source.of_id(demo_site.url("lists/drive"))
        assert ref is not None
        with Fetcher(Settings()) as fetcher, pytest.raises(SourceFailed) as caught:
            source.fetch(ref, fetcher)
        assert caught.value.reason == "refused"
        assert demo_site.seen == []
