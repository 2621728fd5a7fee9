from __future__ import annotations

import unicodedata
from importlib import resources

from magpie.playlists.matching.aliases import KINDS, Aliases, name_key, rows
from magpie.playlists.matching.artists import Kinship, compare, read

TABLE = list(
    rows(resources.files("magpie.playlists.matching").joinpath("aliases.txt").read_text(encoding="utf-8"))
)


def test_no_name_belongs_to_two_artists() -> None:
    owners: dict[str, set[str]] = {}
    for _, names in TABLE:
        for name in names:
            owners.setdefault(name_key(name), set()).add(names[0])
    assert {key: artists for key, artists in owners.items() if len(artists) > 1 or not key} == {}


def test_the_table_is_large_and_in_many_scripts() -> None:
    assert len(TABLE) >= 1500
    text = "".join(name for _, names in TABLE for name in names)
    found = {unicodedata.name(letter, "").split()[0] for letter in set(text) if letter.isalpha()}
    assert {"CJK", "HANGUL", "KATAKANA", "HIRAGANA", "LATIN", "CYRILLIC", "THAI", "ARABIC", "GREEK"} <= found
    assert {kind for kind, _ in TABLE} == set(KINDS)


def test_every_row_tells_something() -> None:
    assert [
        names
        for _, names in TABLE
        if len(names) == 1 and not Aliases.shipped().is_protected(name_key(names[0]))
    ] == []


def test_peoples_own_rows_join_names() -> None:
    mine = Aliases.shipped().with_extra([("Zhou Dong", "周杰伦"), ("Nobody & Sons", "没有人")])
    assert mine.id_of(name_key("zhou dong")) == mine.id_of(name_key("Jay Chou"))
    assert mine.id_of(name_key("没有人")) == mine.id_of(name_key("Nobody and Sons"))
    assert [one.name for one in read(["Nobody & Sons"], mine).members] == ["nobody & sons"]
    assert Aliases.shipped().id_of("zhoudong") == "zhoudong"


def test_a_row_by_mistake_makes_no_two_artists_one() -> None:
    mine = Aliases.shipped().with_extra([("周杰伦", "林俊杰", "Somebody"), ()])
    assert mine.id_of(name_key("周杰伦")) != mine.id_of(name_key("林俊杰"))
    assert compare(read(["Jay Chou"], mine), read(["JJ Lin"], mine)) is Kinship.DIFFERENT
