"""Scripts in other languages keep their turns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.script.extractive import write
from magpie.podcasts.script.translating import translate
from magpie.podcasts.script.turns import Flag, Script, Segment, SourceSpan, Turn
from magpie.podcasts.script.work import Budget, MemoryJournal, OverBudget
from tests.podcasts.script.fake import FakeModel
from tests.podcasts.script.texts import brief, english, source

SHORT = Script(
    title="Otters",
    language="en",
    description="All about them.",
    segments=(Segment("The swim", "They swim."), Segment("The meal")),
    turns=(
        Turn("Anna", "I'm sorry to say: it swims.", "calm", 0, SourceSpan(0, 3, 9), (Flag("number", "3"),)),
        Turn("Anna", "It swims again.", None, 0),
        Turn("Ben", "It eats:\n[1] fish.", None, 1, SourceSpan(1, 0, 4)),
        Turn("Ben", "…", None, 1),
    ),
)


def translated(
    script: Script, model: FakeModel, journal: MemoryJournal | None = None, **more: Budget
) -> Script:
    return translate(
        script, "de", model, journal or MemoryJournal(), lambda *_: None, lambda: False,
        wait=lambda _seconds, _stop: None, **more,
    )  # fmt: skip


def test_everything_but_the_words_stays() -> None:
    model = FakeModel()
    script = translated(SHORT, model)
    assert script.language == "de"
    assert (script.title, script.description) == ("Ü Otters", "Ü All about them.")
    assert script.segments == (Segment("Ü The swim", "Ü They swim."), Segment("Ü The meal"))
    assert [turn.text for turn in script.turns] == [
        "Ü I'm sorry to say: it swims.",
        "Ü It swims again.",
        "Ü It eats: [1] fish.",
        "…",
    ]
    assert [replace(turn, text="") for turn in script.turns] == [
        replace(turn, text="") for turn in SHORT.turns
    ]
    assert len(model.asks) == 1
    assert "into this language: German (de)." in model.asks[0].messages[-1].content


def long_script() -> Script:
    return write(brief(minutes=20), [source(english(6000))], lambda *_: None)


@pytest.mark.parametrize("context", [2048, 16_384])
def test_long_scripts_go_in_batches_that_fit(context: int) -> None:
    script, model = long_script(), FakeModel(context)
    done = translated(script, model)
    assert [turn.text for turn in done.turns] == [f"Ü {turn.text}" for turn in script.turns]
    assert len(model.asks) >= len(script.turns) // 24
    assert "What was said before" in model.asks[1].messages[-1].content


def lost(text: str) -> str:
    value = json.loads(text)
    del value["lines"][1]
    return json.dumps(value)


FAULTS: dict[str, Callable[[str], str]] = {
    "a line is missing": lost,
    "cut": lambda text: text[: len(text) // 2],
    "empty": lambda _: "",
    "a refusal": lambda _: "I'm sorry, but I can't translate this.",
    "only a thought": lambda _: "<think>Let me see",
    "other numbers": lambda text: text.replace('"number": ', '"number": 9'),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_faulty_answer_is_asked_for_again(kind: str) -> None:
    model = FakeModel()
    model.mischief.append(FAULTS[kind])
    done = translated(SHORT, model)
    assert [turn.text for turn in done.turns][:2] == ["Ü I'm sorry to say: it swims.", "Ü It swims again."]
    assert len(model.asks) == 2
    assert "are missing" in model.asks[1].messages[-1].content


def test_what_stays_missing_is_asked_for_alone() -> None:
    model = FakeModel()
    model.mischief.extend([lost, FAULTS["empty"], FAULTS["empty"]])
    done = translated(SHORT, model)
    assert len(model.asks) == 4
    assert "Translate the 1 lines" in model.asks[3].messages[-1].content
    assert all(turn.text.startswith("Ü") for turn in done.turns[:3])


FORMS: dict[str, Callable[[str], str]] = {
    "a bare list": lambda text: json.dumps(json.loads(text)["lines"]),
    "numbers as names": lambda text: json.dumps(
        {str(one["number"]): one["text"] for one in json.loads(text)["lines"]}
    ),
    "lines of text": lambda text: "\n".join(
        f"[{one['number']}] {one['text']}" for one in json.loads(text)["lines"]
    ),
    "a fence and a thought": lambda text: f"<think>hm</think>\n```json\n{text}\n```",
    "speakers' names": lambda text: text.replace('"Ü It swims', '"Anna: Ü It swims'),
}


@pytest.mark.parametrize("kind", FORMS)
def test_other_forms_are_read(kind: str) -> None:
    model = FakeModel()
    model.always = FORMS[kind]
    done = translated(SHORT, model)
    assert [turn.text for turn in done.turns][1] == "Ü It swims again."
    assert len(model.asks) == 1


def test_quotes_within_quotes_are_mended() -> None:
    model = FakeModel()
    model.mischief.append(lambda text: text.replace('"text": "Ü It swims', '"text": "Ü "It" swims', 1))
    done = translated(SHORT, model)
    assert done.turns[1].text == 'Ü "It" swims again.'
    assert len(model.asks) == 1


def test_half_a_translation_is_none() -> None:
    model = FakeModel()
    model.always = lambda _: '{"lines": []}'
    with pytest.raises(ChatFailed) as raised:
        translated(SHORT, model)
    assert raised.value.reason == "unreadable"


def test_no_answer_is_asked_for_twice() -> None:
    script, kept = long_script(), MemoryJournal()
    first = FakeModel()
    first.mischief.extend([None, None, ChatFailed("refused", "power")])
    with pytest.raises(ChatFailed):
        translated(script, first, kept)
    second = FakeModel()
    done = translated(script, second, kept)
    assert done == translated(script, FakeModel())
    assert len(second.asks) + 2 == len([entry for entry in kept.entries.values() if "text" in entry])


def test_tokens_are_bounded() -> None:
    with pytest.raises(OverBudget):
        translated(long_script(), FakeModel(), budget=Budget(5000))
