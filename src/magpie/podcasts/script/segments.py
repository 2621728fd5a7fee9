"""Writing one segment: asked for, read, asked again with the fault quoted, repaired, and at last taken from the source."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from magpie.podcasts.llms.port import Answer, ChatFailed, Message
from magpie.podcasts.script import extractive, length, letters, material, parsing, prompts, sentences, tokens
from magpie.podcasts.script.asking import Asker
from magpie.podcasts.script.brief import Brief
from magpie.podcasts.script.outline import MOST_ROOM, Plan, answer_tokens
from magpie.podcasts.script.parsing import Reading, Unparsable
from magpie.podcasts.script.turns import Turn

_TRIES = 3
_MOST_TOLD = 260  # tokens of the rolling summary
_LAST_TURNS = 4
_LONGEST_LAST_TURN = 400  # letters of each of them
_FAR_TOO_SHORT = 0.15  # of what was asked: not the segment, but something about it
_MOST_REPEATED = 0.3  # of an answer's turns
_SHORTEST_REPEAT = 40  # letters: "Exactly." may come again
_LEAST_ROOM = 150
_MARK = re.compile(r"\s*\[(\d{1,5})(?:\s*[,;–-]\s*\d{1,5})*\]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A segment as it was written; `is_quoted`: the source itself had to be quoted."""

    turns: tuple[Turn, ...]
    cites: tuple[int | None, ...]
    summary: str
    is_quoted: bool = False

    def minutes(self, brief: Brief) -> float:
        """How long it lasts."""
        return minutes_of(self.turns, brief)


def minutes_of(turns: Sequence[Turn], brief: Brief) -> float:
    """How long the turns last when spoken."""
    own = {one.name: one.language for one in brief.speakers}
    return sum(length.minutes(one.text, own.get(one.speaker) or brief.language, brief.wpm) for one in turns)


class SegmentWriter:
    """Writes the segments of one plan, each knowing what came before it."""

    def __init__(self, brief: Brief, plan: Plan, asker: Asker) -> None:
        self._brief, self._plan, self._asker = brief, plan, asker
        self._passages = max(passage.number for one in plan.segments for passage in one.passages)

    def write(self, number: int, before: Sequence[Draft], minutes: float) -> Draft:
        """Segment `number` (from 0) in so many minutes. Raises `ChatFailed`, `OverBudget`, `Later`."""
        scale = 1.0
        while True:
            asked = self._ask(number, before, minutes, scale=scale)
            try:
                return self._tried(number, asked, before, minutes)
            except ChatFailed as fault:
                if fault.reason != "too_long" or scale < 0.2:
                    raise
                scale /= 2  # the model counts finer than we do

    def correct(self, number: int, drafts: Sequence[Draft], minutes: float) -> Draft:
        """Segment `number` in another length: asked for once; what comes closer is taken."""
        draft = drafts[number]
        answer = _as_answer(draft)
        has = _length(draft.turns, self._brief)
        asked = self._ask(number, drafts[:number], minutes, spare=tokens.count(answer) + 200)
        conversation = prompts.correction(asked, answer, has, minutes, self._brief)
        most = answer_tokens(minutes)
        if tokens.of_messages(conversation) * tokens.MARGIN + most > self._asker.context_tokens():
            return draft
        try:
            found = self._asker.ask(conversation, prompts.segment_schema(self._brief.speakers), most)
            reading = self._checked(found, drafts[:number], minutes)
        except Unparsable:
            return draft
        new = replace(
            draft, turns=reading.turns, cites=reading.cites, summary=reading.summary or draft.summary
        )
        return min((draft, new), key=lambda one: abs(one.minutes(self._brief) - minutes))

    def _ask(
        self, number: int, before: Sequence[Draft], minutes: float, *, scale: float = 1.0, spare: int = 0
    ) -> list[Message]:
        """The question, with as much of the source as fits beside everything else and `spare` tokens."""
        told, last = self._told(before), _last_turns(before)

        passages = self._plan.segments[number].passages

        def asked(room: int) -> list[Message]:
            shown = material.fitting(passages, room) if room else []
            return prompts.segment(
                self._brief, self._plan.table, number, shown, told=told, last_turns=last, minutes=minutes
            )

        # What a quoted fault takes is spared, too.
        context = self._asker.context_tokens() / tokens.MARGIN
        taken = (
            tokens.of_messages(asked(0)) + answer_tokens(minutes) + min(self._asker.thought, int(context / 2))
        )
        room = int(context) - taken - 150 - spare
        if scale < 1:
            room = int(min(room, sum(one.tokens for one in passages)) * scale)
        return asked(min(MOST_ROOM, max(_LEAST_ROOM, room)))

    def _told(self, before: Sequence[Draft]) -> str:
        """The summaries so far; of the oldest only the titles, and then nothing."""
        told: list[str] = []
        room = _MOST_TOLD
        for index in range(len(before) - 1, -1, -1):
            segment = self._plan.table[index]
            for text in (before[index].summary or segment.summary or segment.title, segment.title):
                cost = tokens.count(text)
                if cost <= room:
                    told.append(text)
                    room -= cost
                    break
        return " ".join(reversed(told))

    def _tried(self, number: int, asked: Sequence[Message], before: Sequence[Draft], minutes: float) -> Draft:
        schema = prompts.segment_schema(self._brief.speakers)
        conversation: Sequence[Message] = asked
        most = answer_tokens(minutes)
        answers: list[Answer] = []
        for attempt in range(_TRIES):
            answer = self._asker.ask(conversation, schema, most, attempt=attempt)
            answers.append(answer)
            try:
                reading = self._checked(answer, before, minutes)
            except Unparsable as fault:
                conversation = prompts.again(asked, answer.text, fault.reason)
                most = int(most * 1.5) if answer.is_cut else most
                continue
            return Draft(reading.turns, reading.cites, reading.summary)
        return self._repaired(answers, minutes) or self._quoted(number, minutes)

    def _checked(self, answer: Answer, before: Sequence[Draft], minutes: float) -> Reading:
        """What was answered, if it is a segment. Raises `Unparsable`."""
        if answer.is_cut:
            raise Unparsable("it was cut off because it was too long; write less")
        reading = _without_marks(parsing.read(answer.text, self._brief.speakers), self._passages)
        if minutes_of(reading.turns, self._brief) < minutes * _FAR_TOO_SHORT:
            raise Unparsable(f"it is far too short: it is to have {prompts.amount(minutes, self._brief)}")
        said = {_key(turn) for draft in before for turn in draft.turns}
        if repeated := _repeated(reading.turns, said):
            raise Unparsable(f'it repeats what was said before, such as "{repeated[:120]}"')
        return reading

    def _repaired(self, answers: Sequence[Answer], minutes: float) -> Draft | None:
        """The best of what can be read of faulty answers."""
        best: Draft | None = None
        for answer in answers:
            try:
                reading = _without_marks(parsing.repair(answer.text, self._brief.speakers), self._passages)
            except Unparsable:
                continue
            turns, cites = reading.turns, reading.cites
            if answer.is_cut or reading.is_cut:
                turns = _without_torso(turns)
                cites = cites[: len(turns)]
            draft = Draft(turns, cites, reading.summary)
            if turns and (best is None or draft.minutes(self._brief) > best.minutes(self._brief)):
                best = draft
        is_enough = best is not None and best.minutes(self._brief) >= minutes * _FAR_TOO_SHORT
        return best if is_enough else None

    def _quoted(self, number: int, minutes: float) -> Draft:
        """The source's own sentences, where a model gives nothing that can be used."""
        turns = extractive.quoted(self._brief, self._plan.segments[number].passages, number, minutes)
        return Draft(tuple(turns), (None,) * len(turns), self._plan.table[number].summary, is_quoted=True)


