from __future__ import annotations

import pytest

from magpie.playlists.matching.fold import fold, fold_many, key, script


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("愛情轉移", "爱情转移"),
        ("妳說著甚麼", "你说着什么"),
        ("祇有氷", "只有冰"),
        ("ＡＢＣ　１２", "abc 12"),
        ("ｶﾞﾗｽ", "がらす"),
        ("桜", "樱"),
        ("沢田研二", "澤田研二"),
        ("Beyoncé Ø Łódź", "BEYONCE O LODZ"),
        ("Straße", "STRASSE"),
        ("Ёлка", "елка"),
        ("don’t “stop”", 'don\'t "stop"'),
        ("【Live】", "(live)"),
        ("한", "\u1112\u1161\u11ab"),  # Hangul in one piece and in three
        ("が", "か\u3099"),
        ("Ⅱ", "ii"),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("晴天", "青天"),
        ("晴天 (Live)", "七里香 (Live)"),
        ("か", "が"),
        ("她说", "他说"),
        ("한", "할"),
        ("十年", "千年"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_many_are_folded_as_one_by_one() -> None:
    names = ["Café", "", "晴天\n(Live)", "a\tb  c", "ｱ", "!!!", "İ", "x" * 2000, "\u2028 line", "ab\x85c"]
    assert fold_many(names) == [fold(name) for name in names]


def test_marks_alone_are_a_name() -> None:
    assert key("!!!") == "!!!"
    assert key("÷") == "÷"
    assert key("  ") == ""


def test_scripts() -> None:
    names = ["夜に駆ける", "봄날", "晴天 live", "love", "кино", "คาราบาว", "123"]
    assert [script(fold(name)) for name in names] == [
        "kana",
        "hangul",
        "han",
        "latin",
        "cyrillic",
        "thai",
        "other",
    ]


def test_no_character_folds_further_the_second_time() -> None:
    characters = (chr(code) for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000)
    assert [one for one in characters if fold(fold(one)) != fold(one)] == []
