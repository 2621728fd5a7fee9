"""Saving from the made-up web with the real tools: what every extractor must bring."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import av
import pytest

from magpie.downloads.extractors.port import IsAList, Kind, Profile, Role, Stage
from magpie.downloads.failures import DownloadFailure, Reason
from tests.downloads.extractors.conftest import Yard
from tests.downloads.nest.support import AUDIO, VIDEO


def booru(yard: Yard) -> dict[str, object]:
    root = yard.web.url("/").rstrip("/") + "/booru"
    return {"gallerydl": {"roots": {"moebooru": {"madeup": root}}}}


# address, extractor, kind, number of media files, title
CONTRACT = [
    ("/media/clip.mp4", "direct", Kind.VIDEO, 1, "A made-up clip"),
    ("/media/clip.webm", "direct", Kind.VIDEO, 1, None),
    ("/media/song.mp3", "direct", Kind.AUDIO, 1, "First Light"),
    ("/media/untagged.mp3", "direct", Kind.AUDIO, 1, "untagged"),
    ("/media/photo.png", "direct", Kind.IMAGE, 1, "photo"),
    ("/media/archive.zip", "direct", Kind.FILE, 1, "archive"),
    ("/noext/3", "direct", Kind.VIDEO, 1, None),
    ("/as/octet/media/clip.mp4", "direct", Kind.VIDEO, 1, None),
    ("/as/wrongtype/media/clip.mp4", "direct", Kind.VIDEO, 1, None),
    ("/as/htmltype/media/clip.mp4", "direct", Kind.VIDEO, 1, None),
    ("/as/notype/media/clip.mp4", "direct", Kind.VIDEO, 1, None),
    ("/as/chunked/media/clip.mp4", "direct", Kind.VIDEO, 1, None),
    ("/redirect/3?to=/media/clip.mp4", "direct", Kind.VIDEO, 1, None),
    ("/page/video", "web", Kind.VIDEO, 1, "The page video"),
    ("/page/audio", "web", Kind.AUDIO, 1, "The page audio"),
    ("/page/hls", "web", Kind.VIDEO, 1, None),
    ("/page/jsonld", "web", Kind.VIDEO, 1, None),
    ("/page/opengraph", "web", Kind.VIDEO, 1, None),
    ("/hls/fmp4/master.m3u8", "web", Kind.VIDEO, 1, None),
    ("/dash/manifest.mpd", "web", Kind.VIDEO, 1, None),
    ("/tube/abc", "madeupvideo", Kind.VIDEO, 1, "Tube abc"),
    ("/gallery-of/3", "webimages", Kind.GALLERY, 3, "A gallery of 3"),
    ("/inline-gallery/4", "webimages", Kind.GALLERY, 4, "Inline gallery of 4"),
    ("/booru/post?tags=pool:1", "madeup", Kind.GALLERY, 5, None),
]


@pytest.mark.parametrize(("path", "extractor", "kind", "count", "title"), CONTRACT)
def test_contract(yard: Yard, path: str, extractor: str, kind: Kind, count: int, title: str | None) -> None:
    saved = yard.save(path, options=booru(yard))
    medium = saved.medium
    assert medium.kind is kind
    assert medium.extractor == extractor
    assert medium.source_id
    if title is not None:
        assert medium.title == title
    media = [file for file in saved.files if file.role in (Role.MEDIA, Role.IMAGE)]
    assert len(media) == count
    assert saved.files[0] is media[0]
    assert len(yard.last.media) == 1
    assert yard.last.stages[0] is Stage.EXTRACTING
    assert yard.last.stages[-1] is Stage.PROCESSING
    assert yard.last.progress
    for file in saved.files:
        assert yard.path(file).stat().st_size == file.size
    if kind is not Kind.FILE:
        check_media(yard.path(saved.files[0]), kind)
    if kind in (Kind.VIDEO, Kind.GALLERY, Kind.IMAGE):
        thumbnail = saved.files[-1]
        assert thumbnail.role is Role.THUMBNAIL
        assert thumbnail.mime == "image/jpeg"
        assert max(thumbnail.width or 0, thumbnail.height or 0) <= 640
    left = {path.name for path in yard.workdir.iterdir()}
    assert ".job" not in left
    assert not [name for name in left if name.endswith((".part", ".ytdl"))]


def check_media(path: Path, kind: Kind) -> None:
    """Every frame decodes."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0] if kind is not Kind.AUDIO else container.streams.audio[0]
        assert sum(1 for _ in container.decode(stream)) >= 1


def test_a_direct_file_is_identical(yard: Yard) -> None:
    before = yard.web.count("/big/300000.mp4")
    saved = yard.save("/big/300000.mp4")
    assert hashlib.sha256(yard.path(saved.files[0]).read_bytes()).hexdigest() == yard.web.files.big_sha256(
        300_000
    )
    assert yard.web.count("/big/300000.mp4") == before + 1


def test_a_gallery_has_no_icons_and_all_its_pages(yard: Yard) -> None:
    saved = yard.save("/gallery-of/60")
    assert sum(file.role is Role.IMAGE for file in saved.files) == 60


