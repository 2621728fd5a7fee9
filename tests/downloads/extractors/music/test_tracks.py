"""Tracks fetched with the real yt-dlp in a job process: what is in their files, by mutagen and by libav."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import av
import httpx
import mutagen
import pytest
import yt_dlp  # type: ignore[import-untyped]

from magpie.downloads.extractors.audio import take_audio
from magpie.downloads.extractors.music.facts import source_of
from magpie.downloads.extractors.music.loudness import Loudness, measure
from magpie.downloads.extractors.music.lyrics import plain
from magpie.downloads.extractors.music.numbers import isrc
from magpie.downloads.extractors.music.tags import Tags, read_tags, write_tags
from magpie.downloads.extractors.port import IsAList, Kind, Profile, Role, SavedFile
from magpie.downloads.extractors.probe import probe
from magpie.downloads.extractors.ytdlp.options import parameters
from magpie.downloads.lists import places_in
from magpie.downloads.tools import find_tools
from tests.downloads.extractors.conftest import Yard, guard, media_folder, nest, shared_web, yard
from tests.downloads.nest.support import AUDIO, order
from tests.site.tube import Tube

__all__ = ["guard", "media_folder", "nest", "shared_web", "yard"]

LRC = "[ar:Ada]\n[00:01.00]One line\n[00:02.50]<00:02.50>Another <00:03.00>line\n\n[00:04.00]\n"
SONG: dict[str, Any] = {
    "title": "Ada - Blue (Official Video) [4K] ft. Bob", "channel": "Ada - Topic", "uploader": "Ada - Topic",
    "categories": ["Music"], "genres": ["Chanson", "Jazz"], "release_date": "20251224", "isrc": "at-abc-25-00001",
    "album": "Sky", "album_artists": ["Ada"], "track_number": 3, "disc_number": 2, "composers": ["Clara"],
    "subtitles": {"translation": [{"ext": "lrc", "data": "[00:01.00]Eine"}], "lyrics": [{"ext": "lrc", "data": LRC}]},
}  # fmt: skip
FORMATS = ("keep", "mp3", "opus", "flac")
EXPECTED = {
    "title": ["Blue"], "artist": ["Ada feat. Bob"], "artists": ["Ada", "Bob"], "album": ["Sky"], "albumartist": ["Ada"],
    "albumartists": ["Ada"], "genre": ["Chanson", "Jazz"], "composer": ["Clara"], "date": ["2025-12-24"],
    "isrc": ["ATABC2500001"], "lyrics": ["One line\nAnother line"], "magpie_source": ["madeupvideo blue"],
}  # fmt: skip


@pytest.fixture
def tube(yard: Yard) -> Iterator[Tube]:
    yield yard.web.tube
    yard.web.tube.told.clear()
    yard.web.tube.albums.clear()


@pytest.fixture
def song(tube: Tube) -> None:
    tube.told["blue"] = SONG


def seen_by_libav(path: Path) -> dict[str, str]:
    """Tags as ffmpeg and what is built on it read them, and that the sound can be decoded."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        words = {**container.metadata, **stream.metadata}
        assert sum(1 for _ in container.decode(stream)) > 1
    return {name.casefold(): value for name, value in words.items()}


