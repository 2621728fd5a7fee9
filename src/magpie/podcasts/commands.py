"""`magpie podcast`: an episode from the command line, without a server and without a database.

What is done is kept in the data folder until the recording is there: the same command goes on where it was ended.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from magpie.admin.settings.stored import effective
from magpie.config import Settings, settings
from magpie.kit.clock import utcnow
from magpie.kit.errors import NotFound
from magpie.kit.filesystem import rename_anew
from magpie.kit.logs import configure_logs
from magpie.kit.paths import numbered, safe_name
from magpie.podcasts.episodes import files
from magpie.podcasts.making import costing
from magpie.podcasts.making.failures import MakingFailed, Stopped
from magpie.podcasts.making.folder import EpisodeFolder
from magpie.podcasts.making.order import Cost, Given, Made, MakingOrder
from magpie.podcasts.making.pages import command_reader
from magpie.podcasts.making.pipeline import make
from magpie.podcasts.making.recordings import command_fetcher
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.models import SourceKind
from magpie.podcasts.progress import show_progress
from magpie.podcasts.templates import service as templates

AUDIO = frozenset(
    {
        ".mp3",
        ".m4a",
        ".aac",
        ".wav",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".wma",
        ".aiff",
        ".mp4",
        ".mkv",
        ".webm",
        ".mov",
    }
)
# Below the folder of podcasts, out of the way of a server's.
KEPT = ".commands"
# What may pass by itself is tried again after so many seconds, here where somebody is waiting.
RETRIES = (5.0, 30.0)
MOST_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has asked for, by the options' names."""

    sources: tuple[str, ...]
    output: Path | None = None
    template: str | None = None
    minutes: float | None = None
    language: str | None = None
    title: str | None = None
    llm: str | None = None
    tts: str | None = None
    asr: str | None = None


class WrongCommand(Exception):
    """The command itself cannot be followed; the message says why."""


