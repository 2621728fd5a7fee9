"""Numbers as people write and say them, in English and Chinese, as values that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            *[
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ],
            *["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        ]
    )
}
_TENS = {
    word: (index + 2) * 10
    for index, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    )
}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = "|".join([*_UNITS, *_TENS, *_SCALES])
_SPELLED = re.compile(rf"\b(?:{_WORD})(?:(?:[\s-]+(?:and[\s-]+)?)(?:{_WORD}))*\b", re.IGNORECASE)
_LATIN_SCALE = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, **_SCALES}
_WIDE_SCALE = {
    "十": 10,
    "百": 100,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
    "兆": 10**12,
}
_FIGURE = re.compile(
    r"(?<![A-Za-z\d])(?<!\d[.,])(?P<figure>\d{1,3}(?:[,，'\u202f\u00a0]\d{3})+(?:\.\d+)?|\d+(?:[.:]\d+)*)"
    r"(?:(?P<wide>[十百千万萬亿億兆]+)|[ -]?(?P<scale>thousand|million|billion|trillion|bn|mn|k|m|b)(?![A-Za-z]))?",
    re.IGNORECASE,
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_WIDE = re.compile(
    r"(?P<per>百分之|千分之)?(?P<number>[零〇一二三四五六七八九十百千万萬亿億两兩]+(?:点[零〇一二三四五六七八九]+)?)"
)
_YEAR = re.compile(r"[一二][零〇一二三四五六七八九]{3}")
# Words that only look like numbers.
_IDIOMS = frozenset(
    [
        "十分",
        "万一",
        "千万",
        "百万",
        "一一",
        "一百",
        "一千",
        "一万",
        "一亿",
        "百千",
        "千百",
        "万万",
        "七十二",
        "三十六",
    ]
)
_ABOUT = re.compile(
    r"(?:about|around|roughly|nearly|almost|approximately|some|over|more than|less than|under|up to|at least|close to"
    r"|大约|约|将近|近|接近|超过|逾|多达|至少|不到|差不多)\W{0,2}$",
    re.IGNORECASE,
)
_SMALLEST_SPELLED = 11  # "two of them" and the like are no claims


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start` of a text. `values` are all that it may mean; `is_about`: said to be rounded."""

    text: str
    start: int
    values: frozenset[Decimal]
    is_about: bool = False
    is_claim: bool = True  # small spelled numbers and idioms are not


def find(text: str) -> Iterator[Number]:
    """Every number in a text: figures, spelled English ones, Chinese ones."""
    yield from _figures(text)
    for found in _SPELLED.finditer(text):
        value = _spelled(found.group())
        is_claim = value >= _SMALLEST_SPELLED and found.group().casefold() not in _SCALES
        yield _number(text, found.start(), found.group(), {value}, is_claim=is_claim)
    yield from _wide(text)


def _number(text: str, start: int, said: str, values: set[Decimal], *, is_claim: bool = True) -> Number:
    is_about = _ABOUT.search(text[max(0, start - 16) : start]) is not None
    return Number(said.strip(), start, frozenset(values), is_about, is_claim)


def _figures(text: str) -> Iterator[Number]:
    for found in _FIGURE.finditer(text):
        plain = re.sub(r"[,，'\u202f\u00a0]", "", found.group("figure"))
        values = {
            value * _scale(found)
            for part in (plain, *plain.split(":"))
            if (value := _decimal(part)) is not None
        }
        yield _number(text, found.start(), found.group(), values)


def _scale(found: re.Match[str]) -> Decimal:
    scale = Decimal(1)
    for character in found.group("wide") or "":
        scale *= _WIDE_SCALE[character]
    return scale * _LATIN_SCALE.get((found.group("scale") or "").casefold(), 1)


def _decimal(figure: str) -> Decimal | None:
    try:
        return Decimal(figure) if len(figure) < 30 else None
    except InvalidOperation:  # 1.2.3, 12:30
        return None


def _spelled(said: str) -> Decimal:
    total = current = 0
    for word in re.findall(r"[a-z]+", said.casefold()):
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = max(1, current) * 100
        elif word in _SCALES:
            total, current = total + max(1, current) * _SCALES[word], 0
    return Decimal(total + current)


def _wide(text: str) -> Iterator[Number]:
    for found in _WIDE.finditer(text):
        said = found.group("number")
        if text[max(0, found.start() - 1) : found.start()].isdigit():
            continue  # 3百万 is a figure
        value = chinese(said)
        has_unit = any(character in _WIDE_SCALE for character in said)
        is_number = len(said) > 1 and said not in _IDIOMS and (has_unit or _YEAR.fullmatch(said) is not None)
        is_claim = bool(found.group("per")) or (is_number and value >= _SMALLEST_SPELLED)
        yield _number(text, found.start(), found.group(), {value}, is_claim=is_claim)


def chinese(said: str) -> Decimal:
    """The value of a Chinese number: 三百二十万, 一九八四, 三点五."""
    whole, _, fraction = said.partition("点")
    if not any(character in _WIDE_SCALE for character in whole):
        value = Decimal("".join(str(_DIGITS[character]) for character in whole) or "0")
    else:
        value = Decimal(_chinese_whole(whole))
    if fraction:
        value += Decimal("0." + "".join(str(_DIGITS[character]) for character in fraction))
    return value


def _chinese_whole(said: str) -> int:
    """Units below ten thousand make a section; a larger unit takes the section, or all before it if that is smaller."""
    total = section = digit = 0
    for character in said:
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        unit = _WIDE_SCALE[character]
        if unit < 10**4:
            section, digit = section + max(1, digit) * unit, 0
            continue
        here = section + digit
        if total and total < unit:  # 一万亿
            total = (total + here) * unit
        else:
            total += max(1, here) * unit
        section = digit = 0
    return total + section + digit
