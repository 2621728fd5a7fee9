"""An answer whose pieces are made in threads, as fast as the client takes them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Send

# Made and sent at once: enough that going to a thread and to the network costs little, and little enough for many
# clients at once.
PIECES_BYTES = 512 * 1024


class Pieces(StreamingResponse):
    """Sends what `source` makes; whatever happens, `source` is closed with the answer's end."""

    def __init__(self, source: Generator[bytes, None, None], headers: dict[str, str]) -> None:
        super().__init__(self._pieces(), headers=headers)
        self._source = source

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        while batch := await run_in_threadpool(self._read):
            yield batch

    def _read(self) -> bytes:
        batch, size = [], 0
        for piece in self._source:
            batch.append(piece)
            size += len(piece)
            if size >= PIECES_BYTES:
                break
        return b"".join(batch)

    async def stream_response(self, send: Send) -> None:
        # A thread that reads is waited for before this ends, also when the client has gone.
        try:
            await super().stream_response(send)
        finally:
            self._source.close()