def podcast(wish: Wish, *, as_json: bool) -> int:
    """Make one episode. Returns the exit code: 0 it is there, 1 something failed, 2 a wrong command."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    found = effective(chosen)
    if found.trouble:
        _tell(f"saved settings are left out: {found.trouble}")
    try:
        with ExitStack() as stack:
            command = _Command(found.settings, wish, stack)
            path, made = command.run()
    except WrongCommand as wrong:
        _tell(str(wrong))
        return 2
    except Stopped:
        _tell("stopped; the same command goes on from here")
        return 1
    except MakingFailed as failure:
        _tell(f"{failure.message} What was done is kept: the same command goes on from here.")
        return 1
    except OSError as error:
        _tell(f"{error.strerror or error}: {error.filename or ''}")
        return 1
    if as_json:
        print(json.dumps(command.as_json(path, made), ensure_ascii=False), flush=True)
    else:
        print(str(path).encode(errors="replace").decode(errors="replace"), flush=True)
    return 0


def _tell(message: str) -> None:
    shown = "".join(one if one.isprintable() else " " for one in message)
    print(f"magpie podcast: {shown}", file=sys.stderr)


class _Command:
    """One episode, made by this process."""

    def __init__(self, chosen: Settings, wish: Wish, stack: ExitStack) -> None:
        self._settings = chosen
        self._wish = wish
        self._stack = stack
        self._stopped = threading.Event()
        self._estimate: Cost | None = None
        self._template_id = wish.template or templates.DEFAULT

    def run(self) -> tuple[Path, Made]:
        """The recording's place, and what is known of it. Raises `WrongCommand`, `MakingFailed`, `Stopped`, `OSError`."""
        sources = tuple(_given(source) for source in self._wish.sources)
        if self._wish.output is not None and not self._wish.output.absolute().parent.is_dir():
            raise WrongCommand(f"there is no folder {self._wish.output.absolute().parent}")
        order = self._order(sources)
        root = self._settings.data_dir / files.FOLDER / KEPT
        root.mkdir(parents=True, exist_ok=True)
        folder = EpisodeFolder(root, self._stack.enter_context(_own(root, order.key)))
        order = replace(order, key=folder.key)
        _on_signals(self._stopped)
        made = self._make(order, folder)
        path = self._place(made, sources)
        files.remove_all(root, folder.key)
        return path, made

    def _order(self, sources: tuple[Given, ...]) -> MakingOrder:
        wish, chosen = self._wish, self._settings
        try:
            found = templates.find(files.root_of(chosen), self._template_id)
        except NotFound:
            raise WrongCommand(f"there is no template “{self._template_id}”") from None
        template = templates.as_json(found)
        wished = {"minutes": wish.minutes, "language": wish.language, "title": wish.title}
        options = {name: value for name, value in wished.items() if value is not None}
        providers = {
            "llm": wish.llm or chosen.llm,
            "tts": wish.tts or chosen.tts,
            "asr": wish.asr or chosen.asr,
        }
        return MakingOrder(
            key=_key_of(sources, template, options, providers),
            brief=templates.settle(template, options),
            sources=sources,
            template_id=self._template_id,
            created_at=utcnow(),
            llm=providers["llm"],
            tts=providers["tts"],
            asr=providers["asr"],
        )

    def _make(self, order: MakingOrder, folder: EpisodeFolder) -> Made:
        tools = Tools(
            self._settings,
            read_page=command_reader(self._settings, self._stack),
            fetch_recording=command_fetcher(self._settings, self._stack),
            ffmpeg=self._settings.ffmpeg,
        )
        for wait in (*RETRIES, None):
            try:
                with show_progress() as report:
                    return make(
                        order, tools, folder, report, self._stopped.is_set, keep_estimate=self._keep_estimate
                    )
            except MakingFailed as failure:
                patience = max(wait or 0.0, failure.retry_after or 0.0)
                hopeless = failure.waits or failure.reason == "unreachable" or patience > MOST_PATIENCE
                if wait is None or hopeless or not failure.may_pass:
                    raise
                _tell(f"{failure.message} It is tried again in {patience:.0f} s.")
            if self._stopped.wait(patience):
                raise Stopped
        raise AssertionError("the last attempt answers or raises")

    def _keep_estimate(self, estimate: Cost) -> None:
        self._estimate = estimate
        tokens = estimate.prompt_tokens + estimate.completion_tokens
        if tokens and sys.stderr.isatty():
            price = "" if estimate.price is None else f", {estimate.price:.2f}"
            _tell(
                f"about {tokens} tokens, {estimate.characters} characters, {estimate.minutes:.0f} min{price}"
            )

    def _place(self, made: Made, sources: tuple[Given, ...]) -> Path:
        """Put the recording where it was wished for, in place of what is there; or where nothing is."""
        wished = self._wish.output
        draft = (wished or Path.cwd() / "-").absolute().with_name(f".{uuid.uuid4().hex}.part")
        try:
            shutil.copyfile(made.files["mp3"], draft)
            if wished is None:
                return self._bring_anew(draft, made, sources)
            draft.replace(wished.absolute())
            return wished.absolute()
        finally:
            draft.unlink(missing_ok=True)

    def _bring_anew(self, draft: Path, made: Made, sources: tuple[Given, ...]) -> Path:
        """Into the present folder, named like its source, and not in place of anything."""
        first = sources[0]
        stem = first.file.stem if first.file is not None and len(sources) == 1 else made.script.title
        name = f"{safe_name(stem, 'podcast')}.mp3"
        for number in count(1):
            with suppress(FileExistsError):
                rename_anew(draft, target := draft.with_name(numbered(name, number)))
                return target
        raise AssertionError("there is always another number")

    def as_json(self, path: Path, made: Made) -> dict[str, Any]:
        return {
            "path": str(path),
            "title": made.script.title,
            "language": made.script.language,
            "duration": round(made.seconds, 3),
            "isExtractive": made.script.is_extractive,
            "templateUsed": self._template_id,
            "chapters": [segment.title for segment in made.script.segments],
            "turns": len(made.script.turns),
            "estimate": self._estimate.as_json() if self._estimate else None,
            "usage": costing.cost_of(self._settings, made.used, made.seconds / 60).as_json(),
            "report": made.report,
        }


def _given(source: str) -> Given:
    """A source as somebody has named it. Raises `WrongCommand`."""
    if source.lower().startswith(("http://", "https://")):
        return Given(SourceKind.URL, address=source)
    path = Path(source).absolute()
    if not path.is_file():
        raise WrongCommand(f"there is no file {source}")
    suffix = path.suffix.lower()
    if suffix in AUDIO:
        return Given(SourceKind.AUDIO, file=path, name=path.name)
    return Given(SourceKind.FILE, file=path, name=path.name)


def _key_of(sources: tuple[Given, ...], *facts: object) -> str:
    """The same for the same sources and wishes, so that a command that was ended goes on."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for source in sources:
        digest.update((source.address or "").encode() + b"\0")
        if source.file is not None:
            with source.file.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:32]


@contextmanager
def _own(root: Path, key: str) -> Iterator[str]:
    """The key of a folder that no other command works in: this one, or a new one while this one is at work elsewhere."""
    lock = root / f"{key}.lock"
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield uuid.uuid4().hex
            return
        try:
            yield key
        finally:
            if not (root / key).is_dir():
                with suppress(OSError):
                    lock.unlink()


def _on_signals(stopped: threading.Event) -> None:
    """Ctrl-C and a polite kill end the work soon; a second one ends the program at once."""

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
