"""One file behind two servers: ours, where the kernel sends it, and one that knows nothing but bytes; and a library with
media of many kinds behind the whole application."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from magpie.accounts.models import SESSION_ID_LENGTH, LoginSession, SessionKind, User
from magpie.accounts.security import token_signer
from magpie.accounts.tokens import Claims
from magpie.app import build_api
from magpie.config import Settings
from magpie.context import AppContext, build_context
from magpie.demo.media import Recipe, Studio
from magpie.kit.bounds import BoundedHttp
from magpie.kit.clock import utcnow
from magpie.kit.web import install_error_handlers
from magpie.library.models import Item, ItemFile, Membership
from magpie.library.playing.files import answer
from magpie.library.playing.service import Playing
from tests.support.media import made_media
from tests.support.server import wait_for

CONTENT = bytes(range(256)) * 37 + b"the end"


@dataclass(slots=True)
class Served:
    """What the servers answer with at the moment."""

    path: Path
    name: str = "clip.mp4"
    mime: str = "video/mp4"
    download: bool = False


def application(served: Served) -> FastAPI:
    app = FastAPI()
    install_error_handlers(app)

    @app.head("/file")
    @app.get("/file")
    def get_file(request: Request) -> Response:
        return answer(request, served.path, name=served.name, mime=served.mime, download=served.download)

    return app


class Running:
    """Our server, with its own protocol, in a thread."""

    def __init__(self, app: FastAPI) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, http=BoundedHttp, log_config=None, lifespan="off"))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self._thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def __enter__(self) -> Running:
        self._thread.start()
        wait_for(lambda: self.server.started, 10)
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.should_exit = True
        self._thread.join(10)
        self.socket.close()

    def connect(self, receiving: int | None = None) -> socket.socket:
        """`receiving`: bytes that the connection's own end takes ahead of its reader."""
        connection = socket.socket()
        if receiving is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiving)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", self.port))
        return connection


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    path.write_bytes(CONTENT)
    return Served(path)


@pytest.fixture(scope="module")
def kernel_server(served: Served) -> Iterator[Running]:
    with Running(application(served)) as running:
        yield running


@pytest.fixture(scope="module", params=["kernel", "bytes"])
def client(request: pytest.FixtureRequest, served: Served) -> Iterator[httpx.Client]:
    if request.param == "bytes":
        plain = TestClient(application(served), raise_server_exceptions=False)
        yield cast("httpx.Client", plain)  # its twin under another name
        return
    running: Running = request.getfixturevalue("kernel_server")
    with httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=20) as opened:
        yield opened


# What ffmpeg makes of itself: a quarter is loud, the rest is silent.
_PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration={seconds}")
_SOUND = (
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=440:sample_rate=44100:duration={loud},apad=whole_dur={seconds}",
)
FILM = (*_PICTURE, *_SOUND)
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p")
RECIPES = {
    "plain.mp4": (*FILM, *H264, "-c:a", "aac"),
    "plain.mkv": (*FILM, *H264, "-c:a", "aac"),
    "dolby.mkv": (*FILM, *H264, "-c:a", "ac3"),
    # More than the buffers between both ends take.
    "heavy.mkv": (
        "-f",
        "lavfi",
        "-i",
        "nullsrc=size=480x360:rate=10:duration={seconds},noise=alls=100:allf=t",
        *H264,
        "-qp",
        "1",
    ),
    "old.avi": (*FILM, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "new.webm": (*FILM, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"),
    "silent.mkv": (*_PICTURE, *H264),
    "song.mp3": (*_SOUND, "-c:a", "libmp3lame"),
    "song.wma": (*_SOUND, "-c:a", "wmav2"),
}
MIMES = {
    "mp4": "video/mp4", "mkv": "video/x-matroska", "avi": "video/x-msvideo", "webm": "video/webm", "mp3": "audio/mpeg",
    "wma": "audio/x-ms-wma", "bin": "application/octet-stream", "png": "image/png",
}  # fmt: skip
SECONDS = 8.0
OWNER, STRANGER = 1, 2


@pytest.fixture(scope="session")
def media() -> Callable[..., Path]:
    """Makes a file of one of the recipes, once for each length in seconds."""
    studio = Studio(made_media())

    def make(name: str, seconds: float = SECONDS) -> Path:
        parts = [part.format(seconds=seconds, loud=seconds / 4) for part in RECIPES[name]]
        return studio.make(Recipe(name, (*parts, "-shortest")))

    return make


class Library:
    """The application with items whose files are real, and people who ask for them."""

    def __init__(self, context: AppContext) -> None:
        self.context = context
        self.app = build_api(context)
        self.playing: Playing = self.app.state.playing
        with context.database.write() as session:
            for number, name in ((OWNER, "ada"), (STRANGER, "bob")):
                session.add(
                    User(id=number, username=name, username_key=name, password_hash="-", created_at=utcnow())
                )

    def token(self, user_id: int) -> str:
        """What signs this user in."""
        now = utcnow()
        row = LoginSession(
            id=secrets.token_hex(SESSION_ID_LENGTH // 2),
            user_id=user_id,
            kind=SessionKind.BEARER,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=1),
        )
        with self.context.database.write() as session:
            session.add(row)
        return token_signer(self.context).issue(Claims(user_id, row.id), row.created_at, row.expires_at)

    def add(self, content: Path | bytes, name: str, kind: str | None = None) -> int:
        """An item of the owner's with this one file; its number."""
        path = self.context.settings.media_root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        mime = MIMES[path.suffix[1:]]
        with self.context.database.write() as session:
            item = Item(
                extractor="test", source_id=name, kind=kind or mime.partition("/")[0], quality="best", title=name,
                site="here", source_url="http://here.example/", size=path.stat().st_size,
            )  # fmt: skip
            item.files = [ItemFile(path=name, role="media", position=0, size=item.size, mime=mime)]
            session.add(item)
            session.flush()
            session.add(Membership(item_id=item.id, user_id=OWNER))
            return item.id


@pytest.fixture
def library(database_url: str, tmp_path: Path) -> Iterator[Library]:
    context = build_context(Settings(data_dir=tmp_path / "data", database_url=database_url))
    library = Library(context)
    yield library
    library.playing.stop()
    context.close()


@pytest.fixture
def player(library: Library) -> Iterator[httpx.Client]:
    """A client of the library behind our server; the owner's."""
    owner = {"Authorization": f"Bearer {library.token(OWNER)}"}
    with (
        Running(library.app) as running,
        httpx.Client(
            base_url=f"http://127.0.0.1:{running.port}/api/v1/items", timeout=60, headers=owner
        ) as client,
    ):
        yield client
