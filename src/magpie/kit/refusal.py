"""The program cannot run as it is set up."""

from __future__ import annotations

import errno

_WRITING = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class Refused(Exception):
    """Ends a command with its message, which says what is wrong and how to mend it."""


def sentence_of(error: BaseException) -> str | None:
    """What a person needs to know of an error that comes of how the program is set up: of its disk or its database.

    None for all others, which are faults of the program. Holds no password.
    """
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{f'{error.filename}: ' if error.filename else ''}{error.strerror}.{_hint(error.errno)}"
    # By its name: commands that need no database do not load what would define it.
    if type(error).__name__ == "OperationalError" and type(error).__module__ in ("sqlalchemy.exc", "sqlite3"):
        return _of_database(str(getattr(error, "orig", error)))
    return None


def _hint(number: int | None) -> str:
    if number in _WRITING:
        return " See who owns the folder, and whether its disk may be written to."
    return " Free some space on its disk." if number == errno.ENOSPC else ""


def _of_database(said: str) -> str:
    from magpie.kit.logs import redact

    first = redact(said.strip().partition("\n")[0]).rstrip(".")
    return f"The database cannot be used: {first}. See that its server runs, or its disk has room; check DATABASE_URL."
