"""Everything we do to Textual's driver: writes that never block the loop, leaving in time, and nothing left behind.

Textual is bounded to the minor version whose private parts are used here; a test names them.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from codecs import getincrementaldecoder
from collections.abc import Sequence
from typing import ClassVar

from rich.console import RenderableType
from textual import events
from textual._callback import invoke
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.timer import Timer

from bptui.tui.ascii import AsciiOnly
from bptui.tui.frames import Frames, NoColours
from bptui.tui.terminal_writer import Writer
from bptui.tui.theme import Depth, Look, textual_theme, theme_id

BLOCKED_SECONDS = 0.1
"""A write that takes longer than this means that the terminal does not read."""
LOOK_SECONDS = 0.05
"""How often a blocked terminal is looked at."""
GONE_SECONDS = 1.8
"""When the process ends in any case, after it was told to."""
SWITCH_SECONDS = 0.0005
"""For how long a thread computes while another waits: keys come and frames leave by threads of their own."""
PAINT_SECONDS = 0.008
"""The least time between two frames: what a key changes is not to wait long for what followed from the key before."""
INPUT_SECONDS = 0.1
READ_BYTES = 4096
_TELL_FOCUS = "\x1b[?1004h"
"""Asks the terminal to tell when its window gains or loses the focus, with which nothing is to look different."""


class BptuiDriver(LinuxDriver):
    """Textual's driver for Linux and macOS; asks the terminal nothing, notices its end, and never blocks the loop."""

    @property  # type: ignore[override]  # Textual assigns its own thread here
    def _writer_thread(self) -> Writer | None:
        return self.__dict__.get("writer")

    @_writer_thread.setter
    def _writer_thread(self, thread: object) -> None:
        self.__dict__["writer"] = None if thread is None else Writer(sys.__stderr__ or sys.stderr)

    @property
    def writer(self) -> Writer | None:
        """The thread that writes; None before the terminal is taken over."""
        return self._writer_thread

    def write(self, data: str) -> None:
        """Write to the terminal; after it was given back, nowhere. Whether its window has the focus is not asked."""
        if self._writer_thread is not None and data != _TELL_FOCUS:
            self._writer_thread.write(data)

    def start_application_mode(self) -> None:
        """Take over the terminal, remembering its title."""
        if isinstance(self._app, TerminalApp):
            self._app.forget_painted()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it untyped
        if _has_titles(os.environ):
            self.write(f"\x1b[22;0t\x1b]2;{self._app.title}\x07")

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if _has_titles(os.environ):
            self.write("\x1b[23;0t")
        super().stop_application_mode()

    def _request_terminal_sync_mode_support(self) -> None:
        """Ask nothing: an answer that comes late would be typed into the shell."""

    def _query_in_band_window_resize(self) -> None:
        """Ask nothing: the signal tells when the size changes."""

    def run_input_thread(self) -> None:
        """Hand on keys until told to end, or until the terminal is gone."""
        from textual._xterm_parser import XTermParser  # noqa: PLC0415 - as late as the thread that needs it

        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], INPUT_SECONDS)[0]:
                data = self._read()
                if not data:
                    self._loop.call_soon_threadsafe(self._vanished)
                    return
                for event in parser.feed(decode(data)):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:
            return b""

    def _vanished(self) -> None:
        if isinstance(self._app, TerminalApp):
            self._app.leave_at_once()


