"""Behind a reverse proxy the audit log names the client, and nobody can make up another one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import POSTGRES
from tests.support.server import PASSWORD, Program

CLIENT = "198.51.100.7"
MADE_UP = {"X-Forwarded-For": f"192.0.2.66, {CLIENT}", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(("trusted", "seen"), [("127.0.0.1", CLIENT), ("", "127.0.0.1")])
def test_the_address_in_the_audit_log(
    request: pytest.FixtureRequest, tmp_path: Path, trusted: str, seen: str
) -> None:
    settings: dict[str, Any] = {"trusted_proxies": trusted}
    if POSTGRES:
        settings["database_url"] = request.getfixturevalue("postgres_url")
    with Program(tmp_path / "server", **settings) as program, closing(program.client("ada")) as client:
        wrong = {"username": "ada", "password": f"{PASSWORD}?", "cookie": True}
        with httpx.Client(base_url=program.url, headers=MADE_UP) as proxied:
            assert proxied.post("/auth/login", json=wrong).status_code == 401
            signed_in = proxied.post("/auth/login", json=wrong | {"password": PASSWORD})
        cookies = signed_in.headers.get_list("set-cookie")
        assert cookies
        assert all(("; secure" in cookie.lower()) is bool(trusted) for cookie in cookies)
        found = client.get("/api/v1/audit", params={"action": "login", "ip": seen}).json()["records"]
        assert {record["outcome"] for record in found} == {"success", "failure"}
        assert found[0]["username"] == "ada"
        assert client.get("/api/v1/audit", params={"ip": "192.0.2.66"}).json()["records"] == []
