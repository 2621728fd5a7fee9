"""Writes what the search knows of Chinese characters: `src/magpie/library/search/readings.txt`.

    uv run --no-project --with pypinyin==0.55.0 --with opencc==1.4.2 scripts/write_readings.py

Three parts, parted by empty lines: characters that stand for the same one (traditional and Japanese forms, from
OpenCC's tables), the usual reading of each character without its tone, and the words in which characters are read
otherwise (both from pypinyin's tables). The terms in people's databases are made from this file: whoever changes it
raises `terms.VERSION`, which has every index made anew.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import opencc
from pypinyin import Style, phrases_dict, pinyin_dict  # type: ignore[import-not-found]
from pypinyin.style import convert  # type: ignore[import-not-found]

TARGET = Path(__file__).parents[1] / "src" / "magpie" / "library" / "search" / "readings.txt"
FIRST, LAST = 0x4E00, 0x9FFF
LONGEST_WORD = 4


def folds() -> dict[str, str]:
    """Each other form with its simplified one."""
    steps = (opencc.OpenCC("jp2t"), opencc.OpenCC("t2s"))
    found = {}
    for number in range(FIRST, LAST + 1):
        form = char = chr(number)
        for step in steps:
            changed = step.convert(form)
            form = changed if len(changed) == 1 and FIRST <= ord(changed) <= LAST else form
        if form != char:
            found[char] = form
    # What other forms lead to is final.
    return {char: found.get(form, form) for char, form in found.items() if found.get(form, form) != char}


def plain(reading: str) -> str:
    """A syllable without its tone; ü is u."""
    toneless = convert(reading, Style.NORMAL, strict=True)
    decomposed = unicodedata.normalize("NFD", toneless.replace("v", "u").replace("ê", "e"))
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalpha()).lower()


def words(usual: dict[str, str], fold: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The words whose readings are not their characters' usual ones."""
    for word, readings in phrases_dict.phrases_dict.items():
        folded = "".join(fold.get(char, char) for char in word)
        if not 1 < len(folded) <= LONGEST_WORD or not all(FIRST <= ord(char) <= LAST for char in folded):
            continue
        said = [plain(one[0]) for one in readings]
        if len(said) == len(folded) and all(said) and said != [usual.get(char) for char in folded]:
            yield folded, " ".join(said)


def main() -> None:
    fold = folds()
    usual = {
        chr(number): plain(readings.split(",")[0])
        for number, readings in pinyin_dict.pinyin_dict.items()
        if FIRST <= number <= LAST and chr(number) not in fold
    }
    by_reading: dict[str, str] = defaultdict(str)
    for char, reading in sorted(usual.items()):
        by_reading[reading] += char
    lines = [f"{other}{one}" for other, one in sorted(fold.items())]
    text = "".join(lines) + "\n\n"
    text += "".join(f"{reading} {chars}\n" for reading, chars in sorted(by_reading.items()) if reading)
    text += "\n" + "".join(f"{word} {said}\n" for word, said in sorted(dict(words(usual, fold)).items()))
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
