"""What profiles ask for reaches the files: looked at with libav and mutagen, fetched with the real yt-dlp."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import av.stream
import mutagen
import pytest

from magpie.downloads.extractors.port import Kind, Profile, Role, Saved, SavedFile
from magpie.downloads.failures import DownloadFailure
from tests.downloads.extractors.conftest import Yard
from tests.downloads.nest.support import AUDIO, VIDEO
from tests.site.sponsors import SECONDS

PREFER_MP4 = replace(VIDEO, container="mp4")


def by_role(saved: Saved, role: Role) -> list[SavedFile]:
    return [file for file in saved.files if file.role is role]


def facts(path: Path) -> dict[str, Any]:
    """What is in a file: kinds of streams, chapters' names, length, and whether a picture is attached."""
    with av.open(str(path)) as container:
        attached = av.stream.Disposition.attached_pic
        return {
            "kinds": [stream.type for stream in container.streams],
            "cover": any(stream.disposition & attached for stream in container.streams.video),
            "chapters": [chapter["metadata"].get("title") for chapter in container.chapters()],
            "seconds": (container.duration or 0) / av.time_base,
            "tags": container.metadata,
        }


def sponsors(yard: Yard) -> dict[str, Any]:
    return {"options": {"sponsorblock": yard.web.url("/sponsors")}}


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_subtitles_chapters_and_a_picture_go_into_the_file(yard: Yard, container: str) -> None:
    profile = replace(
        VIDEO,
        container=container,
        subtitles=("en", "de"),
        embed_subtitles=True,
        embed_thumbnail=True,
        cover=True,
    )
    saved = yard.save("/tube/whole", profile)
    assert yard.path(saved.files[0]).suffix == f".{container}"
    found = facts(yard.path(saved.files[0]))
    assert found["kinds"].count("subtitle") == 2
    assert found["chapters"] == ["Beginning", "End"]
    assert found["tags"]["artist" if container == "mp4" else "ARTIST"] == "Hedgerow Films"
    assert found["cover"]
    assert by_role(saved, Role.SUBTITLE) == []
    [cover] = by_role(saved, Role.COVER)
    assert cover.mime == "image/jpeg"
    assert (cover.width, cover.height) == (320, 200)
    assert saved.files[0].size == yard.path(saved.files[0]).stat().st_size


def test_subtitles_lie_beside_as_the_server_reads_them(yard: Yard) -> None:
    saved = yard.save("/tube/beside", replace(VIDEO, subtitles=("en",), subtitle_format="srt"))
    [subtitle] = by_role(saved, Role.SUBTITLE)
    assert subtitle.language == "en"
    assert subtitle.mime == "application/x-subrip"
    assert "00:00:00,000 --> 00:00:00,800\nHello in en" in yard.path(subtitle).read_text()
    assert by_role(saved, Role.COVER) == []
    assert "subtitle" not in facts(yard.path(saved.files[0]))["kinds"]


@pytest.mark.parametrize(
    "answer", [{"status": 403}, {"status": 404}, {"body": b"\x00\xffno subtitles\n" * 9}]
)
def test_subtitles_that_do_not_come_fail_nothing(yard: Yard, answer: dict[str, Any]) -> None:
    profile = replace(PREFER_MP4, subtitles=("en", "de"), subtitle_format="srt", embed_subtitles=True)
    with yard.web.behaving("/tube-subtitles/de.vtt", **answer):
        saved = yard.save("/tube/half", profile)
    found = facts(yard.path(saved.files[0]))
    assert found["kinds"].count("video") == found["kinds"].count("audio") == 1
    assert len(found["chapters"]) == 2


def test_nothing_is_embedded_that_is_not_wanted(yard: Yard) -> None:
    saved = yard.save("/tube/bare", replace(PREFER_MP4, embed_metadata=False, embed_chapters=False))
    found = facts(yard.path(saved.files[0]))
    assert found["chapters"] == []
    assert "artist" not in found["tags"]
    assert not found["cover"]


