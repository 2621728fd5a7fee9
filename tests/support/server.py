"""A real `magpie serve` or `magpie worker` in a process of its own, for tests that look from outside."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import httpx
import psutil

from tests.support.databases import lay_databases
from tests.support.warm import WarmProcess, nursery

START_SECONDS = 40.0
STOP_SECONDS = 20.0
PASSWORD = "correct horse battery"
# For clients that speak http only: reading all the certificates takes each of them longer than a request.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data_dir: Path, **settings: object) -> dict[str, str]:
    """The variables of an installation of its own; `settings` by field name."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAGPIE_")}
    defaults = {
        "data_dir": data_dir,
        "egress_allow": "127.0.0.1",
        "site_delay_seconds": 0,
        "site_concurrency": 8,
        "max_concurrent_downloads": 8,
        "free_space_reserve_gb": 0,
        "log_format": "json",
    }
    given = {f"MAGPIE_{name.upper()}": str(value) for name, value in {**defaults, **settings}.items()}
    return inherited | given


class Program:
    """`magpie serve` or `magpie worker` as the leader of a process group.

    Its databases lie there already, empty and up to date, unless its very first start is what the test is about.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        command: str = "serve",
        name: str = "server",
        first_start: bool = False,
        is_warm: bool = True,
        **settings: object,
    ) -> None:
        self.data_dir = data_dir
        self.first_start = first_start
        self.is_warm = is_warm  # see `tests.support.warm`
        self.command = command
        self.log = data_dir / f"{name}.log"
        self.port = free_port() if command == "serve" else 0
        self.environment = environment(data_dir, **settings)
        self.process: subprocess.Popen[bytes] | WarmProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, health: int = 200) -> Self:
        """Start it, and wait until it answers; `health` is the status of a server that something ails."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if "MAGPIE_DATABASE_URL" not in self.environment and not self.first_start:
            lay_databases(self.data_dir)
        arguments = [self.command]
        if self.command == "serve":
            arguments += ["--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = self._launched(arguments, log)
        atexit.register(self.end_with_the_tests)
        self._wait_until_up(health)
        return self

    def _launched(self, arguments: list[str], log: BinaryIO) -> subprocess.Popen[bytes] | WarmProcess:
        # Packages of its own are looked for when a program starts, which the warm one has done.
        if self.is_warm and self.environment.get("PYTHONPATH") == os.environ.get("PYTHONPATH"):
            return nursery().start(arguments, self.environment, self.data_dir, log.fileno(), log.fileno())
        return subprocess.Popen(
            [sys.executable, "-m", "magpie.cli", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.data_dir,
            start_new_session=True,
        )

    def _wait_until_up(self, health: int) -> None:
        if self.command == "serve":
            wait_for(
                lambda: self._answers(health),
                START_SECONDS,
                lambda: f"the server did not start:\n{self.log.read_text()}",
            )
        else:
            wait_for(lambda: "worker_started" in self.log.read_text(), START_SECONDS, self.log.read_text)

    def _answers(self, health: int) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log.read_text()}")
        # Not with httpx, which reads all certificates for each request: this is asked many times a second.
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == health
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self) -> int:
        """Ask it to stop, as a service manager does; the exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop:\n{self.log.read_text()[-4000:]}") from None

    def kill(self) -> None:
        """`kill -9` of the whole process group; job processes lead groups of their own and are not in it."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def end_with_the_tests(self) -> None:
        """A test that failed in the middle leaves no server behind."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()

    def client(self, username: str = "ada") -> httpx.Client:
        """A client that is signed in; the first one makes the first account."""
        client = httpx.Client(base_url=self.url, timeout=30, verify=NO_CERTIFICATES)
        body = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
        client.post("/auth/register", json=body)
        answer = client.post("/auth/login", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client


def wait_for(
    condition: Callable[[], Any], seconds: float, complaint: Callable[[], str] = lambda: "it did not happen"
) -> Any:
    """Poll until the condition holds and return what it gave; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(complaint())
        time.sleep(0.05)


def ended(client: httpx.Client, download_id: int, seconds: float = 30) -> dict[str, Any]:
    """The download once it has ended."""

    def look() -> dict[str, Any] | None:
        answer: dict[str, Any] = client.get(f"/api/v1/downloads/{download_id}").json()
        return answer if answer["status"] not in ("pending", "downloading") else None

    result: dict[str, Any] = wait_for(
        look, seconds, lambda: str(client.get(f"/api/v1/downloads/{download_id}").json())
    )
    return result
