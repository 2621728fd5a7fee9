"""What the doubles of music platforms have in common: one playlist, and trouble on demand."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from magpie.config import Settings
from tests.support.servers.double import Call, Double, Reply


@dataclass(frozen=True, slots=True)
class Song:
    """A song, as every platform would tell it. `number` is its id, of which each platform makes its own."""

    number: int
    title: str
    artists: tuple[str, ...] = ("周杰伦",)
    album: str = "叶惠美"
    duration: int = 269  # seconds
    isrc: str | None = None
    is_available: bool = True


@dataclass(slots=True)
class Listing:
    """The playlist that a platform has. `total` is how many songs it claims to have; None: as many as there are."""

    songs: list[Song]
    title: str = "夜里开车"
    description: str = "A drive\nthrough the night"
    owner: str = "小明"
    total: int | None = None

    @property
    def claimed(self) -> int:
        return len(self.songs) if self.total is None else self.total


@dataclass(slots=True)
class Trouble:
    """How a platform is to misbehave. Numbers of questions count from 1; those after it are answered so, too."""

    fail_at: int | None = None  # HTTP 500
    truncate_at: int | None = None  # the right answer's first half
    page_at: int | None = None  # a web page instead
    limited: int = 0  # so many questions get 429 first
    retry_after: str = "1"
    gone: bool = False
    private: bool = False
    refused: bool = False  # as the platform turns away robots


def songs(count: int, first: int = 1) -> list[Song]:
    """Songs of all scripts."""
    titles = ("晴天", "Yesterday", "夜に駆ける", "밤편지", "Здравствуй", "عمرو")
    return [
        Song(
            number,
            f"{titles[number % len(titles)]} {number}",
            ("周杰伦", "Jay & Co") if number % 3 == 0 else ("Tyler, The Creator",),
            album=f"Album {number // 10}",
            duration=120 + number % 200,
            isrc=f"TWA{number % 100:02d}{number % 10_000_000:07d}"[:12],
        )
        for number in range(first, first + count)
    ]


@dataclass(slots=True)
class Platform(Double, ABC):
    """A platform with one playlist. `links` are its short links: path, and where that leads."""

    name: ClassVar[str]  # of the source that reads it
    ref_id: ClassVar[str]  # the playlist's id
    tells: ClassVar[frozenset[str]] = frozenset({"album", "duration"})  # what it knows of songs besides names
    most_shown: ClassVar[int | None] = None  # it shows so many songs only
    counts: ClassVar[bool] = True  # it says how many songs there are, apart from giving them

    listing: Listing = field(default_factory=lambda: Listing(songs(12)))
    trouble: Trouble = field(default_factory=Trouble)
    links: dict[str, str] = field(default_factory=dict)
    asked: int = 0  # questions since the trouble began

    def source_id(self, song: Song) -> str:
        """The song's id at this platform."""
        return str(song.number)

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """The settings with which Magpie finds this instead of the platform."""

    @abstractmethod
    def tell(self, call: Call) -> Reply:
        """The right answer."""

    def told_gone(self) -> Reply:
        return Reply(b"{}", 404, "application/json")

    def told_private(self) -> Reply:
        return Reply(b"{}", 401, "application/json")

    def told_refused(self) -> Reply:
        return Reply(b"{}", 403, "application/json")

    def make_trouble(self, **knobs: Any) -> None:
        """From now on; without any: behave again."""
        with self.lock:
            self.trouble, self.asked = Trouble(**knobs), 0

    def is_write(self, call: Call) -> bool:
        return False

    def answer(self, call: Call) -> Reply:
        with self.lock:
            self.calls.append(call)
            if call.target in self.links:
                return Reply(status=302, headers=(("Location", self.links[call.target]),))
            if self.is_aside(call):
                return self.tell(call)
            self.asked += 1
            return self._troubled() or self._spoiled(self.tell(call))

    def is_aside(self, call: Call) -> bool:
        """Whether the question is not about the playlist, and troubles do not count for it."""
        return False

    def _troubled(self) -> Reply | None:
        trouble = self.trouble
        if self.asked <= trouble.limited:
            return Reply(status=429, headers=(("Retry-After", trouble.retry_after),))
        if _reached(trouble.fail_at, self.asked):
            return Reply(b"oops", 500)
        if trouble.gone:
            return self.told_gone()
        if trouble.private:
            return self.told_private()
        return self.told_refused() if trouble.refused else None

    def _spoiled(self, reply: Reply) -> Reply:
        if _reached(self.trouble.page_at, self.asked):
            return Reply(b"<!doctype html><title>Please wait</title>", 200, "text/html")
        if _reached(self.trouble.truncate_at, self.asked):
            return Reply(reply.body[: len(reply.body) // 2], reply.status, reply.content_type)
        return reply


def _reached(number: int | None, asked: int) -> bool:
    return number is not None and asked >= number


def said(value: Any, status: int = 200) -> Reply:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", errors="surrogatepass")
    return Reply(body, status, "application/json; charset=utf-8")


def settings_for(*platforms: Platform, **more: Any) -> Settings:
    """Settings of an installation that these doubles are the world of."""
    given = {name: value for platform in platforms for name, value in platform.settings().items()}
    return Settings.model_validate({**given, **more})