@pytest.mark.usefixtures("song")
@pytest.mark.parametrize("audio_format", FORMATS)
def test_everything_is_in_the_file(yard: Yard, audio_format: str) -> None:
    saved = yard.save("/tube/blue", replace(AUDIO, audio_format=audio_format, embed_thumbnail=True))
    path = yard.path(saved.files[0])
    tags = read_tags(path)
    assert {name: tags.get(name) for name in EXPECTED} == EXPECTED
    assert tags["comment"] == [yard.web.url("/tube/blue")]
    assert (tags["tracknumber"], tags["discnumber"]) == (["3"], ["2"])
    assert source_of(tags) == ("madeupvideo", "blue")
    gain = "r128_track_gain" if audio_format == "opus" else "replaygain_track_gain"
    assert gain in tags
    assert ("replaygain_track_gain" in tags) == (audio_format != "opus")
    seen = seen_by_libav(path)
    assert (seen["title"], seen["artist"], seen["album"]) == ("Blue", "Ada feat. Bob", "Sky")
    assert seen["album_artist" if "album_artist" in seen else "albumartist"] == "Ada"
    assert saved.files[0].size == path.stat().st_size
    assert not [one.name for one in yard.workdir.iterdir() if one.name.startswith(("tagged", "pictured"))]
    medium = saved.medium
    assert (medium.title, medium.artist, medium.album) == ("Blue", "Ada feat. Bob", "Sky")
    told = {
        name: medium.extra[name]
        for name in ("track_number", "disc_number", "album_artist", "genre", "isrc", "artists")
    }
    assert told == {"track_number": 3, "disc_number": 2, "album_artist": "Ada", "genre": "Chanson", "isrc": "ATABC2500001",
                    "artists": ["Ada", "Bob"]}  # fmt: skip
    [lyrics] = [file for file in saved.files if file.role is Role.SUBTITLE]
    assert (lyrics.mime, lyrics.language) == ("text/x-lrc", None)
    assert yard.path(lyrics).read_text() == LRC


@pytest.mark.usefixtures("song")
def test_what_a_profile_does_not_want_is_left_out(yard: Yard) -> None:
    bare = replace(AUDIO, replaygain=False, lyrics=False, clean_names=False)
    saved = yard.save("/tube/blue", bare)
    tags = read_tags(yard.path(saved.files[0]))
    assert tags["title"] == [SONG["title"]]
    assert not {"lyrics", "replaygain_track_gain"} & set(tags)
    assert [file.role for file in saved.files] == [Role.MEDIA, Role.THUMBNAIL]
    untagged = yard.save("/tube/blue", replace(bare, embed_metadata=False))
    assert "title" not in read_tags(yard.path(untagged.files[0]))


@pytest.mark.usefixtures("song")
def test_what_the_user_says_wins(yard: Yard) -> None:
    saved = yard.save("/tube/blue", AUDIO, title="Mine (Official Video)", artist="Me & You")
    tags = read_tags(yard.path(saved.files[0]))
    assert (tags["title"], tags["artist"], tags["artists"]) == (
        ["Mine (Official Video)"],
        ["Me & You"],
        ["Me & You"],
    )
    assert (saved.medium.title, saved.medium.artist) == ("Mine (Official Video)", "Me & You")


@pytest.mark.usefixtures("song")
def test_films_keep_their_titles(yard: Yard) -> None:
    saved = yard.save("/tube/blue")
    assert (saved.medium.kind, saved.medium.title) == (Kind.VIDEO, SONG["title"])


def test_files_that_somebody_has_tagged_keep_what_they_say(yard: Yard) -> None:
    saved = yard.save("/media/song.mp3", AUDIO)
    tags = read_tags(yard.path(saved.files[0]))
    assert (tags["artist"], tags["album"], tags["tracknumber"]) == (
        ["The Hedgerow Ensemble"],
        ["Nesting Season"],
        ["1"],
    )
    assert tags["magpie_source"][0].startswith("direct ")
    assert "replaygain_track_gain" in tags
    assert saved.medium.extra["track_number"] == 1
    assert saved.medium.extra["album_artist"] == "The Hedgerow Ensemble"


def test_files_saved_as_they_are_are_not_touched(yard: Yard) -> None:
    saved = yard.save("/media/song.mp3")
    with httpx.Client(trust_env=False) as client:
        assert yard.path(saved.files[0]).read_bytes() == client.get(yard.web.url("/media/song.mp3")).content


