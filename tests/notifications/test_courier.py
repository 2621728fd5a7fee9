"""Messages on their way: what services get, what becomes of failures, and what is reached by nobody's address."""

from __future__ import annotations

import ast
import logging
import pkgutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil
import pytest
import structlog.testing

from magpie.config import Settings
from magpie.notifications import courier as couriers
from magpie.notifications.courier import Courier, Message, Withheld, is_understood, scheme_of
from magpie.notifications.schemes import MODULES
from tests.accounts.test_reset import Postbox
from tests.notifications.conftest import Services

MESSAGE = Message("Two <b> & “more”", "• A film\n• Another film")
SETTINGS = Settings(public_url="https://keeper.example")
SECRET = "planted-secret-token"


def send(courier: Courier, url: str, **options: Any) -> couriers.Outcome:
    return courier.send(SETTINGS, url, MESSAGE, recipient=None, **options)


class TestServices:
    """As these services take it."""

    def test_a_web_hook(self, courier: Courier, services: Services) -> None:
        assert send(courier, services.url("hook?+X-Key=abc")).problem is None
        (heard,) = services.heard
        assert (heard.json["title"], heard.json["message"]) == (MESSAGE.title, MESSAGE.body)
        assert heard.headers["X-Key"] == "abc"
        assert "Proxy-Authorization" not in heard.headers

    def test_ntfy(self, courier: Courier, services: Services) -> None:
        url = f"ntfy://ada:{SECRET}@127.0.0.1:{services.port}/birds"
        assert send(courier, url).problem is None
        (heard,) = services.heard
        assert (heard.json["topic"], heard.json["message"]) == ("birds", MESSAGE.body)
        assert heard.headers["Authorization"].startswith("Basic ")

    def test_gotify(self, courier: Courier, services: Services) -> None:
        assert send(courier, services.url(SECRET, "gotify")).problem is None
        (heard,) = services.heard
        assert (heard.path, heard.headers["X-Gotify-Key"]) == ("/message", SECRET)

    def test_one_that_speaks_as_discord_does(self, courier: Courier, services: Services) -> None:
        url = services.url(f"hooks/{SECRET}", "mmost")
        assert send(courier, url).problem is None
        assert MESSAGE.body in services.heard[0].json["text"]


@pytest.mark.usefixtures("warm_messengers")
class TestFailures:
    """What becomes of a message that is not taken."""

    @pytest.mark.parametrize(
        ("status", "named", "lasting", "retry_after"),
        [
            (500, "500 (Internal Server Error)", False, None),
            (404, "404 (Not Found)", True, None),
            (401, "401 (Unauthorized)", True, None),
            (429, "429 (Too Many Requests)", False, 900.0),
        ],
    )
    def test_an_answer_that_says_no(
        self,
        courier: Courier,
        services: Services,
        status: int,
        named: str,
        lasting: bool,
        retry_after: float | None,
    ) -> None:
        outcome = send(courier, services.url(f"status/{status}/{SECRET}"))
        assert outcome.problem == f"The service answered {named}."
        assert (outcome.is_lasting, outcome.retry_after) == (lasting, retry_after)

    def test_nobody_there(self, courier: Courier, bench: Any, services: Services) -> None:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        bench.reconfigure(Settings(data_dir=bench._settings.data_dir, egress_allow=f"127.0.0.1:{port}"))
        outcome = send(courier, f"jsons://127.0.0.1:{port}/{SECRET}")
        assert outcome.problem == "The service could not be reached."
        assert not outcome.is_lasting

    def test_who_thinks_better_of_it_sends_nothing(self, courier: Courier, services: Services) -> None:
        def withhold() -> None:
            raise Withheld

        with pytest.raises(Withheld):
            send(courier, services.url("hook"), begin=withhold)
        assert services.heard == []


