"""Naming templates: a small fixed grammar for where a medium's files go, in which nothing is evaluated.

    TV/{channel}/Season {season}/{channel} - {date:%Y-%m-%d} - {title}[ ({height}p)] [[{id}]].{ext}

- `{field}` stands for a value; numbers may be padded (`{index:03}`), dates take a pattern (`{date:%Y-%m-%d}`).
- `[ … ]` is left out as a whole unless every field in it has a value.
- `/` begins a new folder. `[[`, `]]`, `{{` and `}}` are the signs themselves.
- `.{ext}` at the end may be left out: every file gets the ending of its own kind anyway.

Whatever the values are, each folder and name passes `kit.paths.safe_name`, so that a path never leads out of the
media folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from magpie.kit.paths import MAX_NAME_BYTES, safe_name

MAX_TEMPLATE = 500
MAX_FOLDERS = 8
Value = str | int | datetime

# Each field with what stands for it where it has no value and no group around it.
FIELDS: dict[str, str] = {
    "title": "untitled",
    "artist": "Unknown Artist",
    "album": "Unknown Album",
    "channel": "Unknown Channel",
    "date": "undated",
    "year": "undated",
    "month": "undated",
    "playlist": "Unknown Playlist",
    "index": "0",
    "id": "unknown",
    "site": "Unknown Site",
    "height": "0",
    "ext": "",
    "season": "0",
    "episode": "0",
    "album_artist": "Unknown Artist",
    "track": "0",
    "disc": "0",
    "genre": "Unknown Genre",
}
DATES = frozenset({"date"})
NUMBERS = frozenset({"index", "height", "season", "episode", "year", "month", "track", "disc"})
DEFAULT_DATE = "%Y-%m-%d"
_PADDED = {"month": "02"}
_ENDING = ".{ext}"
_PAD = re.compile(r"0[1-9]")
_DATE = re.compile(r"(?:%[YymdHMj]|[-_., 0-9A-Za-z])+")
_NEW_FOLDER = "/"
_TOKEN = re.compile(
    r"(?P<doubled>\[\[|\]\]|\{\{|\}\})|\{(?P<field>[^{}\[\]/]*)\}|(?P<open>\[)|(?P<close>\])|(?P<folder>/)"
    r"|(?P<plain>[^\[\]{}/]+)"
)


class TemplateFault(ValueError):
    """A template that is not one; the message says what is wrong, and where (characters count from 1)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value's place; `form` is how it is written out."""

    name: str
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that are left out together unless all their fields have a value."""

    parts: tuple[str | Field, ...]


Part = str | Field | Group
Component = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template: the folders, and last the name without its ending."""

    components: tuple[Component, ...]

    def render(self, values: Mapping[str, Value | None]) -> tuple[str, ...]:
        """The folders and the name (without ending) for a medium; each is a valid name of at most 180 bytes."""
        return tuple(_component(parts, values) for parts in self.components)


@lru_cache(maxsize=256)
def parse(text: str) -> Template:
    """Raises `TemplateFault`."""
    if len(text) > MAX_TEMPLATE:
        raise TemplateFault(f"The template is longer than {MAX_TEMPLATE} characters.")
    components: list[Component] = []
    parts: list[Part] = []
    for part in _parts(text.strip().removesuffix(_ENDING)):
        if part == _NEW_FOLDER:
            components.append(_checked(parts))
            parts = []
        else:
            parts.append(part)
    components.append(_checked(parts))
    if len(components) > MAX_FOLDERS + 1:
        raise TemplateFault(f"The template has more than {MAX_FOLDERS} folders.")
    return Template(tuple(components))


def _checked(parts: list[Part]) -> Component:
    fields = [part for part in parts if isinstance(part, Field)]
    plain = "".join(part for part in parts if isinstance(part, str)).strip(" .")
    if not fields and not plain:
        raise TemplateFault(
            "Every folder and the file need a name of their own: no //, no .., and not only what is left out at times."
        )
    return tuple(parts)


