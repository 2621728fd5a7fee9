"""The garbage collector, set for programs that load half a million objects at once and keep them.

With Python's own thresholds a third of the time that a program of Magpie's takes to start, and nearly all that it takes
to end, goes into looking for garbage among modules, where there is none.
"""

from __future__ import annotations

import atexit
import gc

# New objects between two looks at the young ones; Python's own 700 are for programs of a few modules.
YOUNG_OBJECTS = 50_000


def relax() -> None:
    """To be called first thing in a program: look for garbage less often, and not at all on the way out."""
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    atexit.register(gc.freeze)


def settle() -> None:
    """To be called when everything is loaded: what is there now stays, and is not looked at again.

    Full looks are then short, so no request waits for one; and processes that are forked later share the pages. What
    is there is not searched first: that takes longest of all, and finds nothing.
    """
    gc.freeze()
