"""What ElevenLabs says: voices, times, and why not."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from magpie.podcasts.asking import Reply
from magpie.podcasts.voices.asking import Asker
from magpie.podcasts.voices.port import Voice, VoiceFailed

# `detail.status` in its errors (help.elevenlabs.io: "API - Error Code 400 or 401" and "… 429").
_REASONS = {
    "quota_exceeded": ("refused", "The quota of the account at ElevenLabs is used up."),
    "invalid_api_key": ("refused", "ElevenLabs does not accept this key."),
    "missing_permissions": (
        "refused",
        "The key for ElevenLabs may not be used for speech: give it that permission.",
    ),
    "detected_unusual_activity": (
        "refused",
        "ElevenLabs has closed its free plan to this account or address.",
    ),
    "voice_not_found": ("unknown_voice", "ElevenLabs has no such voice."),
    "voice_does_not_exist": ("unknown_voice", "ElevenLabs has no such voice."),
    "invalid_uid": ("unknown_voice", "ElevenLabs has no such voice."),
    "voice_limit_reached": ("refused", "The account at ElevenLabs has as many voices as its plan allows."),
    "model_not_found": ("unknown_model", "ElevenLabs has no such model."),
    "invalid_model_id": ("unknown_model", "ElevenLabs has no such model."),
    "output_format_not_allowed": (
        "other_format",
        "The plan at ElevenLabs does not include this form of sound.",
    ),
    "too_many_concurrent_requests": ("limited", "ElevenLabs speaks as much at once as its plan allows."),
    "concurrent_limit_exceeded": ("limited", "ElevenLabs speaks as much at once as its plan allows."),
    "system_busy": ("limited", "ElevenLabs is busy."),
}


def may_not_list(answer: Reply) -> bool:
    """Whether the key is good, but not for reading about voices: keys can be had for speech alone."""
    return answer.status in (401, 403) and _code(answer) == "missing_permissions"


def _code(answer: Reply) -> str | None:
    told = answer.json()
    detail = told.get("detail") if isinstance(told, dict) else None
    code = detail.get("status") or detail.get("code") if isinstance(detail, dict) else None
    return code if isinstance(code, str) else None


def failure_of(answer: Reply, asker: Asker) -> VoiceFailed:
    """Why it refused. Two reasons are between here and the provider: `other_format` and `no_such_path`."""
    if known := _REASONS.get(_code(answer) or ""):
        return VoiceFailed(*known, retry_after=answer.wait)
    if answer.status in (404, 405):
        return VoiceFailed("no_such_path", f"{asker.place} does not know what was asked for.")
    if answer.status == 422 and "output_format" in answer.body[:4096].decode("utf-8", errors="replace"):
        return VoiceFailed("other_format", f"{asker.place} does not know this form of sound.")
    return asker.refusal(answer)


def voices_in(said: Any) -> tuple[list[Voice], str | None]:
    """The voices on a page, and the token of the next one."""
    if not isinstance(said, dict) or not isinstance(said.get("voices"), list):
        return [], None
    found = [voice for entry in said["voices"] if (voice := _voice(entry))]
    token = said.get("next_page_token")
    return found, token if said.get("has_more") is True and isinstance(token, str) and token else None


def _voice(entry: Any) -> Voice | None:
    voice_id = entry.get("voice_id") if isinstance(entry, dict) else None
    if not isinstance(voice_id, str) or not 0 < len(voice_id) <= 64:
        return None
    labels = entry.get("labels")
    labels = labels if isinstance(labels, dict) else {}
    name, gender, language = entry.get("name"), labels.get("gender"), labels.get("language")
    return Voice(
        voice_id,
        name[:200] if isinstance(name, str) and name.isprintable() and name else voice_id,
        language if isinstance(language, str) and len(language) <= 16 else None,
        gender if gender in ("female", "male") else None,
    )


def marks_in(alignment: Any, text: str) -> list[tuple[int, float]]:
    """(character in the text, seconds) where each word begins; empty if the times are not of this text."""
    if not isinstance(alignment, dict):
        return []
    characters = alignment.get("characters")
    starts = alignment.get("character_start_times_seconds")
    if not isinstance(characters, list) or not isinstance(starts, list) or len(characters) != len(starts):
        return []
    if not all(isinstance(one, str) for one in characters) or "".join(characters) != text:
        return []
    times = [float(one) if isinstance(one, int | float) and one >= 0 else -1.0 for one in starts]
    if any(later < earlier for earlier, later in pairwise(times)) or -1.0 in times:
        return []
    marks, at = [], 0
    for one, time in zip(characters, times, strict=True):
        marks.append((at, time))
        at += len(one)
    return marks
