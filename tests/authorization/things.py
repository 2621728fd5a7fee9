"""What belongs to the owner of a scene besides their library: podcasts and playlists, each laid in two goes.

Rows first, then the parts that need the numbers of those: for every go the database is asked once.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.playlists.missing.models import SongSession
from magpie.playlists.models import ArtistAlias, Run, Server, Song, Target, Task
from magpie.podcasts.episodes import files as podcast_files
from magpie.podcasts.models import Episode, EpisodeDigest, EpisodeScript, EpisodeSource
from magpie.podcasts.templates.file import NAME as TEMPLATES

FILM = b"no film, but bytes of a file"
# By the names that paths call them.
STATUSES = {"podcast_id": "waiting", "failed_podcast": "failed", "made_podcast": "completed"}


class Podcasts:
    """Episodes: one whose script waits, one that failed, one that is done, with files; a template and a digest."""

    def __init__(self, context: AppContext, owner: int, number: int) -> None:
        self.episodes = {
            word: Episode(user_id=owner, title="Ice", status=status, key=uuid.uuid4().hex)
            for word, status in STATUSES.items()
        }
        self.digest = EpisodeDigest(
            user_id=owner, name="News", feed_urls=["https://news.example/feed"], cron_schedule="0 7 * * 1"
        )
        root = podcast_files.root_of(context.settings)
        root.mkdir(exist_ok=True)
        _lay_files(root, self.episodes["made_podcast"])
        self.template = f"own-{number}"

    def rows(self) -> list[Any]:
        return [*self.episodes.values(), self.digest]

    def parts(self) -> list[Any]:
        """What belongs to the episodes, once they have their numbers."""
        turn = {"speaker": "Robin", "text": "Ice."}
        script = {"title": "Ice", "language": "en", "segments": [{"title": "Ice"}], "turns": [turn]}
        return [
            part
            for episode in self.episodes.values()
            for part in (
                EpisodeScript(
                    episode_id=episode.id, version=1, origin="written", language="en", script=script
                ),
                EpisodeSource(episode_id=episode.id, position=0, kind="text", file="source-0.txt"),
            )
        ]

    def ids(self) -> dict[str, str]:
        keys = {word: episode.key for word, episode in self.episodes.items()}
        return keys | {"template_id": self.template, "digest_id": str(self.digest.id)}


def lay_template(context: AppContext, owner: int, template_id: str) -> None:
    """The only one: a file that grew with each scene would cost more than all the rest."""
    template = {"id": template_id, "name": "Own", "owner": owner}
    (podcast_files.root_of(context.settings) / TEMPLATES).write_text(json.dumps([template]), encoding="utf-8")


def _lay_files(root: Path, made: Episode) -> None:
    """Those of an episode that is done."""
    folder = root / made.key
    (folder / "texts").mkdir(parents=True)
    (folder / "source-0.txt").write_text("Ice.", encoding="utf-8")
    (folder / "texts" / "0.json").write_text('{"title": "Ice", "text": "Ice."}', encoding="utf-8")
    endings = {"mp3": "mp3", "transcript": "vtt", "chapters": "chapters.json", "cover": "jpg"}
    for ending in endings.values():
        (root / f"{made.key}.{ending}").write_bytes(FILM)
    made.files = {what: f"{made.key}.{ending}" for what, ending in endings.items()}
    made.size, made.duration, made.completed_at = len(FILM), 1.0, utcnow()


class Playlists:
    """A server that nobody can reach, one for everybody, and tasks: one that asks and can be undone, one for a file."""

    def __init__(self, owner: int) -> None:
        self.owner = owner
        where = {"server_type": "plex", "url": "http://127.0.0.1:9"}
        self.own = Server(user_id=owner, name="Music", **where)
        self.shared = Server(user_id=None, name="Plex", is_shared=True, **where)
        self.task, self.file_task = (
            Task(
                user_id=owner, name="Songs", playlist_url="", platform=platform, source_id="1", source_url="",
                status="asking", counts={"removals": 3}, read_at=utcnow(),
            )
            for platform in ("netease", "file")
        )  # fmt: skip
        self.artist = ArtistAlias(user_id=owner, names=["A", "B"])
        self.songs = SongSession(user_id=owner)

    def rows(self) -> list[Any]:
        return [self.own, self.shared, self.task, self.file_task, self.artist]

    def parts(self) -> list[Any]:
        """What belongs to the tasks, once they have their numbers."""
        number = self.task.id
        run = Run(user_id=self.owner, task_id=number, task_name="Songs", trigger="person", status="success")
        run.undo = {"1": {"playlist_id": "1", "before": [], "after": ["t"]}}
        self.songs.task_id = number
        return [
            *(Target(task_id=task.id, server_id=self.own.id) for task in (self.task, self.file_task)),
            Song(task_id=number, position=0, song_key="netease:s1", song_id="s1", title="A song"),
            *(run, self.songs),
        ]

    def ids(self) -> dict[str, str]:
        return {
            "server_id": str(self.own.id),
            "shared_id": str(self.shared.id),
            "task_id": str(self.task.id),
            "file_task_id": str(self.file_task.id),
            "artist_id": str(self.artist.id),
            "songs_id": str(self.songs.id),
        }
