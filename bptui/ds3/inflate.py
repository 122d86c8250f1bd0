"""Undoes a body's compression in bounded pieces, so that a small body cannot become a large one unseen."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

SLICE_BYTES = 64 * 1024
"""The most that is handed on at a time: some milliseconds of parsing."""

_KNOWN = frozenset({"identity", "gzip", "x-gzip", "deflate"})
_GZIP = 31
_ZLIB = 15
_RAW = -15


class InflateError(ValueError):
    """The body is not compressed as its headers say."""


class Inflater:
    """Turns a body as it came into slices of at most 64 KiB of what it means."""

    def __init__(self, content_encoding: str) -> None:
        """Prepare for the value of a `Content-Encoding` header."""
        self._encoding = content_encoding.strip().lower() or "identity"
        self._engine: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next piece of the body means; the next slice is made when it is asked for.

        Raises:
            InflateError: the data are damaged, or encoded in a way that was not asked for.
        """
        if self._encoding not in _KNOWN:
            raise InflateError(f"its encoding is {self._encoding[:40]}, which was not asked for")
        if self._encoding == "identity":
            for at in range(0, len(data), SLICE_BYTES):
                yield data[at : at + SLICE_BYTES]
            return
        try:
            yield from self._inflate(data)
        except zlib.error as error:
            raise InflateError(f"its compression is damaged ({error})") from error

    def close(self) -> None:
        """Say that the body ended.

        Raises:
            InflateError: it ended too early.
        """
        if self._engine is not None and not self._engine.eof:
            raise InflateError("its compression ends early")

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        is_full = False
        while data or is_full:
            if self._engine is None or (self._engine.eof and data):
                self._engine = zlib.decompressobj(self._window(data))
            piece = self._engine.decompress(data, SLICE_BYTES)
            if piece:
                yield piece
            is_full = len(piece) == SLICE_BYTES and not self._engine.eof
            data = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail

    def _window(self, data: bytes) -> int:
        if self._encoding != "deflate":
            return _GZIP
        has_zlib_header = data[0] & 0x0F == zlib.DEFLATED
        return _ZLIB if has_zlib_header else _RAW