def _parts(text: str) -> Iterator[Part]:
    """The parts from left to right."""
    group: list[str | Field] | None = None
    start = position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _fault(position, "this { or } has no other half; double it for the sign itself")
        part, kind = _part(token, position), token.lastgroup
        if kind == "open" and group is None:
            group, start = [], position
        elif kind == "open":
            raise _fault(position, "groups cannot stand in each other; write [[ for the sign itself")
        elif kind == "close" and group is None:
            raise _fault(position, "this ] closes nothing; write ]] for the sign itself")
        elif kind == "close":
            yield Group(tuple(group or ()))
            group = None
        elif kind == "folder" and group is not None:
            raise _fault(position, "a group cannot begin a folder")
        elif group is not None:
            group.append(part)
        else:
            yield part
        position = token.end()
    if group is not None:
        raise _fault(start, "this [ is never closed; write [[ for the sign itself")


def _part(token: re.Match[str], position: int) -> str | Field:
    if token.lastgroup == "field":
        return _field(token["field"], position)
    if token.lastgroup == "doubled":
        return token["doubled"][0]
    return _NEW_FOLDER if token.lastgroup == "folder" else token[0]


def _field(text: str, position: int) -> Field:
    name, colon, form = text.partition(":")
    if name not in FIELDS:
        raise _fault(position, f"there is no {{{name}}}; there are {', '.join(FIELDS)}")
    if not colon:
        return Field(name)
    if name in DATES and _DATE.fullmatch(form):
        return Field(name, form)
    if name in NUMBERS and _PAD.fullmatch(form):
        return Field(name, form)
    if name in DATES:
        raise _fault(position, "a date is written with %Y %y %m %d %j %H %M and - _ . , between them")
    raise _fault(
        position,
        f"{{{name}}} can be padded with {{{name}:03}}" if name in NUMBERS else f"{{{name}}} takes no :",
    )


def _fault(position: int, message: str) -> TemplateFault:
    return TemplateFault(f"At character {position + 1}: {message}.")


def _component(parts: Component, values: Mapping[str, Value | None]) -> str:
    """Written out, and where that is too long, with its longest value cut: an id behind a long title stays."""
    texts = [(text, is_value) for part in parts for text, is_value in _texts(part, values)]
    surplus = sum(len(text.encode()) for text, _ in texts) - MAX_NAME_BYTES
    while surplus > 0:
        longest = max(range(len(texts)), key=lambda index: (texts[index][1], len(texts[index][0].encode())))
        raw = texts[longest][0].encode()
        shorter = raw[: max(0, len(raw) - surplus)].decode(errors="ignore").rstrip()
        texts[longest] = (shorter, bool(shorter) and texts[longest][1])
        surplus = sum(len(text.encode()) for text, _ in texts) - MAX_NAME_BYTES
    return safe_name("".join(text for text, _ in texts))


def _texts(part: Part, values: Mapping[str, Value | None]) -> list[tuple[str, bool]]:
    """What is written for a part, and whether that is somebody else's text."""
    if isinstance(part, str):
        return [(part, False)]
    if isinstance(part, Field):
        return [(_written(part, values), True)]
    if any(_is_missing(values.get(one.name)) for one in part.parts if isinstance(one, Field)):
        return []
    return [text for one in part.parts for text in _texts(one, values)]


def _is_missing(value: Value | None) -> bool:
    return value is None or (isinstance(value, str) and not safe_name(value, fallback=""))


def _written(field: Field, values: Mapping[str, Value | None]) -> str:
    value = values.get(field.name)
    if value is None or _is_missing(value):
        return FIELDS[field.name]
    if isinstance(value, datetime):
        return _date(value, field.form or DEFAULT_DATE)
    if isinstance(value, int):
        return format(max(0, value), field.form or _PADDED.get(field.name, ""))
    return safe_name(value, fallback=FIELDS[field.name])


def _date(moment: datetime, form: str) -> str:
    """As `strftime`, but years always have four digits and nothing depends on the machine's language."""
    signs = {"%Y": f"{moment.year:04}", "%y": f"{moment.year % 100:02}", "%m": f"{moment.month:02}"}
    signs |= {"%d": f"{moment.day:02}", "%H": f"{moment.hour:02}", "%M": f"{moment.minute:02}"}
    signs["%j"] = f"{moment.timetuple().tm_yday:03}"
    return re.sub("%.", lambda sign: signs[sign[0]], form)
