"""Builds a feed of episodes with feedgen or podgen, as their manuals say it, and prints the seconds that it took.

Run with the interpreter of the environment that has them, which is not part of the repository:

    uv venv benchmarks/peers/feeds && uv pip install --python benchmarks/peers/feeds/bin/python feedgen podgen setuptools

Arguments: which of them, and a JSON file of episodes. Printed: seconds of processor time, and the bytes of the feed. Only
the building counts: the episodes are in memory already, and nothing is compressed.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from typing import Any


def feedgen(episodes: list[dict[str, Any]]) -> bytes:
    from feedgen.feed import FeedGenerator  # type: ignore[import-not-found]

    feed = FeedGenerator()
    feed.load_extension("podcast")
    feed.title("Magpie")
    feed.link(href="https://magpie.example/", rel="alternate")
    feed.description("All of it")
    for one in episodes:
        entry = feed.add_entry(order="append")
        entry.id(one["guid"])
        entry.title(one["title"])
        entry.description(one["description"])
        entry.link(href=one["link"])
        entry.pubDate(datetime.fromisoformat(one["published"]))
        entry.enclosure(one["url"], str(one["size"]), one["mime"])
        entry.podcast.itunes_author(one["author"])
        entry.podcast.itunes_duration(round(one["duration"]))
        entry.podcast.itunes_image(one["image"])
    made: bytes = feed.rss_str()
    return made


def podgen(episodes: list[dict[str, Any]]) -> bytes:
    from podgen import Media, Podcast  # type: ignore[import-not-found]

    feed = Podcast(name="Magpie", description="All of it", website="https://magpie.example/", explicit=False)
    for one in episodes:
        entry = feed.add_episode()
        entry.id = one["guid"]
        entry.title = one["title"]
        entry.summary = one["description"]
        entry.link = one["link"]
        entry.publication_date = datetime.fromisoformat(one["published"])
        entry.media = Media(one["url"], one["size"], one["mime"], timedelta(seconds=one["duration"]))
        entry.image = one["image"]
    made: str = feed.rss_str()
    return made.encode()


def main() -> None:
    which, file = sys.argv[1:]
    with open(file, encoding="utf-8") as opened:  # noqa: PTH123
        episodes = json.load(opened)
    build = {"feedgen": feedgen, "podgen": podgen}[which]
    build(episodes[:1])  # so that everything is loaded
    started = time.process_time()
    made = build(episodes)
    print(json.dumps({"seconds": time.process_time() - started, "bytes": len(made)}))


if __name__ == "__main__":
    main()
