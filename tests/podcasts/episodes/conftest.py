"""The application without its worker, with people who make podcasts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from magpie.context import AppContext
from magpie.podcasts.episodes import files, quota, repository
from magpie.podcasts.models import Episode, EpisodeScript, EpisodeStatus, Origin
from magpie.podcasts.script.turns import Script, Segment, SourceSpan, Turn
from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    make_client,
)
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import Headers, ada, bob, context, root  # noqa: F401

PODCASTS = "/api/v1/podcasts"
SOUND = b"ID3" + bytes(range(256)) * 40
DONE_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VTT = "WEBVTT\n\n00:00.000 --> 00:02.500\n<v Robin>Lakes freeze from above.\n"
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [{"startTime": 0, "title": "Ice"}, {"startTime": 12.5, "title": "Fish"}],
}


def script(*texts: str, language: str = "en") -> Script:
    """A script in which two hosts take turns."""
    said = texts or ("Lakes freeze from above.", "And fish live on below.")
    names = ("Robin", "Sam")
    return Script(
        title="On ice",
        language=language,
        segments=(Segment("Ice"), Segment("Fish")),
        turns=tuple(
            Turn(names[index % 2], text, segment=index % 2, span=SourceSpan(0, 0, 10))
            for index, text in enumerate(said)
        ),
        description="Why lakes are alive in winter.",
    )


@dataclass
class Studio:
    """Makes episodes over HTTP, and does to their rows and files what a worker would do."""

    context: AppContext
    client: TestClient
    headers: Headers

    def ask(self, method: str, path: str, **request: Any) -> Any:
        self.client.cookies.clear()
        headers = {**self.headers, **request.pop("headers", {})}
        return self.client.request(method, f"{PODCASTS}{path}", headers=headers, **request)

    def ok(self, method: str, path: str, **request: Any) -> Any:
        answer = self.ask(method, path, **request)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def make(self, text: str = "Lakes freeze from above. Fish live on below.", **more: Any) -> str:
        """A new episode's id."""
        key: str = self.ok("POST", "", json={"sources": [{"text": text}], **more})["podcastId"]
        return key

    def row(self, key: str) -> Episode:
        with self.context.database.read() as session:
            found = repository.by_key(session, key)
            assert found is not None
            return found

    def change(self, key: str, **values: Any) -> None:
        with self.context.database.write() as session:
            episode = repository.lock_by_key(session, key)
            assert episode is not None
            for name, value in values.items():
                setattr(episode, name, value)

    def written(self, key: str, kept: Script | None = None, status: str = EpisodeStatus.WAITING) -> int:
        """A script has been written; its version."""
        self.change(key, status=status)
        kept = kept or script()
        with self.context.database.write() as session:
            episode = repository.lock_by_key(session, key)
            assert episode is not None
            row = EpisodeScript(
                episode_id=episode.id, origin=Origin.WRITTEN, language=kept.language, script=kept.as_json()
            )
            return repository.add_script(session, row).version

    def finish(self, key: str, seconds: float = 63.5, **more: Any) -> None:
        """The recording is done, and its files are in place."""
        if repository_version(self, key) is None:
            self.written(key)
        folder = files.root_of(self.context.settings)
        metadata = {"id": key, "sourceText": "Lakes freeze from above. Fish live on below."}
        (folder / f"{key}.mp3").write_bytes(SOUND)
        (folder / f"{key}.json").write_text(json.dumps(metadata), encoding="utf-8")
        (folder / f"{key}.vtt").write_text(VTT, encoding="utf-8")
        (folder / f"{key}.chapters.json").write_text(json.dumps(CHAPTERS), encoding="utf-8")
        (folder / f"{key}.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
        named = {
            "mp3": f"{key}.mp3",
            "metadata": f"{key}.json",
            "transcript": f"{key}.vtt",
            "chapters": f"{key}.chapters.json",
            "cover": f"{key}.jpg",
        }
        values = {
            "status": EpisodeStatus.COMPLETED,
            "duration": seconds,
            "size": len(SOUND),
            "files": named,
            "completed_at": DONE_AT,
            "approved_version": 1,
        }
        self.change(key, **{**values, **more})
        with self.context.database.write() as session:
            episode = repository.lock_by_key(session, key)
            assert episode is not None
            quota.note(session, episode, seconds)


def repository_version(studio: Studio, key: str) -> int | None:
    with studio.context.database.read() as session:
        row = repository.script(session, studio.row(key).id)
        return row.version if row else None


@pytest.fixture
def studio(context: AppContext, client: TestClient, ada: Headers) -> Studio:  # noqa: F811
    """Ada's."""
    return Studio(context, client, ada)


@pytest.fixture
def other(context: AppContext, client: TestClient, bob: Headers) -> Studio:  # noqa: F811
    """Bob's."""
    return Studio(context, client, bob)


@pytest.fixture
def chief(context: AppContext, client: TestClient, root: Headers) -> Studio:  # noqa: F811
    """The superuser's."""
    return Studio(context, client, root)
