"""From what a model answered to turns: no word is lost, and none is given to a speaker who does not exist.

JSON in any shape, `<PersonN>`, `Name:` lines and Markdown's bold names are read; thoughts (closed or not), fences and marks
are taken away. What cannot be read for certain is refused with a reason that can be told to the model; `repair` reads
even that, as far as it goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from magpie.podcasts.script import cleaning, lines, shapes
from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.script.casting import Cast, fold
from magpie.podcasts.script.letters import has_letters, letters
from magpie.podcasts.script.shapes import Found, RawTurn
from magpie.podcasts.script.turns import Turn

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_LONGEST_ANSWER = 2_000_000
_REFUSAL = re.compile(
    r"^\W*(?:i['’]?m (?:very |so |really )?sorry|sorry,|i can(?:no|['’])t|i(?: am|['’]?m) (?:unable|not able)"
    r"|i (?:won['’]t|must decline)|as an ai|unfortunately,? i|i apologi[sz]e"
    r"|很抱歉|抱歉|对不起|我无法|我不能|作为一个?(?:ai|人工智能)|申し訳|すみませんが"
    r"|lo siento|je suis désolé|désolé|es tut mir leid|tut mir leid)",
    re.IGNORECASE,
)


class Unparsable(Exception):
    """No script could be read from an answer; `reason` tells a model, in English, what was wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `cites` has for each turn the number of the passage that it names, or None; `is_cut` and
    `unknown` (names of nobody in the show) tell what was wrong with it."""

    turns: tuple[Turn, ...]
    cites: tuple[int | None, ...]
    summary: str = ""
    is_cut: bool = False
    unknown: tuple[str, ...] = ()


def parse(answer: str, speakers: Sequence[Speaker]) -> list[Turn]:
    """The turns of an answer, by speakers of the show only. Raises `Unparsable`."""
    return list(read(answer, speakers).turns)


def read(answer: str, speakers: Sequence[Speaker]) -> Reading:
    """The same with everything that the answer says besides. Raises `Unparsable`."""
    text, is_in_thought = _prepared(answer)
    whole = answer.strip()
    if whole.startswith(("{", "[")) and (found := _strict_json(whole, speakers, is_in_thought=False)):
        return _settled(found, speakers)
    if shapes.looks_like_json(text) or text.startswith('"'):
        found = _json(text, speakers, is_in_thought)
        if found is not None:
            return _settled(found, speakers)
    return _settled(_text(text, speakers, is_in_thought), speakers)


def repair(answer: str, speakers: Sequence[Speaker]) -> Reading:
    """What can be read of a faulty answer: JSON that is cut or broken, turns without names (given to the speakers in
    turn), plain paragraphs. Raises `Unparsable` only if there is nothing to say in it, or it is a refusal."""
    try:
        return read(answer, speakers)
    except Unparsable as fault:
        text, is_in_thought = _prepared(answer)
        if is_refusal(text):
            raise
        found, is_cut = _loose_json(text, speakers)
        if found.turns:
            return _settled(found, speakers, must_name=False, is_cut=is_cut)
        if is_in_thought or shapes.looks_like_json(text):
            raise
        paragraphs = [part for part in _PARAGRAPHS.split(text) if has_letters(part)]
        if len(paragraphs) == 1:
            paragraphs = [part for part in text.splitlines() if has_letters(part)]
        if not paragraphs:
            raise fault from None
        return _settled(Found([RawTurn(None, part) for part in paragraphs]), speakers, must_name=False)


def is_refusal(text: str) -> bool:
    """Whether a model says that it will not, instead of writing."""
    return len(text) < 600 and _REFUSAL.match(text) is not None and "{" not in text


def _prepared(answer: str) -> tuple[str, bool]:
    if len(answer) > _LONGEST_ANSWER:
        raise Unparsable("the answer is far too long")
    text, is_in_thought = cleaning.without_thoughts(answer.replace("\r\n", "\n").replace("\x00", ""))
    text = cleaning.without_fences(text).strip()
    if not has_letters(text):
        raise Unparsable("the answer is empty")
    return text, is_in_thought


def _names(speakers: Sequence[Speaker]) -> frozenset[str]:
    return frozenset(speaker.name.casefold() for speaker in speakers)


def _strict_json(text: str, speakers: Sequence[Speaker], *, is_in_thought: bool) -> Found | None:
    """What whole JSON documents hold; None if they hold no turns, or are none."""
    if not text.startswith(("{", "[")) and not shapes.looks_like_json(text):
        return None
    every: list[Found] = []
    try:
        for value in shapes.documents(text):
            one = Found()
            shapes.gather(value, _names(speakers), one)
            every.append(one)
    except json.JSONDecodeError:
        return None
    if is_in_thought:  # drafts come before
        every = [one for one in every if one.turns or one.nested][-1:]
    return _merged(every, speakers)


def _merged(every: list[Found], speakers: Sequence[Speaker]) -> Found | None:
    """All in one; texts within it that are scripts themselves are read as such."""
    whole = Found(summary=next((one.summary for one in every if one.summary), ""))
    for one in every:
        whole.turns += one.turns
        for text in one.nested:
            whole.turns += lines.tagged(text, speakers) or lines.named(text, speakers) or _unnamed(text)
    return whole if any(has_letters(turn.text) for turn in whole.turns) else None


def _unnamed(text: str) -> list[RawTurn]:
    paragraphs = [part for part in _PARAGRAPHS.split(text) if has_letters(part)]
    if len(paragraphs) > 1 and cleaning.is_announcement(paragraphs[0]):
        del paragraphs[0]
    return [RawTurn(None, part) for part in paragraphs]


def _json(text: str, speakers: Sequence[Speaker], is_in_thought: bool) -> Found | None:
    """What the text's JSON holds; faults that leave no doubt are mended. None if the text is no JSON at all."""
    found = _strict_json(text, speakers, is_in_thought=is_in_thought)
    if found is not None:
        return found
    if text.startswith('"') and (inner := _string(text)) is not None:
        return _merged([Found(nested=[inner])], speakers)
    mended, is_certain = _certain(text, speakers)
    if mended is not None and is_certain:
        return mended
    if mended is None and lines.named(text, speakers, is_after_thought=is_in_thought):
        return None  # brackets within a script in text
    raise Unparsable(
        _why(text) if mended is not None or text.startswith(("{", "[")) else "the JSON holds no turns"
    )


