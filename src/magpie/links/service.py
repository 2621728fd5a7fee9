"""The rules of links: what is followed, for whom, and what goes with it when it goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.addresses import clean_address
from magpie.downloads.failures import DIAGNOSES, Reason
from magpie.downloads.sites import site_of
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, RuleBroken
from magpie.library import service as library
from magpie.links import repository
from magpie.links.addresses import address_key
from magpie.links.checks import service as checks
from magpie.links.models import Link, LinkStatus
from magpie.links.recognise import recognise
from magpie.links.repository import Choice
from magpie.links.schemas import (
    BulkAnswer,
    BulkResult,
    LinkCreate,
    LinksCreate,
    LinkSettings,
    LinkUpdate,
    NamedAddress,
    one_line,
)
from magpie.plugins import plugins
from magpie.profiles import service as profiles
from magpie.sites import cookies

__all__ = ["Choice", "Link", "Mode", "create", "get", "page", "remove", "trigger", "update"]

Mode = checks.Mode

# What is taken as it is; the rest has rules of its own.
_PLAIN = ("is_enabled", "download_automatically", "cookie_mode")
_NULLABLE = ("interval_minutes", "max_interval_minutes")
# How links of these types are saved, unless somebody says otherwise.
_DEFAULT_PROFILES = {"generic_audio": "audio", "pixiv_user": "gallery"}
# What was learnt about an address, and is worth nothing for another one.
_LEARNT = (
    "feed_url",
    "feed_etag",
    "feed_modified",
    "feed_rests_until",
    "cookies_needed_at",
    "extractor",
    "last_listed_at",
    "last_full_at",
    "backfill_from",
    "new_per_day",
    "source_title",
    "source_description",
    "picture_url",
    "died_at",
    "reason",
    "error_message",
)


def status_of(link: Link, busy: dict[int, bool]) -> str:
    """What the link is doing, with the downloads that run for it: `busy` says whether one of them records."""
    if link.status == LinkStatus.CHECKING or link.id not in busy:
        return link.status
    return LinkStatus.RECORDING if busy[link.id] else LinkStatus.DOWNLOADING


def busy_links(session: ReadSession) -> dict[int, bool]:
    """The links whose downloads run, and whether one of those is a recording."""
    return downloads.running_of_links(session)


def hint_of(link: Link) -> str | None:
    """What to do about the link's reason."""
    try:
        return DIAGNOSES[Reason(link.reason)].hint if link.reason else None
    except ValueError:
        return None


def page(
    session: ReadSession, principal: Principal, choice: Choice, *, sort: str, skip: int, limit: int
) -> tuple[list[Link], int, dict[int, bool]]:
    """A page of links, how many there are in all, and what runs for them (as `busy_links`)."""
    busy = busy_links(session)
    links, total = repository.page(session, principal, choice, busy, sort=sort, skip=skip, limit=limit)
    return links, total, busy


def get(session: ReadSession, principal: Principal, link_id: int) -> Link:
    """Raises `NotFound` for what is not there or not the caller's."""
    return owned(repository.get(session, link_id), principal)


def lock(session: WriteSession, principal: Principal, link_id: int) -> Link:
    """As `get`, and nobody else changes the link until the unit of work ends."""
    return owned(repository.lock(session, link_id), principal)


def create(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    wanted: LinkCreate,
    *,
    recognised: str | None = None,
) -> Link:
    """Follow a source, and look at it at once. `recognised`: its type, where somebody has looked already.

    Raises `Conflict` that names the link that is there already, `RuleBroken` for what cannot be used.
    """
    known = repository.by_keys(session, principal.id, [address_key(wanted.url)])
    for link in known.values():
        raise Conflict(_followed(link))
    link = _made(context, session, principal, wanted, recognised)
    try:
        repository.add(session, link)
    except IntegrityError:
        raise Conflict("This address has just been added: look at your links") from None
    checks.begin_following(context, session, link)
    _note(session, principal, "create", link, url=link.url, type=link.type)
    return link


def _followed(link: Link) -> str:
    return f'This is followed already, as "{link.name}" (link {link.id})'


def _made(
    context: AppContext,
    session: ReadSession,
    principal: Principal,
    wanted: LinkCreate,
    recognised: str | None,
) -> Link:
    told = recognise(wanted.url)
    name = one_line(wanted.name or "")
    link = Link(
        user_id=principal.id,
        url=wanted.url,
        site=site_of(wanted.url, plugins().sites),
        name=name or told.name,
        has_own_name=bool(name),
        type=told.type or recognised or "auto",
        feed_url=wanted.feed_url,
        tags=[],
        is_enabled=True,
    )
    _apply(context, session, link, wanted)
    link.profile = link.profile or _DEFAULT_PROFILES.get(link.type, profiles.DEFAULT)
    return link


