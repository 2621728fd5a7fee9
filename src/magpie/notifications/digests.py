"""What is written to people: one message for whatever waits, short, and safe to show.

Titles and errors come from other people's sites: they are bounded, on one line, and call nobody (`@everyone`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from magpie.kit.languages import DEFAULT, Language
from magpie.notifications.courier import Message
from magpie.notifications.models import Digest, Happening
from magpie.notifications.words import say

MAX_LINES = 20
MAX_LINE = 160
MAX_BODY = 1500  # what the smallest of the usual services take
DAILY_AT = 8  # o'clock where the server is

_ONE_LINE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_CALLS: Final = re.compile(r"([@<])(?=[\w!@#&])")


class Line(NamedTuple):
    """One thing to be told. `body`: of a new item its link's name, else what there is to say."""

    event: str
    title: str
    body: str


def clean(text: str, length: int = MAX_LINE) -> str:
    """Other people's text on one line, bounded, calling nobody."""
    line = _CALLS.sub("\\1\u200b", _ONE_LINE.sub(" ", text).strip())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def compose(
    lines: Sequence[Line], totals: Mapping[str, int], public_url: str = "", language: Language = DEFAULT
) -> Message:
    """One message. `totals`: by event how many there are in all, which may be more than `lines`."""
    foot = f"\n\n{public_url}" if public_url else ""
    if len(lines) == 1 and sum(totals.values()) == 1:
        event, title, body = lines[0]
        return Message(say(language, f"single.{event}", title=clean(title)), clean(body, MAX_BODY) + foot)
    counted = say(language, "counted.between").join(
        say(language, f"counted.{event}", count=totals[event]) for event in Happening if totals.get(event, 0)
    )
    subject = say(language, "subject", counted=counted)
    return Message(subject, _bounded(lines, sum(totals.values()), language) + foot)


def _bounded(lines: Sequence[Line], total: int, language: Language) -> str:
    """As many lines as may be, and how many more there are."""
    written: list[str] = []
    told = size = 0
    for heading, text in _listed(lines, language):
        size += len(text) + len(heading or "") + 2
        if told == MAX_LINES or size > MAX_BODY:
            break
        written += ([heading] if heading else []) + [text]
        told += 1
    if total > told:
        written.append(say(language, "more", count=total - told))
    return "\n".join(written).strip()


def _listed(lines: Sequence[Line], language: Language) -> Iterable[tuple[str | None, str]]:
    """Each line with the heading that goes before it, if any: new items under their links, the others with why."""
    present = [event for event in Happening if any(line.event == event for line in lines)]
    for event in present:
        heading: str | None = say(language, f"heading.{event}") if len(present) > 1 else None
        of_event = [line for line in lines if line.event == event]
        if event is not Happening.NEW_ITEM:
            for line in of_event:
                yield heading, _line(language, line.title, line.body)
                heading = None
            continue
        for name in dict.fromkeys(line.body for line in of_event):
            under = "\n".join(part for part in (heading, clean(name)) if part)
            for line in of_event:
                if line.body == name:
                    yield under or None, _line(language, line.title)
                    heading = None
                    under = ""


def _line(language: Language, title: str, why: str = "") -> str:
    if not why:
        return say(language, "line", title=clean(title))
    return say(language, "line.why", title=clean(title), why=clean(why))


def due_at(digest: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """When something that happens `now` is told. `zone`: where the server is."""
    if digest == Digest.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if digest == Digest.DAILY:
        here = now.astimezone(zone)
        today = here.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0)
        return (today if today > here else today + timedelta(days=1)).astimezone(now.tzinfo)
    return now
