"""From sources as they were given to texts: files and pages are read, recordings listened to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.folder import EpisodeFolder
from magpie.podcasts.making.order import Given
from magpie.podcasts.models import SourceKind
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.texts.document import Unreadable

if TYPE_CHECKING:
    from magpie.podcasts.making.tools import Tools

Report = Callable[[str, int, int], None]
Stop = Callable[[], bool]
# Of a description: with so much to tell, an item whose recording cannot be understood still gives an episode.
WORTH_TELLING = 400
PERCENT = 100
# Of what is at an address: then it may be something to listen to.
NO_TEXTS = frozenset({"unsupported", "no_text"})


@dataclass(frozen=True, slots=True)
class ItemMatter:
    """What is known of an item of the library. `subtitles`: files with languages; `recording`: where there is sound."""

    title: str
    description: str = ""
    address: str | None = None
    subtitles: tuple[tuple[Path, str | None], ...] = ()
    recording: Path | None = None


class Reading:
    """The reading of one episode's sources. What was read once is not read again."""

    def __init__(self, tools: Tools, folder: EpisodeFolder, asr: str, language: str | None) -> None:
        self._tools = tools
        self._folder = folder
        self._asr = asr
        self._language = language

    def read(self, sources: tuple[Given, ...], report: Report, stop: Stop) -> list[SourceText]:
        """All texts, in order. Raises `MakingFailed`, what the readers raise, or `Stopped`."""
        found: list[SourceText] = []
        report("reading", 0, len(sources))
        for position, given in enumerate(sources):
            held = self._folder.text(position)
            if held is None:
                held = self._read(given, report, stop)
                if not held.text.strip():
                    raise MakingFailed("reading", "empty", f"There is no text in “{_name(given)}”.")
                self._folder.keep_text(position, held)
            found.append(held)
            report("reading", position + 1, len(sources))
        return found

    def _read(self, given: Given, report: Report, stop: Stop) -> SourceText:
        if given.kind is SourceKind.ITEM and given.row_id is not None:
            return self._item(given, self._tools.of_item(given.row_id), report, stop)
        if given.kind is SourceKind.EPISODE and given.row_id is not None:
            return self._tools.of_episode(given.row_id)
        if given.kind is SourceKind.URL and given.address:
            return self._page(given, given.address, report, stop)
        if given.file is None or not given.file.is_file():
            raise MakingFailed("reading", "gone", f"“{_name(given)}” is not there any more.")
        if given.kind is SourceKind.AUDIO:
            text, language = self._hear(given.file, given.language, report, stop)
            return SourceText(_name(given), text, given.address, language)
        if given.kind is SourceKind.TEXT:
            text = given.file.read_text(encoding="utf-8", errors="replace")
            return SourceText(given.title or "", text, given.address, given.language)
        return _named(given, self._tools.read_file(given.file, given.name or given.file.name, stop))

    def _page(self, given: Given, address: str, report: Report, stop: Stop) -> SourceText:
        """What is at an address: a text, or else a recording."""
        try:
            return _named(given, self._tools.read_page(address, stop))
        except Unreadable as unreadable:
            if unreadable.code not in NO_TEXTS:
                raise
            matter = self._tools.fetch_recording(address, self._folder.scratch / "recording", stop)
            if matter is None:
                raise
        return self._item(given, matter, report, stop)

    def _item(self, given: Given, item: ItemMatter, report: Report, stop: Stop) -> SourceText:
        """What is said in it, after what is written about it."""
        parts = [item.description.strip()]
        language = given.language
        if item.subtitles:
            path, language = _preferred(item.subtitles, given.language or self._language)
            parts.append(self._tools.read_subtitles(path))
        elif item.recording is not None:
            try:
                heard, language = self._hear(item.recording, given.language, report, stop)
                parts.append(heard)
            except MakingFailed as failed:
                if failed.may_pass or len(parts[0]) < WORTH_TELLING:
                    raise
        text = "\n\n".join(part for part in parts if part)
        return SourceText(given.title or item.title, text, given.address or item.address, language)

    def _hear(self, media: Path, language: str | None, report: Report, stop: Stop) -> tuple[str, str | None]:
        heard = self._tools.transcribe(
            self._asr,
            media,
            language or self._language,
            lambda part: report("listening", min(PERCENT, round(part * PERCENT)), PERCENT),
            stop,
            self._folder.journal,
        )
        return heard.text, heard.language


def _name(given: Given) -> str:
    return given.title or given.name or given.address or "the source"


def _named(given: Given, text: SourceText) -> SourceText:
    """With what people called it, and where it can be read."""
    return replace(
        text,
        title=given.title or text.title,
        address=given.address or text.address,
        language=given.language or text.language,
    )


def _preferred(subtitles: tuple[tuple[Path, str | None], ...], wanted: str | None) -> tuple[Path, str | None]:
    """The file in the wanted language, in any variety of it; else the first."""
    short = (wanted or "").lower().split("-")[0]
    for path, language in subtitles:
        if short and (language or "").lower().replace("_", "-").split("-")[0] == short:
            return path, language
    return subtitles[0]
