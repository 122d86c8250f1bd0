"""Replay: a recording as an endpoint to watch, and the clock to watch it by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bptui.clock import Clock
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.monitor.appliance import Appliance, Overall, Watched
from bptui.monitor.recorder.memory import Memory
from bptui.monitor.recorder.overall import in_words, shifted
from bptui.monitor.recorder.playback import Playback
from bptui.monitor.recorder.reel import Reel
from bptui.monitor.recorder.ring import NotARecording, read_frames
from bptui.monitor.recorder.state import State
from bptui.monitor.why.history import Instant
from bptui.monitor.why.recorded import Recorded


class ReplayClock:
    """The time of a recording: stands at its beginning until the first answer is asked for, then runs so much faster."""

    def __init__(self, began_at: float, speed: float, clock: Clock) -> None:
        self._began = datetime.fromtimestamp(began_at, UTC)
        self._speed = speed
        self._clock = clock
        self._started: float | None = None

    def start(self) -> None:
        """Let the time run from now on."""
        if self._started is None:
            self._started = self._clock.monotonic()

    def now(self) -> datetime:
        """The time of day in the recording, UTC."""
        return self._began + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds of the recording that have passed."""
        return 0.0 if self._started is None else (self._clock.monotonic() - self._started) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Sleep for so many seconds of the recording."""
        await self._clock.sleep(seconds / self._speed)


def replayed(path: Path, speed: float, clock: Clock) -> tuple[Watched, ReplayClock]:
    """Return a recording as an endpoint to watch, and the clock to watch it by.

    Raises:
        NotARecording: the file is none, or holds nothing.
    """
    try:
        reel = Reel(read_frames(path))
    except StopIteration:
        raise NotARecording(f"{path} holds no poll.") from None
    except (ValueError, TypeError, KeyError) as error:
        raise NotARecording(f"{path} cannot be read: {error}.") from None
    time = ReplayClock(reel.current.at, speed, clock)
    before = State()
    before.apply(reel.current)
    memory = Memory(before, reel.current.at)

    def connect() -> Appliance:
        time.start()
        return Playback(reel, time)

    def recorded(now: Instant) -> Recorded | None:
        return memory.recorded(now)

    def stood(now: Instant, judged: Overall) -> Overall:
        told = reel.endpoint_verdicts(now.utc.timestamp())
        return judged if told is None else in_words(shifted(told, now.seconds - now.utc.timestamp()), judged)

    name = EndpointName(f"replay of {reel.state.session.get('endpoint', path.name)}")
    endpoint = Endpoint(name, "http://recording.invalid", "", Writes.NO, interval_seconds=reel.interval_seconds)
    return Watched(endpoint, connect, is_read_only=True, recorded=recorded, stood=stood), time
