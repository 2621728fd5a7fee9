"""What is kept of an episode while it is made, so that whatever was done is never done again.

Everything lies in the folder `podcasts/<key>/`: `source-<n>…` as it was given, `texts/` what was read of it, `calls/` the
answers of models, `clips/` the spoken turns, `plan.json` which turns there are to be, `ledger.jsonl` what was used. Each
file is there whole or not at all, also after the power has failed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from magpie.kit.filesystem import to_disk
from magpie.podcasts.mastering.order import Clip
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.voices.port import Spoken, Word

TEXTS, CALLS, CLIPS, SCRATCH, OUT = "texts", "calls", "clips", "scratch", "out"
PLAN, LEDGER, PACE = "plan.json", "ledger.jsonl", "pace.json"
GONE = ".gone-"  # what is being deleted
_CLAIM = re.compile(r"[a-z]+-(\d+)-")
_NAME = re.compile(r"[0-9a-f]{16,128}")


def write_whole(path: Path, data: bytes, *, synced: bool = True) -> None:
    """Have a file hold `data`; a crash leaves what was there before. `synced`: it is on the disk when this returns, so
    that it is there also after the power has failed."""
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if synced:
                os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    if synced:
        to_disk(path.parent)


def _read(path: Path) -> Any:
    """What a JSON file holds; None if there is none, or none that can be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _as_bytes(value: Any) -> bytes:
    # In ASCII, since models say half characters, too, which no other encoding takes.
    return json.dumps(value, separators=(",", ":")).encode()


class Journal:
    """Answers that were paid for, by the hash of what was asked. Thread-safe, also between processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.fresh = 0  # answers that this journal was the first to hold

    def once(self, key: str, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `do` gave when it was first called under this key; whatever it raises passes through, unrecorded."""
        name = key if _NAME.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()
        path = self._folder / f"{name}.json"
        held = _read(path)
        if isinstance(held, dict):
            return held
        answer = do()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, _as_bytes(answer))
        self.fresh += 1
        return answer


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """A turn as it is to be spoken. `clip` is the key of its sound."""

    speaker: str
    text: str
    segment: int
    clip: str


