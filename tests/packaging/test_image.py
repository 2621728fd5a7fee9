"""Dockerfile, compose.yaml and .env.example keep what the README promises; no Docker engine is needed to say so."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from devtools import checkout, page
from magpie.config import Settings, load_settings, names_of

ROOT = Path(__file__).resolve().parents[2]


def _instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with continued lines joined and comments dropped."""
    lines = [
        line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")
    ]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (word.upper(), rest.strip())
        for word, _, rest in (li.partition(" ") for li in joined.splitlines())
        if word
    ]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """Every variable of .env.example, most of them commented out, with the value shown."""
    found = re.findall(r"(?m)^#?([A-Z][A-Z0-9_]*)=(.*)$", (ROOT / ".env.example").read_text())
    assert len(found) == len(dict(found)), "a variable is there twice"
    return dict(found)


def test_the_image_is_lean_and_runs_without_root() -> None:
    last = [index for index, (word, _) in enumerate(_instructions()) if word == "FROM"][-1]
    final = _instructions()[last:]
    values = dict(final)
    assert last > 0, "one stage builds, another runs"
    assert values["USER"] not in {"root", "0"}
    assert "ffmpeg" in dict.fromkeys(" ".join(rest for word, rest in final if word == "RUN").split())
    assert set(json.loads(values["VOLUME"])) == {"/app/data", "/app/downloads"}
    assert json.loads(values["CMD"]) == ["magpie", "serve"]
    settings = dict(pair.split("=", 1) for word, rest in final if word == "ENV" for pair in shlex.split(rest))
    assert settings["MAGPIE_DATA_DIR"] == "/app/data"
    assert settings["MAGPIE_MEDIA_ROOT"] == "/app/downloads"
    assert settings["MAGPIE_HOST"] == "0.0.0.0"


def test_the_image_uses_the_versions_of_the_checkout() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert f"uv=={checkout.UV_VERSION}" in text
    assert page.NODE_WHEEL in text


def test_everything_that_is_copied_exists_and_is_sent() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    refused = [line for line in lines if line and line[0] not in "#!" and line != "*"]
    copies = [rest.split()[:-1] for word, rest in _instructions() if word == "COPY" and "--from" not in rest]
    for source in (name for names in copies for name in names):
        assert (ROOT / source).exists(), source
        assert source in allowed, source
    for secret in (".env", "web/.env", "data/secret.key"):
        top = secret.split("/")[0]
        matched = any(
            fnmatch(secret, pattern.removeprefix("**/"))
            or fnmatch(Path(secret).name, pattern.removeprefix("**/"))
            for pattern in refused
        )
        assert top not in allowed or matched, secret


