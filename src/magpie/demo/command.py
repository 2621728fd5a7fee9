"""`magpie demo`: the whole product offline, in a minute, against the made-up media site.

Each capability adds its step to `STEPS`; a step uses the product as its users do.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from magpie.demo.site import DemoSite

console = Console(highlight=False)

SAVED = (
    ("a film page", "/watch/into-the-fractal", ()),
    ("a song", "/listen/first-light", ("--audio",)),
    ("a gallery", "/gallery", ()),
)

ACCOUNT = "demo"

ARTICLE = """The lighthouse that counted ships

For sixty years the keepers of the lighthouse at Grey Point wrote down every ship that passed. The
books were meant for the insurance companies, which wanted to know who had turned back in bad
weather. Nobody else ever read them.

In 1987 a student of history found forty of these books in a cellar. She noticed that the keepers
had also noted the fog, the ice and the first swallows of each spring. It was the longest record of
the weather on that coast. The ice came later and later, and the swallows came earlier.

Today the numbers are part of a study of the changing climate. The keepers never knew what their
patience would be good for. One of them wrote on the last page of his last book: all is quiet,
nothing to report.
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the steps work with: the made-up site, and an installation of their own."""

    site: str
    folder: Path
    environment: dict[str, str]
    password: str  # of the account `ACCOUNT`, which the demo makes

    def magpie(self, *arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the program itself, as a person would."""
        command = [sys.executable, "-m", "magpie.cli", *arguments]
        return subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            input=typed,
            text=True,
            timeout=120,
            check=False,
            cwd=self.folder,
        )


def save_things(stage: Stage) -> bool:
    """Save a film, a song and a gallery into the library."""
    well = True
    for name, path, options in SAVED:
        started = time.monotonic()
        result = stage.magpie("save", *options, f"{stage.site}{path}")
        seconds = time.monotonic() - started
        if result.returncode == 0:
            place = result.stdout.strip().splitlines()[0].removeprefix(f"{stage.folder}/")
            console.print(f"  [green]✓[/] {name} [dim]{seconds:.1f} s[/]  {place}", soft_wrap=True)
        else:
            well = False
            console.print(f"  [red]✗[/] {name}: {result.stderr.strip()}", soft_wrap=True, markup=False)
    return well


def follow_channel(stage: Stage) -> bool:
    """Follow the site's channel for an account of its own, and look at it as a running server would."""
    started = time.monotonic()
    result = stage.magpie("users", "add", ACCOUNT, f"{ACCOUNT}@example.org", typed=f"{stage.password}\n")
    for arguments in (("follow", f"{stage.site}/channel", "--name", "Hedgerow Films"), ("check", "--json")):
        if result.returncode == 0:
            result = stage.magpie(*arguments)
    seconds = time.monotonic() - started
    if result.returncode == 0:
        told = json.loads(result.stdout)["message"]
        console.print(
            f"  [green]✓[/] a channel [dim]{seconds:.1f} s[/]  Hedgerow Films: {told}", soft_wrap=True
        )
        return True
    console.print(f"  [red]✗[/] a channel: {result.stderr.strip()}", soft_wrap=True, markup=False)
    return False


def make_podcast(stage: Stage) -> bool:
    """Make a podcast of an article, with two voices and without a model or an account."""
    article = stage.folder / "lighthouse.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    started = time.monotonic()
    result = stage.magpie("podcast", str(article), "-o", "lighthouse.mp3", "--json")
    seconds = time.monotonic() - started
    if result.returncode == 0:
        told = json.loads(result.stdout)
        line = f"{told['turns']} turns, {told['duration']:.0f} s at {told['report']['lufs']:.1f} LUFS"
        console.print(
            f"  [green]✓[/] an article [dim]{seconds:.1f} s[/]  lighthouse.mp3: {line}", soft_wrap=True
        )
        return True
    console.print(f"  [red]✗[/] an article: {result.stderr.strip()}", soft_wrap=True, markup=False)
    return False


STEPS: tuple[tuple[str, Callable[[Stage], bool]], ...] = (
    ("Saving what a link leads to", save_things),
    ("Following a channel", follow_channel),
    ("Making a podcast of an article", make_podcast),
)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="magpie-demo-") as folder:
        yield Path(folder).resolve()


def _environment(folder: Path, site: str) -> dict[str, str]:
    """An installation of its own: none of the caller's settings, and only the made-up site may be reached."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAGPIE_")}
    for alias in ("DATABASE_URL", "MEDIA_ROOT", "OUTPUT_DIRECTORY", "DOWNLOAD_PATH", "SECRET_KEY"):
        inherited.pop(alias, None)
    return inherited | {
        "MAGPIE_DATA_DIR": str(folder / "data"),
        "MAGPIE_MEDIA_ROOT": str(folder / "media"),
        "MAGPIE_EGRESS_ALLOW": site.removeprefix("http://"),
        "MAGPIE_SITE_DELAY_SECONDS": "0",
        "MAGPIE_FREE_SPACE_RESERVE_GB": "0",
    }


def run(keep: Path | None) -> int:
    """Do all steps. Returns 0 if all went well."""
    started = time.monotonic()
    with _folder(keep) as folder:
        console.print("[bold]Magpie's demo[/]: a made-up media site on this machine, no network needed.")
        with DemoSite(folder / "site") as site:
            stage = Stage(site.url, folder, _environment(folder, site.url), secrets.token_urlsafe(12))
            console.print(f"The site is at {site.url} as long as this runs.\n")
            results = [_step(title, step, stage) for title, step in STEPS]
        seconds = time.monotonic() - started
        console.print(f"\n{'All of it worked' if all(results) else 'Something failed'}, in {seconds:.0f} s.")
        _where_to_look(stage, kept=keep is not None)
    return 0 if all(results) else 1


def _step(title: str, step: Callable[[Stage], bool], stage: Stage) -> bool:
    console.print(f"[bold]{title}[/]")
    return step(stage)


def _where_to_look(stage: Stage, *, kept: bool) -> None:
    folder = stage.folder
    if not kept:
        console.print("Nothing was kept. With [bold]magpie demo --keep DIR[/] you can look at the result.")
        return
    console.print(
        f"The media are in [bold]{folder / 'media'}[/]. To look at them in the page:", soft_wrap=True
    )
    settings = f"MAGPIE_DATA_DIR={folder / 'data'} MAGPIE_MEDIA_ROOT={folder / 'media'}"
    console.print(f"  {settings} magpie serve", soft_wrap=True)
    console.print(f"Sign in there as [bold]{ACCOUNT}[/] with [bold]{stage.password}[/].", soft_wrap=True)
