"""Links over HTTP: following, finding, changing, ending."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from magpie.accounts.models import User
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads.models import Download, Status
from magpie.kit.clock import utcnow
from magpie.library.models import Item, ItemFile, Membership
from magpie.links import repository, tally
from magpie.links.models import Link, LinkEntry, LinkStatus, Verdict
from tests.links.conftest import LINKS, Headers, follow

pytestmark = pytest.mark.database
CHANNEL = "https://www.youtube.com/@Magpies"


def row(context: AppContext, link_id: int) -> Link | None:
    with context.database.read() as session:
        return session.get(Link, link_id)


def entry(link_id: int, number: int, verdict: Verdict, item_id: int | None = None) -> LinkEntry:
    return LinkEntry(
        link_id=link_id,
        source_key=f"web {number}",
        url=f"https://media.example/{number}",
        url_digest=f"{number:032x}",
        verdict=verdict,
        item_id=item_id,
    )


def download(link: dict[str, Any], status: Status, stage: str | None = None) -> Download:
    return Download(
        user_id=link["user_id"],
        link_id=link["id"],
        url=link["url"],
        site=link["site"],
        status=status,
        stage=stage,
    )


class TestFollowing:
    def test_a_link_is_made_as_earlier_programs_make_it(self, client: TestClient, ada: Headers) -> None:
        body = {
            "url": "https://www.youtube.com/channel/UC123",
            "name": "My Favorite Channel",
            "type": "youtube_channel",
            "is_enabled": True,
            "download_automatically": True,
            "tags": ["tag1", "tag2"],
            "cookies": json.dumps({"cookie_name": "cookie_value"}),
        }
        answer = client.post(f"{LINKS}/", json=body, headers=ada)
        assert answer.status_code == 200, answer.text
        link = answer.json()
        assert {**body, "cookies": None}.items() <= link.items()
        assert link["has_cookies"]
        assert "cookie_value" not in answer.text
        for path in (f"{LINKS}/{link['id']}", f"{LINKS}/{link['id']}/"):
            assert client.get(path, headers=ada).json() == link
        assert client.get(f"{LINKS}/", headers=ada).json() == [link]

    def test_an_address_is_enough(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        link = follow(client, ada, CHANNEL)
        assert (link["type"], link["name"], link["site"]) == ("youtube_channel", "@Magpies", "youtube")
        assert (link["profile"], link["tags"], link["status"]) == ("video", [], "idle")
        assert link["counts"] == {"known": 0, "downloaded": 0, "wanted": 0, "failed": 0, "skipped": 0}
        stored = row(context, link["id"])
        assert stored is not None
        assert not stored.has_own_name

    @pytest.mark.once
    @pytest.mark.parametrize(
        ("said", "profile"),
        [
            ({"url": CHANNEL}, "video"),
            ({"url": "https://soundcloud.com/bird"}, "audio"),
            ({"url": "https://media.example/a", "type": "generic_audio"}, "audio"),
            ({"url": "https://www.pixiv.net/users/1"}, "gallery"),
            ({"url": "https://soundcloud.com/bird", "profile": "video"}, "video"),
        ],
    )
    def test_how_it_is_saved_follows_from_what_it_is(
        self, client: TestClient, ada: Headers, said: dict[str, str], profile: str
    ) -> None:
        assert follow(client, ada, **said)["profile"] == profile

    def test_it_is_looked_at_at_once(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        stored = row(context, follow(client, ada, CHANNEL)["id"])
        assert stored is not None
        assert (stored.check_mode, stored.check_priority) == ("check", 0)
        idle = row(context, follow(client, ada, "https://media.example/b", is_enabled=False)["id"])
        assert idle is not None
        assert (idle.check_mode, idle.next_check_at) == (None, None)

    def test_older_spellings_are_taken(self, client: TestClient, ada: Headers) -> None:
        link = follow(client, ada, CHANNEL, link_type="playlist", tags=" Birds, birds ,, 喜鹊")
        assert (link["type"], link["tags"]) == ("playlist", ["Birds", "喜鹊"])

    @pytest.mark.parametrize(
        "again",
        [
            "https://youtube.com/@magpies/",
            "http://m.youtube.com:80/@MAGPIES/featured?si=abc",
            "https://www.youtube.com/@Magpies/?utm_source=mail#top",
        ],
    )
    def test_the_same_source_is_followed_once(self, client: TestClient, ada: Headers, again: str) -> None:
        first = follow(client, ada, CHANNEL, name="Nest")
        answer = client.post(LINKS, json={"url": again}, headers=ada)
        assert answer.status_code == 409
        assert "Nest" in answer.json()["detail"]
        assert f"link {first['id']}" in answer.json()["detail"]

    def test_two_at_once_are_one(
        self, client: TestClient, ada: Headers, context: AppContext, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both have looked before either has written."""
        follow(client, ada, CHANNEL)
        monkeypatch.setattr(repository, "by_keys", lambda *_: {})
        assert client.post(LINKS, json={"url": CHANNEL}, headers=ada).status_code == 409
        several = client.post(
            f"{LINKS}/bulk", json={"urls": [CHANNEL, "https://media.example/a"]}, headers=ada
        )
        assert [one["status"] for one in several.json()["results"]] == ["refused", "added"]
        with context.database.read() as session:
            assert len(session.scalars(select(Link)).all()) == 2

    def test_another_user_may_follow_it_too(self, client: TestClient, ada: Headers, bob: Headers) -> None:
        assert follow(client, ada, CHANNEL)["id"] != follow(client, bob, CHANNEL)["id"]

    @pytest.mark.once
    @pytest.mark.parametrize(
        "wrong",
        [
            {"url": "file:///etc/passwd"},
            {"url": "https://ada:secret@media.example/"},
            {"url": CHANNEL, "profile": "no such profile"},
            {"url": CHANNEL, "filters": {"title_include": "("}},
            {"url": CHANNEL, "filters": {"min_seconds": 10, "max_seconds": 5}},
            {"url": CHANNEL, "cookies": "{}"},
            {"url": CHANNEL, "interval_minutes": 60, "max_interval_minutes": 30},
            {"url": CHANNEL, "tags": ["x" * 101]},
        ],
    )
    def test_what_breaks_a_rule_is_refused(
        self, client: TestClient, ada: Headers, wrong: dict[str, Any]
    ) -> None:
        answer = client.post(LINKS, json=wrong, headers=ada)
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["msg"]
        assert client.get(LINKS, headers=ada).json() == []

    @pytest.mark.once
    @pytest.mark.parametrize(
        "wrong", [{"type": "teapot"}, {"interval_minutes": 0}, {"filters": {"color": "red"}}]
    )
    def test_what_is_no_value_is_refused(
        self, client: TestClient, ada: Headers, wrong: dict[str, Any]
    ) -> None:
        assert client.post(LINKS, json={"url": CHANNEL, **wrong}, headers=ada).status_code == 422

    def test_it_is_noted(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        link = follow(client, ada, CHANNEL, cookies='{"sid": "crown jewels"}')
        client.put(f"{LINKS}/{link['id']}", json={"cookies": '{"sid": "crown jewels"}'}, headers=ada)
        client.delete(f"{LINKS}/{link['id']}", headers=ada)
        with context.database.read() as session:
            records = list(session.scalars(select(AuditRecord).where(AuditRecord.action.startswith("link."))))
        assert [record.action for record in records] == ["link.create", "link.update", "link.delete"]
        assert {record.subject for record in records} == {f"link:{link['id']}"}
        assert not any("jewels" in str(record.details) for record in records)


class TestBulk:
    def test_every_address_is_answered(self, client: TestClient, ada: Headers) -> None:
        known = follow(client, ada, CHANNEL)
        urls = [
            "https://media.example/a",
            CHANNEL,
            "nonsense",
            "https://media.example/a/",
            "https://media.example/b",
        ]
        answer = client.post(f"{LINKS}/bulk", json={"urls": urls, "tags": ["new"]}, headers=ada).json()
        assert [one["status"] for one in answer["results"]] == [
            "added",
            "exists",
            "refused",
            "exists",
            "added",
        ]
        assert answer["added"] == 2
        assert answer["results"][1]["link_id"] == known["id"]
        assert "web addresses" in answer["results"][2]["message"]
        tagged = client.get(LINKS, params={"tag": "NEW"}, headers=ada).json()
        assert {link["url"] for link in tagged} == {urls[0], urls[4]}


class TestFinding:
    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("喜鹊", ["喜鹊频道"]),
            ("ÉTÉ", ["Été à la plage"]),
            ("straße", ["Straße"]),
            ("STRASSE", ["Straße"]),
            ("media two", ["Été à la plage"]),
            ("пти", ["ПТИЦЫ"]),
            ("100%", ["100% birds"]),
            ("_", []),
            ("ｂｉｒｄｓ", ["100% birds", "ПТИЦЫ"]),
            ("nothing such", []),
        ],
    )
    def test_words_in_any_script(
        self, client: TestClient, ada: Headers, words: str, names: list[str]
    ) -> None:
        follow(client, ada, "https://media.example/one", name="喜鹊频道")
        follow(client, ada, "https://media.example/two", name="Été à la plage")
        follow(client, ada, "https://media.example/three", name="Straße")
        follow(client, ada, "https://media.example/four", name="ПТИЦЫ", tags=["Birds"])
        follow(client, ada, "https://media.example/five", name="100% birds")
        found = client.get(LINKS, params={"q": words}, headers=ada)
        assert sorted(link["name"] for link in found.json()) == sorted(names)
        assert found.headers["X-Total-Count"] == str(len(names))

    def test_a_tag_is_a_whole_one(self, client: TestClient, ada: Headers) -> None:
        follow(client, ada, "https://media.example/one", name="birds", tags=["Big birds", "Trees"])
        tagged = follow(client, ada, "https://media.example/two", tags=["Bears", "BIRDS"])
        assert [link["id"] for link in client.get(LINKS, params={"tag": "birds"}, headers=ada).json()] == [
            tagged["id"]
        ]

    def test_filters_and_pages(self, client: TestClient, ada: Headers) -> None:
        links = [follow(client, ada, f"https://media.example/{n}", name=f"{9 - n}") for n in range(5)]
        off = follow(client, ada, CHANNEL, is_enabled=False)

        def ids(**params: Any) -> list[int]:
            return [link["id"] for link in client.get(LINKS, params=params, headers=ada).json()]

        newest = [off["id"], *(link["id"] for link in reversed(links))]
        assert ids() == newest
        assert ids(skip=2, limit=2) == newest[2:4]
        assert ids(sort="oldest") == newest[::-1]
        assert ids(sort="name", site="media.example") == newest[1:]
        assert ids(is_enabled=False) == ids(type="youtube_channel") == ids(site="youtube") == [off["id"]]
        assert client.get(LINKS, params={"skip": -1}, headers=ada).status_code == 422

    def test_others_are_not_seen(self, client: TestClient, ada: Headers, bob: Headers, root: Headers) -> None:
        link = follow(client, ada, CHANNEL)
        assert client.get(LINKS, headers=bob).json() == []
        assert client.get(f"{LINKS}/{link['id']}", headers=bob).json() == {"detail": "Item not found"}
        assert [one["id"] for one in client.get(LINKS, headers=root).json()] == [link["id"]]