def _apply(context: AppContext, session: ReadSession, link: Link, wanted: LinkSettings) -> None:
    """Take what was said; null means the same as never said, where there is no other meaning."""
    said = wanted.model_fields_set
    for name in _PLAIN:
        value = getattr(wanted, name)
        if value is not None:
            setattr(link, name, value)
    for name in _NULLABLE:
        if name in said:
            setattr(link, name, getattr(wanted, name))
    low, high = link.interval_minutes, link.max_interval_minutes
    if low is not None and high is not None and high < low:
        raise RuleBroken("the longest interval is shorter than the interval", "body", "max_interval_minutes")
    if wanted.type is not None and wanted.type != "auto":
        link.type = wanted.type
    if wanted.profile is not None:
        link.profile = profiles.check(session, link.user_id, wanted.profile)
    _apply_clearable(context, link, wanted, said)


def _apply_clearable(context: AppContext, link: Link, wanted: LinkSettings, said: set[str]) -> None:
    """What null clears."""
    if "filters" in said:
        link.filters = _stored(wanted.filters)
    if "retention" in said:
        link.retention = _stored(wanted.retention)
    if "tags" in said:
        link.tags = list(wanted.tags or [])
    if "cookies" in said:
        link.sealed_cookies = _sealed(context, link, wanted.cookies)
    if {"cookies", "cookie_mode"} & said:
        link.cookies_needed_at = None


def _sealed(context: AppContext, link: Link, text: str | None) -> str | None:
    """Raises `RuleBroken` for what holds no cookies of the link's site."""
    if not text:
        return None
    return cookies.seal(context.vault, cookies.parse(text, site=link.site, url=link.url))


def _stored(rules: BaseModel | None) -> dict[str, Any]:
    return rules.model_dump(mode="json", exclude_none=True) if rules else {}


def create_several(
    context: AppContext, session: WriteSession, principal: Principal, wanted: LinksCreate
) -> BulkAnswer:
    """Follow several sources alike; every address gets an answer of its own."""
    shared = wanted.model_dump(exclude={"urls"}, exclude_unset=True)
    results = []
    for one in wanted.urls:
        said = {**shared, **({"name": one.name} if isinstance(one, NamedAddress) else {})}
        text = one.url if isinstance(one, NamedAddress) else one
        results.append(add_one(context, session, principal, text, said))
    return BulkAnswer(added=sum(one.status == "added" for one in results), results=results)


def add_one(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    text: str,
    said: dict[str, Any],
) -> BulkResult:
    """Follow one of several sources, with what was `said` of it (fields of `LinkCreate`).

    What stands in the way is told and stops nothing.
    """
    try:
        url = clean_address(text)
        known = repository.by_keys(session, principal.id, [address_key(url)])
        for link in known.values():
            return BulkResult(url=url, status="exists", link_id=link.id, name=link.name)
        link = create(context, session, principal, LinkCreate(**{**said, "url": url}))
    except ValueError as error:  # pydantic's too
        return BulkResult(url=text, status="refused", message=plain(error))
    except (RuleBroken, Conflict) as error:
        return BulkResult(url=text, status="refused", message=str(error))
    return BulkResult(url=url, status="added", link_id=link.id, name=link.name)


def plain(error: ValueError) -> str:
    """What a person is told of it, pydantic's errors included."""
    faults: Any = getattr(error, "errors", None)
    text = str(faults()[0].get("msg", "")) if callable(faults) else str(error)
    return text.removeprefix("Value error, ")


def update(
    context: AppContext, session: WriteSession, principal: Principal, link_id: int, changes: LinkUpdate
) -> Link:
    """Change what `changes` names. Raises `NotFound`, `Conflict` for an address that is followed already."""
    link = lock(session, principal, link_id)
    was_enabled = link.is_enabled
    moved = changes.url is not None and changes.url != link.url
    if moved and changes.url is not None:
        _move(context, session, link, changes.url)
    if "name" in changes.model_fields_set:
        name = one_line(changes.name or "")
        link.name = name or link.source_title or recognise(link.url).name
        link.has_own_name = bool(name)
    if "feed_url" in changes.model_fields_set:
        _set_feed(link, changes.feed_url)
    if changes.type == "auto":
        link.type = recognise(link.url).type or "auto"
    _apply(context, session, link, changes)
    link.updated_at = utcnow()
    checks.changed(context, session, link, changes.model_fields_set)
    if was_enabled and not link.is_enabled:
        checks.stop(context, session, link)
    elif link.is_enabled and (moved or not was_enabled):
        link.died_at = None
        checks.request(context, session, link, checks.Mode.CHECK, now=True)
    session.flush()
    _note(session, principal, "update", link, fields=sorted(changes.model_fields_set))
    return link


