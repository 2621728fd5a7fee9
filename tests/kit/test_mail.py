"""No password goes to a mail server in the clear, unless that is this machine."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from magpie.kit.mail import MailRefused, MailServer, send

MAIL = {"sender": "magpie@example.com", "recipient": "ada@example.com", "subject": "Hello", "text": "Hello."}


class PlainServer:
    """Stands where `smtplib.SMTP` is: a server that offers no encryption."""

    signed_in: list[str]

    def __init__(self, *_: Any, **__: Any) -> None:
        PlainServer.signed_in = []

    def __enter__(self) -> PlainServer:
        return self

    def __exit__(self, *_: object) -> None: ...

    def ehlo_or_helo_if_needed(self) -> None: ...

    def has_extn(self, _name: str) -> bool:
        return False

    def login(self, username: str, _password: str) -> None:
        self.signed_in.append(username)

    def send_message(self, _message: object) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def _plain_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP", PlainServer)


def test_a_password_is_not_sent_in_the_clear() -> None:
    with pytest.raises(MailRefused, match="no encryption"):
        send(MailServer("mail.example.com", 25, False, "ada", "secret"), **MAIL)
    assert PlainServer.signed_in == []


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_relay_on_this_machine_needs_no_encryption(host: str) -> None:
    send(MailServer(host, 25, False, "ada", "secret"), **MAIL)
    assert PlainServer.signed_in == ["ada"]


def test_mail_without_a_password_goes_as_the_server_takes_it() -> None:
    send(MailServer("mail.example.com", 25, False), **MAIL)
    assert PlainServer.signed_in == []
