"""The extractors that ship with Magpie."""

from __future__ import annotations

from magpie.downloads.extractors.port import Extractor


def builtin_extractors() -> list[Extractor]:
    """In the order in which equal claims are asked: a plain file costs one request, so it is looked for first."""
    from magpie.downloads.extractors.direct import Direct
    from magpie.downloads.extractors.gallerydl import GalleryDl
    from magpie.downloads.extractors.webimages import WebImages
    from magpie.downloads.extractors.ytdlp import YtDlp

    return [Direct(), YtDlp(), GalleryDl(), WebImages()]
