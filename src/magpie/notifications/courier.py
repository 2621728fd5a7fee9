"""Takes messages to where they are told: by mail through the server's own mail server, else by a messenger's process.

Addresses are secrets and come from users: they are in no log, no error and no list of processes, and what they lead to
is reached through the egress guard only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog

from magpie.config import Settings
from magpie.kit import mail
from magpie.kit.egress import EgressAccess
from magpie.notifications.confinement import CERTIFICATES
from magpie.notifications.schemes import MODULES

log = structlog.get_logger(__name__)

MAIL = "mail"
SECONDS = 40.0  # for all of a message; also to a service that says nothing
_WORTH_TRYING = frozenset({408, 425, 429})
_FAULTS = {
    "not_understood": "The address is not understood.",
    "unreachable": "The service could not be reached.",
    "timed_out": "The service did not answer in time.",
    "certificate": "The service's certificate is not valid.",
}
_REFUSED = "The address leads into a private network, which messages may not reach."
_FAILED = "The service did not take the message."


class WayOut(Protocol):
    """What leads to the outside, as `Bench` does."""

    def way_out(self, job_id: str) -> AbstractContextManager[EgressAccess]: ...


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem`: None if the message was taken; a plain sentence without secrets. `is_lasting`: trying again will not
    help. `retry_after`: seconds that the service asked for."""

    problem: str | None = None
    is_lasting: bool = False
    retry_after: float | None = None


class Withheld(Exception):
    """Whoever wanted the message sent does not want it any more."""


def scheme_of(url: str) -> str | None:
    """The name of the service that an address means; None if it is none of those that can be used."""
    scheme = urlsplit(url.strip()).scheme.lower() if ":" in url else url.strip().lower()
    return scheme if scheme == MAIL or scheme in MODULES else None


def is_understood(url: str) -> bool:
    """Whether a service can make something of the address. Reaches nobody; takes about half a second."""
    if scheme_of(url) == MAIL:
        return True
    with _messenger() as messenger:
        report = messenger.begin({"url": url, "proxy": None, "app_url": "", "variables": {}})
    return bool(report and report["ok"])


class Courier:
    """Sends messages, through the guard of `bench`."""

    def __init__(self, bench: WayOut) -> None:
        self._bench = bench

    def send(
        self,
        settings: Settings,
        url: str,
        message: Message,
        *,
        recipient: str | None,
        begin: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """Tell one message. `recipient`: the user's own mail address. `begin` is called when all is ready and nothing
        has been sent yet; what it raises is passed on, and then nothing is sent."""
        if scheme_of(url) == MAIL:
            return _mail(settings, message, recipient, begin)
        with self._bench.way_out(f"notice-{uuid.uuid4().hex}") as access, _messenger() as messenger:
            order = {
                "url": url,
                "title": message.title,
                "body": message.body,
                "proxy": access.url,
                "app_url": settings.public_url,
                "variables": access.environment({}),
            }
            report = messenger.begin(order)
            if report and report["ok"]:
                begin()
                report = messenger.go()
            return _judge(report, access, timed_out=messenger.timed_out)


def _judge(report: Mapping[str, Any] | None, access: EgressAccess, *, timed_out: bool) -> Outcome:
    if report and report["ok"]:
        return Outcome()
    if access.refusals:
        return Outcome(_REFUSED, is_lasting=True)
    if report is None:
        return Outcome(_FAULTS["timed_out"] if timed_out else _FAILED)
    if report["fault"]:
        return Outcome(_FAULTS[report["fault"]], is_lasting=report["fault"] == "not_understood")
    status = report["status"]
    if status is None or 200 <= status < 300:
        return Outcome(_FAILED)
    lasting = status < 500 and status not in _WORTH_TRYING
    return Outcome(f"The service answered {_named(status)}.", lasting, report["retry_after"])


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _mail(settings: Settings, message: Message, recipient: str | None, begin: Callable[[], None]) -> Outcome:
    if not settings.smtp_url:
        return Outcome("No mail server is set up here.", is_lasting=True)
    if not recipient:
        return Outcome("Your account has no mail address.", is_lasting=True)
    host = urlsplit(settings.public_url).hostname or "localhost"
    begin()
    try:
        mail.send(
            mail.server_of(settings.smtp_url),
            sender=settings.mail_from or f"Magpie <magpie@{host}>",
            recipient=recipient,
            subject=message.title,
            text=message.body + "\n",
        )
    except (mail.MailRefused, ValueError) as error:
        return Outcome(f"The mail could not be sent: {error}.")
    return Outcome()


class _Messenger:
    """One messenger's process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.timed_out = False

    def begin(self, order: Mapping[str, Any]) -> dict[str, Any] | None:
        """Hand the order over; whether its address is understood. None if the process has died."""
        return self._ask(json.dumps(order))

    def go(self) -> dict[str, Any] | None:
        """Let the message be told; what became of it. None if the process has died over it."""
        return self._ask("go")

    def _ask(self, line: str) -> dict[str, Any] | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        try:
            stdin.write(line.encode() + b"\n")
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline(65536))
        except (OSError, ValueError):
            return None
        return answer

    def end(self) -> None:
        """It has had its time."""
        self.timed_out = True
        self._process.kill()


@contextmanager
def _messenger() -> Iterator[_Messenger]:
    """A process that lives as long as this context, and for `SECONDS` at most."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", *CERTIFICATES) if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "magpie.notifications.messenger"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "HOME": "/nonexistent"},
        start_new_session=True,
    )
    messenger = _Messenger(process)
    timer = threading.Timer(SECONDS, messenger.end)
    timer.daemon = True
    timer.start()
    try:
        yield messenger
    finally:
        timer.cancel()
        process.kill()
        process.communicate()
