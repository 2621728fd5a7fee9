"""Profiles over HTTP: whose they are, what may be said in them, what keeps them, and names tried before saving."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads.extractors.port import Kind
from magpie.downloads.models import Download, Status
from magpie.kit.clock import utcnow
from magpie.library.models import Item, ItemFile, Membership
from magpie.links.addresses import address_key
from magpie.links.models import LinkEntry
from magpie.profiles import service
from magpie.profiles.convert import to_profile
from magpie.profiles.schemas import ProfileSpec
from magpie.profiles.shipped import SHIPPED
from tests.links.conftest import Headers, follow

pytestmark = pytest.mark.database
PROFILES = "/api/v1/profiles"
PREVIEW = f"{PROFILES}/preview"
WHOLE: dict[str, Any] = {
    "kind": "video",
    "max_height": 1080,
    "container": "mkv",
    "subtitles": {"languages": ["en", "pt-BR"], "automatic": True, "where": "embed", "format": "srt"},
    "template": "Films/{channel}/{title} [[{id}]].{ext}",
    "media_server": "kodi",
    "side_files": {"nfo": True, "thumbnail": False, "info_json": True},
    "embed": {"metadata": True, "chapters": False, "thumbnail": True},
    "sponsorblock": {"mark": ["intro", "poi_highlight"], "remove": ["sponsor", "selfpromo"]},
}


def make(client: TestClient, headers: Headers, name: str = "My films", **spec: Any) -> dict[str, Any]:
    answer = client.post(PROFILES, json={"name": name, "spec": spec}, headers=headers)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


class TestKeeping:
    def test_a_profile_comes_back_as_it_was_said(self, client: TestClient, ada: Headers) -> None:
        made = make(client, ada, "  My   films ", **WHOLE)
        assert made["name"] == "My films"
        assert made["quality"] == "video-1080p-mkv-cutps"
        seen = client.get(f"{PROFILES}/{made['id']}", headers=ada).json()
        for name, value in WHOLE.items():
            assert seen["spec"][name] == value, name

    def test_all_are_listed_the_shipped_ones_first(
        self, client: TestClient, ada: Headers, bob: Headers
    ) -> None:
        make(client, ada)
        listed = client.get(PROFILES, headers=ada).json()
        assert [one["name"] for one in listed] == [*SHIPPED, "My films"]
        assert [one["is_shipped"] for one in listed] == [True] * len(SHIPPED) + [False]
        assert all(one["description"] for one in listed if one["is_shipped"])
        assert "My films" not in [one["name"] for one in client.get(PROFILES, headers=bob).json()]

    def test_a_change_replaces_the_spec_and_names_follow(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        made = make(client, ada, max_height=720)
        link = follow(client, ada, "https://media.example/channel", profile="My films")
        waiting = ask(client, ada, profile="My films")
        body = {"name": "Lectures", "spec": {"max_height": 360}}
        changed = client.put(f"{PROFILES}/{made['id']}", json=body, headers=ada).json()
        assert (changed["name"], changed["spec"]["max_height"], changed["links"]) == ("Lectures", 360, 1)
        assert client.get(f"/api/v1/links/{link['id']}", headers=ada).json()["profile"] == "Lectures"
        assert client.get(f"/api/v1/downloads/{waiting}", headers=ada).json()["profile"] == "Lectures"
        with context.database.read() as session:
            assert service.find(session, link["user_id"], "Lectures").max_height == 360
            with pytest.raises(service.NoProfile):
                service.find(session, link["user_id"], "My films")
            actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
        assert [one for one in actions if one.startswith("profile.")] == ["profile.create", "profile.update"]

    @pytest.mark.parametrize("name", ["video", "AUDIO", "Kodi"])
    def test_shipped_names_are_taken(self, client: TestClient, ada: Headers, name: str) -> None:
        answer = client.post(PROFILES, json={"name": name, "spec": {}}, headers=ada)
        assert (answer.status_code, "ships with Magpie" in answer.json()["detail"]) == (409, True)

    def test_a_name_is_unique_among_ones_own(self, client: TestClient, ada: Headers, bob: Headers) -> None:
        make(client, ada)
        make(client, bob)
        assert client.post(PROFILES, json={"name": "My films", "spec": {}}, headers=ada).status_code == 409
        other = make(client, ada, "Other")
        answer = client.put(f"{PROFILES}/{other['id']}", json={"name": "My films"}, headers=ada)
        assert answer.status_code == 409

    def test_what_is_used_stays_until_it_is_not(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        made = make(client, ada)
        address = f"{PROFILES}/{made['id']}"
        link = follow(client, ada, "https://media.example/channel", name="Birds", profile="My films")
        refused = client.delete(address, headers=ada)
        assert (refused.status_code, "“Birds”" in refused.json()["detail"]) == (409, True)
        client.delete(f"/api/v1/links/{link['id']}", headers=ada)
        waiting = ask(client, ada, profile="My films")
        refused = client.delete(address, headers=ada)
        assert (refused.status_code, "1 downloads" in refused.json()["detail"]) == (409, True)
        client.post(f"/api/v1/downloads/{waiting}/cancel", headers=ada)
        assert client.delete(address, headers=ada).json()["id"] == made["id"]
        assert client.get(address, headers=ada).status_code == 404
        with context.database.read() as session:
            download = session.get(Download, waiting)
        assert download is not None
        assert download.status == Status.CANCELLED


def ask(client: TestClient, headers: Headers, **more: Any) -> int:
    answer = client.post(
        "/api/v1/downloads", json={"url": "https://media.example/film", **more}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["id"]
    return number


class TestUsing:
    def test_only_profiles_that_are_there_are_taken(
        self, client: TestClient, ada: Headers, bob: Headers
    ) -> None:
        make(client, bob, "Of Bob")
        for path in ("/api/v1/downloads", "/api/v1/links"):
            body = {"url": "https://media.example/film", "profile": "Of Bob"}
            answer = client.post(path, json=body, headers=ada)
            assert answer.status_code == 400, answer.text
            [fault] = answer.json()["errors"]
            assert fault["loc"] == ["body", "profile"]
            assert "use one of video, audio" in fault["msg"]
        assert ask(client, ada, profile="best-1080p")

    @pytest.mark.parametrize(
        "spec",
        [
            {"kind": "film"},
            {"max_height": 1000},
            {"container": "avi"},
            {"subtitles": {"languages": ["--exec"]}},
            {"subtitles": {"languages": [".*"]}},
            {"template": "../{title}"},
            {"template": "{title.__class__}"},
            {"sponsorblock": {"remove": ["poi_highlight"]}},
            {"sponsorblock": {"mark": ["'; rm -rf"]}},
            {"container": "webm", "embed": {"thumbnail": True}},
            {"exec": "rm"},
        ],
    )
    def test_nothing_else_can_be_said(self, client: TestClient, ada: Headers, spec: dict[str, Any]) -> None:
        answer = client.post(PROFILES, json={"name": "x", "spec": spec}, headers=ada)
        assert answer.status_code in (400, 422), answer.text

    @pytest.mark.parametrize("name", ["", "   ", "x" * 33, "a\u202eb", "a\x07"])
    def test_a_name_can_be_shown(self, client: TestClient, ada: Headers, name: str) -> None:
        assert client.post(PROFILES, json={"name": name, "spec": {}}, headers=ada).status_code in (400, 422)


def test_what_means_nothing_for_a_kind_makes_no_quality_of_its_own() -> None:
    sound = to_profile("x", ProfileSpec(kind="audio", max_height=720, container="mkv"))
    assert sound.quality == SHIPPED_QUALITY["audio"]
    names = to_profile("x", ProfileSpec(template="{title}", media_server="kodi"))
    assert names.quality == SHIPPED_QUALITY["video"] == SHIPPED_QUALITY["plex"]
    high = to_profile("x", ProfileSpec(max_height=2160))
    assert high.quality == "video-2160p"
    assert high.quality_of(Kind.GALLERY) == "video"


SHIPPED_QUALITY = {name: to_profile(name, one.spec).quality for name, one in SHIPPED.items()}


class TestTrying:
    def preview(self, client: TestClient, headers: Headers, **body: Any) -> list[str]:
        answer = client.post(PREVIEW, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return [one["path"] for one in answer.json()["files"]]

    def test_a_template_on_a_sample(self, client: TestClient, ada: Headers) -> None:
        assert self.preview(client, ada, template="{channel}/{index:03} {title}.{ext}") == [
            "Hedgerow Films/007 A walk in the hedgerow.mp4"
        ]
        sample = {"kind": "audio", "title": "../..", "artist": "AC/DC", "album": "CON"}
        assert self.preview(client, ada, template="{artist}/{album}/{title}", sample=sample) == [
            "AC⧸DC/_CON/⧸.opus"
        ]

    def test_a_media_servers_names_with_all_side_files(self, client: TestClient, ada: Headers) -> None:
        stem = (
            "TV/Hedgerow Films/Season 2026/Hedgerow Films - S2026E0203 - A walk in the hedgerow [dQw4w9WgXcQ]"
        )
        assert self.preview(client, ada, profile="jellyfin") == [
            f"{stem}.mp4",
            f"{stem}.en.srt",
            f"{stem}-thumb.jpg",
            f"{stem}.nfo",
            "TV/Hedgerow Films/tvshow.nfo",
        ]

    def test_a_fault_is_told_with_its_place(self, client: TestClient, ada: Headers) -> None:
        answer = client.post(PREVIEW, json={"template": "{titel}"}, headers=ada)
        assert answer.status_code == 400
        assert "At character 1: there is no {titel}" in answer.json()["errors"][0]["msg"]
        assert client.post(PREVIEW, json={"profile": "nobody's"}, headers=ada).status_code == 400

    def test_on_an_entry_of_ones_own_link(
        self, client: TestClient, ada: Headers, bob: Headers, context: AppContext
    ) -> None:
        link = follow(client, ada, "https://www.youtube.com/@Magpies", name="Magpies")
        urls = [f"https://www.youtube.com/watch?v=abcdefghij{number}" for number in range(3)]
        with context.database.write() as session:
            entries = [
                LinkEntry(
                    link_id=link["id"], source_key=f"youtube abcdefghij{number}", url=url, title=f"Film {number}",
                    url_digest=address_key(url), rank=number, published_at=utcnow().replace(2026, 2, 3),
                )
                for number, url in enumerate(urls)
            ]  # fmt: skip
            session.add_all(entries)
            session.flush()
            second = entries[1].id
        template = "{playlist}/{index:02} {title} {id}"
        wanted = ["Magpies/02 Film 1 abcdefghij1.mp4"]
        assert self.preview(client, ada, template=template, entry=second) == wanted
        assert self.preview(client, ada, template=template, url=urls[1]) == wanted
        asked = {"template": template, "entry": second}
        assert client.post(PREVIEW, json=asked, headers=bob).status_code == 404
        asked = {"template": template, "url": urls[1]}
        assert client.post(PREVIEW, json=asked, headers=bob).status_code == 400

    def test_on_an_item_of_ones_own(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        url = "https://media.example/film"
        user_id = client.get("/auth/me", headers=ada).json()["id"]
        with context.database.write() as session:
            file = ItemFile(path="a.webm", role="media", position=0, size=1, mime="video/webm", height=720)
            item = Item(
                extractor="web", source_id="abc", kind="video", quality="video", title="A film", artist="Ada",
                site="media.example", source_url=url, size=1, files=[file],
            )  # fmt: skip
            session.add(item)
            session.flush()
            session.add(Membership(item_id=item.id, user_id=user_id))
        wanted = ["media.example/Ada - A film 720p.webm"]
        assert self.preview(client, ada, template="{site}/{artist} - {title} {height}p", url=url) == wanted