@dataclass(frozen=True, slots=True)
class Used:
    """What models and voices were asked for so far. Characters are those that were really spoken, not kept ones."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    characters: int = 0


class Superseded(Exception):
    """A later attempt at the episode has begun: this one has nothing to do here any more."""


class EpisodeFolder:
    """The folder of one episode. Thread-safe."""

    def __init__(self, root: Path, key: str, claim: int = 0) -> None:
        """`root`: the folder of all podcasts. `claim` counts the attempts at the episode: whoever comes later takes the
        folders of those before away. Nothing is made yet."""
        self.root = root
        self.key = key
        self._claim = claim
        self.path = root / key
        self.journal = Journal(self.path / CALLS)
        # One attempt's own: who comes back after its work was taken over finds it gone, and puts nothing in anybody's way.
        self._attempt = uuid.uuid4().hex
        self._ledger_lock = threading.Lock()

    def prepare(self) -> None:
        """Make it, and forget what an earlier attempt had not finished. Raises `OSError`, `Superseded`."""
        for name in (TEXTS, CALLS, CLIPS):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        for folder in (self.scratch, self.out):
            self._put_aside(folder)
            folder.mkdir()
        # In this order: of two attempts that begin at once, the later one sees the other's folders, or is seen itself.
        if any(_claim_of(folder) > self._claim for folder in self._attempts()):
            self._put_aside(self.scratch, self.out)
            self.sweep()
            raise Superseded
        self._put_aside(*(folder for folder in self._attempts() if folder not in (self.scratch, self.out)))
        self.sweep()

    @property
    def scratch(self) -> Path:
        """For what is being made; empty at the start of each attempt."""
        return self.path / f"{SCRATCH}-{self._claim}-{self._attempt}"

    @property
    def out(self) -> Path:
        """For the finished files before they are published; empty at the start of each attempt."""
        return self.path / f"{OUT}-{self._claim}-{self._attempt}"

    def _attempts(self) -> list[Path]:
        """What attempts have of their own, whosever."""
        return [folder for name in (SCRATCH, OUT) for folder in self.path.glob(f"{name}*")]

    def _put_aside(self, *folders: Path) -> None:
        """Let whole folders go, each in one moment: whoever still writes into one of them, or takes files out of it to
        publish them, finds it gone."""
        for folder in folders:
            with suppress(FileNotFoundError):
                folder.rename(self.path / f"{GONE}{uuid.uuid4().hex}")

    def withdraw(self) -> None:
        """Take the finished and half-finished files of all attempts before this claim away: they are not to be
        published."""
        with suppress(OSError):
            self._put_aside(*(folder for folder in self._attempts() if _claim_of(folder) < self._claim))
        self.sweep()

    def sweep(self) -> None:
        """Delete what was put aside."""
        for folder in self.path.glob(f"{GONE}*"):
            shutil.rmtree(folder, ignore_errors=True)

    # Texts

    def text(self, position: int) -> SourceText | None:
        """What was read of a source, if it was read."""
        held = _read(self.path / TEXTS / f"{position}.json")
        if not isinstance(held, dict):
            return None
        try:
            return SourceText(
                title=str(held["title"]),
                text=str(held["text"]),
                address=held.get("address"),
                language=held.get("language"),
            )
        except KeyError:
            return None

    def keep_text(self, position: int, source: SourceText) -> None:
        write_whole(self.path / TEXTS / f"{position}.json", _as_bytes(asdict(source)))

    def texts(self) -> list[SourceText]:
        """All sources that were read, in their order."""
        with suppress(OSError):
            positions = sorted(
                int(path.stem) for path in (self.path / TEXTS).glob("*.json") if path.stem.isdecimal()
            )
            return [found for position in positions if (found := self.text(position)) is not None]
        return []

    # Pace

    def pace(self, found: float | None) -> float | None:
        """The words a minute that this episode is planned with: those that were `found` when it was first asked, so that
        what is learned meanwhile does not make other questions of those that were answered."""
        held = _read(self.path / PACE)
        if isinstance(held, dict):
            return held.get("wpm")
        write_whole(self.path / PACE, _as_bytes({"wpm": found}))
        return found

    # Clips

    def clip(self, key: str) -> tuple[Path, Spoken] | None:
        """A turn's sound, if it was spoken."""
        facts = _read(self.path / CLIPS / f"{key}.json")
        path = self.path / CLIPS / f"{key}.wav"
        if not isinstance(facts, dict) or not path.is_file():
            return None
        try:
            words = tuple(Word(str(text), float(a), float(b)) for text, a, b in facts["words"])
            return path, Spoken(float(facts["seconds"]), int(facts["rate"]), words)
        except (KeyError, TypeError, ValueError):
            return None

    def pin(self, key: str, sound: Path, spoken: Spoken) -> Path:
        """Hold on to a turn's sound, whatever becomes of the cache: a second name of the same file where the disk can do
        that, a copy where not."""
        path = self.path / CLIPS / f"{key}.wav"
        handed = self.scratch / f"{key}.pin"
        with suppress(FileNotFoundError):
            handed.unlink()
        try:
            os.link(sound, handed)
        except OSError:
            shutil.copyfile(sound, handed)
        to_disk(handed)
        handed.replace(path)
        words = [[word.text, word.start, word.end] for word in spoken.words]
        facts = {"seconds": spoken.seconds, "rate": spoken.rate, "words": words}
        # The sound is on the disk. Facts that a power failure takes cost speaking one turn again: cheaper than waiting.
        write_whole(self.path / CLIPS / f"{key}.json", _as_bytes(facts), synced=False)
        return path

    def drop_clip(self, key: str) -> None:
        """Let go of a turn's sound, which is no good."""
        for ending in ("json", "wav"):
            (self.path / CLIPS / f"{key}.{ending}").unlink(missing_ok=True)

    def keep_plan(self, turns: Iterable[PlannedTurn]) -> None:
        """Say which turns there are to be; clips of none of them are let go."""
        planned = list(turns)
        write_whole(self.path / PLAN, _as_bytes([asdict(turn) for turn in planned]))
        wanted = {turn.clip for turn in planned}
        for path in (self.path / CLIPS).iterdir():
            if path.stem not in wanted:
                path.unlink(missing_ok=True)

    def plan(self) -> list[PlannedTurn]:
        """The turns there are to be; none before the script is done."""
        held = _read(self.path / PLAN)
        if not isinstance(held, list):
            return []
        try:
            return [
                PlannedTurn(str(one["speaker"]), str(one["text"]), int(one["segment"]), str(one["clip"]))
                for one in held
            ]
        except (KeyError, TypeError, ValueError):
            return []

    def voiced(self, plan: Iterable[PlannedTurn]) -> list[Clip]:
        """The sounds of these turns in their order, up to the first that is not spoken yet."""
        found: list[Clip] = []
        for turn in plan:
            held = self.clip(turn.clip)
            if held is None:
                break
            path, spoken = held
            found.append(Clip(path, turn.speaker, turn.text, turn.segment, spoken.words))
        return found

    def spoken(self, plan: Iterable[PlannedTurn]) -> list[Spoken]:
        """What is known of these turns' sounds, as `voiced` has them."""
        held = [self.clip(turn.clip) for turn in plan]
        return [one[1] for one in held if one is not None]

    # What was used

    def count(self, *, prompt_tokens: int = 0, completion_tokens: int = 0, characters: int = 0) -> None:
        """Note what was used just now."""
        # The line's end comes first: what a crash has cut off spoils no more than itself.
        line = b"\n" + _as_bytes([prompt_tokens, completion_tokens, characters])
        with self._ledger_lock:
            descriptor = os.open(self.path / LEDGER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)

    def used(self) -> Used:
        """All that was used for this episode, also in attempts that came to nothing."""
        sums = [0, 0, 0]
        try:
            lines = (self.path / LEDGER).read_bytes().splitlines()
        except OSError:
            lines = []
        for line in lines:
            with suppress(ValueError, TypeError):  # cut off when its process died
                sums = [total + int(more) for total, more in zip(sums, json.loads(line), strict=True)]
        return Used(*sums)

    # Its end

    def tidy(self) -> None:
        """The episode is done: let go of what only its making needed. Texts and answers stay, clips are in the cache.

        While nobody else can begin on it: a later attempt would need them. `sweep` deletes what was let go."""
        mine = [folder for folder in self._attempts() if _claim_of(folder) <= self._claim]
        with suppress(OSError):
            self._put_aside(self.path / CLIPS, *mine)


def _claim_of(folder: Path) -> int:
    """Of the attempt whose own folder this is."""
    found = _CLAIM.match(folder.name)
    return int(found[1]) if found else 0
