"""Settings over HTTP, and how hosts take them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update
from starlette.testclient import WebSocketDenialResponse

from magpie.admin.settings import service
from magpie.admin.settings.models import SavedSetting
from magpie.app import build_api
from magpie.audit.models import AuditRecord
from magpie.config import Settings, is_runtime, is_secret
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.kit.logs import MASK
from tests.accounts.conftest import register, sign_in
from tests.admin.settings.conftest import Host

URL = "/api/v1/settings"
PROXY = "http://ada:swordfish@proxy.example:3128"


def put(client: TestClient, **values: Any) -> Response:
    return client.put(URL, json=values)


def fact(client: TestClient, name: str) -> dict[str, Any]:
    facts: list[dict[str, Any]] = client.get(f"{URL}/schema").json()
    return next(one for one in facts if one["name"] == name)


def fault(answer: Response) -> dict[str, Any]:
    """The one fault of an answer 400."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert body["detail"] == "Validation Error"
    (only,) = body["errors"]
    return dict(only)


# The declarations.


def test_every_setting_says_whether_it_may_change_at_run_time() -> None:
    undeclared = [
        name
        for name, info in Settings.model_fields.items()
        if not isinstance(info.json_schema_extra, dict)
        or not isinstance(info.json_schema_extra.get("runtime"), bool)
    ]
    assert undeclared == []


def test_the_documentation_says_of_each_when_a_change_counts() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `MAGPIE_{name.upper()}` |")]
        counts = "at once" if is_runtime(name) else "at the next start"
        assert f" | {counts} | " in row


# The object.


