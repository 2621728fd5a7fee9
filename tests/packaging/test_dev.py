"""dev.py: what is current costs nothing, what changed is done again, and nothing leaves the checkout."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from devtools import checkout, gates

ROOT = Path(__file__).resolve().parents[2]

# Stands in for uv: notes its arguments and where its cache lies, and makes what `uv sync` would make.
FAKE_UV = """#!/bin/sh
echo "$@ cache=$UV_CACHE_DIR" >> calls
mkdir -p .venv/bin && printf '#!/bin/sh\\nexit 7\\n' > .venv/bin/python && chmod +x .venv/bin/python
"""


def _executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with dev.py, the lock and a stand-in for uv, but without a page."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "devtools", root / "devtools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dev.py", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, root / name)
    _executable(root / ".tools" / f"uv-{checkout.UV_VERSION}" / "uv", FAKE_UV)
    return root


def _dev(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    return subprocess.run(
        [sys.executable, "dev.py", *words], cwd=root, env=env, capture_output=True, text=True, timeout=60
    )


def _syncs(root: Path) -> list[str]:
    calls = root / "calls"
    return (
        [line for line in calls.read_text().splitlines() if line.startswith("sync")] if calls.exists() else []
    )


def test_a_second_setup_does_nothing_and_is_quick(copy: Path) -> None:
    first = _dev(copy, "setup")
    assert first.returncode == 0, first.stderr
    assert "there is no page" in first.stderr
    assert len(_syncs(copy)) == 1
    started = time.monotonic()
    assert _dev(copy, "setup").returncode == 0
    assert time.monotonic() - started < 2
    assert len(_syncs(copy)) == 1


def test_the_lock_is_obeyed_and_caches_stay_inside(copy: Path) -> None:
    _dev(copy, "setup")
    [call] = _syncs(copy)
    assert "--frozen" in call
    assert call.endswith(f"cache={copy}/.tools/cache/uv")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_a_changed_lock_is_synced_again(copy: Path, name: str) -> None:
    _dev(copy, "setup")
    with (copy / name).open("a") as file:
        file.write("# changed\n")
    _dev(copy, "setup")
    assert len(_syncs(copy)) == 2


def test_a_moved_checkout_gets_a_new_environment(copy: Path) -> None:
    _dev(copy, "setup")
    (copy / ".venv" / "names-the-old-place").touch()
    moved = copy.rename(copy.with_name("moved"))
    _dev(moved, "setup")
    assert len(_syncs(moved)) == 2
    assert not (moved / ".venv" / "names-the-old-place").exists()


def test_a_failed_sync_is_not_taken_for_done(copy: Path) -> None:
    uv = copy / ".tools" / f"uv-{checkout.UV_VERSION}" / "uv"
    _executable(uv, "#!/bin/sh\nexit 3\n")
    failed = _dev(copy, "setup")
    assert failed.returncode == 1
    assert "this failed" in failed.stderr
    _executable(uv, FAKE_UV)
    assert _dev(copy, "setup").returncode == 0
    assert len(_syncs(copy)) == 1


def test_arguments_of_test_go_to_pytest_and_its_code_comes_back(copy: Path) -> None:
    assert _dev(copy, "test", "-k", "nothing").returncode == 7  # the stand-in's python says so


@pytest.mark.parametrize("words", [["nonsense"], ["setup", "extra"]])
def test_an_unknown_command_explains_itself(copy: Path, words: list[str]) -> None:
    answer = _dev(copy, *words)
    assert answer.returncode == 2
    assert "serve" in answer.stdout


def test_an_old_python_can_read_far_enough_to_be_told() -> None:
    # Python 3.6 must parse the whole file before it can run the first line.
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 6))


def test_standard_library_only() -> None:
    for path in [ROOT / "dev.py", *(ROOT / "devtools").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in {*sys.stdlib_module_names, "devtools"}, f"{path.name}: {name}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("DEBUG=true", True), ("export MAGPIE_DEBUG='1'", True), ("DEBUG=false", False), ("#DEBUG=true", False)],
)
def test_debug_is_read_from_the_environment_file(copy: Path, text: str, *, wanted: bool) -> None:
    (copy / ".env").write_text(text + "\n")
    asked = "import dev, sys; sys.exit(0 if dev.debug_wanted() else 9)"
    env = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "MAGPIE_DEBUG"}}
    code = subprocess.run([sys.executable, "-c", asked], cwd=copy, env=env, timeout=60).returncode
    assert code == (0 if wanted else 9)


def test_gates_go_on_after_a_failure_and_report_it(capfd: pytest.CaptureFixture[str]) -> None:
    run = gates.Gates()
    run.run("breaks", [sys.executable, "-c", "raise SystemExit(3)"])
    run.run("collects nothing", [sys.executable, "-c", "raise SystemExit(5)"])
    run.run("works", [sys.executable, "-c", "print('ran')"])
    assert run.summary() == 1
    printed = capfd.readouterr().out
    assert "ran" in printed
    assert "FAILED: breaks, collects nothing" in printed


def test_parts_beside_each_other_keep_their_output_together(capfd: pytest.CaptureFixture[str]) -> None:
    """Each waits until the other has begun, so they do run at the same time."""
    run, both = gates.Gates(), threading.Barrier(2, timeout=20)
    say = "for number in range(3): print({!r}, number, flush=True)"

    def part(name: str, code: int) -> Callable[[gates.Gates], None]:
        def carry_out(run: gates.Gates) -> None:
            both.wait()
            run.run(name, [sys.executable, "-c", f"{say.format(name)}\nraise SystemExit({code})"])

        return carry_out

    run.run_beside([part("one", 0), part("other", 4)])
    assert run.summary() == 1
    printed = capfd.readouterr().out
    for name in ("one", "other"):
        assert f"── {name} ──\n{name} 0\n{name} 1\n{name} 2\n" in printed
    assert "FAILED: other" in printed


def test_gates_pass_when_every_part_does() -> None:
    run = gates.Gates()
    run.run("works", [sys.executable, "-c", ""])
    run.note("browser", "NOT RUN: no Chromium here")
    assert run.summary() == 0


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    """A package index on loopback that holds a wheel of uv for this machine; the folder that it serves."""
    folder = tmp_path / "index"
    (folder / "uv").mkdir(parents=True)
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    (folder / "address").write_text(f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    server.server_close()
    thread.join(10)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Not into the test's output."""


