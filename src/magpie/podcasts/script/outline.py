"""The plan of an episode: which parts of the sources are told, in which order, and for how long."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from magpie.podcasts.llms.port import Answer, Message
from magpie.podcasts.script import cleaning, length, material, prompts, ranking, shapes, tokens
from magpie.podcasts.script.asking import Asker
from magpie.podcasts.script.brief import Brief, SourceText
from magpie.podcasts.script.letters import has_letters
from magpie.podcasts.script.material import Part, Passage
from magpie.podcasts.script.parsing import Unparsable
from magpie.podcasts.script.turns import Segment

_SEGMENT_MINUTES = 3.0
_SHORTEST_SEGMENT = 0.8  # minutes: room for a thought
_MOST_SEGMENTS = 60
_TOKENS_A_MINUTE = 330.0  # of an answer: 150 words in JSON
_LONGEST_SEGMENT = 7.0  # minutes: models write no more than a thousand words in one go
_ANSWER_SHARE = 0.4  # of the context, for the longest answer
_ROOM_FOR_WORDS = 1.7  # answers may be so much longer than they were asked to be
_TRIES = 3
MOST_ROOM = 24_000  # tokens of source in one question: a large context is no reason to pay for all of it


_NUMBERED = re.compile(
    r"^(?:segment|part|chapter|section)\s+\d+\s*[:.\-–—]\s*|^\d+\s*[:.)]\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One segment to write: its passages and how long it is to last."""

    segment: Segment
    passages: tuple[Passage, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole episode."""

    title: str
    description: str
    segments: tuple[Planned, ...]

    @property
    def table(self) -> tuple[Segment, ...]:
        return tuple(one.segment for one in self.segments)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is settled before anybody is asked."""

    passages: tuple[Passage, ...]
    minutes: float
    segments: int
    longest: float  # minutes of a segment that one answer can hold


def frame(brief: Brief, sources: Sequence[SourceText], context: int) -> Frame:
    """How long the episode is and in how many segments, so that each fits into the model's context.

    A source that does not fit is cut into more segments, as long as each is worth 48 seconds; beyond that, passages are
    condensed to their most telling sentences.
    """
    every = tuple(material.passages(sources))
    aloud = sum(length.minutes(one.text, one.language or brief.language, brief.wpm) for one in sources)
    minutes = length.wanted(brief, aloud)
    longest = min(_LONGEST_SEGMENT, context * _ANSWER_SHARE / (_TOKENS_A_MINUTE * _ROOM_FOR_WORDS))
    count = max(1, round(minutes / _SEGMENT_MINUTES), math.ceil(minutes / (longest * 0.8)))
    fixed = tokens.of_messages([prompts.system(brief)]) + 900  # plan, summary, last turns
    room = int(context / tokens.MARGIN) - fixed - answer_tokens(minutes / count)
    room = min(MOST_ROOM, max(200, room))
    total = sum(one.tokens + 5 for one in every)
    needed = math.ceil(total * 1.25 / room)  # segments are not equally long
    count = max(count, min(needed, math.floor(minutes / _SHORTEST_SEGMENT)))
    return Frame(every, minutes, max(1, min(count, _MOST_SEGMENTS)), longest)


def answer_tokens(minutes: float) -> int:
    """How long an answer for so many minutes may be."""
    return int(minutes * _TOKENS_A_MINUTE * _ROOM_FOR_WORDS) + 200


def plan(brief: Brief, sources: Sequence[SourceText], framed: Frame, asker: Asker) -> Plan:
    """The outline as a model gives it; after three answers that cannot be used, one without it."""
    parts = material.parts(framed.passages, max(2 * framed.segments, 8))
    longest = 300 + 110 * framed.segments
    room = (
        int(asker.context_tokens() / tokens.MARGIN)
        - longest
        - tokens.of_messages([prompts.system(brief)])
        - 400
    )
    asked = prompts.outline(
        brief, material.digest(parts, min(MOST_ROOM, max(300, room))), framed.segments, framed.minutes
    )
    schema = prompts.outline_schema(len(parts))
    conversation: Sequence[Message] = asked
    for attempt in range(_TRIES):
        answer = asker.ask(conversation, schema, longest * (1 + attempt), attempt=attempt)
        try:
            return _timed(_read(answer, parts, framed.segments, brief), parts, framed)
        except Unparsable as fault:
            conversation = prompts.again(asked, answer.text, fault.reason)
    return _timed(_without_model(brief, sources, parts, framed.segments), parts, framed)


@dataclass(frozen=True, slots=True)
class _Draft:
    title: str
    description: str
    segments: tuple[tuple[Segment, int, int], ...]  # with numbers of the first and last part


def _read(answer: Answer, parts: Sequence[Part], count: int, brief: Brief) -> _Draft:
    value = _object(answer)
    rows = next((value[key] for key in ("segments", "outline", "chapters", "sections") if key in value), None)
    if not isinstance(rows, list) or not rows:
        raise Unparsable('"segments" must be a list of segments')
    if not count / 2 <= len(rows) <= 2 * count:
        raise Unparsable(f"there are {len(rows)} segments, and there are to be exactly {count}")
    drafted = tuple(_row(row, number, len(parts)) for number, row in enumerate(rows, 1))
    title = brief.title or _line(value.get("title")) or drafted[0][0].title
    return _Draft(title[:200], _line(value.get("description"))[:1000], drafted)


def _object(answer: Answer) -> dict[str, Any]:
    if answer.is_cut:
        raise Unparsable("it was cut off because it was too long; write shorter summaries")
    text = cleaning.without_fences(cleaning.without_thoughts(answer.text)[0])
    try:
        values = list(shapes.documents(text))
    except json.JSONDecodeError as fault:
        values = [one.value for one in shapes.loose_documents(text) if one.is_certain]
        if not values:
            raise Unparsable(f"the JSON is malformed: {fault.msg} at line {fault.lineno}") from None
    if len(values) == 1 and isinstance(values[0], list):
        return {"segments": values[0]}
    found = [
        one
        for one in values
        if isinstance(one, dict) and any(isinstance(part, list) for part in one.values())
    ]
    if not found:
        raise Unparsable("it holds no JSON object with a list of segments")
    return dict(found[-1])


def _row(row: Any, number: int, most: int) -> tuple[Segment, int, int]:
    if not isinstance(row, dict) or not (title := _line(row.get("title"))):
        raise Unparsable(f"segment {number} has no title")
    try:
        first = int(row["first"])
        last = int(row["last"]) if "last" in row else first
    except (KeyError, TypeError, ValueError):
        raise Unparsable(f'segment {number} needs the numbers "first" and "last"') from None
    if not 1 <= first <= last <= most:
        raise Unparsable(f'segment {number}: "first" and "last" must be from 1 to {most}, in this order')
    title = _NUMBERED.sub("", title) or title
    return Segment(title[:120], _line(row.get("summary"))[:600]), first, last


def _line(value: Any) -> str:
    return cleaning.plain(value) if isinstance(value, str) else ""


def _timed(draft: _Draft, parts: Sequence[Part], framed: Frame) -> Plan:
    """Every segment's passages and time: half the same for all, half by how much there is to tell."""
    passages = [
        tuple(passage for part in parts[first - 1 : last] for passage in part.passages)
        for _, first, last in draft.segments
    ]
    sizes = [sum(passage.tokens for passage in one) or 1 for one in passages]
    total = sum(sizes)
    shares = [0.5 / len(sizes) + 0.5 * size / total for size in sizes]
    planned: list[Planned] = []
    for (segment, _, _), own, share in zip(draft.segments, passages, shares, strict=True):
        planned += _parted(Planned(segment, own, framed.minutes * share), framed.longest)
    return Plan(draft.title, draft.description, tuple(planned))


def _parted(planned: Planned, longest: float) -> list[Planned]:
    """A segment that is too long for one answer in several; where there are too few passages, all see all of them."""
    count = math.ceil(planned.minutes / longest)
    if count == 1:
        return [planned]
    every, found = planned.passages, []
    for number in range(count):
        own = every[number * len(every) // count : (number + 1) * len(every) // count] or every
        title = planned.segment.title if number == 0 else f"{planned.segment.title} ({number + 1})"
        found.append(Planned(replace(planned.segment, title=title), own, planned.minutes / count))
    return found


def _without_model(brief: Brief, sources: Sequence[SourceText], parts: Sequence[Part], count: int) -> _Draft:
    """Neighbouring parts in their order, under headings of the sources or their most telling sentences."""
    count = min(count, len(parts))
    drafted = []
    for number in range(count):
        first, last = number * len(parts) // count + 1, (number + 1) * len(parts) // count
        own = parts[first - 1 : last]
        heading = next((one.heading for part in own for one in part.passages if has_letters(one.heading)), "")
        told = _telling([piece.text for part in own for one in part.passages[:6] for piece in one.sentences])
        drafted.append((Segment(cleaning.plain(heading or told)[:80], told[:300]), first, last))
    title = brief.title or next((one.title for one in sources if has_letters(one.title)), drafted[0][0].title)
    return _Draft(title, "", tuple(drafted))


def _telling(every: Sequence[str]) -> str:
    weights = ranking.scores(every)
    return cleaning.plain(every[max(range(len(every)), key=lambda i: weights[i])])
