"""What the sources do not say is flagged, and every turn knows where it comes from."""

from __future__ import annotations

from decimal import Decimal

import pytest

from magpie.podcasts.script import material, numbers
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.script.grounding import Ground, Places
from magpie.podcasts.script.turns import Turn
from tests.podcasts.script.texts import english

ENGLISH = (
    "In 1998 Larry Page and Sergey Brin founded Google with $1.5 million. It had 1,487,233 users, 12 percent of the "
    "market, at 9:30 in the morning, and grew thirty-five times in the United States. Its share fell by 0.25."
)
CHINESE = (
    "1998年，张伟教授在北京大学创办了公司，投资三百万元，占百分之十二。用户约2万人。他写了《红楼梦》的评论，"
    "后来与埃隆·马斯克见面，并使用OpenAI的模型。"
)


def flagged(source: str, said: str) -> set[tuple[str, str]]:
    ground = Ground([SourceText("T", source)], ["Alice"])
    return {(flag.kind, flag.text) for flag in ground.flags(Turn("Alice", said))}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("So in 1998 Larry Page and Brin started Google.", set()),
        ("They had 1.5 million dollars, one million five hundred thousand.", set()),
        ("Well, Alice, about 1.4 million users, twelve percent, 35 times.", set()),
        ("That is 1487233 users at 9:30, or half past 9.", set()),
        ("It fell by 0.25, in the United States.", set()),
        ("Welcome! Today we have two guests and three questions. Exactly.", set()),
        ("Hundreds of thousands of people? No.", set()),
        ("They had 1.6 million.", {("number", "1.6 million")}),
        ("In 2001 Elon Musk came.", {("number", "2001"), ("name", "Elon Musk")}),
        ("There were forty-two users.", {("number", "forty-two")}),
        ("Then Apple bought it.", {("name", "Apple")}),
        ("He went to New York with Page.", {("name", "New York")}),
        ("１９９８ and ２００１.", {("number", "2001")}),
    ],
)
def test_english(said: str, expected: set[tuple[str, str]]) -> None:
    assert flagged(ENGLISH, said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1998年，张伟教授在北京大学创业，投了300万元，占12%。", set()),
        ("一九九八年，用户接近两万人，他读《红楼梦》。", set()),
        ("十分有趣，千万别忘了，一个一个来，三三两两的人。", set()),
        ("埃隆·马斯克使用OpenAI。", set()),
        ("2001年有五万人。", {("number", "2001"), ("number", "五万")}),
        ("百分之三十的人读过《西游记》。", {("number", "百分之三十"), ("name", "西游记")}),
        ("李娜博士在清华大学说。", {("name", "李娜"), ("name", "清华大学")}),
        ("约翰·史密斯用Llama。", {("name", "约翰·史密斯"), ("name", "Llama")}),
    ],
)
def test_chinese(said: str, expected: set[tuple[str, str]]) -> None:
    assert flagged(CHINESE, said) == expected


def test_names_are_not_looked_up_across_scripts() -> None:
    assert flagged(ENGLISH, "拉里·佩奇在1998年创办了谷歌公司，1999年搬走。") == {("number", "1999")}


@pytest.mark.parametrize(
    ("said", "value"),
    [("三亿五千万", "350000000"), ("十二万三千", "123000"), ("三点五", "3.5"), ("一万亿", "1000000000000"),
     ("二零二四", "2024"), ("两百零五", "205"), ("十", "10"), ("一百一十", "110")],
)  # fmt: skip
def test_chinese_numbers(said: str, value: str) -> None:
    assert numbers.chinese(said) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "values"),
    [("2.5万", {25000}), ("3百万", {3000000}), ("1.2.3", set()), ("10k", {10000}), ("5 bn", {5 * 10**9}),
     ("two hundred and five thousand", {205000}), ("1'000'000", {10**6}), ("9" * 50, set())],
)  # fmt: skip
def test_numbers_have_values(text: str, values: set[int]) -> None:
    found = next(iter(numbers.find(text)))
    assert found.values == {Decimal(value) for value in values}


def places(text: str) -> tuple[Places, list[material.Passage]]:
    passages = material.passages([SourceText("T", text)])
    return Places(passages), passages


def test_a_turn_is_placed_at_its_sentences() -> None:
    text = english(3000)
    found, passages = places(text)
    for passage in passages[::5]:
        sentence = max(passage.sentences, key=lambda one: len(one.text))
        said = f"Well, you know, {sentence.text.lower()}"
        for cite in (passage.number, None):
            span = found.span(said, cite)
            assert span is not None
            assert sentence.text in " ".join(text[span.start : span.end].split())


def test_a_turn_from_nowhere_has_no_place() -> None:
    found, passages = places(english(1000))
    assert found.span("Quantum chromodynamics bewilders xylophonists.", None) is None
    assert found.span("Yes.", None) is None
    cited = found.span("Quantum chromodynamics bewilders xylophonists.", 2)
    assert cited is not None
    assert (cited.start, cited.end) == (passages[1].start, passages[1].end)
    assert found.span("Quantum chromodynamics.", 99_999) is None


def test_chinese_is_placed_by_pairs_of_characters() -> None:
    text = "猫在屋顶上睡觉。\n\n" + "河流穿过山谷，流向大海。" + "孩子们在花园里唱歌。"
    span = places(text)[0].span("对，河流穿过了山谷。", None)
    assert span is not None
    assert text[span.start : span.end] == "河流穿过山谷，流向大海。"
