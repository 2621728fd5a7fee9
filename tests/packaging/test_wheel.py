"""`pip install .` and `pip install dist/*.whl` give a working `magpie` with the page inside, without Node."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from devtools import checkout, page

ROOT = Path(__file__).resolve().parents[2]
PAGE = "magpie/page/"


def _build(tree: Path, target: str, to: Path, env: dict[str, str]) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", to], cwd=tree, env=env, check=True
    )
    [built] = to.iterdir()
    return built


def _contents(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            entry.filename: entry.CRC for entry in archive.infolist() if entry.filename.startswith("magpie/")
        }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The sdist, the wheel of this checkout, and the wheel made from the sdist on a machine without Node."""
    folder = tmp_path_factory.mktemp("dist")
    env = {name: value for name, value in os.environ.items() if name != "MAGPIE_BUILD_PAGE"}
    wheel = _build(ROOT, "wheel", folder / "wheel", env)
    sdist = _build(ROOT, "sdist", folder / "sdist", env)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    [tree] = (folder / "unpacked").iterdir()
    bare = {**env, "PATH": str(Path(sys.executable).parent / "no-node-here")}
    return sdist, wheel, _build(tree, "wheel", folder / "second", bare)


@pytest.mark.slow
def test_wheel_and_sdist_hold_the_same_program_and_page(built: tuple[Path, Path, Path]) -> None:
    sdist, wheel, second = built
    contents = _contents(wheel)
    assert f"{PAGE}index.html" in contents
    assert any(name.startswith(PAGE) and name.endswith(".js") for name in contents)
    assert contents == _contents(second)
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"web/package-lock.json", "devtools/page.py", "hatch_build.py", "LICENSE", "README.md"} <= names
    assert not [
        name
        for name in names
        if "node_modules" in name or name.startswith((".env", ".venv", ".tools", "data/"))
    ]


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(built: tuple[Path, Path, Path], tmp_path: Path) -> None:
    wheel = built[1]
    uv, env = checkout.ensure_uv(), checkout.environment()
    locked = tmp_path / "pylock.toml"
    python = tmp_path / "venv" / "bin" / "python"

    def run(*words: str | Path) -> str:
        return subprocess.run(
            [uv, *words], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    run("export", "--frozen", "--no-dev", "--no-emit-project", "--format", "pylock.toml", "-o", locked)
    run("venv", tmp_path / "venv")
    run("pip", "sync", "--python", python, locked)
    run("pip", "install", "--python", python, "--no-deps", wheel)
    run("pip", "check", "--python", python)
    bare = {"HOME": str(tmp_path), "PATH": "/nonexistent", "LANG": "C.UTF-8"}
    shown = subprocess.run(
        [python.parent / "magpie", "--help"],
        cwd=tmp_path,
        env=bare,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "serve" in shown.stdout
    asked = (
        "import importlib.resources as r; print(r.files('magpie').joinpath('page/index.html').read_text())"
    )
    found = subprocess.run(
        [python, "-c", asked], cwd=tmp_path, env=bare, check=True, capture_output=True, text=True
    )
    assert found.stdout.strip() == (page.page_folder(ROOT) / "index.html").read_text().strip()


def test_metadata_says_what_the_project_is(built: tuple[Path, Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
        licence = next(name for name in archive.namelist() if name.endswith("licenses/LICENSE"))
        assert "GNU GENERAL PUBLIC LICENSE" in archive.read(licence).decode()
    assert metadata["Name"] == "magpie-media"
    assert metadata["License-Expression"] == "GPL-3.0-or-later"
    assert metadata["Requires-Python"] == ">=3.11"
