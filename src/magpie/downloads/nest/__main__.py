"""The fork server as a program: `python -P -m magpie.downloads.nest FD [FOLDER]`."""

from __future__ import annotations

from magpie.kit import collector

if __name__ == "__main__":
    collector.relax()  # before what follows is loaded
    from magpie.downloads.nest.server import main

    main()
