"""How a file gets to a browser: as it is, in another container, or converted; and no more of that than needed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from magpie.library.playing.facts import Facts

# What every present browser plays. Words for containers and for codecs; some are both.
EVERYBODY = frozenset(
    {"mp4", "webm", "ogg", "mp3", "flac", "wav", "aac", "h264", "vp8", "vp9", "opus", "vorbis", "pcm"}
)
_WORD = re.compile(r"[a-z0-9-]{1,20}")
_DEMUXERS = {"mov": "mp4", "matroska": "mkv"}
_EIGHT_BITS = frozenset({"yuv420p", "yuvj420p"})
_PIXELS = {
    "h264": _EIGHT_BITS,
    "vp8": _EIGHT_BITS,
    "vp9": _EIGHT_BITS | {"yuv420p10le"},
    "hevc": _EIGHT_BITS | {"yuv420p10le"},
    "av1": _EIGHT_BITS | {"yuv420p10le"},
}


class Way(StrEnum):
    """`direct`: the file itself, with ranges. `remux`: its streams, in another container. `transcode`: at least one of them
    is converted. `none`: there is no way."""

    DIRECT = "direct"
    REMUX = "remux"
    TRANSCODE = "transcode"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Target:
    """A container that can be sent while it is written. The codecs that may be in it, and the ones that we can make."""

    name: str
    video: frozenset[str]
    audio: frozenset[str]
    made_video: str
    made_audio: str


_TARGETS = (
    _Target(
        "mp4",
        video=frozenset({"h264", "hevc", "av1", "vp9"}),
        audio=frozenset({"aac", "mp3", "flac", "opus", "alac"}),
        made_video="h264",
        made_audio="aac",
    ),
    _Target(
        "webm",
        video=frozenset({"vp8", "vp9", "av1"}),
        audio=frozenset({"opus", "vorbis"}),
        made_video="vp8",
        made_audio="opus",
    ),
)
_VIDEO_COST, _AUDIO_COST = 10, 1


@dataclass(frozen=True, slots=True)
class Plan:
    """`video` and `audio`: `copy`, a codec to be made, or None for none."""

    way: Way
    container: str
    video: str | None = None
    audio: str | None = None

    @property
    def mime(self) -> str:
        """The type of what is sent, if it is not the file itself."""
        return f"{'video' if self.video else 'audio'}/{self.container}"


def abilities(text: str | None) -> frozenset[str]:
    """What a client says that it plays: words with commas between them. None: what every browser plays."""
    if text is None:
        return EVERYBODY
    return frozenset(word for one in text.lower().split(",") if _WORD.fullmatch(word := one.strip()))


def container_of(facts: Facts, mime: str) -> str:
    """The container's word. Those that share a demuxer are told apart by the file's recorded type."""
    name = _DEMUXERS.get(facts.demuxer, facts.demuxer)
    if name == "mkv" and mime.endswith("/webm"):
        return "webm"
    if name == "mp4" and mime == "video/quicktime":
        return "mov"
    return name


def video_word(facts: Facts) -> str | None:
    """The video codec's word; one that no client has if the picture is stored in a way that browsers do not know."""
    if facts.video is None:
        return None
    known = _PIXELS.get(facts.video)
    return facts.video if known is None or facts.pixels in known else f"{facts.video}-{facts.pixels}"


def audio_word(facts: Facts) -> str | None:
    if facts.audio is None:
        return None
    return "pcm" if facts.audio.startswith("pcm_") else facts.audio


def decide(facts: Facts, mime: str, can: Collection[str], *, may_convert: bool = True) -> Plan:
    """The cheapest way in which a client that plays `can` plays the file. `may_convert`: remuxing counts as that, too."""
    video, audio = video_word(facts), audio_word(facts)
    container = container_of(facts, mime)
    held = [word for word in (video, audio) if word is not None]
    if container in can and all(word in can for word in held):
        return Plan(Way.DIRECT, container)
    plans = [_into(target, video, audio, can) for target in _TARGETS if target.name in can]
    possible = [plan for plan in plans if plan is not None] if may_convert and held else []
    return min(possible, key=_cost, default=Plan(Way.NONE, container))


def _into(target: _Target, video: str | None, audio: str | None, can: Collection[str]) -> Plan | None:
    pictures = _stream(video, target.video, target.made_video, can)
    sound = _stream(audio, target.audio, target.made_audio, can)
    if (video and pictures is None) or (audio and sound is None):
        return None
    copied = {pictures, sound} <= {"copy", None}
    return Plan(Way.REMUX if copied else Way.TRANSCODE, target.name, pictures, sound)


def _stream(word: str | None, fits: Collection[str], made: str, can: Collection[str]) -> str | None:
    if word is None:
        return None
    if word in can and word in fits:
        return "copy"
    return made if made in can else None


def _cost(plan: Plan) -> int:
    video = _VIDEO_COST if plan.video not in ("copy", None) else 0
    return video + (_AUDIO_COST if plan.audio not in ("copy", None) else 0)
