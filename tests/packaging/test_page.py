"""devtools/page.py: when the page counts as current, which Node will do, and that a failed build breaks nothing."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from devtools import page

# Stands in for npm: `ci` makes node_modules, `run build -- --outDir DIR` copies index.html there.
FAKE_NPM = """#!/bin/sh
echo "$@" >> ../calls
[ -e ../broken ] && exit 4
if [ "$1" = ci ]; then mkdir -p node_modules; exit 0; fi
while [ $# -gt 0 ]; do [ "$1" = --outDir ] && out=$2; shift; done
mkdir -p "$out" && cp index.html "$out/"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a page of one file."""
    web = tmp_path / "web"
    web.mkdir()
    (tmp_path / "src" / "magpie").mkdir(parents=True)
    (web / "index.html").write_text("first")
    (web / "package.json").write_text("{}")
    (web / "package-lock.json").write_text("{}")
    return tmp_path


@pytest.fixture
def node(tmp_path: Path) -> page.Node:
    """A Node whose npm is the stand-in."""
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(FAKE_NPM)
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    return page.Node(npm.parent, (str(npm),))


def _calls(root: Path) -> list[str]:
    return [line.split()[0] for line in (root / "calls").read_text().splitlines()]


def test_a_built_page_is_current_until_a_source_changes(root: Path, node: page.Node) -> None:
    assert not page.is_current(root)
    page.build(root, node)
    assert page.is_current(root)
    (root / "web" / "index.html").write_text("second")
    assert not page.is_current(root)
    page.build(root, node)
    assert (page.page_folder(root) / "index.html").read_text() == "second"
    assert _calls(root) == ["ci", "run", "run"], "packages are installed once for one lock"


def test_what_tools_leave_behind_is_no_source(root: Path, node: page.Node) -> None:
    page.build(root, node)
    (root / "web" / "node_modules" / "junk.js").write_text("x")
    (root / "web" / "test-results").mkdir()
    (root / "web" / "test-results" / "shot.png").write_text("x")
    assert page.is_current(root)
    (root / "web" / "new.ts").write_text("x")
    assert not page.is_current(root)


def test_a_changed_lock_is_installed_again(root: Path, node: page.Node) -> None:
    page.build(root, node)
    (root / "web" / "package-lock.json").write_text('{"a": 1}')
    page.build(root, node)
    assert _calls(root) == ["ci", "run", "ci", "run"]


def test_a_failed_build_leaves_the_old_page(root: Path, node: page.Node) -> None:
    page.build(root, node)
    (root / "web" / "index.html").write_text("second")
    (root / "broken").touch()
    with pytest.raises(page.PageError, match="code 4"):
        page.build(root, node)
    assert (page.page_folder(root) / "index.html").read_text() == "first"
    assert not page.is_current(root)


def test_a_tree_without_sources_keeps_its_page(root: Path, node: page.Node) -> None:
    page.build(root, node)
    (root / "web").rename(root / "elsewhere")
    assert page.source_hash(root) is None
    assert page.is_current(root)


@pytest.mark.parametrize("version", ["v20.19.0", "v22.12.0", "v24.1.0", "v26.0.0"])
def test_nodes_that_will_do(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(version, tmp_path, monkeypatch)
    found = page.machine_node()
    assert found is not None
    assert found.folder == tmp_path


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", "nonsense"])
def test_nodes_that_will_not(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(version, tmp_path, monkeypatch)
    assert page.machine_node() is None


def _machine(version: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_versions_that_vite_needs_are_the_ones_checked() -> None:
    lock = json.loads((Path(__file__).parents[2] / "web" / "package-lock.json").read_text())
    needed = lock["packages"]["node_modules/vite"]["engines"]["node"]
    assert needed == "^20.19.0 || >=22.12.0", "adapt devtools/page.py: NODE_NEEDED and _recent_enough"
