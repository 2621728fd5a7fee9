#!/usr/bin/env python3
"""Everything that happens in a checkout: python3 dev.py setup | serve | test | lint | fmt | bench | web

  setup               brings uv into .tools/, the locked packages into .venv/, builds the page
  serve [ARGUMENT…]   sets up, then becomes `magpie serve` (see its --help)
  test                every gate: lint, the page's tests, pytest on SQLite and PostgreSQL, the browser
  test ARGUMENT…      pytest alone, with these arguments
  lint [PART…]        ruff, format, types, imports, eslint, prettier, tsc
  fmt                 formats everything
  bench [NAME…]       the figures that the project promises
  web                 Vite with hot reload, for work on the page

Standard library only; nothing is written outside the checkout, and what is current already costs nothing.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python would stumble over
    version = "{}.{}".format(*sys.version_info[:2])
    sys.exit(f"Magpie needs Python 3.11 or newer; this is {version} ({sys.executable}).")

import os
import shlex
import subprocess
from collections.abc import Callable
from typing import NoReturn

from devtools import gates, page
from devtools.checkout import (
    ROOT,
    VENV,
    DevError,
    alone,
    ensure_node,
    environment,
    replace_process,
    say,
    setup,
)


def debug_wanted() -> bool:
    """Whether ``DEBUG`` (or ``MAGPIE_DEBUG``) is on, in the environment or in ``.env``."""
    named = {"DEBUG", "MAGPIE_DEBUG"}
    values = {name: os.environ[name] for name in named if name in os.environ}
    dotenv = ROOT / ".env"
    if dotenv.is_file():
        for line in dotenv.read_text(encoding="utf-8", errors="replace").splitlines():
            name, found, value = line.removeprefix("export ").partition("=")
            if found and name.strip() in named:
                values.setdefault(name.strip(), value)
    return any(value.strip().strip("'\"").lower() in {"1", "true", "yes", "on"} for value in values.values())


def serve(arguments: list[str]) -> NoReturn:
    """`magpie serve`; with DEBUG=true it is started anew whenever a Python file below src/ changes."""
    setup()
    program = [str(VENV / "bin" / "magpie"), "serve", *arguments]
    if not debug_wanted():
        replace_process(program)
    say("DEBUG is on: restarting when src/ changes")
    watch = [VENV / "bin" / "watchfiles", "--filter", "python", "--sigint-timeout", "30"]
    replace_process([*watch, "--target-type", "command", shlex.join(program), ROOT / "src"])


def web(arguments: list[str]) -> int:
    """Vite's own server with hot reload for work on the page; further words go to `npm run dev`."""
    with alone():
        node = ensure_node()
        page.install_packages(ROOT, node, environment())
    return subprocess.run(
        [*node.npm, "run", "dev", "--", *arguments], cwd=ROOT / "web", env=gates.page_env(node)
    ).returncode


def bench(arguments: list[str]) -> int:
    """Runs the named files of benchmarks/ (without a name: all); each prints one JSON object on stdout."""
    setup()
    every = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    unknown = sorted({*arguments} - {*every})
    if unknown or not every:
        raise DevError(
            f"no benchmark named {', '.join(unknown) or 'anything'}; there are: {', '.join(every) or 'none'}"
        )
    codes = [
        subprocess.run([VENV / "bin" / "python", "-m", f"benchmarks.{name}"], cwd=ROOT).returncode
        for name in arguments or every
    ]
    return max(codes)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "serve": serve,
    "test": gates.test,
    "lint": gates.lint,
    "fmt": gates.fmt,
    "bench": bench,
    "web": web,
}


def main(arguments: list[str]) -> int:
    """Dispatches the command; the exit code."""
    # Images for Python often forbid bytecode files; then every process would compile all modules again, for a second.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    try:
        if name == "setup" and not rest:
            setup()
            return 0
        if name in COMMANDS:
            return COMMANDS[name](rest)
    except (DevError, page.PageError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__)
    return 0 if name in {"help", "-h", "--help"} else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
