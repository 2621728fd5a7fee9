"""The port between Magpie and the tools that fetch media.

An `Extractor` runs inside a *job process*: a killable, memory-limited child of the fork server with a work
folder of its own. It sees one `Request` and talks to its worker through a `Session`. This module is imported
in every job process, so it stays light: dataclasses and the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Protocol, runtime_checkable


class Kind(StrEnum):
    """What a medium is."""

    VIDEO = "video"
    AUDIO = "audio"
    GALLERY = "gallery"
    IMAGE = "image"
    FILE = "file"


class Role(StrEnum):
    """What a file is to its item."""

    MEDIA = "media"
    IMAGE = "image"
    THUMBNAIL = "thumbnail"
    SUBTITLE = "subtitle"
    INFO = "info"
    COVER = "cover"  # a picture beside the media, under a name that media servers look for
    NFO = "nfo"  # what media servers read about it


class Claim(IntEnum):
    """How sure an extractor is of an address, without any network access."""

    NO = 0
    MAYBE = 1  # it can look at any page and see
    LIKELY = 2  # the address itself looks like it (a file ending, say)
    YES = 3  # it knows this site


# What is marked or cut in videos (https://wiki.sponsor.ajay.app/w/Types), with a letter that stands for it in the
# quality class; what has none can only be marked.
SPONSOR_CATEGORIES = {
    "sponsor": "s", "selfpromo": "p", "interaction": "n", "intro": "i", "outro": "o", "preview": "v", "hook": "h",
    "music_offtopic": "m", "filler": "f", "poi_highlight": "", "chapter": "",
}  # fmt: skip
_BY_ITSELF = frozenset({Kind.GALLERY, Kind.IMAGE, Kind.FILE})  # there is one of each, however it is asked for
_AS_IT_IS = "video"


@dataclass(frozen=True, slots=True)
class Profile:
    """How to save. `max_height` is in pixels; `audio_format` is `keep` or a target format."""

    name: str
    kind: str = "video"  # video | audio | gallery
    max_height: int | None = None
    container: str = "keep"  # keep | mp4 | mkv | webm
    audio_format: str = "keep"  # keep | mp3 | opus | m4a | flac
    audio_quality: str | None = None  # v0 | v2 | kilobits a second, for what has to be encoded
    clean_names: bool = True  # artist and title of music are taken out of what the site calls it
    replaygain: bool = True  # music is measured, and its loudness noted in its tags
    lyrics: bool = True
    square_cover: bool = False  # pictures of music are cut to squares
    subtitles: tuple[str, ...] = ()  # language tags, or `all`
    automatic_subtitles: bool = False  # also what the site made by machine
    subtitle_format: str = "vtt"  # vtt | srt
    embed_subtitles: bool = False  # in the file instead of beside it
    embed_metadata: bool = True
    embed_chapters: bool = True
    embed_thumbnail: bool = False
    cover: bool = False  # a picture beside the media
    info_json: bool = False  # what the site said, beside the media
    nfo: bool = False
    mark: tuple[str, ...] = ()  # SPONSOR_CATEGORIES that become chapters
    cut: tuple[str, ...] = ()  # and those that are cut out
    server: str | None = None  # plex | jellyfin | kodi: whose names are used
    template: str | None = None  # of the names, as `library.templates` reads it; wins over `server`

    @property
    def quality(self) -> str:
        """The quality class of videos and sound: part of a stored file's identity. What stands beside the file, its
        name, and what can be taken out again are not."""
        parts = [self.kind if self.kind == "audio" else "video"]
        if self.max_height:
            parts.append(f"{self.max_height}p")
        if self.container != "keep":
            parts.append(self.container)
        if self.kind == "audio" and self.audio_format != "keep":
            parts.append(self.audio_format)
            if self.audio_quality:
                parts.append(self.audio_quality)
        if self.cut:
            parts.append("cut" + "".join(sorted(SPONSOR_CATEGORIES[name] for name in self.cut)))
        return "-".join(parts)

    def quality_of(self, kind: Kind) -> str:
        """The quality class of such a medium: pictures and files are one and the same for every profile."""
        return _AS_IT_IS if kind in _BY_ITSELF else self.quality


@dataclass(frozen=True, slots=True)
class Request:
    """One medium wanted. `workdir` may hold partial files of an earlier attempt that can be continued."""

    url: str
    profile: Profile
    workdir: Path
    proxy: str  # address of the egress guard with this job's credentials; every connection goes through it
    ffmpeg: str  # path of the ffmpeg program
    ffprobe: str | None = None
    deno: str | None = None
    cookies: Path | None = None  # Netscape cookie file, mode 0600, for this job only
    title: str | None = None  # what the user says, wins over the site's
    artist: str | None = None
    max_bytes: int | None = None
    list_limit: int = 1000  # how many entries of a list are reported at most
    # What the list that it comes from says of it, see `IsAList`.
    hints: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)  # an extractor's own settings


@dataclass(frozen=True, slots=True)
class Medium:
    """What is known of a medium before its bytes arrive. Durations in seconds, sizes in bytes."""

    extractor: str
    source_id: str
    kind: Kind
    title: str
    url: str  # the page or file that it came from
    artist: str | None = None
    album: str | None = None
    duration: float | None = None
    description: str | None = None
    published_at: str | None = None  # ISO 8601, UTC
    thumbnail_url: str | None = None
    estimated_bytes: int | None = None
    is_live: bool = False
    extra: dict[str, Any] = field(default_factory=dict)  # JSON values: channel, track number, tags, …


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: an address that can be saved by itself."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class SavedFile:
    """One file in the work folder. `name` is relative to it."""

    name: str
    role: Role
    size: int
    mime: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What an extractor brought: the medium as finally known, and its files, main file first."""

    medium: Medium
    files: tuple[SavedFile, ...]


