"""Settings: environment variables, then a `.env` file, then what was saved at run time, then defaults.

Every setting has one canonical name, `MAGPIE_…`, and the names that earlier programs used as aliases. Within
one source two names of one setting that disagree stop the start; across sources the environment wins.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from magpie.accounts.settings import AccountSettings
from magpie.downloads.settings import DownloadSettings
from magpie.kit.client import trusted_networks
from magpie.kit.refusal import Refused
from magpie.library.care.settings import CareSettings
from magpie.library.playing.settings import PlayingSettings
from magpie.links.settings import LinkSettings
from magpie.playlists.settings import PlaylistSettings
from magpie.podcasts.settings import PodcastSettings
from magpie.setting import setting
from magpie.sites.settings import SiteSettings, site_cookies

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


class _Installation(BaseModel):
    """Where things are, and how the server is reached."""

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


class _Kept(BaseModel):
    """For how long what nobody needs is kept."""

    trash_days: int = setting(
        14,
        "How long what was deleted can be taken out of the trash again, in days; 0 to delete at once.",
        ge=0,
        le=3650,
        runtime=True,
    )
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


class _Backups(BaseModel):
    """What is kept against mishaps."""

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


# In the order in which they are told: pydantic begins with the last of the bases.
class Settings(
    PlaylistSettings,
    _Backups,
    CareSettings,
    _Kept,
    SiteSettings,
    LinkSettings,
    PlayingSettings,
    DownloadSettings,
    AccountSettings,
    _Installation,
    PodcastSettings,
):
    """Everything that can be set from outside. `docs/settings.md` is tested against this class."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    worker_name: str = setting(
        "", "Name of this worker host among several (PostgreSQL). Default: the host name.", runtime=False
    )

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / DATABASE_FILE}"

    @property
    def is_sqlite(self) -> bool:
        return self.effective_database_url.startswith("sqlite")


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
