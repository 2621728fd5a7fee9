"""What links look like over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from magpie.downloads.failures import Reason
from magpie.downloads.schemas import Address
from magpie.kit.codes import codes
from magpie.links.checks.rules import MAX_PATTERN, pattern

TypeName = Literal[
    "auto",
    "youtube_channel",
    "playlist",
    "pixiv_user",
    "generic_video",
    "generic_audio",
    "generic_gallery",
    "live",
    "feed",
]
StatusName = Literal["idle", "checking", "downloading", "recording", "error", "cooling_down"]
CookieMode = Literal["never", "when_needed", "always"]
EntryKind = Literal["video", "short", "live", "premiere", "audio", "gallery", "image"]
Sort = Literal["newest", "oldest", "name"]

MAX_NAME = 300
MAX_TAGS = 50
MAX_TAG = 100
MAX_COOKIES = 256 * 1024
MAX_MINUTES = 525_600
MAX_BULK = 1000


def _pattern(text: str | None) -> str | None:
    if text:
        pattern(text)
    return text or None


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("This moment is too far away.") from None


def one_line(text: str) -> str:
    """The text without line breaks and other characters that cannot be shown, shortened to a name's length."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:MAX_NAME]


def tag_list(tags: list[str] | str | None) -> list[str]:
    """Tags without empty and doubled ones. Raises ValueError for too many or too long ones."""
    parts = tags.split(",") if isinstance(tags, str) else tags or []
    found = {tag.casefold(): tag for tag in reversed([one_line(part) for part in parts]) if tag}
    chosen = list(reversed(found.values()))
    if len(chosen) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in chosen):
        raise ValueError(f"A link has at most {MAX_TAGS} tags of at most {MAX_TAG} characters.")
    return chosen


Pattern = Annotated[str | None, Field(max_length=MAX_PATTERN), AfterValidator(_pattern)]
Tags = Annotated[list[str] | str | None, AfterValidator(tag_list)]
Name = Annotated[str | None, Field(max_length=1000)]
Minutes = Annotated[int | None, Field(ge=1, le=MAX_MINUTES)]
Cookies = Annotated[str | None, Field(max_length=MAX_COOKIES)]
Day = Annotated[datetime | None, AfterValidator(_utc)]
Number = Annotated[float | None, Field(ge=0, le=1e12, allow_inf_nan=False)]
PositiveNumber = Annotated[float | None, Field(gt=0, le=1e9, allow_inf_nan=False)]
Days = Annotated[int | None, Field(ge=1, le=36_500)]


class Filters(BaseModel):
    """Which entries of a link are downloaded: those that pass all that is given.

    What a listing does not tell (a duration, say) passes the rule that asks for it.
    """

    model_config = ConfigDict(extra="forbid")

    title_include: Pattern = Field(default=None, description="RE2; found anywhere in the title, without case")
    title_exclude: Pattern = Field(default=None, description="as title_include; what it finds is left out")
    min_seconds: Number = None
    max_seconds: Number = None
    published_after: Day = None
    published_before: Day = None
    max_age_days: Days = None
    kinds: list[EntryKind] | None = Field(default=None, max_length=10)
    min_mb: Number = None
    max_mb: Number = None
    languages: list[Annotated[str, Field(min_length=1, max_length=35)]] | None = Field(
        default=None, max_length=50, description="language tags as in BCP 47; `en` takes `en-GB`, too"
    )

    @model_validator(mode="after")
    def _not_empty_ranges(self) -> Filters:
        for low, high, name in (
            (self.min_seconds, self.max_seconds, "duration"),
            (self.min_mb, self.max_mb, "size"),
            (self.published_after, self.published_before, "date"),
        ):
            if low is not None and high is not None and low > high:  # type: ignore[operator]
                raise ValueError(f"Nothing can pass the {name} rule: its lower bound is above its upper one.")
        return self


