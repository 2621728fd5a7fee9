"""Which script a text is written in, and how much there is to say in it."""

from __future__ import annotations

import re

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc\u31f0-\u31ff\uff66-\uff9d"
HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
# Scripts that are written without spaces between words, besides Han and kana: Thai, Lao, Burmese, Khmer.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"

_IDEOGRAPHS = re.compile(f"[{HAN}{KANA}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(rf"[^\W_{HAN}{KANA}{UNSPACED}]+(?:['’.,\-][^\W_{HAN}{KANA}{UNSPACED}]+)*")
_LETTER = re.compile(r"[^\W_]")


def ideographs(text: str) -> int:
    """How many Chinese or Japanese characters are in it."""
    return len(_IDEOGRAPHS.findall(text))


def words(text: str) -> int:
    """How many words with spaces between them are in it; `don't` and `1,000` are one.

    Thai and its like count five letters for a word.
    """
    return sum(1 for _ in _WORD.finditer(text)) + len(_UNSPACED.findall(text)) // 5


def is_ideographic(text: str) -> bool:
    """Whether it is mostly Chinese or Japanese. A Latin word weighs as much as two characters."""
    count = ideographs(text)
    return count > 0 and count >= 2 * words(text)


def letters(text: str) -> str:
    """Its letters and digits alone: what must not be lost when marks are taken away."""
    return "".join(_LETTER.findall(text))


def has_letters(text: str) -> bool:
    """Whether there is anything to say in it."""
    return _LETTER.search(text) is not None


def detect(text: str) -> str:
    """The language as far as its letters tell: "zh", "ja", "ko", "ru", "ar", "th", else "en". Looks at 20,000 letters."""
    sample = text[:20_000]
    counts = {
        "han": len(re.findall(f"[{HAN}]", sample)),
        "kana": len(re.findall(f"[{KANA}]", sample)),
        "ko": len(re.findall(f"[{HANGUL}]", sample)),
        "ru": len(re.findall("[\u0400-\u04ff]", sample)),
        "ar": len(re.findall("[\u0600-\u06ff]", sample)),
        "th": len(re.findall(f"[{UNSPACED}]", sample)),
        "en": len(re.findall("[A-Za-z]", sample)) // 3,
    }
    kana = counts.pop("kana")
    if kana * 10 > counts["han"] and kana + counts["han"] > counts["en"]:
        return "ja"
    found = max(counts, key=lambda name: counts[name])
    return "zh" if found == "han" else found
