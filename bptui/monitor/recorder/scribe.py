"""The scribe: writes what polls of one endpoint brought into its ring, as frames, and says what becomes of that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bptui.monitor.recorder.batch import Batch, Keeping, RecorderState
from bptui.monitor.recorder.encoding import Data
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.picture import Picture
from bptui.monitor.recorder.place import Damaged, Taken, Unwritable
from bptui.monitor.recorder.state import GAP_POLLS
from bptui.monitor.why.pauses import Pause

if TYPE_CHECKING:
    from bptui.monitor.recorder.ring import PauseRow, Ring

log = logging.getLogger(__name__)

KEY_SECONDS = 6 * 3600.0
"""A key frame at least this often: how finely the oldest is forgotten, and how much is read at start."""
KEY_SHARE = 8
"""And whenever the frames since the last one take this part of the ring."""
RETRY_SECONDS = 60.0


class Scribe:
    """Writes one ring; belongs to one thread, and every method may wait for the disk."""

    def __init__(self, picture: Picture, open_ring: Callable[[], Ring], limit_bytes: int | None) -> None:
        """`open_ring` raises Unwritable, or Taken when another session writes."""
        self._picture = picture
        self._open_ring = open_ring
        self._key_bytes = limit_bytes // KEY_SHARE if limit_bytes else None
        self._ring: Ring | None = None
        self._tries_at = 0.0
        self._last: Frame | None = None
        """The newest frame of this session; None: the next one has to be a key frame."""
        self._key_at = 0.0
        self._since_key = 0
        self._least = 0
        self.state = RecorderState(Keeping.RECORDING)

    def open(self, at: float) -> None:
        """Open the ring, or say why not; the next try comes after a while."""
        self._tries_at = at + RETRY_SECONDS
        try:
            self._ring = self._open_ring()
            self.state = RecorderState(Keeping.RECORDING)
        except Taken as taken:
            self.state = RecorderState(Keeping.READING, f"Not recorded here: {taken}.")
        except Unwritable as error:
            self._fail(error)

    def take(self, batch: Batch) -> None:
        """Record a poll."""
        news, pauses = self._picture.take(batch)
        if self._ring is None and batch.at >= self._tries_at:
            self.open(batch.at)
        if self._ring is None:
            return
        try:
            self._write(self._ring, batch, news, pauses)
        except Unwritable as error:
            self._fail(error)

    def _write(self, ring: Ring, batch: Batch, news: dict[str, Data], pauses: tuple[Pause, ...]) -> None:
        last = self._last
        if not (news or batch.is_poll):
            return
        if last is not None and not news and batch.at - last.until <= GAP_POLLS * batch.interval_seconds:
            last.until, last.polls = max(batch.at, last.until), last.polls + 1
            ring.extend(last.until, last.polls)
            return
        is_key = last is None or self._is_key_due(batch.at)
        frame = Frame(batch.at, batch.at, int(batch.is_poll), is_key, self._picture.whole(batch.at) if is_key else news)
        size = ring.append(frame, map(_row, pauses))
        if is_key:
            self._key_at, self._since_key, self._least = batch.at, 0, size
        else:
            self._since_key += size
        frame.body = {}
        self._last = frame

    def _is_key_due(self, at: float) -> bool:
        is_much = self._key_bytes is not None and self._since_key > max(self._key_bytes, self._least)
        return is_much or at - self._key_at > KEY_SECONDS

    def _fail(self, error: Unwritable) -> None:
        log.warning("recording failed: %s", error)
        self.state = RecorderState(Keeping.FAILED, f"What is seen is not recorded: {error}.")
        ring, self._ring, self._last = self._ring, None, None
        if ring is not None:
            try:
                if isinstance(error, Damaged):
                    ring.give_up()
                    self._tries_at = 0.0  # a new file can begin with the next poll
                else:
                    ring.close()
            except Unwritable as again:
                log.info("closing the recording failed: %s", again)

    def finish(self) -> None:
        """Put everything on disk and let go of the file."""
        ring, self._ring, self._last = self._ring, None, None
        if ring is not None:
            try:
                ring.sync()
                ring.close()
            except Unwritable as error:
                self._fail(error)


def _row(pause: Pause) -> PauseRow:
    return (pause.side.value, pause.priority.value, round(pause.seconds, 1), round(pause.ended_at, 1))
