"""yt-dlp, used as a library in the job process. Nothing here imports yt_dlp until a job or `preload` needs it."""

from magpie.downloads.extractors.ytdlp.extractor import YtDlp

__all__ = ["YtDlp"]
