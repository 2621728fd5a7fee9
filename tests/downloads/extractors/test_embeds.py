"""Players of known sites on unknown pages: asking few extractors finds what asking all of them does."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magpie.downloads.extractors.ytdlp import embeds, suitable
from magpie.downloads.extractors.ytdlp.downloader import Downloader, _ask_all, enabled_extractors
from magpie.downloads.extractors.ytdlp.embeds import Embeds

PAGES = [
    '<iframe src="https://www.loom.com/embed/43d05f362f734614a2e81b4694a3a523"></iframe>',
    '<iframe width=5 src="https://play.acast.com/s/the-remnant/ep"></iframe>',
    '<iframe src="https://www.youtube.com/embed/BaW_jenozKc"></iframe>',
    '<iframe src="https://player.vimeo.com/video/76979871"></iframe><iframe src="//www.dailymotion.com/embed/video/x5">',
    '<iframe src="//embed.crooksandliars.com/embed/8RUoRhRi"></iframe>',
    '<iframe src="https://www.instagram.com/p/BQ0eAlwhDrw/embed/"></iframe>',
    '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1"></iframe>',
    '<video><source src="/a.mp4" type="video/mp4"></video>',
    '<meta property="og:url" content="https://a.bandcamp.com/track/b"><meta name="generator" content="Bandcamp">',
    '<div class="player" data-file="x">nothing to be seen here</div>',
]


class _Silent:
    """A session that nobody listens to."""

    def __getattr__(self, _name: str) -> Callable[..., bool]:
        return lambda *_: False


@pytest.fixture(scope="module")
def downloader() -> Downloader:
    silent: Any = _Silent()
    return Downloader({"quiet": True}, silent)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is kept what each extractor looks for."""
    folder = tmp_path_factory.mktemp("kept")
    assert sum(1 for _ in Embeds(folder).work_out(enabled_extractors())) > 1000
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: re.sub(r"\W+", " ", page)[:40])
def test_what_all_find_is_found(downloader: Downloader, folder: Path, page: str) -> None:
    every = downloader._ies

    def found(extractors: dict[str, Any]) -> list[str]:
        downloader._ies = extractors
        try:
            generic = downloader.get_info_extractor("Generic")
            listed = _ask_all(generic, "https://example.invalid/post", page) or []
        finally:
            downloader._ies = every
        return [str(entry.get("url") or entry.get("formats")) for entry in listed]

    few = Embeds(folder).asked(every, page)
    assert len(few) < 120
    assert found(few) == found(every)
    assert bool(found(few)) == (page != PAGES[-1])


def test_it_is_worked_out_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeds, "_texts_of", None)
    assert list(Embeds(folder).work_out(enabled_extractors())) == []
    every = {one.ie_key(): one for one in enabled_extractors()}
    assert Embeds(None).asked(every, "") == every  # nothing is known
    assert len(Embeds(folder).asked(every, "")) < 100
    mine = {"Mine": object()}
    assert Embeds(folder).asked(mine, "") == mine  # of a plug-in of the tests, say


@cache
def _patterns() -> list[tuple[str, str]]:
    real = [(one.ie_key(), one.real_class) for one in enabled_extractors() if hasattr(one, "real_class")]
    return [(key, pattern) for key, one in real for pattern in one.__dict__.get("_EMBED_REGEX", ())]


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_page_that_a_pattern_matches_is_shown_to_its_extractor(folder: Path, data: st.DataObject) -> None:
    key, pattern = data.draw(st.sampled_from(_patterns()))
    page = data.draw(st.from_regex(re.compile(pattern)))
    every = {one.ie_key(): one for one in enabled_extractors()}
    assert key in Embeds(folder).asked(every, page), pattern


def test_an_extractor_without_patterns_looks_for_nothing() -> None:
    assert suitable.demanded((), {}) == frozenset()
    assert suitable.demanded(("<iframe[^>]+src=x",), {}) == frozenset({"<iframe"})
