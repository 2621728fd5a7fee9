"""The child process: what it may do, how long, and when it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from magpie.podcasts.texts import child, kinds, reading, service
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.texts.kinds import Order

pytestmark = pytest.mark.once


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a text.txt"
    path.write_text("Of magpies\n\nThey build nests, and it is known that they do.", encoding="utf-8")
    return path


def test_a_text(text: Path) -> None:
    found = service.read_file(text, "a text.txt")
    assert (found.title, found.language, found.kind, found.address) == ("Of magpies", "en", "txt", None)
    assert found.text == text.read_text()


def test_faults_come_through(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        service.read_file(tmp_path, "folder")
    assert caught.value.code == "damaged"
    with pytest.raises(Unreadable) as caught:
        service.read_file(tmp_path / "gone", "gone.txt")
    assert caught.value.code == "damaged"
    (tmp_path / "empty").touch()
    with pytest.raises(Unreadable) as caught:
        service.read_file(tmp_path / "empty", "empty.txt")
    assert (caught.value.code, caught.value.message) == ("no_text", "The file is empty.")


def test_it_takes_no_longer_than_it_may(text: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        reading.read(Order(str(text), "x"), lambda: False, patience=0)
    assert caught.value.code == "too_slow"


def test_it_is_stopped_and_leaves_no_process(text: Path) -> None:
    before = {one.pid for one in psutil.Process().children()}
    with pytest.raises(Unreadable) as caught:
        reading.read(Order(str(text), "x"), lambda: True)
    assert caught.value.code == "stopped"
    assert {one.pid for one in psutil.Process().children()} <= before


def test_it_ends_with_whoever_wanted_the_text(tmp_path: Path) -> None:
    """It reads a pipe into which nothing comes, until its own stdin closes."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", WAITS.format(pipe=str(pipe))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"path": "", "name": "x"}\n')
        process.stdin.flush()
        with pipe.open("wb"):  # opens once it is being read
            assert process.poll() is None
            process.stdin.close()
            assert process.wait(30) == 1


WAITS = """
import sys
from magpie.podcasts.texts import child
child.read = lambda order, confine: open({pipe!r}, "rb").read()
sys.exit(child.main())
"""


def test_memory_is_bounded(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(_: Order, *, confine: bool) -> dict[str, object]:
        assert confine
        raise MemoryError

    monkeypatch.setattr(child, "read", greedy)
    answer = child.work({"path": str(text), "name": "x"}, lambda _: None)
    assert answer["failed"]["code"] == "too_large"


CONFINED = """
import socket, subprocess, sys, os
from magpie.podcasts.texts.child import _load, _watch
_load("html")
sys.addaudithook(_watch)
tries = [
    lambda: socket.create_connection(("127.0.0.1", {port}), 2),
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: os.fork(),
    lambda: open({path!r}, "w"),
    lambda: os.open({path!r}, os.O_CREAT | os.O_WRONLY),
]
for one in tries:
    try:
        one()
    except PermissionError:
        continue
    sys.exit("that was let through")
print(open({path!r}).read(3))
"""


def test_a_library_that_is_talked_into_something_gets_nowhere(text: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        program = CONFINED.format(port=listener.getsockname()[1], path=str(text))
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "Of \n", "")
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_what_servers_announce() -> None:
    assert all(
        map(
            kinds.is_welcome,
            ("", "text/html", "text/x-anything", "application/pdf", "application/octet-stream"),
        )
    )
    assert not any(
        map(kinds.is_welcome, ("image/png", "audio/mpeg", "application/json", "application/x-tar"))
    )


def test_the_server_imports_no_parsers() -> None:
    program = (
        "import sys, magpie.podcasts.texts.service, magpie.podcasts.llms.service, magpie.podcasts.llms.builtin;"
        "print([n for n in ('lxml', 'pypdf', 'docx', 'trafilatura', 'httpx') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
