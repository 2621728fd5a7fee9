"""Artist and title out of what a site calls a piece of music.

Pure text. The rule of all rules: in doubt a title stays as it is. Advertising goes ("Official Video", 【官方MV】, [4K]),
what tells versions apart stays ("Live", "Remix", "1 Hour"), and a title is divided into artist and title only where
something besides its dash says that it is music.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from magpie.downloads.extractors.music.words import (
    GUEST,
    HASHTAGS,
    NO_ARTIST,
    NOT_SUNG_BY,
    advertising,
    is_noise,
    is_version,
)
from magpie.downloads.extractors.titles import MAX_TITLE, clean_text

MAX_ARTIST = 120
MAX_GUESTS = 12
_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】", "〔": "〕", "〖": "〗"}
_QUOTES = {"「": "」", "『": "』", "《": "》", "〈": "〉", "【": "】"}
_PLAIN_QUOTES = {"'": "'", '"': '"', "‘": "’", "“": "”"}
_OPENING = "".join(_BRACKETS | _QUOTES)
_BRACKETED = re.compile(
    "|".join(
        rf"{re.escape(opening)}[^{re.escape(_OPENING + ''.join((_BRACKETS | _QUOTES).values()))}]*{re.escape(closing)}"
        for opening, closing in (_BRACKETS | _QUOTES).items()
    )
)
_DASH = re.compile(r"\s+[-–—−‒]+\s+|\s*[－―]\s*|\s+_\s+|\s+-(?=\S)|(?<=\S)-\s+")
_PIPE = re.compile(r"\s*[|｜¦]\s*|\s+(?://|•)\s+")
_EDGES = " \t-–—−_|｜/:：~〜,，、·•*"
_PICTOGRAMS = "🎵🎶🔥🎧🎤🎬🎼🎹🎸▶►✔✅🆕💥💿📀🔴🔊\ufe0f"
_HASHTAGS = re.compile(r"(?:\s+|^)#(\w+)\s*$")
_LOOSE_NOISE = re.compile(
    r"(?:[\s,.:]+|(?<=[】」』》)\]’'\"])\s*(?:[-–—]\s*)?)(?:the\s+)?(?:(?i:official\s+(?:hd\s+|4k\s+)?(?:music\s+|lyrics?\s+)?(?:video|audio|visuali[sz]er|clip|mv|m/v)"
    r"|(?:music|lyrics?)\s+video|with\s+lyrics|video\s+(?:clip\s+)?oficial|clip\s+officiel|clipe\s+oficial|audio\s+oficial"
    r"|offizielles\s+(?:musik)?video|video\s+ufficiale|официальн(?:ый\s+клип|ое\s+видео)|премьера\s+клипа"
    r"|ミュージックビデオ|(?:官方|完整版|高清|\s)*mv|공식\s*뮤직비디오|뮤직비디오)|(?:Official\s+)?(?:MV|M/V|PV)|HD|HQ|4K|1080p)(?=\s*$|\s*[(\[（【])"
)
_CHANNEL_ENDS = re.compile(
    r"(?:\s+-\s+Topic|\s*-?\s*VEVO|\s+Official(?:\s+(?:Youtube\s+)?Channel)?|\s*[-/|]?\s*(?:公式|オフィシャル)(?:チャンネル)?"
    r"|\s*官方(?:頻道|频道)?|\s+Oficial|\s+Officiel)\s*$",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"\s+-\s+Topic\s*$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"\s*[,，、&＆]\s*|\s+(?:and|und|et|y|e)\s+", re.IGNORECASE)
_WITH = re.compile(r"\s+[x×✕]\s+|\s*[、×✕]\s*")
_MINE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A title and whose it is. `artists` are those whose name it goes by, `guests` those of "feat."."""

    title: str
    artists: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()

    @property
    def artist(self) -> str | None:
        """All of them in one line."""
        main = ", ".join(self.artists)
        return f"{main} feat. {' & '.join(self.guests)}" if main and self.guests else main or None


def artist_of_channel(channel: str | None) -> str:
    """Whose channel it is: "Adele - Topic", "AdeleVEVO" and "Adele Official" are Adele's."""
    whole = clean_text(channel)
    name = whole
    while (shorter := _CHANNEL_ENDS.sub("", name).strip()) != name and shorter:
        if name.casefold().endswith("vevo") and not re.search(r"[\s\W]", shorter):
            shorter = _CAMEL.sub(" ", shorter)
        name = shorter
    return name or whole


def is_topic(channel: str | None) -> bool:
    """Whether the channel is one of those that YouTube makes by itself for an artist."""
    return bool(channel and _TOPIC.search(channel))


def without_noise(title: str) -> str:
    """The title without what only advertises; the whole title if that is all there is."""
    text = clean_text(title, MAX_TITLE)
    while True:
        shorter = _without_some_noise(text)
        if shorter == text or not _says_something(shorter):
            return text
        text = shorter


