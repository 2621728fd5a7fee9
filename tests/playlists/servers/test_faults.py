"""What goes wrong on the way to a server of any kind, and in it: each fault has its name, and no secret is in its words."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from magpie.playlists.servers import service, wire
from magpie.playlists.servers.port import Fault, Login, MediaServer, ServerFailed
from tests.playlists.servers.conftest import JELLYFIN_KEY, JELLYFIN_USER, PLEX_LOGIN, SUBSONIC_LOGIN
from tests.support.certificate import make_certificate
from tests.support.server import free_port
from tests.support.servers.double import Call, Double, Reply
from tests.support.servers.jellyfin_double import JellyfinDouble
from tests.support.servers.music import songs
from tests.support.servers.plex_double import GUEST, PlexDouble
from tests.support.servers.subsonic_double import SubsonicDouble

pytestmark = pytest.mark.once

KINDS: dict[str, tuple[Callable[..., Double], Login]] = {
    "plex": (PlexDouble, PLEX_LOGIN),
    "jellyfin": (JellyfinDouble, JELLYFIN_KEY),
    "subsonic": (SubsonicDouble, SUBSONIC_LOGIN),
}
PAGES = {"plex": "/web/index.html#!/", "jellyfin": "/web/#/home.html", "subsonic": "/app/#/login"}


@dataclass(slots=True)
class Pair:
    kind: str
    double: Double
    login: Login
    server: MediaServer

    def fault(self, ask: Callable[[], object]) -> Fault:
        """What `ask` fails with; its words name the server and nothing secret."""
        with pytest.raises(ServerFailed) as failed:
            ask()
        assert "127.0.0.1" in failed.value.message or "localhost" in failed.value.message
        _shows_nothing(failed.value, self.login)
        return failed.value.reason


def _shows_nothing(failure: ServerFailed, login: Login) -> None:
    words = f"{failure!r} {failure.message} {failure.__cause__!r}"
    for secret in (login.token, login.password):
        assert not secret or secret not in words


_opened: list[MediaServer] = []


def connect(kind: str, login: Login) -> MediaServer:
    """A connection that is closed when its test ends."""
    _opened.append(service.connect(kind, login))
    return _opened[-1]


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pair(kind: str) -> Iterator[Pair]:
    make, login = KINDS[kind]
    with make() as double:
        login = replace(login, url=double.url)
        server = connect(kind, login)
        yield Pair(kind, double, login, server)


def test_its_name_is_unknown(kind: str) -> None:
    server = connect(kind, replace(KINDS[kind][1], url="http://no-such-server.invalid:4000"))
    with pytest.raises(ServerFailed) as failed:
        server.check()
    assert failed.value.reason is Fault.DNS
    assert "no-such-server.invalid:4000" in failed.value.message


def test_nobody_listens(kind: str) -> None:
    server = connect(kind, replace(KINDS[kind][1], url=f"127.0.0.1:{free_port()}"))
    with pytest.raises(ServerFailed) as failed:
        server.check()
    assert failed.value.reason is Fault.REFUSED


def test_a_certificate_of_its_own_is_refused_until_it_is_allowed(kind: str, tmp_path: Path) -> None:
    make, login = KINDS[kind]
    certificate = make_certificate(tmp_path)
    with make(certificate=certificate.server) as double:
        with pytest.raises(ServerFailed) as failed:
            connect(kind, replace(login, url=double.url)).check()
        assert failed.value.reason is Fault.TLS
        assert "self-signed" in failed.value.message
        assert not double.calls
        server = connect(kind, replace(login, url=double.url, verify_tls=False))
        assert server.check().libraries


def test_encryption_where_there_is_none(pair: Pair) -> None:
    server = connect(pair.kind, replace(pair.login, url=pair.double.url.replace("http:", "https:")))
    assert pair.fault(server.check) is Fault.TLS


def test_it_does_not_answer(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", httpx.Timeout(0.2))
    pair.double.misbehave(hold=threading.Event())
    assert pair.fault(pair.server.check) is Fault.TIMEOUT


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, Fault.FAILING),
        (401, Fault.TOKEN),
        (403, Fault.NO_RIGHT),
        (404, Fault.NOT_FOUND),
        (413, Fault.TOO_LONG),
        (414, Fault.TOO_LONG),
        (431, Fault.TOO_LONG),
        (500, Fault.FAILING),
        (503, Fault.FAILING),
    ],
)
def test_its_refusals_of_a_write_have_names(pair: Pair, status: int, fault: Fault) -> None:
    made = pair.server.create("kept", [])
    before = len(pair.double.writes)
    pair.double.misbehave(write_status=status)
    track = next(iter(pair.server.tracks()))
    assert pair.fault(lambda: pair.server.add(made.id, [track.id])) is fault
    assert len(pair.double.writes) == before + 1
    pair.double.misbehave()
    assert pair.server.entries(made.id) == []


@pytest.mark.parametrize("status", [401, 500])
def test_its_refusals_of_everything_have_names(pair: Pair, status: int) -> None:
    pair.server.check()
    pair.double.misbehave(status=status)
    assert pair.fault(pair.server.check) is (Fault.TOKEN if status == 401 else Fault.FAILING)


def test_an_address_that_is_too_long_is_refused_by_the_server(pair: Pair) -> None:
    made = pair.server.create("kept", [])
    pair.double.max_address = 60
    if pair.kind != "subsonic":
        track = next(iter(songs(1)))
        keys = [f"{track.number}0000000000"] * 20
        assert pair.fault(lambda: pair.server.add(made.id, keys)) is Fault.TOO_LONG


def test_there_is_something_else(pair: Pair) -> None:
    pair.double.misbehave(page=b"<!DOCTYPE html><html><title>Router</title></html>")
    assert pair.fault(pair.server.check) is Fault.WRONG_KIND
    pair.double.misbehave(status=404)
    assert pair.fault(pair.server.check) is Fault.WRONG_KIND


@pytest.mark.parametrize("other", list(KINDS))
def test_there_is_a_server_of_another_kind(pair: Pair, other: str) -> None:
    if other == pair.kind:
        assert connect(other, pair.login).check().libraries
        return
    server = connect(other, replace(KINDS[other][1], url=pair.double.url))
    assert pair.fault(server.check) is Fault.WRONG_KIND


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"subsonic-response": 4}',
        b"<MediaContainer",
        b"[" * 200_000,
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><MediaContainer machineIdentifier="&b;"/>',
    ],
)
def test_it_talks_nonsense(pair: Pair, garbage: bytes) -> None:
    pair.double.misbehave(garbage=garbage)
    assert pair.fault(pair.server.check) in (Fault.WRONG_KIND, Fault.UNREADABLE)


@pytest.mark.parametrize(
    "garbage", [b"", b"{}", b"[4]", b'{"Items": [4, {}]}', b"<MediaContainer><a/></MediaContainer>"]
)
def test_it_begins_to_talk_nonsense(pair: Pair, garbage: bytes) -> None:
    """No answer to a question makes anything fall but a `ServerFailed`."""
    pair.server.check()
    pair.double.misbehave(garbage=garbage)
    for ask in (
        lambda: list(pair.server.tracks()),
        pair.server.playlists,
        lambda: pair.server.playlist("1"),
        lambda: pair.server.entries("1"),
        lambda: pair.server.create("x", ["1"]),
        lambda: pair.server.describe("1", description="x"),
        pair.server.count,
    ):
        try:
            ask()
        except ServerFailed as failure:
            assert failure.reason in (Fault.WRONG_KIND, Fault.UNREADABLE, Fault.NO_MUSIC)  # noqa: PT017


def test_it_sends_on_to_somebody_else(pair: Pair) -> None:
    with PlexDouble() as stranger:
        pair.double.misbehave(redirect=stranger.url)
        assert pair.fault(pair.server.check) is Fault.WRONG_KIND
        assert not stranger.calls


def test_it_sends_on_to_itself_for_ever(pair: Pair) -> None:
    pair.double.misbehave(redirect="")
    assert pair.fault(pair.server.check) is Fault.WRONG_KIND
    assert len(pair.double.calls) == 2


def test_it_sends_on_to_its_own_folder(kind: str) -> None:
    make, login = KINDS[kind]
    with make(base_path="/behind") as double:
        port = double.address.rsplit(":", 1)[1]
        # What lies outside the folder is sent into it, once for all that follows.
        double.outside = f"http://127.0.0.1:{port}/behind"
        server = connect(kind, replace(login, url=double.address))
        made = server.create("there", [])
        assert server.playlist(made.id) is not None


@pytest.mark.parametrize("done", [True, False])
def test_it_dies_in_the_middle_of_a_write(pair: Pair, done: bool) -> None:
    """A write is never sent again, and what became of it is read."""
    ids = [track.id for track in pair.server.tracks()][:4]
    made = pair.server.create("kept", ids[:2])
    pair.double.forget()
    pair.double.misbehave(die_at_write=2, die_done=done)
    pair.server.add(made.id, ids[2:3])
    assert pair.fault(lambda: pair.server.add(made.id, ids[3:4])) is Fault.LOST
    assert len(pair.double.writes) == 2
    held = [entry.track_id for entry in pair.server.entries(made.id)]
    assert held == (ids if done else ids[:3])


def test_it_dies_for_good(pair: Pair) -> None:
    made = pair.server.create("kept", [])
    ids = [track.id for track in pair.server.tracks()][:1]
    pair.double.misbehave(die_at_write=1, stay_dead=True)
    assert pair.fault(lambda: pair.server.add(made.id, ids)) is Fault.LOST
    pair.double.forget()
    assert pair.fault(lambda: pair.server.entries(made.id)) is Fault.LOST
    assert len(pair.double.calls) == 2  # a read is asked once more


def test_it_lies_about_a_playlist(pair: Pair) -> None:
    ids = [track.id for track in pair.server.tracks()][:4]
    made = pair.server.create("kept", ids)
    pair.double.misbehave(lie=lambda entries: entries[:-1])
    assert [entry.track_id for entry in pair.server.entries(made.id)] == ids[:3]
    pair.double.misbehave()
    assert [entry.track_id for entry in pair.server.entries(made.id)] == ids


def test_there_is_no_music() -> None:
    silent: list[tuple[str, Double, Login]] = [
        ("plex", PlexDouble(sections=[("1", "movie", "Films")]), PLEX_LOGIN),
        ("jellyfin", JellyfinDouble(has_music=False), JELLYFIN_KEY),
        ("jellyfin", JellyfinDouble(has_music=False), replace(JELLYFIN_USER, username="bob")),
        ("subsonic", SubsonicDouble(folders=[]), SUBSONIC_LOGIN),
    ]
    for name, double, login in silent:
        with double:
            server = connect(name, replace(login, url=double.url))
            with pytest.raises(ServerFailed) as failed:
                server.check()
            assert failed.value.reason is Fault.NO_MUSIC


def test_a_library_that_is_not_there(pair: Pair) -> None:
    if pair.kind != "subsonic":  # whose servers ignore it
        assert pair.fault(lambda: list(pair.server.tracks("99"))) is Fault.NO_MUSIC


def test_there_is_no_right_to_write() -> None:
    mute: list[tuple[str, Double, Login, Callable[[MediaServer], object]]] = [
        ("plex", PlexDouble(), replace(PLEX_LOGIN, token=GUEST), lambda s: s.create("mine", [])),
        ("plex", PlexDouble(), replace(PLEX_LOGIN, token=GUEST), lambda s: s.scan()),
        ("jellyfin", JellyfinDouble(), replace(JELLYFIN_USER, username="bob"), lambda s: s.scan()),
        ("subsonic", SubsonicDouble(may_write=False), SUBSONIC_LOGIN, lambda s: s.create("mine", [])),
    ]
    for name, double, login, ask in mute:
        with double:
            server = connect(name, replace(login, url=double.url))
            assert server.check().libraries
            with pytest.raises(ServerFailed) as failed:
                ask(server)
            assert failed.value.reason is Fault.NO_RIGHT


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "ftp://nas",
        "http://",
        "http://[::1",
        "https://alice:secret-pw@nas",
        "http://nas:99999",
        "x" * 5000,
        "file:///etc",
    ],
)
def test_what_is_no_address(kind: str, url: str) -> None:
    with pytest.raises(ServerFailed) as failed:
        connect(kind, replace(KINDS[kind][1], url=url))
    assert failed.value.reason is Fault.ADDRESS
    assert "secret-pw" not in str(failed.value)


def test_the_page_s_address_will_do(pair: Pair) -> None:
    for typed in (f"{pair.double.url}{PAGES[pair.kind]}", f"  {pair.double.url}/ ", pair.double.url[7:]):
        server = connect(pair.kind, replace(pair.login, url=typed))
        assert server.check().libraries


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nX-Evil: 1", "tökén", 'a", Evil="b'])
def test_what_is_no_token(token: str) -> None:
    for name in ("plex", "jellyfin"):
        with pytest.raises(ServerFailed) as failed:
            connect(name, Login("http://127.0.0.1:1", token=token))
        assert failed.value.reason is Fault.TOKEN


def test_nobody_to_sign_in_as(kind: str) -> None:
    with pytest.raises(ServerFailed) as failed:
        connect(kind, Login("http://127.0.0.1:1", username="alice"))
    assert failed.value.reason is Fault.TOKEN


def test_a_kind_that_is_not_there() -> None:
    with pytest.raises(LookupError):
        connect("winamp", PLEX_LOGIN)


def test_secrets_are_in_no_address_and_no_log(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pair.server.check()
    made = pair.server.create("x", [track.id for track in pair.server.tracks()][:3])
    pair.server.entries(made.id)
    secrets = [secret for secret in (pair.login.token, pair.login.password) if secret]
    assert secrets
    for secret in [*secrets, *(secret.encode().hex() for secret in secrets)]:
        assert secret not in caplog.text
        assert not any(secret in call.target for call in pair.double.calls)
        assert secret not in repr(pair.login)


def test_pages_are_fetched_as_they_are_consumed(kind: str) -> None:
    make, login = KINDS[kind]
    with make(music=songs(1700)) as double:
        server = connect(kind, replace(login, url=double.url))
        tracks = server.tracks()
        next(tracks)
        asked = len(double.calls)
        for _ in range(400):
            next(tracks)
        assert len(double.calls) == asked
        assert 401 + sum(1 for _ in tracks) == 1700
        assert len(double.calls) - asked in (3, 4)


def test_a_page_that_fails_ends_the_listing(kind: str) -> None:
    make, login = KINDS[kind]
    with make(music=songs(1200)) as double:
        server = connect(kind, replace(login, url=double.url))
        tracks = server.tracks()
        next(tracks)
        double.misbehave(status=500)
        with pytest.raises(ServerFailed):
            list(tracks)


def test_an_answer_has_its_bounds(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.server.check()
    with monkeypatch.context() as patch:
        patch.setattr(wire, "MAX_BYTES", 100)
        pair.double.misbehave(garbage=b" " * 200)
        assert pair.fault(pair.server.playlists) is Fault.UNREADABLE
    pair.double.misbehave()
    with monkeypatch.context() as patch:
        patch.setattr(wire, "MAX_SECONDS", -1)
        assert pair.fault(pair.server.check) is Fault.TIMEOUT
    assert pair.server.check().libraries


def test_an_answer_that_unpacks_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kilobyte on the wire, a megabyte unpacked."""

    class Bomb(PlexDouble):
        def reply(self, call: Call) -> Reply:
            return Reply(gzip.compress(bytes(1 << 20)), headers=(("Content-Encoding", "gzip"),))

    monkeypatch.setattr(wire, "MAX_BYTES", 1 << 16)
    with Bomb() as double:
        with pytest.raises(ServerFailed) as failed:
            connect("plex", replace(PLEX_LOGIN, url=double.url)).check()
        assert failed.value.reason is Fault.UNREADABLE
