"""The real downloading clients go through the guard, and are stopped by it."""

from __future__ import annotations

import os
import ssl
import subprocess
from pathlib import Path
from typing import Any

import curl_cffi
import httpx
import imageio_ffmpeg  # type: ignore[import-untyped]
import pytest
import requests
import yt_dlp  # type: ignore[import-untyped]

from magpie.kit.egress import EgressAccess, RefusalReason
from tests.kit.egress.doubles import SMALL, Origin

PRIVATE = "http://10.0.0.1/secret"


@pytest.fixture(params=["plain", "tls"])
def base(request: pytest.FixtureRequest, origin: Origin) -> str:
    found: str = getattr(origin, request.param)
    return found


def httpx_client(access: EgressAccess, origin: Origin) -> httpx.Client:
    context = ssl.create_default_context(cafile=origin.ca)
    return httpx.Client(proxy=access.url, verify=context, follow_redirects=True, trust_env=False)


def test_httpx(access: EgressAccess, origin: Origin, base: str) -> None:
    with httpx_client(access, origin) as client:
        assert client.get(f"{base}/a?b=c").content == SMALL
        assert client.post(f"{base}/up", content=b"z" * 300_000).content == b"z" * 300_000
    assert origin.seen[0][1] == "/a?b=c"
    assert not any(name.lower().startswith("proxy-") for _, _, headers, _ in origin.seen for name in headers)
    assert access.received > 300_000
    assert access.sent > 300_000
    assert set(access.hosts) == {"127.0.0.1"}


def test_a_redirect_to_a_private_address_is_refused(access: EgressAccess, origin: Origin, base: str) -> None:
    with httpx_client(access, origin) as client:
        answer = client.get(f"{base}/redirect", params={"to": PRIVATE})
    assert answer.status_code == 403
    assert answer.headers["X-Magpie-Egress"] == "refused"
    assert "10.0.0.1 is not a public internet address" in answer.text
    assert [(r.reason, r.host, r.port) for r in access.refusals] == [(RefusalReason.ADDRESS, "10.0.0.1", 80)]


def test_a_private_tls_address_is_refused(access: EgressAccess, origin: Origin) -> None:
    with httpx_client(access, origin) as client, pytest.raises(httpx.ProxyError, match="403"):
        client.get("https://192.168.0.1/")
    assert access.refusals[0].port == 443


def test_requests(access: EgressAccess, origin: Origin, base: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": access.url, "https": access.url}
        session.verify = str(origin.ca)
        assert session.get(f"{base}/a", timeout=10).content == SMALL
        assert session.get(PRIVATE, timeout=10).headers["X-Magpie-Egress"] == "refused"


def test_curl_cffi(access: EgressAccess, origin: Origin, base: str) -> None:
    trust: Any = str(origin.ca)
    with curl_cffi.Session[Any](
        proxy=access.url, verify=trust, impersonate="chrome", trust_env=False
    ) as session:
        assert session.get(f"{base}/a", timeout=10).content == SMALL
        assert session.get(PRIVATE, timeout=10).status_code == 403
        with pytest.raises(curl_cffi.CurlError):
            session.get("https://[::ffff:10.0.0.1]/", timeout=10)
    assert [refusal.host for refusal in access.refusals] == ["10.0.0.1", "10.0.0.1"]


def run_ffmpeg(access: EgressAccess, url: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-http_proxy", access.url),
        *(
            "-protocol_whitelist",
            "http,https,tcp,tls,httpproxy,crypto",
            "-i",
            url,
            "-f",
            "null",
            "-",
        ),
    ]
    full = access.environment({**os.environ, "NO_PROXY": "*", "no_proxy": "*", **env})
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=full, check=False)


@pytest.mark.parametrize("file", ["clip.mp4", "list.m3u8"])
def test_ffmpeg(access: EgressAccess, origin: Origin, base: str, file: str) -> None:
    done = run_ffmpeg(access, f"{base}/media/{file}", SSL_CERT_FILE=str(origin.ca))
    assert done.returncode == 0, done.stderr
    assert access.requests >= (1 if file == "clip.mp4" else 2)
    assert not access.refusals


def test_ffmpeg_is_refused(access: EgressAccess) -> None:
    assert run_ffmpeg(access, "http://10.0.0.1/a.mp4").returncode != 0
    assert access.refusals[0].host == "10.0.0.1"


def test_yt_dlp(access: EgressAccess, origin: Origin, base: str, tmp_path: Path) -> None:
    options: Any = {
        "proxy": access.url,
        "nocheckcertificate": True,
        "quiet": True,
        "noprogress": True,
        "no_warnings": True,
        "cachedir": False,
        "retries": 0,
        "outtmpl": str(tmp_path / "%(id)s.%(ext)s"),
    }
    with yt_dlp.YoutubeDL(options) as tool:
        assert tool.download([f"{base}/media/clip.mp4"]) == 0
        assert (tmp_path / "clip.mp4").stat().st_size > 0
        with pytest.raises(yt_dlp.utils.DownloadError, match="403"):
            tool.extract_info("http://10.0.0.1/clip.mp4", download=False)
    assert access.refusals[0].reason is RefusalReason.ADDRESS


def test_no_proxy_in_the_environment_is_taken_out(access: EgressAccess) -> None:
    env = access.environment({"NO_PROXY": "*", "no_proxy": "x", "Http_Proxy": "http://other", "PATH": "/bin"})
    assert env["PATH"] == "/bin"
    assert {key.lower() for key in env} == {"path", "http_proxy", "https_proxy", "all_proxy"}
    assert {value for key, value in env.items() if key != "PATH"} == {access.url}
