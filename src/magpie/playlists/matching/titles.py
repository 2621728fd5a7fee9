"""Taking a title apart: the song's name in each of its languages, its kind of version, guests, and numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from magpie.playlists.matching import versions, vocabulary
from magpie.playlists.matching.filenames import title_of
from magpie.playlists.matching.fold import fold, has_cjk, script, squeeze, written_out
from magpie.playlists.matching.videos import song_of

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_BRACKET = re.compile(r"\(([^()]*)\)")
_OPEN_BRACKET = re.compile(r"\(([^()]*)$")
_DASH = re.compile(r"\s+[-~|:]\s+|\s+[-~](?=\S)|(?<=[" + _CJK + r")])\s*[-~_]{1,2}\s*(?=\S)|\s*-{2,}\s*")
_WORK_TAIL = re.compile(
    r"\s*(?:电视剧|网剧|影视剧|电影|动画|动漫|游戏|综艺|纪录片|微电影|网络剧|剧集|tvあにめ|映画|どらま)?《[^》]+》[^《》]*$"
)
_WHOLE_WORK = re.compile(r"^《([^》]+)》$")
_GUESTS = re.compile(r"\s(?:feat\b\.?|ft\b\.?|featuring\b)\s*(.+)$")
# Kinds of version that stand behind a title without any bracket. In Latin titles only what can be no part of a name.
_LATIN_TAIL = re.compile(
    r"\s((?:(?:acoustic|live|piano|karaoke|instrumental|radio|extended|album|single|demo|original|english|japanese|korean|chinese|"
    r"spanish|french|cantonese|mandarin|orchestral|club|full|short|tv|movie|unplugged|remastered)[ -]"
    r"(?:version|ver\.?|edit|mix|size|remix))|off vocal|sped up|slowed(?: down)?(?: ?[+&] ?reverb)?|nightcore(?: ver\w*)?|"
    r"instrumental|remix|remastered|remaster|karaoke)$"
)
_CJK_TAIL = re.compile(
    r"(?:(?<=["
    + _CJK
    + r"])\s*|\s+)((?:live|remix|demo|inst|instrumental|acoustic|cover|dj|piano|mv|ost|karaoke|feat\b\.? .+)"
    r"(?:\s*(?:版|ver\b\.?|version|mix|edit|remix))?)$"
)
_CJK_VERSION_TAIL = re.compile(
    r"(?:^|(?<=\S))\s*((?:dj|现场|演唱会|伴奏|纯音乐|钢琴|吉他|弹唱|粤语|国语|中文|日语|日文|英文|英语|韩语|韩文|闽南语|台语|女声|男声|童声|合唱|独唱|对唱|"
    r"加速|降速|慢速|倍速|完整|原版|翻唱|清唱|不插电|交响|混音|电音|抖音|原唱|重制|demo|live|remix)版)$"
)
_CJK_WORD_TAIL = re.compile(
    r"\s((?:现场|演唱会|伴奏|翻唱|清唱|钢琴曲|纯音乐|からおけ|らいぶ|라이브|반주|粤语|国语|弹唱|合唱|歌ってみた|弹き语り)\S{0,3}"
    r"|\S{1,10}(?:版|\sver\.?|ver\.?))$"
)
_PART = re.compile(
    r"(?<![a-z])(?:parts?|pts?|vols?|volumes?|no|nos|nr|number|chapters?|chapt|ch|acts?|episodes?|ep|op|opus|bwv|k|kv|hob|woo|movement|mvt|sonata|symphony|act|scene|phase|book)(?:\b|(?=\d))\.?"
    r"\s*(?:#\s*)?(\d+|[ivx]+(?![a-z])|one|two|three|four|five|six|seven|eight|nine|ten)(?![a-z])"
    r"(?:\s*[-&/]\s*(\d+|[ivx]+)(?![a-z\d]))?"
)
_ROMAN_END = re.compile(
    r"(?<=[\w)!?.] )(ii|iii|iv|vi|vii|viii|ix|xi|xii)(?=$|[\s:.,)-])"
    r"|(?:^|(?<=[:\x22-] ))(i|ii|iii|iv|v|vi|vii|viii|ix|x)(?=\. )"
)
_CHINESE = re.compile(
    r"第([零一二三四五六七八九十百]+|\d+)|(?:之|其|part ?|vol\.? ?)([一二三四五六七八九十]+)(?=$|[\s)])"
)
_LONE_NUMERAL = re.compile(
    r"^(?:其|之)?([一二三四五六七八九十]+|上|中|下|前|后|前编|后编|上集|下集|上篇|下篇|中篇|续|完结篇|[ivx]+|\d+)$"
)
# A work by its catalogue, or by its key.
_WORK = re.compile(
    r"(?<![a-z])(?:op|opus|bwv|kv|k|hob|rv|woo|d|s)\b\.? ?\d|(?<![a-z])[a-h](?:[ -](?:flat|sharp))? (?:major|minor)(?![a-z])"
)
_COMPOSER = re.compile(r"^([^:]{3,40}):\s+(?=\S)")
_MASKED = re.compile(r"(?<![a-z*])[a-z]+\*[a-z*]+(?![a-z*])|(?<![a-z*])[a-z]+\*+(?![a-z*])")
_QUOTED = re.compile(r'^([^"]+?)\s*(?:\s(?:mv|m/v|pv))?\s*"([^"]+)"([^"]*)$')
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SPELT = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = {word: n for n, word in enumerate(_SPELT)}
_ORDER = {"上": "1", "前": "1", "前编": "1", "上集": "1", "上篇": "1", "中": "中", "中篇": "中"}
_HAN_DIGITS = {one: n for n, one in enumerate("零一二三四五六七八九")}
_GENERIC = re.compile(
    r"^(?:intro|outro|interlude|skit|prelude|overture|untitled|finale|epilogue|prologue|opening|ending|allegro|adagio|andante|presto|largo|"
    r"menuet|minuet|scherzo|rondo|bonus|introduction|nocturne|waltz|序|序曲|前奏|前奏曲|间奏|尾声|序幕|开场|引子|ぷろろーぐ|えぴろーぐ|いんとろ|"
    r"(?:track|曲目|音轨|とらっく|title)\d+|\d{1,2}|[ivx]*(?:allegro|adagio|andante|presto|largo|menuetto|scherzo|rondo|allegretto)\w*)$"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title, read. Names are squeezed folds, good for comparing only.

    `names` are the song's names: what stands before all brackets, and the same in other scripts. `whole` is the title
    with what was not understood of its brackets (`extras`). `words` are the folded words of the first name.
    """

    names: frozenset[str]
    base: str
    words: tuple[str, ...]
    whole: str
    extras: tuple[str, ...]
    tags: dict[str, str]
    guests: tuple[str, ...]
    numbers: tuple[str, ...]
    weak: frozenset[str]
    everything: frozenset[str] = frozenset()  # all words, those of `extras`, too
    loose: frozenset[str] = frozenset()  # a name only if much else agrees
    accents: str = ""  # the first name with its accents, squeezed; empty if it has none
    is_work: bool = False  # of a catalogue: Op. 9 No. 2, in E-flat major
    prefix: str | None = None  # folded text before the first dash: it may be the artist

    @property
    def is_short(self) -> bool:
        """Too short for any liberty: two ideographs make a word."""
        return len(self.base) <= (3 if has_cjk(self.base) else 5)

    @property
    def is_generic(self) -> bool:
        """A name that every album may have once: Intro, 序曲, II. Allegro."""
        return _GENERIC.match(self.base) is not None


