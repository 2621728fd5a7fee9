"""What an episode will cost, said before it costs anything, and the bounds that it must keep."""

from __future__ import annotations

from pathlib import Path

from magpie.config import Settings
from magpie.kit.filesystem import free_bytes
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.folder import EpisodeFolder, Used
from magpie.podcasts.making.order import Cost
from magpie.podcasts.script.turns import Script

MILLION = 1_000_000
GIGABYTE = 10**9
# Of the disk: what any episode takes, and each character that is spoken: its clip in two places and the mastering's own
# (48,000 bytes a second each, some 14 characters a second), rounded up.
ANY_BYTES = 30_000_000
CHARACTER_BYTES = 12_000


def price(settings: Settings, prompt_tokens: int, completion_tokens: int, characters: int) -> float | None:
    """In whatever money the settings' prices are in; None if they name none."""
    if not settings.llm_price and not settings.tts_price:
        return None
    asked, answered = (float(part) for part in (settings.llm_price or "0/0").split("/"))
    total = prompt_tokens * asked + completion_tokens * answered + characters * settings.tts_price
    return total / MILLION


def cost_of(settings: Settings, used: Used, minutes: float) -> Cost:
    """What was used, with its price."""
    amount = price(settings, used.prompt_tokens, used.completion_tokens, used.characters)
    return Cost(used.prompt_tokens, used.completion_tokens, used.characters, minutes, amount)


def require_tokens(settings: Settings, estimate: Cost, folder: EpisodeFolder) -> None:
    """Raises `MakingFailed` if the script would take more tokens than one may."""
    held = folder.used()
    done = held.prompt_tokens + held.completion_tokens
    wanted = estimate.prompt_tokens + estimate.completion_tokens
    if done == 0 and wanted > settings.podcast_max_tokens:
        raise MakingFailed(
            "checking",
            "over_budget",
            f"It would take about {wanted} tokens, and an episode may take {settings.podcast_max_tokens}. "
            "Wish for fewer minutes, give less to read, or raise MAGPIE_PODCAST_MAX_TOKENS.",
        )


def require_characters(settings: Settings, characters: int, step: str) -> None:
    """Raises `MakingFailed` if more would be spoken than one episode may have."""
    if characters > settings.podcast_max_characters:
        raise MakingFailed(
            step,
            "over_budget",
            f"{characters} characters would be spoken, and an episode may have {settings.podcast_max_characters}. "
            "Wish for fewer minutes, or raise MAGPIE_PODCAST_MAX_CHARACTERS.",
        )


def require_room(settings: Settings, folder: Path, characters: int, step: str) -> None:
    """Raises `MakingFailed`, which waits, unless the disk has room for that beside the reserve that is to stay free."""
    wanted = ANY_BYTES + characters * CHARACTER_BYTES
    free = free_bytes(folder) - int(settings.free_space_reserve_gb * GIGABYTE)
    if free < wanted:
        message = f"{wanted / 1e6:.0f} MB are needed on the disk, {max(free, 0) / 1e6:.0f} MB are free."
        raise MakingFailed(step, "no_space", message, waits=True, retry_after=60.0)


def characters_of(script: Script) -> int:
    return sum(len(turn.text) for turn in script.turns)
