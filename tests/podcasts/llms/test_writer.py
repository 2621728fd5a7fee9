"""The doubles' model: whoever tests with it relies on its following the question."""

from __future__ import annotations

import json
from typing import Any

import pytest

from magpie.config import Settings
from magpie.podcasts.llms.ollama import Ollama
from magpie.podcasts.script import prompts
from magpie.podcasts.script.brief import Brief, Format, SourceText, Speaker
from magpie.podcasts.script.work import Budget, MemoryJournal
from magpie.podcasts.script.writing import write
from tests.support.models import writer
from tests.support.models.ollama import OllamaDouble

pytestmark = pytest.mark.once

SOURCE = """<source>
[4] Magpies build nests. They have roofs.

[5] Six eggs are laid in April.
</source>
"""
SPEAKERS = (Speaker("Ann"), Speaker("Ben"))


def said(text: str, schema: dict[str, Any] | None) -> Any:
    return json.loads(writer.answer([{"role": "user", "content": text}], schema))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Length: about 300 words.", 300),
        ("about 150 words in en and 140 words in de.", 290),
        ("This has 12 words. It is to have about 1,200 words.", 1200),
        ("Write 100 to 200 words.", 150),
        ("大约 500 字", 500),
        ("As you like.", writer.DEFAULT_WORDS),
        ("Length: about 30 words.\n<source>\n900 words it had.\n</source>", 30),
    ],
)
def test_lengths(text: str, words: int) -> None:
    assert writer.words_asked_for([{"role": "user", "content": text}]) == words


def test_a_segment() -> None:
    answer = said(SOURCE + "Length: about 90 words.", prompts.segment_schema(SPEAKERS))
    turns = answer["turns"]
    assert [turn["speaker"] for turn in turns[:3]] == ["Ann", "Ben", "Ann"]
    assert {turn["source"] for turn in turns} <= {4, 5}
    assert turns[0]["text"].startswith("Magpies build nests. They have roofs. Six eggs")
    assert 90 <= sum(len(turn["text"].split()) for turn in turns) <= 130


def test_an_outline() -> None:
    answer = said(SOURCE + "Plan it in exactly 2 segments. It has 5 parts.", prompts.outline_schema(5))
    assert [(one["first"], one["last"]) for one in answer["segments"]] == [(1, 2), (3, 5)]
    assert answer["title"] == "Magpies build nests."


def test_a_translation() -> None:
    text = "<text>\n[7] Ann: One thing: that.\n[8] Ben: Two.\n</text>\nTranslate the 2 lines."
    answer = said(text, prompts.translation_schema())
    assert answer == {"lines": [{"number": 7, "text": "Ü One thing: that."}, {"number": 8, "text": "Ü Two."}]}


def test_a_schema_in_words() -> None:
    schema = json.dumps({"type": "object", "properties": {"text": {"type": "string", "maxLength": 12}}})
    assert said(f"{SOURCE}\nAnswer, following this JSON schema:\n{schema}", None) == {"text": "Magpies buil"}


def test_a_whole_script_over_the_wire() -> None:
    """What the writing of scripts and a server of models make of each other."""
    text = " ".join(
        f"Magpie number {n} builds a nest of {n + 3} twigs in the tree by the river." for n in range(150)
    )
    brief = Brief(Format.TWO_HOSTS, SPEAKERS, minutes=4)
    with OllamaDouble() as double:
        model = Ollama().model("finch", Settings(ollama_url=double.address))
        script = write(
            brief,
            [SourceText("Of nests", text)],
            model,
            MemoryJournal(),
            lambda *_: None,
            lambda: False,
            budget=Budget(100_000),
        )
    assert len(double.answered) == len(double.chats) >= 2  # nothing had to be asked twice
    assert {turn.speaker for turn in script.turns} == {"Ann", "Ben"}
    words = sum(len(turn.text.split()) for turn in script.turns)
    assert 420 <= words <= 780  # four minutes at 150 words each
    assert all(turn.span is not None for turn in script.turns)
