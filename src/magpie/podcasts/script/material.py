"""The sources cut into numbered passages, so that a model sees only what it needs and can say where it took something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from magpie.podcasts.script import ranking, sentences, tokens
from magpie.podcasts.script.brief import SourceText

_PASSAGE_TOKENS = 220
_MOST_PARTS = 60
_SHORTEST_DIGEST = 24  # tokens of a part


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a passage, at characters `start` to `end` of it."""

    start: int
    end: int
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters `start` to `end` of a source. `number` counts from 1 through all sources; that is how models cite it."""

    number: int
    source: int
    start: int
    end: int
    text: str
    sentences: tuple[Piece, ...]
    heading: str = ""

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.sentences)


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring passages, as the outline sees them. `number` counts from 1."""

    number: int
    passages: tuple[Passage, ...]

    @property
    def tokens(self) -> int:
        return sum(passage.tokens for passage in self.passages)


def passages(sources: Sequence[SourceText]) -> list[Passage]:
    """All passages of about 220 tokens, in order: whole sentences, none across sources or headings."""
    found: list[Passage] = []
    for number, source in enumerate(sources):
        found += _of_source(source, number, len(found) + 1)
    return found


def _of_source(source: SourceText, number: int, first: int) -> list[Passage]:
    found: list[Passage] = []
    held: list[tuple[sentences.Sentence, int]] = []
    heading = ""

    def close() -> None:
        if held:
            start, end = held[0][0].start, held[-1][0].end
            pieces = tuple(Piece(one.start - start, one.end - start, one.text, cost) for one, cost in held)
            text = source.text[start:end]
            found.append(Passage(first + len(found), number, start, end, text, pieces, heading))
            held.clear()

    for sentence in sentences.split(source.text):
        cost = tokens.count(sentence.text) + 1
        if sentence.is_heading or sum(one for _, one in held) + cost > _PASSAGE_TOKENS:
            close()
        if sentence.is_heading:
            heading = sentence.text
        held.append((sentence, cost))
    close()
    return found


def parts(every: Sequence[Passage], count: int) -> list[Part]:
    """The passages in about `count` parts of like size (60 at most), none across sources unless there are too many."""
    total = sum(passage.tokens for passage in every)
    size = max(1.0, total / max(1, min(count, _MOST_PARTS)))
    groups: list[list[Passage]] = []
    filled = 0.0
    for passage in every:
        starts = not groups or filled + passage.tokens / 2 > size
        if starts or (passage.source != groups[-1][-1].source and len(groups) < _MOST_PARTS):
            groups.append([])
            filled = 0.0
        groups[-1].append(passage)
        filled += passage.tokens
    return [Part(number, tuple(group)) for number, group in enumerate(groups, 1)]


def digest(every: Sequence[Part], room: int) -> list[str]:
    """Each part's text, all together in about `room` tokens: whole if they fit, else their most telling sentences."""
    total = sum(part.tokens for part in every)
    texts = ["\n".join(passage.text for passage in part.passages) for part in every]
    if total <= room:
        return texts
    return [
        ranking.condense(
            [(piece.text, piece.tokens) for passage in part.passages for piece in passage.sentences],
            max(_SHORTEST_DIGEST, int(room * part.tokens / total)),
        )
        for part in every
    ]


def fitting(every: Sequence[Passage], room: int) -> list[tuple[Passage, str]]:
    """Passages with what is shown of each, in `room` tokens: whole if they fit, else the most telling sentences of all.

    Passages of which nothing is left are not shown.
    """
    if sum(passage.tokens + 5 for passage in every) <= room:
        return [(passage, passage.text) for passage in every]
    split = [(passage, piece) for passage in every for piece in passage.sentences]
    weights = ranking.scores([piece.text for _, piece in split])
    chosen = ranking.best(weights, [piece.tokens + 3 for _, piece in split], room)
    shown: list[tuple[Passage, str]] = []
    for index in chosen:
        passage, piece = split[index]
        if shown and shown[-1][0] is passage:
            shown[-1] = (passage, f"{shown[-1][1]} {piece.text}")
        else:
            shown.append((passage, piece.text))
    return shown or [(every[0], ranking.clipped(every[0].text, room))]
