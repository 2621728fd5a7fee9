"""Documents with bytes changed, left out and doubled: whatever comes, it is a text or a typed failure."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from magpie.podcasts.texts import child
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.texts.kinds import Order
from tests.podcasts.texts import making, test_documents, test_pages

pytestmark = pytest.mark.once

SEEDS: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: making.pdf(
        [test_documents.PAGE, test_documents.NEXT], title="Of Magpies", bookmarks={0: "One", 1: "Two"}
    ),
    "docx": lambda: making.docx(test_documents.TestWord.PARAGRAPHS, rows=[["Year", "Eggs"]]),
    "epub": lambda: making.epub(
        {"a.xhtml": "<h1>x</h1><p>words</p>"}, ncx={"a.xhtml": "t"}, nav={"a.xhtml": "t"}
    ),
    "html": test_pages.ARTICLE.encode,
}


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed))
        kind = chance.random()
        if kind < 0.5:
            changed[at] = chance.randrange(256)
        elif kind < 0.7:
            del changed[at : at + chance.randint(1, 40)]
        elif kind < 0.9:
            changed[at:at] = changed[chance.randrange(len(changed)) :][: chance.randint(1, 60)]
        else:
            changed[at : at + 4] = chance.choice(
                [b"9999", b"\xff\xff\xff\xff", b"\0\0\0\0", b"-1  ", b"&#7;"]
            )
        changed = changed or bytearray(b"x")
    return bytes(changed)


def mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """One part of an archive changed, and packed properly again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if parts[name]])
    return making.archive({**parts, name: mutated(parts[name], chance)})


@pytest.mark.parametrize("kind", SEEDS)
def test_it_is_a_text_or_a_typed_failure(tmp_path: Path, kind: str) -> None:
    seed, path, texts = SEEDS[kind](), tmp_path / "given", 0
    for number in range(40):
        chance = random.Random(number)
        inside = kind in ("docx", "epub") and number % 2
        path.write_bytes(mutated_inside(seed, chance) if inside else mutated(seed, chance))
        try:
            texts += bool(child.read(Order(str(path), f"x.{kind}"))["text"])
        except (Unreadable, OSError):  # of the latter the child tells as `damaged`
            continue
    assert 0 < texts < 40
