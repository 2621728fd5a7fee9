"""The feed of somebody's podcasts, as podcast apps see it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import podcastparser  # type: ignore[import-untyped]
import pytest

from tests.podcasts.episodes.conftest import CHAPTERS, SOUND, VTT, Studio

PUBLIC = "https://magpie.example"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


@dataclass
class App:
    """A podcast app: it knows the feed's address and nothing else."""

    studio: Studio
    address: str

    def get(self, address: str, method: str = "GET", **headers: str) -> Any:
        assert address.startswith(f"{PUBLIC}/feeds/"), address
        self.studio.client.cookies.clear()
        path = address.removeprefix(PUBLIC)
        return self.studio.client.request(method, path, headers=headers)

    def channel(self) -> ElementTree.Element:
        found = ElementTree.fromstring(self.get(self.address).content).find("channel")  # noqa: S314
        assert found is not None
        return found


@pytest.fixture
def subscribed(studio: Studio) -> App:
    studio.context.settings = studio.context.settings.model_copy(update={"public_url": PUBLIC})
    me = studio.client.get("/api/v1/users/me", headers=studio.headers).json()
    return App(studio, me["feeds"]["podcasts"])


def test_two_parsers_of_real_apps_read_it(studio: Studio, subscribed: App) -> None:
    key = studio.make(title="Ice <&> fish")
    studio.finish(key, description="Why lakes\nare alive.")
    studio.make("Not done yet.")
    content = subscribed.get(subscribed.address).content
    found = podcastparser.parse(subscribed.address, BytesIO(content))
    assert found["title"] == "Magpie podcasts: ada"
    (episode,) = found["episodes"]
    assert (episode["title"], episode["total_time"]) == ("Ice <&> fish", 64)
    assert episode["guid"] == f"magpie:podcast:{key}"
    (enclosure,) = episode["enclosures"]
    assert (enclosure["file_size"], enclosure["mime_type"]) == (len(SOUND), "audio/mpeg")
    parsed = feedparser.parse(content)
    assert not parsed.bozo
    assert parsed.entries[0].enclosures[0].href == enclosure["url"]
    assert parsed.entries[0].podcast_transcript["url"].endswith("/transcript.vtt")
    assert parsed.entries[0].podcast_chapters["url"].endswith("/chapters.json")
    assert subscribed.get(enclosure["url"]).content == SOUND


def test_an_episode_comes_with_transcript_chapters_and_picture(studio: Studio, subscribed: App) -> None:
    studio.finish(studio.make())
    channel = subscribed.channel()
    assert channel.findtext("language") == "en"
    assert channel.findtext(f"{PODCAST}medium") == "podcast"
    assert channel.findtext(f"{ITUNES}block") == "Yes"
    entry = channel.find("item")
    assert entry is not None
    transcript, chapters = entry.find(f"{PODCAST}transcript"), entry.find(f"{PODCAST}chapters")
    picture = entry.find(f"{ITUNES}image")
    assert transcript is not None
    assert chapters is not None
    assert picture is not None
    assert (transcript.get("type"), transcript.get("language")) == ("text/vtt", "en")
    told = subscribed.get(transcript.get("url", ""))
    assert (told.text, told.headers["content-type"]) == (VTT, "text/vtt; charset=utf-8")
    told = subscribed.get(chapters.get("url", ""))
    assert told.headers["content-type"] == chapters.get("type") == "application/json+chapters"
    assert told.json() == CHAPTERS
    assert subscribed.get(picture.get("href", "")).headers["content-type"] == "image/jpeg"
    assert entry.findtext(f"{ITUNES}duration") == "64"


def test_nothing_new_costs_nothing_and_a_change_is_seen(studio: Studio, subscribed: App) -> None:
    key = studio.make()
    studio.finish(key)
    first = subscribed.get(subscribed.address)
    seen = {"If-None-Match": first.headers["etag"], "If-Modified-Since": first.headers["last-modified"]}
    assert subscribed.get(subscribed.address, **seen).status_code == 304
    head = subscribed.get(subscribed.address, "HEAD")
    assert head.headers["etag"] == first.headers["etag"]
    studio.ok("PUT", f"/{key}", json={"title": "Another title"})
    again = subscribed.get(subscribed.address, **seen)
    assert again.status_code == 200
    assert "Another title" in again.text
    assert first.headers["referrer-policy"] == "no-referrer"
    assert "private" in first.headers["cache-control"]


def test_the_recording_is_fetched_in_ranges(studio: Studio, subscribed: App) -> None:
    studio.finish(studio.make())
    enclosure = subscribed.channel().find("item/enclosure")
    assert enclosure is not None
    url = enclosure.get("url", "")
    part = subscribed.get(url, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, SOUND[100:200])
    assert subscribed.get(url, "HEAD").headers["content-length"] == str(len(SOUND))
    assert subscribed.get(f"{url}.exe").status_code == 404


def test_a_token_opens_its_owners_podcasts_only_until_it_is_revoked(
    studio: Studio, other: Studio, subscribed: App
) -> None:
    key = other.make()
    other.finish(key)
    assert subscribed.channel().findall("item") == []
    address = subscribed.address.replace("/podcasts.xml", f"/podcasts/{key}/a.mp3")
    assert subscribed.get(address).status_code == 404
    mine = studio.make()
    studio.finish(mine)
    paths = [subscribed.address, subscribed.address.replace("/podcasts.xml", f"/podcasts/{mine}/a.mp3")]
    assert [subscribed.get(path).status_code for path in paths] == [200, 200]
    tokens = "/api/v1/feeds/tokens"
    (row,) = studio.client.get(tokens, headers=studio.headers).json()
    studio.client.delete(f"{tokens}/{row['id']}", headers=studio.headers)
    assert [subscribed.get(path).status_code for path in paths] == [404, 404]
