"""The index: read whole once, then its changes, and never thinned out by a listing that broke off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from magpie.playlists.index import service as index
from magpie.playlists.models import Server
from magpie.playlists.servers.port import Fault, ServerFailed
from magpie.playlists.tracks import Track
from tests.playlists.fakes import REPLACES, WORDS, FakeServer, held
from tests.playlists.support import PlaylistHouse


@pytest.fixture
def server() -> FakeServer:
    return FakeServer([held(word) for word in WORDS])


@pytest.fixture
def server_id(house: PlaylistHouse, server: FakeServer) -> int:
    server_id = house.add_server(server)
    index.refresh(house.context, server_id, server)
    server.reads.clear()
    return server_id


def known(house: PlaylistHouse, server_id: int) -> dict[str, Track]:
    with house.context.database.read() as session:
        return {track.id: track for track in index.tracks(session, server_id)}


def age(house: PlaylistHouse, server_id: int, by: timedelta) -> None:
    with house.context.database.write() as session:
        row = session.get_one(Server, server_id)
        assert row.listed_at is not None
        row.listed_at -= by


def test_the_whole_is_read_first_and_then_what_has_changed(
    house: PlaylistHouse, server: FakeServer, server_id: int
) -> None:
    assert known(house, server_id) == server.library
    before = index.refresh(house.context, server_id, server)
    assert (server.reads, before.added, before.changed) == (["count", "changes"], 0, 0)
    server.library["t-Harbour"] = replace(held("Harbour"), album="Another")
    server.library["t-New"] = held("New")
    server.fresh += ["t-Harbour", "t-New"]
    after = index.refresh(house.context, server_id, server)
    assert (after.added, after.changed, after.removed, after.was_whole) == (1, 1, 0, False)
    assert after.revision > before.revision
    assert known(house, server_id) == server.library


def test_tracks_that_go_are_noticed_by_their_number(
    house: PlaylistHouse, server: FakeServer, server_id: int
) -> None:
    del server.library["t-Harbour"]
    after = index.refresh(house.context, server_id, server)
    assert (after.removed, after.was_whole, after.count) == (1, True, len(WORDS) - 1)
    assert known(house, server_id) == server.library


def test_the_whole_is_read_once_a_day(house: PlaylistHouse, server: FakeServer, server_id: int) -> None:
    age(house, server_id, timedelta(hours=25))
    after = index.refresh(house.context, server_id, server)
    assert (after.was_whole, after.added, after.changed, after.removed) == (True, 0, 0, 0)


def test_a_server_that_tells_no_changes_is_left_alone_while_the_number_is_the_same(
    house: PlaylistHouse, server: FakeServer, server_id: int
) -> None:
    server.capabilities = REPLACES
    assert index.refresh(house.context, server_id, server).was_whole is False
    assert server.reads == ["count"]
    server.library["t-New"] = held("New")
    assert index.refresh(house.context, server_id, server).added == 1


def test_a_listing_that_breaks_off_takes_nothing_away(
    house: PlaylistHouse, server: FakeServer, server_id: int
) -> None:
    whole = server.tracks

    def broken(library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        for number, track in enumerate(whole(library, since=since)):
            if number == 3:
                raise ServerFailed(Fault.LOST, "the connection broke")
            yield track

    server.tracks = broken  # type: ignore[method-assign]
    with pytest.raises(ServerFailed):
        index.refresh(house.context, server_id, server, whole=True)
    assert known(house, server_id) == server.library


def test_what_has_not_changed_is_not_written(
    house: PlaylistHouse, server: FakeServer, server_id: int
) -> None:
    first = index.refresh(house.context, server_id, server, whole=True)
    second = index.refresh(house.context, server_id, server, whole=True)
    assert first.revision == second.revision


@pytest.mark.parametrize(
    ("words", "found"), [("harb", 1), ("ada harbour", 1), ("周杰", 1), ("100%", 0), ("ALBUM", 26)]
)
def test_tracks_are_searched_by_words_in_all_scripts(
    house: PlaylistHouse, server: FakeServer, server_id: int, words: str, found: int
) -> None:
    for name, artist in (("晴天", "周杰伦"), ("\\x_y", "Zoë")):
        server.library[f"t-{name}"] = held(name, artist)
    index.refresh(house.context, server_id, server)
    with house.context.database.read() as session:
        assert len(index.search(session, server_id, words, 100)) == found


def test_a_listing_that_ends_far_too_early_without_a_word_takes_nothing_away(
    house: PlaylistHouse, server: FakeServer, server_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = known(house, server_id)
    monkeypatch.setattr(server, "count", lambda _library=None: len(WORDS))
    for word in WORDS[3:]:
        del server.library[f"t-{word}"]
    short = index.refresh(house.context, server_id, server, whole=True)
    assert (short.removed, short.was_whole) == (0, False)
    assert known(house, server_id) == before
    # Once the server counts as few, they are gone.
    monkeypatch.undo()
    assert index.refresh(house.context, server_id, server).removed == len(WORDS) - 3
