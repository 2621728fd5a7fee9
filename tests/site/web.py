"""The made-up media web and its remote control."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from magpie.demo.media import Studio
from magpie.demo.server import Connection, ConnectionKey, LoopbackServer
from magpie.demo.site import Showroom
from tests.site.behaviour import PRESETS, Behaviour, ConnectionGone, Misbehaving, Rule, pause
from tests.site.channels import Channel, Channels
from tests.site.files import Files
from tests.site.galleries import Galleries
from tests.site.recorder import Recorder, Seen, State
from tests.site.sponsors import Sponsors
from tests.site.streams import LiveStream, Streams
from tests.site.trouble import Trouble
from tests.site.tube import Tube


class _Progress:
    """Tells when an answer is whole: its promised length is reached, or its last message has come."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._left: int | None = None
        self._over = False

    def add(self, message: Message) -> bool:
        """Takes one message of the answer; says, once, that nothing is missing after it."""
        if message["type"] == "http.response.start":
            lengths = [int(value) for name, value in message["headers"] if name == b"content-length"]
            self._left = lengths[0] if lengths and self._method != "HEAD" else None
            return False
        if self._left is not None:
            self._left -= len(message.get("body", b""))
        whole = not message.get("more_body", False) or self._left == 0
        first, self._over = whole and not self._over, whole
        return first


