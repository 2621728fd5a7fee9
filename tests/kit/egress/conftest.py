"""The well-behaved site on loopback that the guard is pointed at, plain and TLS."""

from __future__ import annotations

import datetime as dt
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import imageio_ffmpeg  # type: ignore[import-untyped]
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from magpie.kit.egress import EgressAccess, EgressGuard, EgressPolicy
from tests.kit.egress.doubles import SMALL, Origin


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    origin: ClassVar[Origin]
    media: ClassVar[Path]

    def log_message(self, *args: object) -> None:
        """Quiet: the tests look at `seen`."""

    def do_GET(self) -> None:
        self._record(b"")
        parts = urlsplit(self.path)
        if parts.path == "/redirect":
            self._send(302, b"", Location=parse_qs(parts.query)["to"][0])
        elif parts.path.startswith("/media/"):
            file = self.media / Path(parts.path).name
            self._send(200, file.read_bytes()) if file.is_file() else self._send(404, b"")
        elif parts.path == "/posing":
            self._send(403, b"", **{"X-Magpie-Egress": "refused", "Proxy-Connection": "x", "Keep-Alive": "9"})
        else:
            self._send(200, SMALL)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._record(body)
        self._send(200, body)

    def _record(self, body: bytes) -> None:
        self.origin.seen.append((self.command, self.path, dict(self.headers), body))

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of these tests."""


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of video as one file and as HLS."""
    folder = tmp_path_factory.mktemp("media")
    source = ["-f", "lavfi", "-i", "testsrc=duration=1:size=64x64:rate=10"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *source]
    for output in (["clip.mp4"], ["-f", "hls", "-hls_time", "1", "list.m3u8"]):
        subprocess.run([*command, *output], cwd=folder, check=True, timeout=60)
    return folder


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate for 127.0.0.1 in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "egress test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "site.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def origin(media: Path, certificate: Path) -> Iterator[Origin]:
    """The well-behaved site, over http and https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site = type("Site", (_Site,), {"media": media})
    servers = [_Server(("127.0.0.1", 0), site) for _ in range(2)]
    servers[1].socket = context.wrap_socket(
        servers[1].socket, server_side=True, do_handshake_on_connect=False
    )
    found = Origin(servers[0].server_port, servers[1].server_port, certificate)
    site.origin = found  # type: ignore[attr-defined]
    threads = [threading.Thread(target=server.serve_forever, args=(0.02,)) for server in servers]
    for thread in threads:
        thread.start()
    yield found
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        thread.join(5)
        server.socket.close()


@pytest.fixture
def access() -> Iterator[EgressAccess]:
    """A pass of a guard that allows loopback."""
    with ExitStack() as stack:
        guard = stack.enter_context(EgressGuard(EgressPolicy(["127.0.0.0/8"])))
        yield stack.enter_context(guard.pass_for("job-1"))
