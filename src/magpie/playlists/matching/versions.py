"""The words by which titles tell one recording of a song from another, and those that tell nothing.

Everything here works on folded text (`fold.py`). A word in Latin letters counts only between other letters than Latin
ones: `\\b` would not do, since it sees no border in `live版`, where both sides are word characters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from magpie.playlists.matching import vocabulary
from magpie.playlists.matching.fold import fold, squeeze

# Kinds of version for which the recording's length decides whether they are one recording.
LENGTHS = frozenset({"edit", "extended"})
# Kinds whose name tells two of a kind apart: the remixer, the language, what else the version is called.
NAMED = frozenset({"remix", "language", "version", "speed", "voice", "part"})


@dataclass(slots=True)
class Reading:
    """What a bracket, or what stands behind a dash, says: kinds of version with their names, guests, or else text.

    `rest` is what was not understood; it is empty if all of it was.
    """

    tags: dict[str, str] = field(default_factory=dict)
    guests: str = ""
    rest: str = ""

    @property
    def is_understood(self) -> bool:
        return not self.rest or bool(self.tags)


def _any(words: Iterable[str], *, whole: bool = True) -> str:
    """A pattern for any of these words; Latin ones only as whole words."""
    parts = []
    for word in sorted({fold(one) for one in words}, key=len, reverse=True):
        pattern = re.escape(word).replace(r"\ ", r"[ -]?")
        if whole and word[0].isascii() and word[0].isalnum():
            pattern = rf"(?<![a-z0-9]){pattern}" if word[0].isdigit() else rf"(?<![a-z]){pattern}"
        if whole and word[-1].isascii() and word[-1].isalpha():
            pattern = rf"{pattern}(?![a-z])"
        parts.append(pattern)
    return "(?:" + "|".join(parts) + ")"


VERSION = (
    r"(?:(?<![a-z])(?:versions?|ver\b\.?|vers\b\.?|ver(?=[\d.])\.?|edition|style|arrange(?:d|ment)?)|版本?|"
    rf"{fold('バージョン')}|{fold('ヴァージョン')}|버전|버젼)"
)

# (kind, name, words). The first that fits takes its words away; several kinds may be in one bracket.
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("version", "owned", r"(?<![a-z])taylor's version"),
    ("speed", "nightcore", _any(vocabulary.SPEED_NIGHTCORE)),
    ("speed", "slow", _any(vocabulary.SPEED_SLOW)),
    ("speed", "up", _any(vocabulary.SPEED_UP)),
    ("speed", "slow", r"(?<![\d.])0\.\d+(?:x|倍)速?(?=$| |版)"),
    ("speed", "up", r"(?<![\d.])1\.\d+(?:x|倍)速?(?=$| |版)"),
    ("acappella", "", _any(vocabulary.ACAPPELLA)),
    ("instrumental", "", _any(vocabulary.KARAOKE)),
    ("live", "", _any(vocabulary.LIVE)),
    ("acoustic", "", _any(vocabulary.ACOUSTIC)),
    ("piano", "", _any(vocabulary.PIANO)),
    ("orchestral", "", _any(vocabulary.ORCHESTRAL)),
    ("lofi", "", _any(vocabulary.LOFI)),
    ("mashup", "", _any(vocabulary.MASHUP)),
    ("demo", "", _any(vocabulary.DEMO)),
    ("reprise", "", _any(vocabulary.REPRISE)),
    ("cover", "", _any(vocabulary.COVER)),
    ("voice", "duet", _any(vocabulary.VOICE_DUET)),
    ("voice", "solo", _any(vocabulary.VOICE_SOLO)),
    ("voice", "female", _any(vocabulary.VOICE_FEMALE)),
    ("voice", "male", _any(vocabulary.VOICE_MALE)),
    ("voice", "children", _any(vocabulary.VOICE_CHILDREN)),
    ("rerecorded", "", _any(vocabulary.RERECORDED)),
    ("part", "intro", r"^(?:intro|introduction|前奏)$"),
    ("part", "outro", r"^(?:outro|尾奏)$"),
    ("part", "interlude", r"^(?:interlude|间奏|skit)$"),
)  # fmt: skip
_LIVE_WORD = re.compile(r"(?<![a-z])live(?![a-z'])")
# `live` in a bracket means a concert unless it is a verb: (We Live Forever), (Live Your Life).
_LIVE_VERB = re.compile(
    r"(?:(?:we|i|you|they|to|long|don't|will|can|must) live|live (?:and|your|my|like|forever|to|for|it|without)(?![a-z]))"
)
_EXTENDED = re.compile(
    _any(vocabulary.EXTENDED)
)  # fmt: skip
_EDIT = re.compile(rf"^edit$|{_any(vocabulary.EDIT)}")
_REMIX = re.compile(
    _any(vocabulary.REMIX)
    + r"|(?<![a-z])(?:re)?mix(?![a-z])|(?<![a-z])edit(?![a-z])|(?<![a-z])dj(?![a-z])"
)  # fmt: skip
# A remaster, a year, an edition: the same recording.
_YEAR = r"(?:19|20)\d\d"
_REMASTERED = r"(?:remaster(?:ed|ing|iza[dt][oa]|ise|isee|isiert|t)?|rimasterizzat[oa])"
_REMASTER = (
    rf"(?:digital(?:ly)? |version )?{_REMASTERED}(?: version| edition)?(?:[ -]*(?:in |en |em |nel )?{_YEAR})?"
)
_NOISE = re.compile(
    rf"(?<!\d){_YEAR}(?:年)?[ -]*{_REMASTER}"
    rf"|(?<![a-z]){_REMASTER}(?![a-z\d])"
    rf"|(?<!\d){_YEAR} (?:(?:stereo|mono) )?(?:mix|edit)(?![a-z])"
    rf"|(?<![a-z])(?:{'|'.join(vocabulary.SAME_MIX)}) (?:mix|version|ver\.?)(?![a-z])"
    rf"|(?<![a-z])(?:{'|'.join(vocabulary.SAME_VERSION)})[ -]?{VERSION}"
    r"|(?<!\d)\d+(?:th|st|nd|rd)[ -]anniversary(?: remaster(?:ed)?| edition| version| mix| deluxe)*"
    rf"|{_any(vocabulary.NOISE)}"
)
_WORK = re.compile(
    r"《[^》]*》|(?<![a-z])(?:theme(?: song)?|music|song)? ?from (?:the )?"
    rf"(?:(?:{'|'.join(vocabulary.SORTS_OF_WORK)}) )*(?:soundtrack )?.*$"
)
_WORK_WORDS = re.compile(
    _any(vocabulary.WORK_WORDS)
    + r"|^(?:op|ed)\d{0,2}$|より$"
)  # fmt: skip
# The Chinese theme of a foreign series is no other version of itself.
_CHINESE_THEME = re.compile(r"(?:中文|华语)(?=主题|推广|宣传|片头|片尾|插曲)")
_GUESTS = re.compile(
    r"(?:^|(?<=[ (]))(?:feat\b\.?|ft\b\.?|featuring\b|w/)[ :]*(.+)$|^(?:with|duet with) (.+)$"
    r"|^(?:prod\b\.?|produced)(?: by)? .+$"
)
_LANGUAGE_PATTERNS = tuple((name, re.compile(_any(words))) for name, words in vocabulary.LANGUAGES.items())
_QUALIFIERS = frozenset(squeeze(fold(word)) for word in vocabulary.QUALIFIERS)
_KIND_PATTERNS = tuple((kind, name, re.compile(pattern)) for kind, name, pattern in _KINDS)
_VERSION = re.compile(VERSION)
_YEARS = re.compile(r"^(?:19|20)\d\d$")
# Whatever concerts' names are made of tells of no other kind: an orchestra may play at one.
_HARMLESS = re.compile(r"^(?:the|a|an|at|in|on|by|of|and|from|with|-|\+|&|/|,|:|\.|'|\"|~|!|·|\s)*$")


@functools.lru_cache(maxsize=4_096)
def read(segment: str) -> Reading:
    """What one bracket's content (or the part behind a dash) tells. `segment` is folded; the answer is shared, so not to
    be changed."""
    text = segment.strip(" .-~:,;/\"'")
    reading = Reading()
    if guests := _GUESTS.search(text):
        reading.guests = (guests[1] or guests[2] or "").strip()
        text = text[: guests.start()].strip(" -/,")
        if not text:
            return reading
    if squeeze(text) in _QUALIFIERS:
        reading.tags["version"] = squeeze(text)
        return reading
    text, is_about_a_work = _without_work(text)
    text = _read_kinds(text, reading)
    if is_about_a_work:  # what is left is the work's: a film, a series, TV
        return reading
    text = _read_versions(_without_noise(_read_mixes(text, reading)), reading)
    if text and not _HARMLESS.match(text) and not (_YEARS.match(text) and not reading.tags):
        _name(text, reading)
    return reading


def _take(pattern: re.Pattern[str], text: str) -> str | None:
    """The text without what fits, or None if nothing does."""
    found = pattern.search(text)
    return None if found is None else f"{text[: found.start()]} {text[found.end() :]}".strip(" .-~:,;/")


def _read_kinds(text: str, reading: Reading) -> str:
    for kind, name, pattern in _KIND_PATTERNS:
        if (shorter := _take(pattern, text)) is not None and kind not in reading.tags:
            reading.tags[kind] = name
            text = shorter
    if "live" not in reading.tags and _LIVE_WORD.search(text) and not _LIVE_VERB.search(text):
        reading.tags["live"] = ""
        text = _LIVE_WORD.sub(" ", text).strip(" .-~:,;/")
    elif "live" in reading.tags:
        text = _LIVE_WORD.sub(" ", text).strip(" .-~:,;/")
    for name, pattern in _LANGUAGE_PATTERNS:
        if (shorter := _take(pattern, text)) is not None:
            reading.tags["language"] = name
            return shorter
    return text


def _read_mixes(text: str, reading: Reading) -> str:
    """Lengths and remixes; the original mix, or this year's, is none."""
    if not reading.tags:
        text = _NOISE.sub(" ", text).strip(" .-~:,;/") if _NOISE.search(text) else text
    for kind, pattern in (("extended", _EXTENDED), ("edit", _EDIT)):
        if pattern.search(text):
            shorter = pattern.sub(" ", text).strip(" .-~:,;/")
            reading.tags[kind] = ""
            plain = re.sub(r"(?<![a-z])(?:mix|version|edit|ver)(?![a-z])\.?|版", " ", shorter).strip()
            text = plain if not plain or _HARMLESS.match(plain) else shorter
            break
    if _REMIX.search(text):
        reading.tags["remix"] = ""
        text = _REMIX.sub(" ", text).strip()
    return text