def _without_marks(reading: Reading, most: int) -> Reading:
    """With numbers of passages (`[12]`; up to `most`) taken out of what is said; they cite where nothing else does."""
    turns: list[Turn] = []
    cites: list[int | None] = []
    for turn, cite in zip(reading.turns, reading.cites, strict=True):
        marks = [mark for mark in _MARK.finditer(turn.text) if 0 < int(mark.group(1)) <= most]
        text = turn.text
        for mark in reversed(marks):
            text = text[: mark.start()] + text[mark.end() :]
        if letters.has_letters(text):
            turns.append(replace(turn, text=text.strip()))
            cites.append(cite or (int(marks[0].group(1)) if marks else None))
    if not turns:
        raise Unparsable("the turns hold nothing but numbers of passages")
    return replace(reading, turns=tuple(turns), cites=tuple(cites))


def _last_turns(before: Sequence[Draft]) -> list[Turn]:
    last: list[Turn] = []
    for draft in reversed(before):
        last = [*draft.turns[-(_LAST_TURNS - len(last)) :], *last]
        if len(last) >= _LAST_TURNS:
            break
    return [
        turn
        if len(turn.text) <= _LONGEST_LAST_TURN
        else Turn(turn.speaker, "… " + turn.text[-_LONGEST_LAST_TURN:])
        for turn in last
    ]


def _as_answer(draft: Draft) -> str:
    turns = [
        {"speaker": turn.speaker, "text": turn.text, "source": cite or 0}
        for turn, cite in zip(draft.turns, draft.cites, strict=True)
    ]
    return json.dumps({"turns": turns, "summary": draft.summary}, ensure_ascii=False)


def _key(turn: Turn) -> str:
    return letters.letters(turn.text).casefold()


def _repeated(turns: Sequence[Turn], said: set[str]) -> str:
    """The first turn that was said before, if too many were."""
    seen = set(said)
    again: list[str] = []
    for turn in turns:
        key = _key(turn)
        if len(key) >= (_SHORTEST_REPEAT if not letters.is_ideographic(turn.text) else _SHORTEST_REPEAT // 3):
            if key in seen:
                again.append(turn.text)
            seen.add(key)
    return again[0] if len(again) > max(1, _MOST_REPEATED * len(turns)) else ""


def _without_torso(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Without the sentence that was being written when the answer was cut."""
    *whole, last = turns
    parts = sentences.split(last.text)
    if parts and parts[-1].text.endswith((".", "!", "?", "。", "！", "？", "…", "”", '"')):
        return turns
    if len(parts) > 1:
        text = last.text[: parts[-2].end]
        return (*whole, Turn(last.speaker, text, last.style))
    return tuple(whole)


def _length(turns: Sequence[Turn], brief: Brief) -> str:
    text = "\n".join(turn.text for turn in turns)
    wide, spaced = letters.ideographs(text), letters.words(text)
    told = [f"{spaced} words"] if spaced and (spaced * 3 > wide or not wide) else []
    return " and ".join([*told, *([f"{wide} characters"] if wide > spaced else [])])
