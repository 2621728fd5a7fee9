"""Digests: what is new becomes an episode, once, on the schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from magpie.accounts.models import User
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.engine.port import DirectJob
from magpie.library.models import Item, ItemFile, Membership
from magpie.library.roots import open_base
from magpie.links.checks.feed_client import Answer, Validators
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.podcasts.digests import repository, service
from magpie.podcasts.digests.worker import Digester
from magpie.podcasts.episodes import files
from magpie.podcasts.episodes import repository as episodes
from magpie.podcasts.models import EpisodeDigest
from magpie.podcasts.texts.document import Document, Unreadable
from tests.podcasts.episodes.conftest import Studio

DIGESTS = "/api/v1/digests"
FEED = "https://news.example/feed.xml"
BUSY = "busy"
ARTICLE = "Ice grows from the top. " * 20
NEW = {"name": "Weekly ice", "feedUrls": [FEED], "cronSchedule": "0 7 * * 1", "timezone": "Europe/Berlin"}


def feed(*items: tuple[str, str | None]) -> bytes:
    """Titles with dates."""
    body = "".join(
        f"<item><title>{title}</title><link>https://news.example/{title}</link>"
        + (f"<pubDate>{date}</pubDate>" if date else "")
        + "</item>"
        for title, date in items
    )
    return f"<rss version='2.0'><channel><title>Ice news</title>{body}</channel></rss>".encode()


def http_date(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


class Desk:
    """A worker of digests with a clock, feeds and pages in memory."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.feeds: dict[str, bytes] = {FEED: feed()}
        self.pages: dict[str, str] = {}
        self.digester = Digester(
            studio.context, fetch=self._fetch, read_page=self._page, now=lambda: self.now
        )

    def _fetch(self, url: str) -> Answer:
        if url not in self.feeds:
            raise DownloadFailure(Reason.TIMED_OUT, "the feed does not answer")
        return Answer(url, self.feeds[url], Validators())

    def _page(self, url: str, _stop: Callable[[], bool]) -> Document:
        text = self.pages.get(url, ARTICLE)
        if not text:
            raise Unreadable("refused", "The page asks for a password.")
        if text == BUSY:
            raise Unreadable("unreachable", "Nobody answers.")
        return Document(title="A page", text=text, language="en", address=url)

    def ask(self, method: str, path: str = "", **request: Any) -> Any:
        self.studio.client.cookies.clear()
        return self.studio.client.request(method, f"{DIGESTS}{path}", headers=self.studio.headers, **request)

    def make(self, **more: Any) -> int:
        answer = self.ask("POST", json={**NEW, **more})
        assert answer.status_code == 200, answer.text
        digest_id: int = answer.json()["id"]
        return digest_id

    def digest(self, digest_id: int) -> EpisodeDigest:
        with self.studio.context.database.read() as session:
            found = repository.get(session, digest_id)
            assert found is not None
            return found

    def due(self) -> list[EpisodeDigest]:
        with self.studio.context.database.read() as session:
            return repository.due(session, self.now)

    def run(self, digest_id: int) -> None:
        """Its next run, when it comes."""
        digest = self.digest(digest_id)
        assert digest.next_run_at is not None
        self.now = max(self.now, digest.next_run_at)
        with self.studio.context.database.read() as session:
            job = service.job_of(digest, self.studio.context.job_epoch(session))
        assert job is not None
        self.digester.perform(DirectJob(job))

    def look(self, digest_id: int) -> bool:
        """What is done soon after it was made; whether anything is to be."""
        digest = self.digest(digest_id)
        with self.studio.context.database.read() as session:
            waiting = [one.id for one in repository.to_look(session)]
            job = service.look_of(digest, self.studio.context.job_epoch(session))
        assert (digest_id in waiting) == (job is not None)
        if job is not None:
            self.digester.perform(DirectJob(job))
        return job is not None

    def told(self, digest_id: int) -> Any:
        return self.ask("GET", f"/{digest_id}").json()

    def texts(self, digest_id: int) -> list[tuple[str | None, str]]:
        """Titles and texts of the newest episode's sources; none if there is no episode."""
        key = self.ask("GET", f"/{digest_id}").json()["lastPodcastId"]
        if key is None:
            return []
        folder = files.work_folder(files.root_of(self.studio.context.settings), key)
        with self.studio.context.database.read() as session:
            episode = episodes.by_key(session, key)
            assert episode is not None
            rows = episodes.sources(session, [episode.id])[episode.id]
        return [(row.title, (folder / row.file).read_text("utf-8") if row.file else row.kind) for row in rows]