class NotMine(Exception):
    """The extractor looked and cannot handle the address; the next one is asked."""


class Declined(Exception):
    """The worker told the job to stop after `found` (held already, no space): unwinds the extractor."""


class IsAList(Exception):
    """The address is a list of several media.

    `album`: JSON values that hold for each of them if the list is an album: `album`, `album_artist`, `thumbnail_url`.
    """

    def __init__(
        self, entries: list[Entry], title: str | None = None, album: dict[str, Any] | None = None
    ) -> None:
        self.entries = entries
        self.title = title
        self.album = album or {}
        super().__init__(f"list of {len(entries)}")


class Stage(StrEnum):
    """What a running download is doing, as the page shows it."""

    QUEUED = "queued"
    EXTRACTING = "extracting"
    DOWNLOADING = "downloading"
    RECORDING = "recording"
    PROCESSING = "processing"
    PLACING = "placing"


class Session(Protocol):
    """The job's line to its worker. All methods return quickly, except `found`."""

    def stage(self, stage: Stage) -> None: ...

    def found(self, medium: Medium) -> None:
        """Report the identified medium and wait for the worker's go-ahead; raises `Declined`."""

    def progress(
        self, downloaded: int, total: int | None = None, speed: float | None = None, eta: float | None = None
    ) -> None:
        """Bytes so far, bytes expected, bytes per second, seconds left. Throttled: call as often as you like."""

    def should_finish(self) -> bool:
        """True once a live recording has been asked to end; what is there is then finalised."""


@runtime_checkable
class Extractor(Protocol):
    """A tool that fetches media. Instances are shared and hold no state of a job."""

    name: str

    def claims(self, url: str) -> Claim:
        """How sure this extractor is of the address, without any network access."""

    def extract(self, request: Request, session: Session) -> Saved:
        """Fetch the medium into `request.workdir`.

        Raises `NotMine` (ask the next extractor), `IsAList`, `Declined`, or `DownloadFailure`.
        """

    def preload(self) -> None:
        """Import and build what every job needs; called once in the fork server, before it forks."""

    def version(self) -> str:
        """The tool's version, for the health page."""


@runtime_checkable
class ClaimsByOptions(Protocol):
    """An extractor whose claim also depends on its settings in `Request.options` (roots of own servers, say)."""

    def claims_with(self, url: str, options: dict[str, Any]) -> Claim:
        """As `Extractor.claims`, with the request's options."""


@runtime_checkable
class GoesOn(Protocol):
    """An extractor that may have begun something in the request's work folder that only it can go on with."""

    def has_begun(self, request: Request) -> bool:
        """Whether it has; then it is asked before all others."""


@runtime_checkable
class Keeps(Protocol):
    """An extractor that has something to keep between starts, which takes it long to work out."""

    def keep_in(self, folder: Path) -> None:
        """Where it may; called before it is preloaded. The folder may not be there yet, and may be emptied any time."""


@runtime_checkable
class PreloadsInBackground(Protocol):
    """An extractor that can begin its preparation before the others have finished theirs."""

    def begin_preload(self) -> None:
        """Start what `preload` will wait for, in a process of its own; no threads, the fork server forks."""


@runtime_checkable
class WarmsUp(Protocol):
    """An extractor with more to prepare than the first job should wait for."""

    def warm_up(self) -> Iterator[None]:
        """Prepare in steps of some milliseconds; the fork server takes them when it has nothing else to do."""


def to_wire(value: Medium | Saved | Request) -> dict[str, Any]:
    """A plain dictionary that `json.dumps` takes; paths become strings."""
    return {key: str(item) if isinstance(item, Path) else item for key, item in asdict(value).items()}


def request_from_wire(data: dict[str, Any]) -> Request:
    profile = profile_from_wire(data["profile"])
    cookies = Path(data["cookies"]) if data["cookies"] else None
    return Request(**{**data, "profile": profile, "workdir": Path(data["workdir"]), "cookies": cookies})


def profile_from_wire(data: dict[str, Any]) -> Profile:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
    }
    return Profile(**fields)


def medium_from_wire(data: dict[str, Any]) -> Medium:
    return Medium(**{**data, "kind": Kind(data["kind"])})


def saved_from_wire(data: dict[str, Any]) -> Saved:
    files = tuple(SavedFile(**{**item, "role": Role(item["role"])}) for item in data["files"])
    return Saved(medium=medium_from_wire(data["medium"]), files=files)