def roman(text: str) -> int | None:
    """The value of a Roman numeral of at most 39, else None."""
    values = {"i": 1, "v": 5, "x": 10}
    if not text or any(one not in values for one in text):
        return None
    total = 0
    for one, after in zip(text, [*text[1:], ""], strict=True):
        total += -values[one] if after and values[after] > values[one] else values[one]
    return total


def chinese(text: str) -> int | None:
    """The value of a Chinese numeral below a thousand, else None."""
    total, digit = 0, 0
    for one in text:
        if one in _HAN_DIGITS:
            digit = _HAN_DIGITS[one]
        elif one in "十百":
            total += (digit or 1) * (10 if one == "十" else 100)
            digit = 0
        else:
            return None
    return total + digit


def _numeral(text: str) -> str:
    if text.isdigit():
        return str(int(text))
    if text in _WORDS:
        return str(_WORDS[text])
    for reader in (roman, chinese):
        if (value := reader(text)) is not None:
            return str(value)
    return text


def plain_numbers(folded: str) -> str:
    """Part numbers in one spelling: `part ii`, `pt. two` and `第二` have a 2 in them; the word for `part` goes."""
    text = _PART.sub(_part, folded)
    text = _ROMAN_END.sub(lambda found: f"{_numeral(found[1] or found[2])}", text)
    return _CHINESE.sub(lambda found: f" {_numeral(found[1] or found[2])} ", text)