@pytest.fixture
def desk(studio: Studio) -> Desk:
    return Desk(studio)


def test_a_weekly_digest_of_a_feed(desk: Desk) -> None:
    before, after = desk.now - timedelta(days=1), desk.now + timedelta(days=1)
    desk.feeds[FEED] = feed(("old", http_date(before)))
    digest_id = desk.make()
    answer = desk.ask("GET", f"/{digest_id}").json()
    first = datetime.fromisoformat(answer["nextRunAt"])
    assert first.astimezone(UTC).weekday() == 0
    assert answer["lastPodcastId"] is None
    desk.feeds[FEED] = feed(("new", http_date(after)), ("old", http_date(before)))
    desk.run(digest_id)
    ((title, text),) = desk.texts(digest_id)
    assert (title, text.startswith("From Ice news.\n\nIce grows")) == ("new", True)
    answer = desk.ask("GET", f"/{digest_id}").json()
    episode = desk.studio.ok("GET", f"/{answer['lastPodcastId']}")
    assert episode["title"].startswith("Weekly ice, 20")
    assert (episode["templateUsed"], episode["digestId"]) == ("digest", digest_id)
    assert episode["sources"][0]["address"] == "https://news.example/new"
    assert datetime.fromisoformat(answer["nextRunAt"]) - first in (
        timedelta(days=7),
        timedelta(days=7, hours=1),
        timedelta(days=6, hours=23),
    )
    # Nothing is told twice, and of nothing no episode is made.
    desk.run(digest_id)
    assert desk.ask("GET", f"/{digest_id}").json()["lastPodcastId"] == answer["lastPodcastId"]
    # An entry without a date is new if it was not there before.
    desk.feeds[FEED] = feed(("undated", None), ("new", http_date(after)))
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["undated"]


def test_what_was_missed_is_made_up_for_once(desk: Desk) -> None:
    digest_id = desk.make(cronSchedule="0 * * * *", timezone="UTC")
    desk.now += timedelta(days=3)
    assert [one.id for one in desk.due()] == [digest_id]
    desk.run(digest_id)
    assert desk.due() == []
    following = desk.digest(digest_id).next_run_at
    assert following is not None
    assert timedelta(0) < following - desk.now <= timedelta(hours=1)


def test_an_old_job_does_nothing(desk: Desk) -> None:
    digest_id = desk.make()
    digest = desk.digest(digest_id)
    with desk.studio.context.database.read() as session:
        job = service.job_of(digest, desk.studio.context.job_epoch(session))
    assert job is not None
    desk.run(digest_id)
    done = desk.digest(digest_id).last_run_at
    desk.now += timedelta(hours=1)
    desk.digester.perform(DirectJob(job))
    assert desk.digest(digest_id).last_run_at == done


def test_what_cannot_be_read_is_told_and_the_rest_is_made(desk: Desk) -> None:
    digest_id = desk.make(feedUrls=[FEED, "https://gone.example/feed"], maxEntries=2)
    later = http_date(desk.now + timedelta(hours=1))
    desk.feeds[FEED] = feed(("one", later), ("two", later), ("three", later), ("four", later))
    desk.pages = {"https://news.example/one": "", "https://news.example/two": "Accept cookies?"}
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["three", "four"]
    told = desk.ask("GET", f"/{digest_id}").json()["errorMessage"]
    assert "gone.example" in told
    assert "password" in told
    assert "next to no text" in told


