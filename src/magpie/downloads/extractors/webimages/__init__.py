"""Galleries on pages that no tool knows: the pictures of a plain HTML page."""

from magpie.downloads.extractors.webimages.extractor import WebImages

__all__ = ["WebImages"]
