"""A compressed body comes out whole, in bounded slices, or as an error that says what is wrong."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.ds3.inflate import SLICE_BYTES, InflateError, Inflater


def _inflated(encoding: str, pieces: list[bytes]) -> list[bytes]:
    inflater = Inflater(encoding)
    slices = [piece for raw in pieces for piece in inflater.feed(raw)]
    inflater.close()
    return slices


def _raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


ENCODERS = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "GZIP ": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:10]) + gzip.compress(data[10:]),
    "deflate": zlib.compress,
    "deflate-raw": _raw_deflate,
}


@given(
    data=st.binary(max_size=3000).map(lambda seed: seed * random.Random(len(seed)).randrange(1, 200)),
    step=st.integers(1, 70_000),
    name=st.sampled_from(sorted(ENCODERS)),
)
def test_what_went_in_comes_out_in_bounded_slices(data: bytes, step: int, name: str) -> None:
    """For each encoding and each way to cut the body."""
    body = ENCODERS[name](data)
    slices = _inflated(name.removesuffix("-raw"), [body[at : at + step] for at in range(0, len(body), step)])
    assert data == b"".join(slices)
    assert all(0 < len(piece) <= SLICE_BYTES for piece in slices)


def test_a_bomb_is_opened_a_slice_at_a_time() -> None:
    """Two gigabytes in two megabytes are not unpacked before somebody asks for them."""
    engine = zlib.compressobj(9, wbits=31)
    bomb = b"".join(engine.compress(bytes(1 << 20)) for _ in range(64)) + engine.flush()
    taken = 0
    for piece in Inflater("gzip").feed(bomb):
        taken += len(piece)
        if taken >= 3 * SLICE_BYTES:
            break
    assert taken == 3 * SLICE_BYTES


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_what_was_not_asked_for_is_an_error(encoding: str) -> None:
    """Only gzip is asked for; another encoding is named."""
    with pytest.raises(InflateError, match="not asked for"):
        _inflated(encoding, [b"x"])


def test_damage_and_early_end_are_errors() -> None:
    """Neither passes for a short answer."""
    body = gzip.compress(bytes(range(256)) * 40)
    with pytest.raises(InflateError, match="ends early"):
        _inflated("gzip", [body[:-12]])
    with pytest.raises(InflateError, match="damaged"):
        _inflated("gzip", [b"no gzip at all"])