def test_an_album_tells_its_tracks_what_they_are(yard: Yard, tube: Tube) -> None:
    tube.albums["sky"] = {"title": "Sky", "album_type": "album", "album_artists": ["Ada"], "thumbnail": "/media/photo.jpg",
                          "tracks": ["one", "two"]}  # fmt: skip
    tube.told |= {"two": {"title": "Green", "uploader": "Somebody", "channel": None, "thumbnail": None}}
    with pytest.raises(IsAList) as caught:
        yard.save("/tube-album/sky", AUDIO)
    places = places_in(caught.value)
    assert [url for url, _ in places] == [yard.web.url("/tube/one"), yard.web.url("/tube/two")]
    assert places[1][1] == {
        "list_title": "Sky", "list_index": 2, "track_number": 2, "track_count": 2, "album": "Sky", "album_artist": "Ada",
        "thumbnail_url": yard.web.url("/media/photo.jpg"),
    }  # fmt: skip
    saved = yard.save(places[1][0], replace(AUDIO, cover=True), hints=places[1][1])
    tags = read_tags(yard.path(saved.files[0]))
    assert (tags["album"], tags["albumartist"], tags["tracknumber"]) == (["Sky"], ["Ada"], ["2/2"])
    assert [file for file in saved.files if file.role is Role.COVER]


def test_an_album_of_one_and_a_list_that_is_no_album(yard: Yard, tube: Tube) -> None:
    tube.albums["single"] = {
        "title": "Lone",
        "album_type": "single",
        "album_artists": ["Ada"],
        "tracks": ["lone"],
    }
    tube.albums["mine"] = {"title": "My favourites", "album_type": "playlist", "tracks": ["one", "two"]}
    saved = yard.save("/tube-album/single", AUDIO)
    assert (saved.medium.album, saved.medium.extra["track_number"]) == ("Lone", 1)
    with pytest.raises(IsAList) as caught:
        yard.save("/tube-album/mine", AUDIO)
    assert caught.value.album == {}
    assert places_in(caught.value)[0][1] == {"list_title": "My favourites", "list_index": 1}


def test_pictures_of_music_can_be_square(yard: Yard) -> None:
    saved = yard.save("/tube/round", replace(AUDIO, cover=True, square_cover=True))
    [cover] = [file for file in saved.files if file.role is Role.COVER]
    assert (cover.width, cover.height) == (200, 200)


# What needs no site.

ALL = Tags(
    title="Títle 題", artists=("Ada", "Bob"), artist="Ada feat. Bob", album="Sky", album_artist="Various Artists",
    album_artists=("Various Artists",), number=(3, 12), disc=(1, 2), date="2026", genres=("Jazz", "Chanson"),
    composers=("Clara",), isrc="ATABC2500001", lyrics="One\nTwo",
    comment="https://x.example/", source="x y", is_compilation=True,
)  # fmt: skip
CODECS = {
    "mp3": ("libmp3lame",), "m4a": ("aac",), "opus": ("libopus",), "ogg": ("vorbis", "-strict", "-2", "-ac", "2"),
    "flac": ("flac",), "wav": ("pcm_s16le",), "aiff": ("pcm_s16be",), "mka": ("libopus",), "webm": ("libopus",),
}  # fmt: skip
FFMPEG = find_tools().ffmpeg


