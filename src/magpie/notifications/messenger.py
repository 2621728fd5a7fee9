"""Tells one message through Apprise, in a process that may do nothing else: `python -m magpie.notifications.messenger`.

The order comes as a line of JSON on stdin (`url`, `title`, `body`, `proxy`, `variables`), so that nobody sees it among
the system's processes. The answers are lines of JSON on stdout: first whether the address is understood, and then, once
a second line has come in, what became of the message (`Report`). Nothing is written to logs: Apprise logs addresses.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import urlsplit

from magpie.kit.waits import retry_after
from magpie.notifications.confinement import bound, confine
from magpie.notifications.schemes import MODULES

if TYPE_CHECKING:
    import requests
    from apprise import NotifyBase


@dataclass(slots=True)
class Report:
    """What became of a message. `status`: the last answer's, in HTTP; `fault`: a word for what kept it from one."""

    ok: bool = False
    status: int | None = None
    retry_after: float | None = None  # seconds
    fault: str | None = None  # not_understood | unreachable | timed_out | certificate


class Listener:
    """Notes the last answer of whatever Apprise asks."""

    def __init__(self) -> None:
        self.report = Report()

    def listen(self) -> None:
        """From now on."""
        import requests

        send = requests.Session.send
        report = self.report

        def listened(
            self: requests.Session, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            try:
                answer = send(self, request, **options)
            except requests.RequestException as error:
                report.status, report.fault = None, _fault_of(error)
                raise
            report.status, report.fault = answer.status_code, None
            report.retry_after = retry_after(answer.headers)
            return answer

        requests.Session.send = listened  # type: ignore[method-assign]


def _fault_of(error: Exception) -> str:
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return "certificate"
    return "timed_out" if isinstance(error, requests.Timeout) else "unreachable"


def understand(url: str, app_url: str) -> NotifyBase | None:
    """The service that an address means; None if none of those that are allowed."""
    from apprise import AppriseAsset, NotifyBase, OverflowMode

    scheme = urlsplit(url).scheme
    if scheme not in MODULES:
        return None
    NotifyBase.overflow_mode = OverflowMode.TRUNCATE
    asset = AppriseAsset(
        app_id="Magpie",
        app_desc="Magpie",
        app_url=app_url,
        image_url_mask="",
        image_url_logo="",
        interpret_emojis=False,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
        service_timeout=0,
    )
    module = import_module(f"apprise.plugins.{MODULES[scheme]}")
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, NotifyBase) and scheme in _schemes(found):
            parsed = found.parse_url(url)
            return found(**{**parsed, "asset": asset}) if parsed else None
    return None


def _schemes(service: type[NotifyBase]) -> set[str]:
    named: set[str] = set()
    for attribute in ("protocol", "secure_protocol"):
        given: Any = getattr(service, attribute)  # a text, several, or None
        named |= {given} if isinstance(given, str) else set(given or ())
    return named


def _tell(order: dict[str, Any], answers: TextIO) -> None:
    proxy = urlsplit(order["proxy"] or "")
    os.environ.update(order["variables"])
    bound()
    import requests.adapters  # noqa: F401  (loads all of it before files are out of reach)

    logging.disable(logging.CRITICAL)
    confine((proxy.hostname, proxy.port) if proxy.hostname and proxy.port else None)
    listener = Listener()
    listener.listen()
    try:
        service = understand(order["url"], order["app_url"])
    except Exception:  # noqa: BLE001  (whatever a service's module makes of hostile text)
        service = None
    _answer(answers, Report(service is not None, fault=None if service else "not_understood"))
    if service is None or not sys.stdin.readline():
        return
    from apprise import NotifyFormat

    report = listener.report
    try:
        report.ok = bool(
            service.notify(title=order["title"], body=order["body"], body_format=NotifyFormat.TEXT)
        )
    except Exception:  # noqa: BLE001  (its text may hold the address)
        report.ok = False
    _answer(answers, report)


def _answer(answers: TextIO, report: Report) -> None:
    answers.write(json.dumps(asdict(report)) + "\n")
    answers.flush()


def main() -> None:
    """Read the order and do it; what anything else prints goes nowhere."""
    order = json.loads(sys.stdin.readline())
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers, open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        _tell(order, answers)
        os._exit(0)  # threads of a library are not waited for


if __name__ == "__main__":
    main()