@pytest.mark.parametrize("path", [URL, f"{URL}/"])
def test_the_object_is_the_seeds_and_more(admin: TestClient, context: AppContext, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    body = answer.json()
    assert body["link_monitor_interval_minutes"] == 60
    assert body["max_concurrent_downloads"] == 4
    assert body["media_root"] == str(context.settings.media_root)
    assert body["site_cookies_json"] == "{}"
    assert body["servers"] == []
    for name in Settings.model_fields:
        assert (name in body) == is_runtime(name), name


def test_only_superusers_see_and_change_settings(admin: TestClient, context: AppContext) -> None:
    assert put(admin, allow_registration=True).status_code == 200
    with TestClient(build_api(context), base_url="http://magpie.test") as other:
        calls = [("GET", URL), ("PUT", URL), ("GET", f"{URL}/schema"), ("DELETE", f"{URL}/saved/debug")]
        for method, path in calls:
            assert other.request(method, path, json={}).status_code == 401
        register(other, "bob")
        other.headers.update(sign_in(other, "bob"))
        for method, path in calls:
            assert other.request(method, path, json={}).status_code == 403


@pytest.mark.parametrize("path", [URL, f"{URL}/"])
def test_a_change_counts_at_once_and_for_good(
    admin: TestClient, context: AppContext, host: Host, path: str
) -> None:
    answer = admin.put(path, json={"max_concurrent_downloads": 9, "site_delay_seconds": 0.5})
    assert answer.status_code == 200
    assert answer.json()["max_concurrent_downloads"] == 9
    assert answer.json()["allow_registration"] is False
    assert context.settings.max_concurrent_downloads == 9
    assert admin.get(URL).json() == answer.json()
    restarted = host()
    assert (restarted.settings.max_concurrent_downloads, restarted.settings.site_delay_seconds) == (9, 0.5)


def test_registration_opens_at_once(admin: TestClient) -> None:
    assert admin.get("/api/v1/setup-state").json()["registration_open"] is False
    assert put(admin, allow_registration=True).status_code == 200
    assert admin.get("/api/v1/setup-state").json()["registration_open"] is True


def test_what_was_answered_can_be_sent_back_as_a_whole(admin: TestClient) -> None:
    assert put(admin, proxy=PROXY, site_cookies_json='{"a": "x=1", "b": "cookies/b.txt"}').status_code == 200
    before = admin.get(URL).json()
    answer = admin.put(URL, json=before)
    assert answer.status_code == 200, answer.text
    assert answer.json() == before
    answer = admin.put(URL, json={**before, "link_monitor_interval_minutes": 15})
    assert answer.json() == {**before, "link_monitor_interval_minutes": 15}


def test_an_unchanged_value_is_not_saved(admin: TestClient, database: Database) -> None:
    assert put(admin, max_concurrent_downloads=4, debug=None).status_code == 200
    with database.read() as session:
        assert session.scalars(select(SavedSetting)).all() == []


# What is refused.


def test_what_the_environment_sets_is_refused_with_the_variables_name(
    admin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert put(admin, session_days=7).status_code == 200  # as it is
    answer = put(admin, session_days=8, debug=True)
    assert answer.status_code == 409
    assert "MAGPIE_SESSION_DAYS" in answer.json()["detail"]
    assert admin.get(URL).json()["debug"] is False


def test_an_earlier_programs_name_of_the_variable_is_the_one_that_is_named(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_CONCURRENT_DOWNLOADS", "3")
    with TestClient(build_api(host(max_concurrent_downloads=3)), base_url="http://magpie.test") as client:
        register(client)
        client.headers.update(sign_in(client))
        answer = put(client, max_concurrent_downloads=5)
        assert answer.status_code == 409
        assert " MAX_CONCURRENT_DOWNLOADS " in answer.json()["detail"]
        assert fact(client, "max_concurrent_downloads")["locked_by"] == "MAX_CONCURRENT_DOWNLOADS"


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_concurrent_downloads", 0),
        ("max_concurrent_downloads", 65),
        ("max_concurrent_downloads", "many"),
        ("site_delay_seconds", -1),
        ("link_monitor_interval_minutes", 1.5),
        ("debug", "perhaps"),
        ("public_url", 7),
        ("servers", "Plex"),
        ("host", "0.0.0.0"),
        ("max_downloads", 3),
    ],
)
def test_what_has_the_wrong_shape_is_a_schema_fault(admin: TestClient, name: str, value: object) -> None:
    before = admin.get(URL).json()
    answer = put(admin, **{name: value, "session_days": 7})
    assert answer.status_code == 422
    assert all(name in one["loc"] for one in answer.json()["detail"])
    assert admin.get(URL).json() == before


@pytest.mark.once
def test_endless_numbers_are_refused(admin: TestClient) -> None:
    answer = admin.put(
        URL, content=b'{"max_file_gb": Infinity}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("egress_allow", "not a host!", "neither a host"),
        ("proxy", "socks5://127.0.0.1:1080", "must look like http://"),
        ("public_url", "https://a.example\nX: y", "without control characters"),
        ("public_url", "media.example", "must look like https://"),
        ("public_url", "https://[", "Invalid IPv6"),
        ("public_url", "javascript://x/", "must look like https://"),
        ("allowed_hosts", "elsewhere.example", "lock yourself out"),
        ("site_cookies_json", "pixiv", "must be a JSON object"),
        ("site_cookies_json", '["a"]', "must be a JSON object"),
        ("site_cookies_json", '{"a": ""}', "must be a JSON object"),
        ("site_cookies_json", '{"a": 3}', "must be a JSON object"),
        ("site_cookies_json", "[" * 100_000, "must be a JSON object"),
        ("site_cookies_json", '{"a": "/etc/passwd"}', "must lie in the folder cookies"),
        ("site_cookies_json", '{"a": "../secret.key"}', "must lie in the folder cookies"),
        ("site_cookies_json", '{"a": "cookies/../secret.key"}', "must lie in the folder cookies"),
        ("site_cookies_json", '{"a": "x\\u0000y"}', "must lie in the folder cookies"),
        ("site_cookies_json", json.dumps({"a": MASK}), "no cookies of 'a' to keep"),
        ("site_cookies_json", '{"\\ud800": "/x"}', "must lie in the folder cookies"),
    ],
)
def test_what_breaks_a_rule_is_refused(admin: TestClient, name: str, value: str, words: str) -> None:
    before = admin.get(URL).json()
    found = fault(put(admin, **{name: value}))
    assert words in found["msg"]
    assert found["loc"] == ["body", name]
    assert admin.get(URL).json() == before