class MediaWeb:
    """Serves on loopback while the `with` block lasts. `folder` caches media between webs; `latency`
    (seconds, may be changed at any time) passes before every answer. Nothing is shared between two webs but
    that folder."""

    def __init__(self, folder: Path, latency: float = 0.0, *, host: str = "127.0.0.1") -> None:
        self.latency = latency
        self.recorder = Recorder()
        studio = Studio(folder)
        self.files = Files(studio)
        self.streams = Streams(self.files)
        self.channels = Channels()
        self.galleries = Galleries(self.files)
        self.trouble = Trouble(self.files)
        self.tube = Tube()
        self.sponsors = Sponsors()
        showroom = Showroom(studio)
        self._rules: list[Rule] = []
        self._presets: dict[tuple[str, str], Rule] = {}
        self._guard = threading.Lock()
        self._open: dict[ConnectionKey, int] = {}
        parts = (
            self.files,
            self.channels,
            self.streams,
            self.galleries,
            self.trouble,
            self.sponsors,
            self.tube,
            showroom,
        )
        self._app = Starlette(routes=[route for part in parts for route in part.routes()])
        self._server = LoopbackServer(self._serve, host=host, on_lost=self._lost)
        self.base = self._server.url
        for part in (self.channels, self.galleries, self.trouble, showroom):
            part.base = self.base

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    # Addresses and things to serve

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    def url(self, path: str = "/", preset: str | None = None) -> str:
        """The whole address of a path, if wanted under a preset behaviour (`behaviour.PRESETS`)."""
        if preset is not None and preset not in PRESETS:
            raise KeyError(preset)
        return f"{self.base}/as/{preset}{path}" if preset else f"{self.base}{path}"

    def channel(self, name: str, items: int = 0, **settings: Any) -> Channel:
        """The channel of that name at `/channels/{name}`; made with so many items if there is none yet."""
        channel = self.channels.known.get(name)
        if channel is None:
            channel = self.channels.known[name] = Channel(name, items)
        for key, value in settings.items():
            if not hasattr(channel, key):
                raise AttributeError(key)
            setattr(channel, key, value)
        return channel

    def live(self, name: str, **how: Any) -> LiveStream:
        """A new live stream at `/live/{name}/index.m3u8`; `how`: see `LiveStream`."""
        stream = self.streams.live[name] = LiveStream(name, **how)
        return stream

    # Misbehaviour

    def behave(self, path: str, behaviour: Behaviour | None = None, **how: Any) -> Rule:
        """From now on, requests for the path (or pattern, `/files/*`) meet this behaviour; later rules
        win."""
        rule = Rule(path, behaviour or Behaviour(**how))
        with self._guard:
            self._rules.insert(0, rule)
        return rule

    def forgive(self, rule: Rule | None = None) -> None:
        """Takes back one rule, or all; whoever hangs by it goes on."""
        with self._guard:
            gone = [rule] if rule else list(self._rules)
            self._rules = [known for known in self._rules if known not in gone]
        for known in gone:
            self.release(known)

    def release(self, rule: Rule) -> None:
        """Lets every present and later request go on that hangs by this rule."""
        self._server.call(rule.gate.set)

    @contextmanager
    def behaving(self, path: str, **how: Any) -> Iterator[Rule]:
        """`behave` while the block lasts."""
        rule = self.behave(path, **how)
        try:
            yield rule
        finally:
            self.forgive(rule)

    # What was asked for

    @property
    def requests(self) -> list[Seen]:
        """Every request so far, oldest first."""
        return self.recorder.all()

    def count(self, pattern: str = "*", **wanted: Any) -> int:
        """How many requests fit; see `Recorder.select` for `wanted` (method, state, sent, status)."""
        return len(self.recorder.select(pattern, **wanted))

    @property
    def peak(self) -> int:
        """The most requests that were ever answered at the same time since the last `recorder.clear`."""
        return self.recorder.peak

    def wait_for(
        self,
        pattern: str = "*",
        *,
        count: int = 1,
        method: str | None = None,
        state: State | None = None,
        sent: int = 0,
        timeout: float = 30.0,
    ) -> Seen:
        """Blocks until `count` requests fit and answers the last. Raises `TimeoutError` that lists what was
        seen."""

        def fitting() -> list[Seen]:
            return self.recorder.select(pattern, method=method, state=state, sent=sent)

        self.recorder.wait(
            lambda: len(fitting()) >= count, timeout, f"{count} request(s) for {pattern} {state or ''}"
        )
        return fitting()[-1]

    def wait_until_downloading(self, pattern: str, *, sent: int = 1, timeout: float = 30.0) -> Seen:
        """Blocks until someone is in the middle of downloading: has so many bytes and is not done."""
        return self.wait_for(pattern, state="open", sent=sent, timeout=timeout)

    def wait_until_idle(self, pattern: str = "*", *, timeout: float = 30.0) -> None:
        """Blocks until nobody is being answered: every client is served or gone."""
        self.recorder.wait(
            lambda: self.count(pattern, state="open") == 0, timeout, f"the end of all {pattern}"
        )

    # The server's side

    def _lost(self, client: ConnectionKey) -> None:
        number = self._open.pop(client, None)
        if number is not None:
            self.recorder.end(number, "broken")

    def _rule(self, path: str) -> Rule | None:
        with self._guard:
            rules = [rule for rule in self._rules if fnmatchcase(path, rule.pattern)]
        return next((rule for rule in rules if rule.applies()), None)

    def _preset(self, scope: Scope) -> tuple[Scope, Rule | None]:
        """Splits `/as/{preset}{path}`; each such address has its own count of requests."""
        head, _, rest = scope["path"].removeprefix("/as/").partition("/")
        if head not in PRESETS or not scope["path"].startswith("/as/"):
            return scope, None
        with self._guard:
            rule = self._presets.setdefault((head, rest), Rule(f"/{rest}", PRESETS[head]))
        raw = scope["raw_path"].removeprefix(b"/as/" + head.encode())
        inner = {**scope, "path": f"/{rest}", "raw_path": raw}
        return inner, rule if rule.applies() else None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes the request, waits the latency, and answers through whatever behaviour the path has."""
        client: ConnectionKey = scope["client"]
        connection = self._server.connections.get(client)
        if connection is None:
            return
        number = self._open[client] = self.recorder.begin(dict(scope))
        progress = _Progress(scope["method"])

        async def noted(message: Message) -> None:
            if connection.lost.is_set():
                raise ConnectionGone
            self.recorder.update(number, status=message.get("status"), sent=len(message.get("body", b"")))
            whole = progress.add(message)
            if whole:
                # Before the last bytes leave: a client that has them all may go, or ask again on this connection.
                self._open.pop(client, None)
            await send(message)
            if whole:
                self.recorder.end(number, "done")

        try:
            if self.latency:
                await pause(connection, self.latency)
            await self._answer(scope, receive, noted, connection)
        except ConnectionGone:
            await connection.lost.wait()
        finally:
            if self._open.get(client) == number:
                self._lost(client)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, connection: Connection) -> None:
        rule = self._rule(scope["path"])
        inner, preset = self._preset(scope)
        rule = rule or preset
        if rule is None:
            await self._app(inner, receive, send)
        else:
            await Misbehaving(rule, connection).run(self._app, inner, receive, send)
