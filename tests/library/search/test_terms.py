"""What an item is found by, without any database."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.library.search import kana, readings, spelling, terms
from magpie.library.search.derived import derived, extra
from magpie.library.search.words import split

LATIN = "abcdefghijklmnopqrstuvwxyzäéñøßçžł"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
KANA = "あいうえおかきくけこさしすせそっつてとなにのんアイウエオカキクケコガギグッシャューツー"
HANGUL = "가나다라마바사아자차카타파하강남스타일봄날"
HAN = "晴天周杰伦倫音乐樂长長重庆慶银银行桜櫻龙龍"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
words = st.one_of(
    *(st.text(alphabet=letters, min_size=1, max_size=12) for letters in (LATIN, CYRILLIC, ARABIC)),
    *(st.text(alphabet=letters, min_size=1, max_size=8) for letters in (KANA, HANGUL, HAN)),
    st.text(alphabet="0123456789abc", min_size=1, max_size=8),
)
titles = st.lists(words, min_size=1, max_size=6)


def is_found(q: str, *names: str, about: str = "") -> bool:
    return terms.matches(terms.index_terms(names, [about]), terms.query(q))


@pytest.mark.parametrize(
    "q",
    [
        "晴天",
        "晴",
        "天",
        "qingtian",
        "qing tian",
        "qíngtiān",
        "qíng tiān",
        "qing2 tian1",
        "qingt",
        "QINGTIAN",
        "qt",
        "周杰伦",
        "周杰倫",
        "zhoujielun",
        "zhou jie",
        "zjl",
        "jielun",
        "晴天 zhou",
        "official",
        "offic vid",
    ],
)
def test_a_chinese_song_is_found_by_its_characters_and_by_their_sound(q: str) -> None:
    assert is_found(q, "晴天 (Official Video)", "周杰倫")


@pytest.mark.parametrize("q", ["雨天", "qingtang", "tianqing", "晴雨", "tq", "nothing"])
def test_and_not_by_others(q: str) -> None:
    assert not is_found(q, "晴天 (Official Video)", "周杰倫")


@pytest.mark.parametrize(
    ("title", "q"),
    [
        ("音乐", "yinyue"),
        ("快乐", "kuaile"),
        ("重庆", "chongqing"),
        ("银行", "yinhang"),
        ("女人", "nvren"),
        ("女人", "nüren"),
        ("女人", "nuren"),
        ("西安", "xian"),
        ("西安", "xi'an"),
        ("きゃりーぱみゅぱみゅ", "kyari"),
        ("キャリーパミュパミュ", "kyaripamyupamyu"),
        ("カタカナ", "かたかな"),
        ("とうきょう", "tokyo"),
        ("とうきょう", "toukyou"),
        ("ｶﾞﾝﾀﾞﾑ", "gandamu"),
        ("櫻坂46", "桜坂46"),
        ("방탄소년단", "bangtan"),
        ("봄날", "봄"),
        ("Кино", "kino"),
        ("Группа крови", "gruppa krovi"),
        ("Ἀθήνα", "athina"),
        ("Beyoncé", "beyonce"),
        ("Sigur Rós", "sigur ros"),
        ("Motörhead", "MOTÖRHEAD"),
        ("Straße", "strasse"),
        ("Don't Stop", "dont stop"),
        ("Don’t Stop", "don't"),
        ("R.E.M.", "rem"),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("AC/DC", "ac dc"),
        ("สวัสดี", "สวัส"),
        ("हिन्दी गाना", "हिन्दी"),
    ],
)
def test_what_people_type_for_it(title: str, q: str) -> None:
    assert is_found(q, title)


@given(titles)
@settings(max_examples=300)
def test_every_word_of_a_name_finds_it(title: list[str]) -> None:
    found = terms.index_terms([" ".join(title)])
    for word in title:
        assert terms.matches(found, terms.query(word)), word
    assert terms.matches(found, terms.query(" ".join(title)))


@given(titles)
@settings(max_examples=200)
def test_every_word_of_a_description_finds_it(description: list[str]) -> None:
    found = terms.index_terms([], [" ".join(description)])
    for word in description:
        assert terms.matches(found, terms.query(word)), word


@given(titles, st.data())
@settings(max_examples=300)
def test_beginnings_of_two_letters_or_more_find_it(title: list[str], data: st.DataObject) -> None:
    found = terms.index_terms([" ".join(title)])
    for is_run, word in split(" ".join(title)):
        if is_run or len(word) < 2:
            continue
        beginning = word[: data.draw(st.integers(2, len(word)))]
        assert terms.matches(found, terms.query(beginning)), beginning


@given(st.text(alphabet=HAN + KANA + HANGUL, min_size=1, max_size=12), st.data())
@settings(max_examples=200)
def test_any_characters_that_follow_each_other_find_it(title: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title) - 1))
    part = title[start : data.draw(st.integers(start + 1, len(title)))]
    assert is_found(part, title)


@given(st.text(alphabet="晴天周杰伦音乐重庆银行女人西安", min_size=1, max_size=6))
@settings(max_examples=200)
def test_chinese_is_found_by_what_it_sounds_like_with_and_without_spaces(title: str) -> None:
    said = readings.read(readings.fold(title))
    assert is_found(" ".join(said), title)
    assert is_found("".join(said[:2]), title)


def slips(word: str) -> st.SearchStrategy[str]:
    """The word with one slip of the hand."""
    letters = st.sampled_from("abcdefghijklmnopqrstuvwxyz")
    places = st.integers(0, len(word) - 1)
    return st.one_of(
        places.map(lambda at: word[:at] + word[at + 1 :]),
        st.builds(lambda at, letter: word[:at] + letter + word[at:], places, letters),
        st.builds(lambda at, letter: word[:at] + letter + word[at + 1 :], places, letters),
        st.integers(0, len(word) - 2).map(lambda at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]),
    )


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=20), st.data())
@settings(max_examples=400)
def test_words_of_five_letters_are_known_with_one_slip(word: str, data: st.DataObject) -> None:
    slip = data.draw(slips(word))
    assert spelling.is_close(slip, word)
    front, back = spelling.ends(slip)
    assert word.startswith(front) or word.endswith(back)
    assert terms.spellable([word]) == {word}
    meant = terms.misspelt(terms.query(slip), {slip: [word]})
    assert terms.matches(terms.index_terms([word]), meant)


@given(st.text(alphabet="abcd", min_size=1, max_size=7), st.text(alphabet="abcd", min_size=1, max_size=7))
@settings(max_examples=500)
def test_closeness_is_what_it_says(one: str, other: str) -> None:
    assert spelling.is_close(one, other) == (one == other or _distance(one, other) == 1)
    assert spelling.is_close(one, other) == spelling.is_close(other, one)


def _distance(one: str, other: str) -> int:
    """Damerau and Levenshtein's, by trying everything."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i][j] = i or j
                continue
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text(max_size=400))
@settings(max_examples=300)
def test_anything_makes_terms_that_both_databases_take(text: str) -> None:
    for term in terms.index_terms([text], [text]):
        assert term
        assert not re.search(r"[\s'\"\\]", term)
        assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in term)
    for word in terms.query(text):
        assert word.names