@pytest.mark.once
def test_half_a_character_is_refused(admin: TestClient) -> None:
    answer = admin.put(
        URL, content=b'{"public_url": "\\ud800"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


# Secrets.


def test_a_secret_is_written_and_never_read(
    admin: TestClient, context: AppContext, database: Database
) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = put(admin, proxy=PROXY)
    assert (answer.json()["proxy"], answer.json()["has_proxy"]) == (None, True)
    assert context.settings.proxy == PROXY
    described = fact(admin, "proxy")
    assert (described["value"], described["has_value"], described["secret"]) == (None, True, True)
    with database.read() as session:
        stored = session.get(SavedSetting, "proxy")
        audited = session.scalars(select(AuditRecord).where(AuditRecord.action == "settings.update")).all()
        assert stored is not None
        texts = [str(stored.value), str(audited[0].details), str(lines), answer.text]
    assert context.vault.open(str(stored.value)) == PROXY
    assert not any("swordfish" in text for text in texts)
    assert put(admin, proxy=None).json()["has_proxy"] is True
    assert put(admin, proxy="").json()["has_proxy"] is False


def test_cookies_are_masked_and_their_files_named(
    admin: TestClient, context: AppContext, database: Database
) -> None:
    files = context.settings.data_dir / "cookies"
    given = {
        "pixiv": "/etc/../" + str(files / "pixiv.txt"),
        "tube": "tube.txt",
        "shop": "session=swordfish; theme=dark",
        "netscape": "# Netscape\n.example.com\tTRUE\t/\tTRUE\t0\tsid\tswordfish\n",
        "json": [{"name": "sid", "value": "swordfish"}],
    }
    answer = put(admin, site_cookies_json=json.dumps(given))
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.json()["site_cookies_json"]) == {
        "pixiv": "cookies/pixiv.txt",
        "tube": "cookies/tube.txt",
        "shop": MASK,
        "netscape": MASK,
        "json": MASK,
    }
    assert json.loads(context.settings.site_cookies_json)["json"] == given["json"]
    with database.read() as session:
        stored = session.get(SavedSetting, "site_cookies_json")
        assert stored is not None
        assert "swordfish" not in str(stored.value)
    assert "swordfish" not in admin.get(f"{URL}/schema").text
    kept = put(admin, site_cookies_json=json.dumps({"shop": MASK, "new": "a=b"}))
    assert json.loads(kept.json()["site_cookies_json"]) == {"shop": MASK, "new": MASK}
    assert json.loads(context.settings.site_cookies_json) == {"shop": given["shop"], "new": "a=b"}
    assert put(admin, site_cookies_json="{}").json()["site_cookies_json"] == "{}"


def test_a_link_in_the_cookies_folder_does_not_lead_out(admin: TestClient, context: AppContext) -> None:
    files = context.settings.data_dir / "cookies"
    files.mkdir(parents=True)
    (files / "key.txt").symlink_to(context.settings.data_dir / "secret.key")
    assert "must lie" in fault(put(admin, site_cookies_json='{"a": "key.txt"}'))["msg"]


def test_a_file_elsewhere_that_the_environment_names_is_masked(host: Host) -> None:
    context = host(site_cookies_json='{"a": "/srv/private/a.txt"}')
    with TestClient(build_api(context), base_url="http://magpie.test") as client:
        register(client)
        client.headers.update(sign_in(client))
        assert json.loads(client.get(URL).json()["site_cookies_json"]) == {"a": MASK}
        assert client.put(URL, json=client.get(URL).json()).status_code == 200


# The description.


def test_each_setting_is_described(admin: TestClient) -> None:
    facts = admin.get(f"{URL}/schema").json()
    assert [one["name"] for one in facts] == list(Settings.model_fields)
    for one in facts:
        assert one["meaning"]
        assert one["variables"][0] == f"MAGPIE_{one['name'].upper()}"
        assert one["needs_restart"] is not is_runtime(one["name"])
        assert not is_secret(one["name"]) or one["value"] in (None, "{}")


def test_the_source_of_a_value_is_told(admin: TestClient) -> None:
    one = fact(admin, "max_concurrent_downloads")
    assert (one["source"], one["type"], one["minimum"], one["maximum"]) == ("default", "integer", 1, 64)
    assert (one["default"], one["value"], one["locked"]) == (4, 4, False)
    put(admin, max_concurrent_downloads=6)
    one = fact(admin, "max_concurrent_downloads")
    assert (one["source"], one["value"], one["default"]) == ("saved", 6, 4)
    assert one["changed_by"] == admin.get("/auth/me").json()["id"]
    assert one["changed_at"]
    one = fact(admin, "session_days")
    assert (one["source"], one["value"], one["locked"]) == ("environment", 7, True)
    assert one["locked_by"] == "MAGPIE_SESSION_DAYS"
    assert fact(admin, "algorithm")["choices"] == ["HS256", "HS384", "HS512"]


# Back to the default.


def test_a_saved_value_can_be_forgotten(admin: TestClient, context: AppContext) -> None:
    put(admin, max_concurrent_downloads=6)
    answer = admin.delete(f"{URL}/saved/max_concurrent_downloads")
    assert answer.status_code == 200
    assert answer.json()["max_concurrent_downloads"] == context.settings.max_concurrent_downloads == 4
    assert fact(admin, "max_concurrent_downloads")["source"] == "default"
    assert admin.delete(f"{URL}/saved/max_concurrent_downloads").status_code == 200
    assert admin.delete(f"{URL}/saved/host").status_code == 404
    assert admin.delete(f"{URL}/saved/nonsense").status_code == 404


# The audit log.


