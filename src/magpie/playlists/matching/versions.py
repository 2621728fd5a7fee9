"""The words by which titles tell one recording of a song from another, and those that tell nothing.

Everything here works on folded text (`fold.py`). A word in Latin letters counts only between other letters than Latin
ones: `\\b` would not do, since it sees no border in `live版`, where both sides are word characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

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


VERSION = rf"(?:(?<![a-z])(?:versions?|ver\b\.?|vers\b\.?|ver(?=[\d.])\.?|edition|style|arrange(?:d|ment)?)|版本?|{fold('バージョン')}|{fold('ヴァージョン')}|버전|버젼)"

_KARAOKE = (
    "instrumental", "instrumentals", "inst", "karaoke", "karaoke version", "off vocal", "offvocal", "backing track",
    "minus one", "without vocals", "no vocals", "vocalless", "伴奏", "伴奏带", "伴唱", "卡拉ok", "纯音乐", "纯伴奏", "消音", "无人声",
    "カラオケ", "オフボーカル", "オフヴォーカル", "インスト", "インストゥルメンタル", "インストルメンタル", "반주", "인스트", "mr 반주",
    "instrumentale", "instrumentalna", "минус", "минусовка", "караоке", "инструментал",
)  # fmt: skip
_LIVE = (
    "现场", "现场版", "演唱会", "音乐会", "音乐节", "巡演", "巡回演唱会", "不插电", "ライブ", "ライヴ", "生放送", "コンサート", "라이브", "콘서트", "en vivo",
    "en directo", "ao vivo", "dal vivo", "en concert", "in concert", "unplugged", "concert", "concert version",
    "bbc session", "peel session", "spotify session", "spotify sessions", "live session", "live lounge",
    "the first take", "first take", "tiny desk", "концерт", "живьём", "live版", "拉阔",
)  # fmt: skip
_LANGUAGES = {
    "yue": ("粤语", "粤", "广东话", "广东歌", "cantonese", "白话"),
    "zh": ("国语", "华语", "普通话", "中文", "汉语", "mandarin", "chinese", "중국어", "中国语", "cn ver", "chn ver"),
    "ja": ("日语", "日文", "日本语", "japanese", "일본어", "jp ver", "jpn ver", "jp version", "japan ver"),
    "ko": ("韩语", "韩文", "korean", "한국어", "kr ver", "kor ver", "韩国语"),
    "en": ("英语", "英文", "english", "영어", "en ver", "eng ver", "eng version", "inglés", "英语版"),
    "nan": ("闽南语", "台语", "福建话", "taiwanese", "hokkien"),
    "es": ("西班牙语", "spanish", "español", "castellano", "en español", "spanglish"),
    "fr": ("法语", "法文", "french", "français", "version française"),
    "de": ("德语", "german", "deutsch"),
    "it": ("意大利语", "italian", "italiano"),
    "pt": ("葡萄牙语", "portuguese", "português"),
    "ru": ("俄语", "russian", "русская"),
    "th": ("泰语", "泰文", "thai"),
    "vi": ("越南语", "vietnamese"),
    "hak": ("客家话", "客语", "hakka"),
    "sc": ("四川话", "川话"),
}  # fmt: skip

# (kind, name, words). The first that fits takes its words away; several kinds may be in one bracket.
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("version", "owned", r"(?<![a-z])taylor's version"),
    ("speed", "nightcore", _any(("nightcore", "night core"))),
    ("speed", "slow", _any(("slowed down", "slowed", "slow version", "slow ver", "daycore", "降速", "慢速", "慢放", "减速", "慢摇", "reverbed", "super slowed", "ultra slowed"))),
    ("speed", "up", _any(("sped up", "speed up", "speedup", "spedup", "speeded up", "fast version", "fast ver", "加速", "快速版", "倍速", "変速", "스페드업", "스피드업"))),
    ("speed", "slow", r"(?<![\d.])0\.\d+(?:x|倍)速?(?=$| |版)"),
    ("speed", "up", r"(?<![\d.])1\.\d+(?:x|倍)速?(?=$| |版)"),
    ("acappella", "", _any(("a cappella", "acappella", "a capella", "acapella", "阿卡贝拉", "阿卡佩拉", "清唱", "アカペラ", "vocals only", "vocal only"))),
    ("instrumental", "", _any(_KARAOKE)),
    ("live", "", _any(_LIVE)),
    ("acoustic", "", _any(("acoustic", "acoustics", "acústico", "acustico", "acústica", "acoustique", "akustik", "akustisch", "stripped", "原声吉他", "吉他弹唱", "弹唱", "木吉他", "吉他", "アコースティック", "弾き語り", "어쿠스틱", "акустика", "акустическая", "guitar version", "stripped back", "不插电"))),
    ("piano", "", _any(("piano", "钢琴", "ピアノ", "피아노", "钢琴曲", "弹琴", "пианино"))),
    ("orchestral", "", _any(("orchestral", "orchestra", "symphonic", "symphony version", "strings", "string version", "string quartet", "交响", "交响乐", "管弦乐", "弦乐", "オーケストラ", "오케스트라", "philharmonic"))),
    ("lofi", "", _any(("lofi", "lo fi", "8d", "8d audio", "8bit", "8 bit", "music box", "八音盒", "オルゴール", "오르골", "lullaby", "bass boosted"))),
    ("mashup", "", _any(("mashup", "mash up", "medley", "megamix", "串烧", "组曲", "メドレー", "메들리", "nonstop"))),
    ("demo", "", _any(("demo", "demos", "小样", "デモ", "데모", "home recording", "early version", "rough mix", "rehearsal", "outtake", "alternate take", "alternative take", "alternate version", "alternative version", "alternate mix", "alt version", "work tape", "draft"))),
    ("reprise", "", _any(("reprise", "リプライズ"))),
    ("cover", "", _any(("cover", "covers", "covered by", "cover by", "翻唱", "翻自", "歌ってみた", "カバー", "カヴァー", "セルフカバー", "커버", "кавер", "tribute", "tribute version", "in the style of", "originally performed by", "made famous by", "as made famous by", "原唱"))),
    ("voice", "duet", _any(("duet", "合唱", "对唱", "デュエット", "duet version", "듀엣"))),
    ("voice", "solo", _any(("solo", "solo version", "独唱", "ソロ", "솔로"))),
    ("voice", "female", _any(("女声", "女生", "女版", "female version", "female vocals"))),
    ("voice", "male", _any(("男声", "男生", "男版", "male version", "male vocals"))),
    ("voice", "children", _any(("童声", "儿童", "kids version"))),
    ("rerecorded", "", _any(("re recorded", "rerecorded", "re recording", "new recording", "重录", "重唱", "重新录制", "新录", "再録", "re record"))),
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
    _any(("extended", "extended mix", "extended version", "long version", "long ver", "full version", "full ver", "full length", "maxi version", "full size", "full", "12 inch", '12"', "加长", "完整", "完整版", "全长", "フル", "フルバージョン", "ロング", "풀버전"))
)  # fmt: skip
_EDIT = re.compile(
    _any(("radio edit", "radio version", "radio mix", "radio ver", "radio", "single edit", "video edit", "tv size", "tvsize", "tv edit", "tv version", "tv ver", "tv", "anime size", "anime ver", "anime version", "anime edit", "movie size", "movie ver", "movie edit", "game size", "game ver", "short version", "short ver", "short edit", "short", "edited", "7 inch", '7"', "剪辑", "电台", "短版", "片段", "截取", "tvサイズ", "tvバージョン", "アニメサイズ", "ショート", "라디오 에디트", "抖音片段"))
)  # fmt: skip
_REMIX = re.compile(
    _any(("remix", "remixed", "remixed by", "remixes", "rmx", "rework", "reworked", "bootleg", "refix", "re edit", "reedit", "flip", "vip mix", "vip", "dub mix", "dub", "club mix", "club edit", "dance mix", "house mix", "mixed by", "dj mix", "mixed", "混音", "リミックス", "리믹스", "ремикс", "重混", "电音", "舞曲", "抖音", "车载", "越南鼓"))
    + r"|(?<![a-z])(?:re)?mix(?![a-z])|(?<![a-z])edit(?![a-z])|(?<![a-z])dj(?![a-z])"
)  # fmt: skip
# A remaster, a year, an edition: the same recording.
_NOISE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:年)?[ -]*(?:digital(?:ly)? )?remaster(?:ed|ing)?(?: version| edition)?(?:[ -]*(?:in )?(?:19|20)\d\d)?"
    r"|(?<![a-z])(?:digital(?:ly)? )?remaster(?:ed|ing|izado)?(?: version| edition)?(?:[ -]*(?:in )?(?:19|20)\d\d)?(?![a-z\d])"
    r"|(?<!\d)(?:19|20)\d\d (?:(?:stereo|mono) )?(?:mix|edit)(?![a-z])"
    r"|(?<![a-z])(?:original|stereo|mono|atmos|dolby atmos|single|album|lp|ep|official|main|standard) (?:mix|version|ver\.?)(?![a-z])"
    r"|(?<![a-z])(?:ep|album|single|original|official|standard|soundtrack|theme|deluxe|explicit|clean|uncensored|censored|mono|stereo|cd|digital|bonus|main|regular|studio|film|ost)[ -]?"
    + VERSION
    + r"|(?<!\d)\d+(?:th|st|nd|rd)[ -]anniversary(?: remaster(?:ed)?| edition| version| mix| deluxe)*"
    r"|" + _any((
        "deluxe", "deluxe edition", "expanded edition", "special edition", "anniversary edition", "collector's edition", "super deluxe", "bonus track", "bonus", "explicit", "clean", "clean version", "album version", "single version", "original version", "original mix", "official video", "official audio", "official music video", "official lyric video", "official mv", "official", "music video", "lyric video", "lyrics video", "lyrics", "lyric", "audio", "video", "visualizer", "visualiser", "mv", "m/v", "pv", "hd", "hq", "4k", "1080p", "720p", "hi res", "mono", "stereo", "dolby atmos", "from the vault", "原版", "正式版", "官方版", "专辑版", "单曲版", "录音室版", "无损", "高音质", "高清", "动态歌词", "歌词版", "歌词", "官方", "官方mv", "完整mv", "オリジナル", "オリジナルver", "アルバムver", "シングルver", "アルバムバージョン", "シングルバージョン", "公式", "뮤직비디오", "공식", "원곡", "remasterizado", "remasterisé", "版权", "首发", "热门", "重制版", "重制", "修复版", "リマスター", "리마스터", "ремастер", "topic", "ep", "pre release", "2ch", "cd", "lp",
    ))
)  # fmt: skip
_WORK = re.compile(
    r"《[^》]*》"
    + r"|(?<![a-z])(?:theme(?: song)?|music|song)? ?from (?:the )?(?:(?:motion picture|film|movie|series|tv series|netflix (?:film|series)|musical|game|album|broadway musical|original) )*(?:soundtrack )?(?:\".*\"|'.*'|.*)$"
)  # fmt: skip
_WORK_WORDS = re.compile(
    _any(("主题曲", "主题歌", "片头曲", "片尾曲", "插曲", "插入歌", "推广曲", "宣传曲", "宣传歌", "同名主题曲", "片尾", "片头", "原声带", "电影原声", "原声大碟", "影视原声", "概念曲", "角色曲", "キャラクターソング", "印象曲", "ost", "o.s.t", "original soundtrack", "soundtrack", "original motion picture soundtrack", "motion picture", "opening theme", "ending theme", "theme song", "insert song", "main theme song", "オープニングテーマ", "エンディングテーマ", "オープニング", "エンディング", "挿入歌", "テーマ曲", "テーマソング", "イメージソング", "主題歌", "cm曲", "cmソング", "주제곡", "삽입곡", "广告曲", "代言曲", "贺岁曲"))
    + r"|^(?:op|ed)\d{0,2}$"
)  # fmt: skip
_GUESTS = re.compile(
    r"(?:^|(?<=[ (]))(?:feat\b\.?|ft\b\.?|featuring\b|w/)[ :]*(.+)$|^(?:with|duet with) (.+)$|^(?:prod\b\.?|produced)(?: by)? .+$"
)
_LANGUAGE_PATTERNS = tuple((name, re.compile(_any(words))) for name, words in _LANGUAGES.items())
_KIND_PATTERNS = tuple((kind, name, re.compile(pattern)) for kind, name, pattern in _KINDS)
_VERSION = re.compile(VERSION)
_YEARS = re.compile(r"^(?:19|20)\d\d$")
# Whatever concerts' names are made of tells of no other kind: an orchestra may play at one.
_HARMLESS = re.compile(r"^(?:the|a|an|at|in|on|by|of|and|from|with|-|\+|&|/|,|:|\.|'|\"|~|!|·|\s)*$")


def read(segment: str) -> Reading:
    """What one bracket's content (or the part behind a dash) tells. `segment` is folded."""
    text = segment.strip(" .-~:,;/\"'")
    reading = Reading()
    if guests := _GUESTS.search(text):
        reading.guests = (guests[1] or guests[2] or "").strip()
        text = text[: guests.start()].strip(" -/,")
        if not text:
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
    if _WORK_WORDS.search(text):
        return _WORK_WORDS.sub(" ", _WORK.sub(" ", text)), True
    if (found := _WORK.search(text)) and not _LIVE_WORD.search(text) and "take" not in text:
        return f"{text[: found.start()]} {text[found.end() :]}".strip(), True
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
    elif not reading.tags:
        reading.rest = text


_ALBUM_LIVE = re.compile(
    r"演唱会|音乐会|现场|巡回|不插电|拉阔|らいぶ|らいう゛|라이브|콘서트|en vivo|ao vivo|dal vivo|unplugged|in concert"
    r"|(?<![a-z])live (?:at|in|from|on|album|tour|cd|dvd|version|ver|session|collection|best|concert|lounge|\d)|\(live\)|(?<![a-z])live!|[- ]live$"
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
