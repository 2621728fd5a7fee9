"""The mastering desk: from an order to finished files in a work folder. Runs in the child process only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from magpie.kit.filesystem import to_disk
from magpie.podcasts.mastering import clips, cover, music, timeline
from magpie.podcasts.mastering.coder import Coder, CodingFailed
from magpie.podcasts.mastering.loudness import Meter, loudness_range, silence_share
from magpie.podcasts.mastering.order import FORMATS, Mastered, MasteringFailed, MasteringOrder
from magpie.podcasts.mastering.peaks import TruePeak
from magpie.podcasts.mastering.rendering import Mix, Rendered, cut_off, render, settle
from magpie.podcasts.mastering.tags import write_tags

_RATES = (44_100, 48_000)
_TRIES = 6
_CLOSE = 0.3  # LU from the target: near enough
# dB into the limiter: beyond, clicks and the like would only be squashed; the report says that it is off target.
_PUSH = 15.0
_SLIGHT = 0.2  # dB above the ceiling that are taken back with the gain, without a new stream
_ROOM = 0.2  # dB by which a finished stream may still be made louder on its way into the encoder
# How far above their input encoders rise, usually, dB. What rises farther is encoded again from a lower stream.
_MARGIN = {"mp3": 0.9, "opus": 1.2, "m4a": 1.1}
_LONG, _LONG_MARGIN = (
    1200.0,
    0.5,
)  # seconds from which on a rare peak is likely, and what it takes; a round costs more then

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What an encoded file sounds like, decoded: LUFS, dBTP, LU, share of silence."""

    lufs: float
    true_peak: float
    loudness_range: float
    silence: float