def test_what_the_user_says_wins(yard: Yard) -> None:
    saved = yard.save("/tube/abc", title="My\u202e title", artist="Me")
    assert (saved.medium.title, saved.medium.artist) == ("My title", "Me")
    with av.open(str(yard.path(saved.files[0]))) as container:
        assert container.metadata["title"] == "My title"
        assert container.metadata["artist"] == "Me"
        assert container.metadata["comment"] == yard.web.url("/tube/abc")


def test_tube_brings_everything(yard: Yard) -> None:
    profile = replace(VIDEO, subtitles=("en", "de", "--exec"))
    saved = yard.save("/tube/xyz", profile)
    roles = [file.role for file in saved.files]
    assert roles.count(Role.SUBTITLE) == 2
    assert {file.language for file in saved.files if file.role is Role.SUBTITLE} == {"en", "de"}
    assert saved.medium.published_at == "2026-02-03T00:00:00+00:00"
    assert saved.medium.artist == "Hedgerow Films"
    assert (saved.files[0].width, saved.files[0].height) == (640, 360)
    with av.open(str(yard.path(saved.files[0]))) as container:
        assert container.streams.video
        assert container.streams.audio
        assert len(container.chapters()) == 2


def test_the_quality_ladder(yard: Yard) -> None:
    assert yard.save("/tube/small", replace(VIDEO, max_height=100)).files[0].height == 72
    yard.clear()
    assert yard.save("/tube/mkv", replace(VIDEO, container="mkv")).files[0].name == "media.mkv"


@pytest.mark.parametrize(
    ("path", "profile", "name", "mime"),
    [
        ("/media/song.mp3", AUDIO, "media.mp3", "audio/mpeg"),
        ("/media/song.opus", AUDIO, "media.opus", "audio/opus"),
        ("/media/clip.mp4", AUDIO, "audio.m4a", "audio/mp4"),
        ("/media/clip.webm", AUDIO, "audio.opus", "audio/opus"),
        ("/tube/abc", AUDIO, "media.m4a", "audio/mp4"),
        ("/media/song.flac", Profile("mp3", kind="audio", audio_format="mp3"), "audio.mp3", "audio/mpeg"),
        ("/page/video", Profile("opus", kind="audio", audio_format="opus"), "audio.opus", "audio/opus"),
    ],
)
def test_audio(yard: Yard, path: str, profile: Profile, name: str, mime: str) -> None:
    saved = yard.save(path, profile)
    assert saved.medium.kind is Kind.AUDIO
    assert (saved.files[0].name, saved.files[0].mime) == (name, mime)
    check_media(yard.path(saved.files[0]), Kind.AUDIO)


def test_audio_of_a_silent_film(yard: Yard) -> None:
    with pytest.raises(DownloadFailure) as caught:
        yard.save("/media/silent.mp4", AUDIO)
    assert caught.value.reason is Reason.NO_MEDIA


def test_lists(yard: Yard) -> None:
    with pytest.raises(IsAList) as caught:
        yard.save("/page/two")
    assert len(caught.value.entries) == 2
    assert caught.value.title == "The page two"
    for entry in caught.value.entries:
        yard.clear()
        assert yard.save(entry.url).medium.kind is Kind.VIDEO
    with pytest.raises(IsAList) as caught:
        yard.save("/channels/main/feed.xml", list_limit=3)
    assert len(caught.value.entries) == 3
    assert all(entry.url.startswith("http://") for entry in caught.value.entries)


def test_tagged_by_url_hash_when_the_site_is_unknown(yard: Yard) -> None:
    first = yard.save("/page/video").medium
    yard.clear()
    again = yard.save("/page/video").medium
    yard.clear()
    other = yard.save("/page/audio").medium
    assert first.source_id == again.source_id != other.source_id


def test_attachment_names(yard: Yard) -> None:
    assert yard.save("/attachment/archive.zip?as=Ein%20Brief.pdf").medium.title == "Ein Brief"


def test_gallery_dl_knows_its_own(yard: Yard) -> None:
    saved = yard.save("/booru/post?tags=even", options=booru(yard))
    assert saved.medium.extra["category"] == "madeup"
    assert sum(file.role is Role.IMAGE for file in saved.files) == 6


def test_inspect(yard: Yard) -> None:
    with yard.guard.pass_for("inspect") as access:

        def kind(path: str) -> tuple[str | None, str]:
            before = len(yard.web.requests)
            found = yard.nest.inspect(yard.web.url(path), access.url, booru(yard))
            assert len(yard.web.requests) - before <= 1
            return found["extractor"], found["kind"]

        assert kind("/media/clip.mp4") == ("direct", "file")
        assert kind("/noext/1") == ("direct", "file")
        assert kind("/page/video") == ("ytdlp", "page")
        assert kind("/gallery-of/4") == ("webimages", "gallery")
        assert kind("/channels/main/feed.xml") == ("ytdlp", "list")
        assert kind("/booru/post?tags=all") == ("gallerydl", "gallery")
        assert kind("/tube/abc") == ("ytdlp", "page")
        assert yard.nest.inspect("https://www.youtube.com/watch?v=abc", access.url)["extractor"] == "ytdlp"
        assert yard.nest.inspect("file:///etc/passwd", access.url)["kind"] == "unsupported"
