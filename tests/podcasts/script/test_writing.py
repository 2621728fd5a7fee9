"""Scripts by a model that does as it is told, and by one that misbehaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.script import length, sentences
from magpie.podcasts.script.brief import Format, Speaker
from magpie.podcasts.script.turns import Script
from magpie.podcasts.script.work import Budget, Later, MemoryJournal, OverBudget
from magpie.podcasts.script.writing import NothingToSay, write
from tests.podcasts.script.fake import FakeModel
from tests.podcasts.script.texts import ANNA, BEN, CLEO, DORA, brief, chinese, english, source

TEXT = english(1800)


@pytest.fixture(scope="module", autouse=True)
def _each_text_is_parted_once() -> Iterator[None]:
    """Finding the sentences takes half of a script's time, and the same few texts are told again and again."""
    with pytest.MonkeyPatch.context() as patch:
        known = cache(sentences.split)
        patch.setattr(sentences, "split", lambda text: list(known(text)))
        yield


def _never() -> bool:
    return False


def _silent(_step: str, _done: int, _total: int) -> None:
    pass


def written(model: FakeModel, minutes: float | None = 6, text: str = "", **more: object) -> Script:
    return write(
        brief(minutes=minutes, **more),  # type: ignore[arg-type]
        [source(text or english(2500))],
        model,
        MemoryJournal(),
        _silent,
        _never,
        wait=lambda _seconds, _stop: None,
    )


def lasts(script: Script) -> float:
    return sum(length.minutes(turn.text, script.language) for turn in script.turns)


FORMATS = {
    Format.NARRATOR: (ANNA,),
    Format.TWO_HOSTS: (ANNA, BEN),
    Format.INTERVIEW: (ANNA, BEN),
    Format.DEBATE: (ANNA, BEN, CLEO),
    Format.NEWS: (ANNA, BEN),
    Format.LECTURE: (ANNA,),
    Format.STORY: (ANNA, BEN, CLEO, DORA),
    Format.BILINGUAL: (Speaker("Anna", language="en"), Speaker("Lin", language="zh")),
}


@pytest.mark.parametrize("kind", Format)
def test_every_format_is_written_as_long_as_asked(kind: Format) -> None:
    model = FakeModel()
    text = english(1500) + "\n\n" + chinese(1500) if kind is Format.BILINGUAL else english(2500)
    script = written(model, 6, text, kind=kind, speakers=FORMATS[kind])
    assert lasts(script) == pytest.approx(6, rel=0.12)
    assert {turn.speaker for turn in script.turns} == {one.name for one in FORMATS[kind]}
    assert [turn.segment for turn in script.turns] == sorted(turn.segment for turn in script.turns)
    assert {turn.segment for turn in script.turns} == set(range(len(script.segments)))
    assert not script.is_extractive
    system = model.asks[0].messages[0].content
    assert all(one.name in system for one in FORMATS[kind])
    if kind is Format.BILINGUAL:
        assert "words in English (en) and" in model.asks[1].messages[1].content
        assert "characters in Simplified Chinese (zh)" in model.asks[1].messages[1].content


def test_wishes_reach_the_model() -> None:
    model = FakeModel()
    script = written(model, 3, instructions="Speak of cheese.", style="dry", title="My show")
    assert "Speak of cheese." in model.asks[-1].messages[0].content
    assert "Tone: dry" in model.asks[-1].messages[0].content
    assert script.title == "My show"


def test_chinese_is_counted_in_characters() -> None:
    model = FakeModel()
    script = written(model, 5, chinese(4000), language="zh")
    assert "characters" in model.asks[1].messages[1].content
    assert lasts(script) == pytest.approx(5, rel=0.12)
    assert all(turn.span for turn in script.turns)


def test_a_segment_sees_its_own_source_the_summaries_and_the_last_four_turns() -> None:
    model = FakeModel()
    text = english(6000)
    script = written(model, 12, text)
    assert len(script.segments) == 4
    questions = [ask.messages[1].content for ask in model.asks[1:]]
    own = [question.split("<source>")[1].split("</source>")[0] for question in questions]
    assert sum(map(len, own)) < len(text) * 1.2  # nothing is shown twice
    third = [turn for turn in script.turns if turn.segment == 2]
    assert all(f"{turn.speaker}: {turn.text[-60:]}"[-60:] in questions[3] for turn in third[-4:])
    assert third[-5].text not in questions[3]
    assert "Told of " in questions[3]
    assert "Told so far" not in questions[0]


