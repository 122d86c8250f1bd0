"""The link to one appliance: its client, made once and late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bptui.monitor.appliance import Appliance, Watched


class Link:
    """Makes the client when it is needed first; called, it gives the client."""

    def __init__(self, watched: Watched, on_made: Callable[[Appliance], None]) -> None:
        self._watched = watched
        self._on_made = on_made
        self._making = asyncio.Lock()
        self.appliance: Appliance | None = None
        """None until it was made."""

    async def __call__(self) -> Appliance:
        """Return the client; whatever `Watched.connect` raises, each new call tries again."""
        async with self._making:
            if self.appliance is None:
                appliance = await asyncio.to_thread(self._watched.connect)
                self._on_made(appliance)
                self.appliance = appliance
            return self.appliance

    async def close(self) -> None:
        """Close its connections."""
        if self.appliance:
            await self.appliance.aclose()
