"""What eSpeak NG speaks, read from the files that come with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Variants that are easily told apart, those of speakers without a voice of their own first: (id, gender).
VARIANTS = (("m3", "male"), ("f3", "female"), ("m7", "male"), ("f2", "female"))
# Where a language's own name is none of eSpeak's, or not the form that most people expect.
_NAMES = {
    "en": "en-us",
    "en-gb": "en-gb-x-rp",
    "en-au": "en-gb-x-rp",
    "en-nz": "en-gb-x-rp",
    "en-ie": "en-gb-x-rp",
    "zh": "cmn",
    "zh-hk": "yue",
    "zh-yue": "yue",
    "no": "nb",
    "nn": "nb",
    "es-mx": "es-419",
    "fr-fr": "fr",
    "pt-pt": "pt",
    "tl": "id",
    "fil": "id",
}
_TAGS = {"cmn": "zh", "cmn-latn-pinyin": "zh-Latn-pinyin", "en-gb-x-rp": "en-GB", "en": "en-GB"}
_VOICE = re.compile(r"([a-z]{2,3}(?:-[a-z0-9]{1,9}){0,4})(?:\+([A-Za-z0-9 _-]{1,40}))?")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as eSpeak has it: `code` is its name there, `tag` BCP 47."""

    code: str
    name: str
    tag: str


@lru_cache(maxsize=4)
def tongues(data: Path) -> dict[str, Tongue]:
    """The languages in a folder `espeak-ng-data`, by code; those whose dictionary is missing cannot be spoken."""
    found = {}
    for file in sorted((data / "lang").rglob("*")):
        if not file.is_file():
            continue
        told = dict(
            pair for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
            if len(pair := line.split("//")[0].strip().split(None, 1)) == 2
        )  # fmt: skip
        code = file.name.lower()
        dictionary = told.get("dictionary") or told.get("language", code).split()[0].split("-")[0]
        if (data / f"{dictionary}_dict").exists() and _VOICE.fullmatch(code):
            found[code] = Tongue(code, told.get("name", code), _TAGS.get(code, code))
    return found


def variants(data: Path) -> set[str]:
    """The names of the ways in which every language can be spoken."""
    return {file.name for file in (data / "voices" / "!v").iterdir() if file.is_file()}


def code_of(data: Path, language: str | None) -> str:
    """eSpeak's name for a language (BCP 47); English where it does not know it."""
    known = tongues(data)
    tag = (language or "en").lower().replace("_", "-")
    while tag:
        code = _NAMES.get(tag, tag)
        if code in known:
            return code
        tag = tag.rpartition("-")[0]
    return "en-us"


def is_voice(data: Path, voice_id: str) -> bool:
    """Whether this is one of its languages, with one of its variants or without."""
    found = _VOICE.fullmatch(voice_id)
    return bool(found and found[1] in tongues(data) and (found[2] is None or found[2] in variants(data)))
