"""How files get to browsers: no more is done to them than needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.library.playing.facts import Facts
from magpie.library.playing.plan import EVERYBODY, Plan, Way, abilities, audio_word, decide, video_word

MKV, MP4, WEBM = "video/x-matroska", "video/mp4", "video/webm"


def film(demuxer: str, video: str, audio: str | None, pixels: str = "yuv420p") -> Facts:
    return Facts(demuxer, 60.0, video=video, pixels=pixels, height=720, audio=audio, audio_index=1)


def sound(demuxer: str, audio: str) -> Facts:
    return Facts(demuxer, 60.0, audio=audio)


DIRECT, REMUX, TRANSCODE = Way.DIRECT, Way.REMUX, Way.TRANSCODE
SAFARI = EVERYBODY | {"hevc", "alac", "ac3", "mov"}


@pytest.mark.parametrize(
    ("facts", "mime", "can", "plan"),
    [
        (film("mov", "h264", "aac"), MP4, EVERYBODY, Plan(DIRECT, "mp4")),
        (film("mov", "h264", "mp3"), MP4, EVERYBODY, Plan(DIRECT, "mp4")),
        (film("mov", "h264", None), MP4, EVERYBODY, Plan(DIRECT, "mp4")),
        (film("matroska", "vp9", "opus"), WEBM, EVERYBODY, Plan(DIRECT, "webm")),
        (film("matroska", "h264", "aac"), MKV, EVERYBODY, Plan(REMUX, "mp4", "copy", "copy")),
        (film("matroska", "h264", "aac"), MKV, EVERYBODY | {"mkv"}, Plan(DIRECT, "mkv")),
        (film("matroska", "vp9", "opus"), MKV, EVERYBODY, Plan(REMUX, "mp4", "copy", "copy")),
        (film("matroska", "vp8", "vorbis"), MKV, EVERYBODY, Plan(REMUX, "webm", "copy", "copy")),
        (film("matroska", "h264", "ac3"), MKV, EVERYBODY, Plan(TRANSCODE, "mp4", "copy", "aac")),
        (film("mov", "h264", "aac"), "video/quicktime", EVERYBODY, Plan(REMUX, "mp4", "copy", "copy")),
        (film("mov", "h264", "aac"), "video/quicktime", SAFARI, Plan(DIRECT, "mov")),
        (film("mov", "hevc", "aac"), MP4, SAFARI, Plan(DIRECT, "mp4")),
        (film("mov", "hevc", "aac"), MP4, EVERYBODY, Plan(TRANSCODE, "mp4", "h264", "copy")),
        (film("mov", "h264", "aac", "yuv420p10le"), MP4, EVERYBODY, Plan(TRANSCODE, "mp4", "h264", "copy")),
        (film("avi", "mpeg4", "mp3"), "video/x-msvideo", EVERYBODY, Plan(TRANSCODE, "mp4", "h264", "copy")),
        (film("mpegts", "h264", None), "video/mp2t", EVERYBODY, Plan(REMUX, "mp4", "copy")),
        (
            film("avi", "mpeg4", "mp3"), "video/x-msvideo", {"webm", "vp8", "opus"},
            Plan(TRANSCODE, "webm", "vp8", "opus"),
        ),
        (film("avi", "mpeg4", "mp3"), "video/x-msvideo", {"mp4", "h264"}, Plan(Way.NONE, "avi")),
        (sound("mp3", "mp3"), "audio/mpeg", EVERYBODY, Plan(DIRECT, "mp3")),
        (sound("flac", "flac"), "audio/flac", EVERYBODY, Plan(DIRECT, "flac")),
        (sound("wav", "pcm_s16le"), "audio/wav", EVERYBODY, Plan(DIRECT, "wav")),
        (sound("ogg", "opus"), "audio/opus", EVERYBODY, Plan(DIRECT, "ogg")),
        (sound("ogg", "opus"), "audio/opus", EVERYBODY - {"ogg"}, Plan(REMUX, "mp4", None, "copy")),
        (sound("mov", "alac"), "audio/mp4", EVERYBODY, Plan(TRANSCODE, "mp4", None, "aac")),
        (sound("asf", "wmav2"), "audio/x-ms-wma", EVERYBODY, Plan(TRANSCODE, "mp4", None, "aac")),
        (sound("asf", "wmav2"), "audio/x-ms-wma", frozenset(), Plan(Way.NONE, "asf")),
    ],
)  # fmt: skip
def test_the_least_is_done(facts: Facts, mime: str, can: frozenset[str], plan: Plan) -> None:
    assert decide(facts, mime, can) == plan


WORDS = sorted(SAFARI | {"av1", "mkv", "mpeg4", "wmav2", "eac3"})


@given(
    facts=st.builds(
        film,
        st.sampled_from(["mov", "matroska", "avi", "mpegts", "ogg"]),
        st.sampled_from(["h264", "hevc", "av1", "vp8", "vp9", "mpeg4"]),
        st.sampled_from(["aac", "mp3", "opus", "vorbis", "flac", "ac3", "pcm_s16le", None]),
        st.sampled_from(["yuv420p", "yuv420p10le", "yuv444p"]),
    ),
    mime=st.sampled_from([MP4, MKV, WEBM, "video/quicktime"]),
    can=st.frozensets(st.sampled_from(WORDS)),
    may_convert=st.booleans(),
)
def test_nothing_comes_that_the_client_does_not_play(
    facts: Facts, mime: str, can: frozenset[str], may_convert: bool
) -> None:
    plan = decide(facts, mime, can, may_convert=may_convert)
    if plan.way is Way.NONE:
        return
    came = {
        facts_word if chosen in ("copy", None) else chosen
        for chosen, facts_word in ((plan.video, video_word(facts)), (plan.audio, audio_word(facts)))
    }
    assert plan.container in can
    assert came - {None} <= can
    assert may_convert or plan.way is Way.DIRECT
    assert (plan.way is Way.TRANSCODE) == bool({plan.video, plan.audio} - {"copy", None})


def test_abilities_are_words() -> None:
    assert abilities(None) == EVERYBODY
    assert abilities("MP4, h264,,x y,\u202e,aac;rm -rf,-y") == {"mp4", "h264", "-y"}
    assert abilities("") == frozenset()
