"""Passwords: what is accepted, how it is hashed, and that unknown users cost as much as known ones."""

from __future__ import annotations

import threading

import bcrypt
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from magpie.accounts import passwords
from magpie.accounts.passwords import CONCURRENT_HASHES, Verdict, check_password, hash_password
from magpie.kit.errors import RuleBroken

REAL_HASHER = passwords._argon2  # before the tests' cheaper one takes its place


class Recorder(Argon2Hasher):
    """Notes the parameters of every comparison, and how many run at once."""

    def __init__(self) -> None:
        super().__init__(1, 64, 1)
        self.parameters: list[str] = []
        self.running = 0
        self.most = 0
        self.lock = threading.Lock()
        self.pause: threading.Barrier | None = None

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.parameters.append(str(hash).rpartition("$")[0].rpartition("$")[0])
        if self.pause:
            self.pause.wait(10)
        try:
            return super().verify(password, hash)
        finally:
            with self.lock:
                self.running -= 1


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(passwords, "_argon2", recorder)
    passwords._decoy.cache_clear()
    return recorder


def test_hashes_are_argon2id_above_the_owasp_minimum() -> None:
    stored = REAL_HASHER.hash("correct horse")
    assert stored.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert REAL_HASHER.verify("correct horse", stored)


def test_right_and_wrong_passwords() -> None:
    stored = hash_password("pässwörd 密码")
    assert check_password("pässwörd 密码", stored) == Verdict(True)
    assert check_password("password", stored) == Verdict(False)
    assert check_password("", stored) == Verdict(False)
    assert hash_password("pässwörd 密码") != stored


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1025, "surrogate\ud800"])
def test_unacceptable_passwords(password: str) -> None:
    with pytest.raises(RuleBroken):
        hash_password(password)


def test_unknown_users_cost_the_same_comparison(recorder: Recorder) -> None:
    stored = hash_password("correct horse")
    for password, hashed in [
        ("correct horse", stored),
        ("wrong horse", stored),
        ("correct horse", None),
        ("correct horse", "not a hash"),
        ("x" * 2000, stored),
    ]:
        check_password(password, hashed)
    assert recorder.parameters == ["$argon2id$v=19$m=64,t=1,p=1"] * 5


def test_no_more_run_at_once_than_memory_allows(recorder: Recorder) -> None:
    stored = hash_password("correct horse")
    recorder.pause = threading.Barrier(CONCURRENT_HASHES)
    threads = [
        threading.Thread(target=check_password, args=("correct horse", stored))
        for _ in range(CONCURRENT_HASHES * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(recorder.parameters) == CONCURRENT_HASHES * 3
    assert recorder.most == CONCURRENT_HASHES


def test_weaker_hashes_are_replaced() -> None:
    weaker = Argon2Hasher(1, 32, 1).hash("correct horse")
    verdict = check_password("correct horse", weaker)
    assert verdict.right
    assert verdict.replacement is not None
    assert check_password("correct horse", verdict.replacement) == Verdict(True)
    assert check_password("wrong horse", weaker) == Verdict(False)


@pytest.mark.parametrize("password", ["correct horse", "密码" * 40])
def test_bcrypt_hashes_are_accepted_and_replaced(password: str) -> None:
    # Earlier programs' bcrypt cut at 72 bytes without a word.
    stored = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    verdict = check_password(password, stored)
    assert verdict.right
    assert (verdict.replacement or "").startswith("$argon2id$")
    assert check_password(password, verdict.replacement) == Verdict(True)
    assert check_password("wrong horse", stored) == Verdict(False)
    assert check_password("with\0nul", stored) == Verdict(False)
    # The replacement looks at the whole password, not only at what bcrypt saw.
    assert not check_password(password + "x", verdict.replacement).right