def test_one_that_says_nothing_is_left(
    courier: Courier, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever time its address allows it."""
    monkeypatch.setattr(couriers, "SECONDS", 10.0)
    outcome = send(courier, services.url("slow?rto=300&cto=300"))
    assert outcome.problem == "The service did not answer in time."
    assert services.arrived.is_set()
    assert not [one for one in psutil.Process().children() if "messenger" in " ".join(one.cmdline())]


class Trap:
    """Listens where nobody may come, and notes who does."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.listener.close()


class TestPrivateNetworks:
    """Nobody's address leads there."""

    @pytest.mark.usefixtures("warm_messengers")
    @pytest.mark.parametrize("scheme", ["json", "jsons", "ntfy", "gotify", "form", "xmls"])
    def test_this_machine(self, courier: Courier, trap: Trap, scheme: str) -> None:
        for host in ("127.0.0.1", "localhost"):
            outcome = send(courier, f"{scheme}://{host}:{trap.port}/{SECRET}")
            assert outcome.problem is not None
            assert "private network" in outcome.problem
            assert outcome.is_lasting
        assert trap.visits == 0

    @pytest.mark.usefixtures("warm_messengers")
    @pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "[::1]", "2130706433"])
    def test_metadata_and_neighbours(self, courier: Courier, host: str) -> None:
        outcome = send(courier, f"json://{host}/latest/meta-data")
        assert outcome.problem is not None
        assert outcome.is_lasting

    @pytest.mark.usefixtures("warm_messengers")
    def test_after_a_redirect(self, courier: Courier, services: Services, trap: Trap) -> None:
        outcome = send(courier, services.url(f"to/{trap.port}"))
        assert len(services.heard) == 1
        assert outcome.problem is not None
        assert "private network" in outcome.problem
        assert trap.visits == 0

    def test_a_proxy_in_the_environment_is_no_way_round(
        self, courier: Courier, trap: Trap, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert send(courier, services.url("hook")).problem is None
        assert send(courier, f"json://127.0.0.1:{trap.port}/").problem is not None
        assert trap.visits == 0


@pytest.mark.parametrize(
    "url",
    [
        "mailto://ada:secret@example.com",
        "syslog://",
        "dbus://",
        "gnome://",
        "windows://",
        "macosx://",
        "mqtt://broker.example/topic",
        "rsyslog://logs.example",
        "smpp://a:b@c.example/1/2",
        "xmpp://a:b@c.example",
        "irc://irc.example/birds",
        "file:///etc/passwd",
        "config://somewhere",
        "notify://own",
        "http://somewhere.example/hook",
        "nonsense",
        "",
    ],
)
def test_what_does_not_speak_http_is_no_target(url: str) -> None:
    assert scheme_of(url) is None


@pytest.mark.usefixtures("warm_messengers")
def test_an_address_is_looked_at_without_reaching_anybody(services: Services) -> None:
    assert is_understood(services.url("hook"))
    assert is_understood("mail:")
    assert not is_understood("discord://only-half")
    assert services.heard == []


def test_the_address_turns_up_nowhere(
    courier: Courier, services: Services, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    def look() -> None:
        processes = psutil.Process().children(recursive=True)
        seen.extend(" ".join(process.cmdline()) + str(process.environ()) for process in processes)

    with structlog.testing.capture_logs() as logs:
        for path in (f"status/500/{SECRET}", f"ok/{SECRET}"):
            outcome = send(courier, services.url(path), begin=look)
            assert SECRET not in str(outcome)
    assert any("messenger" in text for text in seen)
    assert SECRET not in "".join([*seen, str(logs), caplog.text, *capfd.readouterr()])


TRIES = """
import os, socket, subprocess, sys
from magpie.notifications.confinement import confine
import encodings.idna, certifi
confine(("127.0.0.1", int(sys.argv[1])))
TRIES = {
    "guard": lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5),
    "certificates": lambda: open(certifi.where()).read(1),
    "other port": lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5),
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/run/some.sock"),
    "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", int(sys.argv[2]))),
    "listening": lambda: socket.socket().bind(("127.0.0.1", 0)),
    "name": lambda: socket.getaddrinfo("names.example", 80),
    "program": lambda: subprocess.run(["true"]),
    "shell": lambda: os.system("true"),
    "fork": lambda: os.fork(),
    "file": lambda: open(sys.argv[3]),
    "way round": lambda: open(os.path.dirname(os.__file__) + "/../../../../../../../.." + sys.argv[3]),
    "new file": lambda: open(sys.argv[3] + ".new", "w"),
    "descriptor": lambda: os.open(sys.argv[3] + ".new", os.O_CREAT | os.O_WRONLY),
}
for name, attempt in TRIES.items():
    try:
        attempt()
        print(name)
    except PermissionError:
        pass
"""


def test_a_messenger_reaches_the_guard_and_nothing_else(
    services: Services, trap: Trap, tmp_path: Path
) -> None:
    """What a service of Apprise's might try: some read files that an address names."""
    secret = tmp_path / "secret"
    secret.write_text("planted")
    arguments = [sys.executable, "-c", TRIES, str(services.port), str(trap.port), str(secret)]
    found = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.split("\n") == ["guard", "certificates", ""]
    assert trap.visits == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("secret")] == ["secret"]


def test_idle_it_costs_nothing() -> None:
    """Apprise is loaded in the messenger's process only, and libav in those that look into files."""
    code = (
        "import sys, magpie.app; from magpie.plugins import plugins; plugins().problems;"
        "print(*{'apprise', 'requests', 'av', 'mutagen'} & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


FORBIDDEN = {
    *(
        "socket",
        "socketserver",
        "smtplib",
        "subprocess",
        "asyncio",
        "ctypes",
        "urllib3",
        "http",
        "ftplib",
        "imaplib",
    ),
    *(
        "ssl",
        "paho",
        "dbus",
        "gntp",
        "slixmpp",
        "smpplib",
        "websocket",
        "websockets",
        "pika",
        "hid",
        "serial",
    ),
    "multiprocessing",
}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_the_listed_services_speak_http_by_way_of_requests_only() -> None:
    """Of the Apprise that is installed."""
    import apprise.plugins

    present = {module.name for module in pkgutil.iter_modules(apprise.plugins.__path__)}
    assert set(MODULES.values()) <= present
    for module in set(MODULES.values()):
        path = Path(str(import_module(f"apprise.plugins.{module}").__file__))
        files = path.parent.rglob("*.py") if path.name == "__init__.py" else [path]
        names = set().union(*(_imported(file) for file in files))
        assert "requests" in names, module
        assert not names & FORBIDDEN, module


class TestMail:
    """To the user's own address, through the server's own mail server."""

    def test_it_arrives(self, courier: Courier, postbox: Postbox) -> None:
        settings = SETTINGS.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{postbox.port}"})
        outcome = courier.send(settings, "mail:", MESSAGE, recipient="ada@example.com")
        assert outcome.problem is None
        (mail,) = postbox.mails
        assert postbox.envelopes[0].rcpt_tos == ["ada@example.com"]
        assert (mail["Subject"], mail.get_content().splitlines()) == (MESSAGE.title, MESSAGE.body.split("\n"))

    def test_what_is_missing_is_said(self, courier: Courier, postbox: Postbox) -> None:
        settings = SETTINGS.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{postbox.port}"})
        assert "no mail address" in str(send_mail(courier, settings, None))
        assert "No mail server" in str(send_mail(courier, SETTINGS, "ada@example.com"))
        broken = SETTINGS.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
        assert "could not be sent" in str(send_mail(courier, broken, "ada@example.com"))


def send_mail(courier: Courier, settings: Settings, recipient: str | None) -> str | None:
    return courier.send(settings, "mail:", MESSAGE, recipient=recipient).problem
