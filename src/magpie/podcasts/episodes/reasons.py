"""Why an episode fails, as typed codes: of providers, of sources, and of the work itself."""

from __future__ import annotations

PROVIDER_REASONS = (
    "not_configured",
    "unreachable",
    "refused",
    "limited",
    "unknown_model",
    "unknown_voice",
    "too_long",
    "failing",
    "unreadable",
    "silent",
    "cut",
)
SOURCE_REASONS = ("empty", "too_large", "encrypted", "unsupported", "gone", "blocked", "no_speech")
WORK_REASONS = ("over_budget", "quota", "no_space", "disk", "crashed", "mastering")
REASONS = (*PROVIDER_REASONS, *SOURCE_REASONS, *WORK_REASONS)
