"""What a messenger's process may do: speak to the egress guard, and read what Python and TLS need. Nothing else.

An audit hook sees all that goes through Python's own sockets, files and processes, and cannot be taken off again. It is
the second line behind the list of services: what slips through that one still reaches nobody past the guard.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

MEMORY = 1 << 30  # bytes
PROCESSOR_SECONDS = 20
LIFETIME_SECONDS = 60  # also of one whose parent has died

CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_SYSTEM = ("/etc/ssl", "/etc/pki", "/etc/localtime", "/usr/share/zoneinfo", "/etc/mime.types", "/dev/null")
_STARTS_PROGRAMS = ("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pty.")
_SPEAKS = frozenset(("socket.bind", "socket.sendto", "socket.sendmsg", "socket.gethostbyname"))
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def bound() -> None:
    """Limits of memory and time, which end the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    signal.alarm(LIFETIME_SECONDS)


def confine(way_out: tuple[str, int] | None) -> None:
    """From now on nothing but `way_out` (address and port of the guard) can be reached, and little can be read."""
    readable = _readable()

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            allowed = way_out is not None and args[1] == way_out
        elif event == "socket.getaddrinfo":
            allowed = way_out is not None and args[0] in (way_out[0], way_out[0].encode())
        elif event == "open":
            allowed = _may_open(args, readable)
        else:
            allowed = event not in _SPEAKS and not event.startswith(_STARTS_PROGRAMS)
        if not allowed:
            raise PermissionError(f"{event} is not for messengers")

    sys.addaudithook(watch)


def _readable() -> tuple[str, ...]:
    """The folders and files that Python and TLS read."""
    import certifi

    library = str(Path(os.__file__).parent)
    named = [os.environ[name] for name in CERTIFICATES if os.environ.get(name)]
    folders = (
        sys.prefix,
        sys.base_prefix,
        library,
        certifi.where(),
        *named,
        *_SYSTEM,
        *filter(None, sys.path),
    )
    return tuple({os.path.realpath(folder) for folder in folders} - {"/"})


def _may_open(args: tuple[Any, ...], readable: tuple[str, ...]) -> bool:
    path, _mode, flags = args
    if isinstance(path, int):
        return True
    real = os.path.realpath(os.fsdecode(path))
    if real == os.devnull:
        return True
    inside = any(real == folder or real.startswith(folder + os.sep) for folder in readable)
    return inside and not (flags or 0) & _WRITES
