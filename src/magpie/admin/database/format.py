"""The dump's format: a header of comments, then one `INSERT` after another in a fixed grammar.

Both databases could run the file, but Magpie never does: `reading` takes it apart and gives values. What is not
exactly of the form that is written here is refused.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable
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


# `json.dumps` with options builds an encoder for each value.
_JSON = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def _storable(text: str) -> str:
    """Without what only one of the databases takes: NUL characters, and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:
        return text
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
    text = _JSON(value)
    if "\\u0000" in text or "\\ud" in text:
        text = _JSON(_clean(value))
    return _quoted(text)


def _real(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else "NULL"


def _time(value: datetime) -> str:
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
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
