"""Data in the scripts of pages."""

from __future__ import annotations

import time

import httpx
import pytest

from magpie.playlists.sources.fetching import Answer
from magpie.playlists.sources.pages import meta, script_json
from magpie.playlists.sources.port import SourceFailed

pytestmark = pytest.mark.once


def page(text: str) -> Answer:
    return Answer(200, httpx.Headers(), text.encode(), "music.example")


@pytest.mark.parametrize(
    "tag",
    [
        '<script id="data" type="application/json">',
        '<script type="application/json" id="data">',
        "<script id='data'>",
        "<script\n  id=data\n>",
    ],
)
def test_the_script_with_that_id(tag: str) -> None:
    text = f'<html><script>var x = 1</script><script id="data2">[]</script>{tag}{{"a": 1}}</script>'
    assert script_json(page(text), "data") == {"a": 1}


@pytest.mark.parametrize(
    "text", ["", "<script id=data>", '<script id="data">{"a"</script>', "<script id=other>1</script>"]
)
def test_what_is_not_there(text: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        script_json(page(text), "data")
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize(
    "piece", ["<script>", "<script></script>", "<script ", "</script>", "<meta ", "<meta x=1>"]
)
def test_strange_pages_take_no_long_time(piece: str) -> None:
    answer = page(piece * 400_000)
    before = time.process_time()
    with pytest.raises(SourceFailed):
        script_json(answer, "data")
    assert meta(answer, "og:image") is None
    assert time.process_time() - before < 10


def test_facts_in_the_head() -> None:
    text = (
        '<meta name="x" content="no"><meta content=\'https://x.example/a?b=1&amp;c=2\' property="og:image">'
    )
    assert meta(page(text), "og:image") == "https://x.example/a?b=1&c=2"
