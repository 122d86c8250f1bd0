"""Tells keys that answer what was painted from keys that were typed ahead."""

from __future__ import annotations

OLD_ENOUGH_SECONDS = 0.3
"""How long something must have been on the terminal before a key answers it."""


class PaintGate:
    """Shut until what it guards was painted, and for a moment after."""

    def __init__(self) -> None:
        self._painted_at: float | None = None

    def shut(self) -> None:
        """Something new is shown that was not painted yet."""
        self._painted_at = None

    def painted(self, at: float) -> None:
        """It was written to the terminal; monotonic seconds."""
        self._painted_at = at

    @property
    def is_shut(self) -> bool:
        """Whether nothing counts because nothing was painted."""
        return self._painted_at is None

    def lets(self, pressed_at: float) -> bool:
        """Whether a key that was read from the terminal at that moment counts."""
        return self._painted_at is not None and pressed_at >= self._painted_at + OLD_ENOUGH_SECONDS