def _move(context: AppContext, session: WriteSession, link: Link, url: str) -> None:
    key = address_key(url)
    for other in repository.by_keys(session, link.user_id, [key]).values():
        if other.id != link.id:
            raise Conflict(_followed(other))
    if key != link.url_key:
        # What a running check learns is about the former address.
        checks.withdraw(context, session, link)
        _drop_picture(context, session, link)
        for name in _LEARNT:
            setattr(link, name, None)
        link.feed_failures = 0
        link.type = recognise(url).type or "auto"
    link.url = url
    link.site = site_of(url, plugins().sites)


def _set_feed(link: Link, url: str | None) -> None:
    link.feed_url = url
    link.feed_etag = link.feed_modified = link.feed_rests_until = None
    link.feed_failures = 0


def trigger(
    context: AppContext, session: WriteSession, principal: Principal, link_id: int, mode: checks.Mode
) -> Link:
    """Have the link checked now, also if it is disabled or was given up."""
    link = lock(session, principal, link_id)
    checks.request(context, session, link, mode, now=True)
    if mode is checks.Mode.DOWNLOAD:
        checks.wake(context, session, link)
    _note(session, principal, mode, link)
    return link


def remove(
    context: AppContext, session: WriteSession, principal: Principal, link_id: int, *, with_items: bool
) -> tuple[Link, int]:
    """Follow the link no more; its waiting and running work ends. How many items went with it.

    `with_items`: those that no other link of its user brought go out of the user's library, unless pinned; files
    go with the last one who holds them.
    """
    link = get(session, principal, link_id)
    checks.end_downloads(session, link.id)
    # Downloads first, the link last: whoever records a download's end locks them in this order.
    downloads.cancel_of_link(context, session, principal, link.id)
    link = lock(session, principal, link_id)
    gone = _remove_items(context, session, link) if with_items else 0
    details = {"name": link.name, "url": link.url, "items": "delete" if with_items else "keep", "count": gone}
    _drop(context, session, link)
    audit.record(session, "link.delete", principal=principal, subject=f"link:{link_id}", details=details)
    return link, gone


def _remove_items(context: AppContext, session: WriteSession, link: Link) -> int:
    filing = library.filing_of(context)
    return library.remove_items(
        session,
        link.user_id,
        repository.items_of_it_alone(session, link),
        afterwards=lambda: filing.recover(library.DELETED, 0),
    )


def _drop(context: AppContext, session: WriteSession, link: Link) -> None:
    checks.withdraw(context, session, link)
    _drop_picture(context, session, link)
    session.flush()
    session.delete(link)
    session.flush()


def _drop_picture(context: AppContext, session: WriteSession, link: Link) -> None:
    picture = picture_file(context, link)
    link.picture_path = None
    if picture is not None:
        session.after_commit(lambda: picture.unlink(missing_ok=True))


def end_downloads(session: WriteSession, user_id: int) -> None:
    """The user is about to go: as their downloads are cancelled in this unit of work, no others take their turn."""
    for link_id in repository.of_user(session, user_id):
        checks.end_downloads(session, link_id)


def remove_all(context: AppContext, session: WriteSession, user_id: int) -> int:
    """Delete a user's links, whose downloads have ended; how many. The items are the library's to see to."""
    link_ids = repository.of_user(session, user_id)
    for link_id in link_ids:
        link = repository.lock(session, link_id)
        if link is not None:
            _drop(context, session, link)
    return len(link_ids)


def picture_file(context: AppContext, link: Link) -> Path | None:
    """Where the link's picture lies; None if it has none."""
    return context.settings.data_dir / link.picture_path if link.picture_path else None


def links_by_address(session: ReadSession, user_id: int, urls: Iterable[str]) -> dict[str, Link]:
    """A user's links for these addresses, however they are spelt, by the address as given."""
    keys = {url: address_key(url) for url in urls}
    found = repository.by_keys(session, user_id, set(keys.values()))
    return {url: found[key] for url, key in keys.items() if key in found}


def _note(session: WriteSession, principal: Principal, verb: str, link: Link, **details: Any) -> None:
    audit.record(session, f"link.{verb}", principal=principal, subject=f"link:{link.id}", details=details)