class Retention(BaseModel):
    """What is kept of a link's media, and when a better quality is looked for. What is pinned is always kept."""

    model_config = ConfigDict(extra="forbid")

    keep_last: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
    keep_days: Days = None
    keep_gb: PositiveNumber = None
    upgrade_after_days: Days = None


def _older_spellings(data: Any) -> Any:
    """`link_type` for `type`."""
    if isinstance(data, dict) and "link_type" in data:
        data = dict(data)
        older = data.pop("link_type")
        data.setdefault("type", older)
    return data


class LinkSettings(BaseModel):
    """What may be said of a link besides its address and name."""

    type: TypeName | None = Field(default=None, description="`auto` or left out: recognised from the address")
    is_enabled: bool | None = Field(default=None, description="whether it is checked by itself")
    download_automatically: bool | None = Field(default=None, description="false: only list what is new")
    tags: Tags = Field(default=None, description="a list, or a text with commas")
    cookies: Cookies = Field(
        default=None,
        description="a JSON object of names and values as text, a browser's JSON export, or a Netscape cookie file; "
        "never given back; null clears, left out keeps",
    )
    cookie_mode: CookieMode | None = None
    profile: Annotated[str | None, Field(min_length=1, max_length=32)] = None
    interval_minutes: Minutes = Field(default=None, description="null: the setting's")
    max_interval_minutes: Minutes = Field(
        default=None, description="how far a quiet link's interval may grow"
    )
    filters: Filters | None = None
    retention: Retention | None = None

    _spellings = model_validator(mode="before")(_older_spellings)


class LinkCreate(LinkSettings):
    """A source to follow."""

    url: Address
    name: Name = Field(default=None, description="taken from the source when left out")
    feed_url: Address | None = None


class LinkUpdate(LinkSettings):
    """Changes of a link. What is left out stays as it is."""

    url: Address | None = None
    name: Name = Field(default=None, description="null: the source's own name")
    feed_url: Address | None = None


class NamedAddress(BaseModel):
    """One of several sources, with a name of its own."""

    url: str = Field(max_length=8192)
    name: Name = None


class LinksCreate(LinkSettings):
    """Several sources, followed alike."""

    urls: list[Annotated[str, Field(max_length=8192)] | NamedAddress] = Field(
        min_length=1, max_length=MAX_BULK
    )


class Counts(BaseModel):
    """A link's entries by verdict."""

    known: int = 0
    downloaded: int = 0
    wanted: int = Field(default=0, description="downloading, or waiting for it")
    failed: int = 0
    skipped: int = 0


class LinkOut(BaseModel):
    """A followed link and how it is doing."""

    id: int
    user_id: int
    url: str
    name: str
    type: TypeName
    is_enabled: bool
    download_automatically: bool
    tags: list[str]
    cookies: None = Field(default=None, description="always null: cookies are write-only")
    has_cookies: bool
    cookie_mode: CookieMode
    site: str
    profile: str
    interval_minutes: int | None
    max_interval_minutes: int | None
    filters: Filters
    retention: Retention
    status: StatusName
    reason: str | None = Field(description="typed code of what went wrong", json_schema_extra=codes(Reason))
    error_message: str | None
    hint: str | None = Field(description="what to do about it")
    last_checked_at: datetime | None
    next_check_at: datetime | None
    last_success_at: datetime | None
    died_at: datetime | None = Field(description="when the source was found to be gone for good")
    feed_url: str | None
    picture_url: str | None
    source_title: str | None
    source_description: str | None
    created_at: datetime
    updated_at: datetime
    counts: Counts


class BulkResult(BaseModel):
    """What became of one address."""

    url: str
    status: Literal["added", "exists", "refused"]
    link_id: int | None = None
    name: str | None = None
    message: str | None = Field(default=None, description="why it was refused")


class BulkAnswer(BaseModel):
    """Every address that was given, in its order."""

    added: int
    results: list[BulkResult]


class Message(BaseModel):
    """What was done, as a sentence."""

    msg: str


class DeletedLink(LinkOut):
    """The link that was deleted, and how many of its items went with it."""

    deleted_items: int