def name(
    title: str, channel: str | None = None, *, artists: Iterable[str] = (), is_music: bool = False
) -> Named:
    """Artist and title of an upload.

    `channel`: who has put it there, as the site writes it; `artists`: those that the site itself names, which are
    believed; `is_music`: the site says that it is music. Without artists in the title the channel stands for them.
    """
    known = tuple(one for one in (clean_text(artist) for artist in artists) if one)
    whole = clean_text(title, MAX_TITLE)
    owner = artist_of_channel(channel)
    rest, guests = _without_guests(whole)  # before brackets go: they may be what ends a list of guests
    text = without_noise(rest)
    advertised, singer = text != rest, ""
    if not known:
        evidence = is_music or advertised or bool(guests)
        singer, text = _divided(text, owner, evidence=evidence, advertised=advertised)
    singers = _singers(singer) or ((owner,) if owner else ())
    found = known or singers
    if not found:
        return Named(_tidied(without_noise(whole)) or whole)
    while True:
        rest, more = _without_guests(_without_names(text, found))
        rest, guests = _tidied(without_noise(rest)), (*guests, *more)
        if rest == text or not rest:
            return Named(text or whole, found, _others(guests, found))
        text = rest


def _without_some_noise(text: str) -> str:
    text = _BRACKETED.sub(_bracket_kept, text)
    text = " ".join(text.split())
    text = _without_hashtags(text.strip(_PICTOGRAMS + " "))
    text = _without_noisy_parts(text)
    loose = _LOOSE_NOISE.search(text)
    if loose and _says_something(text[: loose.start()]) and not _dangles(text[: loose.start()]):
        text = _joined(text[: loose.start()], text[loose.end() :])
    return text.strip()


def _dangles(text: str) -> bool:
    """Whether a dash ends it: what goes before one is no title, as in "India.Arie - HD Video"."""
    return text.rstrip().endswith(tuple("-–—−－_"))


def _bracket_kept(match: re.Match[str]) -> str:
    """What stays of a bracket: nothing of advertising, "(Live)" of "(Official Live Video)"."""
    inner = match[0][1:-1].strip()
    if not inner or is_noise(inner):
        return " "
    version = " ".join(advertising().sub(" ", inner).split()).strip(_EDGES)
    return (
        f"{match[0][0]}{version}{match[0][-1]}" if not is_version(inner) and is_version(version) else match[0]
    )


def _without_hashtags(text: str) -> str:
    while (match := _HASHTAGS.search(text)) and match[1].casefold() in HASHTAGS:
        shorter = text[: match.start()].rstrip()
        if not shorter:
            break
        text = shorter
    return text


def _without_noisy_parts(text: str) -> str:
    """Without parts between | or dashes at the end that are advertising as a whole."""
    parts = _PIPE.split(text)
    if len(parts) > 1:
        kept = [part for part in parts if part and not is_noise(part)]
        if kept and len(kept) < len(parts):
            shorter = " | ".join(kept)
            return shorter if len(shorter) < len(text) else "|".join(kept)
    spans = list(_DASH.finditer(text))
    if not spans:
        return text
    last, rest = text[spans[-1].end() :], text[: spans[-1].start()]
    is_phrase = len(last.split()) > 1 or len(spans) > 1 or not last.isascii()
    return rest if is_phrase and is_noise(last) and _says_something(rest) else text


def _says_something(text: str) -> bool:
    return bool(_MINE.search(text)) or any(unicodedata.category(char)[0] in "SL" for char in text)


def _divided(text: str, owner: str, *, evidence: bool, advertised: bool) -> tuple[str, str]:
    """Artist and title, the artist empty where nothing says who it is."""
    for divide in (_by_dash, _by_quotes, _by_pipe):
        found = divide(text, owner, evidence, advertised)
        if found is not None:
            return found
    return "", text


def _by_dash(text: str, owner: str, evidence: bool, _advertised: bool) -> tuple[str, str] | None:
    match = _first_dash(text)
    if match is None:
        return None
    left, right = _tidied(text[: match.start()]), _tidied(text[match.end() :])
    if not left or not right:
        return None
    is_owners = _same(left, owner)
    if _same(right, owner) and not is_owners:
        return right, left
    if is_version(right) or (not is_owners and (not evidence or not _may_be_artist(left))):
        return None
    return left, right


def _first_dash(text: str) -> re.Match[str] | None:
    """The first dash outside of brackets; one without spaces around it counts only if there is no other."""
    depth_at, depth = [], 0
    for char in text:
        depth += (char in _BRACKETS) - (char in _BRACKETS.values())
        depth_at.append(depth)
    outside = [match for match in _DASH.finditer(text) if depth_at[match.start()] <= 0]
    spaced = [match for match in outside if match[0].strip() != match[0] and len(match[0].split(" ")) > 2]
    return next(iter(spaced or outside), None)


