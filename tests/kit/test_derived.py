"""What is worked out of packages: it counts as long as their files are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.kit.derived import Derived


@pytest.fixture
def maker(tmp_path: Path) -> Path:
    file = tmp_path / "maker.py"
    file.write_text("it = 1\n")
    return file


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The record of an installed package."""
    facts = tmp_path / "site" / "made_up-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
    (facts / "RECORD").write_text("made_up/__init__.py,sha256=aaaa,1\n")
    monkeypatch.syspath_prepend(facts.parent)
    return facts / "RECORD"


def shelf(maker: Path, folder: Path | None) -> Derived:
    return Derived(folder, "made-up", "made_up", (str(maker),))


@pytest.mark.usefixtures("package")
def test_it_is_read_as_it_was_written(maker: Path, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    assert shelf(maker, folder).read() is None
    shelf(maker, folder).write({"a": [1, None, "é"]})
    assert shelf(maker, folder).read() == {"a": [1, None, "é"]}
    assert [path.name for path in folder.iterdir()] == ["made-up.json"]


def test_it_counts_for_these_files_of_the_package_and_this_maker(
    package: Path, maker: Path, tmp_path: Path
) -> None:
    shelf(maker, tmp_path).write(1)
    before = package.read_text()
    package.write_text(before.replace("aaaa", "bbbb"))
    assert shelf(maker, tmp_path).read() is None
    package.write_text(before)
    assert shelf(maker, tmp_path).read() == 1
    maker.write_text("it = 2\n")
    assert shelf(maker, tmp_path).read() is None


def test_of_a_package_whose_files_nobody_has_written_down_nothing_is_kept(
    package: Path, maker: Path, tmp_path: Path
) -> None:
    package.write_text("made_up-1.0.dist-info/direct_url.json,,\n__editable__.made_up.pth,,\n")
    shelf(maker, tmp_path).write(1)
    assert not list(tmp_path.glob("*.json"))
    Derived(tmp_path, "no-such-package", "none", (str(maker),)).write(1)
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"of": 1}', b"\xff", b"[" * 100_000])
def test_a_broken_file_is_none(maker: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "made-up.json").write_bytes(content)
    assert shelf(maker, tmp_path).read() is None
    shelf(maker, tmp_path).write(5)
    assert shelf(maker, tmp_path).read() == 5


@pytest.mark.usefixtures("package")
def test_where_nothing_can_be_kept_it_is_worked_out_each_time(maker: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    for folder in (None, in_the_way / "folder"):
        shelf(maker, folder).write(1)
        assert shelf(maker, folder).read() is None
