"""The program cannot run as it is set up."""

from __future__ import annotations


class Refused(Exception):
    """Ends a command with its message, which says what is wrong and how to mend it."""
