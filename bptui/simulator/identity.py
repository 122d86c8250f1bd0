"""Ids that look like the appliance's and repeat for a seed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


def as_uuid(digits: str) -> str:
    """32 hexadecimal digits in the usual form of a random UUID."""
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def new_uuid(rng: random.Random) -> str:
    """The generator's next id."""
    return as_uuid(rng.randbytes(16).hex())


def uuid_of(*words: object) -> str:
    """The id that always belongs to these words."""
    return as_uuid(hashlib.blake2b(repr(words).encode(), digest_size=16).hexdigest())
