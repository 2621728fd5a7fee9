"""Subtitles, of which none is worth a failed download: one that does not come or cannot be read is left out."""

from __future__ import annotations

from typing import Any

from yt_dlp.postprocessor import (  # type: ignore[import-untyped]
    FFmpegEmbedSubtitlePP,
    FFmpegSubtitlesConvertorPP,
)
from yt_dlp.utils import PostProcessingError  # type: ignore[import-untyped]

from magpie.downloads.extractors.port import Profile
from magpie.downloads.extractors.ytdlp.downloader import Downloader
from magpie.downloads.extractors.ytdlp.options import languages_of


class _Convertor(FFmpegSubtitlesConvertorPP):  # type: ignore[misc]
    """One that ffmpeg cannot read stays as it came."""

    def run(self, info: dict[str, Any]) -> Any:
        try:
            return super().run(info)
        except (PostProcessingError, OSError, ValueError) as error:
            self.report_warning(f"Subtitles: {error}")
            return [], info


class _Embedder(FFmpegEmbedSubtitlePP):  # type: ignore[misc]
    """Those that do not fit into the file stay beside it."""

    def run(self, info: dict[str, Any]) -> Any:
        try:
            return super().run(info)
        except (PostProcessingError, OSError, ValueError) as error:
            self.report_warning(f"Subtitles: {error}")
            return [], info


def prepare_subtitles(downloader: Downloader, profile: Profile) -> None:
    """Have the subtitles that the profile asks for converted, and put into the file, as it says."""
    if not languages_of(profile):
        return
    if profile.subtitle_format == "srt":
        downloader.add_post_processor(_Convertor(downloader, "srt"), when="before_dl")
    if profile.embed_subtitles:
        downloader.add_post_processor(_Embedder(downloader, already_have_subtitle=False))
        # Before parts are cut out of the film: its subtitles are cut with it.
        steps = downloader._pps["post_process"]
        steps.insert(0, steps.pop())
