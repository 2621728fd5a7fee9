"""From what happens to what a service hears: digests by a controlled clock, failures, pauses, crashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select

from magpie.accounts.models import User
from magpie.context import AppContext
from magpie.engine.port import DirectJob, Engine, JobParked, JobRef, JobState, Lane
from magpie.kit.clock import utcnow
from magpie.notifications import jobs, repository, service
from magpie.notifications.courier import Courier, Outcome
from magpie.notifications.delivery import INTERRUPTED, Delivery
from magpie.notifications.models import Happening, Notice, NotificationTarget
from tests.notifications.conftest import Services

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("warm_messengers")]


class Clock:
    """The time, as far as notifications know."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = datetime(2026, 5, 1, 12, 20, tzinfo=UTC)
        monkeypatch.setattr(service, "utcnow", self)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


class House:
    """A user with targets, and the machinery without an engine: jobs are done when they are handed over."""

    def __init__(self, context: AppContext, courier: Courier, clock: Clock) -> None:
        self.context, self.clock = context, clock
        self.delivery = Delivery(context, courier, now=clock)
        self.jobs: list[JobRef] = []
        self.lanes: set[Lane] = set()
        context.engine = cast(Engine, SimpleNamespace(enqueue=self._take))
        with context.database.write() as session:
            user = User(
                username="ada", username_key="ada", email="ada@example.com", email_key="ada@example.com",
                password_hash="-", created_at=utcnow(),
            )  # fmt: skip
            session.add(user)
            session.flush()
            self.user_id = user.id

    def _take(self, ref: JobRef, lane: Lane) -> None:
        self.jobs.append(ref)
        self.lanes.add(lane)

    def target(self, url: str, **values: Any) -> int:
        given = {"events": list(Happening), "name": "mine", "scheme": "json", **values}
        with self.context.database.write() as session:
            target = NotificationTarget(
                user_id=self.user_id, sealed_url=self.context.vault.seal(url), **given
            )
            session.add(target)
            session.flush()
            return target.id

    def tell(self, title: str, body: str = "Birds", event: Happening = Happening.NEW_ITEM) -> None:
        with self.context.database.write() as session:
            service.tell(self.context, session, self.user_id, event, title, body)

    def begin(self) -> JobRef:
        """The one delivery that is due, handed to the engine."""
        service.begin_due(self.context, self.clock())
        return self.jobs.pop()

    def turn(self) -> int:
        """What the ticker and the engine do; how many jobs there were."""
        service.begin_due(self.context, self.clock())
        waiting, self.jobs = self.jobs, []
        for ref in waiting:
            self.delivery.perform(DirectJob(ref))
        return len(waiting)

    def read(self, target_id: int) -> NotificationTarget:
        with self.context.database.read() as session:
            found = repository.get(session, target_id)
            assert found is not None
            return found

    def notices(self) -> list[Notice]:
        with self.context.database.read() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def house(context: AppContext, courier: Courier, clock: Clock) -> House:
    return House(context, courier, clock)


def test_at_once_and_what_follows_closely_in_one(house: House, services: Services, clock: Clock) -> None:
    target = house.target(services.url())
    house.tell("One")
    assert house.turn() == 1
    house.tell("Two")
    house.tell("Three")
    assert house.turn() == 0
    clock.pass_by(seconds=60)
    assert house.turn() == 1
    assert [heard.json["title"] for heard in services.heard] == ["New: One", "Magpie: 2 new items"]
    assert house.notices() == []
    assert house.read(target).last_sent_at == clock()
    assert house.lanes == {Lane.BACKGROUND}
    clock.pass_by(hours=1)
    assert house.turn() == 0


def test_digests_by_the_clock(house: House, services: Services, clock: Clock) -> None:
    """Five new items of two links within the hour are one message then, and one the next morning."""
    house.target(services.url("hour"), digest="hourly")
    house.target(services.url("day"), digest="daily")
    for number in range(5):
        house.tell(f"Film {number}", ("Birds", "Cats")[number % 2])
        clock.pass_by(minutes=5)
        assert house.turn() == 0
    clock.moment = datetime(2026, 5, 1, 13, 0, 1, tzinfo=UTC)
    assert house.turn() == 1
    clock.pass_by(hours=24)
    assert house.turn() == 1
    assert [heard.path for heard in services.heard] == ["/hour", "/day"]
    for heard in services.heard:
        assert heard.json["title"] == "Magpie: 5 new items"
        assert heard.json["message"].startswith(
            "Birds\n• Film 0\n• Film 2\n• Film 4\nCats\n• Film 1\n• Film 3"
        )
    assert house.notices() == []


def test_each_hears_of_what_it_wants(house: House, services: Services) -> None:
    house.target(services.url("new"), events=["new_item"])
    house.target(services.url("bad"), events=["failed", "needs_attention"])
    house.target(services.url("off"), is_enabled=False)
    house.tell("One")
    house.tell("Two", "The medium is private.", Happening.FAILED)
    assert house.turn() == 2
    assert sorted((heard.path, heard.json["title"]) for heard in services.heard) == [
        ("/bad", "Failed: Two"),
        ("/new", "New: One"),
    ]


def test_much_at_once_is_one_short_message(house: House, services: Services) -> None:
    house.target(services.url())
    with house.context.database.write() as session:
        for number in range(300):
            service.tell(house.context, session, house.user_id, Happening.NEW_ITEM, f"Film {number}", "Birds")
    house.turn()
    (heard,) = services.heard
    assert heard.json["title"] == "Magpie: 300 new items"
    assert "more" in heard.json["message"]
    assert house.notices() == []


