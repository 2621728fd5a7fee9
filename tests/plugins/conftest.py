"""The demo plug-in as a wheel, built and installed as a person would, and the site that it saves from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools import checkout
from tests.plugins.demo_site import DemoSite
from tests.support.server import environment

SOURCE = checkout.ROOT / "examples" / "magpie-demo-plugin"


@pytest.fixture(scope="session")
def demo_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed wheel; on PYTHONPATH it is as good as installed."""
    folder = tmp_path_factory.mktemp("demo-plugin")
    tree = shutil.copytree(SOURCE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        folder / "dist",
    ]
    subprocess.run(build, cwd=tree, check=True, timeout=60, capture_output=True)
    [wheel] = (folder / "dist").iterdir()
    target = folder / "installed"
    install: list[str | Path] = [
        checkout.ensure_uv(),
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        sys.executable,
    ]
    command: list[str | Path] = [*install, "--target", target, wheel]
    subprocess.run(command, env=checkout.environment(), check=True, timeout=60, capture_output=True)
    return target


@pytest.fixture
def demo_site() -> Iterator[DemoSite]:
    with DemoSite() as site:
        yield site


def surroundings(data_dir: Path, *plugins: Path, **given: object) -> dict[str, str]:
    """The environment of a Magpie of its own, with these folders of plug-ins."""
    found = environment(data_dir, **given)
    paths = [str(folder) for folder in plugins] + [path for path in (os.environ.get("PYTHONPATH"),) if path]
    return {**found, "PYTHONPATH": os.pathsep.join(paths)}


def magpie(*words: str, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of Magpie's in a process of its own."""
    command = [sys.executable, "-m", "magpie.cli", *words]
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=90)
