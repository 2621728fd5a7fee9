"""Forgotten passwords: by mail through a real server, or by a superuser's hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import structlog.testing
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update

from magpie.accounts import reset, service
from magpie.accounts.models import PasswordReset, User
from magpie.accounts.reset_routes import FREE_REQUESTS
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.kit import mail
from magpie.kit.languages import LANGUAGES, language_of
from tests.accounts.conftest import PASSWORD, MakeClient, register, sign_in, sign_in_by_cookie
from tests.support.certificate import Certificate, make_certificate

pytestmark = pytest.mark.database
BASE = "/api/v1/password-reset"
NEW_PASSWORD = "quiet lamp under snow"
LINK = re.compile(r"https://keeper\.example/reset\?token=([A-Za-z0-9_-]+)")


@dataclass
class Postbox:
    """A mail server's ears."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    was_tls: list[bool] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        self.was_tls.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss", handled=False)

    @property
    def mails(self) -> list[EmailMessage]:
        found = []
        for envelope in self.envelopes:
            assert isinstance(envelope.content, bytes)
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            found.append(parsed)
        return found

    def token(self) -> str:
        found = LINK.search(self.mails[-1].get_content())
        assert found
        return found[1]


class AnyPort(Controller):
    """At a port of the system's choice, which its first visit to itself must know."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def serve(box: Postbox, **options: Any) -> Controller:
    controller = AnyPort(box, hostname="127.0.0.1", port=0, **options)
    controller.start()
    box.port = controller.port
    return controller


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    controller = serve(box)
    yield box
    controller.stop()


@pytest.fixture
def by_mail(postbox: Postbox, configure: Callable[..., None]) -> Postbox:
    configure(smtp_url=f"smtp://127.0.0.1:{postbox.port}", public_url="https://keeper.example/")
    return postbox


def ask(client: TestClient, email: str = "ada@example.com") -> dict[str, str]:
    headers = {"Host": "evil.example"}
    response = client.post(f"{BASE}/request-reset", json={"email": email}, headers=headers)
    assert response.status_code == 200
    answer: dict[str, str] = response.json()
    return answer


def use(client: TestClient, token: str, password: str = NEW_PASSWORD) -> tuple[int, dict[str, Any]]:
    response = client.post(f"{BASE}/reset/", json={"token": token, "new_password": password})
    return response.status_code, response.json()


class TestByMail:
    """Through a real mail server."""

    def test_the_whole_way(self, client: TestClient, by_mail: Postbox, make_client: MakeClient) -> None:
        register(client)
        page = make_client()
        sign_in_by_cookie(page)
        headers = sign_in(client)
        assert set(ask(client, " Ada@Example.com")) == {"msg"}
        (mail_,) = by_mail.mails
        assert by_mail.envelopes[0].rcpt_tos == ["ada@example.com"]
        assert mail_["From"] == "Magpie <magpie@keeper.example>"
        assert mail_["Auto-Submitted"] == "auto-generated"
        assert "evil" not in mail_.as_string()
        token = by_mail.token()
        assert use(client, token) == (200, {"msg": "Password updated successfully"})
        assert client.get("/auth/me", headers=headers).status_code == 401
        assert page.get("/auth/me").status_code == 401
        assert sign_in(client, password=NEW_PASSWORD)
        assert client.post("/auth/login", data={"username": "ada", "password": PASSWORD}).status_code == 401
        assert use(client, token)[0] == 400

    @pytest.mark.parametrize("language", [*LANGUAGES, None, "another version"])
    def test_it_speaks_the_language_of_its_account(
        self, context: AppContext, client: TestClient, by_mail: Postbox, language: str | None
    ) -> None:
        register(client)
        with context.database.write() as session:
            session.execute(update(User).values(language=language, display_name="{name} 艾达"))
        ask(client)
        (mail_,) = by_mail.mails
        assert mail_["Subject"] == reset.LETTERS[language_of(language)][0]
        said = mail_.get_content()
        assert ("半小时" in said, "half an hour" in said) == (language == "zh-CN", language != "zh-CN")
        assert "{name} 艾达" in said
        assert "https://keeper.example" in said
        assert use(client, by_mail.token())[0] == 200

    def test_strangers_get_the_same_answer_and_no_mail(
        self, context: AppContext, client: TestClient, by_mail: Postbox
    ) -> None:
        register(client)
        known = ask(client)
        for email in ("nobody@example.com", "ada", "", "\0", "x" * 900):
            assert ask(client, email) == known
        assert len(by_mail.mails) == 1
        with context.database.write() as session:
            user = service.first_superuser(session)
            assert user is not None
            user.is_active = False
            session.execute(update(PasswordReset).values(created_at=datetime.now(UTC) - timedelta(hours=1)))
        assert ask(client) == known
        assert len(by_mail.mails) == 1

    def test_the_answer_waits_for_nothing_that_depends_on_the_account(
        self, client: TestClient, by_mail: Postbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All that looks at the account runs once the answer has been sent."""
        register(client)
        order: list[str] = []
        inner = client.app

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            async def noting(message: Any) -> None:
                await send(message)
                if message["type"] == "http.response.body":
                    order.append("answered")

            await inner(scope, receive, noting)

        real = reset.prepare

        def noted(context: AppContext, email: str) -> None:
            order.append("looked up")
            real(context, email)

        monkeypatch.setattr(reset, "prepare", noted)
        with TestClient(watched, base_url="http://magpie.test") as outside:
            ask(outside)
        assert order == ["answered", "looked up"]
        assert len(by_mail.mails) == 1

    def test_a_mailbox_is_not_flooded(self, client: TestClient, by_mail: Postbox) -> None:
        register(client)
        for _ in range(4):
            ask(client)
        assert len(by_mail.mails) == 1

    def test_nobody_asks_without_end(self, client: TestClient) -> None:
        for number in range(FREE_REQUESTS):
            ask(client, f"n{number}@example.com")
        response = client.post(f"{BASE}/request-reset", json={"email": "x@example.com"})
        assert (response.status_code, response.headers["retry-after"]) == (429, "1")

    def test_a_later_link_ends_the_earlier(
        self, context: AppContext, client: TestClient, by_mail: Postbox
    ) -> None:
        register(client)
        ask(client)
        first = by_mail.token()
        with context.database.write() as session:
            session.execute(update(PasswordReset).values(created_at=datetime.now(UTC) - reset.PAUSE))
        ask(client)
        assert use(client, first)[0] == 400
        assert use(client, by_mail.token())[0] == 200

    def test_it_lasts_half_an_hour(self, context: AppContext, client: TestClient, by_mail: Postbox) -> None:
        register(client)
        ask(client)
        with context.database.write() as session:
            row = session.scalars(select(PasswordReset)).one()
            assert row.expires_at - row.created_at == timedelta(minutes=30)
            row.expires_at = datetime.now(UTC)
        status, body = use(client, by_mail.token())
        assert (status, body["errors"][0]["loc"]) == (400, ["body", "token"])
        with context.database.write() as session:
            service.delete_expired(session)
            assert session.scalars(select(PasswordReset)).all() == []

    def test_a_weak_password_leaves_the_link_usable(self, client: TestClient, by_mail: Postbox) -> None:
        register(client)
        ask(client)
        status, body = use(client, by_mail.token(), "password1")
        assert (status, body["errors"][0]["loc"]) == (400, ["body", "new_password"])
        assert use(client, by_mail.token())[0] == 200

    def test_no_token_is_kept_in_clear(
        self, context: AppContext, client: TestClient, by_mail: Postbox
    ) -> None:
        register(client)
        with structlog.testing.capture_logs() as logs:
            ask(client)
            token = by_mail.token()
            use(client, token)
        assert token not in str(logs)
        with context.database.read() as session:
            for table in ("password_resets", "audit_records", "users", "sessions"):
                rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - our own names
                assert token not in str(rows)
            actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
        assert actions[-2:] == ["password.reset.request", "password.reset"]

    @pytest.mark.parametrize("token", ["", "x", "\\u0000", "ü" * 500, "\\ud800"])
    def test_other_tokens(self, client: TestClient, token: str) -> None:
        body = f'{{"token": "{token}", "new_password": "{NEW_PASSWORD}"}}'.encode()
        response = client.post(f"{BASE}/reset", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == (422 if "ud800" in token else 400)

    def test_a_mail_server_that_is_away_is_only_logged(
        self, client: TestClient, postbox: Postbox, configure: Callable[..., None]
    ) -> None:
        configure(smtp_url="smtp://127.0.0.1:1", public_url="https://keeper.example")
        register(client)
        with structlog.testing.capture_logs() as logs:
            assert "msg" in ask(client)
        (entry,) = [entry for entry in logs if entry["event"] == "reset_mail_not_sent"]
        assert "ada@example.com" not in str(entry)
        assert postbox.envelopes == []


class TestByHand:
    """Where no mail is set up."""

    @pytest.mark.parametrize("public_url", ["", "https://keeper.example"])
    def test_a_superuser_sees_the_link_once(
        self, client: TestClient, configure: Callable[..., None], public_url: str
    ) -> None:
        configure(public_url=public_url, allow_registration=True)
        register(client)
        register(client, "bob")
        root, bob = sign_in(client), sign_in(client, "bob")
        assert "token" not in ask(client, "bob@example.com")
        assert client.post(f"{BASE}/pending", headers=bob).status_code == 403
        assert client.post(f"{BASE}/pending").status_code == 401
        (pending,) = client.post(f"{BASE}/pending", headers=root).json()
        assert (pending["username"], pending["email"]) == ("bob", "bob@example.com")
        assert client.post(f"{BASE}/pending", headers=root).json() == []
        start, _, token = pending["link"].partition("?token=")
        assert start == f"{public_url}/reset"
        assert use(client, token)[0] == 200
        assert sign_in(client, "bob", NEW_PASSWORD)

    def test_mail_without_a_public_address_is_none(
        self, client: TestClient, postbox: Postbox, configure: Callable[..., None]
    ) -> None:
        configure(smtp_url=f"smtp://127.0.0.1:{postbox.port}")
        register(client)
        ask(client)
        assert postbox.envelopes == []
        assert len(client.post(f"{BASE}/pending", headers=sign_in(client)).json()) == 1

    def test_used_links_are_not_shown(self, context: AppContext, client: TestClient) -> None:
        register(client)
        ask(client)
        with context.database.write() as session:
            session.execute(update(PasswordReset).values(used_at=datetime.now(UTC)))
        assert client.post(f"{BASE}/pending", headers=sign_in(client)).json() == []


class TestMailServers:
    """What `MAGPIE_SMTP_URL` may say."""

    LETTER = {"sender": "a@example.com", "recipient": "b@example.com", "subject": "Grüße", "text": "Hallo"}  # noqa: RUF012

    @pytest.fixture
    def trusted(self, tmp_path: Path) -> Certificate:
        return make_certificate(tmp_path)

    @pytest.mark.parametrize("scheme", ["smtp", "smtps"])
    def test_signs_in_over_tls_only_where_it_is_trusted(
        self, trusted: Certificate, scheme: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        box = Postbox()
        how = {"ssl_context": trusted.server} if scheme == "smtps" else {"tls_context": trusted.server}
        controller = serve(box, authenticator=box.authenticate, auth_require_tls=scheme == "smtp", **how)
        try:
            server = mail.server_of(f"{scheme}://ada:p%40ss@localhost:{box.port}")
            with pytest.raises(mail.MailRefused, match="SSLCertVerificationError"):
                mail.send(server, **self.LETTER)
            assert box.logins == []
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
            mail.send(server, **self.LETTER)
            wrong = mail.server_of(f"{scheme}://ada:wrong@localhost:{box.port}")
            with pytest.raises(mail.MailRefused, match="does not accept"):
                mail.send(wrong, **self.LETTER)
        finally:
            controller.stop()
        assert set(box.logins) == {(b"ada", b"p@ss"), (b"ada", b"wrong")}
        assert box.mails[0]["Subject"] == "Grüße"
        # The sink notes STARTTLS only: with `smtps` there is no other way to it than TLS.
        assert box.was_tls == [scheme == "smtp"]

    def test_defaults_and_what_is_no_server(self) -> None:
        assert mail.server_of("smtp://mail.example") == mail.MailServer("mail.example", 25, is_tls=False)
        assert mail.server_of("smtps://u:p@mail.example").port == 465
        assert (
            "p"
            not in repr(mail.MailServer("h", 1, is_tls=True, username="u", password="zzp")).partition("u'")[2]
        )
        for bad in ("", "mail.example", "http://mail.example", "smtp://", "smtp://h:99999", "smtp://h:x"):
            with pytest.raises(ValueError, match="must"):
                mail.server_of(bad)
