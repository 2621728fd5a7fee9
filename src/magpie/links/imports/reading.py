"""What was read in a file, and its text. Files are hostile input: everything is bounded, nothing is believed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from enum import StrEnum

from magpie.downloads.addresses import BadAddress, clean_address

MAX_FOUND = 10_000
MAX_ARCHIVED = 1_000_000
MAX_PROBLEMS = 200
SHOWN = 200  # characters of a faulty line that are repeated

_CHANNEL_ID = re.compile(r"UC[\w-]{22}")
_PLAYLIST_ID = re.compile(r"(?:PL|UU|FL|OL|RD)[\w-]{10,64}")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Kind(StrEnum):
    """What a file is."""

    OPML = "opml"
    TAKEOUT = "takeout"
    CSV = "csv"
    JSON = "json"
    LIST = "list"
    ARCHIVE = "archive"


class Trouble(StrEnum):
    """Why something could not be read. Of an address that cannot be used: `address_` and what `downloads.addresses`
    says is wrong with it."""

    NO_ADDRESS = "no_address"
    NOT_JSON = "not_json"
    NOT_ARCHIVE = "not_archive"
    REST_NOT_XML = "rest_not_xml"
    REST_NO_TABLE = "rest_no_table"
    TOO_MANY = "too_many"
    ADDRESS_EMPTY = "address_empty"
    ADDRESS_TOO_LONG = "address_too_long"
    ADDRESS_SPACES = "address_spaces"
    ADDRESS_INVALID = "address_invalid"
    ADDRESS_NOT_WEB = "address_not_web"
    ADDRESS_CREDENTIALS = "address_credentials"


@dataclass(frozen=True, slots=True)
class Found:
    """A source that the file names. `line`: where, from 1, if the file has lines that mean anything."""

    url: str
    name: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, and why: for programs, and in plain words."""

    reason: Trouble
    message: str
    line: int | None = None
    text: str | None = None


@dataclass(slots=True)
class Reading:
    """What a file holds: sources to follow, or keys of media that are held (`extractor id`, as yt-dlp writes them)."""

    kind: Kind
    found: list[Found] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set, repr=False)
    _is_full: bool = field(default=False, repr=False)

    def add(self, text: str, name: str | None = None, line: int | None = None) -> None:
        """Take a source, unless its address is none, or was there already."""
        try:
            url = clean_address(text)
        except BadAddress as error:
            self.problem(Trouble(f"address_{error.fault}"), str(error), line, text)
            return
        if url in self._seen:
            return
        if len(self.found) >= MAX_FOUND:
            self._full(f"Only the first {MAX_FOUND} sources are taken.")
            return
        self._seen.add(url)
        self.found.append(Found(url, one_line(name), line))

    def archive(self, key: str) -> None:
        if len(self.archived) >= MAX_ARCHIVED:
            self._full(f"Only the first {MAX_ARCHIVED} media are taken.")
            return
        self.archived.append(key)

    def _full(self, message: str) -> None:
        if not self._is_full:
            self._is_full = True
            self.problems.insert(0, Problem(Trouble.TOO_MANY, message))

    def problem(
        self, reason: Trouble, message: str, line: int | None = None, text: str | None = None
    ) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(reason, message, line, one_line(text)))


def one_line(text: str | None) -> str | None:
    """Text that can be shown and stored in one line, shortened; None for none."""
    if not text:
        return None
    shown = "".join(one if one.isprintable() else " " for one in text[: 4 * SHOWN])
    return " ".join(shown.split())[:SHOWN] or None


def decoded(data: bytes) -> str:
    """The text in whatever common encoding it is; what cannot be read is replaced, NULs are dropped."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace").replace("\0", "")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode(_guessed(data), errors="replace")
    return text.replace("\0", "")


def _guessed(data: bytes) -> str:
    """For text that is not UTF-8: without a byte order mark, half of UTF-16's bytes are NULs in an address."""
    beginning = data[:4096]
    if beginning.count(0) > len(beginning) // 4:
        return "utf-16-le" if beginning[1::2].count(0) >= beginning[::2].count(0) else "utf-16-be"
    return "cp1252"


def address_of_id(text: str) -> str | None:
    """The address of a YouTube channel or playlist that is given by its id."""
    if _CHANNEL_ID.fullmatch(text):
        return f"https://www.youtube.com/channel/{text}"
    return f"https://www.youtube.com/playlist?list={text}" if _PLAYLIST_ID.fullmatch(text) else None


def is_address(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))
