"""Listing a board's posts with the real gallery-dl."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from magpie.downloads.extractors.port import Kind
from magpie.downloads.failures import DownloadFailure, Reason
from tests.downloads.extractors.conftest import Yard
from tests.downloads.extractors.test_saving import booru


@pytest.fixture
def board(yard: Yard) -> Iterator[Yard]:
    """A board of 250 posts: three pages."""
    before, yard.web.galleries.posts = yard.web.galleries.posts, 250
    yield yard
    yard.web.galleries.posts = before
    yard.web.galleries.deleted.clear()


def asked(yard: Yard) -> int:
    return yard.web.count("/booru/post.json")


def test_every_post_is_an_entry(board: Yard) -> None:
    listing = board.list("/booru/post?tags=all", options=booru(board))
    assert (listing.complete, listing.reached_known, listing.requests) == (True, False, 3)
    assert [entry.key for entry in board.heard.entries] == [f"madeup {n}" for n in range(250, 0, -1)]
    first = board.heard.entries[0]
    assert first.url == board.web.url("/booru/post/show/250")
    assert (first.kind, first.published_at) == ("image", "2026-01-01T00:04:10+00:00")
    assert first.thumbnail_url == board.web.url("/thumbs/250.jpg")
    [source] = board.heard.sources
    assert (source.extractor, source.title) == ("gallerydl", "madeup all")


def test_a_post_can_be_saved_by_its_entrys_address(board: Yard) -> None:
    board.list("/booru/post?tags=even", options=booru(board), limit=1)
    [entry] = board.heard.entries
    medium = board.save(entry.url, options=booru(board)).medium
    assert f"{medium.extractor} {medium.source_id}" == entry.key
    assert medium.kind is Kind.IMAGE


def test_an_unchanged_board_costs_one_request(board: Yard) -> None:
    before = asked(board)
    known = tuple(f"madeup {n}" for n in range(240, 190, -1))
    listing = board.list("/booru/post?tags=all", options=booru(board), known=known, stop_after=3)
    assert (listing.complete, listing.reached_known, listing.requests) == (False, True, 1)
    assert [entry.key for entry in board.heard.entries][-1] == "madeup 238"
    assert asked(board) == before + 1


def test_deleted_posts_do_not_break_the_stop(board: Yard) -> None:
    board.web.galleries.deleted.update({240, 239, 238, 220})
    known = tuple(f"madeup {n}" for n in range(240, 190, -1))
    listing = board.list("/booru/post?tags=all", options=booru(board), known=known, stop_after=3)
    assert listing.reached_known
    assert board.heard.entries[-1].key == "madeup 235"


def test_start_and_limit(board: Yard) -> None:
    listing = board.list("/booru/post?tags=all", options=booru(board), start=120, limit=5)
    assert [entry.key for entry in board.heard.entries] == [f"madeup {n}" for n in range(130, 125, -1)]
    assert not listing.complete


def test_a_single_post_is_a_list_of_one(board: Yard) -> None:
    listing = board.list("/booru/post/show/7", options=booru(board))
    [entry] = board.heard.entries
    assert (entry.key, entry.url, entry.kind) == ("madeup 7", board.web.url("/booru/post/show/7"), "image")
    assert listing.complete


def test_nothing_there(board: Yard) -> None:
    listing = board.list("/booru/post?tags=none", options=booru(board))
    assert listing.complete
    assert board.heard.entries == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, Reason.NOT_FOUND),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SITE_ERROR),
    ],
)
def test_a_site_that_complains_is_asked_once(board: Yard, status: int, reason: Reason) -> None:
    before = asked(board)
    with board.web.behaving("/booru/*", status=status), pytest.raises(DownloadFailure) as caught:
        board.list("/booru/post?tags=all", options=booru(board))
    assert caught.value.reason is reason
    assert asked(board) == before + 1


def test_garbage_from_the_site_is_a_failure(board: Yard) -> None:
    with board.web.behaving("/booru/*", body=b"<html>not json"), pytest.raises(DownloadFailure) as caught:
        board.list("/booru/post?tags=all", options=booru(board))
    assert caught.value.reason in (Reason.TOOL_ERROR, Reason.SITE_ERROR)
    assert board.heard.entries == []