@pytest.mark.parametrize("verbosity", [0.5, 1.7])
def test_length_is_corrected_once(verbosity: float) -> None:
    model = FakeModel(verbosity=verbosity)

    steps: list[str] = []

    def report(step: str, _done: int, _total: int) -> None:
        steps.append(step)
        if step == "correction":
            model.verbosity = 1.0

    script = write(brief(minutes=9), [source(english(4000))], model, MemoryJournal(), report, _never)
    assert "correction" in steps
    assert lasts(script) == pytest.approx(9, rel=0.15)
    asked = [ask for ask in model.asks if len(ask.messages) > 2]
    assert 1 <= len(asked) <= len(script.segments)
    assert all("Write it again in that length" in ask.messages[-1].content for ask in asked)


@pytest.mark.parametrize(
    ("context", "words", "minutes"), [(2048, 3000, 4), (4096, 20_000, 10), (8192, 40_000, 20)]
)
def test_long_sources_are_cut_into_segments_that_fit(context: int, words: int, minutes: int) -> None:
    model = FakeModel(context)  # raises if a question and its answer do not fit
    script = written(model, minutes, english(words))
    assert lasts(script) == pytest.approx(minutes, rel=0.2)
    assert all(turn.span for turn in script.turns)
    spans = [turn.span.start for turn in script.turns if turn.span]
    assert max(spans) > 0.7 * len(english(words))  # the end is told, too


def test_two_hundred_thousand_words() -> None:
    model = FakeModel()
    script = written(model, None, english(200_000))
    assert 55 < lasts(script) < 66
    assert len(script.segments) > 15


def test_several_sources_are_told_apart() -> None:
    model = FakeModel()
    sources = [source(english(800, 1), "One"), source(english(800, 2), "Two")]
    script = write(brief(minutes=6), sources, model, MemoryJournal(), _silent, _never)
    assert {turn.span.source for turn in script.turns if turn.span} == {0, 1}
    for turn in script.turns:
        assert turn.span is not None
        assert 0 <= turn.span.start < turn.span.end <= len(sources[turn.span.source].text)


def test_nothing_is_asked_about_nothing() -> None:
    model = FakeModel()
    with pytest.raises(NothingToSay):
        write(brief(), [source(" \n ")], model, MemoryJournal(), _silent, _never)
    assert model.asks == []


# Misbehaviour


