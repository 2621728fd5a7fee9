"""By which terms an item is found, and for which terms a question asks. Nothing here knows of databases.

| term | stands for |
|---|---|
| `love`, `_lo`, `_lov` | a word of a name (title, artist, album) of four letters or more, and how names' words begin |
| `晴`, `晴天` | one and two characters of a name, of scripts that are searched by characters |
| `.qing`, `.qing.tian`, `^qt` | their reading: one syllable, two, and how two begin |
| `~love`, `~晴天` | the same for the text about it (description), where readings and short beginnings are not kept |
| `@youtube` | a word of where it is from; so many items have these that beginnings would cost too much |
| `=kaudio`, `=a9f…` | a fact to filter by: the kind as it is, others as digests |

The terms are in people's databases: whoever changes what comes out here raises `VERSION`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from magpie.library.search import kana, readings
from magpie.library.search.words import romanised, split

VERSION = 1
SORT_KEY_LENGTH = 40
LONGEST_NAME = 300  # characters of a name, and
LONGEST_TEXT = 1000  # of a text, that are searched
MOST_WORDS = 12  # of a question
SPELLABLE = 5  # letters: from here on words may be misspelt
_SHORT = 3  # letters: beginnings up to here are terms of their own
_ADDRESS = re.compile("https?://[!-~]+")
_HAN = re.compile("[\u3400-\u9fff]+")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]{2,}")
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_NUMBER = re.compile(r"\d+")
_TONED = re.compile("([a-z]{1,6})[1-5]")
_CONSONANTS = re.compile("[bcdfghjklmnpqrstwxyz]{2,6}")


@dataclass(frozen=True, slots=True)
class Term:
    """One term that is asked for; or, as a beginning, all that begin so."""

    text: str
    is_beginning: bool = False


# All of these.
Together = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: any of these is enough. `letters` is what it was, if it can be misspelt."""

    names: tuple[Together, ...]
    texts: tuple[Together, ...]
    letters: str | None = None


Question = tuple[Word, ...]


def index_terms(
    names: Iterable[str | None], texts: Iterable[str | None] = (), places: Iterable[str | None] = ()
) -> set[str]:
    """The terms by which a medium is found that is called `names`, about which `texts` are known, from `places`."""
    found: set[str] = set()
    for name in names:
        for is_run, word in split((name or "")[:LONGEST_NAME]):
            found.update(_run_of_name(word) if is_run else _word_of_name(word))
    for text in texts:
        for is_run, word in split(_ADDRESS.sub(" ", (text or "")[:LONGEST_TEXT])):
            found.update(f"~{one}" for one in (_pairs(word) if is_run else (word,)))
    for place in places:
        found.update(f"@{word}" for is_run, word in split((place or "")[:LONGEST_NAME]) if not is_run)
    return found


def fact(letter: str, value: str | None) -> str | None:
    """The term of a fact to filter by: what must be exactly so."""
    if not value:
        return None
    if letter == "k":
        return f"={letter}{value}"
    return f"={letter}{hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()[:10]}"


def spellable(names: Iterable[str | None]) -> set[str]:
    """The words of names that are found although they are misspelt."""
    return {
        word
        for name in names
        for is_run, word in split((name or "")[:LONGEST_NAME])
        if not is_run and SPELLABLE <= len(word) <= 20 and word.isalpha()
    }


def _word_of_name(word: str) -> Iterator[str]:
    if len(word) == 1 or len(word) > _SHORT:
        yield word
    for length in range(2, min(len(word), _SHORT) + 1):
        yield f"_{word[:length]}"


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _run_of_name(run: str) -> Iterator[str]:
    yield from run
    yield from _pairs(run)
    for characters in _HAN.findall(run):
        yield from _readings(readings.read(characters))
    for syllables in _KANA.findall(run):
        letters = kana.romaji(syllables)
        yield from _word_of_name(letters)
        yield from _word_of_name(kana.shortened(letters))
    for syllables in _HANGUL.findall(run):
        yield from _word_of_name(romanised(syllables))


