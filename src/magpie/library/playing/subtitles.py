"""Subtitle files over HTTP, as browsers and apps read them."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from starlette.responses import Response

from magpie.kit.errors import NotFound
from magpie.library.playing import webvtt
from magpie.library.playing.files import answer, answer_made


def answer_with(request: Request, path: Path, language: str | None) -> Response:
    """The file as WebVTT. As `playing.files.answer`; raises `NotFound` for kinds that cannot be read as that."""
    match path.suffix.lower():
        case ".vtt":
            return answer(request, path, name=path.name, mime=webvtt.MIME)
        case ".srt":
            return answer_made(
                request,
                path,
                lambda content: webvtt.of_subrip(content, language),
                name=f"{path.stem}.vtt",
                mime=webvtt.MIME,
                most=webvtt.MOST_BYTES,
            )
    raise NotFound("These are no subtitles that browsers read")
