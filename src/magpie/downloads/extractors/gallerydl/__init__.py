"""gallery-dl, run as a program of its own and never imported: its licence is GPL-2.0-only."""

from magpie.downloads.extractors.gallerydl.extractor import GalleryDl

__all__ = ["GalleryDl"]
