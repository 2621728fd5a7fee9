"""A feed of 5,000 episodes: built from the database, asked for again unchanged, and beside two libraries that make feeds.

Promised: built in ≤ 0.5 s; unchanged, it is known to be so in a few milliseconds. Seconds are those of the processor:
of the best of several turns, since what disturbs a machine only ever makes turns slower. Building is what happens at
the first request: reading 5,000 items and 15,000 files, writing the XML, and compressing it. The libraries get the
same episodes from memory, and neither read nor compress; beside them stands our writing alone.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import insert, select

from benchmarks._measure import Figure, report
from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.config import Settings
from magpie.context import AppContext, build_context
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.library.feeds import entries, repository, rss, sources, tokens
from magpie.library.feeds.addresses import Addresses
from magpie.library.feeds.service import Feeds, Page, paged, unpacked
from magpie.library.models import Item, ItemFile, Membership
from magpie.links.models import Link, LinkEntry
from magpie.preparation import prepare

COUNT = 5000
TURNS = 5
LOOKS = 50
BUILD_SECONDS = 0.5
UNCHANGED_MS = 15.0
PEER = Path(__file__).with_name("peers") / "feeds" / "bin" / "python"
FILES = (
    ("media", ".mp4", "video/mp4"),
    ("thumbnail", ".jpg", "image/jpeg"),
    ("subtitle", ".en.vtt", "text/vtt"),
)
DESCRIPTION = "What it is about, & who speaks: https://media.example/notes\n" * 12  # 720 characters
T = TypeVar("T")


def fill(session: WriteSession) -> tuple[Principal, int]:
    """A user with 5,000 videos that one link has brought; the user and the link."""
    user = User(username="ada", username_key="ada", password_hash="-", created_at=utcnow())  # noqa: S106
    session.add(user)
    session.flush()
    link = Link(user_id=user.id, url="https://media.example/c", site="media.example", name="A channel")
    session.add(link)
    session.flush()
    session.execute(insert(Item), [_item(number) for number in range(COUNT)])
    ids = list(session.scalars(select(Item.id).order_by(Item.id)))
    session.execute(insert(ItemFile), [file for item_id in ids for file in _files(item_id)])
    session.execute(insert(Membership), [{"item_id": item_id, "user_id": user.id} for item_id in ids])
    session.execute(
        insert(LinkEntry),
        [
            {"link_id": link.id, "source_key": f"k {one}", "url": "u", "url_digest": "d", "item_id": one}
            for one in ids
        ],
    )
    return Principal(user.id, user.username, is_superuser=False), link.id


def _item(number: int) -> dict[str, Any]:
    chapters = [{"start": part * 60.0, "end": part * 60.0 + 60, "title": f"Part {part}"} for part in range(8)]
    moment = utcnow() - timedelta(hours=number)
    return {
        "extractor": "youtube",
        "source_id": f"video{number}",
        "kind": "video",
        "quality": "video-1080p",
        "title": f"Episode {number}: 青花瓷 & <friends>",
        "artist": "A channel",
        "description": DESCRIPTION,
        "site": "media.example",
        "source_url": f"https://media.example/watch?v={number}&from=feed",
        "duration": 1800.5,
        "size": 10**8,
        "published_at": moment,
        "created_at": moment,
        "extra": {"channel": "A channel", "tags": [f"tag {one}" for one in range(20)], "chapters": chapters},
    }


def _files(item_id: int) -> list[dict[str, Any]]:
    return [
        {
            "item_id": item_id,
            "path": f"A channel/{item_id}{ending}",
            "role": role,
            "position": position,
            "size": 10**8,
            "mime": mime,
            "language": "en",
        }
        for position, (role, ending, mime) in enumerate(FILES)
    ]


def best(turns: int, work: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds of the best turn, and what the last one made."""
    seconds = []
    while True:
        started = time.process_time()
        made = work()
        seconds.append(time.process_time() - started)
        if len(seconds) == turns:
            return min(seconds), made


def peer(which: str, episodes: list[rss.Entry], folder: Path) -> dict[str, Any]:
    """What a library says of the same episodes."""
    file = folder / "episodes.json"
    wanted = ("guid", "title", "description", "link", "url", "size", "mime", "author", "duration", "image")
    told = [
        {name: getattr(one, name) for name in wanted} | {"published": one.published.isoformat()}
        for one in episodes
    ]
    file.write_text(json.dumps(told), encoding="utf-8")
    script = Path(__file__).with_name("_feed_peer.py")
    done = subprocess.run([PEER, script, which, file], check=True, stdout=subprocess.PIPE)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def measure(context: AppContext, folder: Path) -> int:
    with context.database.write() as session:
        reader, link_id = fill(session)
    _, token = tokens.own_token(context, reader)
    addresses, page = Addresses("https://magpie.example", token), Page()
    figures = []
    document = b""
    for name, source in (
        ("all of a library", paged(sources.library)),
        ("one link", paged(sources.link, link_id)),
    ):
        feeds = Feeds(context)
        build, (_, document) = best(
            TURNS,
            lambda source=source: Feeds(context).document(reader, addresses, page, source),  # type: ignore[misc]
        )
        look, _ = best(LOOKS, lambda source=source, feeds=feeds: feeds.look(reader, addresses, page, source))  # type: ignore[misc]
        figures.append(Figure(f"build, {name}", build, BUILD_SECONDS, "s of processor time"))
        figures.append(Figure(f"unchanged, {name}", look * 1000, UNCHANGED_MS, "ms of processor time"))
    know, _ = best(LOOKS, lambda: tokens.reader_of(context, token))
    with context.database.read() as session:
        rows = repository.rows(session, sources.library(session, reader, addresses, page).choice)
        files = repository.files_of(session, [row.id for row in rows])
    episodes = list(entries.episodes(rows, files, addresses, None))
    channel = rss.Channel("Magpie", "All of it", addresses.base, addresses.library, "-", "video", "Magpie")
    write, made = best(TURNS, lambda: "".join(rss.write(channel, episodes)).encode())
    peers: dict[str, Any] = {}
    if PEER.exists():
        for which in ("feedgen", "podgen"):
            said = min((peer(which, episodes, folder) for _ in range(2)), key=lambda one: one["seconds"])
            peers[which] = said | {"ratio": round(said["seconds"] / write, 1)}
    return report(
        "feeds",
        figures,
        database="sqlite" if context.database.is_sqlite else "postgresql",
        episodes=COUNT,
        bytes=len(unpacked(document)),
        compressed=len(document),
        token_ms=round(know * 1000, 2),
        writing_alone={"seconds": round(write, 3), "bytes": len(made)},
        peers=peers or "not installed: see benchmarks/_feed_peer.py",
    )


def main() -> int:
    """Run, print the figures as JSON; 1 if a promise is not kept. An argument: the address of an empty database."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        database = sys.argv[1] if len(sys.argv) > 1 else ""
        context = build_context(Settings(data_dir=Path(folder), database_url=database))
        try:
            prepare(context)
            return measure(context, Path(folder))
        finally:
            context.close()


if __name__ == "__main__":
    sys.exit(main())
