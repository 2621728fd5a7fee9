"""Scripts without a model: the sources' own sentences, in order, joined by plain lines."""

from __future__ import annotations

import time

import pytest

from magpie.podcasts.script import length, phrases
from magpie.podcasts.script.brief import Brief, Format, SourceText, Speaker
from magpie.podcasts.script.extractive import write
from magpie.podcasts.script.turns import Script, Turn
from tests.podcasts.script.texts import ANNA, BEN, CLEO, brief, chinese, english, source


def extracted(brief_: Brief, *sources: SourceText) -> Script:
    return write(brief_, sources, lambda *_: None)


def lasts(script: Script) -> float:
    return sum(length.minutes(turn.text, script.language) for turn in script.turns)


def quotes(script: Script) -> list[Turn]:
    return [turn for turn in script.turns if turn.span]


def test_sentences_stand_where_the_turns_say() -> None:
    text = english(3000)
    script = extracted(brief(minutes=6), source(text, "Rivers"))
    assert script.is_extractive
    assert "Extractive, no LLM" in script.description
    assert script.title == "Rivers"
    assert script.turns[0].text == "Rivers. Here is what matters, in the text's own words."
    assert script.turns[-1].text.startswith("That was Rivers.")
    starts = []
    for turn in quotes(script):
        assert turn.span is not None
        there = text[turn.span.start : turn.span.end]
        assert all(sentence.strip(" .") in there for sentence in turn.text.split(". "))
        starts.append(turn.span.start)
    assert starts == sorted(starts)
    assert {turn.speaker for turn in quotes(script)} == {"Anna", "Ben"}
    assert lasts(script) == pytest.approx(6, rel=0.1)


@pytest.mark.parametrize("minutes", [2, 10, 25])
def test_length_is_as_asked(minutes: int) -> None:
    assert lasts(extracted(brief(minutes=minutes), source(english(10_000)))) == pytest.approx(
        minutes, rel=0.1
    )


def test_a_short_text_is_told_whole_when_there_is_time() -> None:
    text = "The otter swims. It eats fish. Nobody saw it today."
    script = extracted(brief(minutes=5), source(text))
    assert " ".join(turn.text for turn in quotes(script)) == text


@pytest.mark.parametrize("kind", Format)
def test_every_format(kind: Format) -> None:
    speakers = (ANNA,) if kind in {Format.NARRATOR, Format.LECTURE} else (ANNA, BEN)
    script = extracted(brief(kind, 4, speakers=speakers), source(english(2500)))
    assert {turn.speaker for turn in script.turns} == {one.name for one in speakers}
    assert lasts(script) == pytest.approx(4, rel=0.12)
    assert len({turn.segment for turn in script.turns}) == len(script.segments)


def test_an_interviewer_asks_and_the_others_tell() -> None:
    script = extracted(brief(Format.INTERVIEW, 4, speakers=(ANNA, BEN, CLEO)), source(english(2500)))
    assert {turn.speaker for turn in quotes(script)} == {"Ben", "Cleo"}
    asked = [turn.text for turn in script.turns if turn.speaker == "Anna"]
    assert set(asked) & set(phrases.of("en").questions)


def test_nobody_answers_their_own_question() -> None:
    script = extracted(brief(minutes=8), source(english(2500)))
    asked = [index for index, turn in enumerate(script.turns) if turn.text in phrases.of("en").questions]
    assert len(asked) > 3
    for index in asked:
        before, asker, after = (turn.speaker for turn in script.turns[index - 1 : index + 2])
        assert before != asker != after


def test_each_language_has_its_speaker() -> None:
    speakers = (Speaker("Anna", language="en"), Speaker("Lin", language="zh"))
    text = english(600) + "\n\n" + chinese(800)
    script = extracted(brief(Format.BILINGUAL, speakers=speakers), source(text))
    for turn in quotes(script):
        assert (turn.speaker == "Lin") == (turn.text[0] > "\u3000")


@pytest.mark.parametrize(
    ("text", "language", "opening"),
    [
        (chinese(3000), "zh", "下面用原文的话"),
        ("これは東京の話です。川が流れています。人々は毎日そこを歩きます。" * 3, "ja", "本文の言葉"),
    ],
)
def test_ideographic_sentences(text: str, language: str, opening: str) -> None:
    script = extracted(brief(minutes=3, language="en"), source(text, "题"))
    assert script.language == language
    assert opening in script.turns[0].text
    assert quotes(script)
    for turn in quotes(script):
        assert turn.span is not None
        assert all(part in text[turn.span.start : turn.span.end] for part in turn.text.split("。") if part)
        assert turn.text.endswith("。")


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_lines_are_in_the_language_of_the_show(language: str) -> None:
    script = extracted(brief(minutes=2, language=language), source(english(800)))
    assert script.language == language
    assert script.description == phrases.of(language).label


def test_headings_become_chapters() -> None:
    text = f"# Bees\n\n{english(300, 1)}\n\n# Wasps\n\n{english(300, 2)}"
    text = "\n\n".join(part for part in text.split("\n\n") if not part.startswith("## "))
    script = extracted(brief(minutes=4), source(text))
    assert [one.title for one in script.segments] == ["Bees", "Wasps"]
    assert "Next: Wasps." in [turn.text for turn in script.turns]
    assert not any(turn.text == "Bees" for turn in script.turns)


def test_several_sources_each_begin_a_chapter() -> None:
    script = extracted(brief(minutes=6), source(english(600, 1)), source(english(600, 2)))
    by_segment = {turn.segment: turn.span.source for turn in quotes(script) if turn.span}
    assert set(by_segment.values()) == {0, 1}
    assert all(turn.span.source == by_segment[turn.segment] for turn in quotes(script) if turn.span)


def test_marks_repetitions_and_tables_are_not_read_aloud() -> None:
    text = (
        "The **otter** [swims](https://example.org). It eats `fish`.\n\nShare this page.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nNobody *saw* it today.\n\nShare this page.\n\n```\nfor x in y: print(x)\n```"
    )
    said = " ".join(turn.text for turn in quotes(extracted(brief(minutes=5), source(text))))
    assert said == "The otter swims. It eats fish. Share this page. Nobody saw it today."


def test_nothing_gives_nothing() -> None:
    for text in ("", " \n", "…", "# Only a heading"):
        assert extracted(brief(), source(text)).turns == ()


def test_hostile_texts_end_soon() -> None:
    began = time.process_time()
    letters = ("a", "a. ", "(", "\n", "啊", "# a\n", '"', "```\na\n```\n", "…", "Dr. ")
    for text in (letter * (50_000 // len(letter)) for letter in letters):
        extracted(brief(minutes=3), source(text))
    assert time.process_time() - began < 40


def test_ten_thousand_words_take_seconds() -> None:
    text = english(10_000)
    began = time.process_time()
    extracted(brief(), source(text))
    assert time.process_time() - began < 10  # about 1 s
