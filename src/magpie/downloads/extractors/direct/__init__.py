"""Plain files: an address whose answer is the medium itself."""

from magpie.downloads.extractors.direct.extractor import Direct

__all__ = ["Direct"]
