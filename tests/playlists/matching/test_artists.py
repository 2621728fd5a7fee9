from __future__ import annotations

import pytest

from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.artists import Kinship, compare, read, split

SHIPPED = Aliases.shipped()


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("AC/DC", ["ac/dc"]),
        ("Tyler, The Creator", ["tyler, the creator"]),
        ("Earth, Wind & Fire", ["earth, wind & fire"]),
        ("周杰伦/温岚", ["周杰伦", "温岚"]),
        ("陈奕迅、王菲", ["陈奕迅", "王菲"]),
        ("Queen & David Bowie", ["queen", "david bowie"]),
        ("DAOKO × 米津玄師", ["daoko", "米津玄师"]),
        ("A feat. B, C", ["a", "b", "c"]),
        ("Tyler, The Creator feat. Kali Uchis", ["tyler, the creator", "kali uchis"]),
        ("Nathan & the Unheard Of", ["nathan & the unheard of"]),
        ("Malcolm X", ["malcolm x"]),
        ("Anderson", ["anderson"]),
    ],
)
def test_names_are_taken_apart_but_for_those_that_contain_separators(told: str, names: list[str]) -> None:
    assert split(told, SHIPPED) == names


@pytest.mark.parametrize(
    ("ours", "theirs", "kinship"),
    [
        (["周杰伦"], ["周杰倫"], Kinship.SAME),
        (["周杰伦"], ["Jay Chou"], Kinship.ALIAS),
        (["G.E.M.邓紫棋"], ["鄧紫棋"], Kinship.ALIAS),
        (["BTS (防弹少年团)"], ["방탄소년단"], Kinship.ALIAS),
        (["The Beatles"], ["Beatles"], Kinship.SAME),
        (["Ringo Sheena"], ["椎名林檎"], Kinship.ALIAS),
        (["Natalie Surname"], ["Surname Natalie"], Kinship.ALIAS),
        (["周杰伦", "温岚"], ["周杰伦"], Kinship.MORE),
        (["A One", "B Two"], ["A One", "C Three"], Kinship.PARTLY),
        (["Jay Chou"], ["林俊杰"], Kinship.DIFFERENT),
        (["周洁伦"], ["周杰伦"], Kinship.DIFFERENT),
        (["Lynyrd Skynyrd"], ["Lynard Skynyrd"], Kinship.NEAR),
        (["Zheng Xiaoming"], ["郑小明"], Kinship.ROMANISED),
        (["Various Artists"], ["周杰伦"], Kinship.UNKNOWN),
        ([], ["周杰伦"], Kinship.UNKNOWN),
        (["某某乐队"], ["Some Band"], Kinship.INCOMPARABLE),
        (["Fire"], ["Earth, Wind & Fire"], Kinship.DIFFERENT),
        (["Beethoven", "Karajan"], ["Ludwig van Beethoven", "Carlos Kleiber"], Kinship.DIFFERENT),
        (["初音ミク", "甲P"], ["Hatsune Miku", "乙P"], Kinship.DIFFERENT),
        (["平沢唯(CV.豊崎愛生)"], ["豊崎愛生"], Kinship.SAME),
    ],
)
def test_how_artists_agree(ours: list[str], theirs: list[str], kinship: Kinship) -> None:
    assert compare(read(ours, SHIPPED), read(theirs, SHIPPED)) is kinship
    assert compare(read(theirs, SHIPPED), read(ours, SHIPPED)) is kinship
