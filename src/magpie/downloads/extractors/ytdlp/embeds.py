"""Which of yt-dlp's extractors may find a player of theirs on somebody's page, without loading them all.

The generic extractor asks each of 1,800, and to be asked it has to be loaded: 950 modules, 30 MB. Most only look for
patterns, and nearly all of these demand some literal text (see `suitable`): if the page has none of an extractor's texts,
it need not be asked. The few with a search of their own are asked always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import MethodType
from typing import Any

from yt_dlp.extractor.common import InfoExtractor  # type: ignore[import-untyped]

from magpie.downloads.extractors.ytdlp import suitable
from magpie.kit.derived import Derived

_SEARCHING = ("extract_from_webpage", "_extract_from_webpage", "_extract_embed_urls")


class Embeds:
    """Extractors by the texts of which a page must have one; until it is worked out, or was kept, all are asked."""

    def __init__(self, folder: Path | None) -> None:
        self._shelf = Derived(folder, "yt-dlp", "yt_dlp", (__file__, suitable.__file__), "-embeds")
        self._texts: dict[str, list[str] | None] | None = self._shelf.read()  # by key; None: always asked

    def asked(self, extractors: dict[str, Any], page: str) -> dict[str, Any]:
        """Those of the extractors, by their keys, that are to be asked for the page. Others than yt-dlp's own are."""
        if self._texts is None:
            return extractors
        lower = page.lower()
        return {key: one for key, one in extractors.items() if self._may_find(key, lower)}

    def _may_find(self, key: str, lower: str) -> bool:
        texts = self._texts.get(key) if self._texts is not None else None
        return texts is None or any(text in lower for text in texts)

    def work_out(self, extractors: Iterable[Any]) -> Iterator[None]:
        """Load each and note what it looks for, unless that is known; a step for each."""
        if self._texts is not None:
            return
        texts: dict[str, list[str] | None] = {}
        for extractor in extractors:
            texts[extractor.ie_key()] = None
            with suppress(Exception):  # that it cannot be loaded will be told where it is asked
                texts[extractor.ie_key()] = _texts_of(getattr(extractor, "real_class", extractor))
            yield
        self._texts = texts
        self._shelf.write(texts)


def _texts_of(extractor: Any) -> list[str] | None:
    for name in _SEARCHING:
        method = getattr(extractor, name)
        if not isinstance(method, MethodType) or method.__func__ is not getattr(InfoExtractor, name).__func__:
            return None
    found = suitable.demanded(tuple(extractor._EMBED_REGEX), {})
    return None if found is None else sorted(found)
