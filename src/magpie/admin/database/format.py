"""The dump's format: a header of comments, then one `INSERT` after another in a fixed grammar.

Both databases could run the file, but Magpie never does: `read_statements` takes it apart and gives values. What is
not exactly of the form that `render` writes is refused.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, BinaryIO

from magpie.kit.refusal import Refused

FORMAT = 1
TITLE = b"-- Magpie database export\n"
HASH_PREFIX = b"-- sha256: "
NO_HASH = b"0" * 64
MAX_HEADER = 64 * 1024
MAX_STATEMENT = 32 * 1024 * 1024
_INT_RANGE = range(-(2**63), 2**63)

_NAME = r'"[a-z][a-z0-9_]{0,62}"'
_HEAD = re.compile(rf"INSERT INTO ({_NAME}) \(({_NAME}(?:, {_NAME})*)\) VALUES \(", re.ASCII)  # noqa: S608
_VALUE = re.compile(
    r"(NULL|TRUE|FALSE)|(-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]\d{1,3})?)|'([^']*(?:''[^']*)*)'", re.ASCII
)
_INTEGER = re.compile(r"-?\d{1,20}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00", re.ASCII)


class DumpRefused(Refused):
    """The file is no export that can be imported; the message says what is wrong with it."""


class Kind(StrEnum):
    """What a column holds, the same on both databases."""

    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"
    TEXT = "text"


@dataclass(slots=True)
class Sealing:
    """How secrets in the file are sealed: the parameters of scrypt (RFC 7914)."""

    salt: bytes
    cost: int = 2**15
    block: int = 8
    parallel: int = 1

    def __str__(self) -> str:
        salt = base64.urlsafe_b64encode(self.salt).decode()
        return f"scrypt {self.cost} {self.block} {self.parallel} {salt}"

    @classmethod
    def parse(cls, text: str) -> Sealing | None:
        if text == "none":
            return None
        match text.split(" "):
            # Other costs than our own would let a file ask for any amount of memory.
            case ["scrypt", "32768", "8", "1", salt] if len(salt) <= 64:
                try:
                    return cls(base64.urlsafe_b64decode(salt))
                except (binascii.Error, ValueError):
                    pass
        raise DumpRefused("The header does not say in a known way how secrets are sealed.")


@dataclass(slots=True)
class Header:
    """The first lines of a dump. `digest` is the SHA-256 of the whole file with zeros in its own place."""

    revision: str
    created_at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    sealing: Sealing | None = None
    digest: str = ""

    def encode(self) -> bytes:
        """With zeros for the hash, which is known only when everything is written."""
        lines = [
            f"-- format: {FORMAT}",
            f"-- revision: {self.revision}",
            f"-- created: {self.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            f"-- secrets: {self.sealing or 'none'}",
            "-- rows: " + " ".join(f"{table}={count}" for table, count in self.rows.items()),
        ]
        return TITLE + "\n".join(lines).encode() + b"\n" + HASH_PREFIX + NO_HASH + b"\n\n"


def _header_fields(lines: list[str]) -> dict[str, str]:
    names = ("format", "revision", "created", "secrets", "rows", "sha256")
    found: dict[str, str] = {}
    for name, line in zip(names, lines, strict=False):
        prefix = f"-- {name}: "
        if not line.startswith(prefix) or not line.endswith("\n"):
            raise DumpRefused(f"The header has no line `{prefix.strip()}`.")
        found[name] = line.removeprefix(prefix).rstrip("\n")
    if len(found) != len(names):
        raise DumpRefused("The header is not complete.")
    return found


def check_beginning(data: bytes) -> None:
    """Refuse at once what cannot become an export: `data` are the first bytes of a file."""
    if not TITLE.startswith(data[: len(TITLE)]) or not data:
        raise DumpRefused("This is not an export of Magpie's: it does not begin like one.")


def read_header(file: BinaryIO) -> Header:
    """The header; the file stands at the first statement afterwards. Raises `DumpRefused`."""
    check_beginning(file.readline(len(TITLE)))
    try:
        lines = [file.readline(MAX_HEADER).decode("ascii") for _ in range(7)]
    except UnicodeDecodeError:
        raise DumpRefused("The header holds what no header holds.") from None
    found = _header_fields(lines[:6])
    if lines[6] != "\n":
        raise DumpRefused("The header does not end where it should.")
    if found["format"] != str(FORMAT):
        raise DumpRefused(
            f"Format {found['format'][:20]} is not known here: it was written by a newer Magpie."
        )
    counts = re.fullmatch(r"(?:[a-z][a-z0-9_]{0,62}=\d{1,12}(?: |$))*", found["rows"])
    if counts is None or not re.fullmatch(r"[0-9a-f]{64}", found["sha256"]):
        raise DumpRefused("The header's counts or its hash are damaged.")
    try:
        created = datetime.strptime(found["created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise DumpRefused("The header's time is damaged.") from None
    pairs = [pair.split("=") for pair in found["rows"].split()]
    rows = {table: int(count) for table, count in pairs}
    if len(rows) != len(pairs):
        raise DumpRefused("The header counts a table twice.")
    return Header(found["revision"], created, rows, Sealing.parse(found["secrets"]), found["sha256"])


def digest_of(file: BinaryIO) -> str:
    """The hash of a whole dump, read from its beginning, with zeros in the place of its own."""
    file.seek(0)
    running = sha256()
    for _ in range(7):
        line = file.readline(MAX_HEADER)
        running.update(HASH_PREFIX + NO_HASH + b"\n" if line.startswith(HASH_PREFIX) else line)
    while block := file.read(1024 * 1024):
        running.update(block)
    return running.hexdigest()


# Writing.


def _storable(text: str) -> str:
    """Without what only one of the databases takes: NUL characters, and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict):
        return {_storable(key): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _json(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    if "\\u0000" in text or "\\ud" in text:
        text = json.dumps(_clean(value), separators=(",", ":"), sort_keys=True)
    return _quoted(text)


def _real(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else "NULL"


def _time(value: datetime) -> str:
    moment = value.astimezone(UTC)
    # Not strftime: it writes years before 1000 with fewer digits.
    return f"'{moment.replace(tzinfo=None).isoformat(' ', 'microseconds')}+00:00'"


RENDER: dict[Kind, Callable[[Any], str]] = {
    Kind.INTEGER: lambda value: str(int(value)),
    Kind.REAL: _real,
    Kind.BOOLEAN: lambda value: "TRUE" if value else "FALSE",
    Kind.TIME: _time,
    Kind.JSON: _json,
    Kind.TEXT: lambda value: _quoted(_storable(value)),
}


def insert_head(table: str, columns: list[str]) -> str:
    """The part of a statement that is the same for all rows of a table."""
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ('  # noqa: S608 - names of the schema's only


# Reading.


class Number(str):
    """A number as it is written, to be told from text."""

    __slots__ = ()


Written = str | Number | bool | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One row: its table, its columns, and the values as they are written (`parse` makes them what they are)."""

    table: str
    columns: tuple[str, ...]
    values: list[Written]


def read_statements(file: BinaryIO) -> Iterator[Statement]:
    """What follows the header, one statement at a time. Raises `DumpRefused`."""
    head = table = ""
    columns: tuple[str, ...] = ()
    for text in _texts(file):
        if not head or not text.startswith(head):
            match = _HEAD.match(text)
            if match is None:
                raise DumpRefused(f"Something that is no row of data: {text[:60]!r}")
            head, table = match[0], match[1].strip('"')
            columns = tuple(name.strip('"') for name in match[2].split(", "))
            if len(set(columns)) != len(columns):
                raise DumpRefused(f"A row of {table} names a column twice.")
        values = _values(text, len(head))
        if len(values) != len(columns):
            raise DumpRefused(f"A row of {table} has {len(values)} values for {len(columns)} columns.")
        yield Statement(table, columns, values)


def _texts(file: BinaryIO) -> Iterator[str]:
    """Lines; text may hold newlines, and then its quotes are still open at the line's end."""
    parts: list[bytes] = []
    size = quotes = 0
    while line := file.readline(MAX_STATEMENT + 1):
        parts.append(line)
        size += len(line)
        quotes += line.count(b"'")
        if size > MAX_STATEMENT:
            raise DumpRefused("A row is larger than any row can be.")
        if quotes % 2 == 0:
            try:
                yield b"".join(parts).decode("utf-8")
            except UnicodeDecodeError:
                raise DumpRefused("The file is not in UTF-8.") from None
            parts, size, quotes = [], 0, 0
    if parts:
        raise DumpRefused("The file ends in the middle of a row.")


def _values(text: str, start: int) -> list[Written]:
    values: list[Written] = []
    position = start
    while match := _VALUE.match(text, position):
        word, number, literal = match.groups()
        if word:
            values.append({"NULL": None, "TRUE": True, "FALSE": False}[word])
        else:
            values.append(literal.replace("''", "'") if number is None else Number(number))
        position = match.end()
        if not text.startswith(", ", position):
            break
        position += 2
    if text[position:] != ");\n" or "\0" in text:
        raise DumpRefused(f"A row that is not written as rows are: {text[:60]!r}")
    return values


def parse(kind: Kind, value: Written) -> Any:
    """The value as SQLite stores it. Raises `DumpRefused` where it is not of the column's kind."""
    if value is None:
        return None
    words = {bool: Kind.BOOLEAN, Number: Kind.REAL, str: Kind.TEXT}
    given = words[type(value)]
    wanted = {Kind.INTEGER: Kind.REAL, Kind.TIME: Kind.TEXT, Kind.JSON: Kind.TEXT}.get(kind, kind)
    if given is not wanted:
        raise DumpRefused(f"{str(value)[:40]!r} stands where {kind} belongs.")
    try:
        return _PARSE[kind](value)
    except (ValueError, RecursionError):
        raise DumpRefused(f"{str(value)[:40]!r} stands where {kind} belongs.") from None


def _parse_integer(value: str) -> int:
    if not _INTEGER.fullmatch(value) or (number := int(value)) not in _INT_RANGE:
        raise ValueError
    return number


def _parse_real(value: str) -> float:
    if not math.isfinite(number := float(value)):
        raise ValueError
    return number


def _parse_time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError
    datetime.fromisoformat(value)
    return value.removesuffix("+00:00")


def _parse_json(value: str) -> str:
    def refuse(_name: str) -> None:
        raise ValueError

    json.loads(value, parse_constant=refuse)
    return value


_PARSE: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: _parse_integer,
    Kind.REAL: _parse_real,
    Kind.BOOLEAN: int,
    Kind.TIME: _parse_time,
    Kind.JSON: _parse_json,
    Kind.TEXT: str,
}
