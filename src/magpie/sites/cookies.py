"""Which cookies go with a request, and how: never more than the site's, and never another user's."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

import structlog
from cryptography.fernet import InvalidToken

from magpie.config import Settings
from magpie.context import AppContext
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.sites import site_of
from magpie.kit.clock import utcnow
from magpie.kit.crypto import Vault
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import RuleBroken
from magpie.kit.paths import below
from magpie.plugins import plugins
from magpie.sites import formats, repository
from magpie.sites.jar import Jar
from magpie.sites.models import CookieJar
from magpie.sites.settings import site_cookies

log = structlog.get_logger(__name__)
T = TypeVar("T")

FILE = ".cookies.txt"
FOLDER = "cookies"  # of the data folder: where the household's cookie files lie
SOON = timedelta(days=7)
# What a login may mend.
MENDED = frozenset(
    {
        Reason.LOGIN_REQUIRED,
        Reason.AGE_GATED,
        Reason.MEMBERS_ONLY,
        Reason.PRIVATE,
        Reason.BOT_CHECK,
        Reason.FORBIDDEN,
    }
)
# What a site says to cookies by which nobody is signed in.
_REFUSED = frozenset({Reason.LOGIN_REQUIRED, Reason.AGE_GATED})


class Mode(StrEnum):
    """When cookies are sent. `when_needed`: once the site has said that it does not go without."""

    NEVER = "never"
    WHEN_NEEDED = "when_needed"
    ALWAYS = "always"


class Health(StrEnum):
    """How cookies are, as far as anybody can tell."""

    OK = "ok"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    REFUSED = "refused"  # the site still wanted a login with them


class HasCookies(Protocol):
    """A followed link."""

    @property
    def user_id(self) -> int: ...
    @property
    def sealed_cookies(self) -> str | None: ...
    @property
    def cookie_mode(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """The cookies for one request. `jar_id`: the row of a user's own, whose health is kept. `is_needed`: it is known
    that the site wants them, so that a request without would be one for nothing."""

    jar: Jar = field(repr=False)
    mode: Mode
    origin: str  # link | user | household
    jar_id: int | None = None
    stamp: datetime | None = None  # which state of that row
    is_needed: bool = False


def parse(text: str, *, site: str, url: str | None = None) -> Jar:
    """The cookies of a site in what somebody gave, as a Netscape file, JSON or a header; see `formats.parse`.

    `url`: what they are for, if known: cookies without a domain are sent to http only where it is http. Raises
    `RuleBroken`, which repeats nothing of the text.
    """
    known = plugins().sites
    secure = url.startswith("https:") if url else any(one.name == site for one in known)
    return formats.parse(text, site=site, sites=known, secure=secure)


def seal(vault: Vault, jar: Jar) -> str:
    """For a column."""
    return vault.seal(jar.text())


def unseal(vault: Vault, sealed: str, *, site: str) -> Jar | None:
    """What `seal` made, only what is the site's; None if it was sealed with another key, or nothing is left."""
    try:
        return parse(vault.open(sealed), site=site)
    except (InvalidToken, RuleBroken) as error:
        log.warning("cookies_not_usable", site=site, error=type(error).__name__)
        return None


def health_of(expires_at: datetime | None, refused_at: datetime | None) -> Health:
    now = utcnow()
    if expires_at is not None and expires_at <= now:
        return Health.EXPIRED
    if refused_at is not None:
        return Health.REFUSED
    return Health.EXPIRES_SOON if expires_at is not None and expires_at <= now + SOON else Health.OK


def choose(
    context: AppContext,
    session: ReadSession,
    *,
    user_id: int | None,
    site: str,
    url: str,
    link: HasCookies | None = None,
) -> Choice | None:
    """The cookies for a request of this user's: the link's own, else the user's for the site, else the household's.

    None where there are none, or where they are never to be sent. A link of another user's counts as none.
    """
    if site_of(url, plugins().sites) != site:
        return None
    if link is not None and link.user_id != user_id:
        link = None
    if link is not None and link.cookie_mode == Mode.NEVER:
        return None
    found = (
        _of_link(context, link, site)
        or _of_user(context, session, user_id, site)
        or _of_household(context, site)
    )
    if found is None or found.mode is Mode.NEVER:
        return None
    always = link is not None and link.cookie_mode == Mode.ALWAYS
    return replace(found, mode=Mode.ALWAYS) if always else found


def choose_for(
    context: AppContext,
    session: ReadSession,
    *,
    user_id: int | None,
    site: str,
    url: str,
    link_id: int | None,
) -> Choice | None:
    """As `choose`, for a link that is known by its id."""
    link = repository.link_of(session, link_id) if link_id is not None else None
    return choose(context, session, user_id=user_id, site=site, url=url, link=link)