class TestState:
    def test_entries_are_counted_as_they_change(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        link_id = follow(client, ada, CHANNEL)["id"]
        verdicts = [
            Verdict.DOWNLOADED,
            Verdict.WANTED,
            Verdict.WAITING,
            Verdict.FAILED,
            Verdict.SKIPPED,
            Verdict.LISTED,
        ]
        with context.database.write() as session:
            session.add_all(entry(link_id, number, verdict) for number, verdict in enumerate(verdicts))
        counts = client.get(f"{LINKS}/{link_id}", headers=ada).json()["counts"]
        assert counts == {"known": 6, "downloaded": 1, "wanted": 2, "failed": 1, "skipped": 1}
        with context.database.write() as session:
            for found in session.scalars(select(LinkEntry)):
                found.verdict = Verdict.DOWNLOADED
            gone = session.scalars(select(LinkEntry).limit(1)).one()
            session.delete(gone)
        counts = client.get(f"{LINKS}/{link_id}", headers=ada).json()["counts"]
        assert counts == {"known": 5, "downloaded": 5, "wanted": 0, "failed": 0, "skipped": 0}

    def test_statements_are_told_of(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        link_id = follow(client, ada, CHANNEL)["id"]
        with context.database.write() as session:
            values = [
                {
                    "link_id": link_id,
                    "source_key": str(n),
                    "url": "https://media.example",
                    "url_digest": str(n),
                }
                for n in range(3)
            ]
            session.execute(insert(LinkEntry), [{**LISTED, **value} for value in values])
            tally.changed(session, link_id)
        assert client.get(f"{LINKS}/{link_id}", headers=ada).json()["counts"]["known"] == 3

    def test_it_downloads_and_records_while_its_downloads_do(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        quiet, busy, live = (follow(client, ada, f"https://media.example/{n}") for n in range(3))
        with context.database.write() as session:
            session.add_all(
                [
                    download(quiet, Status.PENDING),
                    download(busy, Status.DOWNLOADING, "downloading"),
                    download(live, Status.DOWNLOADING, "downloading"),
                    download(live, Status.DOWNLOADING, "recording"),
                ]
            )
        expected = {quiet["id"]: "idle", busy["id"]: "downloading", live["id"]: "recording"}
        found = client.get(LINKS, headers=ada).json()
        assert {link["id"]: link["status"] for link in found} == expected
        for link_id, status in expected.items():
            (only,) = client.get(LINKS, params={"status": status}, headers=ada).json()
            assert only["id"] == link_id
        with context.database.write() as session:
            session.get_one(Link, busy["id"]).status = LinkStatus.CHECKING
        assert client.get(f"{LINKS}/{busy['id']}", headers=ada).json()["status"] == "checking"

    def test_what_went_wrong_has_a_hint(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        link_id = follow(client, ada, CHANNEL)["id"]
        with context.database.write() as session:
            link = session.get_one(Link, link_id)
            link.status, link.reason, link.error_message = LinkStatus.ERROR, "not_found", "There is nothing."
        link = client.get(f"{LINKS}/{link_id}", headers=ada).json()
        assert (link["status"], link["error_message"]) == ("error", "There is nothing.")
        assert "browser" in link["hint"]

    def test_a_picture_is_shown_by_magpie(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        link_id = follow(client, ada, CHANNEL)["id"]
        assert client.get(f"{LINKS}/{link_id}/picture", headers=ada).status_code == 404
        (context.settings.data_dir / "bird.jpg").write_bytes(b"a picture")
        with context.database.write() as session:
            session.get_one(Link, link_id).picture_path = "bird.jpg"
        url = client.get(f"{LINKS}/{link_id}", headers=ada).json()["picture_url"]
        answer = client.get(url, headers=ada)
        assert (answer.content, answer.headers["content-type"]) == (b"a picture", "image/jpeg")


LISTED = {
    "kind": "video",
    "facts": {},
    "rank": 0,
    "first_seen_at": utcnow(),
    "last_seen_at": utcnow(),
    "verdict": "listed",
    "by_person": False,
}


class TestChanging:
    def test_what_is_left_out_stays(self, client: TestClient, ada: Headers) -> None:
        before = follow(
            client, ada, CHANNEL, name="Nest", tags=["a"], cookies='{"a": "b"}', interval_minutes=30,
            filters={"title_include": "bird"}, retention={"keep_last": 5},
        )  # fmt: skip
        after = client.put(
            f"{LINKS}/{before['id']}/", json={"download_automatically": False}, headers=ada
        ).json()
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"download_automatically", "updated_at"}

    def test_null_clears(self, client: TestClient, ada: Headers) -> None:
        link = follow(
            client, ada, CHANNEL, name="Nest", tags=["a"], cookies='{"a": "b"}', interval_minutes=30,
            filters={"title_include": "bird"}, retention={"keep_last": 5}, feed_url="https://media.example/feed",
        )  # fmt: skip
        names = (
            "name",
            "tags",
            "cookies",
            "interval_minutes",
            "filters",
            "retention",
            "feed_url",
            "is_enabled",
        )
        link = client.put(f"{LINKS}/{link['id']}", json=dict.fromkeys(names), headers=ada).json()
        assert (link["name"], link["tags"], link["has_cookies"]) == ("@Magpies", [], False)
        assert (link["interval_minutes"], link["feed_url"], link["is_enabled"]) == (None, None, True)
        assert not any(link["filters"].values())
        assert not any(link["retention"].values())

    def test_another_address_is_another_source(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        taken = follow(client, ada, "https://media.example/a")
        link = follow(client, ada, CHANNEL)
        (context.settings.data_dir / "bird.jpg").write_bytes(b"a picture")
        with context.database.write() as session:
            changed = session.get_one(Link, link["id"])
            changed.feed_etag, changed.picture_path = '"old"', "bird.jpg"
        answer = client.put(f"{LINKS}/{link['id']}", json={"url": taken["url"]}, headers=ada)
        assert answer.status_code == 409
        moved = client.put(
            f"{LINKS}/{link['id']}", json={"url": "https://soundcloud.com/bird"}, headers=ada
        ).json()
        assert (moved["site"], moved["type"]) == ("soundcloud", "generic_audio")
        stored = row(context, link["id"])
        assert stored is not None
        assert stored.feed_etag is None
        assert stored.picture_path is None
        assert not (context.settings.data_dir / "bird.jpg").exists()

    def test_disabling_takes_back_the_check(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        link_id = follow(client, ada, CHANNEL)["id"]
        off = client.put(f"{LINKS}/{link_id}", json={"is_enabled": False}, headers=ada).json()
        assert off["next_check_at"] is None
        stored = row(context, link_id)
        assert stored is not None
        assert stored.check_mode is None
        client.put(f"{LINKS}/{link_id}", json={"is_enabled": True}, headers=ada)
        stored = row(context, link_id)
        assert stored is not None
        assert stored.check_mode == "check"

    def test_it_is_triggered(self, client: TestClient, ada: Headers, context: AppContext) -> None:
        link_id = follow(client, ada, CHANNEL, is_enabled=False)["id"]
        answer = client.post(f"{LINKS}/{link_id}/trigger-download/", headers=ada)
        assert answer.json() == {"msg": f"Download triggered for link {link_id}"}
        stored = row(context, link_id)
        assert stored is not None
        assert (stored.check_mode, stored.check_priority) == ("download", 0)
        answer = client.post(f"{LINKS}/{link_id}/check", headers=ada)
        assert answer.json() == {"msg": f"Check triggered for link {link_id}"}


class TestEnding:
    def test_its_downloads_end_and_its_items_stay(
        self, client: TestClient, ada: Headers, context: AppContext
    ) -> None:
        link = follow(client, ada, CHANNEL)
        item_id = held(context, link, 1)
        with context.database.write() as session:
            waiting, running = download(link, Status.PENDING), download(link, Status.DOWNLOADING)
            session.add_all([waiting, running])
        gone = client.delete(f"{LINKS}/{link['id']}", headers=ada)
        assert gone.status_code == 200
        assert (gone.json()["id"], gone.json()["deleted_items"]) == (link["id"], 0)
        assert client.get(f"{LINKS}/{link['id']}", headers=ada).status_code == 404
        with context.database.read() as session:
            assert session.get_one(Download, waiting.id).status == Status.CANCELLED
            assert session.get_one(Download, running.id).cancel_requested
            assert session.get(Item, item_id) is not None
            assert session.scalars(select(LinkEntry)).all() == []

    def test_items_go_that_nobody_else_holds(
        self, client: TestClient, ada: Headers, bob: Headers, context: AppContext
    ) -> None:
        link, other = follow(client, ada, CHANNEL), follow(client, ada, "https://media.example/other")
        theirs = follow(client, bob, CHANNEL)
        alone, pinned, doubled, shared = (held(context, link, number) for number in range(4))
        with context.database.write() as session:
            session.scalars(select(Membership).where(Membership.item_id == pinned)).one().pinned = True
            session.add(entry(other["id"], 10, Verdict.DOWNLOADED, doubled))
            session.add(entry(theirs["id"], 11, Verdict.DOWNLOADED, shared))
            session.add(Membership(item_id=shared, user_id=theirs["user_id"]))
        gone = client.delete(f"{LINKS}/{link['id']}", params={"items": "delete"}, headers=ada)
        assert gone.json()["deleted_items"] == 2
        with context.database.read() as session:
            left = {
                (one.item_id, one.user_id)
                for one in session.scalars(
                    select(Membership).where(Membership.item_id.in_([alone, pinned, doubled, shared]))
                )
            }
            assert left == {
                (pinned, link["user_id"]), (doubled, link["user_id"]), (shared, theirs["user_id"])
            }  # fmt: skip
            assert session.get(Item, alone) is None

    @pytest.mark.parametrize("items", ["keep", "delete"])
    def test_a_user_goes_with_their_links(
        self, client: TestClient, ada: Headers, root: Headers, context: AppContext, items: str
    ) -> None:
        link = follow(client, ada, CHANNEL)
        item_id = held(context, link, 1)
        picture = context.settings.data_dir / "bird.jpg"
        picture.write_bytes(b"a picture")
        with context.database.write() as session:
            session.get_one(Link, link["id"]).picture_path = picture.name
            session.add(download(link, Status.PENDING))
        answer = client.delete(f"/api/v1/users/{link['user_id']}", params={"items": items}, headers=root)
        assert answer.status_code == 200, answer.text
        assert not picture.exists()
        with context.database.read() as session:
            assert session.get(User, link["user_id"]) is None
            assert session.scalars(select(Link)).all() == []
            assert session.scalars(select(LinkEntry)).all() == []
            assert (session.get(Item, item_id) is None) == (items == "delete")


def held(context: AppContext, link: dict[str, Any], number: int) -> int:
    """An item of the link's user, downloaded through the link."""
    with context.database.write() as session:
        item = Item(
            extractor="test", source_id=str(number), kind="video", quality="best", title="A film",
            site="media.example", source_url="https://media.example", size=1,
            files=[ItemFile(path=f"{number}.mp4", role="media", position=0, size=1, mime="video/mp4")],
        )  # fmt: skip
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=link["user_id"]))
        session.add(entry(link["id"], number, Verdict.DOWNLOADED, item.id))
        return item.id