def _string(text: str) -> str | None:
    """A script as one string of JSON."""
    try:
        value = json.loads(text, strict=False)
    except (json.JSONDecodeError, RecursionError):
        return None
    return value if isinstance(value, str) and has_letters(value) else None


def _certain(text: str, speakers: Sequence[Speaker]) -> tuple[Found | None, bool]:
    every, is_certain = [], True
    for document in shapes.loose_documents(text):
        one = Found()
        shapes.gather(document.value, _names(speakers), one)
        if one.turns or one.nested:
            is_certain = is_certain and document.is_certain
            every.append(one)
    return _merged(every, speakers), is_certain


def _loose_json(text: str, speakers: Sequence[Speaker]) -> tuple[Found, bool]:
    every, is_cut = [], False
    for document in shapes.loose_documents(text):
        one = Found()
        shapes.gather(document.value, _names(speakers), one)
        is_cut = is_cut or document.is_cut
        every.append(one)
    return _merged(every, speakers) or Found(), is_cut


def _why(text: str) -> str:
    """What a strict reader says of the JSON."""
    try:
        for _ in shapes.documents(text):
            pass
    except json.JSONDecodeError as fault:
        return f"the JSON is malformed: {fault.msg} at line {fault.lineno}, column {fault.colno}"
    return 'the JSON holds no turns: "turns" must be a list of {"speaker", "text"}'


def _text(text: str, speakers: Sequence[Speaker], is_in_thought: bool) -> Found:
    turns = lines.tagged(text, speakers) or lines.named(text, speakers, is_after_thought=is_in_thought)
    if turns:
        return Found(turns)
    if is_in_thought:
        raise Unparsable("the answer holds a thought that never ends, and no script")
    if is_refusal(text):
        raise Unparsable("the answer refuses the task instead of doing it")
    if len(speakers) > 1:
        raise Unparsable("the answer does not say who speaks: no line begins with a speaker's name")
    return Found(_unnamed(text))


def _settled(
    found: Found, speakers: Sequence[Speaker], *, must_name: bool = True, is_cut: bool = False
) -> Reading:
    """Real speakers and plain text for every turn that says anything."""
    raw = [part for turn in found.turns for part in _parted(turn, speakers) if has_letters(part.text)]
    cast = Cast(speakers, [turn.label for turn in raw if turn.label])
    turns: list[Turn] = []
    for position, one in enumerate(raw):
        if one.label:
            name = cast.name_of(one.label)
        elif must_name and position > 0 and len(speakers) > 1:
            raise Unparsable(f"turn {position + 1} does not say who speaks")
        else:
            name = cast.after(turns[-1].speaker if turns else None)
        turns.append(Turn(name, _plain(one, name), one.style))
    if not turns:
        raise Unparsable("the answer holds no turns")
    return Reading(
        tuple(turns), tuple(one.cite for one in raw), cleaning.plain(found.summary), is_cut, cast.unknown
    )


def _parted(raw: RawTurn, speakers: Sequence[Speaker]) -> list[RawTurn]:
    """A turn within which others begin to speak, on lines that begin with their names, as the several that it is."""
    names = "|".join(re.escape(one.name) for one in speakers)
    starts = [found.start() for found in re.finditer(rf"^(?:{names})[ \t]*[:：]", raw.text, re.MULTILINE)]
    starts = [start for start in starts if start > 0]
    if not starts or raw.label is None:
        return [raw]
    parts = [RawTurn(raw.label, raw.text[: starts[0]], raw.style, raw.cite)]
    for start, end in zip(starts, [*starts[1:], len(raw.text)], strict=True):
        label, _, text = re.sub("：", ":", raw.text[start:end], count=1).partition(":")
        parts.append(RawTurn(label, text, None, raw.cite))
    return parts


def _plain(raw: RawTurn, name: str) -> str:
    text = raw.text.strip()
    label, mark, rest = text.partition(":")
    if mark and has_letters(rest) and fold(label) == fold(name) and raw.label:
        text = rest  # the name again, within the text
    plain = cleaning.plain(text)
    return plain if has_letters(plain) else letters(text)