def test_a_service_that_is_down_is_tried_again_and_told_all(
    house: House, services: Services, clock: Clock
) -> None:
    target = house.target(services.url())
    services.status = 500
    house.tell("One")
    house.turn()
    assert house.read(target).last_error == "The service answered 500 (Internal Server Error)."
    house.tell("Two")
    assert house.turn() == 0
    clock.pass_by(minutes=1)
    house.turn()
    clock.pass_by(minutes=1)
    assert house.turn() == 0
    clock.pass_by(minutes=4)
    services.status = 200
    house.turn()
    assert [heard.json["title"] for heard in services.heard][-1] == "Magpie: 2 new items"
    after = house.read(target)
    assert (after.failures, after.last_error, len(services.heard)) == (0, None, 3)


def test_a_wait_that_the_service_asks_for_is_kept(house: House, services: Services, clock: Clock) -> None:
    house.target(services.url())
    services.status = 429
    house.tell("One")
    house.turn()
    clock.pass_by(seconds=899)
    assert house.turn() == 0
    clock.pass_by(seconds=1)
    assert house.turn() == 1


@pytest.mark.parametrize(
    ("status", "failures"), [(500, service.MOST_FAILURES), (404, service.MOST_LASTING_FAILURES)]
)
def test_one_that_keeps_failing_is_paused(
    house: House, services: Services, clock: Clock, status: int, failures: int
) -> None:
    target = house.target(services.url())
    services.status = status
    house.tell("One")
    for _ in range(failures):
        assert house.turn() == 1
        clock.pass_by(hours=6)
    paused = house.read(target)
    assert paused.paused_at is not None
    assert str(status) in (paused.last_error or "")
    house.tell("Two")
    assert house.turn() == 0
    assert len(services.heard) == failures
    # Somebody has mended it: what waited is told.
    services.status = 200
    with house.context.database.write() as session:
        found = repository.lock(session, target)
        assert found is not None
        service.resume(found)
    assert house.turn() == 1
    assert services.heard[-1].json["title"] == "New: One"


def test_an_address_of_another_key_is_said_to_be(house: House, services: Services) -> None:
    target = house.target(services.url())
    with house.context.database.write() as session:
        session.get_one(NotificationTarget, target).sealed_url = "gAAAA-of-another-key"
    house.tell("One")
    house.turn()
    assert house.read(target).last_error == service.NOT_OPENED


class Dying:
    """A courier whose process dies: before the service hears of it, while it does, or after."""

    def __init__(self, when: str) -> None:
        self.when = when
        self.told = 0

    def send(self, *_: object, begin: Callable[[], None], **__: object) -> Outcome:
        if self.when == "before":
            raise KeyboardInterrupt
        begin()
        self.told += 1
        if self.when == "after":
            raise KeyboardInterrupt
        return Outcome()


@pytest.mark.parametrize(("when", "told"), [("before", 1), ("after", 1)])
def test_a_crash_tells_nothing_twice(house: House, services: Services, when: str, told: int) -> None:
    """`kill -9` before the service has heard: it is told. After it: not a second time."""
    target = house.target(services.url())
    house.tell("One")
    ref = house.begin()
    dying = Dying(when)
    with pytest.raises(KeyboardInterrupt):
        Delivery(house.context, cast(Courier, dying), now=house.clock).perform(DirectJob(ref))
    assert house.read(target).is_turn_open
    # The engine starts the job again.
    house.delivery.perform(DirectJob(ref, starts=2))
    assert dying.told + len(services.heard) == told
    assert house.notices() == []
    after = house.read(target)
    assert not after.is_turn_open
    assert after.last_error == (INTERRUPTED if when == "after" else None)
    house.tell("Two")
    house.clock.pass_by(minutes=1)
    assert house.turn() == 1
    assert services.heard[-1].json["title"] == "New: Two"


def test_two_workers_do_not_both_tell(house: House, services: Services) -> None:
    """One that was frozen wakes when the other has taken over."""
    house.target(services.url())
    house.tell("One")
    ref = house.begin()

    class Frozen(Dying):
        def send(self, *_: object, begin: Callable[[], None], **__: object) -> Outcome:
            house.delivery.perform(DirectJob(ref))
            return super().send(begin=begin)

    frozen = Frozen("never")
    Delivery(house.context, cast(Courier, frozen), now=house.clock).perform(DirectJob(ref))
    assert (frozen.told, len(services.heard)) == (0, 1)


def test_a_stop_puts_it_down_before_anything_is_said(house: House, services: Services) -> None:
    house.target(services.url())
    house.tell("One")
    ref = house.begin()
    job = DirectJob(ref)
    job.stopping.set()
    with pytest.raises(JobParked):
        house.delivery.perform(job)
    assert services.heard == []
    house.delivery.perform(DirectJob(ref))
    assert len(services.heard) == 1


def test_what_the_engine_has_forgotten_begins_anew(house: House, services: Services) -> None:
    registered: dict[str, Any] = {}
    engine = SimpleNamespace(
        register=lambda kind, *_, **__: registered.setdefault("kind", kind),
        reconcile=lambda source: registered.setdefault("source", source),
        every=lambda name, *_: registered.setdefault(name, True),
    )
    jobs.register(cast(Engine, engine), house.context, house.delivery)
    house.target(services.url())
    house.tell("One")
    lost = house.begin()
    source = registered["source"]
    assert [wanted.ref for wanted in source.pending(utcnow())] == [lost]
    source.ended(lost, JobState.FAILED)
    house.delivery.perform(DirectJob(lost))
    assert services.heard == []
    house.delivery.perform(DirectJob(house.jobs.pop()))
    assert len(services.heard) == 1
    house.delivery.give_up(lost)
    assert source.pending(utcnow()) == []
