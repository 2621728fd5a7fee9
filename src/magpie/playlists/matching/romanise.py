"""Latin letters for any script: good for finding what may be meant, never for accepting it (晴天 and 青天 sound alike)."""

from __future__ import annotations

import functools

from anyascii import anyascii

from magpie.playlists.matching.fold import squeeze


@functools.lru_cache(maxsize=65_536)
def romanised(folded: str) -> str:
    """How a folded name may be written in Latin letters, squeezed."""
    return squeeze(str(anyascii(folded)).lower())
