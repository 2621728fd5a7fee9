"""Another secret key: what the former one sealed is under the new one after a start, and the former one can go."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from magpie.admin.database.rotation import seal_anew
from magpie.config import Settings
from magpie.context import AppContext, build_context
from magpie.kit.crypto import Vault
from magpie.playlists.models import Server

FORMER, OTHER, PRESENT = ("f" * 40, "o" * 40, "p" * 40)


def house(database_url: str, folder: Path, secret: str, *former: str) -> AppContext:
    keys = {"secret_key": secret, "old_secret_keys": ", ".join(former)}
    return build_context(Settings(data_dir=folder, database_url=database_url, **keys))


@pytest.mark.database
def test_what_a_former_key_sealed_is_sealed_with_the_present_one(database_url: str, tmp_path: Path) -> None:
    before = house(database_url, tmp_path, FORMER)
    sealed = {
        "former": before.vault.seal("token"),
        "present": Vault(PRESENT).seal("token"),
        "lost": Vault("x" * 40).seal("token"),
    }
    with before.database.write() as session:
        for name, secret in {**sealed, "none": None}.items():
            session.add(Server(name=name, server_type="plex", url="http://a.example", sealed_secret=secret))
    before.close()
    assert seal_anew(house(database_url, tmp_path, PRESENT)) == 0
    context = house(database_url, tmp_path, PRESENT, OTHER, FORMER)
    assert context.vault.open(sealed["former"]) == "token"
    assert seal_anew(context) == 1
    assert seal_anew(context) == 0
    with context.database.read() as session:
        found = {server.name: server.sealed_secret or "" for server in session.query(Server)}
    context.close()
    assert found["present"] == sealed["present"]
    assert found["lost"] == sealed["lost"]
    assert Vault(PRESENT).open(found["former"]) == "token"
    with pytest.raises(InvalidToken):
        Vault(FORMER).open(found["former"])
