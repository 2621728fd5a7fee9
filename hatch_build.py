"""Hatchling hook: puts the built page into wheel and sdist; brings Node where the machine has none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A build frontend starts this file outside of its folder's import path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from devtools import page


class PageHook(BuildHookInterface[Any]):
    """Builds ``src/magpie/page/`` unless its content hash matches; an editable install has what dev.py built.

    ``MAGPIE_BUILD_PAGE=0`` leaves the page alone: `dev.py` and the image build it by themselves.
    """

    def _wanted(self) -> bool:
        return os.environ.get("MAGPIE_BUILD_PAGE") != "0" and not page.is_current(Path(self.root))

    def dependencies(self) -> list[str]:
        """Extra build requirements: Node as a wheel, only if a page must be built and no Node will do."""
        buildable = page.source_hash(Path(self.root)) is not None
        return [page.NODE_WHEEL] if buildable and self._wanted() and not page.machine_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before files are collected. Without ``web/`` the program has no page, and this says so."""
        root = Path(self.root)
        if version == "editable" or not self._wanted():
            return
        if page.source_hash(root) is None:
            self.app.display_warning("No web/ folder: this build has the API and the commands, but no page.")
            return
        node = page.machine_node() or page.wheel_node()
        if node is None:
            raise page.PageError(
                f"building the page needs Node {page.NODE_NEEDED}: install it or `{page.NODE_WHEEL}`"
            )
        page.build(root, node)
