"""How long a text lasts when it is spoken, and how much text a time takes."""

from __future__ import annotations

import math
from collections.abc import Iterable

from magpie.podcasts.script import letters
from magpie.podcasts.script.brief import Brief

DEFAULT_WPM = 150.0  # words a minute of English podcasts; rates of speech in other languages below
SLOWEST, FASTEST = 80.0, 300.0
# A minute of speech that has 150 words in English has about so many in others (characters for Chinese and Japanese).
_BY_LANGUAGE = {
    "de": 125.0,
    "ru": 115.0,
    "ko": 110.0,
    "fr": 160.0,
    "es": 160.0,
    "it": 155.0,
    "pt": 150.0,
    "ar": 120.0,
    "fi": 100.0,
}
_IDEOGRAPHS_A_WORD = {"zh": 1.7, "ja": 2.2}
_MOST_MINUTES, _FEWEST_MINUTES = 60.0, 1.0


def rate(language: str, wpm: float | None = None) -> float:
    """Words or characters a minute in a language. `wpm` is what was measured of the voice, in words (see `measured`)."""
    base = min(FASTEST, max(SLOWEST, wpm)) if wpm else None
    short = _short(language)
    if short in _IDEOGRAPHS_A_WORD:
        return (base or DEFAULT_WPM) * _IDEOGRAPHS_A_WORD[short]
    return base or _BY_LANGUAGE.get(short, DEFAULT_WPM)


def minutes(text: str, language: str = "en", wpm: float | None = None) -> float:
    """How long the text lasts. Mixed texts count each script at its own rate."""
    wide = letters.ideographs(text)
    wide_language = language if is_counted_in_characters(language) else "zh"
    spaced_language = "en" if is_counted_in_characters(language) else language
    return wide / rate(wide_language, wpm) + letters.words(text) / rate(spaced_language, wpm)


def amount(time: float, language: str, wpm: float | None = None) -> int:
    """How many words, or characters of Chinese or Japanese, fill so many minutes."""
    return max(1, round(time * rate(language, wpm)))


def is_counted_in_characters(language: str) -> bool:
    return _short(language) in _IDEOGRAPHS_A_WORD


def unit(language: str) -> str:
    """What `amount` counts, as models are told."""
    return "characters" if is_counted_in_characters(language) else "words"


def measured(spoken: Iterable[tuple[str, float]]) -> float | None:
    """Words a minute of a voice, from (text, seconds) of what it has said; None below half a minute of speech.

    Characters are counted as parts of words, so the number serves for every language that the voice speaks.
    """
    total_words = total_seconds = 0.0
    for text, seconds in spoken:
        language = "ja" if letters.detect(text) == "ja" else "zh"
        total_words += letters.words(text) + letters.ideographs(text) / _IDEOGRAPHS_A_WORD[language]
        total_seconds += seconds
    if total_seconds < 30 or total_words < 10:
        return None
    return min(FASTEST, max(SLOWEST, total_words * 60 / total_seconds))


def wanted(brief: Brief, source_minutes: float) -> float:
    """The minutes that an episode is to last: those asked for, else as many as its sources give.

    `source_minutes` is how long the sources would last if read aloud. Short ones are told nearly whole, long ones
    ever more tightly: 2 → 2, 13 → 7, 67 → 18, an hour at most.
    """
    if brief.minutes:
        return brief.minutes
    told = 6.7 * math.pow(source_minutes / 13.3, 0.6)
    return max(min(_FEWEST_MINUTES, source_minutes), min(_MOST_MINUTES, source_minutes, told))


def _short(language: str) -> str:
    return language.lower().replace("_", "-").split("-", 1)[0]
