"""Settings: environment variables, then a `.env` file, then what was saved at run time, then defaults.

Every setting has one canonical name, `MAGPIE_…`, and the names that earlier programs used as aliases. Within
one source two names of one setting that disagree stop the start; across sources the environment wins.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import ConfigDict, ValidationError, field_validator

from magpie.kit.client import trusted_networks
from magpie.kit.egress.dial import Upstream
from magpie.kit.egress.policy import EgressPolicy
from magpie.kit.mail import server_of
from magpie.kit.refusal import Refused
from magpie.podcasts.settings import PodcastSettings
from magpie.setting import base_address, setting

PREFIX = "MAGPIE_"
DATABASE_FILE = "magpie.db"
LONG_COOKIE = 16


class SettingsRefused(Refused):
    """The settings cannot be used; the message names the variable and says how to mend it."""


def checkout_root() -> Path | None:
    """The folder of the source checkout that this program runs from; None when installed."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "dev.py").is_file() and (root / "pyproject.toml").is_file() else None


def default_data_dir() -> Path:
    """`data/` in a checkout, the platform's user-data folder when installed."""
    root = checkout_root()
    return root / "data" if root else user_data_path("magpie", appauthor=False)


class Settings(PodcastSettings):
    """Everything that can be set from outside. `docs/settings.md` is tested against this class."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # Where things are.
    data_dir: Path = setting(
        None,
        "Folder of the database, the secret key, backups and, unless set apart, the media.",
        validate_default=True,
        runtime=False,
    )
    media_root: Path = setting(
        None,
        "Folder that new files are kept in; those that are there already stay where they are. "
        "Default: `media` in the data folder.",
        "MEDIA_ROOT",
        "OUTPUT_DIRECTORY",
        "DOWNLOAD_PATH",
        validate_default=True,
        runtime=True,
    )
    database_url: str = setting(
        "",
        "`postgresql://user:password@host/name`, or empty for SQLite in the data folder.",
        "DATABASE_URL",
        secret=True,
        runtime=False,
    )
    # The server.
    host: str = setting(
        "127.0.0.1", "Address that the server listens on; `0.0.0.0` for the whole network.", runtime=False
    )
    port: int = setting(8000, "Port that the server listens on.", ge=0, le=65535, runtime=False)
    public_url: str = setting(
        "",
        "Address under which people reach this server, used in feeds, mails and absolute links.",
        runtime=True,
    )
    trusted_proxies: str = setting(
        "",
        "Comma-separated addresses or networks of reverse proxies whose forwarded headers are believed.",
        runtime=False,
    )
    allowed_hosts: str = setting(
        "*", "Comma-separated host names that the server answers to; `*` for any.", runtime=True
    )
    cors_origins: str = setting(
        "http://localhost:5173,http://localhost:3000",
        "Comma-separated origins whose pages may call the API from a browser.",
        runtime=True,
    )
    debug: bool = setting(
        False, "Debug logs; under `dev.py serve` also a restart on every change.", "DEBUG", runtime=True
    )
    log_format: Literal["auto", "text", "json"] = setting(
        "auto", "How log lines look: `json`, `text`, or `auto` (text on a terminal).", runtime=False
    )
    # Accounts.
    secret_key: str = setting(
        "",
        "Key that signs tokens and seals stored secrets; at least 32 characters. "
        "Default: `secret.key` in the data folder, made at the first start.",
        "SECRET_KEY",
        secret=True,
        runtime=False,
    )
    old_secret_keys: str = setting(
        "",
        "Former secret keys, with commas between them: what they sealed is sealed anew at the next start. "
        "After that they can be taken out again.",
        secret=True,
        runtime=False,
    )
    algorithm: Literal["HS256", "HS384", "HS512"] = setting(
        "HS256", "Algorithm that signs access tokens.", "ALGORITHM", runtime=False
    )
    access_token_expire_minutes: int = setting(
        1440,
        "How long a bearer token lasts, in minutes.",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        ge=1,
        le=5_256_000,
        runtime=True,
    )
    session_days: int = setting(
        30, "How long the page stays signed in without use, in days.", ge=1, le=3650, runtime=True
    )
    allow_registration: bool = setting(
        False, "Whether strangers may make an account after the first user exists.", runtime=True
    )
    initial_superuser_username: str = setting(
        "",
        "User name of the first superuser, made at the start on an empty database.",
        "INITIAL_SUPERUSER_USERNAME",
        runtime=False,
    )
    initial_superuser_password: str = setting(
        "", "Password of that first superuser.", "INITIAL_SUPERUSER_PASSWORD", secret=True, runtime=False
    )
    initial_superuser_email: str = setting(
        "", "E-mail address of that first superuser.", "INITIAL_SUPERUSER_EMAIL", runtime=False
    )
    app_password: str = setting(
        "",
        "One password for everybody: with any or no user name it signs in as the built-in superuser, and "
        "registration is closed.",
        "APP_PASSWORD",
        secret=True,
        runtime=False,
    )
    smtp_url: str = setting(
        "",
        "Mail server for password resets and notifications: `smtp://user:password@host:port` (STARTTLS where it is "
        "offered) or `smtps://…`. Without it a superuser hands out the links.",
        secret=True,
        runtime=False,
    )
    mail_from: str = setting(
        "", "Sender of the mails. Default: `magpie@` and the host name of the public address.", runtime=True
    )
    # Downloading.
    max_concurrent_downloads: int = setting(
        4,
        "How many downloads run at once in one worker.",
        "MAX_CONCURRENT_DOWNLOADS",
        ge=1,
        le=64,
        runtime=True,
    )
    site_concurrency: int = setting(
        2, "How many downloads run at once from one site.", ge=1, le=64, runtime=True
    )
    site_delay_seconds: float = setting(
        1.0,
        "Pause between the starts of two downloads from one site, in seconds; 0 for none.",
        ge=0,
        le=3600,
        runtime=True,
    )
    download_attempts: int = setting(
        4, "How often a download is tried by itself before it counts as failed.", ge=1, le=20, runtime=True
    )
    stall_timeout_seconds: int = setting(
        120,
        "A download that brings nothing for so long is stopped and tried again, in seconds.",
        ge=5,
        le=86400,
        runtime=True,
    )
    job_memory_mb: int = setting(
        1536,
        "Memory that one download with all its helpers may use, in MB.",
        ge=128,
        le=1_048_576,
        runtime=True,
    )
    max_file_gb: float = setting(
        0, "Largest file that is saved, in GB; 0 for no limit.", ge=0, le=1_000_000, runtime=True
    )
    free_space_reserve_gb: float = setting(
        1.0, "Space that downloads leave free on the media's disk, in GB.", ge=0, le=1_000_000, runtime=True
    )
    egress_allow: str = setting(
        "",
        "Comma-separated hosts, `host:port`s or networks that downloads may reach besides public addresses.",
        runtime=True,
    )
    proxy: str = setting(
        "",
        "Upstream proxy for everything outgoing: `http://user:password@host:port`.",
        secret=True,
        runtime=True,
    )
    sponsorblock_url: str = setting(
        "https://sponsor.ajay.app",
        "The SponsorBlock server that is asked where a profile marks or cuts parts of videos; empty: none is.",
        runtime=True,
    )
    ffmpeg: str = setting(
        "", "Path of the ffmpeg program. Default: the system's, else the one that comes along.", runtime=False
    )
    # Playing.
    conversions: int = setting(
        2,
        "How many files are converted at once for browsers that cannot play them as they are; 0 for none.",
        runtime=True,
        ge=0,
        le=64,
    )
    waveforms_ahead: bool = setting(
        True,
        "Whether the waveform of new audio is made at once, in the background; otherwise when it is first looked at.",
        runtime=True,
    )
    playing_cache_mb: int = setting(
        512, "Room for waveforms and what else is made for players, in MB.", runtime=True, ge=16, le=1_048_576
    )
    # Following links.
    link_monitor_interval_minutes: int = setting(
        60,
        "How often followed links are checked that name no interval of their own, in minutes.",
        "LINK_MONITOR_INTERVAL_MINUTES",
        runtime=True,
        ge=1,
        le=525_600,
    )
    link_monitor_max_interval_minutes: int = setting(
        1440,
        "How rarely a link that brings nothing new is checked, unless it names an interval of its own, in minutes.",
        runtime=True,
        ge=1,
        le=525_600,
    )
    site_cookies_json: str = setting(
        "",
        "Cookies for sites: a JSON object of site names, each with a file in the folder `cookies` of the data "
        "folder, or with the cookies themselves.",
        "SITE_COOKIES_JSON",
        runtime=True,
        secret=True,
        max_length=262_144,
    )
    # The library.
    trash_days: int = setting(
        14,
        "How long what was deleted can be taken out of the trash again, in days; 0 to delete at once.",
        ge=0,
        le=3650,
        runtime=True,
    )
    # Records.
    audit_keep_days: int = setting(
        365, "How long the audit log keeps what was done, in days.", ge=1, le=36_500, runtime=True
    )
    log_lines_kept: int = setting(
        20_000,
        "How many log lines the page can show; older ones are dropped.",
        ge=1000,
        le=1_000_000,
        runtime=True,
    )
    # Care of the media folders.
    scan_every_hours: float = setting(
        24,
        "The media folders are looked through so often for files that have moved, changed or gone; 0 for never. "
        "In hours.",
        ge=0,
        le=8760,
        runtime=True,
    )
    verify_mb_per_second: float = setting(
        10,
        "How fast files are read in the background to notice damage, in MB a second; 0 for not at all.",
        ge=0,
        le=100_000,
        runtime=True,
    )
    verify_every_days: float = setting(
        30,
        "How long a file is left alone after it was read for that, in days.",
        ge=0.01,
        le=3650,
        runtime=True,
    )
    compare_sound: bool = setting(
        True,
        "New songs are listened to in the background, so that the same one under another name is found.",
        runtime=True,
    )
    default_quota_gb: float = setting(
        0,
        "How much a user may hold who has no quota of their own, in GB; 0 for no limit. Superusers have none.",
        ge=0,
        le=10_000_000,
        runtime=True,
    )
    # Safekeeping.
    backup_every_hours: float = setting(
        24,
        "A backup is made by itself so often, into `backups` in the data folder; 0 for never. In hours.",
        ge=0,
        le=8760,
        runtime=True,
    )
    backups_kept: int = setting(
        7,
        "How many of the backups that were made by themselves are kept, of each sort.",
        ge=1,
        le=1000,
        runtime=True,
    )
    import_max_mb: int = setting(
        1024, "Largest file that a database import takes, in MB.", ge=1, le=1_048_576, runtime=True
    )
    # Sources of playlists.
    netease_url: str = setting(
        "https://music.163.com", "NetEase Cloud Music's web API, or what stands in for it.", runtime=True
    )
    netease_short_url: str = setting(
        "https://163cn.tv", "The host of NetEase's short links, or what stands in for it.", runtime=True
    )
    qq_url: str = setting(
        "https://u.y.qq.com",
        "QQ Music's API (`/cgi-bin/musicu.fcg`), or what stands in for it.",
        runtime=True,
    )
    qq_legacy_url: str = setting(
        "https://c.y.qq.com",
        "QQ Music's older API (`cdlist`), which is asked when the other one refuses; or what stands in for it.",
        runtime=True,
    )
    qq_short_url: str = setting(
        "https://c6.y.qq.com", "The host of QQ Music's short links, or what stands in for it.", runtime=True
    )
    spotify_url: str = setting(
        "https://open.spotify.com",
        "Spotify's pages, read without keys; or what stands in for them.",
        runtime=True,
    )
    spotify_api_url: str = setting(
        "https://api.spotify.com", "Spotify's Web API, or what stands in for it.", runtime=True
    )
    spotify_accounts_url: str = setting(
        "https://accounts.spotify.com", "Where tokens for Spotify's Web API are given out.", runtime=True
    )
    spotify_short_url: str = setting(
        "https://spotify.link", "The host of Spotify's short links, or what stands in for it.", runtime=True
    )
    spotify_client_id: str = setting(
        "", "Client ID of an app at Spotify: with it and its secret the Web API is asked.", runtime=True
    )
    spotify_client_secret: str = setting("", "Secret of that app.", secret=True, runtime=True)
    ytmusic_url: str = setting(
        "https://music.youtube.com", "YouTube Music, or what stands in for it.", runtime=True
    )
    deezer_url: str = setting(
        "https://api.deezer.com", "Deezer's API, or what stands in for it.", runtime=True
    )
    deezer_short_url: str = setting(
        "https://link.deezer.com", "The host of Deezer's short links, or what stands in for it.", runtime=True
    )
    listenbrainz_url: str = setting(
        "https://api.listenbrainz.org", "ListenBrainz' API, or what stands in for it.", runtime=True
    )
    listenbrainz_token: str = setting(
        "",
        "Token of a user at ListenBrainz, for playlists that are private there.",
        secret=True,
        runtime=True,
    )
    apple_music_url: str = setting(
        "https://music.apple.com", "Apple Music's pages, or what stands in for them.", runtime=True
    )
    # Media servers.
    plex_url: str = setting(
        "",
        "Address of a Plex server for everybody's playlists; with its token it appears among the servers, locked.",
        "PLEX_URL",
        runtime=False,
    )
    plex_token: str = setting("", "Token of that Plex server.", "PLEX_TOKEN", secret=True, runtime=False)
    # Missing songs.
    downloader_api_key: str = setting(
        "",
        "Key of the external downloader of missing songs, for those superusers who have not saved one of their own.",
        "DOWNLOADER_API_KEY",
        secret=True,
        runtime=False,
    )
    # Workers.
    worker_name: str = setting(
        "", "Name of this worker host among several (PostgreSQL). Default: the host name.", runtime=False
    )

    @field_validator("data_dir", mode="before")
    @classmethod
    def _data_dir(cls, value: Any) -> Path:
        return Path(value).expanduser().absolute() if value else default_data_dir()

    @field_validator("media_root", mode="before")
    @classmethod
    def _media_root(cls, value: Any, info: Any) -> Path:
        if value:
            return Path(value).expanduser().absolute()
        return Path(info.data.get("data_dir") or default_data_dir()) / "media"

    @field_validator("secret_key")
    @classmethod
    def _secret_key(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("must have at least 32 characters; or leave it out, and one is made")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_url(cls, value: str) -> str:
        if value:
            server_of(value)
        return value

    @field_validator("egress_allow")
    @classmethod
    def _egress_allow(cls, value: str) -> str:
        EgressPolicy([entry for entry in value.split(",") if entry.strip()])
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _trusted_proxies(cls, value: str) -> str:
        try:
            trusted_networks(value)
        except ValueError:
            raise ValueError("must be IP addresses or networks, with commas between them") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
        ):
            raise ValueError("must look like https://media.example.org")
        return value

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if value:
            Upstream.parse(value)
        return value

    @field_validator("sponsorblock_url")
    @classmethod
    def _sponsorblock_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@]+(/[^\s?#]*)?", value):
            raise ValueError("must be an address such as https://sponsor.example")
        return value

    @field_validator(
        "netease_url",
        "netease_short_url",
        "qq_url",
        "qq_legacy_url",
        "qq_short_url",
        "spotify_url",
        "spotify_api_url",
        "spotify_accounts_url",
        "spotify_short_url",
        "ytmusic_url",
        "deezer_url",
        "deezer_short_url",
        "listenbrainz_url",
        "apple_music_url",
    )
    @classmethod
    def _base_address(cls, value: str) -> str:
        return base_address(value)

    @field_validator("plex_url")
    @classmethod
    def _plex_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", value):
            raise ValueError("must be an address such as http://plex.example:32400")
        return value

    @field_validator("site_cookies_json")
    @classmethod
    def _site_cookies_json(cls, value: str) -> str:
        site_cookies(value)
        return value

    @property
    def former_keys(self) -> list[str]:
        """The keys of `old_secret_keys`, one by one."""
        return [key.strip() for key in self.old_secret_keys.split(",") if key.strip()]

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / DATABASE_FILE}"

    @property
    def is_sqlite(self) -> bool:
        return self.effective_database_url.startswith("sqlite")


def site_cookies(text: str) -> dict[str, Any]:
    """The sites of `site_cookies_json`, each with a path or with cookies. Raises `ValueError`."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(_are_cookies(entry) for entry in found.values()):
        raise ValueError('must be a JSON object such as {"pixiv": "cookies/pixiv.txt"}')
    return found


