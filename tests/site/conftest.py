"""The web's own tests use its fixtures."""

from tests.site.fixtures import media_folder, web

__all__ = ["media_folder", "web"]
