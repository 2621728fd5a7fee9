"""What profiles look like over HTTP, and what may be said in one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from magpie.downloads.schemas import Address
from magpie.library.presets import Server
from magpie.library.templates import MAX_TEMPLATE, parse

Kind = Literal["video", "audio", "gallery"]
Height = Literal[144, 240, 360, 480, 720, 1080, 1440, 2160, 4320]
Container = Literal["keep", "mp4", "mkv", "webm"]
AudioFormat = Literal["keep", "mp3", "opus", "m4a", "flac"]
AudioQuality = Literal["v0", "v2", "320", "256", "192", "160", "128", "96"]
Cuttable = Literal[
    "sponsor", "selfpromo", "interaction", "intro", "outro", "preview", "hook", "music_offtopic", "filler"
]
Markable = Literal[
    "sponsor", "selfpromo", "interaction", "intro", "outro", "preview", "hook", "music_offtopic", "filler",
    "poi_highlight", "chapter",
]  # fmt: skip

MAX_NAME = 32
MAX_LANGUAGES = 20
LANGUAGE = r"^(all|[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})$"


def profile_name(text: str) -> str:
    """A name that can be typed and shown: one line, without spaces around it. Raises ValueError."""
    name = " ".join(text.split())
    if not name or not name.isprintable() or len(name) > MAX_NAME:
        raise ValueError(f"A profile's name has 1 to {MAX_NAME} characters that can be shown.")
    return name


def _template(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    parse(text)
    return text.strip()


Template = Annotated[str | None, Field(max_length=MAX_TEMPLATE), AfterValidator(_template)]
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(profile_name)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Subtitles(_Strict):
    """Which subtitles are saved, and where."""

    languages: list[Annotated[str, Field(pattern=LANGUAGE)]] = Field(
        default=[],
        max_length=MAX_LANGUAGES,
        description="tags as in BCP 47, or `all`; `en` takes `en-GB`, too",
    )
    automatic: bool = Field(default=False, description="also those that the site made by machine")
    where: Literal["beside", "embed"] = "beside"
    format: Literal["vtt", "srt"] | None = Field(
        default=None, description="null: what the media server reads best, otherwise vtt"
    )


class SideFiles(_Strict):
    """What is put beside the media. Null: what the media server reads, and nothing without one."""

    nfo: bool | None = None
    thumbnail: bool | None = None
    info_json: bool = False


class Embed(_Strict):
    """What is put into the file."""

    metadata: bool = True
    chapters: bool = True
    thumbnail: bool = False


class Sponsors(_Strict):
    """SponsorBlock: parts of videos that become chapters, and parts that are cut out."""

    mark: list[Markable] = []
    remove: list[Cuttable] = []


class Music(_Strict):
    """What becomes of tracks. It counts where the metadata are embedded."""

    clean_names: bool = Field(default=True, description="take artist and title out of what the site calls it")
    replaygain: bool = Field(default=True, description="note the loudness (ReplayGain 2.0, R128 for Opus)")
    lyrics: bool = Field(default=True, description="in the tags, and with their times beside the file")
    square_cover: bool = Field(default=False, description="cut pictures to squares")


class ProfileSpec(_Strict):
    """How to save. What a medium does not have is no obstacle."""

    kind: Kind = "video"
    max_height: Height | None = Field(default=None, description="pixels; null: the best there is")
    container: Container = "keep"
    audio_format: AudioFormat = Field(
        default="keep", description="sound that is in it already is never encoded again"
    )
    audio_quality: AudioQuality | None = Field(
        default=None,
        description="of what has to be encoded: `v0` and `v2` are MP3's variable rates, the rest kilobits a second; "
        "null: v0 for mp3, 160 for opus, 192 for m4a",
    )
    subtitles: Subtitles = Subtitles()
    template: Template = Field(default=None, description="of the files' names; wins over the media server's")
    media_server: Server | None = Field(default=None, description="whose names and side files are used")
    side_files: SideFiles = SideFiles()
    embed: Embed = Embed()
    sponsorblock: Sponsors = Sponsors()
    music: Music = Music()

    @model_validator(mode="after")
    def _possible(self) -> ProfileSpec:
        if self.container == "webm" and self.embed.thumbnail:
            raise ValueError("WebM has no place for a picture: choose mp4 or mkv, or put it beside the file.")
        return self


class ProfileCreate(BaseModel):
    """A profile of one's own."""

    name: Name
    spec: ProfileSpec


