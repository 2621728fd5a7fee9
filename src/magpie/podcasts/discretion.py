"""What others than superusers may choose and are told.

They take the providers that the settings name, or what comes with Magpie: all others cost somebody money or time. Of a
fault they are told what it is, and not where the services are that the settings name.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from magpie.accounts import service as accounts
from magpie.accounts.principal import Principal
from magpie.config import Settings
from magpie.kit.db import ReadSession

Role = Literal["llm", "tts", "asr"]  # who writes, speaks, listens: the settings of these names say
EMBEDDED: dict[Role, str] = {"llm": "extractive", "tts": "espeak", "asr": "pocketsphinx"}
_SETTINGS = (
    "ollama_url",
    "openai_url",
    "openai_speech_url",
    "openai_transcription_url",
    "kyutai_url",
    "pocket_tts_url",
    "elevenlabs_url",
    "whisper_asr_url",
)


def may_choose(settings: Settings, principal: Principal, role: Role, spec: str | None) -> bool:
    """Whether this user may have the work of this role done by `spec`; None: by whom the settings name."""
    return principal.is_superuser or spec in (None, getattr(settings, role), EMBEDDED[role])


def discreet(message: str, settings: Settings, session: ReadSession, user_id: int) -> str:
    """The message as this user may read it."""
    user = accounts.user_numbered(session, user_id)
    return message if user is not None and user.is_superuser else without_addresses(message, settings)


def without_addresses(message: str, settings: Settings) -> str:
    """The message without the hosts of services."""
    parts = [urlsplit(getattr(settings, name)) for name in _SETTINGS]
    hosts = {host for one in parts for host in (one.netloc, one.netloc.rpartition("@")[2]) if host}
    for host in sorted(hosts, key=len, reverse=True):
        for shown in (f" ({host})", f" at {host}"):
            message = message.replace(shown, "")
        message = message.replace(host, "…")
    return message
