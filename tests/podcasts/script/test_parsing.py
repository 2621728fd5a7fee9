"""What models answer becomes turns: in every shape, without a lost word."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.script.letters import letters
from magpie.podcasts.script.parsing import Unparsable, parse, read, repair

ANNA, BEN, CLEO = Speaker("Anna", "host"), Speaker("Ben", "guest, expert"), Speaker("Cleo Marsh")
TWO, THREE = [ANNA, BEN], [ANNA, BEN, CLEO]

Pairs = list[tuple[str, str]]


def said(answer: str, speakers: Sequence[Speaker] = TWO) -> Pairs:
    return [(turn.speaker, turn.text) for turn in parse(answer, speakers)]


HI_HO = [("Anna", "Hi there."), ("Ben", "Ho, and more.")]

SHAPES = {
    "turns": '{"turns":[{"speaker":"Anna","text":"Hi there."},{"speaker":"Ben","text":"Ho, and more."}]}',
    "a list": '[{"speaker":"Anna","text":"Hi there."},{"speaker":"Ben","text":"Ho, and more."}]',
    "other names": '{"dialogue":[{"id":1,"role":"Host","content":"Hi there."},'
    '{"id":2,"role":"Expert","content":"Ho, and more."}]}',
    "names as keys": '[{"Anna":"Hi there."},{"Ben":"Ho, and more."}]',
    "one object": '{"Anna":"Hi there.","Ben":"Ho, and more."}',
    "pairs": '[["Anna","Hi there."],["Ben","Ho, and more."]]',
    "strings": '{"turns":["Anna: Hi there.","Ben: Ho, and more."]}',
    "a script in a string": '{"script":"Anna: Hi there.\\nBen: Ho, and more."}',
    "tags in a string": '{"script":"<Person1>Hi there.</Person1><Person2>Ho, and more.</Person2>"}',
    "JSON as a string": json.dumps("Anna: Hi there.\nBen: Ho, and more."),
    "JSON lines": '{"speaker":"Anna","text":"Hi there."}\n{"speaker":"Ben","text":"Ho, and more."}',
    "segments": '{"segments":[{"title":"A","turns":[{"speaker":"Anna","text":"Hi there."}]},'
    '{"title":"B","turns":[{"speaker":"Ben","text":"Ho, and more."}]}]}',
    "numbers": '[{"speaker":1,"dialogue":"Hi there."},{"speaker":2,"dialogue":"Ho, and more."}]',
    "numbers from zero": '[{"speaker":"SPEAKER_00","text":"Hi there."},{"speaker":"SPEAKER_01","text":"Ho, and more."}]',
    "lists of lines": '[{"speaker":"Anna","lines":["Hi","there."]},{"speaker":"Ben","lines":["Ho,","and more."]}]',
    "trailing commas": '{"turns":[{"speaker":"Anna","text":"Hi there.",},{"speaker":"Ben","text":"Ho, and more."},],}',
    "comments": '{"turns":[ // first\n{"speaker":"Anna","text":"Hi there."}, /* then */'
    '{"speaker":"Ben","text":"Ho, and more."}]}',
    "missing commas": '[{"speaker":"Anna" "text":"Hi there."} {"speaker":"Ben" "text":"Ho, and more."}]',
    "single quotes": "{'turns':[{'speaker':'Anna','text':'Hi there.'},{'speaker':'Ben','text':'Ho, and more.'}]}",
    "raw line ends": '{"turns":[{"speaker":"Anna","text":"Hi\nthere."},{"speaker":"Ben","text":"Ho,\nand more."}]}',
    "a fence": 'Sure! Here it is:\n```json\n[{"speaker":"Anna","text":"Hi there."},'
    '{"speaker":"Ben","text":"Ho, and more."}]\n```\nEnjoy!',
    "tags": "<Person1>Hi there.</Person1>\n<Person2>Ho, and more.</Person2>",
    "tags that stay open": "<Person1>Hi there.\n<Person2>Ho, and more.",
    "tags with names": "<Anna>Hi there.</Anna> <Ben>Ho, and more.</Ben>",
    "tags with attributes": '<turn speaker="Anna">Hi there.</turn><turn speaker="Ben">Ho, and more.</turn>',
    "lines": "Anna: Hi there.\nBen: Ho, and more.",
    "wide colons": "Anna：Hi there.\nBen：Ho, and more.",
    "bold names": "**Anna:** Hi there.\n\n**Ben**: Ho, and more.",
    "bold names and words": "**Anna:** Hi **there**.\n\n**Ben:** *Ho*, and `more`.",
    "headings": "### Anna\nHi there.\n\n### Ben\nHo, and more.",
    "names alone": "Anna\nHi there.\n\nBen\nHo, and more.",
    "brackets": "[Anna] Hi there.\n[Ben]: Ho, and more.",
    "times": "[00:01] Anna: Hi there.\n[00:05] Ben: Ho, and more.",
    "a list of lines": "- Anna: Hi there.\n- Ben: Ho, and more.",
    "one line": "Anna: Hi there. Ben: Ho, and more.",
    "several lines": "Anna: Hi\nthere.\n\nBen: Ho,\nand more.",
    "generic names": "Host 1: Hi there.\nHost 2: Ho, and more.",
    "letters": "A: Hi there.\nB: Ho, and more.",
    "roles": "Host: Hi there.\nGuest: Ho, and more.",
    "capitals": "ANNA: Hi there.\nBEN: Ho, and more.",
    "titles": "Anna Smith: Hi there.\nDr. Ben: Ho, and more.",
    "talk before": "Here is the dialogue:\n\nAnna: Hi there.\nBen: Ho, and more.",
    "a thought": "<think>Anna: a draft\n</think>\nAnna: Hi there.\nBen: Ho, and more.",
    "a thought that never ends": "<think>First I should greet.\nAnna: Hi there.\nBen: Ho, and more.",
    "a thought that never ends, and JSON": '<think>Drafts: [{"speaker":"Anna","text":"No."}] Better:\n'
    '{"turns":[{"speaker":"Anna","text":"Hi there."},{"speaker":"Ben","text":"Ho, and more."}]}',
    "a thought that never began": "I should greet.\nAnna: No.\n</think>\nAnna: Hi there.\nBen: Ho, and more.",
    "thoughts of several names": "<thinking>x</thinking><reasoning>y</reasoning>Anna: Hi there.\nBen: Ho, and more.",
    "marks of a template": "<|im_start|>Anna: Hi there.\nBen: Ho, and more.<|im_end|>",
    "windows' line ends": "Anna: Hi there.\r\nBen: Ho, and more.\r\n",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read(shape: str) -> None:
    assert said(SHAPES[shape]) == HI_HO


CASES: dict[str, tuple[str, Sequence[Speaker], Pairs]] = {
    "turns in a row by one speaker are all kept": (
        "Anna: One.\nAnna: Two.\nBen: Three.",
        TWO,
        [("Anna", "One."), ("Anna", "Two."), ("Ben", "Three.")],
    ),
    "a third speaker stays the third": (
        "<Person1>One.</Person1><Person2>Two.</Person2><Person3>Three.</Person3>",
        THREE,
        [("Anna", "One."), ("Ben", "Two."), ("Cleo Marsh", "Three.")],
    ),
    "a stranger speaks for whom nobody else speaks": (
        '[{"speaker":"Anna","text":"One."},{"speaker":"Zed","text":"Two."},{"speaker":"Zed","text":"Three."}]',
        TWO,
        [("Anna", "One."), ("Ben", "Two."), ("Ben", "Three.")],
    ),
    "strangers only": (
        "Xenia: One.\nYuri: Two.\nXenia: Three.",
        TWO,
        [("Anna", "One."), ("Ben", "Two."), ("Anna", "Three.")],
    ),
    "a stranger in bold among others": (
        "**Anna:** One.\n**Zed:** Two.",
        TWO,
        [("Anna", "One."), ("Ben", "Two.")],
    ),
    "a stranger who speaks once": (
        "Anna: One.\nZed: Two.\nAnna: Three.",
        TWO,
        [("Anna", "One."), ("Ben", "Two."), ("Anna", "Three.")],
    ),
    "a list within a turn": (
        "Anna: Cities.\nTokyo: 37 million\nDelhi: 33 million\nBen: Oh.",
        TWO,
        [("Anna", "Cities. Tokyo: 37 million Delhi: 33 million"), ("Ben", "Oh.")],
    ),
    "a word before a colon is no speaker": (
        "Anna: One.\nNote: this stays.\nBen: Two: three.",
        TWO,
        [("Anna", "One. Note: this stays."), ("Ben", "Two: three.")],
    ),
    "a single narrator needs no name": ("One.\n\nTwo: three.", [ANNA], [("Anna", "One."), ("Anna", "Two: three.")]),
    "a narration after talk": ("Sure, here is your narration:\n\nOne.", [ANNA], [("Anna", "One.")]),
    "a narration with a colon": ("There are two:\n\nOne.", [ANNA], [("Anna", "There are two:"), ("Anna", "One.")]),
    "somebody else within a turn": (
        '[{"speaker":"Anna","text":"One.\\nBen: Two.\\nAnna: Three."}]',
        TWO,
        [("Anna", "One."), ("Ben", "Two."), ("Anna", "Three.")],
    ),
    "a narrator under a general name": ("Narrator: One.\n\nTwo.", [ANNA], [("Anna", "One. Two.")]),
    "Chinese": (
        "主持人1：你好，**今天**说天气。\n主持人2：好的。\n下雨了。",
        TWO,
        [("Anna", "你好，今天说天气。"), ("Ben", "好的。下雨了。")],
    ),
    "甲乙": ("甲：一。\n乙：二。", TWO, [("Anna", "一。"), ("Ben", "二。")]),
    "the name once more within the text": (
        '[{"speaker":"Anna","text":"Anna: One."},{"speaker":"Ben","text":"Anna: is her name."}]',
        TWO,
        [("Anna", "One."), ("Ben", "Anna: is her name.")],
    ),
    "words before the first name that are no talk": (
        "It was dark.\nAnna: One.\nBen: Two.",
        TWO,
        [("Anna", "It was dark."), ("Anna", "One."), ("Ben", "Two.")],
    ),
    "text between tags": (
        "<Person1>One.</Person1> And two. <Person2>Three.</Person2>",
        TWO,
        [("Anna", "One."), ("Anna", "And two."), ("Ben", "Three.")],
    ),
    "tags of speech": ('Anna: One <break time="1s"/> two.\nBen: <emphasis>Three</emphasis>.', TWO,
                       [("Anna", "One two."), ("Ben", "Three.")]),
    "links": ("Anna: See [the page](https://example.org/a_b).\nBen: I do.", TWO,
              [("Anna", "See the page."), ("Ben", "I do.")]),
    "less than and names with underscores": (
        "Anna: If a < b and b > c, snake_case_name * 2 * 3.\nBen: Yes.",
        TWO,
        [("Anna", "If a < b and b > c, snake_case_name * 2 * 3."), ("Ben", "Yes.")],
    ),
    "braces within a line": ('Anna: {"a": 1} is JSON.\nBen: [sic] it is.', TWO,
                             [("Anna", '{"a": 1} is JSON.'), ("Ben", "[sic] it is.")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_says_what(case: str) -> None:
    answer, speakers, expected = CASES[case]
    assert said(answer, speakers) == expected


def test_directions_become_the_style() -> None:
    turns = parse("Anna (laughing): One.\n**Ben** [softly]: Two.", TWO)
    assert [(turn.text, turn.style) for turn in turns] == [("One.", "laughing"), ("Two.", "softly")]
    assert parse('[{"speaker":"Anna","text":"One.","emotion":"calm"}]', TWO)[0].style == "calm"


def test_what_else_an_answer_says_is_read() -> None:
    reading = read(
        '{"turns":[{"speaker":"Anna","text":"A","source":3},{"speaker":"Ben","text":"B","source":"[4]"},'
        '{"speaker":"Zed","text":"C"}],"summary":"They **met**."}',
        TWO,
    )
    assert reading.cites == (3, 4, None)
    assert reading.summary == "They met."
    assert reading.unknown == ("zed",)


FAULTS = {
    "": "empty",
    "  \n": "empty",
    "```json\n```": "empty",
    "<think>All of it is thought": "never ends",
    "Two people talk about the weather.": "who speaks",
    "I'm sorry, but I can't help with that.": "refuses",
    "很抱歉，我无法完成这个请求。": "refuses",
    '{"turns": []}': "no turns",
    '{"title": "A show", "summary": "Nothing"}': "no turns",
    '{"turns":[{"speaker":"Anna","text":"One."},{"text":"Two."}]}': "turn 2 does not say",
    '{"turns":[{"speaker":"Anna","text":"He said "no" to it."}]}': "malformed",
    '{"turns":[{"speaker":"Anna","text":"One."},{"speaker":"Ben","text":"Tw': "malformed",
    "…!?": "empty",
}


@pytest.mark.parametrize("answer", FAULTS)
def test_what_is_not_certain_is_refused_with_a_reason(answer: str) -> None:
    with pytest.raises(Unparsable, match=FAULTS[answer]):
        parse(answer, TWO)


def test_a_refusal_is_no_narration() -> None:
    with pytest.raises(Unparsable, match="refuses"):
        parse("I'm sorry, I cannot write this.", [ANNA])


REPAIRS: dict[str, Pairs] = {
    '{"turns":[{"speaker":"Anna","text":"He said "no" to it."}]}': [("Anna", 'He said "no" to it.')],
    '{"turns":[{"speaker":"Anna","text":"One."},{"speaker":"Ben","text":"Tw': [
        ("Anna", "One."),
        ("Ben", "Tw"),
    ],
    '{"turns":[{"speaker":"Anna" "text":"One."}]}': [("Anna", "One.")],
    '{"turns":[{"speaker":"Anna","text":"One."},{"text":"Two."}]}': [("Anna", "One."), ("Ben", "Two.")],
    '[{"speaker":"Anna","text":"One."}, {"speaker":"Ben","text":"Two."': [("Anna", "One."), ("Ben", "Two.")],
    "First part.\n\nSecond part.\n\nThird.": [
        ("Anna", "First part."),
        ("Ben", "Second part."),
        ("Anna", "Third."),
    ],
}


@pytest.mark.parametrize("answer", REPAIRS)
def test_a_repair_keeps_every_word(answer: str) -> None:
    reading = repair(answer, TWO)
    assert [(turn.speaker, turn.text) for turn in reading.turns] == REPAIRS[answer]


def test_a_repair_knows_a_cut_answer() -> None:
    assert repair('[{"speaker":"Anna","text":"One. Tw', TWO).is_cut
    assert not repair('[{"speaker":"Anna" "text":"One."}]', TWO).is_cut


@pytest.mark.parametrize("answer", ["", "I'm sorry, I can't.", "<think>never", '{"turns": []}'])
def test_nothing_cannot_be_repaired(answer: str) -> None:
    with pytest.raises(Unparsable):
        repair(answer, TWO)


def test_hostile_answers_end_soon() -> None:
    parts = ["[", '{"a":', "<", "**", "***", "*a ", "Anna", "[Anna](", '["', "a:", "`", "<think>", "</think>", "**a** ",
             "Anna: [x] (y) ", "1. ", '{"text":"', "_"]  # fmt: skip
    for answer in (part * (40_000 // len(part)) for part in parts):
        try:
            repair(answer, TWO)
        except Unparsable as fault:
            assert fault.reason  # noqa: PT017 - either ending will do


# Characters are conserved: whatever is said, in whatever form, is in the turns, in order, by the same speaker.

_TEXT = st.text(
    st.one_of(
        st.sampled_from(
            "abc xyz éß .,!?'\"“”-()*_`#|<>&{}[]:;/\\\n\t0123456789，。！？：你好世界こんにちは한국어"
        ),
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: letters(text) != "")
_TURNS = st.lists(st.tuples(st.sampled_from(THREE), _TEXT), min_size=1, max_size=6)

_PLAIN = st.text(st.sampled_from("abcdefg  ,.!?é你好世界。，\n"), min_size=1, max_size=60).map(
    lambda text: "w" + text
)
_PLAIN_TURNS = st.lists(st.tuples(st.sampled_from(THREE), _PLAIN), min_size=1, max_size=6)

_AS_JSON: list[Callable[[list[tuple[Speaker, str]]], str]] = [
    lambda turns: json.dumps({"turns": [{"speaker": who.name, "text": text} for who, text in turns]}),
    lambda turns: json.dumps([{"name": who.name, "line": text} for who, text in turns], ensure_ascii=False),
    lambda turns: (
        "<think>so</think>```json\n"
        + json.dumps({"dialogue": [{"role": who.name, "content": text} for who, text in turns]}, indent=2)
        + "\n```"
    ),
    lambda turns: "\n".join(json.dumps({"speaker": who.name, "text": text}) for who, text in turns),
]
_AS_TEXT: list[Callable[[list[tuple[Speaker, str]]], str]] = [
    lambda turns: "".join(
        f"<Person{THREE.index(who) + 1}>{text}</Person{THREE.index(who) + 1}>\n" for who, text in turns
    ),
    lambda turns: "".join(f"<Person{THREE.index(who) + 1}>{text}\n" for who, text in turns),
    lambda turns: "".join(f"{who.name}: {text}\n" for who, text in turns),
    lambda turns: "".join(f"**{who.name}:** {text}\n\n" for who, text in turns),
    lambda turns: "<think>hm\n" + "".join(f"{who.name}：{text}\n" for who, text in turns),
]


@settings(max_examples=60, deadline=None)
@given(_TURNS, st.sampled_from(_AS_JSON))
def test_json_loses_no_letter(
    turns: list[tuple[Speaker, str]], form: Callable[[list[tuple[Speaker, str]]], str]
) -> None:
    read_turns = parse(form(turns), THREE)
    assert [turn.speaker for turn in read_turns] == [who.name for who, _ in turns]
    for turn, (_, text) in zip(read_turns, turns, strict=True):
        if "](" not in text and "<" not in text:  # addresses of links and tags are marks
            assert letters(turn.text) == letters(text)


@settings(max_examples=60, deadline=None)
@given(_PLAIN_TURNS, st.sampled_from(_AS_TEXT))
def test_text_loses_no_letter(
    turns: list[tuple[Speaker, str]], form: Callable[[list[tuple[Speaker, str]]], str]
) -> None:
    read_turns = parse(form(turns), THREE)
    assert [(turn.speaker, letters(turn.text)) for turn in read_turns] == [
        (who.name, letters(text)) for who, text in turns
    ]


@settings(max_examples=60, deadline=None)
@given(_PLAIN_TURNS, st.integers(0, 400))
def test_a_cut_answer_keeps_all_that_came(turns: list[tuple[Speaker, str]], length: int) -> None:
    answer = json.dumps(
        {"turns": [{"speaker": who.name, "text": text} for who, text in turns]}, ensure_ascii=False
    )
    cut = answer[: max(length % len(answer), answer.index('"text": "') + 12)]
    came = letters("".join(turn.text for turn in repair(cut, THREE).turns))
    assert letters("".join(text for _, text in turns)).startswith(came.removesuffix("n"))
    whole = cut.count('"}')
    assert came.startswith(letters("".join(text for _, text in turns[:whole])))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_anything_at_all_gives_turns_or_a_reason(answer: str) -> None:
    try:
        turns = repair(answer, TWO).turns
    except Unparsable as fault:
        assert fault.reason  # noqa: PT017 - either ending will do
        return
    assert all(turn.speaker in {"Anna", "Ben"} and letters(turn.text) for turn in turns)