class ProfileUpdate(BaseModel):
    """Changes of a profile. What is left out stays; a spec replaces the whole former one."""

    name: Name | None = None
    spec: ProfileSpec | None = None


class ProfileOut(BaseModel):
    """A profile. Those that ship with Magpie have no id and cannot be changed."""

    id: int | None
    name: str
    is_shipped: bool
    description: str | None = Field(default=None, description="what a shipped profile is for")
    spec: ProfileSpec
    quality: str = Field(description="the quality class: media of one class are stored once")
    links: int = Field(default=0, description="how many of your links use it")
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Sample(BaseModel):
    """A made-up medium to try names on. What is left out has a value that shows its place."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["video", "audio", "gallery", "image", "file"] = "video"
    title: str = Field(default="A walk in the hedgerow", max_length=1000)
    artist: str | None = Field(default="Hedgerow Films", max_length=1000)
    album: str | None = Field(default=None, max_length=1000)
    channel: str | None = Field(default="Hedgerow Films", max_length=1000)
    series: str | None = Field(default=None, max_length=1000)
    season: Annotated[int | None, Field(ge=0, le=10_000)] = None
    episode: Annotated[int | None, Field(ge=0, le=100_000)] = None
    album_artist: str | None = Field(default=None, max_length=1000)
    track: Annotated[int | None, Field(ge=1, le=9999)] = None
    disc: Annotated[int | None, Field(ge=1, le=9999)] = None
    genre: str | None = Field(default=None, max_length=128)
    playlist: str | None = Field(default="Walks", max_length=1000)
    index: Annotated[int | None, Field(ge=0, le=1_000_000)] = 7
    published_at: datetime | None = datetime.fromisoformat("2026-02-03T18:30:00+00:00")
    id: str = Field(default="dQw4w9WgXcQ", max_length=200)
    site: str = Field(default="youtube", max_length=255)
    height: Annotated[int | None, Field(ge=1, le=100_000)] = 1080
    extension: str = Field(default="mp4", max_length=8, pattern="^[A-Za-z0-9]*$")


class PreviewRequest(BaseModel):
    """Names to try, on what. Of `spec` and `profile` at most one; `template` and `media_server` win over theirs."""

    model_config = ConfigDict(extra="forbid")

    spec: ProfileSpec | None = None
    profile: Annotated[str | None, Field(max_length=MAX_NAME)] = None
    template: Template = None
    media_server: Server | None = None
    sample: Sample | None = None
    entry: Annotated[int | None, Field(ge=1, le=2**63 - 1, description="an entry of one of your links")] = (
        None
    )
    url: Address | None = Field(default=None, description="of an entry or an item of yours")

    @model_validator(mode="after")
    def _one_of_each(self) -> PreviewRequest:
        if self.spec is not None and self.profile is not None:
            raise ValueError("Give a spec or the name of a profile, not both.")
        if sum(one is not None for one in (self.sample, self.entry, self.url)) > 1:
            raise ValueError("Give a sample, an entry or a url, not several of them.")
        return self


class PreviewFile(BaseModel):
    """One file: what it is, and where it would lie below the media folder."""

    role: Literal["media", "image", "thumbnail", "subtitle", "info", "cover", "nfo", "show"]
    path: str


class Preview(BaseModel):
    """The files of one medium as they would be named."""

    title: str
    files: list[PreviewFile]
