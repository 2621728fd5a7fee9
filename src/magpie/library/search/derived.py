"""What PostgreSQL makes terms of by itself, so that only the others need to be stored.

`items.search_extra` holds the terms that the function `search_terms` (made by the migration) does not make of the
item's own columns. `derived` may say less than the function makes, never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from magpie.library.search import kana, terms
from magpie.library.search.latin import folded
from magpie.library.search.words import LONGEST_WORD, RUNS

_PAIR = re.compile(r"\.[a-z]+\.[a-z]+")
_BEGINNING = re.compile("_[a-z0-9]{3}|[a-z0-9]{4,}")
_WORD = re.compile(rb"[a-z0-9]+")
_RUN = re.compile(f"[{RUNS}]+")
_ADDRESS = re.compile("https?://[!-~]+")


def derived(
    names: Iterable[str | None], texts: Iterable[str | None], places: Iterable[str | None]
) -> set[str]:
    """The terms that the database makes of these by itself."""
    found: set[str] = set()
    for name in names:
        for word in _words((name or "")[: terms.LONGEST_NAME]):
            if len(word) != 2 and len(word) != 3:
                found.add(word)
            found.update(f"_{word[:length]}" for length in (2, 3) if len(word) >= length)
        for run in _runs((name or "")[: terms.LONGEST_NAME]):
            found.update(run)
            found.update(_pairs(run))
    for text in texts:
        said = _ADDRESS.sub(" ", (text or "")[: terms.LONGEST_TEXT])
        found.update(f"~{word}" for word in _words(said))
        found.update(f"~{pair}" for run in _runs(said) for pair in (_pairs(run) or [run]))
    for place in places:
        found.update(f"@{word}" for word in _words((place or "")[: terms.LONGEST_NAME]))
    return found


def extra(
    found: set[str],
    names: Iterable[str | None],
    texts: Iterable[str | None],
    places: Iterable[str | None],
) -> str:
    """What is to be stored of an item's terms. A word stands for how it begins as well; `.wo.ai.ni`, syllables that
    follow each other, for each of them, for two at a time, and for how these begin."""
    left = found - derived(names, texts, places)
    for word in filter(_BEGINNING.fullmatch, list(left)):
        letters = word.removeprefix("_")
        left -= {f"_{letters[:length]}" for length in (2, 3) if f"_{letters[:length]}" != word}
    pairs = [term for term in left if _PAIR.fullmatch(term)]
    for pair in pairs:
        _, one, other = pair.split(".")
        left -= {pair, f".{one}", f".{other}", f"^{one[0]}{other[0]}"}
    return " ".join(sorted((*left, *_chains(pairs))))


def _chains(pairs: Iterable[str]) -> Iterator[str]:
    """Pairs of syllables, of which one ends as the next one begins, as few longer rows."""
    following: dict[str, list[str]] = {}
    for pair in sorted(pairs, reverse=True):
        _, one, other = pair.split(".")
        following.setdefault(one, []).append(other)
    later = {other for others in following.values() for other in others}
    for one in sorted(following, key=lambda one: (one in later, one)):
        while following[one]:
            chain = [one]
            while following.get(chain[-1]):
                chain.append(following[chain[-1]].pop())
            yield "." + ".".join(chain)


def _words(text: str) -> list[str]:
    """ASCII alone: what other letters are in lower case depends on the database's language."""
    words = _WORD.findall(folded(text).encode("utf-8", "replace").lower())
    return [word[:LONGEST_WORD].decode() for word in words]


def _runs(text: str) -> list[str]:
    return [kana.hiragana(run) for run in _RUN.findall(text)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
