"""Putting the finished files in place: each at once whole, the sidecar with the seed's fields last.

Their names are those of whatever was published before, so that whoever is not at work on the episode any more must not
rename anything. Two things see to that. In a server the renames happen in the transaction that has locked the episode's
row, found it still held, and records what is there now: a cancel or another claim comes before it or after it. And where
a host is frozen so long that the database gives its lock to others, they have taken the folder away in which the files
are, so that there is nothing to rename.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.kit.clock import utcnow
from magpie.kit.filesystem import to_disk
from magpie.podcasts.making.folder import EpisodeFolder, write_whole
from magpie.podcasts.making.order import MakingOrder
from magpie.podcasts.mastering.order import Mastered
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.script.turns import Script

if TYPE_CHECKING:
    from magpie.podcasts.making.tools import Tools

FORMATS = frozenset({"mp3", "opus", "m4a"})
METADATA, TRANSCRIPT, CHAPTERS = "metadata", "transcript", "chapters"
_ENDINGS = {METADATA: ".json", TRANSCRIPT: ".vtt", CHAPTERS: ".chapters.json"}


def metadata(order: MakingOrder, script: Script, texts: list[SourceText], seconds: float) -> dict[str, Any]:
    """The sidecar: exactly the fields that seed 003 names. `duration` in seconds."""
    text = "\n\n".join(one.text for one in texts)
    return {
        "id": order.key,
        "title": script.title,
        "audioUrl": order.audio_url or f"/api/v1/podcasts/{order.key}/audio",
        "duration": round(seconds, 3),
        "generatedDate": (order.created_at or utcnow()).isoformat(),
        "sourceText": text or None,
        "sourceAudioUrl": order.source_audio_url,
        "templateUsed": order.template_id,
    }


@dataclass(frozen=True, slots=True)
class Finished:
    """The finished files of an episode: whole, on the disk, and still in the folder of the attempt that made them, which
    whoever takes the episode over takes away."""

    drafts: dict[str, Path]
    root: Path

    @property
    def files(self) -> dict[str, Path]:
        """What they are called once they are in place."""
        return {what: self.root / path.name for what, path in self.drafts.items()}

    def place(self) -> None:
        """Rename them into the folder of all podcasts; what was there under these names is replaced. Raises `OSError`.

        A crash in between leaves each file whole, the old or the new one; the next attempt publishes again.
        """
        for what, path in self.drafts.items():
            if what != METADATA:
                path.replace(self.root / path.name)
        metadata = self.drafts[METADATA]
        for form in FORMATS.difference(self.drafts):  # that the recording before this one had
            (self.root / metadata.name).with_suffix(f".{form}").unlink(missing_ok=True)
        to_disk(self.root)
        metadata.replace(self.root / metadata.name)
        to_disk(self.root)


def finish(
    order: MakingOrder,
    tools: Tools,
    folder: EpisodeFolder,
    script: Script,
    texts: list[SourceText],
    mastered: Mastered,
) -> Finished:
    """Write what belongs to the recording beside it, all of it on the disk when this returns. Raises `OSError`."""
    made = dict(mastered.files)
    out, name = folder.out, order.key
    for what, text in tools.sidecars(mastered, script).items():
        path = out / f"{name}{_ENDINGS[what]}"
        write_whole(path, text.encode())
        made[what] = path
    told = metadata(order, script, texts, mastered.seconds)
    path = out / f"{name}{_ENDINGS[METADATA]}"
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    made[METADATA] = path
    for draft in made.values():
        to_disk(draft)
    return Finished(made, folder.root)