def test_changes_are_noted_by_name(admin: TestClient, database: Database) -> None:
    put(admin, max_file_gb=2, debug=True)
    put(admin, debug=True)
    admin.delete(f"{URL}/saved/debug")
    with database.read() as session:
        records = session.scalars(
            select(AuditRecord).where(AuditRecord.action.like("settings.%")).order_by(AuditRecord.id)
        ).all()
    assert [(one.action, one.subject, one.username) for one in records] == [
        ("settings.update", None, "ada"),
        ("settings.reset", "setting:debug", "ada"),
    ]
    assert records[0].details == {"names": ["debug", "max_file_gb"]}


# Several hosts.


def test_other_hosts_take_a_change_at_their_next_look(admin: TestClient, host: Host) -> None:
    other = host(download_attempts=2)
    heard: list[int] = []
    other.follow_settings(lambda settings: heard.append(settings.max_concurrent_downloads))
    put(admin, max_concurrent_downloads=6, download_attempts=9)
    assert other.settings.max_concurrent_downloads == 4
    service.refresh(other)
    service.refresh(other)
    assert other.settings.max_concurrent_downloads == 6
    assert other.settings.download_attempts == 2  # its own environment wins
    admin.delete(f"{URL}/saved/max_concurrent_downloads")
    service.refresh(other)
    assert heard == [6, 4]


def test_a_follower_that_fails_is_told_again(admin: TestClient, host: Host) -> None:
    other = host()
    told: list[bool] = []

    def follow(settings: Settings) -> None:
        told.append(settings.debug)
        if len(told) == 1:
            raise ConnectionError

    other.follow_settings(follow)
    put(admin, debug=True)
    for _ in range(3):
        service.refresh(other)
    assert told == [True, True]


def test_what_cannot_be_used_is_passed_over(admin: TestClient, host: Host, database: Database) -> None:
    put(admin, proxy=PROXY, max_concurrent_downloads=6, debug=True)
    with database.write() as session:
        session.execute(
            update(SavedSetting).where(SavedSetting.name == "proxy").values(value="sealed by another key")
        )
        session.execute(
            update(SavedSetting).where(SavedSetting.name == "max_concurrent_downloads").values(value=4711)
        )
        session.add(SavedSetting(name="of_a_later_version", value=1, changed_at=utcnow()))
    settings = host().settings
    assert (settings.proxy, settings.max_concurrent_downloads, settings.debug) == ("", 4, True)
    assert admin.get(URL).json()["has_proxy"] is False


# Names and origins.


def test_allowed_hosts_count_at_once_but_never_lock_out(admin: TestClient) -> None:
    assert put(admin, allowed_hosts="magpie.test, *.home.example").status_code == 200
    for name, status in (
        ("magpie.test", 200),
        ("magpie.test:8000", 200),
        ("nas.home.example", 200),
        ("home.example", 400),
        ("evil.example", 400),
        ("127.0.0.1", 400),
        ("", 400),
    ):
        assert admin.get("/api/v1/setup-state", headers={"Host": name}).status_code == status, name
    refused = admin.get("/api/v1/setup-state", headers={"Host": "evil.example"})
    assert "detail" in refused.json()
    assert refused.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "[::1]:8000", "[::1]"])
def test_health_answers_to_this_machine_whatever_hosts_are_allowed(admin: TestClient, name: str) -> None:
    put(admin, allowed_hosts="magpie.test")
    assert admin.get("/health", headers={"Host": name}).status_code != 400
    assert admin.get("/health/", headers={"Host": name}).status_code != 400
    assert admin.get("/metrics", headers={"Host": name}).status_code == 400
    assert admin.get("/health", headers={"Host": "evil.example"}).status_code == 400


def test_a_websocket_of_another_host_is_refused_too(admin: TestClient) -> None:
    put(admin, allowed_hosts="magpie.test")
    with pytest.raises(WebSocketDenialResponse) as refused:  # noqa: SIM117
        with admin.websocket_connect("/api/v1/events", headers={"Host": "evil.example"}):
            pass
    assert refused.value.status_code == 400


def test_origins_count_at_once(admin: TestClient) -> None:
    def allowed(origin: str) -> str | None:
        answer = admin.get("/api/v1/setup-state", headers={"Origin": origin})
        return answer.headers.get("Access-Control-Allow-Origin")

    assert allowed("http://localhost:5173") == "http://localhost:5173"
    assert allowed("https://page.example") is None
    assert put(admin, cors_origins="https://page.example/").status_code == 200
    assert allowed("https://page.example") == "https://page.example"
    assert allowed("http://localhost:5173") is None
    put(admin, cors_origins="*")
    answer = admin.get("/api/v1/setup-state", headers={"Origin": "https://any.example"})
    assert "Access-Control-Allow-Credentials" not in answer.headers