def _without_work(text: str) -> tuple[str, bool]:
    """The text without the film, series or game that the song was made for, and whether there was one."""
    text = _CHINESE_THEME.sub("", text)
    if _WORK_WORDS.search(text):
        return _WORK_WORDS.sub(" ", _WORK.sub(" ", text)), True
    if (found := _WORK.search(text)) and not _LIVE_WORD.search(text) and "take" not in text:
        before = text[: found.start()].strip(" -,/")
        # `Devil from Heaven` is a name; `Theme from Heaven` and `Acoustic, from Heaven` tell of a work.
        if not before or found[0].lstrip()[:4] != "from" or not read(before).rest:
            return f"{before} {text[found.end() :]}".strip(), True
    return text, False


def _without_noise(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text).split()).strip(" .-~:,;/\"'")


def _read_versions(text: str, reading: Reading) -> str:
    """`… version`: by its own name, unless the kind has been told already."""
    found = _VERSION.search(text)
    if found is None:
        return text
    rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()).strip(" .-~:,;/\"'")
    if rest and not _HARMLESS.match(rest) and not reading.tags:
        reading.tags["version"] = squeeze(rest)
        return ""
    return rest


def _name(text: str, reading: Reading) -> None:
    """What is left names the version: whose remix, where it was live. Without a version it is the bracket's text."""
    name = squeeze(text)
    if "remix" in reading.tags:
        reading.tags["remix"] = name
    elif "live" in reading.tags:
        reading.tags["live"] = name
    elif "cover" in reading.tags:  # whose song it was
        reading.tags["cover"] = squeeze(re.sub(r"^(?:by|of|原唱|from) ?", "", text.strip(" .-~:,;/")))
    elif not reading.tags:
        reading.rest = text


_ALBUM_LIVE = re.compile(
    r"演唱会|音乐会|现场|巡回|不插电|拉阔|らいぶ|らいう゛|라이브|콘서트|en vivo|ao vivo|dal vivo|unplugged|in concert"
    r"|(?<![a-z])live (?:at|in|from|on|album|tour|cd|dvd|version|ver|session|collection|best|concert|lounge|\d)"
    r"|\(live\)|(?<![a-z])live!|[- ]live$"
    r"|concert (?:live|tour)|tour live"
)
_ALBUM_KARAOKE = re.compile(r"karaoke|からおけ|伴奏|instrumentals?(?![a-z])|off vocal")
_ALBUM_COVER = re.compile(r"tribute to|(?<![a-z])covers?(?![a-z])|翻唱")


def of_album(folded: str) -> frozenset[str]:
    """Kinds of version that an album's name tells about all its tracks."""
    found = set()
    for kind, pattern in (("live", _ALBUM_LIVE), ("instrumental", _ALBUM_KARAOKE), ("cover", _ALBUM_COVER)):
        if pattern.search(folded):
            found.add(kind)
    return frozenset(found)
