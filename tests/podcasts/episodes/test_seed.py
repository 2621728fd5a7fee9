"""The earlier program's endpoints, fields and files."""

from __future__ import annotations

from datetime import datetime

import pytest

from magpie.podcasts.episodes import files
from tests.podcasts.episodes.conftest import DONE_AT, PODCASTS, SOUND, Studio

SEED_FIELDS = {
    "id",
    "title",
    "audioUrl",
    "duration",
    "generatedDate",
    "sourceText",
    "sourceAudioUrl",
    "templateUsed",
}


def test_a_text_becomes_a_podcast_with_the_seeds_metadata(studio: Studio) -> None:
    body = {"text": "Lakes freeze from above.", "title": "Ice", "templateId": "narrator"}
    created = studio.ok("POST", "/generate/text", json=body)
    assert created["status"] == "pending"
    key = created["podcastId"]
    found = studio.ok("GET", f"/{key}")
    assert set(found) >= SEED_FIELDS
    assert found["id"] == key
    assert found["title"] == "Ice"
    assert found["sourceText"] == "Lakes freeze from above."
    assert found["sourceAudioUrl"] is None
    assert found["templateUsed"] == "narrator"
    assert found["duration"] == 0
    assert found["audioUrl"] == f"{PODCASTS}/{key}/audio"
    assert datetime.fromisoformat(found["generatedDate"]).tzinfo is not None


def test_a_finished_podcast_tells_its_length_and_when_it_was_made(studio: Studio) -> None:
    key = studio.make()
    studio.finish(key)
    found = studio.ok("GET", f"/{key}")
    assert found["duration"] == 63.5
    assert datetime.fromisoformat(found["generatedDate"]) == DONE_AT
    assert found["sourceText"] == "Lakes freeze from above. Fish live on below."
    assert [one["format"] for one in found["files"]] == ["mp3"]
    assert found["files"][0]["size"] == len(SOUND)


def test_a_list_is_a_bare_array_newest_first_without_texts(studio: Studio, other: Studio) -> None:
    first, second = studio.make("One."), studio.make("Two.")
    other.make("Not Ada's.")
    answer = studio.ask("GET", "")
    assert [one["id"] for one in answer.json()] == [second, first]
    assert answer.headers["X-Total-Count"] == "2"
    assert {one["sourceText"] for one in answer.json()} == {None}
    assert [one["id"] for one in studio.ok("GET", "?skip=1&limit=1")] == [first]
    assert studio.ok("GET", "?status=completed") == []


def test_an_address_becomes_a_podcast(studio: Studio) -> None:
    key = studio.ok("POST", "/generate/url", json={"url": "https://news.example/ice-on-lakes"})["podcastId"]
    found = studio.ok("GET", f"/{key}")
    assert found["title"] == "ice-on-lakes"
    assert found["sources"][0]["address"] == "https://news.example/ice-on-lakes"


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "https://user:word@a.example/", "nothing", "file:///etc/passwd"]
)
def test_an_address_that_is_none_is_refused_by_name(studio: Studio, url: str) -> None:
    answer = studio.ask("POST", "/generate/url", json={"url": url})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["loc"] == ["body", "url"]


def test_a_recording_becomes_a_podcast_and_can_be_heard(studio: Studio) -> None:
    file = ("Talk on ice.mp3", SOUND, "audio/mpeg")
    sent = {"files": {"audioFile": file}, "data": {"templateId": "two-hosts"}}
    key = studio.ok("POST", "/generate/audio", **sent)["podcastId"]
    found = studio.ok("GET", f"/{key}")
    assert found["title"] == "Talk on ice"
    assert found["templateUsed"] == "two-hosts"
    assert found["sources"][0]["kind"] == "audio"
    heard = studio.client.get(found["sourceAudioUrl"], headers=studio.headers)
    assert heard.content == SOUND


def test_the_recording_is_played_inline_in_ranges_and_downloaded_under_its_title(studio: Studio) -> None:
    key = studio.make(title="Ice & fish")
    assert studio.ask("GET", f"/{key}/audio").status_code == 404
    studio.finish(key)
    whole = studio.ask("GET", f"/{key}/audio")
    assert (whole.status_code, whole.content) == (200, SOUND)
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert whole.headers["Content-Disposition"].startswith("inline")
    part = studio.ask("GET", f"/{key}/audio", headers={"Range": "bytes=3-10"})
    assert (part.status_code, part.content) == (206, SOUND[3:11])
    again = studio.ask("GET", f"/{key}/audio", headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
    head = studio.ask("HEAD", f"/{key}/audio")
    assert head.headers["Content-Length"] == str(len(SOUND))
    kept = studio.ask("GET", f"/{key}/download")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert "Ice & fish.mp3" in kept.headers["Content-Disposition"]


def test_the_files_have_the_seeds_names(studio: Studio) -> None:
    key = studio.make()
    studio.finish(key)
    folder = files.root_of(studio.context.settings)
    assert (folder / f"{key}.mp3").is_file()
    assert (folder / f"{key}.json").is_file()


@pytest.mark.parametrize(
    ("path", "body", "loc"),
    [
        ("/generate/text", {"text": " \n"}, ["body", "text"]),
        ("/generate/text", {"text": "a", "templateId": "none-such"}, ["body", "templateId"]),
        ("/generate/text", {"text": ""}, ["body", "text"]),
        ("/generate/text", {"title": "a"}, ["body", "text"]),
        ("/generate/url", {}, ["body", "url"]),
    ],
)
def test_what_is_missing_is_named(studio: Studio, path: str, body: dict[str, str], loc: list[str]) -> None:
    answer = studio.ask("POST", path, json=body)
    assert answer.status_code in (400, 422)
    told = answer.json()
    faults = told["errors"] if answer.status_code == 400 else told["detail"]
    assert faults[0]["loc"] == loc


def test_nobody_makes_podcasts_without_signing_in(studio: Studio) -> None:
    studio.client.cookies.clear()
    answer = studio.client.post(f"{PODCASTS}/generate/text", json={"text": "a"})
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Not authenticated"}
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    bad = studio.client.get(PODCASTS, headers={"Authorization": "Bearer VALID_TOKEN"})
    assert (bad.status_code, bad.json()) == (401, {"detail": "Invalid authentication credentials"})