def cut_json(text: str) -> str:
    return text[: len(text) * 2 // 3]


def broken_quotes(text: str) -> str:
    return text.replace('"text": "So', '"text": "He said "so" and', 1)


def as_lines(text: str) -> str:
    value = json.loads(text)
    if "turns" not in value:
        return text
    return "\n".join(f"**{turn['speaker']}:** {turn['text']}" for turn in value["turns"])


def strangers(text: str) -> str:
    return text.replace('"Anna"', '"Xaver"').replace('"Ben"', '"Yvonne"')


def nobody(text: str) -> str:
    value = json.loads(text)
    if "turns" not in value:
        return text
    return "\n\n".join(turn["text"] for turn in value["turns"])


READABLE: dict[str, Callable[[str], str]] = {
    "a thought before": lambda text: f"<think>Let me see.</think>\n{text}",
    "a thought that never ends": lambda text: f"<think>Let me see.\n{text}",
    "a fence": lambda text: f"Of course:\n```json\n{text}\n```",
    "trailing commas": lambda text: text.replace("}]", "},]"),
    "lines instead of JSON": as_lines,
    "strangers": strangers,
}


@pytest.mark.parametrize("kind", READABLE)
def test_other_forms_cost_no_further_question(kind: str) -> None:
    model = FakeModel()
    model.always = READABLE[kind]
    script = written(model, 3)
    assert len(model.asks) == 1 + len(script.segments)
    assert {turn.speaker for turn in script.turns} == {"Anna", "Ben"}
    assert lasts(script) == pytest.approx(3, rel=0.15)


FAULTY: dict[str, tuple[Callable[[str], str], str]] = {
    "malformed": (broken_quotes, "the JSON is malformed"),
    "cut": (cut_json, "the JSON is malformed"),
    "nobody speaks": (nobody, "does not say who speaks"),
    "empty": (lambda _: "", "the answer is empty"),
    "only a thought": (lambda _: "<think>hmm", "never ends"),
    "a refusal": (lambda _: "I'm sorry, but I can't help with that.", "refuses"),
    "far too short": (lambda _: '{"turns":[{"speaker":"Anna","text":"Hi."}]}', "far too short"),
    "a loop": (
        lambda _: json.dumps(
            {
                "turns": [{"speaker": "Anna", "text": "We have said this very same thing just before now."}]
                * 40
            }
        ),
        "repeats",
    ),
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_fault_is_quoted_and_asked_about_again(kind: str) -> None:
    mischief, reason = FAULTY[kind]
    model = FakeModel()
    model.mischief.extend([None, mischief])
    script = written(model, 3, text=english(900))
    assert len(model.asks) == 2 + len(script.segments)
    again = model.asks[2].messages
    assert reason in again[-1].content
    assert again[-2].role == "assistant"
    assert lasts(script) == pytest.approx(3, rel=0.15)
    assert not script.is_extractive


@pytest.mark.parametrize("mischief", [broken_quotes, nobody])
def test_after_three_faults_the_answer_is_repaired(mischief: Callable[[str], str]) -> None:
    model = FakeModel()
    model.mischief.extend([None, mischief, mischief, mischief])
    script = written(model, 3, text=english(900))
    assert len(script.segments) == 1
    assert len(model.asks) == 4
    assert lasts(script) == pytest.approx(3, rel=0.15)
    assert {turn.speaker for turn in script.turns} == {"Anna", "Ben"}


def test_of_a_cut_answer_the_whole_sentences_are_kept() -> None:
    model = FakeModel()
    model.mischief.extend([None, cut_json, cut_json, cut_json])
    script = written(model, 3, text=english(900))
    assert lasts(script) > 1.5
    assert script.turns[-1].text.endswith(".")


@pytest.mark.parametrize("kind", ["empty", "a refusal", "only a thought"])
def test_at_last_the_source_itself_is_quoted(kind: str) -> None:
    model = FakeModel()
    mischief = FAULTY[kind][0]
    model.mischief.extend([None, mischief, mischief, mischief])
    text = english(2500)
    script = written(model, 6, text)
    first = [turn for turn in script.turns if turn.segment == 0 and turn.span]
    assert first
    for turn in first:
        assert turn.span is not None
        there = " ".join(text[turn.span.start : turn.span.end].split())
        assert all(sentence.strip(" .") in there for sentence in turn.text.split(". "))
    assert not script.is_extractive  # the other segment is the model's
    told = f"Quoted from the sources, since the model gave nothing that could be used: {script.segments[0].title}."
    assert told in script.description


def test_a_model_that_only_refuses_leaves_an_extractive_script() -> None:
    model = FakeModel()
    model.always = FAULTY["a refusal"][0]
    script = written(model, 4)
    assert script.is_extractive
    assert script.description.startswith("Extractive, no LLM")
    assert script.title == "A text"
    assert lasts(script) > 2
    assert len(model.asks) == 3 + 3 * len(script.segments)


ROW = '{"title": "T", "summary": "S", "first": 1, "last": 1}'

OUTLINES = {
    "no JSON": lambda _: "I will tell of rivers.",
    "no such parts": lambda text: text.replace('"last": ', '"last": 9'),
    "no titles": lambda text: text.replace('"title"', '"name"'),
    "no segments": lambda _: '{"title": "T", "description": "D", "segments": []}',
    "cut": cut_json,
    "far too many segments": lambda text: text.replace('"segments": [', '"segments": [' + 9 * (ROW + ", ")),
    "a number too few": lambda text: text.replace('"first"', '"one"'),
}


@pytest.mark.parametrize("kind", OUTLINES)
def test_a_faulty_outline_is_asked_for_again_and_then_made_without(kind: str) -> None:
    once = FakeModel()
    once.mischief.append(OUTLINES[kind])
    script = written(once, 6)
    assert "cannot be used" in once.asks[1].messages[-1].content
    assert script.title.startswith("Of ")
    never = FakeModel()
    never.mischief.extend([OUTLINES[kind]] * 3)
    script = written(never, 6)
    assert script.title == "A text"
    assert script.segments[0].title.startswith("The ")  # the source's heading
    assert lasts(script) == pytest.approx(6, rel=0.15)


def test_a_segment_that_no_answer_can_hold_is_parted() -> None:
    model = FakeModel(4096)

    def most_in_one(text: str) -> str:
        value = json.loads(text)
        rows = value["segments"]
        rows[0]["last"] = rows[-1]["last"]
        return json.dumps({**value, "segments": rows[: len(rows) // 2 + 1]})

    model.mischief.append(most_in_one)
    script = written(model, 12, english(5000))
    assert lasts(script) == pytest.approx(12, rel=0.15)
    assert any(one.title.endswith(" (2)") for one in script.segments)


def test_a_long_show_of_a_short_text() -> None:
    script = written(FakeModel(8192), 30, english(300))
    assert lasts(script) == pytest.approx(30, rel=0.15)


def test_an_outline_may_be_a_bare_list() -> None:
    model = FakeModel()
    model.mischief.append(lambda text: json.dumps(json.loads(text)["segments"]))
    script = written(model, 6)
    assert len(model.asks) == 1 + len(script.segments)


def test_a_model_that_thinks_aloud_gets_room_for_it() -> None:
    model = FakeModel()
    model.always = lambda text: f"<think>{'Hm, let me see. ' * 700}</think>{text}"
    script = written(model, 9, english(4000))
    assert lasts(script) == pytest.approx(9, rel=0.12)
    assert len(model.asks) <= len(script.segments) + 3  # it was cut off once or twice, and then no more
    assert not script.is_extractive


MISCHIEF = [None, *(mischief for mischief, _ in FAULTY.values()), *READABLE.values()]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(MISCHIEF), max_size=12),
    st.sampled_from([1.0, 0.4, 2.5]),
    st.sampled_from([3000, 16_384]),
)
def test_whatever_a_model_does_there_is_a_script(
    mischief: list[Callable[[str], str] | None], verbosity: float, context: int
) -> None:
    model = FakeModel(context, verbosity)
    model.mischief.extend(mischief)
    script = written(model, 5, TEXT, speakers=(ANNA, BEN, CLEO))
    assert {turn.segment for turn in script.turns} == set(range(len(script.segments)))
    assert {turn.speaker for turn in script.turns} <= {"Anna", "Ben", "Cleo"}
    assert all(turn.text.strip() == turn.text != "" for turn in script.turns)
    assert 1.5 < lasts(script) < 15
    assert len(model.asks) <= 3 + 4 * len(script.segments)


# Patience


def test_short_faults_are_waited_out() -> None:
    waits: list[float] = []
    model = FakeModel()
    model.mischief.extend(
        [
            ChatFailed("limited", "slow down", retry_after=7),
            ChatFailed("failing", "500"),
            None,
            ChatFailed("unreachable", "x"),
        ]
    )
    script = write(
        brief(minutes=3), [source(english(900))], model, MemoryJournal(), _silent, _never,
        wait=lambda seconds, _stop: waits.append(seconds),
    )  # fmt: skip
    assert script.turns
    assert waits == [7, 3, 1]


def test_long_waits_are_told() -> None:
    model = FakeModel()
    model.mischief.append(ChatFailed("limited", "slow down", retry_after=90))
    with pytest.raises(Later) as told:
        written(model)
    assert told.value.seconds == 90


def test_a_limit_that_does_not_pass_is_told_too() -> None:
    model = FakeModel()
    model.always = ChatFailed("limited", "slow down")
    with pytest.raises(Later):
        written(model)
    assert len(model.asks) == 4


@pytest.mark.parametrize(
    ("reason", "calls"), [("refused", 1), ("unknown_model", 1), ("failing", 4), ("unreachable", 4)]
)
def test_what_does_not_pass_is_raised(reason: str, calls: int) -> None:
    model = FakeModel()
    model.always = ChatFailed(reason, "no")
    with pytest.raises(ChatFailed, match="no") as raised:
        written(model)
    assert raised.value.reason == reason
    assert len(model.asks) == calls


def test_a_model_that_counts_finer_gets_less_of_the_source() -> None:
    model = FakeModel()
    model.mischief.extend([None, ChatFailed("too_long", "too long"), ChatFailed("too_long", "too long")])
    script = written(model, 3, text=english(3000))
    sizes = [len(ask.messages[1].content) for ask in model.asks[1:4]]
    assert sizes[0] > sizes[1] > sizes[2]
    assert lasts(script) == pytest.approx(3, rel=0.2)


# Going on


def test_no_answer_is_asked_for_twice() -> None:
    text, kept = english(4000), MemoryJournal()
    whole = FakeModel()
    expected = write(brief(minutes=9), [source(text)], whole, MemoryJournal(), _silent, _never)
    calls = len(whole.asks)
    for died in range(1, calls):
        model = FakeModel()
        model.mischief.extend([None, ChatFailed("refused", "power")])
        with pytest.raises(ChatFailed):
            write(brief(minutes=9), [source(text)], model, kept, _silent, _never)
        assert len(model.answers) == 1
        assert len([key for key in kept.entries if "text" in kept.entries[key]]) == died
    last = FakeModel()
    script = write(brief(minutes=9), [source(text)], last, kept, _silent, _never)
    assert len(last.answers) == 1
    assert len(script.segments) == len(expected.segments)
    again = FakeModel()
    assert write(brief(minutes=9), [source(text)], again, kept, _silent, _never) == script
    assert again.asks == []


def test_other_wishes_are_another_question() -> None:
    kept, model = MemoryJournal(), FakeModel()
    for instructions in ("", "Be brief."):
        write(
            brief(minutes=3, instructions=instructions), [source(english(900))], model, kept, _silent, _never
        )
    assert len(model.asks) == 4


def test_stopping_ends_soon() -> None:
    model = FakeModel()
    with pytest.raises(ChatFailed) as raised:
        write(
            brief(minutes=12),
            [source(english(5000))],
            model,
            MemoryJournal(),
            _silent,
            lambda: len(model.asks) >= 3,
        )
    assert raised.value.reason == "stopped"
    assert len(model.asks) == 3


def test_tokens_are_bounded_and_counted() -> None:
    model = FakeModel()
    budget = Budget(9000)
    with pytest.raises(OverBudget) as raised:
        write(
            brief(minutes=20), [source(english(6000))], model, MemoryJournal(), _silent, _never, budget=budget
        )
    assert raised.value.reason == "over_budget"
    assert budget.used == model.prompt_tokens + model.completion_tokens <= 9000


def test_the_journals_answers_count_too() -> None:
    kept = MemoryJournal()
    first, second = Budget(), Budget()
    for budget in (first, second):
        write(brief(minutes=3), [source(english(900))], FakeModel(), kept, _silent, _never, budget=budget)
    assert first.used == second.used > 0


def test_steps_are_told() -> None:
    told: list[tuple[str, int, int]] = []
    write(
        brief(minutes=6), [source(english(2000))], FakeModel(), MemoryJournal(),
        lambda *step: told.append(step), _never,
    )  # fmt: skip
    assert told == [
        ("outline", 0, 1),
        ("outline", 1, 1),
        ("segment", 0, 2),
        ("segment", 1, 2),
        ("segment", 2, 2),
    ]


def test_numbers_of_passages_are_not_said() -> None:
    model = FakeModel()
    model.always = lambda text: text.replace('.", "source"', ' [3, 4].", "source"').replace(
        '"source": 2', '"source": 0'
    )
    script = written(model, 3, text=english(900))
    assert not any("[" in turn.text for turn in script.turns)
    assert all(turn.span for turn in script.turns)
