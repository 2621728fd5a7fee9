"""Which encoding bytes beyond ASCII are in, when nobody says and they are not UTF-8.

Of encodings with several bytes a letter: they decode without a fault, and nearly all letters are among those that the
language really uses (the first levels of GB 2312, Big5, JIS and KS X 1001 stand together in their tables). Of those with one
byte: the one in which the language's smallest words appear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from magpie.podcasts.texts.language import small_words

_SAMPLE = 48 << 10  # bytes
_BEYOND = re.compile("[\u00a0-\U0010ffff]")
_KANA = re.compile("[\u3041-\u30fe]")  # not the narrow ones, which are what other encodings look like
_COMMON = 0.85  # of the letters must be common ones
_KANA_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _Wide:
    """An encoding with several bytes a letter; letters whose first byte in `base` is from `low` to `high` are common."""

    name: str
    base: str
    low: int
    high: int
    is_japanese: bool = False


# In this order where two fit alike: Korean looks like common Chinese letters, and not the other way round.
_WIDE = (
    _Wide("cp949", "euc_kr", 0xB0, 0xC8),
    _Wide("cp932", "shift_jis", 0x88, 0x97, is_japanese=True),
    _Wide("euc_jp", "euc_jp", 0xB0, 0xCF, is_japanese=True),
    _Wide("big5hkscs", "big5", 0xA4, 0xC6),
    _Wide("gb18030", "gb2312", 0xB0, 0xD7),
)
_NARROW = (
    ("cp1252", ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi")),
    ("cp1250", ("pl", "cs", "hu")),
    ("cp1251", ("ru", "uk", "bg")),
    ("koi8_r", ("ru",)),
    ("cp1253", ("el",)),
    ("cp1254", ("tr",)),
)


def guess(data: bytes) -> str:
    """The name of an encoding; cp1252 where nothing fits."""
    first = next((at for at, byte in enumerate(data) if byte > 127), 0)
    start = data.rfind(b"\n", 0, first) + 1  # a letter never begins in the middle of a line's end
    sample = data[max(start, first - 2048) : first + _SAMPLE]
    wide = {one.name: round(_wide_share(sample, one), 2) for one in _WIDE}
    best = max(wide, key=lambda name: wide[name])
    if wide[best] >= _COMMON:
        return best
    narrow = {name: _narrow_share(sample, name, languages) for name, languages in _NARROW}
    return max(narrow, key=lambda name: narrow[name])


def _wide_share(sample: bytes, one: _Wide) -> float:
    """How many of the letters are common ones; 0 if it is not this encoding."""
    try:
        text = sample.decode(one.name)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(one.name)
    letters = [letter for letter in _BEYOND.findall(text) if letter.isalpha()]
    kana = sum(1 for letter in letters if _KANA.match(letter))
    if not letters or (one.is_japanese and kana < len(letters) * _KANA_SHARE):
        return 0.0
    common = sum(1 for letter in letters if _is_common(letter, one))
    return common / len(letters)


def _is_common(letter: str, one: _Wide) -> bool:
    if one.is_japanese and _KANA.match(letter):
        return True
    try:
        return one.low <= letter.encode(one.base)[0] <= one.high
    except UnicodeEncodeError:
        return False


def _narrow_share(sample: bytes, name: str, languages: tuple[str, ...]) -> float:
    """How much of the text is the smallest words of one of the languages that write so."""
    return max(small_words(sample.decode(name, errors="replace"), language) for language in languages)
