"""The words of music titles: what only advertises, what tells versions apart, what marks a guest.

Collected from how labels, artists and broadcasters name their uploads; each list is of whole words or phrases, in
lower case. What is in no list is left alone.
"""

from __future__ import annotations

import re
from functools import cache

# Only these make a phrase advertising: "Official", "Music Video", "4K". The fillers below may stand with them.
_TELLING_LATIN = (
    "official", "officiel", "officielle", "oficial", "oficiales", "offizielles", "offizieller", "offizielle",
    "ufficiale", "officieel", "officiële", "officiell", "oficjalny", "oficjalne", "oficiální", "oficiálne", "hivatalos",
    "resmi", "virallinen", "offisiell", "oficialus", "zvanični", "zvanicni", "službeni",
    "video", "vídeo", "vidéo", "wideo", "videó", "videoclip", "videoclipe", "videoklip", "videoklipp", "clip",
    "clipe", "klip",
    "klipp", "teledysk", "musikvideo", "musicvideo", "muziekvideo", "spot", "mv", "m/v", "pv", "audio", "áudio",
    "lyric", "lyrics", "lyrical", "letra", "letras", "paroles", "testo", "songtext", "lirik", "sözleri", "tekst",
    "lời bài hát",
    "visualizer", "visualiser", "visualizador", "legendado", "vevo",
    "hi-res", "hires", "high quality", "best quality", "free download", "free dl", "out now", "premiere",
)  # fmt: skip
_SIZES = (
    "hd", "hq", "uhd", "fhd", "4k", "8k", "2k", "1080p", "720p", "480p", "1440p", "2160p", "4320p", "60fps", "hdr",
)  # fmt: skip
_FILLING_LATIN = (
    "music", "musical", "full", "song", "with", "w/", "con", "avec", "mit", "and", "&", "y", "et", "the", "in",
    "of", "song",
    "new", "nuevo", "nouveau", "neu", "hit", "version", "quality", "original video", "only", "screen", "şarkı",
    "exclusive",
    "subtitles", "subtitulado", "+",
)  # fmt: skip
_TELLING_OTHER = (
    # Chinese
    "官方", "高清", "超清", "高畫質", "高画质", "歌词", "歌詞", "動態歌詞", "动态歌词", "高音质", "高音質", "无损",
    "無損",
    "音樂錄影帶", "音乐录影带", "音樂影片", "音乐视频", "首播", "完整版mv", "完整版hd", "首波主打", "主打歌", "主打",
    # Japanese
    "公式", "ミュージックビデオ", "ミュージック・ビデオ", "ミュージックヴィデオ", "オフィシャル", "オーディオ",
    "リリックビデオ",
    "リリック", "歌詞付き", "歌詞つき", "高画質", "ビデオ",
    # Korean
    "뮤직비디오", "뮤비", "공식", "오피셜", "오디오", "가사", "고음질", "고화질",
    # Russian, Ukrainian, Bulgarian, Serbian, Kazakh
    "официальный", "официальное", "официальная", "официален", "официално", "премьера", "премиера", "клип", "клипа",
    "трека",
    "песни", "видеоклип", "видео", "аудио", "текст", "лирик", "офіційне", "офіційний", "прем'єра", "прем’єра", "кліп",
    "кліпу", "пісні", "відео", "аудіо", "званични", "спот", "ресми", "бейнебаян",
    # Arabic, Persian, Hebrew
    "فيديو كليب", "الفيديو الرسمي", "الكليب الرسمي", "فيديو", "كليب", "الرسمي", "رسمي", "حصريا", "حصرياً", "أوديو",
    "كلمات", "الكلمات", "بالكلمات", "موزیک ویدیو", "ویدیو", "رسمی", "הקליפ", "קליפ", "הרשמי", "רשמי", "אודיו", "וידאו",
    # Thai
    "มิวสิควิดีโอ", "มิวสิควีดีโอ", "มิวสิกวิดีโอ", "เนื้อเพลง", "ออฟฟิเชียล", "คลิป",
    # Hindi, Bengali, Tamil
    "वीडियो", "ऑफिशियल", "लिरिकल", "लिरिक्स", "ভিডিও", "অফিসিয়াল", "வீடியோ",
    # Greek, Georgian, Armenian
    "επίσημο", "βίντεο", "στίχοι", "βιντεοκλίπ", "ოფიციალური", "კლიპი", "պաշտոնական", "տեսահոլովակ",
)  # fmt: skip
_FILLING_OTHER = (
    "完整版", "版", "音樂", "音乐", "中文", "字幕", "フル", "フルバージョン", "付き", "版本", "新曲", "버전",
    "음악", "新歌", "मुल",
    "новый", "новая", "новинка", "и", "مع", "الفيديو", "الكليب", "اغنية", "أغنية", "वाला", "गाना", "เพลง", "εκδοχή",
    "τραγούδι",
)  # fmt: skip

