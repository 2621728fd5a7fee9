"""What a link does not keep goes, exactly once; what somebody else, another link or a person wants stays."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from magpie.accounts.principal import Principal
from magpie.audit.models import AuditRecord
from magpie.downloads import service as downloads
from magpie.downloads.models import Status
from magpie.engine.port import DirectJob
from magpie.kit.clock import utcnow
from magpie.kit.errors import NotFound
from magpie.library import service as library
from magpie.library.models import Item, Membership
from magpie.library.trash import service as trash
from magpie.links.checks.rules import Why
from magpie.links.models import LinkEntry, Verdict
from magpie.links.retention import plan, repository, service
from magpie.links.retention.jobs import Keeper
from tests.links.checks.support import Household
from tests.site.web import MediaWeb

pytestmark = [pytest.mark.database, pytest.mark.once]


def bring(house: Household, user: int, web: MediaWeb, name: str, items: int, **more: object) -> int:
    """A link whose media are all in the library."""
    web.channel(name, items)
    link_id = house.follow(user, web.url(f"/tube-channel/{name}"), **more)
    house.check(link_id)
    house.download(link_id)
    return link_id


def verdicts(house: Household, link_id: int) -> list[tuple[str, str | None]]:
    """Newest first."""
    return [(one.verdict, one.reason) for one in house.entries(link_id)]


def files(house: Household) -> set[Path]:
    root = house.workshop.filing.roots.present
    return {path for path in root.rglob("*.mp4") if ".magpie" not in path.parts}


def turn(house: Household, *, days: float = 0) -> None:
    Keeper(house.context, now=lambda: house.now + timedelta(days=days)).turn()


def items_of(house: Household, user: int) -> int:
    with house.context.database.read() as session:
        return len(session.scalars(select(Membership.id).where(Membership.user_id == user)).all())


KEPT = (Verdict.DOWNLOADED, None)
GONE = (Verdict.REMOVED, Why.RETENTION)


def test_the_newest_stay_and_nothing_comes_back(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = bring(house, ada, web, "lasting", 4)
    before = files(house)
    house.change(link_id, retention={"keep_last": 2})
    principal = Principal(ada, "ada", False)
    with house.context.database.read() as session:
        tried = service.try_retention(session, principal, link_id, None)
        wider = service.try_retention(session, principal, link_id, {"keep_last": 3})
        with pytest.raises(NotFound):
            service.try_retention(session, Principal(ada + 1000, "eve", False), link_id, None)
    assert (tried.held, tried.count, wider.count) == (4, 2, 1)
    assert tried.size == tried.freed == sum(one.held.size for one in tried.samples) > 0
    assert files(house) == before

    turn(house)
    assert verdicts(house, link_id) == [KEPT, KEPT, GONE, GONE]
    assert all(
        entry.item_id is None and "newest 2" in (entry.detail or "") for entry in house.entries(link_id)[2:]
    )
    assert len(before) - len(files(house)) == 2
    with house.context.database.read() as session:
        query = select(AuditRecord).where(AuditRecord.action == "link.retention")
        records = session.scalars(query.where(AuditRecord.subject == f"link:{link_id}")).all()
    assert [record.details["count"] for record in records] == [2]

    asked = web.count("/tube-api/*")
    turn(house)
    house.check(link_id)
    assert house.download(link_id) == 0
    assert web.count("/tube-api/*") == asked
    web.channel("lasting").add("Fresh")
    house.check(link_id)
    assert house.download(link_id) == 1
    turn(house)
    assert verdicts(house, link_id) == [KEPT, KEPT, GONE, GONE, GONE]


def test_what_would_go_at_once_is_not_fetched(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = bring(house, ada, web, "surplus", 8, retention={"keep_last": 3})
    left_out = (Verdict.SKIPPED, Why.RETENTION)
    assert verdicts(house, link_id) == [KEPT] * 3 + [left_out] * 5
    house.change(link_id, retention={"keep_last": 5})
    assert house.download(link_id) == 2
    assert verdicts(house, link_id) == [KEPT] * 5 + [left_out] * 3
    house.change(link_id, retention={})
    assert house.download(link_id) == 3
    assert verdicts(house, link_id) == [KEPT] * 8


def test_days_count_from_the_download(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = bring(house, ada, web, "aged", 2, retention={"keep_days": 30})
    turn(house, days=20)
    assert verdicts(house, link_id) == [KEPT, KEPT]
    turn(house, days=40)
    assert verdicts(house, link_id) == [GONE, GONE]


def test_what_is_pinned_or_asked_for_by_a_person_stays(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = bring(house, ada, web, "dear", 4)
    newest, pinned, asked, plain = house.entries(link_id)
    assert pinned.item_id is not None
    principal = Principal(ada, "ada", False)
    with house.context.database.write() as session:
        library.pin(session, principal, pinned.item_id, pinned=True)
    with house.context.database.write() as session:
        download = downloads.ask_for(house.context, session, principal, downloads.Wanted(asked.url))
        session.flush()
        job = DirectJob(downloads.job_of(download, house.context.job_epoch(session)))
        number = download.id
    house.workshop.perform(job, attempts=1)
    with house.context.database.read() as session:
        assert downloads.get(session, principal, number).status == Status.SKIPPED
    house.change(link_id, retention={"keep_last": 1})
    turn(house)
    assert verdicts(house, link_id) == [KEPT, KEPT, KEPT, GONE]
    with house.context.database.write() as session:
        library.pin(session, principal, pinned.item_id, pinned=False)
    turn(house)
    assert verdicts(house, link_id) == [KEPT, GONE, KEPT, GONE]
    assert [newest.id, plain.id] == [house.entries(link_id)[0].id, house.entries(link_id)[3].id]


def test_what_another_user_has_keeps_its_file(house: Household, ada: int, bob: int, web: MediaWeb) -> None:
    mine = bring(house, ada, web, "shared", 1)
    theirs = bring(house, bob, web, "shared", 1)
    before, count = files(house), items_of(house, bob)
    house.change(mine, retention={"keep_days": 1})
    turn(house, days=2)
    assert (verdicts(house, mine), verdicts(house, theirs)) == ([GONE], [KEPT])
    assert (files(house), items_of(house, bob)) == (before, count)
    house.change(theirs, retention={"keep_days": 1})
    turn(house, days=2)
    assert len(before) - len(files(house)) == 1


def test_what_two_links_hold_goes_with_the_second(house: Household, ada: int, web: MediaWeb) -> None:
    first = bring(house, ada, web, "twice", 1)
    again = house.follow(ada, web.url("/tube-channel/twice?again"))
    house.check(again)
    assert verdicts(house, again) == [(Verdict.SKIPPED, Why.ARCHIVE)]
    before, count = files(house), items_of(house, ada)
    house.change(first, retention={"keep_days": 1})
    turn(house, days=2)
    assert verdicts(house, first) == [GONE]
    assert (files(house), items_of(house, ada)) == (before, count)
    house.change(again, retention={"keep_days": 1})
    turn(house, days=2)
    assert verdicts(house, again) == [GONE]
    assert items_of(house, ada) == count - 1


def test_what_a_person_deletes_is_not_in_the_library_any_more(
    house: Household, ada: int, web: MediaWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn looks through a span of all entries, however many there are, and the next one goes on."""
    link_id = bring(house, ada, web, "deleted", 2)
    keeper, items = Keeper(house.context), {one.id: one.item_id or 0 for one in house.entries(link_id)}
    monkeypatch.setattr(repository, "SPAN", 2)
    for count, entry_id in enumerate(
        sorted(items, reverse=True), start=1
    ):  # the first one in a round of its own
        with house.context.database.write() as session:
            library.remove_item(
                session, Principal(ada, "ada", False), items[entry_id], afterwards=lambda: None
            )
        for _ in range(max(items)):
            keeper.turn()
            if verdicts(house, link_id).count((Verdict.REMOVED, Why.PERSON)) == count:
                break
        assert verdicts(house, link_id).count((Verdict.REMOVED, Why.PERSON)) == count
    house.check(link_id)
    assert house.download(link_id) == 0


