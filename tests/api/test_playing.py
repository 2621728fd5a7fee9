"""Playing what a real server has downloaded."""

from __future__ import annotations

import httpx

from tests.site.web import MediaWeb
from tests.support.server import ended, wait_for


def saved(client: httpx.Client, url: str) -> int:
    """The item that a download of this address became."""
    download = client.post("/api/v1/downloads", json={"url": url}).json()
    item: int = ended(client, download["id"])["item_id"]
    return item


def test_a_song_can_be_listened_to_and_looked_at(client: httpx.Client, web: MediaWeb) -> None:
    base = f"/api/v1/items/{saved(client, web.url('/media/song.opus'))}"
    whole = client.get(f"{base}/file")
    assert whole.headers["content-type"] == "audio/opus"
    assert whole.headers["content-disposition"].startswith("inline;")
    assert whole.headers["x-content-type-options"] == "nosniff"
    part = client.get(f"{base}/file", headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole.content[100:])
    again = client.get(f"{base}/file", headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{base}/playback-plan").json()["way"] == "direct"
    assert client.get(f"{base}/playback-plan", params={"can": "mp4,opus"}).json()["way"] == "remux"
    # It was ordered when the song arrived.
    waveform = wait_for(lambda: (now := client.get(f"{base}/waveform")).status_code == 200 and now, 60)
    assert max(waveform.json()["data"]) > 0


def test_a_film_can_be_watched(client: httpx.Client, other: httpx.Client, web: MediaWeb) -> None:
    base = f"/api/v1/items/{saved(client, web.url('/media/clip.mkv'))}"
    plan = client.get(f"{base}/playback-plan").json()
    assert (plan["way"], plan["mime"]) == ("remux", "video/mp4")
    film = client.get(plan["url"])
    assert film.status_code == 200
    assert film.content[4:8] == b"ftyp"
    assert other.get(plan["url"]).status_code == 404
