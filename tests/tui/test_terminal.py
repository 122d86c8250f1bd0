"""What is done to Textual's driver, and how a terminal that stops reading, hangs up or vanishes is met."""

from __future__ import annotations

import inspect
import os
import pty
import random
import threading
import time

import pyte
from rich.segment import Segment
from rich.style import Style
from textual import _compositor, app, screen, widget
from textual.drivers import linux_driver
from textual.keys import _character_to_key
from textual.strip import Strip

from bptui.tui.frames import Frames
from bptui.tui.terminal import BptuiDriver
from bptui.tui.terminal_writer import RESTORE_SECONDS, Writer
from bptui.tui.theme import Depth
from tests.waiting import WAIT_SECONDS


def test_the_private_parts_are_there() -> None:
    """The parts of Textual that are used though they are private exist, with the shapes that were tested."""
    driver = inspect.getsource(linux_driver.LinuxDriver.start_application_mode)
    assert "self._writer_thread = WriterThread(self._file)" in driver
    assert "self._request_terminal_sync_mode_support()" in driver
    assert "self._query_in_band_window_resize()" in driver
    assert list(inspect.signature(app.App._display).parameters) == ["self", "screen", "renderable"]
    assert list(inspect.signature(app.App._check_bindings).parameters) == ["self", "key", "priority"]
    assert list(inspect.signature(widget.Widget._get_dispatch_methods).parameters) == ["self", "method_name", "message"]
    for name in ("_begin_batch", "_end_batch", "_fatal_error", "_close_messages_no_wait", "_background_screens"):
        assert hasattr(app.App, name)
    assert {"spans", "chops", "chop_ends"} <= set(inspect.signature(_compositor.ChopsUpdate).parameters)
    assert {"strips", "region"} <= set(inspect.signature(_compositor.LayoutUpdate).parameters)
    assert isinstance(inspect.getattr_static(screen.Screen, "_update_timer"), property)
    assert "self._update_timer.resume()" in inspect.getsource(screen.Screen._on_idle)
    assert "self._update_timer.pause()" in inspect.getsource(screen.Screen._on_timer_update)
    assert "_dirty_regions" in inspect.getsource(screen.Screen._compositor_refresh)
    resume = inspect.getsource(screen.Screen._on_screen_resume)
    assert "if self._size != size:\n                self._refresh_layout(size)\n            self.refresh()" in resume
    assert "self._repaint_required" in inspect.getsource(screen.Screen.refresh) + inspect.getsource(
        widget.Widget.refresh
    )
    assert _character_to_key("?") == "question_mark"
    assert (
        BptuiDriver._request_terminal_sync_mode_support
        is not linux_driver.LinuxDriver._request_terminal_sync_mode_support
    )


def test_frames_show_what_was_meant() -> None:
    """Whatever styles stand beside each other, a terminal shows each cell as its own style says."""
    chance = random.Random(7)
    colours = ["", "#ff5f5f", "#5fafd7", "#d0d0d0"]
    for _ in range(200):
        segments = [
            Segment(
                "abc"[: chance.randrange(1, 4)],
                Style(
                    color=chance.choice(colours) or None,
                    bgcolor=chance.choice(colours) or None,
                    bold=chance.choice([None, True]),
                    reverse=chance.choice([None, True]),
                ),
            )
            for _ in range(6)
        ]
        terminal = pyte.Screen(40, 3)
        pyte.Stream(terminal).feed(Frames(Depth.ANSI256).written([(2, 1, Strip(segments))]))
        cells = [(text, segment.style) for segment in segments for text in segment.text]
        for x, (text, style) in enumerate(cells, start=2):
            shown = terminal.buffer[1][x]
            assert style is not None
            assert (shown.data, shown.bold, shown.reverse) == (text, bool(style.bold), bool(style.reverse))
            assert shown.fg == (style.color.name[1:] if style.color else "default")
            assert shown.bg == (style.bgcolor.name[1:] if style.bgcolor else "default")
        assert terminal.cursor.attrs.bold is False


def test_frames_are_shorter_than_textuals() -> None:
    """A line of many styles over one background costs less than each style written out and reset."""
    look = [Style(color=color, bgcolor="#121212") for color in ("#ff5f5f", "#5fafd7", "#d0d0d0")]
    strip = Strip([Segment("word ", look[place % 3]) for place in range(12)])
    ours = Frames(Depth.ANSI256).written([(0, 0, strip)])
    theirs = "".join(f"\x1b[38;5;100;48;5;233m{segment.text}\x1b[0m" for segment in strip)
    assert len(ours) < 0.75 * len(theirs)


def test_a_writer_never_blocks() -> None:
    """Writing to a terminal that nobody reads returns at once, and says that it is blocked; reading lets it go on."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as file:
        writer = Writer(file)
        writer.start()
        data = "x" * 100_000
        writer.write(data)
        writer.write(data)
        while writer.blocked_seconds < 0.05:
            time.sleep(0.01)
        assert not writer.is_idle
        read = threading.Thread(target=drain, args=(master, 2 * len(data)))
        read.start()
        writer.stop()
        read.join()
        writer.join(WAIT_SECONDS)
        assert writer.is_idle
    os.close(master)


def drain(fileno: int, count: int) -> None:
    """Read that many bytes."""
    while count > 0:
        count -= len(os.read(fileno, 65536))


def test_stopping_a_blocked_writer_takes_a_second() -> None:
    """A terminal that takes nothing does not hold up the end."""
    master, slave = pty.openpty()
    file = os.fdopen(slave, "w")
    writer = Writer(file)
    writer.start()
    writer.write("x" * 1_000_000)
    began = time.monotonic()
    writer.stop()
    assert time.monotonic() - began < RESTORE_SECONDS + 5.0  # far less than for ever
    os.close(master)
    writer.join(WAIT_SECONDS)
    assert writer.is_broken
    file.close()
