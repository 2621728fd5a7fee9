"""Translating a script: the same turns by the same speakers from the same places, in another language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from magpie.podcasts.llms.port import Answer, ChatFailed, ChatModel, Message
from magpie.podcasts.script import cleaning, loose, prompts, shapes, tokens
from magpie.podcasts.script.asking import Asker
from magpie.podcasts.script.letters import has_letters
from magpie.podcasts.script.parsing import is_refusal
from magpie.podcasts.script.turns import Script, Segment
from magpie.podcasts.script.work import Budget, Journal, Report, Stop

_LINES_AT_ONCE = 24
_TOKENS_AT_ONCE = 1500
_GROWS = 2.2  # tokens of a translation for each of the text: other scripts take more
_TRIES = 3
_BEFORE = 300  # letters of what was said before
_NUMBER_KEYS = ("number", "n", "id", "line", "index")
_TEXT_KEYS = ("text", "translation", "translated", "content")
_Line = tuple[int, str, str]  # number, speaker, text


def translate(
    script: Script,
    language: str,
    model: ChatModel,
    journal: Journal,
    report: Report,
    stop: Stop,
    *,
    budget: Budget | None = None,
    wait: Callable[[float, Stop], None] | None = None,
) -> Script:
    """The script in another language, turn by turn: speakers, order, segments, places in the sources and flags stay.

    Answers are in the journal, as in `writing.write`. A line that the model does not translate even when it is asked for
    alone raises `ChatFailed` (`unreadable`): a half-translated script is none. Raises `OverBudget`, `Later`, too.
    """
    asker = Asker(model, journal, stop, budget, wait)
    lines = _lines(script)
    found: dict[int, str] = {}
    batches = list(_batches(lines, asker.context_tokens()))
    before = ""
    for done, batch in enumerate(batches):
        report("translating", done, len(batches))
        found |= _translated(asker, batch, language, before)
        before = found[batch[-1][0]][-_BEFORE:]
    report("translating", len(batches), len(batches))
    return _put(script, language, found)


def _lines(script: Script) -> list[_Line]:
    """Everything that has words, numbered: title, description, segments, turns."""
    texts = [("title", script.title), ("description", script.description)]
    for segment in script.segments:
        texts += [("heading", segment.title), ("summary", segment.summary)]
    texts += [(turn.speaker, turn.text) for turn in script.turns]
    return [
        (number, speaker, " ".join(text.split()))
        for number, (speaker, text) in enumerate(texts, 1)
        if has_letters(text)
    ]


def _put(script: Script, language: str, found: dict[int, str]) -> Script:
    segments = tuple(
        Segment(found.get(3 + 2 * index, one.title), found.get(4 + 2 * index, one.summary))
        for index, one in enumerate(script.segments)
    )
    first = 3 + 2 * len(segments)
    return replace(
        script,
        title=found.get(1, script.title),
        description=found.get(2, script.description),
        language=language,
        segments=segments,
        turns=tuple(
            replace(turn, text=found.get(first + index, turn.text)) for index, turn in enumerate(script.turns)
        ),
    )


def _batches(lines: Sequence[_Line], context: int) -> Iterator[list[_Line]]:
    most = min(_TOKENS_AT_ONCE, int((context / tokens.MARGIN - 500) / (1 + _GROWS)))
    batch: list[_Line] = []
    size = 0
    for line in lines:
        cost = tokens.count(line[2]) + 12
        if batch and (size + cost > most or len(batch) == _LINES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += cost
    if batch:
        yield batch


def _translated(asker: Asker, batch: Sequence[_Line], language: str, before: str) -> dict[int, str]:
    """All lines of a batch; those that are still missing after three answers are asked for one by one."""
    found: dict[int, str] = {}
    missing = list(batch)
    asked = prompts.translation(missing, language, before)
    conversation: Sequence[Message] = asked
    for attempt in range(_TRIES):
        answer = _ask(asker, conversation, missing, attempt)
        found |= _read(answer, missing)
        missing = [line for line in batch if line[0] not in found]
        if not missing:
            return found
        numbers = ", ".join(str(number) for number, _, _ in missing)
        fault = f"lines {numbers} are missing, or the JSON is malformed"
        asked = prompts.translation(missing, language, before)
        conversation = prompts.again(asked, answer.text, fault)
    for line in missing:
        if len(batch) == 1:
            raise ChatFailed("unreadable", f"The model did not translate: {line[2][:80]}")
        found |= _translated(asker, [line], language, before)
    return found


def _ask(asker: Asker, conversation: Sequence[Message], lines: Sequence[_Line], attempt: int) -> Answer:
    most = int(sum(tokens.count(text) + 14 for _, _, text in lines) * _GROWS) + 100
    return asker.ask(conversation, prompts.translation_schema(), most, temperature=0.3, attempt=attempt)


def _read(answer: Answer, lines: Sequence[_Line]) -> dict[int, str]:
    """The lines that an answer has, by number; of a faulty one those that are whole."""
    text = cleaning.without_fences(cleaning.without_thoughts(answer.text)[0]).strip()
    wanted = {number: speaker for number, speaker, _ in lines}
    rows = list(_rows(text))
    if answer.is_cut:
        rows = rows[:-1]
    found: dict[int, str] = {}
    for number, said in rows:
        plain = cleaning.plain(_without_name(said, wanted.get(number, "")))
        if number in wanted and has_letters(plain):
            found.setdefault(number, plain)
    is_bare = not rows and len(lines) == 1 and has_letters(text) and not shapes.looks_like_json(text)
    if is_bare and not answer.is_cut and not is_refusal(text):
        found[lines[0][0]] = cleaning.plain(_without_name(text, lines[0][1]))
    return found


def _rows(text: str) -> Iterator[tuple[int, str]]:
    try:
        values = list(shapes.documents(text))
    except json.JSONDecodeError:
        values = [one.value for one in shapes.loose_documents(text) if not one.is_cut or _trimmed(one)]
    for value in values:
        yield from _walk(value)
    if not values:
        for found in re.finditer(r"^[ \t]*\[?(\d{1,6})[\].:)][ \t]*(.+)$", text, re.MULTILINE):
            yield int(found.group(1)), found.group(2)


def _trimmed(cut: loose.Loose) -> bool:
    """Takes the last row of a cut list away: it may be half a line."""
    value = cut.value
    while isinstance(value, dict) and value:
        value = list(value.values())[-1]
    if isinstance(value, list) and value:
        value.pop()
    return True


def _walk(value: object) -> Iterator[tuple[int, str]]:
    if isinstance(value, list):
        for one in value:
            yield from _walk(one)
    elif isinstance(value, dict):
        number = next(
            (value[key] for key in _NUMBER_KEYS if str(value.get(key, "")).strip("[] ").isdigit()), None
        )
        text = next((value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)), None)
        if number is not None and text is not None:
            yield int(str(number).strip("[] ")), text
            return
        for key, one in value.items():
            if isinstance(one, str) and str(key).isdigit():
                yield int(key), one
            else:
                yield from _walk(one)


def _without_name(text: str, speaker: str) -> str:
    text = re.sub(r"^\s*\[\d{1,6}\]\s*", "", text)
    return re.sub(rf"^\s*{re.escape(speaker)}\s*[:：]\s*", "", text) if speaker else text