def _are_cookies(entry: object) -> bool:
    return isinstance(entry, str | dict | list) and bool(entry)


def is_runtime(field: str) -> bool:
    """Whether a setting may be changed while the program runs."""
    extra = Settings.model_fields[field].json_schema_extra
    return isinstance(extra, dict) and extra.get("runtime") is True


def is_secret(field: str) -> bool:
    """Whether a setting's value is shown to nobody."""
    extra = Settings.model_fields[field].json_schema_extra
    return isinstance(extra, dict) and extra.get("secret") is True


def secret_values(settings: Settings) -> list[str]:
    """The texts that no log may show: secret settings, passwords inside addresses, cookies."""
    found: list[str] = []
    for field in filter(is_secret, Settings.model_fields):
        value = str(getattr(settings, field) or "")
        found += [value, *_passwords(value)]
    return [*found, *_long_texts(site_cookies(settings.site_cookies_json))]


def _passwords(address: str) -> list[str]:
    try:
        password = urlsplit(address).password or ""
    except ValueError:
        return []
    return [password, unquote(password)]


def _long_texts(value: Any) -> list[str]:
    """What in cookies may be a session: long enough not to be a name, a site or a path."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _long_texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _long_texts(inner)]
    if isinstance(value, str) and "=" in value:
        return [part.partition("=")[2].strip() for part in value.split(";")]
    return [value] if isinstance(value, str) and len(value) >= LONG_COOKIE and "/" not in value else []


def variable_of(field: str, environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> str:
    """The variable that gives a setting its value in the environment or in `.env`, else its canonical name."""
    environ = os.environ if environ is None else environ
    given = _read_file(env_file or Path(".env"))
    names = names_of(field)
    return next((name for source in (environ, given) for name in names if source.get(name)), names[0])


def names_of(field: str) -> list[str]:
    """All environment names of a setting, the canonical one first."""
    extra = Settings.model_fields[field].json_schema_extra
    aliases = extra.get("aliases", []) if isinstance(extra, dict) else []
    return [PREFIX + field.upper(), *(str(alias) for alias in (aliases if isinstance(aliases, list) else []))]


def _from_source(source: Mapping[str, str | None], where: str) -> dict[str, str]:
    """The settings that one source gives; raises where two names of one setting disagree."""
    values: dict[str, str] = {}
    for field in Settings.model_fields:
        given = {name: value for name in names_of(field) if (value := source.get(name)) not in (None, "")}
        if len(set(given.values())) > 1:
            raise SettingsRefused(
                f"{' and '.join(given)} are names of one setting and have different values in {where}: keep one."
            )
        if given:
            values[field] = str(next(iter(given.values())))
    return values


def unknown_names(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> list[str]:
    """Variables that look like settings of Magpie and are none: most often a slip in spelling."""
    environ = os.environ if environ is None else environ
    path = env_file or Path(".env")
    names = set(environ) | (set(dotenv_values(path)) if path.is_file() else set())
    known = {name for field in Settings.model_fields for name in names_of(field)}
    return sorted(name for name in names if name.startswith(PREFIX) and name not in known)


def _read_file(path: Path) -> dict[str, str | None]:
    try:
        return dotenv_values(path) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsRefused(f"{path} cannot be read: {error}. Save it as UTF-8 text.") from error


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Read the settings.

    `env_file` defaults to `.env` in the working folder. Raises `SettingsRefused` with a sentence that names
    the variable.
    """
    environ = os.environ if environ is None else environ
    path = env_file or Path(".env")
    from_file = _read_file(path)
    values = _from_source(from_file, str(path)) | _from_source(environ, "the environment")
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = names_of(str(fault["loc"][0]))[0] if fault["loc"] else "a setting"
        raise SettingsRefused(f"{name}: {fault['msg']}") from None


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()
