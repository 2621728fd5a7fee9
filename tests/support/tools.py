"""What the fork servers of all tests keep in common: each of hundreds would work it out anew in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from magpie.config import Settings
from magpie.downloads.bench import kept_in

# In the checkout: it counts only as long as the packages are the same, see `magpie.kit.derived`.
KEPT = Path(__file__).parents[2] / ".pytest_cache" / "tools"


def lay_tools(data_dir: Path) -> None:
    """Have the installation in this folder keep it there, too."""
    folder = kept_in(Settings(data_dir=data_dir))
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(KEPT)
