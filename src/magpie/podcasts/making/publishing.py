"""Putting the finished files in place: each at once whole, the sidecar with the seed's fields last."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.kit.clock import utcnow
from magpie.podcasts.making.folder import EpisodeFolder, sync_folder, write_whole
from magpie.podcasts.making.order import MakingOrder
from magpie.podcasts.mastering.order import Mastered
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.script.turns import Script

if TYPE_CHECKING:
    from magpie.podcasts.making.tools import Tools

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


def publish(
    order: MakingOrder,
    tools: Tools,
    folder: EpisodeFolder,
    script: Script,
    texts: list[SourceText],
    mastered: Mastered,
) -> dict[str, Path]:
    """Rename what was made into the folder of all podcasts; what was there under these names is replaced.

    A crash in between leaves each file whole, the old or the new one; the next attempt publishes again.
    """
    made = dict(mastered.files)
    out, name = folder.out, order.key
    for what, text in tools.sidecars(mastered, script).items():
        path = out / f"{name}{_ENDINGS[what]}"
        write_whole(path, text.encode())
        made[what] = path
    told = metadata(order, script, texts, mastered.seconds)
    path = out / f"{name}{_ENDINGS[METADATA]}"
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    made.pop(METADATA, None)
    placed = {what: _place(path, folder.root) for what, path in made.items()}
    sync_folder(folder.root)
    placed[METADATA] = _place(path, folder.root)
    sync_folder(folder.root)
    return placed


def _place(path: Path, root: Path) -> Path:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    target = root / path.name
    path.replace(target)
    return target
