"""The address under which a zip can be fetched for a short while, by whoever has it: a browser's plain link carries no
token.

The address itself says what was chosen and within which session, signed: there is nothing to be kept or cleared away, and
every host knows it. With that session's end it ends, too.
"""

from __future__ import annotations

import hmac
import json
import time
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from itertools import accumulate, pairwise

from magpie.accounts.models import SessionKind
from magpie.accounts.principal import Principal
from magpie.accounts.security import resume
from magpie.accounts.tokens import Claims
from magpie.context import AppContext
from magpie.kit.crypto import derive
from magpie.kit.errors import NotFound
from magpie.library.listing import Filter

LASTS_SECONDS = 600  # until it is begun; however long it then takes
MOST_IDS = 2000  # more make an address that proxies refuse
GONE = "This address has expired: ask for a new one."
_MAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be in a zip: `ids`, or what a filter finds; for whom; and what the zip is called."""

    principal: Principal
    name: str
    ids: tuple[int, ...] = ()
    filter: Filter | None = None


def seal(context: AppContext, order: Order, now: float) -> str:
    """The order as text for an address; `now` in seconds since 1970."""
    principal = order.principal
    said = {
        "until": int(now) + LASTS_SECONDS,
        "user": principal.id,
        "session": principal.session_id,
        "cookie": principal.is_cookie,
        "mark": principal.mark,
        "name": order.name,
        # Distances are shorter to write than numbers.
        "ids": [after - before for before, after in pairwise((0, *sorted(order.ids)))],
        "filter": order.filter and order.filter.model_dump(mode="json", exclude_defaults=True),
    }
    packed = zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 9)
    return urlsafe_b64encode(_mac(context, packed) + packed).decode().rstrip("=")


def open_order(context: AppContext, text: str, now: float | None = None) -> Order:
    """The order that an address holds. Raises `NotFound` if it is none, or over; `InvalidCredentials` if its session is."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, NotBase64):
        raise NotFound from None
    mac, packed = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(context, packed)):
        raise NotFound
    said = json.loads(zlib.decompress(packed))
    if (time.time() if now is None else now) >= said["until"]:
        raise NotFound(GONE)
    claims = Claims(said["user"], said["session"], said["mark"])
    kind = SessionKind.COOKIE if said["cookie"] else SessionKind.BEARER
    wanted = said["filter"]
    return Order(
        resume(context, claims, kind),
        said["name"],
        tuple(accumulate(said["ids"])),
        None if wanted is None else Filter.model_validate(wanted),
    )


def _mac(context: AppContext, packed: bytes) -> bytes:
    return hmac.digest(derive(context.secret, "zip orders"), packed, "sha256")
