"""Tokens, minutes, sentences: what everything else is reckoned with."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.llms.port import Message
from magpie.podcasts.script import length, letters, loose, material, ranking, sentences, tokens
from magpie.podcasts.script.brief import SourceText
from tests.podcasts.script.texts import brief, chinese, english

# Counted with o200k_base, cl100k_base and Llama 3's tokenizer: least and most of the three.
COUNTED = [
    ("The quick brown fox jumps over the lazy dog.", 10, 10),
    ("Hello, world! How are you today?", 9, 9),
    ("In 1998, Larry Page and Sergey Brin founded Google.", 13, 15),
]


@pytest.mark.parametrize(("text", "least", "most"), COUNTED)
def test_tokens_are_about_right(text: str, least: int, most: int) -> None:
    assert least * 0.8 <= tokens.count(text) <= most * 1.2


def test_tokens_by_script() -> None:
    assert tokens.count("") == 0
    assert tokens.count("今天天气很好") == 6
    assert tokens.count("Здравствуйте") == 3
    assert tokens.count("1234567") == 3
    assert tokens.count("สวัสดีครับ") >= 5
    assert tokens.of_messages([Message("user", "Hello"), Message("user", "")]) == 1 + 2 * 4


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_tokens_add_up(one: str, two: str) -> None:
    both = tokens.count(one + "\n" + two)
    assert abs(both - tokens.count(one) - tokens.count(two)) <= 3


@pytest.mark.parametrize(
    ("text", "language"),
    [("Hello there", "en"), ("今天天气很好 iPhone", "zh"), ("東京は今日も雨です", "ja"), ("안녕하세요", "ko"),
     ("Привет", "ru"), ("สวัสดี", "th"), ("مرحبا", "ar"), ("", "han"), ("Das ist schön", "en")],
)  # fmt: skip
def test_languages_are_told_by_their_letters(text: str, language: str) -> None:
    assert letters.detect(text) == ("zh" if language == "han" else language)


def test_words_and_characters_are_counted() -> None:
    assert letters.words("Don't stop: 1,000 well-known things, 3.5 of them.") == 8
    assert (letters.words("我有 iPhone 和 Mac。"), letters.ideographs("我有 iPhone 和 Mac。")) == (2, 3)
    assert letters.is_ideographic("我有 iPhone 手机，很好用。")
    assert not letters.is_ideographic("The word 猫 means cat.")


def test_minutes() -> None:
    assert length.minutes("word " * 300) == pytest.approx(2)
    assert length.minutes("word " * 300, wpm=100) == pytest.approx(3)
    assert length.minutes("字" * 510, "zh") == pytest.approx(2)
    assert length.minutes("字" * 255 + " word" * 150, "zh") == pytest.approx(2)
    assert length.minutes("Wort " * 125, "de") == pytest.approx(1)
    assert length.amount(2, "en") == 300
    assert (length.amount(2, "zh"), length.unit("zh-CN"), length.unit("en_GB")) == (
        510,
        "characters",
        "words",
    )
    for language in ("en", "zh", "ja", "de"):
        said = ("字" if length.is_counted_in_characters(language) else "word ") * length.amount(3, language)
        assert length.minutes(said, language) == pytest.approx(3, rel=0.01)


def test_voices_are_measured() -> None:
    assert length.measured([("word " * 120, 60.0), ("word " * 80, 40.0)]) == pytest.approx(120)
    assert length.measured([("字" * 340, 60.0)]) == pytest.approx(200)
    assert length.measured([("Too little.", 1.0)]) is None
    assert length.measured([("word " * 1000, 60.0)]) == length.FASTEST
    slow = length.measured([("word " * 100, 60.0)])
    assert length.minutes("word " * 100, "en", slow) == pytest.approx(1)


def test_without_a_wish_long_sources_are_told_more_tightly() -> None:
    wanted = [length.wanted(brief(), minutes) for minutes in (0.5, 2, 4, 13.3, 67, 1333, 100_000)]
    assert wanted[:2] == [0.5, 2]
    assert wanted[3] == pytest.approx(6.7)
    assert wanted == sorted(wanted)
    assert wanted[-1] == 60
    assert length.wanted(brief(minutes=4), 100) == 4


SENTENCES = """# On otters

Dr. Smith saw one in Washington, D.C. "It swims!" he said. Did it
eat?

- One item
- another one

