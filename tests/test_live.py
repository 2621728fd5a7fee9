"""The live connection, as a page sees it that nothing happens to."""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import suppress

import pytest
from fastapi.testclient import TestClient

from magpie import live
from tests.accounts.conftest import _quick_hashes, app, client, context, make_client, register, sign_in

__all__ = ["_quick_hashes", "app", "client", "context", "make_client"]


@pytest.mark.database
def test_a_quiet_connection_gives_signs_of_life(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PULSE_SECONDS", 0.01)
    register(client)
    headers = sign_in(client)
    told = []
    # The client's end of a conversation that the server would go on with is a cancellation.
    with suppress(CancelledError), client.websocket_connect("/api/v1/events", headers=headers) as socket:
        told = [socket.receive_json()["type"] for _ in range(3)]
    assert told == ["hello", "pulse", "pulse"]