def _of_link(context: AppContext, link: HasCookies | None, site: str) -> Choice | None:
    if link is None or not link.sealed_cookies:
        return None
    jar = unseal(context.vault, link.sealed_cookies, site=site)
    return Choice(jar, Mode(link.cookie_mode), "link") if jar else None


def _of_user(context: AppContext, session: ReadSession, user_id: int | None, site: str) -> Choice | None:
    row = repository.jar_of(session, user_id, site) if user_id is not None else None
    jar = unseal(context.vault, row.sealed, site=site) if row else None
    return Choice(jar, Mode(row.mode), "user", row.id, row.updated_at) if row and jar else None


def _of_household(context: AppContext, site: str) -> Choice | None:
    """What the setting `site_cookies_json` names for the site, by its name or by one of its hosts."""
    entries = site_cookies(context.settings.site_cookies_json)
    known = plugins().sites
    name = site if site in entries else next((key for key in entries if _names(key, site)), None)
    if name is None:
        return None
    try:
        jar = formats.parse(_text_of(context.settings, entries[name]), site=site, sites=known)
    except (RuleBroken, OSError, ValueError) as error:
        log.warning("household_cookies_not_usable", site=site, error=str(error) or type(error).__name__)
        return None
    return Choice(jar, Mode.WHEN_NEEDED, "household")


def _names(key: str, site: str) -> bool:
    try:
        return site_of(f"https://{key.lstrip('.')}/", plugins().sites) == site
    except ValueError:
        return False


def _text_of(settings: Settings, entry: Any) -> str:
    """The cookies of an entry, or of the file below `cookies/` that it names. Raises `OSError` and `ValueError`."""
    if not isinstance(entry, str):
        return json.dumps(entry)
    if "=" in entry or "\t" in entry or entry.lstrip()[:1] in ("{", "["):
        return entry
    path = below(settings.data_dir / FOLDER, entry.removeprefix(f"{FOLDER}/"))
    with path.open(encoding="utf-8") as file:
        return file.read(formats.MAX_TEXT + 1)


@contextmanager
def written(choice: Choice, folder: Path) -> Iterator[Path]:
    """The cookies in a file (mode 0600) in the job's private folder, gone at the end."""
    path = folder / FILE
    path.unlink(missing_ok=True)  # of an attempt whose process died
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(choice.jar.fresh(utcnow()).text())
        yield path
    finally:
        path.unlink(missing_ok=True)


class Use:
    """The cookies of one attempt: with them, without, or first without and then with."""

    def __init__(self, choice: Choice | None, folder: Path) -> None:
        """`folder`: the job's private one."""
        self._choice = choice if choice and choice.jar.fresh(utcnow()).cookies else None
        self._expired = choice is not None and self._choice is None
        self._folder = folder
        self._used = False
        self._refused: bool | None = None  # None: nothing is known
        self.needed: bool | None = None  # what `run` has found out about that; None: nothing

    def run(self, fetch: Callable[[Path | None], T]) -> T:
        """Call `fetch` with the cookies' file, without, or both. Raises what it raises; a failure that cookies could
        have mended says what became of them."""
        choice = self._choice
        if choice is None or not (choice.mode is Mode.ALWAYS or choice.is_needed):
            try:
                result = fetch(None)
            except DownloadFailure as failure:
                if failure.reason not in MENDED or not (choice or self._expired):
                    raise
                if choice is None:
                    raise _with_word(failure, "the cookies that were given have expired") from failure
                log.info("cookies_needed", reason=failure.reason.value, origin=choice.origin)
            else:
                self.needed = False
                return result
        result = self._run_with(choice, fetch)
        if not (choice.mode is Mode.ALWAYS or choice.is_needed):
            self.needed = True
        return result

    def _run_with(self, choice: Choice, fetch: Callable[[Path | None], T]) -> T:
        with written(choice, self._folder) as path:
            self._used = True
            try:
                result = fetch(path)
            except DownloadFailure as failure:
                self._refused = failure.reason in _REFUSED or None
                if failure.reason in MENDED:
                    self.needed = False  # they do not help
                    raise _with_word(failure, "with the cookies that were given, too") from failure
                raise
            self._refused = False
            return result

    def note(self, session: WriteSession) -> None:
        """Keep what this attempt has shown of a user's own cookies, in the unit of work that settles it."""
        choice = self._choice
        if choice is None or choice.jar_id is None or not self._used:
            return
        row = session.get(CookieJar, choice.jar_id)
        if row is None or row.updated_at != choice.stamp:  # other cookies by now
            return
        row.last_used_at = utcnow()
        if self._refused is not None:
            row.refused_at = (row.refused_at or utcnow()) if self._refused else None


def _with_word(failure: DownloadFailure, word: str) -> DownloadFailure:
    detail = f"{failure.detail}; {word}" if failure.detail else word
    return DownloadFailure(failure.reason, detail, retry_after=failure.retry_after)
