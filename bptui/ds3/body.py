"""A body on its way from the network to a parser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from bptui.ds3.inflate import InflateError, Inflater
from bptui.model.answer import HEAD_BYTES


class Body:
    """A body on its way: inflated in slices, counted, capped, its beginning kept."""

    def __init__(self, response: httpx.Response, most_bytes: int) -> None:
        self._raw = response.aiter_raw()
        self._inflater = Inflater(response.headers.get("content-encoding", ""))
        self._pieces: Iterator[bytes] = iter(())
        self._most_bytes = most_bytes
        self.head = bytearray()
        self.received_bytes = 0
        self.size_bytes = 0
        self.is_complete = False

    async def next_slice(self) -> bytes | None:
        """Return the next 64 KiB at most, None at the end.

        Raises:
            InflateError: the compression is damaged, or the body is larger than it may be.
        """
        while True:
            for piece in self._pieces:
                self._take(piece)
                return piece
            raw = await anext(self._raw, None)
            if raw is None:
                self._inflater.close()
                self.is_complete = True
                return None
            self.received_bytes += len(raw)
            # Compressed bytes need not mean anything.
            self._check(self.received_bytes)
            self._pieces = self._inflater.feed(raw)

    async def read_head(self) -> bytes:
        """Read on until the kept beginning is full or the body ends."""
        while len(self.head) < HEAD_BYTES and await self.next_slice() is not None:
            pass
        return bytes(self.head)

    def _take(self, piece: bytes) -> None:
        self.size_bytes += len(piece)
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]
        self._check(self.size_bytes)

    def _check(self, size_bytes: int) -> None:
        if size_bytes > self._most_bytes:
            raise InflateError(f"it is larger than {self._most_bytes:,} bytes")