def test_what_was_there_when_it_was_made_is_not_new_whether_it_has_dates_or_not(desk: Desk) -> None:
    desk.feeds[FEED] = feed(("undated", None), ("dated", http_date(desk.now - timedelta(days=1))))
    digest_id = desk.make()
    soon = http_date(desk.now + timedelta(minutes=1))
    desk.feeds[FEED] = feed(("undated", None), ("meanwhile", soon))  # before anybody looked
    assert desk.look(digest_id)
    assert not desk.look(digest_id)
    assert desk.texts(digest_id) == []
    desk.feeds[FEED] = feed(("later", None), ("undated", None), ("meanwhile", soon))
    desk.run(digest_id)
    assert {title for title, _ in desk.texts(digest_id)} == {"later", "meanwhile"}
    # A feed that is added begins with what comes after that, too.
    second = "https://other.example/feed"
    desk.feeds[second] = feed(("old", None))
    desk.ask("PUT", f"/{digest_id}", json={"feedUrls": [FEED, second]})
    assert desk.look(digest_id)
    desk.feeds[second] = feed(("fresh", None), ("old", None))
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["fresh"]
    desk.ask("PUT", f"/{digest_id}", json={"feedUrls": [FEED]})
    assert set(desk.digest(digest_id).options[service.SEEN]) == {FEED}


def test_a_feed_that_does_not_answer_at_first_begins_where_the_digest_did(desk: Desk) -> None:
    before, week = http_date(desk.now - timedelta(days=1)), http_date(desk.now + timedelta(minutes=1))
    del desk.feeds[FEED]
    digest_id = desk.make()
    assert desk.look(digest_id)
    assert "does not answer" in desk.told(digest_id)["errorMessage"]  # and not only in a week
    desk.run(digest_id)
    assert "does not answer" in desk.told(digest_id)["errorMessage"]
    desk.feeds[FEED] = feed(("of-the-first-week", week), ("older", before), ("undated", None))
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["of-the-first-week"]
    assert "without a date" in desk.told(digest_id)["errorMessage"]
    desk.feeds[FEED] = feed(("another", None), ("undated", None))
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["another"]
    assert desk.told(digest_id)["errorMessage"] is None


def test_it_tells_how_much_was_new_and_what_was_too_much(desk: Desk) -> None:
    second = "https://other.example/feed"
    digest_id = desk.make(feedUrls=[FEED, second], maxEntries=2)
    assert desk.told(digest_id)["lastNew"] is None
    hours = [http_date(desk.now + timedelta(hours=number)) for number in range(4)]
    items = [(f"story-{number}", hours[number]) for number in (1, 3, 2)]
    desk.feeds[FEED] = desk.feeds[second] = feed(*items)  # the same ones in both
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["story-3", "story-2"]
    told = desk.told(digest_id)
    assert (told["lastNew"], told["lastLeftOut"], told["errorMessage"]) == (3, ["story-1"], None)
    desk.run(digest_id)
    again = desk.told(digest_id)
    assert (again["lastNew"], again["lastLeftOut"]) == (0, [])
    assert again["lastPodcastId"] == told["lastPodcastId"]


def test_pages_that_cannot_be_read_do_not_make_a_run_endless(desk: Desk) -> None:
    digest_id = desk.make()
    later = http_date(desk.now + timedelta(hours=1))
    desk.feeds[FEED] = feed(*((f"p{number}", later) for number in range(100)))
    asked: list[str] = []

    def refuse(url: str, _stop: Callable[[], bool]) -> Document:
        asked.append(url)
        raise Unreadable("refused", "The page asks for a password.")

    desk.digester._read_page = refuse
    desk.run(digest_id)
    assert len(asked) == 20
    assert desk.told(digest_id)["lastNew"] == 100


