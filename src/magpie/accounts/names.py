"""What user names and e-mail addresses may look like, and the folded forms that are compared."""

from __future__ import annotations

import re
import unicodedata

from magpie.kit.errors import RuleBroken

MAX_USERNAME = 64
MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3
_MAX_KEY = 255
# Control and format characters (among them those that turn the writing direction), surrogates, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# The syntax that browsers check in `<input type=email>` (WHATWG HTML, 4.10.5.1.5).
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}(?:\.{_LABEL})+|localhost)")


def folded(text: str) -> str | None:
    """The form in which names are compared; None for text that no name can have."""
    if any(unicodedata.category(char) in _UNSEEN for char in text):
        return None
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())
    return key if 0 < len(key) <= _MAX_KEY else None


def username_of(text: str) -> tuple[str, str]:
    """A valid user name and its key; raises `RuleBroken`. '@' is left to e-mail addresses, so that either signs in."""
    name = unicodedata.normalize("NFC", text.strip())
    key = folded(name)
    if not name or len(name) > MAX_USERNAME:
        raise RuleBroken(f"the user name must have 1 to {MAX_USERNAME} characters", "body", "username")
    if key is None or "@" in key:
        raise RuleBroken("the user name may not contain '@' or unprintable characters", "body", "username")
    return name, key


def email_of(text: str) -> tuple[str, str]:
    """A valid e-mail address and its key; raises `RuleBroken`."""
    address = text.strip()
    if len(address) > MAX_EMAIL or not _EMAIL.fullmatch(address):
        raise RuleBroken("value is not a valid email address", "body", "email", code="value_error.email")
    return address, address.lower()