def _by_quotes(text: str, owner: str, evidence: bool, advertised: bool) -> tuple[str, str] | None:
    """`Artist「Title」`, `Artist 'Title'`: with nothing behind it but what tells versions apart."""
    quotes = _QUOTES | (_PLAIN_QUOTES if advertised else {})
    start = next(
        (at for at, char in enumerate(text) if char in quotes and at and _stands_apart(text, at)), None
    )
    if start is None or (not evidence and text[start] == "【"):
        return None
    end = text.find(quotes[text[start]], start + 1)
    left = _tidied(_LOOSE_NOISE.sub("", text[:start].rstrip()))
    inner, behind = text[start + 1 : end].strip(), text[end + 1 :].strip()
    if end < 0 or not inner or not left or not _may_be_artist(left):
        return None
    if is_version(inner) or (behind and not _is_aside(behind)):
        return None
    if not evidence and not _same(left, owner):
        return None
    return left, f"{inner} {behind}".strip()


def _stands_apart(text: str, at: int) -> bool:
    """A plain quotation mark within a word is an apostrophe."""
    return text[at] not in _PLAIN_QUOTES or text[at - 1].isspace()


def _is_aside(text: str) -> bool:
    return is_version(text) or bool(re.fullmatch(r"[(（\[].*[)）\]]", text)) or bool(GUEST.match(text))


def _by_pipe(text: str, owner: str, _evidence: bool, _advertised: bool) -> tuple[str, str] | None:
    """`Artist | Title`, but only on the artist's own channel: what stands between | may be anything."""
    parts = _PIPE.split(text)
    if len(parts) != 2 or not owner:
        return None
    left, right = (_tidied(part) for part in parts)
    if left and right and _same(left, owner):
        return left, right
    return (right, left) if left and right and _same(right, owner) else None


def _may_be_artist(text: str) -> bool:
    fits = len(text) <= MAX_ARTIST and not NO_ARTIST.fullmatch(text) and not NOT_SUNG_BY.match(text)
    return fits and bool(_MINE.search(text)) and "://" not in text and not is_noise(text)


def _same(text: str, owner: str) -> bool:
    """Whether both are one name, as a channel and a title may write it; a part of one is enough if it is a word."""
    one, other = folded(text), folded(artist_of_channel(owner))
    if not one or not other:
        return False
    if one == other or one in (folded(f"{owner}"), other.removesuffix("music"), other.removesuffix("tv")):
        return True
    words = {folded(word) for word in _MINE.findall(owner)}
    return one in words and len(one) >= (2 if not one.isascii() else 4)


def folded(text: str) -> str:
    """A name without what writings of it differ in: case, accents, signs and spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def _singers(text: str) -> tuple[str, ...]:
    """The artists of "A x B". "&" and commas are left alone: bands have them in their names."""
    return tuple(one for one in (_tidied(part) for part in _WITH.split(text)) if one)


def _without_guests(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without "(feat. X)" or "ft. X", and who that is."""
    for match in _BRACKETED.finditer(text):
        inner = match[0][1:-1].strip()
        guest = GUEST.match(inner)
        if guest and (names := _names(inner[guest.end() :])):
            return _joined(text[: match.start()], text[match.end() :]), names
    guest = GUEST.search(text)
    if guest is None or not guest.start() or re.search(r"\d\s*$", text[: guest.start()]):
        return text, ()
    if text[: guest.start()].count("(") > text[: guest.start()].count(")"):
        return text, ()
    rest = text[guest.end() :]
    stop = re.search(rf"[{re.escape(_OPENING)}]|\s[-–—|]\s", rest)
    end = stop.start() if stop else len(rest)
    names, before = _names(rest[:end]), text[: guest.start()].strip(_EDGES)
    return (_joined(before, rest[end:]), names) if names and before else (text, ())


def _joined(before: str, after: str) -> str:
    return f"{before.rstrip()} {after.lstrip()}".strip()


def _names(text: str) -> tuple[str, ...]:
    names = (_tidied(one) for one in _BETWEEN.split(text)[:MAX_GUESTS])
    return tuple(dict.fromkeys(one for one in names if one and len(one) <= MAX_ARTIST))


def _others(names: Iterable[str], than: Iterable[str]) -> tuple[str, ...]:
    known = {folded(one) for one in than}
    kept = {folded(one): one for one in names if folded(one) not in known}
    return tuple(kept.values())


def _without_names(text: str, artists: tuple[str, ...]) -> str:
    """Without the artist's own name in front of the title, unless that leaves nothing that names a song."""
    every = {folded(artist) for artist in artists} | {folded("".join(artists)), folded(" x ".join(artists))}
    while (match := _first_dash(text)) is not None:
        left, right = _tidied(text[: match.start()]), _tidied(text[match.end() :])
        if not right or folded(left) not in every or is_version(right):
            break
        text = right
    return text


def _tidied(text: str) -> str:
    """Without loose ends, and without quotation marks around the whole."""
    while True:
        shorter = _unquoted(clean_text(text).strip(_EDGES).strip())
        if shorter == text or not shorter:
            return shorter
        text = shorter


def _unquoted(text: str) -> str:
    closing = (_PLAIN_QUOTES | {one: other for one, other in _QUOTES.items() if one != "【"}).get(text[:1])
    if (
        closing
        and len(text) > 2
        and text.endswith(closing)
        and text.count(closing) == 1 + (text[0] == closing)
    ):
        return text[1:-1].strip()
    return text
