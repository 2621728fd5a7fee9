"""Both sides of a scan, compared in one go: the same as looking every path up."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from magpie.library.care.compare import Known, Verdict, compare
from magpie.library.care.disk import Seen, walk

PARTS = st.text(st.sampled_from("ab-./é晴~ "), min_size=1, max_size=3).filter(
    lambda part: part.strip(". ") and "/" not in part and not part.startswith(".")
)
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
FACTS = st.tuples(st.integers(0, 2), st.one_of(st.none(), st.integers(1, 2)), st.booleans())


@given(
    known=st.dictionaries(PATHS, FACTS),
    seen=st.dictionaries(PATHS, st.tuples(st.integers(0, 2), st.integers(1, 2))),
)
def test_every_path_gets_the_verdict_that_looking_it_up_gives(
    known: dict[str, tuple[int, int | None, bool]], seen: dict[str, tuple[int, int]]
) -> None:
    rows = [
        Known(number, number, path, size, modified, None, gone)
        for number, (path, (size, modified, gone)) in enumerate(sorted(known.items()))
    ]
    files = [Seen(path, *facts) for path, facts in sorted(seen.items())]
    found = {(one.known or one.seen).path: one.verdict for one in compare(rows, files)}  # type: ignore[union-attr]
    expected = {}
    for path in {*known, *seen}:
        if path not in known:
            expected[path] = Verdict.UNKNOWN
        elif path not in seen:
            expected[path] = Verdict.STILL_MISSING if known[path][2] else Verdict.MISSING
        elif known[path][0] != seen[path][0] or known[path][1] not in (None, seen[path][1]):
            expected[path] = Verdict.CHANGED
        elif known[path][2]:
            expected[path] = Verdict.RETURNED
        else:
            expected[path] = Verdict.FIRST_SEEN if known[path][1] is None else Verdict.UNCHANGED
    assert found == expected


def test_the_disk_is_walked_in_the_order_of_whole_paths(tmp_path: Path) -> None:
    names = [
        "a/b.mp3",
        "a-b.mp3",
        "a.mp3",
        "a/é.mp3",
        "a/晴/1.mp3",
        "a b/x.mp3",
        "z.mp3",
        "a/b/c.mp3",
        "A.mp3",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [seen.path for seen in walk(tmp_path, lambda _path, _why: None)] == sorted(names)


def test_nothing_leads_out_of_the_folder_and_odd_names_are_told(tmp_path: Path) -> None:
    root, outside = tmp_path / "media", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret.mp3").write_bytes(b"x")
    (root / "folder").symlink_to(outside)
    (root / "file.mp3").symlink_to(outside / "secret.mp3")
    (root / ".hidden").mkdir()
    (root / ".hidden" / "a.mp3").write_bytes(b"x")
    os.mkfifo(root / "pipe.mp3")
    (root / "good.mp3").write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(root) + b"/bad\xff.mp3")).write_bytes(b"x")
    told: list[tuple[str, str]] = []
    assert [seen.path for seen in walk(root, lambda path, why: told.append((path, why)))] == ["good.mp3"]
    assert [why for _path, why in told] == ["name"]
