"""What PostgreSQL makes terms of by itself, so that only the others need to be stored.

`items.search_extra` holds the terms that the function `search_terms` (made by the migration) does not make of the
item's own columns. `derived` may say less than the function makes, never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from magpie.library.search import kana, terms
from magpie.library.search.words import LONGEST_WORD, RUNS

_PAIR = re.compile(r"\.[a-z]+\.[a-z]+")
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
    """What is to be stored of an item's terms."""
    left = found - derived(names, texts, places)
    # Two syllables stand for each of them as well, and for how they begin.
    for pair in [term for term in left if _PAIR.fullmatch(term)]:
        _, one, other = pair.split(".")
        left -= {f".{one}", f".{other}", f"^{one[0]}{other[0]}"}
    return " ".join(sorted(left))


def _words(text: str) -> list[str]:
    """ASCII alone: what other letters are in lower case depends on the database's language."""
    words = _WORD.findall(text.encode("utf-8", "replace").lower())
    return [word[:LONGEST_WORD].decode() for word in words]


def _runs(text: str) -> list[str]:
    return [kana.hiragana(run) for run in _RUN.findall(text)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