def _readings(said: list[str]) -> Iterator[str]:
    for syllable in filter(None, said):
        yield f".{syllable}"
    for one, other in pairwise(said):
        if one and other:
            yield f".{one}.{other}"
            yield f"^{one[0]}{other[0]}"


def query(q: str) -> Question:
    """What is asked for, word by word; all of them must be found. Empty if there is nothing to look for."""
    found: list[Word] = []
    words = list(split(q))
    for number, (is_run, word) in enumerate(words, start=1):
        found.extend(_asked_run(word) if is_run else (_asked_word(word, is_last=number == len(words)),))
        if len(found) >= MOST_WORDS:
            break
    return tuple(dict.fromkeys(found[:MOST_WORDS]))


def _asked_run(run: str) -> Iterator[Word]:
    for pair in _pairs(run):
        yield Word(((Term(pair),),), ((Term(f"~{pair}"),),))


def _asked_word(word: str, *, is_last: bool) -> Word:
    # Who is still typing has begun the last word only. In texts, PostgreSQL takes 15 ms to gather what begins with a
    # common word; in names, all words may be beginnings.
    texts = ((Term(f"~{word}", is_last and len(word) > _SHORT),), (Term(f"@{word}"),))
    return Word((*_beginnings(word), *_asked_reading(word)), texts, word)


def _beginnings(word: str) -> tuple[Together, ...]:
    if len(word) == 1:
        return ((Term(word),),)
    return ((Term(word, True),),) if len(word) > _SHORT else ((Term(f"_{word}"),),)


def _asked_reading(word: str) -> Iterator[Together]:
    if toned := _TONED.fullmatch(word):
        word = toned[1]
    if len(word) < 2 or not word.isalpha():
        return
    if _CONSONANTS.fullmatch(word):
        yield tuple(Term(f"^{pair}") for pair in _pairs(word))
    for before, lasts in readings.split(word):
        said = tuple(Term(f".{one}.{other}") for one, other in pairwise(before))
        for last in lasts:
            yield (*said, Term(f".{before[-1]}.{last}" if before else f".{last}"))


def misspelt(question: Question, known: dict[str, list[str]]) -> Question:
    """The question with, for each word, the words that it may have been meant to be."""
    return tuple(_with(word, known.get(word.letters or "", ())) for word in question)


def _with(word: Word, others: Iterable[str]) -> Word:
    is_last = any(term.is_beginning for one in word.texts for term in one)
    meant = [_asked_word(other, is_last=is_last) for other in others]
    names = (*word.names, *(one for other in meant for one in other.names))
    return Word(names, (*word.texts, *(one for other in meant for one in other.texts)), word.letters)


def matches(found: set[str], question: Question) -> bool:
    """Whether what has these terms is an answer: what the databases' indexes say, in plain words."""
    return all(
        any(all(_has(found, term) for term in one) for one in (*word.names, *word.texts)) for word in question
    )


def _has(found: set[str], term: Term) -> bool:
    return term.text in found or (term.is_beginning and any(one.startswith(term.text) for one in found))


def sort_key(text: str | None) -> str:
    """How a name is sorted, in at most 40 ASCII letters, digits and spaces: without case and accents, Chinese by its
    reading, numbers by their value."""
    parts: list[str] = []
    for is_run, word in split((text or "")[:LONGEST_NAME]):
        parts.extend(_sorted_run(word) if is_run else (word,))
        if sum(map(len, parts)) > SORT_KEY_LENGTH:
            break
    key = _NUMBER.sub(lambda found: found[0].lstrip("0").rjust(4, "0"), " ".join(parts))
    return key[:SORT_KEY_LENGTH].rstrip()


def _sorted_run(run: str) -> Iterator[str]:
    at = 0
    for characters in _HAN.finditer(run):
        if characters.start() > at:
            yield _said(run[at : characters.start()])
        yield from (said or "zz" for said in readings.read(characters[0]))
        at = characters.end()
    if at < len(run):
        yield _said(run[at:])


def _said(run: str) -> str:
    return kana.romaji(run) if _KANA.fullmatch(run) else romanised(run)
