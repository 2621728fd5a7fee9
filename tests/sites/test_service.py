"""How outcomes change a site's row, and which cookies are chosen: on both databases."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.audit.models import AuditRecord
from magpie.config import Settings
from magpie.context import AppContext, build_context
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.kit.clock import utcnow
from magpie.kit.crypto import Vault
from magpie.kit.errors import NotFound, RuleBroken
from magpie.preparation import prepare
from magpie.sites import cookies, jars, service
from magpie.sites.cookies import Choice, Mode, Use
from magpie.sites.models import CookieJar, SiteState
from magpie.sites.service import Outcome

SITE = "media.example"
URL = "https://media.example/film"
LIMITED = Outcome(Reason.RATE_LIMITED, retry_after=600)


@pytest.fixture
def context(database_url: str, tmp_path: Path) -> Iterator[AppContext]:
    made = build_context(Settings(data_dir=tmp_path / "data", database_url=database_url))
    prepare(made)
    yield made
    made.close()


def user(context: AppContext, name: str) -> Principal:
    with context.database.write() as session:
        row = User(username=name, username_key=name, password_hash="-", created_at=utcnow())
        session.add(row)
        session.flush()
        return Principal(row.id, name, False)


def report(context: AppContext, *outcomes: Outcome, site: str = SITE) -> None:
    for outcome in outcomes:
        with context.database.write() as session:
            service.report(context, session, site, outcome)


def rest_is_over(context: AppContext) -> None:
    with context.database.write() as session:
        session.execute(update(SiteState).values(open_until=utcnow() - timedelta(seconds=1)))
    for follower in context.site_changed:
        follower()


def test_a_limit_is_written_audited_told_and_heard_of_at_once(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(context.events, "publish", lambda events: told.extend(one.body for one in events))
    allowance = service.watch_circuits(context)
    assert allowance(SITE) is None
    report(context, LIMITED)
    assert (allowance(SITE), allowance("other.example")) == (0, None)
    with context.database.read() as session:
        until = service.rests_until(session, SITE)
        assert until is not None
        assert timedelta(seconds=590) < until - utcnow() <= timedelta(seconds=600)
        assert service.rests_until(session, "other.example") is None
        record = session.scalars(select(AuditRecord).where(AuditRecord.action == "site.open")).one()
        assert record.subject == f"site:{SITE}"
    assert [(one["type"], one["id"], one["status"]) for one in told] == [("site", SITE, "open")]
    rest_is_over(context)
    assert allowance(SITE) == 1
    report(context, Outcome())
    assert allowance(SITE) == 1
    report(context, Outcome())
    assert allowance(SITE) == 2
    report(context, *[Outcome()] * 6)
    assert allowance(SITE) is None
    assert [one["status"] for one in told] == ["open", "ramping", "closed"]


def test_what_goes_well_at_a_site_that_is_well_writes_nothing(context: AppContext) -> None:
    report(context, Outcome(), Outcome(Reason.NOT_FOUND), Outcome(Reason.NETWORK))
    with context.database.read() as session:
        assert service.states(session) == []


def test_another_process_knows_within_a_second(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("magpie.sites.service.time.monotonic", lambda: now)
    elsewhere = service.Allowance(context.database)
    assert elsewhere(SITE) is None
    report(context, LIMITED)
    now = service.FRESH_SECONDS + 0.1
    assert elsewhere(SITE) == 0


def test_a_person_ends_our_own_rests_and_not_those_that_the_site_asked_for(context: AppContext) -> None:
    ada = user(context, "ada")
    report(context, LIMITED)
    report(context, Outcome(Reason.BOT_CHECK), site="robot.example")
    allowance = service.watch_circuits(context)
    with context.database.write() as session:
        assert service.end_rest(context, session, ada, SITE) is False
        assert service.end_rest(context, session, ada, "robot.example") is True
        assert service.end_rest(context, session, ada, "well.example") is True
    assert (allowance(SITE), allowance("robot.example"), allowance("well.example")) == (0, 1, None)
    with context.database.write() as session:
        service.reset(context, session, ada, SITE)
        with pytest.raises(NotFound):
            service.reset(context, session, ada, "unknown.example")
    assert allowance(SITE) == 1


@dataclass
class Link:
    user_id: int
    sealed_cookies: str | None = None
    cookie_mode: str = "when_needed"


def given(context: AppContext, who: Principal, value: str, site: str = SITE, mode: str | None = None) -> None:
    with context.database.write() as session:
        jars.save(context, session, who, site, given={"session": value}, mode=mode)


def chosen(
    context: AppContext, user_id: int | None, link: Link | None = None, url: str = URL, site: str = SITE
) -> Choice | None:
    with context.database.read() as session:
        return cookies.choose(context, session, user_id=user_id, site=site, url=url, link=link)


def value_of(choice: Choice | None) -> str | None:
    return choice.jar.cookies[0].value if choice else None


def sealed(context: AppContext, value: str) -> str:
    return cookies.seal(context.vault, cookies.parse(f"session={value}", site=SITE, url=URL))


def test_the_links_own_win_over_the_users_and_those_over_the_households(context: AppContext) -> None:
    ada, grace = user(context, "ada"), user(context, "grace")
    household = {SITE: {"session": "household"}}
    context.settings = context.settings.model_copy(update={"site_cookies_json": json.dumps(household)})
    assert value_of(chosen(context, ada.id)) == "household"
    given(context, ada, "ada", mode="always")
    assert value_of(chosen(context, ada.id)) == "ada"
    assert value_of(chosen(context, grace.id)) == "household"
    assert value_of(chosen(context, None)) == "household"
    link = Link(ada.id, sealed(context, "link"))
    choice = chosen(context, ada.id, link)
    assert choice is not None
    assert (value_of(choice), choice.mode, choice.origin) == ("link", Mode.WHEN_NEEDED, "link")
    link.cookie_mode = "never"
    assert chosen(context, ada.id, link) is None


def test_nobody_gets_anothers(context: AppContext) -> None:
    ada, grace = user(context, "ada"), user(context, "grace")
    given(context, ada, "ada")
    assert chosen(context, grace.id) is None
    assert chosen(context, None) is None
    assert chosen(context, grace.id, Link(ada.id, sealed(context, "link"))) is None
    assert chosen(context, ada.id, url="https://elsewhere.example/") is None


def test_what_was_sealed_with_another_key_is_none(context: AppContext) -> None:
    ada = user(context, "ada")
    given(context, ada, "ada")
    with context.database.write() as session:
        session.execute(update(CookieJar).values(sealed=Vault("x" * 40).seal("# Netscape")))
    assert chosen(context, ada.id) is None
    assert chosen(context, ada.id, Link(ada.id, "damaged")) is None


@pytest.mark.parametrize("key", ["media.example", "www.media.example"])
def test_the_households_file_lies_below_its_folder_only(context: AppContext, key: str) -> None:
    folder = context.settings.data_dir / "cookies"
    folder.mkdir()
    line = ".media.example\tTRUE\t/\tTRUE\t0\tsession\t{}\n.elsewhere.example\tTRUE\t/\tTRUE\t0\tother\tx\n"
    (folder / "media.txt").write_text(line.format("inside"))
    (folder.parent / "outside.txt").write_text(line.format("outside"))

    def choose(entry: str) -> Choice | None:
        text = json.dumps({key: entry})
        context.settings = context.settings.model_copy(update={"site_cookies_json": text})
        return chosen(context, None)

    found = choose("cookies/media.txt")
    assert found is not None
    assert [one.value for one in found.jar.cookies] == ["inside"]
    assert value_of(choose("media.txt")) == "inside"
    for entry in ("../outside.txt", str(folder.parent / "outside.txt"), "cookies/nothing.txt"):
        assert choose(entry) is None


def test_when_needed_means_first_without_and_the_file_is_gone_afterwards(tmp_path: Path) -> None:
    jar = cookies.parse("session=abc", site=SITE)
    seen: list[str | None] = []

    def fetch(path: Path | None) -> str:
        seen.append(path.read_text() if path else None)
        if path is None:
            raise DownloadFailure(Reason.LOGIN_REQUIRED)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.parent == tmp_path
        return "saved"

    assert Use(Choice(jar, Mode.WHEN_NEEDED, "user"), tmp_path).run(fetch) == "saved"
    assert seen[0] is None
    assert "session\tabc" in (seen[1] or "")
    assert list(tmp_path.iterdir()) == []
    seen.clear()
    assert Use(Choice(jar, Mode.ALWAYS, "user"), tmp_path).run(fetch) == "saved"
    assert len(seen) == 1
    with pytest.raises(DownloadFailure):
        Use(None, tmp_path).run(fetch)


def test_a_use_tells_whether_the_cookies_were_needed(tmp_path: Path) -> None:
    jar = cookies.parse("session=abc", site=SITE)
    sent: list[bool] = []

    def use(choice: Choice | None, refusing: set[bool]) -> bool | None:
        """`refusing`: whether those with cookies, those without, or both are refused."""
        sent.clear()

        def fetch(path: Path | None) -> None:
            sent.append(path is not None)
            if sent[-1] in refusing:
                raise DownloadFailure(Reason.LOGIN_REQUIRED)

        used = Use(choice, tmp_path)
        with suppress(DownloadFailure):
            used.run(fetch)
        return used.needed

    careful = Choice(jar, Mode.WHEN_NEEDED, "user")
    warned = replace(careful, is_needed=True)
    assert (use(careful, {False}), sent) == (True, [False, True])
    assert (use(careful, set()), sent) == (False, [False])
    assert (use(careful, {True, False}), sent) == (False, [False, True])
    assert (use(warned, {False}), sent) == (None, [True])
    assert (use(warned, {True, False}), sent) == (False, [True])
    assert (use(Choice(jar, Mode.ALWAYS, "user"), {False}), sent) == (None, [True])
    assert (use(None, set()), sent) == (False, [False])


@pytest.mark.parametrize(("between_starts", "between_pages"), [(0, 0), (1, 0.75), (4, 3), (3600, 5)])
def test_pages_wait_for_less_long_than_starts(between_starts: float, between_pages: float) -> None:
    assert service.pause_between_pages(between_starts) == between_pages


@pytest.mark.parametrize("reason", [Reason.NOT_FOUND, Reason.RATE_LIMITED, Reason.NETWORK, Reason.NO_SPACE])
def test_what_no_login_mends_is_not_tried_again(tmp_path: Path, reason: Reason) -> None:
    tried = 0

    def fetch(_path: Path | None) -> None:
        nonlocal tried
        tried += 1
        raise DownloadFailure(reason, retry_after=5)

    jar = cookies.parse("session=abc", site=SITE)
    with pytest.raises(DownloadFailure) as caught:
        Use(Choice(jar, Mode.WHEN_NEEDED, "user"), tmp_path).run(fetch)
    assert (tried, caught.value.retry_after) == (1, 5)


def test_refused_cookies_are_noted_until_they_work_or_are_replaced(
    context: AppContext, tmp_path: Path
) -> None:
    ada = user(context, "ada")
    given(context, ada, "old")

    def use(reason: Reason | None, meanwhile: str | None = None) -> CookieJar:
        def fetch(path: Path | None) -> None:
            if reason is not None or path is None:
                raise DownloadFailure(reason or Reason.LOGIN_REQUIRED)

        attempt = Use(chosen(context, ada.id), tmp_path)
        try:
            attempt.run(fetch)
        except DownloadFailure:
            assert reason is not None
        if meanwhile:
            given(context, ada, meanwhile)
        with context.database.write() as session:
            attempt.note(session)
            row = jars.jar_of(session, ada, SITE)
            assert row is not None
            return row

    assert use(Reason.LOGIN_REQUIRED).refused_at is not None
    assert use(Reason.NETWORK).refused_at is not None
    assert use(None).refused_at is None
    assert use(Reason.LOGIN_REQUIRED, meanwhile="new").refused_at is None


def test_health() -> None:
    now = datetime.now(UTC)
    assert cookies.health_of(None, None) == "ok"
    assert cookies.health_of(now + timedelta(days=30), None) == "ok"
    assert cookies.health_of(now + timedelta(days=6), None) == "expires_soon"
    assert cookies.health_of(now + timedelta(days=6), now) == "refused"
    assert cookies.health_of(now - timedelta(seconds=1), now) == "expired"


@pytest.mark.parametrize(
    ("name", "site"),
    [("YouTube", "youtube"), ("www.youtube.com", "youtube"), ("https://youtu.be/x", "youtube"),
     ("Media.Example", "media.example"), ("127.0.0.1", "127.0.0.1")],
)  # fmt: skip
def test_a_site_by_whatever_name(name: str, site: str) -> None:
    assert jars.site_named(name) == site


@pytest.mark.parametrize("name", ["", "a b", "x" * 300, "[::1", "https://"])
def test_what_is_no_site(name: str) -> None:
    with pytest.raises(RuleBroken):
        jars.site_named(name)
