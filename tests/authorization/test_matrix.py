"""Who may do what: every route of the application, asked by everybody.

The table says what each person is answered. A route that is not in it fails the first test: whoever adds one says
here who may use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from magpie.admin.database.format import TITLE
from tests.authorization.world import PASSWORD, SAFE, Scene, Who, World

pytestmark = [pytest.mark.database, pytest.mark.once]  # who may do what is not the database's to say

Answers = tuple[int, int, int, int, int]

#                       nobody  owner  other  superuser  read-only token
PUBLIC: Answers = (200, 200, 200, 200, 200)
NOBODY: Answers = (403, 403, 403, 403, 403)
NOT_THERE: Answers = (404, 404, 404, 404, 404)
SIGNED_IN: Answers = (401, 200, 200, 200, 200)
SIGNED_IN_CHANGES: Answers = (401, 200, 200, 200, 403)
SIGNED_IN_SECRETS: Answers = (401, 200, 200, 200, 403)
OWNED: Answers = (401, 200, 404, 200, 200)
OWNED_CHANGES: Answers = (401, 200, 404, 200, 403)
SUPERUSERS: Answers = (401, 403, 403, 200, 403)
SUPERUSERS_EMPTY: Answers = (401, 403, 403, 204, 403)
ONESELF_ONLY: Answers = (401, 200, 404, 404, 403)
SOCKET: Answers = (403, 101, 101, 101, 101)


@dataclass(frozen=True, slots=True)
class Row:
    """One route. Braces in its path and in what is sent are filled in from the scene; `at` is another path to ask.

    `first`: what a superuser does before, as method, path and what is sent; words of that answer fill braces, too.
    """

    method: str
    path: str
    answers: Answers
    send: dict[str, Any] = field(default_factory=dict)
    at: str | None = None
    first: tuple[str, str, dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ADDRESS = {"json": {"url": "https://media.example/film"}}
LOGIN = {"username": "{username}", "password": PASSWORD}
NEWCOMER = {"json": {"username": "new{n}", "email": "new{n}@example.com", "password": PASSWORD}}
COOKIES_AT = "/api/v1/sites/media.example/cookies"
COLLECTIONS_AT = "/api/v1/collections"
ZIP_AT = "/api/v1/items/zip"
SUBTITLES_AT = "/api/v1/items/{item_id}/subtitles/{subtitles_id}"
PODCASTS_AT = "/api/v1/podcasts"
PODCAST_AT = f"{PODCASTS_AT}/{{podcast_id}}"
MADE_AT = f"{PODCASTS_AT}/{{made_podcast}}"
TEMPLATE_AT = "/api/v1/templates/{template_id}"
DIGEST_AT = "/api/v1/digests/{digest_id}"
DIGEST = {"name": "News", "feedUrls": ["https://news.example/feed"], "cronSchedule": "0 7 * * 1"}
TRANSCRIPTS_AT = "/api/v1/items/{item_id}/transcripts"
PLAYBACK_AT = "/api/v1/items/{item_id}/playback"
TARGETS_AT = "/api/v1/notifications/targets"
SETTING = {"json": {"session_days": 40}}
SERVER_AT = "/api/v1/servers/{server_id}"
TASK_AT = "/api/v1/tasks/{task_id}"
MISSING_AT = "/api/v1/download"
SERVER = {"name": "Music", "server_type": "plex", "url": "http://93.184.216.34:32400", "token": "t"}
# Nobody listens there; and only superusers may look.
NOWHERE = {**SERVER, "url": "http://127.0.0.1:9"}
TASK = {"playlist_url": "https://music.163.com/playlist?id=1", "server_id": "{shared_id}"}
# The server of the scene is out of reach: whoever may see it is told that.
OUT_OF_REACH: Answers = (401, 424, 404, 424, 424)
# Its first line is right, and that is all: the import begins, refuses it, and leaves everything as it was.
BROKEN_DUMP = {"files": {"file": ("broken.sql", TITLE)}}

ROWS = [
    # accounts
    Row("GET", "/api/v1/setup-state", PUBLIC),
    Row("POST", "/auth/register", NOBODY, NEWCOMER),
    Row("POST", "/api/v1/users", SUPERUSERS, NEWCOMER),
    Row("POST", "/auth/logout", SIGNED_IN_CHANGES),
    Row("POST", "/auth/login", PUBLIC, {"data": LOGIN}),
    Row("POST", "/api/v1/login/access-token", PUBLIC, {"data": LOGIN}),
    Row("POST", "/api/v1/login/test-token", SIGNED_IN),
    Row("GET", "/auth/me", SIGNED_IN),
    Row("GET", "/api/v1/users/me", SIGNED_IN),
    Row("PUT", "/api/v1/users/me", SIGNED_IN_CHANGES, {"json": {"display_name": "Somebody"}}),
    Row("GET", "/api/v1/users/me/sessions", SIGNED_IN),
    Row("DELETE", "/api/v1/users/me/sessions", SIGNED_IN_CHANGES),
    Row("DELETE", "/api/v1/users/me/sessions/{session_id}", ONESELF_ONLY),
    Row("GET", "/api/v1/users/me/tokens", SIGNED_IN),
    Row(
        "POST", "/api/v1/users/me/tokens", SIGNED_IN_CHANGES, {"json": {"name": "script", "scopes": ["read"]}}
    ),
    Row("DELETE", "/api/v1/users/me/tokens/{token_id}", ONESELF_ONLY),
    Row("GET", "/api/v1/users", SUPERUSERS),
    Row("GET", "/api/v1/users/{user_id}", SUPERUSERS),
    Row("PUT", "/api/v1/users/{user_id}", SUPERUSERS, {"json": {"display_name": "Somebody"}}),
    Row("DELETE", "/api/v1/users/{user_id}", SUPERUSERS),
    Row(
        "POST",
        "/api/v1/password-reset/request-reset",
        PUBLIC,
        {"json": {"email": "{username}@example.com"}},
    ),
    Row(
        "POST",
        "/api/v1/password-reset/reset",
        PUBLIC,
        {"json": {"token": "{reset_token}", "new_password": PASSWORD}},
    ),
    Row("POST", "/api/v1/password-reset/pending", SUPERUSERS),
    # audit
    Row("GET", "/api/v1/audit", SUPERUSERS),
    Row("GET", "/api/v1/audit/export", SUPERUSERS),
    # care
    Row("POST", "/api/v1/library/scans", SUPERUSERS, {"json": {"adopt": False}}),
    Row("GET", "/api/v1/library/scans", SUPERUSERS),
    Row("GET", "/api/v1/library/scans/{scan_id}", SUPERUSERS),
    Row("POST", "/api/v1/library/scans/{scan_id}/cancel", SUPERUSERS),
    Row("GET", "/api/v1/library/storage", SIGNED_IN),
    Row("GET", "/api/v1/library/storage/links", SIGNED_IN),
    # twins
    Row("GET", "/api/v1/library/twins", SIGNED_IN),
    Row(
        "POST",
        "/api/v1/library/twins/dismiss",
        SUPERUSERS_EMPTY,
        {"json": {"ids": ["{item_id}", "{trashed}"]}},
    ),
    Row("POST", "/api/v1/items/{item_id}/merge", SUPERUSERS, {"json": {"ids": ["{trashed}"]}}),
    Row("GET", "/api/v1/items/{item_id}/aliases", SUPERUSERS),
    Row("DELETE", "/api/v1/items/{item_id}/aliases/{alias_id}", SUPERUSERS),
    # logs
    Row("GET", "/api/v1/logs", SUPERUSERS),
    # settings
    Row("GET", "/api/v1/settings", SUPERUSERS),
    Row("PUT", "/api/v1/settings", SUPERUSERS, SETTING),
    Row("GET", "/api/v1/settings/schema", SUPERUSERS),
    Row(
        "DELETE",
        "/api/v1/settings/saved/{name}",
        SUPERUSERS,
        at="/api/v1/settings/saved/session_days",
        first=("PUT", "/api/v1/settings", SETTING),
    ),
    # safekeeping
    Row("GET", "/api/v1/database/export", SUPERUSERS),
    Row("POST", "/api/v1/database/import", SUPERUSERS, BROKEN_DUMP),
    Row("GET", "/api/v1/database/import", SUPERUSERS),
    Row(
        "GET",
        "/api/v1/database/import/{receipt}",
        PUBLIC,
        first=("POST", "/api/v1/database/import", BROKEN_DUMP),
    ),
    Row("GET", "/api/v1/backups", SUPERUSERS),
    Row("POST", "/api/v1/backups", (401, 403, 403, 201, 403)),
    *(
        Row(method, f"/api/v1/backups/{{name}}{rest}", SUPERUSERS, first=("POST", "/api/v1/backups", {}))
        for method, rest in (("GET", ""), ("POST", "/restore"), ("DELETE", ""))
    ),
    # downloads
    Row("POST", "/api/v1/inspect", SIGNED_IN_CHANGES, ADDRESS),
    *(
        Row("POST", path, SIGNED_IN_CHANGES, ADDRESS)
        for path in ("/api/v1/downloads", "/api/downloads", "/api/download")
    ),
    *(
        row
        for base in ("/api/v1/downloads", "/api/downloads")
        for row in (
            Row("GET", base, SIGNED_IN),
            Row("GET", f"{base}/{{download_id}}", OWNED),
            Row("POST", f"{base}/{{download_id}}/cancel", OWNED_CHANGES),
            Row("POST", f"{base}/{{download_id}}/retry", OWNED_CHANGES, at=f"{base}/{{ended}}/retry"),
        )
    ),
    # feeds: whoever has the address may read, signed in or not
    Row("GET", "/api/v1/feeds", SIGNED_IN_SECRETS),
    Row("GET", "/api/v1/feeds/tokens", SIGNED_IN_SECRETS),
    Row("POST", "/api/v1/feeds/tokens", SIGNED_IN_CHANGES, {"json": {"name": "phone"}}),
    Row("DELETE", "/api/v1/feeds/tokens/{token_id}", ONESELF_ONLY, at="/api/v1/feeds/tokens/{feed_token_id}"),
    *(
        Row(method, f"/feeds/{{token}}{path}", PUBLIC, at=f"/feeds/{{feed_token}}{at or path}")
        for method in ("GET", "HEAD")
        for path, at in (
            ("/library.xml", None),
            ("/search.xml", "/search.xml?q=film"),
            ("/opml.xml", None),
            ("/links/{link_id}.xml", None),
            ("/links/{link_id}/picture", None),
            ("/collections/{collection_id}.xml", None),
            ("/files/{item_id}/{name}", "/files/{item_id}/film.mp4"),
            ("/podcasts.xml", None),
            ("/podcasts/{podcast_id}/{name}", "/podcasts/{made_podcast}/ice.mp3"),
        )
    ),
    # links
    Row("GET", "/api/v1/links", SIGNED_IN),
    Row("POST", "/api/v1/links", SIGNED_IN_CHANGES, {"json": {"url": "https://media.example/channel{n}"}}),
    Row("POST", "/api/v1/links/bulk", SIGNED_IN_CHANGES, {"json": {"urls": ["https://media.example/a"]}}),
    Row(
        "POST", "/api/v1/links/import", SIGNED_IN_CHANGES, {"files": {"file": ("a.txt", "http://a.example/")}}
    ),
    Row("GET", "/api/v1/links/{link_id}", OWNED),
    Row("PUT", "/api/v1/links/{link_id}", OWNED_CHANGES, {"json": {"name": "Another name"}}),
    Row("DELETE", "/api/v1/links/{link_id}", OWNED_CHANGES),
    Row("POST", "/api/v1/links/{link_id}/check", OWNED_CHANGES),
    Row("POST", "/api/v1/links/{link_id}/trigger-download", OWNED_CHANGES),
    Row("GET", "/api/v1/links/{link_id}/picture", OWNED),
    Row("GET", "/api/v1/links/{link_id}/entries", OWNED),
    Row("POST", "/api/v1/links/{link_id}/entries/{entry_id}/download", OWNED_CHANGES),
    Row("POST", "/api/v1/links/{link_id}/entries/{entry_id}/skip", OWNED_CHANGES),
    Row("POST", "/api/v1/links/{link_id}/try-rules", OWNED_CHANGES, {"json": {"filters": {}}}),
    Row("POST", "/api/v1/links/{link_id}/try-retention", OWNED_CHANGES, {"json": {"retention": {}}}),
    # profiles
    Row("GET", "/api/v1/profiles", SIGNED_IN),
    Row("POST", "/api/v1/profiles", SIGNED_IN_CHANGES, {"json": {"name": "made {n}", "spec": {}}}),
    Row("POST", "/api/v1/profiles/preview", SIGNED_IN, {"json": {}}),
    Row("GET", "/api/v1/profiles/{profile_id}", OWNED),
    Row("PUT", "/api/v1/profiles/{profile_id}", OWNED_CHANGES, {"json": {"spec": {"max_height": 720}}}),
    Row("DELETE", "/api/v1/profiles/{profile_id}", OWNED_CHANGES),
    # sites
    Row("GET", "/api/v1/sites", SIGNED_IN),
    Row("GET", "/api/v1/sites/{site}/cookies", SIGNED_IN, at=COOKIES_AT),
    Row(
        "PUT", "/api/v1/sites/{site}/cookies", SIGNED_IN_CHANGES, {"json": {"cookies": "a=b"}}, at=COOKIES_AT
    ),
    Row("DELETE", "/api/v1/sites/{site}/cookies", SIGNED_IN_CHANGES, at=COOKIES_AT),
    # For a superuser there is nothing to be ended at a site of which nothing is known.
    Row(
        "POST",
        "/api/v1/sites/{site}/reset",
        (401, 403, 403, 404, 403),
        at="/api/v1/sites/media.example/reset",
    ),
    # history
    Row("GET", "/api/v1/history", SIGNED_IN),
    Row("GET", "/api/v1/history/{history_id}", OWNED),
    # notifications
    Row("GET", TARGETS_AT, SIGNED_IN),
    Row("POST", TARGETS_AT, SIGNED_IN_CHANGES, {"json": {"url": "mail:"}}),
    Row("GET", f"{TARGETS_AT}/{{target_id}}", OWNED),
    Row("PUT", f"{TARGETS_AT}/{{target_id}}", OWNED_CHANGES, {"json": {"digest": "daily"}}),
    Row("DELETE", f"{TARGETS_AT}/{{target_id}}", OWNED_CHANGES),
    Row("POST", f"{TARGETS_AT}/{{target_id}}/test", OWNED_CHANGES),
    # media servers, under both of their names
    *(
        row
        for base in ("/api/v1/servers", "/api/v1/settings")
        for row in (
            Row("POST", base, SIGNED_IN_CHANGES, {"json": SERVER}),
            Row("GET", f"{base}/{{server_id}}", OWNED),
            Row("PUT", f"{base}/{{server_id}}", OWNED_CHANGES, {"json": {"name": "Another name"}}),
            Row("DELETE", f"{base}/{{server_id}}", OWNED_CHANGES),
            Row("POST", f"{base}/{{server_id}}/test", OWNED_CHANGES),
        )
    ),
    Row("GET", "/api/v1/servers", SIGNED_IN),
    Row("GET", "/api/v1/servers/kinds", SIGNED_IN),
    Row("POST", "/api/v1/servers/test", (401, 400, 400, 200, 403), {"json": NOWHERE}),
    Row("GET", f"{SERVER_AT}/libraries", OUT_OF_REACH),
    Row("GET", f"{SERVER_AT}/playlists", OUT_OF_REACH),
    Row(
        "GET",
        f"{SERVER_AT}/playlists/{{playlist_id}}/export",
        OUT_OF_REACH,
        at=f"{SERVER_AT}/playlists/1/export",
    ),
    Row("GET", f"{SERVER_AT}/tracks", OWNED, at=f"{SERVER_AT}/tracks?q=x"),
    # tasks
    Row("GET", "/api/v1/tasks", SIGNED_IN),
    Row("POST", "/api/v1/tasks", SIGNED_IN_CHANGES, {"json": TASK}),
    Row("GET", "/api/v1/tasks/next-runs", SIGNED_IN, at="/api/v1/tasks/next-runs?cron_schedule=0 4 * * *"),
    Row(
        "POST",
        "/api/v1/tasks/recognise",
        SIGNED_IN_CHANGES,
        {"json": {"text": "歌单 https://music.163.com/playlist?id=1"}},
    ),
    Row("GET", TASK_AT, OWNED),
    # The task of the scene has no picture.
    Row("GET", f"{TASK_AT}/cover", (401, 404, 404, 404, 404)),
    Row("PUT", TASK_AT, OWNED_CHANGES, {"json": {"name": "Another name"}}),
    Row("DELETE", TASK_AT, OWNED_CHANGES),
    *(Row("POST", f"{TASK_AT}/{verb}", OWNED_CHANGES) for verb in ("sync", "approve", "undo")),
    Row(
        "POST",
        f"{TASK_AT}/file",
        OWNED_CHANGES,
        {"files": {"file": ("a.m3u", "#EXTM3U\n#EXTINF:200,Ada - Song\n/a.mp3")}},
        at="/api/v1/tasks/{file_task_id}/file",
    ),
    *(Row("GET", f"{TASK_AT}/{part}", OWNED) for part in ("plan", "runs", "matches", "unmatched", "export")),
    Row("PUT", f"{TASK_AT}/matches", OWNED_CHANGES, {"json": {"song_id": "s1", "choice": "never"}}),
    # missing songs
    Row("GET", f"{MISSING_AT}/download-settings", SIGNED_IN),
    Row("POST", f"{MISSING_AT}/download-settings", SIGNED_IN_CHANGES, {"json": {"profile": "mp3"}}),
    Row("POST", f"{MISSING_AT}/download-settings/test", SIGNED_IN_CHANGES),
    Row("GET", f"{MISSING_AT}/status", SIGNED_IN),
    Row("POST", f"{MISSING_AT}/all-missing", OWNED_CHANGES, {"json": {"task_id": "{task_id}"}}),
    Row("POST", f"{MISSING_AT}/single", OWNED_CHANGES, {"json": {"task_id": "{task_id}", "song_id": "s1"}}),
    Row(
        "POST",
        f"{MISSING_AT}/cancel-session/{{session_id}}",
        OWNED_CHANGES,
        at=f"{MISSING_AT}/cancel-session/{{songs_id}}",
    ),
    # further names of artists
    Row("GET", "/api/v1/artists", SIGNED_IN),
    Row("POST", "/api/v1/artists", SIGNED_IN_CHANGES, {"json": {"names": ["A", "B"]}}),
    Row("PUT", "/api/v1/artists/{artist_id}", OWNED_CHANGES, {"json": {"names": ["A", "B"]}}),
    Row("DELETE", "/api/v1/artists/{artist_id}", OWNED_CHANGES),
    # library
    Row("GET", "/api/v1/items", SIGNED_IN),
    Row("GET", "/api/v1/items/facets", SIGNED_IN),
    Row("GET", "/api/v1/items/{item_id}", OWNED),
    Row("GET", "/api/v1/items/{item_id}/file", OWNED),
    Row("HEAD", "/api/v1/items/{item_id}/file", OWNED),
    Row("GET", "/api/v1/items/{item_id}/playback-plan", OWNED),
    # The film is none: whoever may see it is told that nothing plays it, and that it has no sound.
    *(Row(method, "/api/v1/items/{item_id}/stream", (401, 406, 404, 406, 406)) for method in ("GET", "HEAD")),
    Row("GET", "/api/v1/items/{item_id}/waveform", (401, 202, 404, 202, 202)),
    *(
        Row(method, "/api/v1/items/{item_id}/subtitles/{file_id}", OWNED, at=SUBTITLES_AT)
        for method in ("GET", "HEAD")
    ),
    Row("GET", TRANSCRIPTS_AT, OWNED),
    Row("POST", TRANSCRIPTS_AT, OWNED_CHANGES, {"json": {}}),
    Row("DELETE", f"{TRANSCRIPTS_AT}/{{transcript_id}}", OWNED_CHANGES),
    Row("GET", "/api/v1/items/{item_id}/thumbnail", OWNED),
    Row("HEAD", "/api/v1/items/{item_id}/thumbnail", OWNED),
    Row("PUT", "/api/v1/items/{item_id}/pin", OWNED_CHANGES, {"json": {"pinned": True}}),
    Row("DELETE", "/api/v1/items/{item_id}", OWNED_CHANGES),
    Row("POST", "/api/v1/items/bulk", SIGNED_IN_CHANGES, {"json": {"ids": [1], "action": "pin"}}),
    Row("POST", ZIP_AT, (401, 200, 404, 200, 200), {"json": {"filter": {}}}),
    # The address is the credential: it says who had it made.
    Row("GET", ZIP_AT, PUBLIC, at="{url}", first=("POST", ZIP_AT, {"json": {"ids": ["{item_id}"]}})),
    Row("GET", COLLECTIONS_AT, SIGNED_IN),
    Row("POST", COLLECTIONS_AT, SIGNED_IN_CHANGES, {"json": {"name": "Made {n}"}}),
    Row("GET", f"{COLLECTIONS_AT}/{{collection_id}}", OWNED),
    Row("PUT", f"{COLLECTIONS_AT}/{{collection_id}}", OWNED_CHANGES, {"json": {"name": "Another name"}}),
    Row("DELETE", f"{COLLECTIONS_AT}/{{collection_id}}", OWNED_CHANGES),
    Row("GET", f"{COLLECTIONS_AT}/{{collection_id}}/items", OWNED),
    Row(
        "POST",
        f"{COLLECTIONS_AT}/{{collection_id}}/items",
        OWNED_CHANGES,
        {"json": {"ids": ["{item_id}"]}},
        first=("DELETE", f"{COLLECTIONS_AT}/{{collection_id}}/items/{{item_id}}", {}),
    ),
    Row("PUT", f"{COLLECTIONS_AT}/{{collection_id}}/items/{{item_id}}", OWNED_CHANGES, {"json": {}}),
    Row("DELETE", f"{COLLECTIONS_AT}/{{collection_id}}/items/{{item_id}}", OWNED_CHANGES),
    Row("GET", "/api/v1/trash", SIGNED_IN),
    Row("DELETE", "/api/v1/trash", SIGNED_IN_CHANGES),
    Row("POST", "/api/v1/items/{item_id}/restore", OWNED_CHANGES, at="/api/v1/items/{trashed}/restore"),
    Row("GET", "/api/v1/items/in-progress", SIGNED_IN),
    Row("GET", "/api/v1/tags", SIGNED_IN),
    Row("PUT", "/api/v1/items/{item_id}/tags", OWNED_CHANGES, {"json": {"tags": ["quiet"]}}),
    # In somebody else's library only: not the superuser's own to mark.
    Row(
        "PUT",
        "/api/v1/items/{item_id}/favourite",
        (401, 200, 404, 409, 403),
        {"json": {"is_favourite": True}},
    ),
    Row("GET", PLAYBACK_AT, OWNED),
    Row("PUT", PLAYBACK_AT, OWNED_CHANGES, {"json": {"position": 1.5}}),
    Row("DELETE", PLAYBACK_AT, OWNED_CHANGES),
    # podcasts
    Row("GET", PODCASTS_AT, SIGNED_IN),
    Row("POST", PODCASTS_AT, SIGNED_IN_CHANGES, {"json": {"sources": [{"text": "Ice."}]}}),
    Row("POST", f"{PODCASTS_AT}/files", SIGNED_IN_CHANGES, {"files": {"files": ("ice.txt", "Ice.")}}),
    Row("POST", f"{PODCASTS_AT}/generate/text", SIGNED_IN_CHANGES, {"json": {"text": "Ice."}}),
    Row("POST", f"{PODCASTS_AT}/generate/url", SIGNED_IN_CHANGES, ADDRESS),
    Row("POST", f"{PODCASTS_AT}/generate/audio", SIGNED_IN_CHANGES, {"files": {"audioFile": ("a.mp3", "x")}}),
    Row("POST", f"{PODCASTS_AT}/estimate", SIGNED_IN_CHANGES, {"json": {"sources": [{"text": "Ice."}]}}),
    Row("GET", PODCAST_AT, OWNED),
    Row("PUT", PODCAST_AT, OWNED_CHANGES, {"json": {"title": "Another"}}),
    Row("DELETE", PODCAST_AT, OWNED_CHANGES),
    Row("POST", f"{PODCAST_AT}/cancel", OWNED_CHANGES),
    Row("POST", f"{PODCAST_AT}/continue", OWNED_CHANGES, at=f"{PODCASTS_AT}/{{failed_podcast}}/continue"),
    Row("POST", f"{PODCAST_AT}/approve", OWNED_CHANGES),
    Row("POST", f"{PODCAST_AT}/voice", OWNED_CHANGES),
    Row("POST", f"{PODCAST_AT}/translate", OWNED_CHANGES, {"json": {"language": "de"}}),
    Row("POST", f"{PODCAST_AT}/say", OWNED_CHANGES, {"json": {"speaker": "Robin", "text": "Ice."}}),
    Row("GET", f"{PODCAST_AT}/script", OWNED),
    Row(
        "PUT",
        f"{PODCAST_AT}/script",
        OWNED_CHANGES,
        {"json": {"turns": [{"speaker": "Robin", "text": "Snow."}]}},
    ),
    Row("GET", f"{PODCAST_AT}/scripts", OWNED),
    *(
        Row(method, f"{PODCAST_AT}/{what}", OWNED, at=f"{MADE_AT}/{what}")
        for what in ("audio", "download")
        for method in ("GET", "HEAD")
    ),
    *(
        Row("GET", f"{PODCAST_AT}/{what}", OWNED, at=f"{MADE_AT}/{what}")
        for what in ("live", "transcript.vtt", "chapters.json", "cover")
    ),
    Row("GET", f"{PODCAST_AT}/sources/{{position}}", OWNED, at=f"{MADE_AT}/sources/0"),
    Row("GET", f"{PODCAST_AT}/sources/{{position}}/text", OWNED, at=f"{MADE_AT}/sources/0/text"),
    Row("GET", "/api/v1/templates", SIGNED_IN),
    Row("POST", "/api/v1/templates", SIGNED_IN_CHANGES, {"json": {"name": "Mine"}}),
    Row("GET", "/api/v1/templates/file", SUPERUSERS),
    Row("GET", TEMPLATE_AT, OWNED),
    Row("PUT", TEMPLATE_AT, OWNED_CHANGES, {"json": {"minutes": 3}}),
    Row("DELETE", TEMPLATE_AT, OWNED_CHANGES),
    Row("GET", "/api/v1/digests", SIGNED_IN),
    Row("POST", "/api/v1/digests", SIGNED_IN_CHANGES, {"json": DIGEST}),
    Row("GET", DIGEST_AT, OWNED),
    Row("PUT", DIGEST_AT, OWNED_CHANGES, {"json": {"name": "Other"}}),
    Row("DELETE", DIGEST_AT, OWNED_CHANGES),
    Row("POST", f"{DIGEST_AT}/run", OWNED_CHANGES),
    Row("GET", "/api/v1/voices", SIGNED_IN, at="/api/v1/voices?provider=espeak"),
    Row("GET", "/api/v1/voices/preview", SIGNED_IN, at="/api/v1/voices/preview?voiceId=en-us%2Bm3"),
    Row("GET", "/api/v1/providers", SIGNED_IN),
    Row("GET", "/api/v1/music", SIGNED_IN),
    Row("WS", "/api/v1/events", SOCKET),
    # service
    *(Row(method, path, PUBLIC) for path in ("/health", "/metrics") for method in ("GET", "HEAD")),
    Row("GET", "/api/v1/health/details", SUPERUSERS),
    *(Row(method, "/", PUBLIC) for method in ("GET", "HEAD")),
    *(Row("GET", path, PUBLIC) for path in ("/docs", "/redoc", "/api/v1/docs", "/api/v1/redoc")),
    *(Row(method, "/api/v1/openapi.json", PUBLIC) for method in ("GET", "HEAD")),
    *(Row(method, "/{path:path}", NOT_THERE, at="/nothing/here") for method in ("GET", "HEAD")),
]


def routes_of(world: World) -> set[tuple[str, str]]:
    """Method and path of every route, hidden aliases and WebSockets too."""
    found = set()
    for context in iter_route_contexts(world.app.routes):
        route: Any = context.original_route
        found |= {(method, str(context.path)) for method in getattr(route, "methods", None) or {"WS"}}
    return found


def prepared(world: World, row: Row) -> Scene:
    """A scene in which only that has been done which the row asks for first."""
    if not row.first:
        return world.untouched()
    scene = world.scene()
    world.prepare(scene, *row.first)
    return scene


def ask(world: World, scene: Scene, row: Row, who: Who) -> int:
    """What this person is answered."""
    return world.ask(scene, who, row.method, row.at or row.path, row.send)


def test_every_route_has_its_row_and_every_row_its_route(world: World) -> None:
    rows = [(row.method, row.path) for row in ROWS]
    assert len(rows) == len(set(rows))
    routes = routes_of(world)
    assert routes - set(rows) == set(), "say in the table who may use them"
    assert set(rows) - routes == set(), "these are gone"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_everybody_is_answered_as_the_table_says(world: World, row: Row) -> None:
    answers = tuple(ask(world, prepared(world, row), row, who) for who in Who)
    assert dict(zip(Who, answers, strict=True)) == dict(zip(Who, row.answers, strict=True))


FOR_SUPERUSERS = [row for row in ROWS if row.answers[:3] == SUPERUSERS[:3]]
# A lesser token that could do these would have all rights in two steps.
OF_THE_ACCOUNT = [row for row in ROWS if row.path.startswith("/api/v1/users/me") and row.method not in SAFE]


@pytest.mark.parametrize("row", FOR_SUPERUSERS, ids=lambda row: row.name)
def test_a_superusers_token_for_writing_has_no_special_rights(world: World, row: Row) -> None:
    scene = prepared(world, row)
    world.hand_token(scene, Who.SUPERUSER, "read write")
    assert world.ask(scene, Who.SUPERUSER, row.method, row.at or row.path, row.send) == 403


@pytest.mark.parametrize("row", OF_THE_ACCOUNT, ids=lambda row: row.name)
def test_only_a_token_with_all_rights_changes_the_account(world: World, row: Row) -> None:
    for scopes, expected in (("read write", 403), ("read write admin", 200)):
        scene = world.untouched()
        world.hand_token(scene, Who.OWNER, scopes)
        assert world.ask(scene, Who.OWNER, row.method, row.path, row.send) == expected
