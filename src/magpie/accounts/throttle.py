"""Slows down who guesses passwords, and locks nobody out.

Failures are counted by account and address together, by address, and by account. Only the first two ever make
anybody wait, for exponentially growing delays:

- an address that has failed for one account waits before it may try that account again;
- an address that has failed a lot waits for any account, but for those that have signed in from it before;
- an account that is attacked from many addresses makes no address wait for its first attempt: strange addresses
  only have one free attempt instead of several. Its owner, who knows the password, is let in from anywhere.

The counters of names that nobody has look the same, so that waiting tells nothing about who exists.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from magpie.accounts import repository
from magpie.accounts.models import LoginThrottle
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import TooManyRequests

FREE_FAILURES = 5  # for one account from one address: people mistype
FREE_FAILURES_OF_ADDRESS = 20  # a household shares one
ALARMING_FAILURES_OF_ACCOUNT = 50
FIRST_DELAY_SECONDS = 1.0  # doubled by each further failure
LONGEST_DELAY_SECONDS = 900.0
FORGOTTEN_AFTER = timedelta(hours=12)
TOO_MANY = "Too many failed attempts: wait a moment before the next one"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who is tried from where. `user_id` is None for a name that nobody has."""

    user_id: int | None
    login: str
    ip: str

    @property
    def account_key(self) -> str:
        if self.user_id is not None:
            return f"user:{self.user_id}"
        # Only its hash: people type their password into the wrong field.
        return f"name:{sha256(self.login.encode(errors='replace')).hexdigest()}"

    @property
    def address_key(self) -> str:
        return address_key("ip", self.ip)

    @property
    def pair_key(self) -> str:
        return f"{self.account_key}|{self.address_key}"

    @property
    def keys(self) -> list[str]:
        return sorted((self.account_key, self.address_key, self.pair_key))


def address_key(purpose: str, ip: str) -> str:
    """The key of an address's counter for one purpose."""
    return f"{purpose}:{_network(ip)}"


def _network(ip: str) -> str:
    """The address; of IPv6 the network, since whoever has one address has 2^64 of them."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def require_patience(session: ReadSession, attempt: Attempt) -> None:
    """Raises `TooManyRequests` while this address has to wait before its next attempt on this account."""
    now = utcnow()
    counters = {row.key: row for row in repository.throttles(session, attempt.keys, now - FORGOTTEN_AFTER)}
    account = counters.get(attempt.account_key)
    is_known = repository.has_signed_in_from(session, attempt.user_id or 0, attempt.ip)
    is_attacked = account is not None and account.failures >= ALARMING_FAILURES_OF_ACCOUNT
    free = 1 if is_attacked and not is_known else FREE_FAILURES
    wait = _wait(counters.get(attempt.pair_key), free, now)
    if not is_known:
        wait = max(wait, _wait(counters.get(attempt.address_key), FREE_FAILURES_OF_ADDRESS, now))
    if wait > 0:
        raise TooManyRequests(TOO_MANY, retry_after=ceil(wait))


def _wait(counter: LoginThrottle | None, free: int, now: datetime) -> float:
    """Seconds that are left of the delay after the last failure."""
    if counter is None or counter.failures < free:
        return 0.0
    delay = min(FIRST_DELAY_SECONDS * 2.0 ** min(counter.failures - free, 30), LONGEST_DELAY_SECONDS)
    return delay - (now - counter.last_failure_at).total_seconds()


def note_failure(session: WriteSession, attempt: Attempt) -> None:
    now = utcnow()
    for key in attempt.keys:
        repository.count_failure(session, key, now, now - FORGOTTEN_AFTER)


def forgive(session: WriteSession, attempt: Attempt) -> None:
    """After a success. What the address did to other accounts still counts."""
    repository.forget_throttle(session, attempt.pair_key)


def take_turn(session: WriteSession, key: str, free: int) -> None:
    """Count something that anybody may ask for, whatever comes of it. Raises `TooManyRequests`."""
    now = utcnow()
    counters = repository.throttles(session, [key], now - FORGOTTEN_AFTER)
    wait = _wait(counters[0] if counters else None, free, now)
    if wait > 0:
        raise TooManyRequests(retry_after=ceil(wait))
    repository.count_failure(session, key, now, now - FORGOTTEN_AFTER)


def delete_forgotten(session: WriteSession) -> int:
    """Delete the counters that count no more; returns how many. Run hourly."""
    return repository.delete_throttles(session, utcnow() - FORGOTTEN_AFTER)
