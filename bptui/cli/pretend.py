"""A pretend appliance in a child process that ends with this one, however this one ends."""

from __future__ import annotations

import inspect
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

import bptui
from bptui.cli.exits import Exit, Failure
from bptui.config.settings import ConfiguredEndpoint
from bptui.credentials import Secret, StoredSecret
from bptui.ds3.errors import NetworkError
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.text import visible

if TYPE_CHECKING:
    # Loaded with the screen, while the child starts.
    from bptui.monitor.appliance import Appliance

NAME = EndpointName("demo")

_GRACE_SECONDS = 3.0
_KEPT_LINES = 5


class PretendAppliance:
    """The child process: `with` starts it, and its end closes the pipe by which it knows that we are there."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self._last_lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process = subprocess.Popen(  # noqa: S603  # our own program with options that were checked
            [sys.executable, "-P", "-m", "bptui", "simulate", "--until-eof", *arguments],
            env=_environment(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Signals of the terminal, such as Ctrl-C's, are not for the child: it ends with the pipe.
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, name="pretend appliance's stderr", daemon=True)

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(BrokenPipeError):
            cast(Any, self._process.stdin).close()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(_GRACE_SECONDS)
        for stream in (self._process.stdout, self._process.stderr):
            cast(Any, stream).close()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def endpoint(self) -> ConfiguredEndpoint:
        """Wait until it answers, and say where and with which keys.

        Raises:
            Failure: it ended instead; with its last words.
        """
        told = dict(self._line().partition("=")[::2] for _ in range(3))
        try:
            url, access_id, secret = (told[f"DS3_{name}"] for name in ("ENDPOINT", "ACCESS_KEY", "SECRET_KEY"))
        except KeyError:
            self.wait()
            raise Failure(Exit.FAILED, f"The pretend appliance did not start. {self._words()}") from None
        # An empty proxy is none at all: nothing in the person's environment stands between us and the child.
        endpoint = Endpoint(NAME, url, access_id, writes=Writes.YES, proxy="")
        return ConfiguredEndpoint(endpoint, StoredSecret(Secret(secret)))

    def wait(self) -> None:
        """Wait until the child has ended by itself."""
        self._process.wait()
        self._listener.join(_GRACE_SECONDS)

    def obituary(self) -> str:
        """Say with which last words the child ended; empty while it lives."""
        status = self._process.poll()
        return "" if status is None else f"The pretend appliance has ended with status {status}. {self._words()}"

    def watched_over(self, appliance: Appliance) -> Appliance:
        """Return the same client, whose network errors tell that the child has ended, when it has."""
        return cast("Appliance", _Mortal(appliance, self.obituary))

    def _words(self) -> str:
        return f"It said: {' / '.join(self._last_lines)}" if self._last_lines else "It said nothing."

    def _line(self) -> str:
        line: str = cast(Any, self._process.stdout).readline()
        return line.strip()

    def _listen(self) -> None:
        for line in cast(Any, self._process.stderr):
            if line.strip():
                self._last_lines.append(visible(line.rstrip()))


class _Mortal:
    """A client of a process that may have ended: then that is the reason, and not the refused connection."""

    def __init__(self, appliance: Appliance, obituary: Callable[[], str]) -> None:
        self._appliance = appliance
        self._obituary = obituary

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._appliance, name)
        if not inspect.iscoroutinefunction(attribute):
            return attribute

        async def call(*arguments: Any, **options: Any) -> Any:
            try:
                return await attribute(*arguments, **options)
            except NetworkError as error:
                raise self._explained(error) from error

        return call

    def _explained(self, error: NetworkError) -> NetworkError:
        sentence = self._obituary()
        if not sentence:
            return error
        problem = replace(error.problem, sentence=sentence, advice="Quit, and start `bptui demo` again.")
        return type(error)(problem, delivery=error.delivery)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Keep the person's keys and settings from the child, and let it find the same bptui as ours."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("DS3_", "BPTUI_"))}
    places = [str(Path(bptui.__file__).resolve().parents[1]), environ.get("PYTHONPATH", "")]
    return kept | {"PYTHONPATH": ":".join(filter(None, places))}