# What makes another recording of the same song: it stays, and never counts as a title of its own.
_VERSIONS = (
    "live", "en vivo", "ao vivo", "dal vivo", "en directo", "en concert", "in concert", "live session", "live video",
    "live performance", "live version", "session", "acoustic", "acoustic version", "acústico", "acustico", "unplugged",
    "remix", "mix", "extended mix", "extended", "original mix", "radio edit", "radio mix", "club mix", "edit",
    "vip", "dub",
    "rework", "bootleg", "mashup", "cover", "piano", "piano version", "guitar", "instrumental", "karaoke", "a cappella",
    "acapella", "demo", "remaster", "remastered", "slowed", "slowed + reverb", "slowed and reverb",
    "slowed & reverb", "reverb",
    "sped up", "speed up", "nightcore", "8d", "8d audio", "bass boosted", "1 hour", "1 hour loop", "1 hora", "10 hours",
    "loop", "teaser", "trailer", "reaction", "tutorial", "dance practice", "performance", "performance version",
    "performance video", "explicit", "clean", "full album", "full concert", "medley", "reprise", "intro", "outro",
    "interlude", "skit", "single version", "album version", "part 1", "part 2", "part i", "part ii", "pt. 1", "pt. 2",
    "original", "bonus track", "deluxe", "ost", "soundtrack", "オリジナル", "カバー", "歌ってみた", "ライブ",
    "弾いてみた", "ピアノ", "踊ってみた",
    "现场", "現場", "现场版", "現場版", "翻唱", "伴奏", "钢琴版", "鋼琴版", "純音樂", "纯音乐", "一小时", "一小時",
    "演唱會",
    "라이브", "커버", "티저", "лайв", "кавер", "ремикс", "караоке", "минус", "концерт", "live в студии",
    "ريمكس", "لايف", "كاريوكي", "คัฟเวอร์", "ไลฟ์", "แสดงสด",
)  # fmt: skip

# A part of a title that is no artist: numbers, episodes, and what a song comes from.
NO_ARTIST = re.compile(
    r"(?:#?\d+[.)]?|(?:ep(?:isode|\.)?|part|pt\.?|track|chapter|vol(?:ume|\.)?|season|day|week|no\.?|nr\.?|folge|teil|кapitel"
    r"|серия|часть|выпуск|глава|episodio|capítulo|épisode)\s*#?\d+|第.{1,6}[集話话回章期])(?:\s.*)?",
    re.IGNORECASE,
)
NOT_SUNG_BY = re.compile(
    r"(?:tv)?(?:アニメ|映画|ドラマ|劇場版|ゲーム|電影|电影|電視劇|电视剧|動畫|动画|主題歌"
    r"|主题曲|主題曲|드라마|영화|애니)",
    re.IGNORECASE,
)
HASHTAGS = frozenset(
    (
        "shorts", "short", "music", "musicvideo", "newmusic", "lyrics", "lyricvideo", "viral", "trending", "fyp",
        "mv", "video",
        "officialvideo", "officialmusicvideo", "song", "songs", "kpop", "jpop", "hiphop", "rap", "pop",
    )
)  # fmt: skip

SEPARATORS = r"\s\-–—−‒|｜/／,、，·・•:：&+_~〜!！.。"


# Letters of scripts whose words stand apart from each other; 官方MV has no space. Both cases are in it: left to
# IGNORECASE, it would be worked out letter by letter.
_LETTER = "(?-i:[A-Za-z\u00c0-\u0dff\u10a0-\u10ff\u1e00-\u1fff])"


def _one_of(words: tuple[str, ...]) -> str:
    """A pattern of any of these words, the longest first; those of letters do not begin or end within a word.

    Words with the same ends share the looks around: one for each word takes a tenth of a second to compile. The order of
    the kinds keeps the longest first, too: what goes on from 完整版 ends in letters (完整版MV), what goes on from letters
    does not (w, w/).
    """
    kinds: dict[tuple[bool, bool], list[str]] = {kind: [] for kind in _ENDS}
    for word in sorted(set(words), key=len, reverse=True):
        kinds[ends_of(word)].append(re.escape(word))
    patterns = []
    for (begins, ends), group in kinds.items():
        before, after = f"(?<!{_LETTER})" if begins else "", f"(?!{_LETTER})" if ends else ""
        patterns += [f"{before}(?:{'|'.join(group)}){after}"] if group else []
    return "|".join(patterns)


_ENDS = ((True, False), (True, True), (False, True), (False, False))


def ends_of(word: str) -> tuple[bool, bool]:
    """Whether it begins, and whether it ends, with a letter of such a script."""
    return bool(re.match(_LETTER, word[0])), bool(re.match(_LETTER, word[-1]))


_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_NOISY = (*_TELLING_LATIN, *_TELLING_OTHER, *_SIZES, *_FILLING_LATIN, *_FILLING_OTHER)


# The large patterns are made when they are first needed: most programs name no song. Atomic and possessive: a title made
# to have a million readings is read once.


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(rf"(?>(?:{_one_of(_NOISY)}|{_YEAR})[{SEPARATORS}]*+)++", re.IGNORECASE)


@cache
def advertising() -> re.Pattern[str]:
    """What only advertises, wherever it stands."""
    return re.compile(_one_of((*_TELLING_LATIN, *_TELLING_OTHER)), re.IGNORECASE)


@cache
def _telling() -> re.Pattern[str]:
    return re.compile(_one_of((*_TELLING_LATIN, *_TELLING_OTHER, *_SIZES)), re.IGNORECASE)


@cache
def _versions() -> re.Pattern[str]:
    return re.compile(rf"(?>(?:{_one_of(_VERSIONS)}|\d+)[{SEPARATORS}]*+)++", re.IGNORECASE)


@cache
def _a_version() -> re.Pattern[str]:
    return re.compile(_one_of(_VERSIONS), re.IGNORECASE)


GUEST = re.compile(r"(?<![^\W_])(?:featuring|feat|ft)(?:\.\s*|(?=[^\x00-\u02ff])|\s+)", re.IGNORECASE)


def is_noise(text: str) -> bool:
    """Whether the text says nothing of the song: "Official Music Video", 【官方MV】, 4K."""
    text = text.strip()
    return bool(_noise().fullmatch(text)) and bool(_telling().search(text))


def is_version(text: str) -> bool:
    """Whether the text only tells which recording it is: "Live", "Piano Version", 伴奏."""
    text = text.strip()
    return bool(_versions().fullmatch(text)) and bool(_a_version().search(text))
