"""Which of yt-dlp's 1,700 extractors knows an address, without trying them all.

Trying them takes 4 ms, and 30 ms in a freshly forked process, where it copies every page that holds one of the
patterns. Nearly every pattern demands some literal text, a host name mostly; so a table of those texts is looked
through first, and only patterns whose text occurs in the address are tried, in yt-dlp's order.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from re import _constants as ops  # the standard library's own pattern parser
from re import _parser as patterns
from typing import Any

from magpie.kit.derived import Derived

SHORTEST = 3
_EVERYWHERE = ("https://www.", "http://www.", "https://", "http://", "https", "http", "s://", "://", "www.")

Texts = frozenset[str]


Known = dict[str, list[str] | None]  # patterns and the texts that they demand


class Index:
    """Extractor classes in yt-dlp's order, by the texts that their patterns demand.

    `known` is what an earlier one has told by its own `known`.
    """

    def __init__(self, extractors: Iterable[Any], known: Known | None = None) -> None:
        self._extractors = tuple(extractors)
        self._always: list[int] = []
        self._table: list[tuple[str, int]] = []
        self.known: Known = dict(known or {})
        for number, extractor in enumerate(self._extractors):
            texts = demanded(extractor._VALID_URL, self.known)
            if texts is None:
                self._always.append(number)
            else:
                self._table.extend((text, number) for text in sorted(texts))

    def first(self, url: str) -> Any | None:
        """The first extractor that takes the address; None if none does."""
        lower = url.lower()
        numbers = {number for text, number in self._table if text in lower}
        for number in sorted(numbers.union(self._always)):
            if self._extractors[number].suitable(url):
                return self._extractors[number]
        return None


def kept_index(extractors: Iterable[Any], folder: Path | None) -> Index:
    """The index; what is worked out for it, which takes most of a second, is kept in the folder for the next one."""
    shelf = Derived(folder, "yt-dlp", "yt_dlp", (__file__,))
    known = shelf.read()
    index = Index(extractors, known)
    if known is None:
        shelf.write(index.known)
    return index


def demanded(valid_url: Any, known: Known) -> Texts | None:
    """Texts in lower case of which at least one is in every address that the patterns match.

    None if there is no such set; the empty set for extractors without patterns, which match nothing. Patterns that are
    not among the known ones are added to them.
    """
    if valid_url is False:
        return frozenset()
    found: set[str] = set()
    for pattern in (valid_url,) if isinstance(valid_url, str) else valid_url:
        if pattern not in known:
            of_it = _of_sequence(list(patterns.parse(pattern)))
            known[pattern] = None if of_it is None else sorted(of_it)
        texts = known[pattern]
        if texts is None:
            return None
        found.update(texts)
    return frozenset(found)


def _of_sequence(items: list[Any]) -> Texts | None:
    best: Texts | None = None
    run = ""
    for operation, argument in items:
        text = _literal(operation, argument)
        if text is not None:
            run += text
            continue
        best = _better(_better(best, _of_run(run)), _of_item(operation, argument))
        run = ""
    return _better(best, _of_run(run))


def _literal(operation: Any, argument: Any) -> str | None:
    """The text of an item that is nothing but text."""
    if operation is ops.LITERAL:
        return chr(argument)
    if operation is ops.SUBPATTERN and not argument[1] and not argument[2]:
        parts = [_literal(*item) for item in argument[3]]
        return None if None in parts else "".join(part for part in parts if part)
    return None


def _of_item(operation: Any, argument: Any) -> Texts | None:
    if operation is ops.SUBPATTERN:
        return _of_sequence(list(argument[3]))
    if operation in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[0] >= 1:
        return _of_sequence(list(argument[2]))
    if operation is ops.BRANCH:
        found: set[str] = set()
        for branch in argument[1]:
            texts = _of_sequence(list(branch))
            if texts is None:
                return None
            found |= texts
        return frozenset(found)
    return None


def _of_run(run: str) -> Texts | None:
    text = run.lower()
    if text in _EVERYWHERE or len(text) < SHORTEST:
        return None
    return frozenset((text,))


def _better(one: Texts | None, other: Texts | None) -> Texts | None:
    """Of two sets of which both are demanded, the one that is rarer: whose shortest text is longest."""
    if not one or not other:
        return one or other
    return max(one, other, key=lambda texts: (min(map(len, texts)), -len(texts)))
