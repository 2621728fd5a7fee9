"""How somebody's missing songs are fetched: what they have chosen, what is used, and trying it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from cryptography.fernet import InvalidToken

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads.addresses import BadAddress, clean_address
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import RuleBroken
from magpie.kit.paths import safe_name
from magpie.playlists.media_servers import service as servers
from magpie.playlists.missing import external, repository, searching
from magpie.playlists.missing.models import MissingSettings
from magpie.playlists.missing.schemas import DownloadSettings, DownloadSettingsOut, SearchOut, TestOut
from magpie.profiles import service as profiles

log = structlog.get_logger(__name__)

PROFILE = "music"
MAX_FOLDERS = 6


@dataclass(frozen=True, slots=True)
class Ways:
    """What one user's songs are fetched with."""

    searches: tuple[searching.Search, ...]
    api: external.Api | None


def ways_of(context: AppContext, session: ReadSession, user_id: int) -> Ways:
    """Raises `external.ApiFailed` if the key of the external downloader cannot be opened."""
    row = repository.settings_of(session, user_id) or MissingSettings(user_id=user_id)
    return Ways(
        searches=tuple(searching.searches(row.searches or [])),
        api=_api(context, session, row),
    )


def saving_of(session: ReadSession, user_id: int) -> tuple[str, str | None]:
    """The profile that songs are saved with, and the folder that they go to."""
    row = repository.settings_of(session, user_id)
    return (row.profile or PROFILE, row.download_path) if row is not None else (PROFILE, None)


def _api(context: AppContext, session: ReadSession, row: MissingSettings) -> external.Api | None:
    if not row.api_url:
        return None
    is_superuser = repository.is_superuser(session, row.user_id)
    policy = None if is_superuser else servers.policy_of(context)
    return external.Api(row.api_url, _key(context, row, is_superuser=is_superuser), policy)


def _key(context: AppContext, row: MissingSettings, *, is_superuser: bool) -> str | None:
    """The key that was saved; the environment's only for superusers: others could have it sent to themselves."""
    if row.sealed_api_key is None:
        return (context.settings.downloader_api_key or None) if is_superuser else None
    try:
        return context.vault.open(row.sealed_api_key)
    except InvalidToken:
        raise external.ApiFailed(
            external.ApiFault.KEY,
            "The key of the downloader was sealed with another key of Magpie's: enter it again.",
        ) from None


def shown(context: AppContext, session: ReadSession, user_id: int) -> DownloadSettingsOut:
    """As they are answered, without the key."""
    row = repository.settings_of(session, user_id) or MissingSettings(user_id=user_id)
    by_environment = bool(context.settings.downloader_api_key) and repository.is_superuser(session, user_id)
    return DownloadSettingsOut(
        download_path=row.download_path,
        api_url=row.api_url,
        has_api_key=row.sealed_api_key is not None or by_environment,
        profile=row.profile or PROFILE,
        searches=[search.name for search in searching.searches(row.searches or [])],
        known_searches=[SearchOut(name=one.name, title=one.title) for one in searching.SHIPPED.values()],
    )


def save(
    context: AppContext, session: WriteSession, principal: Principal, wanted: DownloadSettings
) -> DownloadSettingsOut:
    """Change what is said; what is left out stays. Raises `RuleBroken`."""
    repository.lock_user(session, principal.id)
    row = repository.settings_of(session, principal.id)
    if row is None:
        row = MissingSettings(user_id=principal.id, searches=[])
        session.add(row)
    _apply(context, session, principal, row, wanted)
    row.updated_at = utcnow()
    session.flush()
    details = {"api": bool(row.api_url), "changed": sorted(wanted.model_fields_set)}
    audit.record(session, "missing.settings", principal=principal, details=details)
    return shown(context, session, principal.id)


def _apply(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    row: MissingSettings,
    wanted: DownloadSettings,
) -> None:
    said = wanted.model_fields_set
    if "download_path" in said:
        row.download_path = _folder(wanted.download_path)
    if "api_url" in said:
        url = _api_url(context, principal, wanted.api_url)
        if _place(url) != _place(row.api_url) and "api_key" not in said:
            row.sealed_api_key = None  # a key is not sent to another place than it was entered for
        row.api_url = url
    if "api_key" in said:
        row.sealed_api_key = context.vault.seal(wanted.api_key) if wanted.api_key else None
    if "profile" in said:
        row.profile = _profile(session, principal, wanted.profile)
    if "searches" in said:
        row.searches = _searches(wanted.searches or [])


def _folder(text: str | None) -> str | None:
    """A folder below the media folder, each part of it fit to be a name."""
    parts = [part for part in (text or "").replace("\\", "/").split("/") if part.strip(" .")]
    if len(parts) > MAX_FOLDERS:
        raise RuleBroken(f"at most {MAX_FOLDERS} folders, one in the other", "body", "download_path")
    return "/".join(safe_name(part) for part in parts) or None


def _api_url(context: AppContext, principal: Principal, text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    try:
        url = clean_address(text)
    except BadAddress as bad:
        raise RuleBroken(str(bad), "body", "api_url") from None
    if urlsplit(url).query or urlsplit(url).fragment:
        raise RuleBroken("is asked as it is: leave ? and # and what follows out", "body", "api_url")
    if not principal.is_superuser:
        servers.require_public(context, url, "api_url")
    return url


def _place(url: str | None) -> tuple[str, str] | None:
    return (urlsplit(url).scheme, urlsplit(url).netloc.lower()) if url else None


def _profile(session: WriteSession, principal: Principal, name: str | None) -> str | None:
    if not name or name == PROFILE:
        return None
    profiles.check(session, principal.id, name)
    if profiles.find(session, principal.id, name).kind != "audio":
        raise RuleBroken("must be a profile that saves sound", "body", "profile")
    return name


def _searches(texts: list[str]) -> list[str]:
    try:
        chosen = list(dict.fromkeys(searching.checked(text) for text in texts))
    except ValueError as bad:
        raise RuleBroken(str(bad), "body", "searches") from None
    return [] if chosen == list(searching.SHIPPED) else chosen


def tried(ways: Ways) -> TestOut:
    """Whether what is set up works. The external downloader is asked for a song that nobody has."""
    if ways.api is None:
        names = ", ".join(search.title for search in ways.searches)
        return TestOut(success=True, message=f"Magpie searches by itself: {names}.", reason=None)
    try:
        external.ask(ways.api, external.PROBE)
    except external.ApiFailed as failed:
        return TestOut(success=False, message=failed.message, reason=failed.reason.value)
    return TestOut(success=True, message="The downloader answers, and accepts the key.", reason=None)


def note_test(session: WriteSession, principal: Principal, outcome: TestOut) -> None:
    """Note that somebody has tried what is set up."""
    details = {"success": outcome.success, "reason": outcome.reason}
    audit.record(session, "missing.test", principal=principal, details=details)
