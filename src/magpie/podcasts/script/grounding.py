"""Where in the sources a turn comes from, and what in it they do not say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from magpie.podcasts.script import letters, names, numbers, ranking
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.script.material import Passage
from magpie.podcasts.script.turns import Flag, SourceSpan, Turn

_SHARED_ENOUGH = 0.22  # of a turn's rare words, in the sentences that it is said to come from
_MOST_SENTENCES = 4
_ROUNDED = Decimal("0.1")  # how far "about" may be off
_WORD = re.compile(r"[^\W_]+")
_PLAIN = {
    wide: wide - 0xFEE0
    for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0E)
}


class Ground:
    """All that the sources say, for looking things up. `also_known` are names that need no source: the speakers'."""

    def __init__(self, sources: Sequence[SourceText], also_known: Iterable[str] = ()) -> None:
        texts = [f"{one.title}\n{one.text}" for one in sources]
        self._values: set[Decimal] = {
            value for text in texts for one in numbers.find(_flat(text)) for value in one.values
        }
        self._words = {
            _stem(word) for text in [*texts, *also_known] for word in _WORD.findall(_flat(text).casefold())
        }
        self._letters = "\n".join(letters.letters(_flat(text)).casefold() for text in [*texts, *also_known])
        self._is_wide = letters.is_ideographic("\n".join(one.text[:20_000] for one in sources))

    def flags(self, turn: Turn) -> tuple[Flag, ...]:
        """Numbers and names in the turn that are not in the sources. Names are only looked up in the sources' script."""
        text = _flat(turn.text)
        found = [
            Flag("number", one.text) for one in numbers.find(text) if one.is_claim and not self._has(one)
        ]
        if letters.is_ideographic(text) == self._is_wide:
            found += [Flag("name", name) for name in names.find(text) if not self._knows(name)]
        return tuple(dict.fromkeys(found))

    def _has(self, number: numbers.Number) -> bool:
        if number.values & self._values:
            return True
        if not number.is_about:
            return False
        return any(
            abs(known - value) <= abs(known) * _ROUNDED for value in number.values for known in self._values
        )

    def _knows(self, name: str) -> bool:
        if letters.letters(name).casefold() in self._letters:
            return True
        if letters.ideographs(name):
            return False
        return all(_stem(word) in self._words for word in _WORD.findall(name.casefold()))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _flat(text: str) -> str:
    """Full-width figures and letters as plain ones."""
    return text if text.isascii() else text.translate(_PLAIN)


class Places:
    """Finds the place of a turn among passages."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = {passage.number: passage for passage in passages}
        self._terms = {passage.number: Counter(ranking.terms(passage.text)) for passage in passages}
        self._where: dict[str, set[int]] = defaultdict(set)
        for number, terms in self._terms.items():
            for term in terms:
                self._where[term].add(number)

    def span(self, text: str, cite: int | None) -> SourceSpan | None:
        """The sentences that say most of what the turn says, in the passage that it cites or in the one that shares most
        with it; the whole cited passage if no sentence does; None if nothing is alike."""
        wanted = self._rare(text)
        cited = self._passages.get(cite) if cite is not None else None
        passage = cited or self._closest(wanted)
        if passage is None:
            return None
        best = _best_sentences(passage, wanted)
        if best is not None:
            return SourceSpan(passage.source, passage.start + best[0], passage.start + best[1])
        return SourceSpan(cited.source, cited.start, cited.end) if cited else None

    def _rare(self, text: str) -> frozenset[str]:
        """The turn's terms that are not everywhere."""
        most = max(3, len(self._passages) // 2)
        return frozenset(term for term in ranking.terms(text) if len(self._where.get(term, ())) <= most)

    def _closest(self, wanted: frozenset[str]) -> Passage | None:
        shared: Counter[int] = Counter()
        for term in wanted:
            for number in self._where.get(term, ()):
                shared[number] += 1
        if not shared or not wanted:
            return None
        number, count = min(shared.items(), key=lambda item: (-item[1], item[0]))
        return self._passages[number] if count / len(wanted) >= _SHARED_ENOUGH else None


@lru_cache(maxsize=256)
def _sentences(passage: Passage) -> tuple[tuple[int, int, frozenset[str]], ...]:
    return tuple((one.start, one.end, frozenset(ranking.terms(one.text))) for one in passage.sentences)


def _best_sentences(passage: Passage, wanted: frozenset[str]) -> tuple[int, int] | None:
    """Up to four neighbouring sentences with the most of what is wanted; as few as will do."""
    every = _sentences(passage)
    best: tuple[float, int, int] | None = None
    for first in range(len(every)):
        terms: frozenset[str] = frozenset()
        for last in range(first, min(len(every), first + _MOST_SENTENCES)):
            terms |= every[last][2]
            score = len(terms & wanted) - 0.6 * (last - first)
            if best is None or score > best[0]:
                best = (score, every[first][0], every[last][1])
    if best is None or not wanted or best[0] / len(wanted) < _SHARED_ENOUGH:
        return None
    return best[1], best[2]


def grounded(
    turns: Sequence[Turn], cites: Sequence[int | None], places: Places, ground: Ground
) -> list[Turn]:
    """The turns with their places in the sources and with flags."""
    return [
        replace(turn, span=places.span(turn.text, cite), flags=ground.flags(turn))
        for turn, cite in zip(turns, cites, strict=True)
    ]
