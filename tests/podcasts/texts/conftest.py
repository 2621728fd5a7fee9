"""Reading in this process, since each child would cost a start of Python; `test_reading.py` is about the child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from magpie.podcasts.texts import child
from magpie.podcasts.texts.document import Document, Unreadable
from magpie.podcasts.texts.kinds import Order

Read = Callable[..., Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes as a file of this name."""

    def read(data: bytes, name: str = "notes.txt", content_type: str = "", charset: str = "") -> Document:
        path = tmp_path / "given"
        path.write_bytes(data)
        found = child.read(Order(str(path), name, content_type, charset))
        return Document(found["title"], found["text"], found["language"], None, found["kind"])

    return read


@pytest.fixture
def fault(read: Read) -> Callable[..., str]:
    """The code with which reading fails."""

    def fault(data: bytes, name: str = "notes.txt", content_type: str = "") -> str:
        with pytest.raises(Unreadable) as caught:
            read(data, name, content_type)
        assert caught.value.message.endswith((".", ")."))
        return caught.value.code

    return fault