def _offer(index: Path, monkeypatch: pytest.MonkeyPatch, sha256: str | None = None) -> None:
    libc = "manylinux_2_17" if sys.platform == "linux" else "macosx_11_0"
    name = f"uv-{checkout.UV_VERSION}-py3-none-{libc}_{os.uname().machine}.whl"
    with zipfile.ZipFile(index / "uv" / name, "w") as wheel:
        wheel.writestr(f"uv-{checkout.UV_VERSION}.data/scripts/uv", "#!/bin/sh\necho the real one\n")
    digest = sha256 or hashlib.sha256((index / "uv" / name).read_bytes()).hexdigest()
    (index / "uv" / "index.html").write_text(f'<a href="{name}#sha256={digest}">{name}</a>')
    monkeypatch.setenv("UV_DEFAULT_INDEX", (index / "address").read_text())
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # a Python without pip and ensurepip


def test_uv_comes_without_pip(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _offer(index, monkeypatch)
    monkeypatch.setattr(checkout, "TOOLS", tmp_path / "tools")
    uv = checkout.ensure_uv()
    assert subprocess.check_output([uv], text=True) == "the real one\n"
    assert uv.is_relative_to(tmp_path / "tools")


def test_a_wheel_with_another_hash_is_refused(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _offer(index, monkeypatch, sha256="0" * 64)
    monkeypatch.setattr(checkout, "TOOLS", tmp_path / "tools")
    with pytest.raises(checkout.DevError, match="hash"):
        checkout.ensure_uv()
    assert not list((tmp_path / "tools").glob("uv-*/uv"))
