"""Twins over HTTP: found, made one for everybody, made two again, called two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.context import AppContext
from magpie.downloads.extractors.port import Kind, Medium
from magpie.library import repository as library
from magpie.library.models import Item, ItemFile, Likeness, Membership, Sound
from magpie.library.twins.jobs import Listener
from tests.library.twins.test_sound import melody
from tests.links.conftest import Headers

pytestmark = pytest.mark.database
ITEMS = "/api/v1/items"
TWINS = "/api/v1/library/twins"


def number_of(client: TestClient, headers: Headers) -> int:
    me: int = client.get("/auth/me", headers=headers).json()["id"]
    return me


def song(context: AppContext, users: list[int], source_id: str, **facts: Any) -> int:
    """A song that these users have."""
    path = f"Music/{source_id}.mp3"
    place = context.settings.media_root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"sound of " + source_id.encode())
    with context.database.write() as session:
        item = Item(
            extractor="tube", source_id=source_id, kind="audio", quality="audio", site="tube", source_url="",
            size=place.stat().st_size, **{"title": source_id, "artist": "Somebody", "duration": 180.0, **facts},
        )  # fmt: skip
        item.files = [ItemFile(path=path, role="media", position=0, size=item.size, mime="audio/mpeg")]
        session.add(item)
        session.flush()
        session.add_all(Membership(item_id=item.id, user_id=user) for user in users)
        return item.id


def pairs(client: TestClient, headers: Headers, **params: Any) -> list[tuple[set[int], str]]:
    answer = client.get(TWINS, params=params, headers=headers).json()
    return [({item["id"] for item in pair["items"]}, pair["reason"]) for pair in answer["pairs"]]


def identity(context: AppContext, source_id: str) -> int | None:
    medium = Medium("tube", source_id, Kind.AUDIO, "x", "https://tube.example/x")
    with context.database.read() as session:
        item = library.find_identity(session, medium, "audio")
        return item.id if item else None


def test_pairs_are_found_by_number_and_by_tags(
    client: TestClient, root: Headers, context: AppContext
) -> None:
    me = number_of(client, root)
    a = song(context, [me], "a", title="Sinnerman", isrc="USPR36507087")
    b = song(context, [me], "b", title="Sinner Man (Live)", isrc="USPR36507087", duration=620.0)
    c = song(context, [me], "c", title="晴天", artist="周杰伦")
    d = song(context, [me], "d", title="晴天", artist="周杰伦", duration=181.0)
    song(context, [me], "e", title="晴天", artist="周杰伦", duration=240.0)  # another version
    song(context, [me], "f", title="晴天", artist="Somebody else")
    assert pairs(client, root) == [({a, b}, "isrc"), ({c, d}, "tags")]
    assert pairs(client, root, limit=1) == [({a, b}, "isrc")]
    cursor = client.get(TWINS, params={"limit": 1}, headers=root).json()["next_cursor"]
    assert pairs(client, root, cursor=cursor) == [({c, d}, "tags")]


def test_nobody_sees_others_songs_as_twins(
    client: TestClient, root: Headers, ada: Headers, context: AppContext
) -> None:
    me, her = number_of(client, root), number_of(client, ada)
    song(context, [me], "a", isrc="USPR36507087")
    song(context, [her], "b", isrc="USPR36507087")
    assert pairs(client, ada) == []
    assert len(pairs(client, root)) == 1  # a superuser sees all


def test_merging_gives_everybody_the_one_and_undoing_gives_both_back(
    client: TestClient, root: Headers, ada: Headers, context: AppContext
) -> None:
    me, her = number_of(client, root), number_of(client, ada)
    kept = song(context, [me], "a", isrc="USPR36507087")
    gone = song(context, [me, her], "b", isrc="USPR36507087")
    client.put(f"{ITEMS}/{gone}/tags", json={"tags": ["slow"]}, headers=ada)
    client.put(f"{ITEMS}/{gone}/favourite", json={"is_favourite": True}, headers=ada)
    answer = client.post(f"{ITEMS}/{kept}/merge", json={"ids": [gone]}, headers=root)
    assert answer.status_code == 200, answer.text
    hers = client.get(ITEMS, headers=ada).json()["items"]
    assert [(item["id"], item["tags"], item["is_favourite"]) for item in hers] == [(kept, ["slow"], True)]
    assert client.get(f"{ITEMS}/{gone}", headers=root).status_code == 404
    assert pairs(client, root) == []
    # What comes from there again is held already.
    assert identity(context, "b") == kept
    aliases = client.get(f"{ITEMS}/{kept}/aliases", headers=root).json()
    assert [(one["title"], one["source_id"]) for one in aliases] == [("b", "b")]
    undone = client.delete(f"{ITEMS}/{kept}/aliases/{aliases[0]['id']}", headers=root)
    assert undone.json() == {"restored": True}
    assert {item["id"] for item in client.get(ITEMS, headers=ada).json()["items"]} == {kept, gone}
    assert identity(context, "b") == gone
    assert client.get(f"{ITEMS}/{kept}/aliases", headers=root).json() == []


def test_taken_out_of_the_trash_it_is_its_own_again(
    client: TestClient, root: Headers, context: AppContext
) -> None:
    me = number_of(client, root)
    kept, gone = song(context, [me], "a"), song(context, [me], "b")
    client.post(f"{ITEMS}/{kept}/merge", json={"ids": [gone]}, headers=root)
    assert identity(context, "b") == kept
    assert client.post(f"{ITEMS}/{gone}/restore", headers=root).status_code == 200
    assert identity(context, "b") == gone


def test_when_the_trash_is_emptied_its_name_stays_known(
    client: TestClient, root: Headers, context: AppContext
) -> None:
    me = number_of(client, root)
    kept, gone = song(context, [me], "a"), song(context, [me], "b")
    client.post(f"{ITEMS}/{kept}/merge", json={"ids": [gone]}, headers=root)
    assert client.delete("/api/v1/trash", headers=root).status_code == 200
    assert not (context.settings.media_root / "Music/b.mp3").exists()
    assert identity(context, "b") == kept
    (alias,) = client.get(f"{ITEMS}/{kept}/aliases", headers=root).json()
    assert client.delete(f"{ITEMS}/{kept}/aliases/{alias['id']}", headers=root).json() == {"restored": False}
    assert identity(context, "b") is None


def test_what_cannot_be_merged_is_refused_and_nothing_changes(
    client: TestClient, root: Headers, ada: Headers, context: AppContext
) -> None:
    me = number_of(client, root)
    kept, film = song(context, [me], "a"), song(context, [me], "b", title="a film")
    with context.database.write() as session:
        session.get_one(Item, film).kind = "video"
    thrown = song(context, [me], "c")
    client.delete(f"{ITEMS}/{thrown}", headers=root)
    for keep, ids, status in (
        (kept, [film], 400),
        (kept, [10**6], 404),
        (10**6, [kept], 404),
        (thrown, [kept], 409),
    ):
        assert client.post(f"{ITEMS}/{keep}/merge", json={"ids": ids}, headers=root).status_code == status
    assert client.post(f"{ITEMS}/{kept}/merge", json={"ids": [film]}, headers=ada).status_code == 403
    assert client.delete(f"{ITEMS}/{kept}/aliases/1", headers=root).status_code == 404
    assert {item["id"] for item in client.get(ITEMS, headers=root).json()["items"]} == {kept, film}


def test_a_dismissed_pair_stays_two(client: TestClient, root: Headers, context: AppContext) -> None:
    me = number_of(client, root)
    a, b = song(context, [me], "a", isrc="USPR36507087"), song(context, [me], "b", isrc="USPR36507087")
    assert client.post(f"{TWINS}/dismiss", json={"ids": [b, a]}, headers=root).status_code == 204
    assert pairs(client, root) == []
    assert client.post(f"{TWINS}/dismiss", json={"ids": [a, a]}, headers=root).status_code == 404


def test_the_same_sound_under_other_names_is_found(
    client: TestClient, root: Headers, context: AppContext, tmp_path: Path
) -> None:
    me = number_of(client, root)
    files = {"one": ("a.flac", 1), "same": ("b.mp3", 1), "other": ("c.opus", 2)}
    ids = {}
    for name, (file, seed) in files.items():
        ids[name] = song(context, [me], name, duration=20.0)
        made = melody(tmp_path / file, seed)
        (context.settings.media_root / f"Music/{name}.mp3").write_bytes(made.read_bytes())
    listener = Listener(context)
    assert listener.listen(60.0) == 3
    assert listener.listen(60.0) == 0  # nothing is heard twice
    assert pairs(client, root) == [({ids["one"], ids["same"]}, "sound")]
    with context.database.read() as session:
        assert session.scalars(select(Likeness.score)).one() >= 0.85
        assert len(session.scalars(select(Sound.item_id)).all()) == 3
    # One that cannot be heard is noted as well, and not tried for ever.
    song(context, [me], "broken")
    assert listener.listen(60.0) == 1
    assert listener.listen(60.0) == 0