def made(path: Path, *codec: str, seconds: float = 2, volume: float = 0.5) -> Path:
    sound = f"aevalsrc={volume}*sin(880*PI*t)|{volume}*sin(880*PI*t):s=48000:d={seconds}"
    command = [
        FFMPEG,
        "-nostdin",
        "-loglevel",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        sound,
        "-c:a",
        *codec,
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


@pytest.mark.parametrize("ending", CODECS)
def test_every_kind_of_file_takes_tags(tmp_path: Path, ending: str) -> None:
    path = made(tmp_path / f"a.{ending}", *CODECS[ending])
    sound = decoded(path)
    loudness = Loudness(-11.5, 0.75)
    assert write_tags(path, ALL, loudness, ffmpeg=FFMPEG)
    before = path.read_bytes()
    assert write_tags(path, ALL, loudness, ffmpeg=FFMPEG)
    assert decoded(path) == sound
    seen = seen_by_libav(path)
    assert (seen["title"], seen["album"]) == ("Títle 題", "Sky")
    assert seen["genre"].replace("; ", ";").replace("/", ";") in ("Jazz;Chanson", "Jazz", "Chanson")
    if ending in ("mka", "webm"):
        assert (seen["replaygain_track_gain"], seen["track"], seen["isrc"]) == (
            "-6.50 dB",
            "3/12",
            "ATABC2500001",
        )
        return
    assert path.read_bytes() == before
    tags = read_tags(path)
    wanted = ALL.texts()
    if ending == "m4a":  # where it is a mark, not a text
        del wanted["compilation"]
    assert {name: tags.get(name) for name in wanted} == wanted
    if ending == "opus":
        assert tags["r128_track_gain"] == [str(round(-11.5 * 256))]
    else:
        assert tags["replaygain_track_gain"] == ["-6.50 dB"]
        assert tags["replaygain_track_peak"] == ["0.750000"]


def decoded(path: Path) -> bytes:
    """All samples: tags are not to change the sound."""
    with av.open(str(path)) as container:
        frames = container.decode(container.streams.audio[0])
        return b"".join(bytes(plane) for frame in frames for plane in frame.planes)


def test_id3_is_of_version_2_4_and_lists_are_lists(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp3", "libmp3lame")
    write_tags(path, ALL, None, ffmpeg=FFMPEG)
    file: Any = mutagen.File(path)
    assert file.tags.version == (2, 4, 0)
    assert file.tags["TCON"].genres == ["Jazz", "Chanson"]
    assert file.tags["TXXX:ARTISTS"].text == ["Ada", "Bob"]
    assert str(file.tags["TRCK"]) == "3/12"
    assert str(file.tags["TCMP"]) == "1"


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.flac", "a.opus", "a.mka", "a.aac"])
def test_a_file_that_is_not_what_it_seems_stays_as_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"ID3\x04\x00\x00\xff\xff\xff\xff" + b"nothing" * 40)
    before = path.read_bytes()
    assert not write_tags(path, ALL, None, ffmpeg=FFMPEG)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert read_tags(path) == {}


@pytest.mark.parametrize("ending", ["mp3", "m4a", "opus", "ogg", "flac", "wav", "aiff"])
def test_damaged_files_raise_nothing(tmp_path: Path, ending: str) -> None:
    """A hundred and twenty of each kind, the same ones every time."""
    whole = made(tmp_path / f"a.{ending}", *CODECS[ending], seconds=0.2)
    write_tags(whole, ALL, None, ffmpeg=FFMPEG)
    data, path, dice = whole.read_bytes(), tmp_path / f"b.{ending}", Random(ending)
    for _ in range(120):
        damaged = bytearray(data)
        for _ in range(dice.choice((1, 5, 20))):
            damaged[dice.randrange(min(len(data), dice.choice((60, 400, 4000))))] = dice.choice((0, 127, 255))
        path.write_bytes(damaged[: dice.choice((len(data), dice.randrange(len(data))))])
        read_tags(path)
        write_tags(path, ALL, None, ffmpeg=FFMPEG)


@pytest.mark.parametrize(("volume", "expected"), [(0.5, -6.0), (0.05, -26.0)])
def test_loudness_is_measured_as_ebu_r128_says(tmp_path: Path, volume: float, expected: float) -> None:
    """A stereo sine of 440 Hz at -6 dBFS a channel has about -6 LUFS (EBU Tech 3341 has -3.01 + 3 dB for 1 kHz)."""
    found = measure(made(tmp_path / "a.flac", "flac", seconds=3, volume=volume), 3.0)
    assert found is not None
    assert found.integrated == pytest.approx(expected, abs=1.0)
    assert found.peak == pytest.approx(volume, abs=0.01)
    assert float(found.track_gain.removesuffix(" dB")) == pytest.approx(-18 - found.integrated, abs=0.01)
    assert int(found.r128_gain) == round((-23 - found.integrated) * 256)


def test_silence_and_what_is_no_sound_have_no_loudness(tmp_path: Path) -> None:
    assert measure(made(tmp_path / "a.flac", "flac", volume=0), 2.0) is None
    (tmp_path / "b.mp3").write_bytes(b"nothing")
    assert measure(tmp_path / "b.mp3", 2.0) is None
    assert measure(tmp_path / "a.flac", 1e6) is None
    assert Loudness(-200.0, 0.1).r128_gain == str((1 << 15) - 1)


@pytest.mark.parametrize(
    ("source", "profile", "ending", "rate"),
    [
        ("opus", Profile("a", kind="audio"), "opus", None),
        ("m4a", Profile("a", kind="audio", audio_format="m4a"), "m4a", None),
        ("mp3", Profile("a", kind="audio", audio_format="mp3", audio_quality="320"), "mp3", None),
        ("flac", Profile("a", kind="audio"), "flac", None),
        ("flac", Profile("a", kind="audio", audio_format="mp3", audio_quality="320"), "mp3", 320_000),
        ("flac", Profile("a", kind="audio", audio_format="mp3"), "mp3", 0),
        ("wav", Profile("a", kind="audio", audio_format="m4a", audio_quality="v0"), "m4a", 192_000),
        ("opus", Profile("a", kind="audio", audio_format="flac"), "flac", 0),
    ],
)
def test_sound_is_encoded_only_where_it_has_to_be(
    tmp_path: Path, source: str, profile: Profile, ending: str, rate: int | None
) -> None:
    path = made(tmp_path / f"media.{source}", *CODECS[source])
    before = path.read_bytes()
    found = take_audio(SavedFile(path.name, Role.MEDIA, 1, ""), order("http://x/", tmp_path, profile=profile))
    assert found.name.endswith(f".{ending}")
    if rate is None:
        assert (tmp_path / found.name).read_bytes() == before
    elif rate:
        with av.open(str(tmp_path / found.name)) as container:
            assert container.streams.audio[0].bit_rate == pytest.approx(rate, rel=0.35)
    assert probe(tmp_path / found.name).has_audio


def test_lyrics_lose_their_times() -> None:
    assert plain(LRC) == "One line\nAnother line"
    assert plain("[ti:x]\n[00:01.00]") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("AT-ABC-25-00001", "ATABC2500001"), ("atabc2500001", "ATABC2500001"), ("AT1", None), (7, None)],
)
def test_isrc(text: Any, code: str | None) -> None:
    assert isrc(text) == code