猫在睡觉。“你好。”他说！3.5亿人看到了……完"""


def test_sentences() -> None:
    found = sentences.split(SENTENCES)
    assert [one.text for one in found] == [
        "On otters",
        'Dr. Smith saw one in Washington, D.C. "It swims!" he said.',
        "Did it eat?",
        "One item",
        "another one",
        "猫在睡觉。",
        "“你好。”",
        "他说！",
        "3.5亿人看到了……",
        "完",
    ]
    assert [one.is_heading for one in found] == [True] + [False] * 9
    assert SENTENCES[found[2].start : found[2].end] == "Did it\neat?"


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.sampled_from("ab cd.!?\n\"'()。，！？你好…-#*>1:;") | st.characters(codec="utf-8"), max_size=120
    )
)
def test_sentences_lose_no_letter_and_do_not_overlap(text: str) -> None:
    found = sentences.split(text)
    assert letters.letters("".join(text[one.start : one.end] for one in found)) == letters.letters(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 < one.end - one.start <= 420 for one in found)


def test_passages_and_parts_hold_the_whole_text() -> None:
    sources = [SourceText("One", english(2000, 1)), SourceText("Two", chinese(1500, 2))]
    every = material.passages(sources)
    for number, one in enumerate(sources):
        own = [passage for passage in every if passage.source == number]
        assert letters.letters("".join(passage.text for passage in own)) == letters.letters(one.text)
        assert all(one.text[passage.start : passage.end] == passage.text for passage in own)
    assert [passage.number for passage in every] == list(range(1, len(every) + 1))
    assert max(passage.tokens for passage in every) < 300
    parts = material.parts(every, 12)
    assert [passage for part in parts for passage in part.passages] == every
    assert 8 <= len(parts) <= 16
    assert all(len({passage.source for passage in part.passages}) == 1 for part in parts)


def test_what_does_not_fit_is_condensed() -> None:
    every = material.passages([SourceText("One", english(4000))])
    for room in (100, 1000, 3000):
        shown = material.fitting(every, room)
        assert tokens.count(" ".join(text for _, text in shown)) <= room
        assert all(text in " ".join(passage.text.split()) or " " in text for passage, text in shown)
    assert [text for _, text in material.fitting(every, 10**6)] == [passage.text for passage in every]
    parts = material.parts(every, 10)
    assert tokens.count("".join(material.digest(parts, 800))) < 1000
    assert all(material.digest(parts, 300))
    huge = material.passages([SourceText("One", "word" * 5000)])
    assert material.fitting(huge, 50)


def test_the_telling_sentence_is_the_one_that_others_repeat() -> None:
    every = ["The otter swims in the river.", "Bread was cheap.", "An otter in a river swims well.",
             "The river has an otter.", "Lamps are lit."]  # fmt: skip
    scores = ranking.scores(every)
    assert max(scores[1], scores[4]) < min(scores[0], scores[2], scores[3])
    chinese_scores = ranking.scores(
        ["水獭在河里游泳。", "面包很便宜。", "河里的水獭会游泳。", "河里有水獭。", "灯亮了。"]
    )
    assert max(chinese_scores[1], chinese_scores[4]) < min(
        chinese_scores[0], chinese_scores[2], chinese_scores[3]
    )
    assert ranking.scores([]) == []
    assert ranking.scores(["One."]) == [1.0]


@pytest.mark.parametrize(
    ("text", "value", "is_certain", "is_cut"),
    [
        ('{"a": [1, 2.5, true, null,],}', {"a": [1, 2.5, True, None]}, True, False),
        ("{'a': 'it''s'}", {"a": "it''s"}, False, False),
        ('{a: "b", "c": None}', {"a": "b", "c": None}, False, False),
        ('["a\\u00e9\\n\\ud83d\\ude00", "\\x"]', ["aé\n😀", "x"], True, False),
        ('["\\ud83d x"]', ["\ufffd x"], True, False),
        ('{"a": "b', {"a": "b"}, False, True),
        ('{"a": ["b", ', {"a": ["b"]}, False, True),
        ('{"a": {"b": 1]}', {"a": {"b": 1}}, False, False),
        ('{"a": 1, "a": 2}', {"a": 1, "a 2": 2}, False, False),
        ('{“a”: “b”}', {"a": "b"}, True, False),
        ('{"a": }', {}, False, False),
        ('["a" /* c */, // d\n "b"]', ["a", "b"], True, False),
    ],
)  # fmt: skip
def test_loose_json(text: str, value: object, is_certain: bool, is_cut: bool) -> None:
    found = loose.read(text)
    assert (found.value, found.is_certain, found.is_cut) == (value, is_certain, is_cut)


@pytest.mark.parametrize("text", ["[" * 100, "{1: 2}", "[:]", ""])
def test_what_is_not_even_loosely_json(text: str) -> None:
    with pytest.raises(loose.NotJson):
        loose.read(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text("ab\"\\,:é{}[] \n'", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
    ),
)


@settings(max_examples=50, deadline=None)
@given(_JSON)
def test_what_is_strictly_json_without_odd_quotes_reads_alike(value: object) -> None:
    text = json.dumps({"v": value})
    found = loose.read(text)
    if found.is_certain:
        assert found.value == {"v": value}