def test_what_lies_in_the_trash_is_not_counted_and_belongs_to_its_link_when_it_comes_back(
    house: Household, ada: int, web: MediaWeb
) -> None:
    link_id, principal = bring(house, ada, web, "thrown", 3), Principal(ada, "ada", False)
    newest = house.entries(link_id)[0].item_id
    assert newest is not None
    with house.context.database.write() as session:
        trash.throw(session, principal, [newest])
    house.change(link_id, retention={"keep_last": 2})
    turn(house)
    assert verdicts(house, link_id) == [KEPT] * 3
    with house.context.database.write() as session:
        assert trash.restore(session, principal, [newest])
    turn(house)
    assert verdicts(house, link_id) == [KEPT, KEPT, GONE]
    assert house.entries(link_id)[0].item_id == newest
    with house.context.database.write() as session:
        trash.throw(session, principal, [newest])
    trash.purge(house.context, utcnow() + timedelta(days=15))
    turn(house)
    assert verdicts(house, link_id) == [(Verdict.REMOVED, Why.PERSON), KEPT, GONE]


def test_a_disk_that_cannot_be_written_to_gives_the_file_up_later(
    house: Household, ada: int, web: MediaWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_id = bring(house, ada, web, "readonly", 1, retention={"keep_days": 1})
    house.workshop.filing.recover(library.DELETED, 0)  # what other tests have left to be taken away
    before = files(house)

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("magpie.library.filing.discard", refuse)
        turn(house, days=2)
    assert verdicts(house, link_id) == [GONE]
    assert files(house) == before
    house.workshop.filing.recover(library.DELETED, 0)  # as every hour
    assert len(before) - len(files(house)) == 1


def test_a_pin_in_the_last_moment_is_heard(
    house: Household, ada: int, web: MediaWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_id = bring(house, ada, web, "moment", 2, retention={})
    older = house.entries(link_id)[1]
    house.change(link_id, retention={"keep_last": 1})

    def and_pin(*arguments: object) -> object:
        doomed = plan.going(*arguments)  # type: ignore[arg-type]
        with house.context.database.write() as session:
            session.execute(update(Membership).where(Membership.item_id == older.item_id).values(pinned=True))
        return doomed

    monkeypatch.setattr(service, "going", and_pin)
    assert service.apply(house.context, link_id, house.now) == 0
    assert verdicts(house, link_id) == [KEPT, KEPT]


def test_a_better_quality_takes_the_place_of_the_first(house: Household, ada: int, web: MediaWeb) -> None:
    web.tube.early.add("early-1")
    link_id = bring(house, ada, web, "early", 1, retention={"upgrade_after_days": 7})
    entry = house.entries(link_id)[0]
    with house.context.database.write() as session:
        item = session.get_one(Item, entry.item_id)
        assert (item.files[0].height, item.extra["offered_height"]) == (72, 72)
        old = item.files[0].path
        library.pin(session, Principal(ada, "ada", False), item.id, pinned=True)
    web.tube.early.discard("early-1")
    turn(house, days=6)
    assert house.download(link_id) == 0
    turn(house, days=8)
    assert house.download(link_id) == 1
    changed = house.entries(link_id)[0]
    assert (changed.item_id, changed.verdict) == (entry.item_id, Verdict.DOWNLOADED)
    assert changed.upgraded_at is not None
    with house.context.database.read() as session:
        item = session.get_one(Item, entry.item_id)
        member = session.scalars(select(Membership).where(Membership.item_id == item.id)).one()
        root = house.workshop.filing.roots.present
        assert (item.files[0].height, member.pinned) == (360, True)
        assert house.workshop.filing.is_whole(item)
        assert item.files[0].path == old
        copies = (root / old).parent.glob(f"{Path(old).stem}*")
        assert sorted(path.name for path in copies) == [Path(old).name]
    turn(house, days=30)
    assert house.download(link_id) == 0


def test_nothing_better_or_a_failure_leaves_the_first(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = bring(house, ada, web, "same", 2, retention={"upgrade_after_days": 1})
    held = [entry.item_id for entry in house.entries(link_id)]
    before = files(house)
    with house.context.database.write() as session:
        failing = house.entries(link_id)[0]
        url = web.url("/tube/error-removed")
        session.execute(update(LinkEntry).where(LinkEntry.id == failing.id).values(url=url))
    turn(house, days=2)
    assert house.download(link_id) == 2
    first, second = house.entries(link_id)
    assert [first.item_id, second.item_id] == held
    assert verdicts(house, link_id) == [KEPT, KEPT]
    assert "removed" in (first.detail or "")
    assert "no better quality" in (second.detail or "")
    assert files(house) == before


def test_a_copy_of_another_profile_is_not_replaced_and_says_so(
    house: Household, ada: int, web: MediaWeb
) -> None:
    link_id = bring(house, ada, web, "tuned", 1, retention={"upgrade_after_days": 1})
    before = files(house)
    house.change(link_id, profile="audio")
    turn(house, days=2)
    assert house.download(link_id) == 1
    assert verdicts(house, link_id) == [KEPT]
    assert "another profile" in (house.entries(link_id)[0].detail or "")
    assert files(house) == before


def test_an_upgrade_brings_back_nothing_that_was_deleted(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = bring(house, ada, web, "unwanted", 1, retention={"upgrade_after_days": 1})
    item_id = house.entries(link_id)[0].item_id
    assert item_id is not None
    turn(house, days=2)
    with house.context.database.write() as session:
        library.remove_item(session, Principal(ada, "ada", False), item_id, afterwards=lambda: None)
    count = items_of(house, ada)
    assert house.download(link_id) == 1
    assert items_of(house, ada) == count