def _part(found: re.Match[str]) -> str:
    """`parts i-v` as ` 1 5 `."""
    told = [one for one in found.groups() if one]
    if not all(_is_numeral(one) for one in told):
        return found[0]
    return f" {' '.join(_numeral(one) for one in told)} "


def _is_numeral(text: str) -> bool:
    return text.isdigit() or text in _WORDS or roman(text) is not None


def _number_of(segment: str) -> str | None:
    """A bracket that is a number and nothing else: (二), (II), (下)."""
    plain = plain_numbers(segment).strip(" .#")
    found = _LONE_NUMERAL.match(plain)
    return None if found is None else _ORDER.get(found[1], _numeral(found[1]))


class _Parts:
    """What has been found in a title so far."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.guests: list[str] = []
        self.extras: list[str] = []
        self.others: list[str] = []  # names in other scripts
        self.numbers: list[str] = []

    def take(self, segment: str, base: str) -> bool:
        """Whether the segment was understood; what was not is kept as a name or as text."""
        inner = segment.strip()
        if not inner or not (squeeze(inner)):
            return True
        if (number := _number_of(inner)) is not None and not re.fullmatch(r"(?:19|20)\d\d", inner):
            self.numbers.append(number)
            return True
        reading = versions.read(inner)
        if reading.guests:
            self.guests.append(reading.guests)
        for kind, name in reading.tags.items():
            self.tags[kind] = self.tags.get(kind) or name
        if not reading.rest:
            return True
        there, here = script(reading.rest), script(base)
        if there != here and "other" not in {there, here}:
            self.others.append(reading.rest)
        else:
            self.extras.append(reading.rest)
        return False


def _brackets(text: str, parts: _Parts) -> str:
    """The text without its brackets, inner ones first; if nothing stands outside them, their content is the text."""
    for _ in range(8):
        found = _BRACKET.search(text) or _OPEN_BRACKET.search(text)
        if found is None:
            break
        before, after = text[: found.start()], text[found.end() :]
        outside = _BRACKET.sub(" ", f"{before} {after}")
        if not squeeze_or_nothing(outside):  # nothing but brackets: their content is the title
            text = f"{before} {found[1]} {after}"
            continue
        parts.take(found[1], outside)
        text = f"{before.rstrip()} {after.lstrip()}".strip()
    return text.strip(" )(")


def squeeze_or_nothing(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _dashes(text: str, parts: _Parts, artist_keys: Collection[str]) -> tuple[str, str | None]:
    """The text before what stands behind dashes; and what stood before the first, if it may be an artist."""
    pieces = [piece.strip() for piece in _DASH.split(text) if piece.strip()]
    if len(pieces) < 2:
        return text, None
    if squeeze(pieces[0]) in artist_keys and not versions.read(pieces[1]).tags:
        pieces = pieces[1:]
    elif squeeze(pieces[-1]) in artist_keys:
        pieces = pieces[:-1]
    base, prefix = pieces[0], None
    for piece in pieces[1:]:
        if not parts.take(piece, base) and prefix is None:
            prefix = base
    return base, prefix


def _tails(text: str, parts: _Parts) -> str:
    """The text without what stands at its end unbracketed."""
    if (found := _GUESTS.search(text)) is not None:
        parts.guests.append(found[1])
        text = text[: found.start()].strip()
    if (work := _WORK_TAIL.search(text)) is not None and work.start() > 0:
        parts.take(text[work.start() :], text[: work.start()])
        text = text[: work.start()].strip()
    elif (whole := _WHOLE_WORK.match(text)) is not None:
        text = whole[1]
    patterns = [_CJK_VERSION_TAIL, _CJK_WORD_TAIL, _CJK_TAIL] if has_cjk(text) else [_LATIN_TAIL]
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None and squeeze_or_nothing(text[: found.start()]):
            if pattern is _CJK_TAIL and not has_cjk(text[: found.start()]):
                continue
            parts.take(found[1], text[: found.start()])
            text = text[: found.start()].strip(" -·~,")
    return text


_RUNS = re.compile(rf"[{_CJK}][{_CJK}\s,!?。·~'&-]*[{_CJK}!?]?|[^{_CJK}]+")


def _runs(text: str) -> frozenset[str]:
    """The names in a bilingual title without brackets (`光年之外 Light Years Away`): long enough to be names."""
    if not has_cjk(text) or not re.search(r"[a-z]", text):
        return frozenset()
    found = set()
    pieces = _RUNS.findall(text)
    for piece in pieces:
        name = squeeze_or_nothing(piece)
        # A word of two ideographs is a name if it comes first: 晴天 Sunny Day.
        shortest = 2 if text.startswith(piece) else 3
        words = 1 if len(pieces[0]) >= 5 and has_cjk(pieces[0]) else 2  # 不为谁而作的歌 Twilight
        long_enough = len(name) >= (shortest if has_cjk(name) else 6)
        long_enough = long_enough and (has_cjk(name) or len(piece.split()) >= words)
        if long_enough:
            found.add(name)
    return frozenset(found) if len(found) == 2 else frozenset()


def _leading_run(text: str) -> frozenset[str]:
    """What a bilingual title begins with, be it ever so short: 怪物 Monster."""
    pieces = _RUNS.findall(text)
    if len(pieces) != 2 or not has_cjk(pieces[0]) or len(squeeze_or_nothing(pieces[1])) < 4:
        return frozenset()
    name = squeeze_or_nothing(pieces[0])
    return frozenset((name,)) if len(name) >= 2 else frozenset()


def _in_two_scripts(base: str) -> list[str]:
    """The names in `恋 / Koi`; two names in one script (`Halo / Walking on Sunshine`) are two songs."""
    pieces = [piece for piece in re.split(r"\s+/\s+", base) if len(squeeze(piece)) > 1]
    return (
        [squeeze(piece) for piece in pieces]
        if len({script(piece) for piece in pieces}) == len(pieces) == 2
        else []
    )


def _numbers(base: str) -> tuple[str, ...]:
    return tuple(sorted(str(float(one)).removesuffix(".0") for one in _DIGITS.findall(base)))


def _without_numbers(plain: str) -> str:
    """The name to compare: numbers are compared on their own, wherever in the title they stand."""
    return squeeze_or_nothing(_DIGITS.sub(" ", plain)) or squeeze(plain)


def _without_artist(text: str, artist_keys: Collection[str]) -> str:
    """The title in `artist "title" official video` and in `title/artist`, as videos have it."""
    quoted = _QUOTED.match(text)
    if quoted is not None and squeeze(quoted[1]) in artist_keys:
        return f"{quoted[2]} ({quoted[3]})" if quoted[3].strip() else quoted[2]
    composer = _COMPOSER.match(text)
    if composer is not None and _WORK.search(text) and squeeze(composer[1]) in artist_keys:
        text = text[composer.end() :]
    head, slash, tail = text.rpartition("/")
    return head.strip() if slash and head.strip() and squeeze(tail) in artist_keys else text


def _accents(title: str) -> str:
    """What stands before brackets and dashes, with its accents, if it is short and has any."""
    if title.isascii():
        return ""
    head = squeeze(re.split(r"[(\[]| - ", unicodedata.normalize("NFC", title).casefold(), maxsplit=1)[0])
    return head if len(head) <= 5 and not head.isascii() and not has_cjk(head) else ""


def _written_out(title: str, artist_keys: Collection[str]) -> frozenset[str]:
    """The names with umlauts as two letters."""
    other = written_out(title)
    return frozenset() if other == title else parse(other, artist_keys=artist_keys).names


def unmasked(folded: str) -> str:
    """Words that a shop has masked with asterisks, in full."""
    return _MASKED.sub(lambda found: _unmask(found[0]), folded) if "*" in folded else folded


def _unmask(masked: str) -> str:
    pattern = re.compile("".join("[a-z]" if one == "*" else one for one in masked))
    loose = re.compile(re.sub(r"\*+", "[a-z]+", masked))
    fitting = (word for read in (pattern, loose) for word in vocabulary.MASKED if read.fullmatch(word))
    return next(fitting, masked)


def parse(title: str, *, artist_keys: Collection[str] = (), aliases: Iterable[str] = ()) -> Title:
    """Read a title as it was told. `artist_keys` are squeezed names: a title may begin or end with its artist.

    `aliases` are what the source told beside it: a further name, or the kind of version, or a work that it is from.
    """
    parts = _Parts()
    text = _without_artist(unmasked(fold(song_of(title_of(title), artist_keys))), artist_keys)
    base = _brackets(text, parts)
    base, prefix = _dashes(base, parts, artist_keys)
    base = _tails(base, parts) or text
    for alias in aliases:
        _take_alias(fold(alias), base, parts)
    plain = plain_numbers(base)
    name = _without_numbers(plain)
    numbers = (*_numbers(plain), *parts.numbers)
    others = [_without_numbers(plain_numbers(one)) for one in parts.others]
    slashes = _in_two_scripts(base)
    extras = tuple(plain_numbers(one).strip() for one in parts.extras)
    numbers += tuple(number for one in extras for number in _numbers(one))
    everything = sorted(_words(" ".join((plain, *extras))))
    return Title(
        names=frozenset((name, *others, *_written_out(title, artist_keys))),
        base=name,
        words=tuple(_words(plain)),
        whole="".join(everything),
        everything=frozenset(everything),
        extras=tuple(squeeze(one) for one in extras),
        tags=parts.tags,
        guests=tuple(parts.guests),
        numbers=tuple(sorted(Counter(numbers).elements())),
        weak=frozenset(slashes) | _runs(base),
        loose=_leading_run(base),
        accents=_accents(title),
        is_work=_WORK.search(text) is not None,
        prefix=prefix,
    )


def _words(text: str) -> list[str]:
    return [one for one in re.split(r"[\W_]+", text.replace("'", "").replace("&", " and ")) if one]


def _take_alias(alias: str, base: str, parts: _Parts) -> None:
    known = _Parts()
    inner = _brackets(alias, known)
    understood = known.take(inner, base)
    for kind, name in known.tags.items():
        parts.tags[kind] = parts.tags.get(kind) or name
    parts.guests.extend(known.guests)
    if not understood:
        parts.others.extend(known.others or known.extras)