def test_a_fault_of_our_own_waits_for_the_next_run_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest_id = desk.make()
    desk.look(digest_id)
    desk.feeds[FEED] = feed(("news", http_date(desk.now + timedelta(hours=1))))
    with monkeypatch.context() as broken:
        broken.setattr(files, "put_text", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        desk.run(digest_id)
    assert desk.due() == []
    assert desk.told(digest_id)["errorMessage"] == "There is not enough free space."
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["news"]


def test_nobody_asks_feeds_for_somebody_who_is_gone(desk: Desk) -> None:
    digest_id = desk.make()
    desk.look(digest_id)
    desk.feeds[FEED] = feed(("news", http_date(desk.now + timedelta(hours=1))))
    owner = desk.digest(digest_id).user_id

    def is_active(value: bool) -> None:
        with desk.studio.context.database.write() as session:
            session.get_one(User, owner).is_active = value

    is_active(False)
    desk.run(digest_id)
    assert desk.due() == []
    is_active(True)
    assert desk.texts(digest_id) == []
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["news"]


def test_who_is_impatient_has_it_run_once(desk: Desk) -> None:
    digest_id = desk.make()
    runs = {desk.ask("POST", f"/{digest_id}/run").json()["nextRunAt"] for _ in range(3)}
    assert len(runs) == 1


def _entry(desk: Desk, link_id: int, title: str, item_id: int | None = None, **more: Any) -> None:
    with desk.studio.context.database.write() as session:
        moment = desk.now + timedelta(minutes=5)
        verdict = Verdict.DOWNLOADED if item_id else Verdict.LISTED
        values = {"verdict": verdict, "first_seen_at": moment, "published_at": moment, **more}
        session.add(
            LinkEntry(
                link_id=link_id,
                source_key=f"test {title}",
                url=f"https://media.example/{title}",
                url_digest=title[:32],
                title=title,
                item_id=item_id,
                **values,
            )
        )


def _link(desk: Desk, user_id: int) -> int:
    with desk.studio.context.database.write() as session:
        link = Link(user_id=user_id, url="https://media.example/c", site="media.example", name="A channel")
        session.add(link)
        session.flush()
        return link.id


def _item(desk: Desk, user_id: int, *, subtitles: str | None = None, description: str = "About ice.") -> int:
    root = desk.studio.context.settings.media_root
    root.mkdir(parents=True, exist_ok=True)
    name = f"talk-{bool(subtitles)}"
    held = [(f"{name}.mp3", "media", "audio/mpeg", b"sound")]
    if subtitles:
        held.append((f"{name}.vtt", "subtitle", "text/vtt", subtitles.encode()))
    item = Item(
        extractor="test", source_id=name, kind="audio", quality="audio", title="A talk", site="media.example",
        source_url="https://media.example/talk", size=5, description=description,
    )  # fmt: skip
    for position, (path, role, mime, content) in enumerate(held):
        (root / path).write_bytes(content)
        item.files.append(ItemFile(path=path, role=role, position=position, size=len(content), mime=mime))
    with desk.studio.context.database.write() as session:
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=user_id))
        return item.id


def test_followed_links_tell_by_subtitles_or_description(desk: Desk) -> None:
    me = desk.studio.client.get("/auth/me", headers=desk.studio.headers).json()["id"]
    settings = desk.studio.context.settings
    desk.studio.context.settings = settings.model_copy(update={"media_root": settings.data_dir / "media"})
    desk.studio.context.given = desk.studio.context.settings
    open_base(desk.studio.context)
    link_id = _link(desk, me)
    digest_id = desk.make(feedUrls=[], linkIds=[link_id])
    said = "WEBVTT\n\n00:01.000 --> 00:02.000\nIce floats on water.\n"
    desk.now += timedelta(seconds=1)
    _entry(desk, link_id, "with words", _item(desk, me, subtitles=said))
    _entry(desk, link_id, "without", _item(desk, me))
    _entry(desk, link_id, "only listed")
    _entry(desk, link_id, "not wanted", verdict=Verdict.SKIPPED)
    _entry(desk, link_id, "still comes", verdict=Verdict.WANTED)
    _entry(desk, link_id, "of last year", published_at=desk.now - timedelta(days=300))
    desk.run(digest_id)
    found = dict(desk.texts(digest_id))
    assert set(found) == {"with words", "without", "only listed"}
    assert "Ice floats on water." in found["with words"]
    assert "By A channel." in found["with words"]
    assert "About ice." in found["without"]
    desk.ask("PUT", f"/{digest_id}", json={"transcribe": True})
    with desk.studio.context.database.write() as session:
        (entry,) = session.query(LinkEntry).filter(LinkEntry.title == "without")
        entry.downloaded_at = desk.now + timedelta(minutes=1)
        entry.published_at = None
    desk.run(digest_id)
    assert desk.texts(digest_id) == [("without", "item")]
    # What somebody has thrown out of their library meanwhile stops nothing.
    with desk.studio.context.database.write() as session:
        session.query(Membership).filter(Membership.item_id == entry.item_id).delete()
        entry = session.get_one(LinkEntry, entry.id)
        entry.downloaded_at = desk.now + timedelta(minutes=1)
    desk.run(digest_id)
    assert [(title, text[:7]) for title, text in desk.texts(digest_id)] == [("without", "without")]


