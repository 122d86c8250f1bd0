"""Neutral names: the same for the same name in every recording that is made with one key, so that two can be compared."""

from __future__ import annotations

import os
import re
import secrets
from base64 import b32encode
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from bptui.monitor.recorder.place import Unwritable, make_folder, private_file

KEY_BYTES = 32
_SPAN_WORDS = 12
"""How many words a name inside a sentence may have."""
_GAP = re.compile(r"\s")
_EDGE = re.compile(r"\b")


def own_key(folder: Path) -> bytes:
    """The key of this machine, made at its first use: who does not have it cannot find out a name by trying.

    Raises:
        Unwritable: it can neither be read nor made.
    """
    make_folder(folder)
    descriptor = private_file(folder / "redaction.key")
    try:
        key = os.read(descriptor, KEY_BYTES)
        if len(key) < KEY_BYTES:
            key = secrets.token_bytes(KEY_BYTES)
            os.pwrite(descriptor, key, 0)
    except OSError as error:
        raise Unwritable(error.strerror or str(error)) from None
    finally:
        os.close(descriptor)
    return key


class Neutral:
    """Neutral names made with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._names: dict[str, str] = {}

    def of(self, label: str, name: str) -> str:
        """The name that stands for this one; the label says what it is, as where it was met first."""
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = f"{label}-{self._digest(name)}"
        return known

    def _digest(self, text: str) -> str:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=5).digest()
        return b32encode(digest).decode().lower()

    def of_text(self, text: str) -> str:
        """What stands for a text of any kind: a name, or for a sentence one for the whole and those that it names."""
        if text in self._names or not _GAP.search(text):
            return self.of("text", text)
        return " ".join([f"text-{self._digest(text)}", *dict.fromkeys(self._named_in(text))])

    def _named_in(self, text: str) -> Iterator[str]:
        edges = [match.start() for match in _EDGE.finditer(text)]
        for number, start in enumerate(edges):
            for end in edges[number + 1 : number + 2 * _SPAN_WORDS]:
                known = self._names.get(text[start:end])
                if known is not None:
                    yield known