@pytest.mark.parametrize(
    ("wanted", "rates", "chosen"),
    [
        ("keep", {"opus": 160, "mp4a.40.2": 128}, "opus"),
        ("m4a", {"opus": 160, "mp4a.40.2": 128}, "mp4a.40.2"),
        ("m4a", {"opus": 160, "mp4a.40.2": 48}, "opus"),
        ("opus", {"opus": 70, "mp4a.40.2": 256}, "opus"),
        ("mp3", {"opus": 64, "mp3": 128}, "mp3"),
        ("mp3", {"opus": 160, "mp3": None}, "mp3"),
        ("flac", {"opus": 160, "flac": 900}, "flac"),
        ("flac", {"opus": 160}, "opus"),
    ],
)
def test_sites_are_asked_for_the_kind_of_sound_that_is_wanted(
    tmp_path: Path, wanted: str, rates: dict[str, int | None], chosen: str
) -> None:
    """With yt-dlp's own selection, on formats as sites list them."""
    params = parameters(order("http://x.example/", tmp_path, profile=replace(AUDIO, audio_format=wanted)))
    downloader = yt_dlp.YoutubeDL({"quiet": True, "format": params["format"], "simulate": True})
    formats = [
        {
            "format_id": codec,
            "url": "http://x.example/a",
            "ext": "webm",
            "vcodec": "none",
            "acodec": codec,
            "abr": rate,
        }
        for codec, rate in rates.items()
    ]
    info = {"id": "a", "title": "A", "extractor": "x", "extractor_key": "X", "formats": formats}
    assert downloader.process_video_result(info, download=False)["acodec"] == chosen
