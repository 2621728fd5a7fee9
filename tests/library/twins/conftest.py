"""The application without its worker, and people who have songs."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.context import AppContext
from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client  # noqa: F401
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import ada, root  # noqa: F401


@pytest.fixture
def context(bare_context: AppContext, tmp_path: Path) -> AppContext:  # noqa: F811
    """With folders of its own."""
    folders = {"data_dir": tmp_path / "data", "media_root": tmp_path / "data" / "media"}
    folders["media_root"].mkdir(parents=True, exist_ok=True)
    bare_context.settings = bare_context.given = bare_context.settings.model_copy(update=folders)
    return bare_context
