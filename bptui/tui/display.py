"""How values are written on this screen: theme, units, and times in the zone the person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

from bptui.text import Align, clip, fit, visible
from bptui.tui.keys import KeyMap
from bptui.tui.theme import Look
from bptui.units import UNKNOWN, rate_text, short_duration, size_text


class TimeDisplay(Enum):
    """How a moment is written."""

    RELATIVE = "relative"
    LOCAL = "local"
    UTC = "utc"

    @property
    def following(self) -> TimeDisplay:
        """The one that the `t` key comes to next."""
        members = list(TimeDisplay)
        return members[(members.index(self) + 1) % len(members)]


@dataclass(frozen=True, slots=True)
class Display:
    """A person's choices about what the screen says: how values look, which keys it names; replaced as a whole."""

    look: Look
    zone: tzinfo
    """The local zone, for TimeDisplay.LOCAL."""
    times: TimeDisplay = TimeDisplay.RELATIVE
    is_decimal: bool = False
    keymap: KeyMap = KeyMap({})  # noqa: RUF009 - frozen and empty

    def size(self, size_bytes: float | None) -> str:
        """A size in three digits."""
        return size_text(size_bytes, is_decimal=self.is_decimal)

    def rate(self, bytes_per_second: float | None) -> str:
        """A speed in three digits."""
        return rate_text(bytes_per_second, is_decimal=self.is_decimal)

    def local(self, at: datetime) -> datetime:
        """A moment in the zone that the person reads times in."""
        return at.astimezone(UTC if self.times is TimeDisplay.UTC else self.zone)

    def moment(self, at: datetime | None, now: datetime) -> str:
        """A moment in full: how long ago, and when, with its zone."""
        if at is None:
            return UNKNOWN
        local = self.local(at)
        text = f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"
        return (
            f"{short_duration((now - at).total_seconds())} ago, {text}" if self.times is TimeDisplay.RELATIVE else text
        )

    def clock(self, at: datetime, now: datetime, *, has_seconds: bool = True) -> str:
        """A moment that stays on the screen while time passes: as a clock shows it, with its zone, and its day if needed."""
        local = self.local(at)
        day = "" if abs(now - at) < timedelta(hours=20) else f"{local:%d %b} "
        time = f"{local:%H:%M:%S}" if has_seconds else f"{local:%H:%M}"
        return f"{day}{time} {local.tzname()}"

    def short_moment(self, at: datetime | None, now: datetime) -> str:
        """A moment in a column whose heading prints the zone: `9h`, or `21 Nov 08:15`."""
        if at is None:
            return UNKNOWN
        if self.times is TimeDisplay.RELATIVE:
            return short_duration((now - at).total_seconds())
        return f"{self.local(at):%d %b %H:%M}"

    def zone_name(self, now: datetime) -> str:
        """The zone of `short_moment`; empty when it tells how long ago."""
        if self.times is TimeDisplay.RELATIVE:
            return ""
        return "UTC" if self.times is TimeDisplay.UTC else now.astimezone(self.zone).tzname() or "local"

    def fit(self, text: str, width: int, align: Align = Align.LEFT, *, keep_tail: bool = False) -> str:
        """Text of ours in exactly `width` cells, with a mark where it was cut."""
        return fit(text, width, align, keep_tail=keep_tail, mark=self.look.glyphs.ellipsis)

    def foreign(self, text: str | None, width: int, *, keep_tail: bool = False) -> str:
        """Other people's text, made harmless, in exactly `width` cells."""
        return self.fit(UNKNOWN if text is None else visible(text), width, keep_tail=keep_tail)

    def clipped(self, text: str, width: int, *, keep_tail: bool = False) -> str:
        """Visible text in at most `width` cells."""
        return clip(text, width, keep_tail=keep_tail, mark=self.look.glyphs.ellipsis)
