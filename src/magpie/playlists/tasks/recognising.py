"""What a pasted text is about, said at once: without asking anybody."""

from __future__ import annotations

from magpie.config import Settings
from magpie.playlists.sources.registry import sources
from magpie.playlists.tasks.schemas import Recognised


def recognise(settings: Settings, text: str) -> Recognised:
    """The platform and the playlist in a text; of a short link only the platform is known before it is followed."""
    for source in sources().values():
        ref = source.recognise(text)
        if ref is not None:
            return Recognised(
                platform=source.name,
                platform_title=source.title,
                playlist_id=ref.id,
                url=ref.url,
                lacks=_lacks(settings, source.needs),
            )
    for source in sources().values():
        if source.short_link(text) is not None:
            return Recognised(
                platform=source.name,
                platform_title=source.title,
                is_short=True,
                lacks=_lacks(settings, source.needs),
            )
    return Recognised()


def _lacks(settings: Settings, needs: tuple[str, ...]) -> list[str]:
    """The environment variables without which the platform cannot be asked."""
    return [f"MAGPIE_{name.upper()}" for name in needs if not getattr(settings, name, None)]
