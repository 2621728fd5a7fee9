"""Folding: the one spelling in which names are compared, whatever script, width or case they came in.

A fold never loses a letter, so 晴天 stays apart from 七里香: it only brings together what people write in two ways.
Characters are mapped one by one and not by words, so that a part of a text folds as it does within the whole.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

import opencc

# What OpenCC's tables leave apart, since each is a character of its own there; in names of songs they are variants.
_MORE_HAN = {
    "妳": "你", "祢": "你", "您": "您", "著": "着", "甚": "什", "祇": "只", "衹": "只", "祗": "只", "氷": "冰",
    "牠": "它", "麽": "么", "麼": "么", "於": "于", "裏": "里", "裡": "里", "綫": "线", "週": "周", "佔": "占",
    "糰": "团", "慾": "欲", "濛": "蒙", "矇": "蒙", "鬥": "斗", "鬪": "斗", "囍": "喜", "猨": "猿", "噉": "啖",
    "脣": "唇", "羣": "群", "峯": "峰", "牀": "床", "啓": "启", "啟": "启", "鉤": "钩", "夠": "够", "砲": "炮",
    "菸": "烟", "徬": "仿", "纔": "才", "鍊": "炼", "湧": "涌", "跡": "迹", "蹟": "迹", "癡": "痴", "恆": "恒",
    "堃": "坤", "喆": "哲", "飜": "翻", "郞": "郎", "衞": "卫", "髙": "高", "﨑": "崎", "嵜": "崎", "邨": "村",
    "舖": "铺", "儘": "尽", "盪": "荡", "蕩": "荡", "迴": "回", "廻": "回", "歎": "叹", "嘆": "叹", "讚": "赞",
    "曡": "叠", "疊": "叠", "乾": "干", "后": "后", "〇": "零",
    "闋": "阙", "阕": "阙", "沈": "沉", "份": "分", "彷": "仿", "彿": "佛", "惟": "唯", "々": "々",
}  # fmt: skip
# Letters that Unicode does not take apart into a letter and a mark.
_LATIN = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n", "ə": "e",
    "ё": "е", "ґ": "г", "$": "s",
}  # fmt: skip
_MARKS = {
    "‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "〜": "~", "∼": "~", "～": "~",
    "【": "(", "】": ")", "〔": "(", "〕": ")", "[": "(", "]": ")", "{": "(", "}": ")", "〖": "(", "〗": ")",
    "〈": "(", "〉": ")", "（": "(", "）": ")", "「": '"', "」": '"', "『": '"', "』": '"',
    "、": "/", "・": "·", "･": "·", "•": "·", "‧": "·", "∙": "·", "。": ".", "×": "x", "✕": "x", "✖": "x", "⁄": "/",
    "∕": "/", "…": "...", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    "\ufe0f": "", "\ufe0e": "", "\u200e": "", "\u200f": "", "\t": " ", "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
_HIRAGANA_FROM_KATAKANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
# The small vowels, which many write large: うっせぇわ. Small ya, yu, yo and tsu make other syllables.
_SMALL_KANA = dict(zip(map(ord, "ぁぃぅぇぉァィゥェォ"), "あいうえおあいうえお", strict=True))
_COMBINING = dict.fromkeys(range(768, 880))
_SPACES = re.compile(r"[ \t\u2028\u2029\x0b\x0c\x1c-\x1f\x85]+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_HAS_CJK = re.compile(
    r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
MAX_CHARS = 512  # of one name; what is longer is no name, and hostile input must not be slow


def _han() -> dict[int, str]:
    """Every ideograph that folds to another one: Japanese and traditional forms to the simplified."""
    ideographs = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
    ideographs = [unicodedata.normalize("NFKC", one) for one in ideographs]
    text = "\n".join(ideographs)
    for kind in ("jp2t", "t2s"):
        text = opencc.OpenCC(kind).convert(text)
    folded = dict(zip(ideographs, text.split("\n"), strict=True))
    folded.update(_MORE_HAN)
    for one, to in folded.items():  # what became a character that folds itself folds on: twice at most
        folded[one] = _MORE_HAN.get(to, folded.get(to, to) if len(to) == 1 else to)
    return {ord(one): to for one, to in folded.items() if one != to}


@functools.cache
def _table() -> dict[int, str | int | None]:
    # Ideographs and syllables that stay are in it, too: a character that a table does not know costs an exception.
    table: dict[int, str | int | None] = {
        code: code for code in (*range(0x3041, 0xA000), *range(0xAC00, 0xD7A4))
    }
    table.update(_accented())
    table.update(_HIRAGANA_FROM_KATAKANA)
    table.update(_SMALL_KANA)
    table.update(_han())
    table.update({ord(one): to for one, to in (_LATIN | _MARKS).items()})
    table.update(_COMBINING)
    return table


def _accented() -> dict[int, str]:
    """Latin, Greek and Cyrillic letters without their accents; the marks of kana, Hangul and Indic scripts stay."""
    found = {}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)):
        taken_apart = unicodedata.normalize("NFD", chr(code)).translate(_COMBINING)
        taken_apart = "".join(_LATIN.get(one, one) for one in taken_apart.casefold())
        if taken_apart != chr(code):
            found[code] = taken_apart
    return found


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_ascii_table())
    text = text.translate(_quotes_first())
    return unicodedata.normalize("NFKC", text).casefold().translate(_table())


@functools.cache
def _ascii_table() -> dict[int, str]:
    return {ord(one): to for one, to in (_LATIN | _MARKS).items() if one.isascii()}


@functools.cache
def _quotes_first() -> dict[int, str]:
    """Marks that NFKC would take apart into a space and an accent."""
    return {ord(one): "'" for one in "\u00b4\u2018\u2019\u02bc\u2032"}


_WRITTEN_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ø": "oe",
        "å": "aa",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Ø": "Oe",
        "Å": "Aa",
    }
)


def written_out(text: str) -> str:
    """Umlauts as two letters, as those write who have no keys for them; else the text itself. Not folded."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_WRITTEN_OUT)


