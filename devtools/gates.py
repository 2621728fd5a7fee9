"""The gates: static checks, and the tests on both databases and in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from devtools import page
from devtools.checkout import (
    ROOT,
    VENV,
    DevError,
    alone,
    ensure_node,
    ensure_python_packages,
    environment,
    replace_process,
    run,
    say,
    setup,
)

PYTHON_FILES = ("src", "tests", "examples", "scripts", "benchmarks", "devtools", "dev.py", "hatch_build.py")
_preparing = threading.Lock()  # one part of this process; `alone` keeps other processes away
# The shell first: what the page meets is the same, and nothing is drawn around it, which takes a third of the time.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)


def page_env(node: page.Node) -> dict[str, str]:
    """The environment of npm's scripts: the chosen Node first on PATH."""
    return node.environment(environment())


@dataclass
class Gates:
    """Runs one part after another or some beside each other, whatever fails, and sums up."""

    results: list[tuple[str, float, str]] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    _beside: bool = False  # whether other parts run at the same time
    _output: threading.Lock = field(default_factory=threading.Lock)

    def run(
        self, name: str, command: Sequence[object], env: dict[str, str] | None = None, cwd: Path = ROOT
    ) -> None:
        """One part; its output is shown as it comes, or at its end if others run beside it."""
        started = time.monotonic()
        code = self._call_quietly(name, command, env, cwd) if self._beside else _call(name, command, env, cwd)
        self.results.append((name, time.monotonic() - started, _verdict(code)))

    def run_beside(self, parts: Iterable[Callable[[Gates], None]]) -> None:
        """Parts that do not touch each other, as many at a time as there are processors."""
        self._beside = True
        with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
            for running in [pool.submit(part, self) for part in parts]:
                running.result()
        self._beside = False

    def _call_quietly(
        self, name: str, command: Sequence[object], env: dict[str, str] | None, cwd: Path
    ) -> int:
        words = [str(word) for word in command]
        done = subprocess.run(
            words,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        with self._output:
            print(f"\n── {name} ──\n{done.stdout.decode(errors='replace')}", end="", flush=True)
        return done.returncode

    def run_pytest(self, name: str, options: Sequence[str], chosen: str, env: dict[str, str]) -> None:
        """Tests with the marks `chosen`; what fails is tried once more, alone.

        Many tests drive real servers and browsers, and some state that a thing happens within seconds: two cores
        that do other work as well can break that. What passes alone is named in the summary, not hidden.
        """
        started = time.monotonic()
        pytest = [tool("python"), "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{name.replace(' ', '-')}"]
        code = _call(name, [*pytest, *options, "-m", chosen], env, ROOT)
        verdict = _verdict(code)
        if code == 1:
            alone = [*pytest, "--last-failed", "--last-failed-no-failures", "none", "-m", chosen]
            if _call(f"{name}: what failed, alone", alone, env, ROOT) == 0:
                verdict = "ok, but some tests passed only alone: see above"
        self.results.append((name, time.monotonic() - started, verdict))

    def note(self, name: str, verdict: str) -> None:
        """A part that was not run, and why."""
        self.results.append((name, 0.0, verdict))

    def summary(self) -> int:
        """Prints what ran, how long it took and how it ended; the exit code."""
        print("\n── summary ──")
        for name, seconds, verdict in self.results:
            print(f"{name:<24} {seconds:7.1f} s  {verdict}")
        failed = [name for name, _, verdict in self.results if verdict.startswith("FAILED")]
        total = time.monotonic() - self.begun
        print(f"{'all':<24} {total:7.1f} s  {'FAILED: ' + ', '.join(failed) if failed else 'ok'}", flush=True)
        return 1 if failed else 0


def _call(name: str, command: Sequence[object], env: dict[str, str] | None, cwd: Path) -> int:
    print(f"\n── {name} ──", flush=True)
    words = [str(word) for word in command]
    return subprocess.run(words, env=env, cwd=cwd, stdin=subprocess.DEVNULL).returncode


def _verdict(code: int) -> str:
    # pytest's 5: nothing was collected. A gate that checks nothing has not been passed.
    return {0: "ok", 5: "FAILED (nothing to run)"}.get(code, f"FAILED ({code})")


def tool(name: str) -> Path:
    """A program of ``.venv/``."""
    return VENV / "bin" / name


def existing_python() -> list[str]:
    """Our own Python files and folders, as far as they exist."""
    return [name for name in PYTHON_FILES if (ROOT / name).exists()]


def lint_parts() -> dict[str, Callable[[Gates], None]]:
    """The parts of `dev.py lint` by name; pre-commit runs them one by one."""

    def script_part(script: str) -> Callable[[Gates], None]:
        return lambda gates: page_script(gates, script)

    return {
        "ruff": lambda gates: gates.run("ruff", [tool("ruff"), "check", *existing_python()]),
        "format": lambda gates: gates.run(
            "ruff format", [tool("ruff"), "format", "--check", *existing_python()]
        ),
        "types": lambda gates: gates.run("mypy --strict", [tool("mypy"), *existing_python()]),
        "imports": lambda gates: gates.run(
            "import-linter", [tool("lint-imports"), "--no-cache", "--no-logo"]
        ),
        "eslint": script_part("lint"),
        "prettier": script_part("format:check"),
        "tsc": script_part("typecheck"),
    }


def page_script(gates: Gates, script: str) -> None:
    """One of the page's npm scripts as a part."""
    if page.source_hash(ROOT) is None:
        gates.note(f"page: {script}", "not run: there is no web/")
        return
    with _preparing, alone():
        node = ensure_node()
        page.install_packages(ROOT, node, environment())
    gates.run(f"page: {script}", [*node.npm, "run", "--silent", script], page_env(node), ROOT / "web")


def lint(arguments: list[str]) -> int:
    """All static checks, or the named ones."""
    parts, gates = lint_parts(), Gates()
    unknown = sorted({*arguments} - {*parts})
    if unknown:
        raise DevError(f"no lint part named {', '.join(unknown)}; there are: {', '.join(parts)}")
    with alone():
        ensure_python_packages()
    gates.run_beside(parts[name] for name in arguments or parts)
    return gates.summary()


def fmt(_: list[str]) -> int:
    """Formats everything and applies the safe fixes."""
    with alone():
        ensure_python_packages()
    run([tool("ruff"), "check", "--fix", "--quiet", "--exit-zero", *existing_python()])
    run([tool("ruff"), "format", "--quiet", *existing_python()])
    gates = Gates()
    page_script(gates, "format")
    return gates.summary()


def find_browser() -> str | None:
    """A Chromium or Chrome of this machine: named, on PATH, among the applications, or Playwright's own."""
    named = os.environ.get("MAGPIE_TEST_CHROMIUM")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    apple = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    fetched = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return named or found or next((str(path) for path in (apple, *reversed(fetched)) if path.is_file()), None)


def ensure_browser() -> str | None:
    """A browser for tests/e2e; CI and root on Debian get one installed, others choose."""
    browser = find_browser()
    root, apt = os.geteuid() == 0, shutil.which("apt-get")
    if browser or not apt or not (root or ci()):
        return browser
    say("installing chromium with apt-get for the browser tests")
    command = [] if root else ["sudo", "-n"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-y", "-qq", "--no-install-recommends"]
    # Older releases have no shell of its own.
    for step in (["update", "-qq"], [*install, "chromium-headless-shell"], [*install, "chromium"]):
        done = subprocess.run([*command, apt, *step], env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if done.returncode:
            say(f"apt-get {step[0]} failed")
        elif browser := find_browser():
            return browser
    return None


def ci() -> bool:
    """Whether this is an unattended run, where a part that cannot run is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def test(arguments: list[str]) -> int:
    """Every gate there is; with arguments just pytest with those, for quick rounds."""
    setup()
    if arguments:
        replace_process([tool("python"), "-m", "pytest", *arguments])
    gates = Gates()
    page_parts = (lambda gates, script=script: page_script(gates, script) for script in ("test", "size"))
    gates.run_beside([*lint_parts().values(), *page_parts])
    # More than two cores' worth: many tests wait for a server, a site or a clock.
    spread = ["-n", "4", "--dist", "worksteal"]
    for database, chosen in (
        # Spelled out: pytest's last `-m` replaces the one in pyproject.toml that leaves the soak tests out.
        ("sqlite", "not soak and not browser and not postgres_only"),
        ("postgresql", "database and not once and not soak and not browser and not sqlite_only"),
    ):
        env = {**os.environ, "MAGPIE_TEST_DATABASE": database}
        gates.run_pytest(f"pytest on {database}", spread, chosen, env)
    browser = ensure_browser()
    if browser:
        env = {**os.environ, "MAGPIE_TEST_CHROMIUM": browser}
        gates.run_pytest("pytest in the browser", [*spread, "tests/e2e"], "browser", env)
    else:
        missing = "no Chromium here: `apt-get install chromium`, or install Chrome, and run this again"
        gates.note("pytest in the browser", f"FAILED: {missing}" if ci() else f"NOT RUN: {missing}")
    return gates.summary()
