"""When each word is said."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import floor

from magpie.podcasts.voices.port import Word
from magpie.podcasts.voices.text import Token, tokens


def timed(
    text: str, marks: Sequence[tuple[int, float]], end: float, pauses: Sequence[float] = ()
) -> tuple[Word, ...]:
    """The words of a text, by marks of (character in the text, seconds) in any order; `end` is when the speech ends.

    A word without a mark of its own gets a time between its neighbours. Times never go backwards. A word ends where the
    next one begins, or where one of the `pauses` does.
    """
    words = tokens(text)
    if not words or not marks:
        return ()
    starts = _starts(words, sorted(marks))
    rests = sorted(pauses)
    ends = [
        min([follower, *rests[(at := bisect_right(rests, start)) : at + 1]])
        for start, follower in zip(starts, [*starts[1:], max(end, starts[-1])], strict=True)
    ]
    return tuple(
        Word(word.text, floor(start * 1000) / 1000, floor(stop * 1000) / 1000)
        for word, start, stop in zip(words, starts, ends, strict=True)
    )


def _starts(words: list[Token], marks: list[tuple[int, float]]) -> list[float]:
    """Each word's beginning: a straight line through the marks that were made within words."""
    known: list[tuple[int, float]] = []
    for word in words:
        at = bisect_left(marks, (word.start, float("-inf")))
        if at < len(marks) and marks[at][0] < word.end:
            known.append((word.start, max(marks[at][1], known[-1][1] if known else 0.0)))
    if not known:
        return [0.0] * len(words)
    return [_between(known, word.start) for word in words]


def _between(known: list[tuple[int, float]], place: int) -> float:
    at = bisect_left(known, (place, float("-inf")))
    if at < len(known) and known[at][0] == place:
        return known[at][1]
    if at == 0:
        return known[0][1]
    if at == len(known):
        return known[-1][1]
    (left, begin), (right, end) = known[at - 1], known[at]
    return begin + (end - begin) * (place - left) / (right - left)
