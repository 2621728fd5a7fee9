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
    "language",
    "nothing_to_say",
)
SOURCE_REASONS = (
    "empty",
    "too_large",
    "too_slow",
    "encrypted",
    "damaged",
    "unsupported",
    "bad_address",
    "gone",
)
WORK_REASONS = ("over_budget", "unknown_speaker", "no_space", "disk", "mastering", "crashed")
# Each once, in this order; `docs/podcasts.md` explains them, the page has words for them.
REASONS = (*PROVIDER_REASONS, *SOURCE_REASONS, *WORK_REASONS)
