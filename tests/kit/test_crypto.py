"""The installation's key is made once and kept to its owner; what is sealed opens only with a key of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from magpie.kit.crypto import KeyDamaged, Vault, derive, load_or_make_key

OLD, NEW = (
    "an old secret of more than thirty-two characters",
    "a new secret of more than thirty-two characters",
)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    key = load_or_make_key(file)
    assert len(key) >= 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_or_make_key(file) == key
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


def test_many_processes_make_one_key(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from magpie.kit.crypto import load_or_make_key as load\n"
        "sys.stdin.readline(); print(load(pathlib.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "secret.key")]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in started}
    assert keys == {(tmp_path / "secret.key").read_text().strip()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_is_made_where_files_have_one_name_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """exFAT and many shares: the data folder may lie on one, with PostgreSQL."""

    def refuse(*_paths: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    key = load_or_make_key(tmp_path / "secret.key")
    assert load_or_make_key(tmp_path / "secret.key") == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 64, b"\0" * 64, "é".encode() * 40])
def test_a_damaged_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret.key"
    file.write_bytes(content)
    with pytest.raises(KeyDamaged, match=r"secret\.key is damaged"):
        load_or_make_key(file)
    assert file.read_bytes() == content


def test_one_secret_never_serves_two_uses() -> None:
    keys = {derive(OLD, purpose) for purpose in ("vault", "tokens", "csrf")} | {derive(NEW, "vault")}
    assert len(keys) == 4
    assert derive(OLD, "vault") == derive(OLD, "vault")
    assert len(derive(OLD, "vault", 64)) == 64


def test_what_is_sealed_opens_with_the_same_secret_only() -> None:
    sealed = Vault(OLD).seal("contraseña 🔑")
    assert "contrase" not in sealed
    assert Vault(OLD).open(sealed) == "contraseña 🔑"
    with pytest.raises(InvalidToken):
        Vault(NEW).open(sealed)
    with pytest.raises(InvalidToken):
        Vault(OLD).open(sealed[:-4] + "AAA=")


def test_a_rotated_secret_needs_the_old_key_no_more() -> None:
    sealed = Vault(OLD).seal("token")
    both = Vault(NEW, OLD)
    assert both.open(sealed) == "token"
    rotated = both.rotate(sealed)
    assert Vault(NEW).open(rotated) == "token"
    with pytest.raises(InvalidToken):
        Vault(OLD).open(rotated)