class Desk:
    """One recording in the making. `work` is a folder of its own, on the disk where the results belong."""

    def __init__(self, order: MasteringOrder, coder: Coder, work: Path, progress: Progress) -> None:
        self._order = order
        self._coder = coder
        self._work = work
        self._progress = progress
        self._spool = work / "spool"
        self._speakers: dict[str, float] = {}  # dB
        self._room = 0.0  # dB for rare peaks
        self._ceiling = math.inf  # of the limiter, dBTP
        self._gain = self._most_gain = 0.0  # before the limiter, dB
        self._rendered: Rendered | None = None  # what is in the spool
        self._renders = 0

    def master(self) -> Mastered:
        """Make everything, and put it in its place. Raises `MasteringFailed`."""
        _check(self._order)
        mix = self._mix()
        placed = timeline.chapters(mix.timeline, self._order.clips, self._order.chapters)
        cues = timeline.cues(mix.timeline, self._order.clips, cut_off(mix.clips))
        facts = self._work / "chapters.txt"
        facts.write_text(_ffmetadata([(one.start, one.end, one.title) for one in placed]), encoding="utf-8")
        artwork = self._cover()
        measured: dict[str, Measured] = {}
        files: dict[str, Path] = {}
        for kind in self._order.formats:
            files[kind] = self._work / f"sound.{kind}"
            measured[kind] = self._encoded(mix, kind, files[kind], facts)
            write_tags(kind, files[kind], self._order.facts, placed, cues, artwork.read_bytes())
        files["cover"] = artwork
        report = self._report(mix, measured, files)
        return Mastered(self._in_place(files), mix.timeline.seconds, cues, placed, report)

    def _mix(self) -> Mix:
        order = self._order
        heard = []
        for number, clip in enumerate(order.clips):
            heard.append(clips.examine(clip, number))
            self._progress(0.1 * (number + 1) / len(order.clips))
        target = order.target_lufs
        loudness = {"intro": music.softer(target), "outro": music.softer(target)}
        loudness["bed"] = target + order.music.bed_db
        tunes = {
            name: music.load(self._coder, path, order.rate, self._work / name, level)
            for name, level in loudness.items()
            if (path := getattr(order.music, name)) is not None
        }
        band = music.Band(tunes.get("intro"), tunes.get("outro"), tunes.get("bed"))
        lengths = [one.length(order.rate) for one in heard]
        laid = timeline.lay(
            order.clips,
            lengths,
            order.rate,
            len(band.intro.samples) if band.intro else 0,
            len(band.outro.samples) if band.outro else 0,
        )
        self._speakers, levels = clips.levels(heard, target)
        mix = Mix(tuple(heard), levels, laid, band)
        # Low enough for all formats: each one would have a stream of its own otherwise.
        self._room = _LONG_MARGIN if laid.seconds > _LONG else 0.0
        self._ceiling = order.ceiling_dbtp - max(_MARGIN[kind] for kind in order.formats) - self._room - _ROOM
        self._gain = settle(mix, target, self._ceiling, _PUSH)
        self._most_gain = target - mix.expected() + _PUSH
        return mix

    def _encoded(self, mix: Mix, kind: str, into: Path, facts: Path) -> Measured:
        """Encode, listen to what came out, and do it again if it is not as wanted."""
        margin, offset, before = _MARGIN[kind] + self._room, 0.0, math.inf
        best: Measured | None = None
        for _ in range(_TRIES):
            gain = self._rendering(mix, self._order.ceiling_dbtp - margin, offset)
            self._encode(kind, into, gain, facts, has_music=mix.band != music.Band())
            best = self._listen(kind, into, mix.timeline.total / mix.timeline.rate)
            over = best.true_peak - self._order.ceiling_dbtp
            off = self._order.target_lufs - best.lufs
            if over <= 0 and (abs(off) <= _CLOSE or gain == before):
                break  # as wanted, or there is no more to be had
            before = gain
            if 0 < over <= _SLIGHT and abs(off) <= _CLOSE / 3:
                offset -= over + 0.05
                continue
            if over > 0:
                margin += over + 0.1
            if abs(off) > _CLOSE / 3:
                offset += off
        if best is None or best.true_peak > self._order.ceiling_dbtp:
            raise MasteringFailed("encoding", f"The {kind} file comes out louder than it may be")
        return best

    def _rendering(self, mix: Mix, limit: float, offset: float) -> float:
        """See to it that the spool, with the gain that is answered, has the wanted loudness and stays below the limit."""
        target = self._order.target_lufs + offset
        ceiling = min(limit - _ROOM, self._ceiling)
        for _ in range(_TRIES):
            if self._rendered is not None and self._ceiling == ceiling:
                missing = target - self._rendered.lufs
                if missing <= _ROOM or self._gain >= self._most_gain:
                    return min(missing, _ROOM)
                # The limiter takes some of it away again.
                self._gain = min(self._gain + missing * 1.5, self._most_gain)
            self._ceiling = ceiling
            self._renders += 1
            self._rendered = render(mix, self._gain, ceiling, self._spool, self._rendering_progress)
        return min(target - self._spooled.lufs, _ROOM)

    @property
    def _spooled(self) -> Rendered:
        assert self._rendered is not None  # noqa: S101 (each format has seen to it)
        return self._rendered

    def _rendering_progress(self, share: float) -> None:
        if self._renders == 1:
            self._progress(0.1 + 0.4 * share)

    def _encode(self, kind: str, into: Path, gain: float, facts: Path, *, has_music: bool) -> None:
        try:
            self._coder.encode(kind, self._spool, self._order.rate, gain, into, facts, has_music=has_music)
        except CodingFailed as error:
            if "No space left" in str(error):
                raise MasteringFailed("disk_full", "There is no room left on the disk") from error
            raise MasteringFailed("encoding", f"ffmpeg could not write {kind}: {error}") from error

    def _listen(self, kind: str, path: Path, seconds: float) -> Measured:
        rate = self._coder.rate_of(kind, self._order.rate)
        meter, peak, count = Meter(rate), TruePeak(), 0
        try:
            for block in self._coder.decoded(path, rate):
                meter.feed(block)
                peak.feed(block)
                count += len(block)
        except CodingFailed as error:
            raise MasteringFailed("encoding", f"The {kind} file cannot be read back: {error}") from error
        if abs(count / rate - seconds) > 0.25:
            raise MasteringFailed(
                "encoding", f"The {kind} file has {count / rate:.1f} s, not {seconds:.1f} s"
            )
        share = (self._order.formats.index(kind) + 1) / len(self._order.formats)
        self._progress(0.5 + 0.49 * share)
        energies = meter.energies()
        return Measured(meter.loudness(), peak.dbtp(), loudness_range(energies), silence_share(energies))

    def _cover(self) -> Path:
        path = self._work / "cover.jpg"
        if self._order.cover is None:
            cover.draw(self._order.facts.title, path)
            return path
        try:
            cover.adopt(self._order.cover, path)
        except ValueError as error:
            raise MasteringFailed("cover_unreadable", str(error)) from error
        return path

    def _report(self, mix: Mix, measured: dict[str, Measured], files: dict[str, Path]) -> dict[str, object]:
        first = measured[self._order.formats[0]]
        shift = self._gain + self._order.target_lufs - self._spooled.lufs
        return {
            "lufs": round(first.lufs, 2),
            "truePeak": round(first.true_peak, 2),
            "loudnessRange": round(first.loudness_range, 2),
            "silence": round(first.silence, 4),
            "seconds": round(mix.timeline.seconds, 3),
            "gain": {name: round(gain + shift, 2) for name, gain in self._speakers.items()},
            "limited": {
                "most": round(self._spooled.most_limited, 2),
                "share": round(self._spooled.limited_share, 4),
            },
            "formats": {
                kind: {
                    "lufs": round(one.lufs, 2),
                    "truePeak": round(one.true_peak, 2),
                    "bytes": files[kind].stat().st_size,
                }
                for kind, one in measured.items()
            },
            "clips": len(self._order.clips),
            "isOnTarget": all(abs(one.lufs - self._order.target_lufs) <= 0.5 for one in measured.values()),
        }

    def _in_place(self, files: dict[str, Path]) -> dict[str, Path]:
        """Everything under its name, at once whole, and on the disk."""
        placed = {}
        for kind, path in files.items():
            suffix = "jpg" if kind == "cover" else kind
            placed[kind] = self._order.folder / f"{self._order.name}.{suffix}"
            to_disk(path)
        for kind, path in files.items():
            path.replace(placed[kind])
        to_disk(self._order.folder)
        self._progress(1.0)
        return placed


def _check(order: MasteringOrder) -> None:
    if not order.clips:
        raise MasteringFailed("nothing_to_say", "There are no clips")
    if order.rate not in _RATES:
        raise MasteringFailed("order", f"A recording has one of {_RATES} samples a second")
    if not order.formats or set(order.formats) - set(FORMATS) or len(set(order.formats)) < len(order.formats):
        raise MasteringFailed("order", f"Formats are some of {', '.join(FORMATS)}")
    if not order.name or order.name != Path(order.name).name or order.name.startswith("."):
        raise MasteringFailed("order", "The name must be that of a file")


def _ffmetadata(chapters: Sequence[tuple[float, float, str]]) -> str:
    """Chapters as ffmpeg's own format of facts has them."""
    lines = [";FFMETADATA1"]
    for start, end, title in chapters:
        safe = "".join(f"\\{sign}" if sign in "=;#\\" else sign for sign in " ".join(title.split()))
        lines += [
            "[CHAPTER]",
            "TIMEBASE=1/1000",
            f"START={round(start * 1000)}",
            f"END={round(end * 1000)}",
            f"title={safe}",
        ]
    return "\n".join(lines) + "\n"
