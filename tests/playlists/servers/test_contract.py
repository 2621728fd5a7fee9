"""What every kind of server has to do alike: doubles of each kind and version, and a real Supysonic."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace

import pytest

from magpie.playlists.servers.port import Fault, ServerFailed
from magpie.playlists.servers.service import connect
from tests.playlists.servers.conftest import Reached

pytestmark = pytest.mark.once
TITLE = '私の歌 & 晴天 <"Ü"> 🎵 / 100%'


def _without_doubles(ids: list[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def test_check_tells_who_is_there(reached: Reached) -> None:
    checked = reached.server.check()
    assert checked.id
    assert checked.name
    assert checked.version
    assert [library.name for library in checked.libraries] in (["Musik"], ["Music"])
    assert checked.user in ("alice", "alice@example.org", None)


def test_tracks_are_all_told_with_their_facts(reached: Reached) -> None:
    told = {track.title: track for track in reached.server.tracks()}
    assert set(told) == {song.title for song in reached.music}
    for song in reached.music:
        track = told[song.title]
        assert track.artists == (song.artist,)
        assert track.album == song.album
        assert track.duration == (2 if reached.kind.is_slow else song.seconds)
        assert track.path


def test_tracks_of_one_library(reached: Reached) -> None:
    library = reached.server.check().libraries[0].id
    assert {track.id for track in reached.server.tracks(library)} == set(reached.ids)
    assert reached.server.count() in (len(reached.ids), None)
    assert reached.server.count(library) in (len(reached.ids), None)


def test_a_playlist_is_made_read_and_deleted(reached: Reached) -> None:
    before = {playlist.id for playlist in reached.server.playlists()}
    made = reached.server.create(TITLE, reached.ids[:5])
    assert made.id not in before
    assert made.title == TITLE
    assert reached.held(made.id) == reached.ids[:5]
    found = reached.server.playlist(made.id)
    assert found is not None
    assert (found.title, found.count, found.is_writable) == (TITLE, 5, True)
    assert made.id in {playlist.id for playlist in reached.server.playlists()}
    reached.server.delete(made.id)
    assert reached.server.playlist(made.id) is None
    reached.server.delete(made.id)


def test_one_is_made_empty_and_filled(reached: Reached) -> None:
    made = reached.server.create("empty", [])
    assert reached.held(made.id) == []
    reached.server.add(made.id, reached.ids[:3])
    reached.server.add(made.id, [])
    assert reached.held(made.id) == reached.ids[:3]
    reached.server.delete(made.id)


def test_two_of_the_same_name_are_two(reached: Reached) -> None:
    first = reached.server.create("twice", reached.ids[:1])
    second = reached.server.create("twice", reached.ids[1:2])
    assert first.id != second.id
    assert reached.held(first.id) == reached.ids[:1]
    assert reached.held(second.id) == reached.ids[1:2]
    for made in (first, second):
        reached.server.delete(made.id)


def test_no_double_is_lost(reached: Reached) -> None:
    one, two, three = reached.ids[:3]
    wanted = [one, two, one, one, three, two]
    made = reached.server.create("doubles", wanted)
    assert reached.held(made.id) == (
        wanted if reached.server.capabilities.keeps_duplicates else _without_doubles(wanted)
    )
    entries = reached.server.entries(made.id)
    assert len({entry.id for entry in entries}) == len(entries)
    reached.server.delete(made.id)


@pytest.mark.parametrize("places", [[0], [2], [3], [0, 2], [1, 4], [0, 1, 2, 3, 4, 5]])
def test_one_of_two_doubles_is_removed(reached: Reached, places: list[int]) -> None:
    one, two, three = reached.ids[:3]
    wanted = [one, two, one, one, three, two]
    if not reached.server.capabilities.keeps_duplicates:
        wanted = reached.ids[:6]
    made = reached.server.create("doubles", wanted)
    entries = reached.server.entries(made.id)
    reached.server.remove(made.id, [entries[place] for place in places])
    assert reached.held(made.id) == [song for place, song in enumerate(wanted) if place not in places]
    reached.server.delete(made.id)


def test_chunks_are_added_in_order(reached: Reached) -> None:
    chunk = reached.server.capabilities.chunk
    count = min(len(reached.ids), chunk)
    made = reached.server.create("chunks", reached.ids[:count])
    more = random.Random(1).sample(reached.ids, count)
    reached.server.add(made.id, more)
    wanted = [*reached.ids[:count], *more]
    assert reached.held(made.id) == (
        wanted if reached.server.capabilities.keeps_duplicates else _without_doubles(wanted)
    )
    reached.server.delete(made.id)


def test_songs_are_moved(reached: Reached) -> None:
    if not reached.server.capabilities.can_move:
        made = reached.server.create("moves", reached.ids[:2])
        entries = reached.server.entries(made.id)
        with pytest.raises(ServerFailed) as failed:
            reached.server.move(made.id, entries[1], None, 0)
        assert failed.value.reason is Fault.UNSUPPORTED
        reached.server.delete(made.id)
        return
    made = reached.server.create("moves", reached.ids[:5])
    a, b, c, d, e = reached.ids[:5]
    entries = reached.server.entries(made.id)
    reached.server.move(made.id, entries[3], None, 0)
    assert reached.held(made.id) == [d, a, b, c, e]
    reached.server.move(made.id, entries[0], entries[4], 4)
    assert reached.held(made.id) == [d, b, c, e, a]
    reached.server.move(made.id, entries[4], entries[3], 1)
    assert reached.held(made.id) == [d, e, b, c, a]
    reached.server.delete(made.id)


def test_a_list_is_replaced(reached: Reached) -> None:
    made = reached.server.create("replaced", reached.ids[:4])
    wanted = list(reversed(reached.ids))[:6]
    if not reached.server.capabilities.can_replace:
        with pytest.raises(ServerFailed) as failed:
            reached.server.replace(made.id, wanted)
        assert failed.value.reason is Fault.UNSUPPORTED
        assert reached.held(made.id) == reached.ids[:4]
        return
    reached.server.replace(made.id, wanted)
    assert reached.held(made.id) == wanted
    found = reached.server.playlist(made.id)
    assert found is not None
    assert found.title == "replaced"
    reached.server.replace(made.id, [])
    assert reached.held(made.id) == []
    reached.server.delete(made.id)


def test_words_are_carried_over(reached: Reached) -> None:
    if not reached.server.capabilities.can_describe:
        pytest.fail("every kind of ours can, with the accounts of this test")
    made = reached.server.create("before", reached.ids[:2])
    reached.server.describe(made.id, title="歌单 & more", description="ä\nline two <b>")
    found = reached.server.playlist(made.id)
    assert found is not None
    assert (found.title, found.description) == ("歌单 & more", "ä\nline two <b>")
    reached.server.describe(made.id, description="other words")
    found = reached.server.playlist(made.id)
    assert found is not None
    assert (found.title, found.description) == ("歌单 & more", "other words")
    reached.server.describe(made.id)
    assert reached.held(made.id) == reached.ids[:2]
    reached.server.delete(made.id)


def test_what_is_gone_is_told(reached: Reached) -> None:
    made = reached.server.create("gone", reached.ids[:2])
    entries = reached.server.entries(made.id)
    reached.server.delete(made.id)
    playlists = len(reached.server.playlists())
    with pytest.raises(ServerFailed) as failed:
        reached.server.entries(made.id)
    assert failed.value.reason is Fault.NOT_FOUND
    with pytest.raises(ServerFailed) as failed:
        reached.server.add(made.id, reached.ids[:1])
    assert failed.value.reason is Fault.NOT_FOUND
    with pytest.raises(ServerFailed) as failed:
        reached.server.remove(made.id, entries[:1])
    assert failed.value.reason is Fault.NOT_FOUND
    if reached.server.capabilities.can_replace:
        with pytest.raises(ServerFailed) as failed:
            reached.server.replace(made.id, reached.ids[:2])
        assert failed.value.reason is Fault.NOT_FOUND
    assert len(reached.server.playlists()) == playlists


def test_a_wrong_secret_is_told_and_not_shown(reached: Reached) -> None:
    secret = "wrong-secret-of-somebody"
    login = reached.login()
    login = replace(login, token=secret) if login.token else replace(login, password=secret)
    server = connect(reached.kind.kind, login)
    with closing(server), pytest.raises(ServerFailed) as failed:
        server.check()
    assert failed.value.reason is Fault.TOKEN
    assert secret not in f"{failed.value!r} {failed.value.message} {failed.value.__cause__!r}"


def test_two_thousand_songs(reached: Reached) -> None:
    """A real Supysonic takes four milliseconds of its own for each song that it shows, so it gets a fourth."""
    count = 500 if reached.kind.is_slow else 2000
    capabilities = reached.server.capabilities
    dice = random.Random(4)
    wanted = [dice.choice(reached.ids) for _ in range(count)]
    if not capabilities.keeps_duplicates:
        wanted = dice.sample(reached.ids, len(reached.ids))
    made = reached.server.create("long", wanted[: capabilities.chunk])
    for start in range(capabilities.chunk, len(wanted), capabilities.chunk):
        reached.server.add(made.id, wanted[start : start + capabilities.chunk])
    assert reached.held(made.id) == wanted
    if capabilities.can_replace:
        dice.shuffle(wanted)
        reached.server.replace(made.id, wanted)
        assert reached.held(made.id) == wanted
    reached.server.delete(made.id)
