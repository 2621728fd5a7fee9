"""What is written to people: one message for whatever waits, short, and safe to show.

Titles and errors come from other people's sites: they are bounded, on one line, and call nobody (`@everyone`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from magpie.notifications.courier import Message
from magpie.notifications.models import Digest, Happening

MAX_LINES = 20
MAX_LINE = 160
MAX_BODY = 1500  # what the smallest of the usual services take
DAILY_AT = 8  # o'clock where the server is

_ONE_LINE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_CALLS: Final = re.compile(r"([@<])(?=[\w!@#&])")
_SINGLE: Final = {
    Happening.NEW_ITEM: "New: {}",
    Happening.FAILED: "Failed: {}",
    Happening.NEEDS_ATTENTION: "{}",
}
_HEADINGS: Final = {
    Happening.NEW_ITEM: "New:",
    Happening.FAILED: "Failed:",
    Happening.NEEDS_ATTENTION: "Needs attention:",
}
_COUNTED: Final = {
    Happening.NEW_ITEM: ("{} new item", "{} new items"),
    Happening.FAILED: ("{} failed", "{} failed"),
    Happening.NEEDS_ATTENTION: ("{} thing needs attention", "{} things need attention"),
}


class Line(NamedTuple):
    """One thing to be told. `body`: of a new item its link's name, else what there is to say."""

    event: str
    title: str
    body: str


def clean(text: str, length: int = MAX_LINE) -> str:
    """Other people's text on one line, bounded, calling nobody."""
    line = _CALLS.sub("\\1\u200b", _ONE_LINE.sub(" ", text).strip())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def compose(lines: Sequence[Line], totals: Mapping[str, int], public_url: str = "") -> Message:
    """One message. `totals`: by event how many there are in all, which may be more than `lines`."""
    foot = f"\n\n{public_url}" if public_url else ""
    if len(lines) == 1 and sum(totals.values()) == 1:
        event, title, body = lines[0]
        return Message(_SINGLE[Happening(event)].format(clean(title)), clean(body, MAX_BODY) + foot)
    counted = [
        _COUNTED[event][totals[event] != 1].format(totals[event])
        for event in Happening
        if totals.get(event, 0)
    ]
    return Message(f"Magpie: {', '.join(counted)}", _bounded(lines, sum(totals.values())) + foot)


def _bounded(lines: Sequence[Line], total: int) -> str:
    """As many lines as may be, and how many more there are."""
    written: list[str] = []
    told = size = 0
    for heading, text in _listed(lines):
        size += len(text) + len(heading or "") + 2
        if told == MAX_LINES or size > MAX_BODY:
            break
        written += ([heading] if heading else []) + [text]
        told += 1
    if total > told:
        written.append(f"… and {total - told} more")
    return "\n".join(written).strip()


def _listed(lines: Sequence[Line]) -> Iterable[tuple[str | None, str]]:
    """Each line with the heading that goes before it, if any: new items under their links, the others with why."""
    present = [event for event in Happening if any(line.event == event for line in lines)]
    for event in present:
        heading: str | None = _HEADINGS[event] if len(present) > 1 else None
        of_event = [line for line in lines if line.event == event]
        if event is not Happening.NEW_ITEM:
            for line in of_event:
                yield heading, f"• {clean(line.title)}" + (f": {clean(line.body)}" if line.body else "")
                heading = None
            continue
        for name in dict.fromkeys(line.body for line in of_event):
            under = "\n".join(part for part in (heading, clean(name)) if part)
            for line in of_event:
                if line.body == name:
                    yield under or None, f"• {clean(line.title)}"
                    heading = None
                    under = ""


def due_at(digest: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """When something that happens `now` is told. `zone`: where the server is."""
    if digest == Digest.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if digest == Digest.DAILY:
        here = now.astimezone(zone)
        today = here.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0)
        return (today if today > here else today + timedelta(days=1)).astimezone(now.tzinfo)
    return now
