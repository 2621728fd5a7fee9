"""Sends plain mails through the server that a URL names.

`smtp://user:password@host:port` (port 25; STARTTLS where the server offers it, and no password without it, except to
this machine itself) or
`smtps://…` (TLS from the start, port 465). Certificates are checked, except for STARTTLS with no password, where
an unchecked channel is no worse than the plain one that mail would take otherwise.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20.0


class MailRefused(Exception):
    """The mail could not be handed over; the message says why and holds no secret."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    is_tls: bool
    username: str = ""
    password: str = field(default="", repr=False)


def server_of(url: str) -> MailServer:
    """Raises `ValueError`, which does not repeat the URL: there may be a password in it."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("must look like smtp://user:password@host:port or smtps://…")
    is_tls = parts.scheme == "smtps"
    try:
        port = parts.port
    except ValueError:
        raise ValueError("the port must be a number up to 65535") from None
    return MailServer(
        parts.hostname,
        port or (465 if is_tls else 25),
        is_tls,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def send(server: MailServer, *, sender: str, recipient: str, subject: str, text: str) -> None:
    """Hand a mail over; blocks for up to `TIMEOUT_SECONDS` a step. Raises `MailRefused`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or None)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message.set_content(text)
    try:
        with _connect(server) as connection:
            if server.username:
                connection.login(server.username, server.password)
            connection.send_message(message)
    except smtplib.SMTPNotSupportedError:
        raise MailRefused("the mail server takes no sign-in") from None
    except smtplib.SMTPAuthenticationError:
        raise MailRefused("the mail server does not accept the user name and password") from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(f"the mail server did not take the mail ({type(error).__name__})") from error


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.is_tls:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls"):
            if not server.username:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            connection.starttls(context=context)
        elif server.username and not _is_this_machine(server.host):
            raise MailRefused(
                "the mail server offers no encryption, so no password is sent to it: use smtps://"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _is_this_machine(host: str) -> bool:
    """Whether what is sent there never leaves this machine. A name other than `localhost` may lead anywhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