@given(st.text(max_size=400))
@settings(max_examples=300)
def test_sort_keys_are_short_and_plain(text: str) -> None:
    key = terms.sort_key(text)
    assert len(key) <= terms.SORT_KEY_LENGTH
    assert re.fullmatch("[a-z0-9 ]*", key), key


def test_chinese_is_sorted_by_its_reading_among_latin_titles() -> None:
    titles_in_order = ["啊", "Abba", "播", "Bolero", "晴天", "Queen", "周杰倫", "Zorro"]
    assert sorted(set(titles_in_order), key=terms.sort_key) == titles_in_order


def test_numbers_are_sorted_by_their_value() -> None:
    assert sorted(["Part 10", "Part 9", "Part 1"], key=terms.sort_key) == ["Part 1", "Part 9", "Part 10"]


@given(st.text(alphabet=KANA, min_size=1, max_size=20))
def test_romaji_is_ascii(text: str) -> None:
    letters = kana.romaji(kana.hiragana(text))
    assert letters.isascii()
    assert kana.shortened(letters).isascii()


def test_a_question_is_bounded() -> None:
    assert len(terms.query("word " * 100 + " ".join(f"w{n}" for n in range(100)))) <= terms.MOST_WORDS


def _meant(stored: str) -> set[str]:
    """What `search_terms` makes of the terms that are stored."""
    found: set[str] = set()
    for term in stored.split():
        syllables = term.split(".")[1:]
        if len(syllables) > 1:
            found.update(f".{one}" for one in syllables)
            for one, other in pairwise(syllables):
                found |= {f".{one}.{other}", f"^{one[0]}{other[0]}"}
            continue
        found.add(term)
        if re.fullmatch("_[a-z0-9]{3}|[a-z0-9]{4,}", term):
            found |= {f"_{term.removeprefix('_')[:length]}" for length in (2, 3)}
    return found


@given(st.text(alphabet=HAN + LATIN + CYRILLIC + KANA + " .", max_size=40))
def test_what_is_stored_stands_for_all_that_the_database_does_not_make(name: str) -> None:
    found, made = terms.index_terms([name], [name]), derived([name], [name], [])
    stands_for = _meant(extra(found, [name], [name], []))
    assert found - made <= stands_for <= found


def test_syllables_are_stored_as_they_follow_each_other() -> None:
    name = "我爱你"
    assert extra(terms.index_terms([name]), [name], [], []) == ".wo.ai.ni"