class _Health(BaseHTTPRequestHandler):
    code = 200

    def do_GET(self) -> None:
        """Answers /health as the test wishes, everything else with 404."""
        self.send_response(self.code if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not into the test's output."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    handler = type("Handler", (_Health,), {})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_healthcheck_tells_health(server: HTTPServer, status: int, *, healthy: bool) -> None:
    server.RequestHandlerClass.code = status  # type: ignore[attr-defined]
    rest = next(rest for word, rest in _instructions() if word == "HEALTHCHECK")
    command = json.loads(rest[rest.index("CMD ") + 4 :])
    # A proxy in the environment must not come between.
    env = {**os.environ, "MAGPIE_PORT": str(server.server_port), "http_proxy": "http://127.0.0.1:9"}
    code = subprocess.run([sys.executable, *command[1:]], env=env, timeout=30, capture_output=True).returncode
    assert (code == 0) is healthy


def test_page_and_api_are_on_both_ports_with_postgresql(compose: dict[str, Any]) -> None:
    magpie = compose["services"]["magpie"]
    assert [port.rsplit(":", 1)[1] for port in magpie["ports"]] == ["8000", "8000"]
    assert {"8000", "3000"} == set(re.findall(r":-(\d+)\}", " ".join(magpie["ports"])))
    assert "postgresql://" in magpie["environment"]["DATABASE_URL"]
    assert magpie["environment"]["DATABASE_URL"] == magpie["environment"]["MAGPIE_DATABASE_URL"]
    assert magpie["depends_on"]["db"]["condition"] == "service_healthy"


def test_downloads_are_mounted_where_the_media_root_is(compose: dict[str, Any]) -> None:
    magpie = compose["services"]["magpie"]
    target = magpie["environment"]["MAGPIE_MEDIA_ROOT"]
    assert target == "/app/downloads"
    assert f"${{DOWNLOADS_HOST_PATH:-./downloads}}:{target}" in magpie["volumes"]
    assert f"data:{magpie['environment']['MAGPIE_DATA_DIR']}" in magpie["volumes"]


def test_no_password_is_written_down(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|KEY", variable) and not variable.endswith("_FILE"):
                assert value == "${%s:-}" % variable, f"{name}: {variable}"  # noqa: UP031
    assert "ports" not in compose["services"]["db"], "the database is for the other containers only"


def test_every_lasting_service_restarts_and_can_be_asked_for_its_health(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name == "init":
            continue
        assert service["restart"] == "unless-stopped", name
        assert "healthcheck" in service or service["build"] == ".", name
    used = {
        str(volume).split(":")[0] for service in compose["services"].values() for volume in service["volumes"]
    }
    assert {volume for volume in used if not volume.startswith("$")} == set(compose["volumes"])


def test_profile_ai_adds_the_three_services(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for name, service in services.items() if service.get("profiles") == ["ai"]} == {
        "ollama", "kyutai", "whisper",
    }  # fmt: skip
    assert services["whisper"]["image"].startswith("onerahmet/openai-whisper-asr-webservice")
    told = services["magpie"]["environment"]
    addresses = {name: told[name].partition(":-")[2].rstrip("}") for name in told if name.endswith("_URL")}
    for name, service in (("OLLAMA", "ollama"), ("KYUTAI", "kyutai"), ("WHISPER_ASR", "whisper")):
        address = urlsplit(addresses[f"MAGPIE_{name}_URL"])
        default = urlsplit(Settings.model_fields[f"{name.lower()}_url"].default)
        assert (address.hostname, address.port) == (service, default.port)


def test_the_password_is_made_once_and_only_readable_by_its_owner(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("keys", "data", "downloads"):
        (tmp_path / name).mkdir()
    script = compose["services"]["init"]["command"][0].replace("$$", "$")
    script = re.sub(r"(?<![\w.])/(keys|data|downloads)\b", rf"{tmp_path}/\1", script)
    owner = f"{os.getuid()}:{os.getgid()}"
    for _ in range(2):
        subprocess.run(["/bin/sh", "-euc", script], env={**os.environ, "OWNER": owner}, check=True)
    password = (tmp_path / "keys" / "postgres").read_text()
    passfile = tmp_path / "keys" / "pgpass"
    assert re.fullmatch(r"[0-9a-f]{64}", password)
    assert passfile.read_text() == f"*:*:*:magpie:{password}\n"
    assert stat.S_IMODE(passfile.stat().st_mode) == 0o600, (
        "libpq ignores a password file that others can read"
    )
    (tmp_path / "keys" / "pgpass").unlink()
    subprocess.run(["/bin/sh", "-euc", script], env={**os.environ, "OWNER": owner}, check=True)
    assert password in passfile.read_text(), "the password outlives its copy"


def test_every_setting_is_in_the_example(example: dict[str, str]) -> None:
    assert {names_of(field)[0] for field in Settings.model_fields} - set(example) == set()


def test_every_name_in_the_example_means_something(example: dict[str, str]) -> None:
    settings = {name for field in Settings.model_fields for name in names_of(field)}
    composed = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    assert set(example) - settings - composed == set()


def test_what_compose_asks_for_is_in_the_example(example: dict[str, str]) -> None:
    aliases = {name for field in Settings.model_fields for name in names_of(field)}
    composed = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    assert composed - set(example) - aliases == set()


def test_an_unchanged_copy_changes_nothing_and_shows_the_defaults(
    example: dict[str, str], tmp_path: Path
) -> None:
    copied = load_settings({}, ROOT / ".env.example")
    assert copied == load_settings({}, tmp_path / "absent")
    shown = {names_of(field)[0] for field in Settings.model_fields} & {
        name for name, value in example.items() if value
    }
    asserted = tmp_path / ".env"
    asserted.write_text("".join(f"{name}={example[name]}\n" for name in sorted(shown)))
    assert load_settings({}, asserted) == copied, "a value that .env.example shows is not the default"