def written_short(squeezed: str) -> str:
    """A squeezed name as its umlauts would fold, if what looks like them are some: good for looking up only."""
    return re.sub(r"(?<=[a-z])([ao])e|(?<=[^aeioq])(u)e(?=[a-z])", r"\1\2", squeezed)


@functools.lru_cache(maxsize=8_192)
def fold(text: str) -> str:
    """The spelling to compare a name by; punctuation is unified but kept, runs of spaces become one.

    NFKC (widths, ligatures), case, accents, traditional and Japanese forms of ideographs, katakana as hiragana, kinds
    of brackets, quotes and dashes. `fold(fold(text)) == fold(text)`.
    """
    return _SPACES.sub(" ", _fold(text[:MAX_CHARS]).replace("\n", " ").replace("\r", " ")).strip()


def fold_many(texts: Iterable[str]) -> list[str]:
    """As `fold` of each, in one go: a library has hundreds of thousands of names."""
    cut = [" ".join(one[:MAX_CHARS].split()) for one in texts]
    folded = _fold("\n".join([one for one in cut if one.isascii()])).split("\n")
    others = _fold("\n".join([one for one in cut if not one.isascii()])).split("\n")
    ascii_ones, other_ones = iter(folded), iter(others)
    return [next(ascii_ones if one.isascii() else other_ones).strip() for one in cut]


def squeeze(folded: str) -> str:
    """A folded name without spaces and punctuation; if nothing else is in it (`!!!`, `÷`), these are its name."""
    return _NOT_LETTERS.sub("", folded) or folded.replace(" ", "")


def key(text: str) -> str:
    """`squeeze(fold(text))`: equal for names that are written alike."""
    return squeeze(fold(text))


def has_cjk(folded: str) -> bool:
    return _HAS_CJK.search(folded) is not None


_SCRIPTS = (
    ("kana", re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]")),
    ("hangul", re.compile(r"[\uac00-\ud7af\u1100-\u11ff\u3131-\u318e]")),
    ("han", re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
    ("latin", re.compile(r"[a-z]")),
    ("cyrillic", re.compile(r"[\u0400-\u052f]")),
    ("greek", re.compile(r"[\u0370-\u03ff]")),
    ("thai", re.compile(r"[\u0e00-\u0e7f]")),
)


def script(folded: str) -> str:
    """What a folded name is written in: the first that occurs of kana, hangul, han, latin, cyrillic, greek, thai.

    It is `other` if none does. A name with kana in it is Japanese even if most of it is ideographs.
    """
    for name, pattern in _SCRIPTS:
        if pattern.search(folded):
            return name
    return "other"
