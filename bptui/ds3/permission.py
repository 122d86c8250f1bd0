"""Whether the one request that changes an appliance may be sent now."""

from __future__ import annotations

from bptui.ds3.errors import NotAllowedError
from bptui.model.endpoint import Writes


class WritePermission:
    """Whether Close may pass now: never when read-only or `writes = "no"`, else as locked and unlocked."""

    def __init__(self, writes: Writes, *, is_read_only: bool) -> None:
        self.is_read_only = is_read_only or writes is Writes.NO
        self.is_locked = self.is_read_only or writes is not Writes.YES

    def lock(self) -> None:
        """Let only GETs pass."""
        self.is_locked = True

    def unlock(self) -> None:
        """Let Close pass.

        Raises:
            NotAllowedError: this session, or this endpoint, is read-only.
        """
        if self.is_read_only:
            raise NotAllowedError(
                "Closing is switched off here.",
                'Leave out --read-only, and set writes = "ask" for this endpoint in the config file.',
            )
        self.is_locked = False
