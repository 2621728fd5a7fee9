"""One nest with the misbehaving plug-in for all tests here."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from magpie.downloads.nest.client import Nest
from tests.downloads.nest.support import PLUGIN
from tests.support.tools import KEPT


@pytest.fixture(scope="module")
def with_plugin() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        path = os.environ.get("PYTHONPATH")
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(PLUGIN), path))))
        yield


@pytest.fixture(scope="module")
def shared_nest(with_plugin: None) -> Iterator[Nest]:
    with Nest(keep_in=KEPT) as nest:
        yield nest