def test_a_page_that_does_not_answer_is_still_new_the_next_time(desk: Desk) -> None:
    digest_id = desk.make()
    address = "https://news.example/news"
    desk.feeds[FEED] = feed(("news", http_date(desk.now + timedelta(hours=1))))
    desk.pages[address] = BUSY
    desk.run(digest_id)
    assert desk.texts(digest_id) == []
    assert "Nobody answers" in desk.ask("GET", f"/{digest_id}").json()["errorMessage"]
    del desk.pages[address]
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["news"]
    newest = desk.ask("GET", f"/{digest_id}").json()["lastPodcastId"]
    desk.run(digest_id)
    assert desk.ask("GET", f"/{digest_id}").json()["lastPodcastId"] == newest


def test_a_quota_that_is_used_up_loses_nothing(desk: Desk) -> None:
    settings = desk.studio.context.settings
    digest_id = desk.make()
    desk.feeds[FEED] = feed(("news", http_date(desk.now + timedelta(hours=1))))
    desk.studio.finish(desk.studio.make(), seconds=600)
    desk.studio.context.settings = settings.model_copy(update={"podcast_minutes_a_month": 5})
    desk.run(digest_id)
    assert desk.texts(digest_id) == []
    assert "minutes" in desk.ask("GET", f"/{digest_id}").json()["errorMessage"]
    desk.studio.context.settings = settings
    desk.run(digest_id)
    assert [title for title, _ in desk.texts(digest_id)] == ["news"]


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({**NEW, "cronSchedule": "soon"}, ["body", "cronSchedule"]),
        ({**NEW, "timezone": "Berlin"}, ["body", "timezone"]),
        ({**NEW, "feedUrls": []}, ["body"]),
        ({**NEW, "feedUrls": [FEED, "ftp://x"]}, ["body", "feedUrls", 1, "url"]),
        ({**NEW, "linkIds": [999]}, ["body", "linkIds", 0]),
        ({**NEW, "maxEntries": 51}, ["body", "maxEntries"]),
        ({**NEW, "wishes": {"minutes": -1}}, ["body", "wishes", "minutes"]),
        ({**NEW, "wishes": {"templateId": "none"}}, ["body", "templateId"]),
    ],
)
def test_the_wrong_field_is_named(desk: Desk, body: dict[str, Any], loc: list[Any]) -> None:
    answer = desk.ask("POST", json=body)
    assert answer.status_code in (400, 422)
    told = answer.json()
    assert (told["errors"] if "errors" in told else told["detail"])[0]["loc"] == loc


def test_it_is_changed_run_and_deleted(desk: Desk, other: Studio) -> None:
    digest_id = desk.make()
    changed = desk.ask("PUT", f"/{digest_id}", json={"isEnabled": False, "name": "Other"}).json()
    assert (changed["nextRunAt"], changed["name"]) == (None, "Other")
    desk.ask("POST", f"/{digest_id}/run")
    desk.now += timedelta(seconds=5)
    assert [one.id for one in desk.due()] == [digest_id]
    desk.run(digest_id)
    assert desk.digest(digest_id).next_run_at is None
    refused = other.client.get(f"{DIGESTS}/{digest_id}", headers=other.headers)
    assert refused.status_code == 404
    assert [one["id"] for one in desk.ask("GET").json()] == [digest_id]
    assert desk.ask("DELETE", f"/{digest_id}").status_code == 200
    assert desk.ask("GET").json() == []