PICTURES: dict[str, Callable[[Any], list[Any]]] = {
    "keep": lambda file: file["covr"],
    "mp3": lambda file: file.tags.getall("APIC"),
    "opus": lambda file: file["metadata_block_picture"],
    "flac": lambda file: file.pictures,
}


@pytest.mark.parametrize("audio_format", PICTURES)
def test_sound_gets_its_cover(yard: Yard, audio_format: str) -> None:
    saved = yard.save("/tube/sound", replace(AUDIO, audio_format=audio_format, embed_thumbnail=True))
    path = yard.path(saved.files[0])
    assert len(PICTURES[audio_format](mutagen.File(path))) == 1
    assert facts(path)["cover"]
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(container.streams.audio[0])) > 1


def test_what_the_site_said_is_kept_without_how_it_was_fetched(yard: Yard) -> None:
    saved = yard.save("/tube/told", replace(VIDEO, info_json=True))
    [info] = by_role(saved, Role.INFO)
    told = json.loads(yard.path(info).read_text())
    assert told["id"] == "told"
    assert told["extractor_key"] == "MadeUpVideo"
    assert told["uploader"] == "Hedgerow Films"
    assert told["upload_date"] == "20260203"
    assert len(told["chapters"]) == 2
    assert not {"formats", "url", "http_headers", "cookies", "subtitles"} & set(told)
    assert "user-" not in yard.path(info).read_text()


def test_files_of_other_tools_are_told_in_the_same_words(yard: Yard) -> None:
    saved = yard.save("/media/clip.mp4", replace(VIDEO, info_json=True))
    [info] = by_role(saved, Role.INFO)
    told = json.loads(yard.path(info).read_text())
    assert told["extractor_key"] == "direct"
    assert told["webpage_url"] == yard.web.url("/media/clip.mp4")
    assert told["title"] == saved.medium.title


def test_sponsors_become_chapters(yard: Yard) -> None:
    yard.web.sponsors.known.add("sponsored-marked")
    profile = replace(VIDEO, mark=("sponsor", "intro"))
    saved = yard.save("/tube/sponsored-marked", profile, **sponsors(yard))
    found = facts(yard.path(saved.files[0]))
    assert found["chapters"] == [
        "All of it", "Sponsor", "All of it", "Intermission/Intro Animation", "All of it",
    ]  # fmt: skip
    assert found["seconds"] == pytest.approx(SECONDS, abs=0.5)


def test_sponsors_are_cut_out(yard: Yard) -> None:
    yard.web.sponsors.known.add("sponsored-cut")
    saved = yard.save("/tube/sponsored-cut", replace(VIDEO, cut=("sponsor",)), **sponsors(yard))
    found = facts(yard.path(saved.files[0]))
    assert found["seconds"] == pytest.approx(SECONDS - 3, abs=1.5)
    assert saved.medium.duration == pytest.approx(SECONDS - 3, abs=1.5)
    asked = [seen for seen in yard.web.requests if "/sponsors/" in seen.path][-1]
    assert "sponsored-cut" not in asked.path  # only the beginning of its hash is told
    assert yard.access is not None
    assert yard.access.refusals == []


@pytest.mark.parametrize("answer", [{"status": 500}, {"status": 429}, {"body": b'{"videoID": 7}'}])
def test_a_sponsorblock_server_that_fails_does_not_fail_the_download(
    yard: Yard, answer: dict[str, Any]
) -> None:
    with yard.web.behaving("/sponsors/*", **answer):
        saved = yard.save("/tube/sponsored-alone", replace(VIDEO, cut=("sponsor",)), **sponsors(yard))
    assert saved.medium.extra["sponsorblock_unreachable"] is True
    assert facts(yard.path(saved.files[0]))["seconds"] == pytest.approx(SECONDS, abs=0.5)


def test_a_gallery_profile_takes_pictures_and_leaves_players_alone(yard: Yard) -> None:
    gallery = Profile("gallery", kind="gallery")
    assert yard.save("/gallery-of/3", gallery).medium.kind is Kind.GALLERY
    yard.clear()
    with pytest.raises(DownloadFailure):
        yard.save("/tube/film", gallery)