class TerminalApp(App[int], inherit_bindings=False):
    """An app that paints nothing while the terminal does not read, and is gone in time when told to leave."""

    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE: ClassVar[bool] = False

    def __init__(self, look: Look, css_path: Sequence[os.PathLike[str]], *, has_mouse: bool) -> None:
        super().__init__(driver_class=BptuiDriver, css_path=[str(path) for path in css_path])
        self.has_mouse = has_mouse
        self._frames = Frames(look.depth)
        self._colourless = [NoColours()] if look.depth is Depth.NONE else None
        self._ascii = [AsciiOnly()] if look.is_ascii else []
        self._is_waiting_for_terminal = False
        self._disable_tooltips = True
        self._disable_notifications = True
        self.animation_level = "none"
        self.wear(look)
        self.stylesheet.set_variables(self.get_css_variables())
        self._sheet_theme = self.theme

    def wear(self, look: Look) -> None:
        """Take the colours of a look."""
        self.register_theme(textual_theme(look))
        self.theme = theme_id(look)

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - Textual's shape
        """Read the style sheet again for other colours; those to begin with it is read with, once."""
        if self.theme != self._sheet_theme:
            self._sheet_theme = self.theme
            super().refresh_css(animate)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Under NO_COLOR take all colours out; Textual by itself would send greys."""
        return [*(self._colourless or super().get_line_filters()), *self._ascii]

    def write_code(self, code: str) -> None:
        """Send an escape code to the terminal, such as one that copies."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(code)

    def forget_painted(self) -> None:
        """Send the next frame whole: the terminal may show anything."""
        self._frames.forget()

    def action_repaint(self) -> None:
        """Draw the whole screen again."""
        self.forget_painted()
        self.screen.refresh()

    def action_suspend(self) -> None:
        """Suspend to the shell."""
        self.action_suspend_process()

    async def on_event(self, event: events.Event) -> None:
        """Send all cells of a terminal that has another size: what it made of the old ones is its own affair."""
        if isinstance(event, events.Key | events.Paste):
            await self._deliver(event)
            return
        if isinstance(event, events.Resize):
            self.forget_painted()
        await super().on_event(event)

    async def _deliver(self, event: events.Key | events.Paste) -> None:
        """Let everything from the focused widget up to its screen do what a key means before the next one is looked at.

        Textual posts a key from queue to queue and acts at the end of the way: a key typed behind it goes where the
        first one was, not where it leads, and is lost.
        """
        if isinstance(event, events.Key) and await self._check_bindings(event.key, priority=True):
            return
        for node in (self.focused or self.screen).ancestors_with_self[:-1]:
            for _, handle in node._get_dispatch_methods(event.handler_name, event):  # noqa: SLF001 - guarded by a test
                await invoke(handle, event)
            if event._stop_propagation:  # noqa: SLF001
                return
        if isinstance(event, events.Key):
            await self._check_bindings(event.key)

    def is_written(self) -> bool:
        """Whether everything painted so far has left for the terminal."""
        writer = self._writer()
        return not self._is_waiting_for_terminal and (writer is None or writer.is_idle)

    def _writer(self) -> Writer | None:
        return self._driver.writer if isinstance(self._driver, BptuiDriver) else None

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write what differs from the frame before, and stop painting when the terminal does not take it."""
        super()._display(screen, self._frames.of(renderable))
        writer = self._writer()
        if writer is not None and writer.blocked_seconds > BLOCKED_SECONDS and not self._is_waiting_for_terminal:
            self._is_waiting_for_terminal = True
            self._begin_batch()
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_at_terminal)

    def _look_at_terminal(self) -> None:
        """Paint the whole screen once when the terminal reads again."""
        writer = self._writer()
        if writer is not None and not writer.is_idle:
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_at_terminal)
            return
        self._is_waiting_for_terminal = False
        self._end_batch()
        self.screen.refresh()

    def _fatal_error(self) -> None:
        """End without a traceback on the terminal; `run_app` raises what happened."""
        self._close_messages_no_wait()

    def leave_at_once(self, exit_code: int = 0) -> None:
        """Leave because the terminal is gone or the system says so: in good order if that works in time."""
        timer = threading.Timer(GONE_SECONDS, os._exit, [exit_code])
        timer.daemon = True
        timer.start()
        self.exit(exit_code)

    @property
    def failure(self) -> Exception | None:
        """What ended the program, when it was a defect."""
        return self._exception


class LowerScreen(Screen[None], inherit_bindings=False):
    """A screen over which dialogs stand; what changes in it while they do is painted once.

    Textual marks such a screen as changed again with each paint, and so paints it without end (measured:
    5 KB a second at 80x24). It is covered whole and has nothing to paint itself.
    """

    BLANK = True

    def __init__(self) -> None:
        super().__init__()
        self._frame_timer: Timer | None = None

    @property
    def _update_timer(self) -> Timer:
        """Resumed by Textual, which paints 60 times a second at most, when there is something to paint."""
        self._frame_timer = self._frame_timer or self.set_interval(PAINT_SECONDS, self._on_timer_update, pause=True)
        return self._frame_timer

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Paint a new screen once: Textual lays it out and paints it here, and then marks all of it as changed."""
        event.prevent_default()
        is_new = self.size != self.app.size
        super()._on_screen_resume(event)
        if is_new:
            self._repaint_required = False

    def _compositor_refresh(self) -> None:
        if self is self.app.screen:
            super()._compositor_refresh()
            return
        regions = self._compositor._dirty_regions  # noqa: SLF001 - guarded by a test
        if self in self.app._background_screens and regions:  # noqa: SLF001
            self.app.screen.refresh(*regions)
            regions.clear()
            self._dirty_widgets.clear()


def run_app(app: TerminalApp) -> int:
    """Run an app in this terminal until it is left; its exit code.

    Raises:
        Exception: a defect ended the program; the terminal is restored by then.
    """

    async def run() -> int | None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, app.leave_at_once, 128 + number)
        return await app.run_async(mouse=app.has_mouse)

    sys.setswitchinterval(SWITCH_SECONDS)
    code = asyncio.run(run())
    if app.failure is not None:
        raise app.failure
    return code or 0


def _has_titles(environ: dict[str, str] | os._Environ[str]) -> bool:
    """Whether the terminal can remember its title and give it back."""
    return "STY" not in environ and not environ.get("TERM", "").startswith(("linux", "screen", "vt", "dumb"))
