"""Runs a pretend appliance: in the foreground for people, on a thread for tests."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, Self, TextIO

import uvicorn

from bptui.simulator.app import Application, Logged
from bptui.simulator.appliance import Appliance
from bptui.simulator.connection import Protocol
from bptui.simulator.faults import Faults, parse_faults
from bptui.simulator.options import Options, OptionsError
from bptui.simulator.scenarios import FAULTS, populate
from bptui.simulator.service import Service
from bptui.simulator.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from types import TracebackType

    from bptui.simulator.certificates import Certificate

PERSON = "demo"
"""Who the printed keys belong to."""

GRACE_SECONDS = 1

_ENDS = (signal.SIGINT, signal.SIGTERM)


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to whoever runs it, and sleeps until it is told to stop."""

    def __init__(self, config: uvicorn.Config, before_end: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_end = before_end
        self._told = threading.Event()
        self._wake: Callable[[], object] = self._told.set

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Do nothing: a test's thread has no signals, and the foreground ends with 0."""
        yield

    async def main_loop(self) -> None:
        """Wait to be told, instead of looking ten times a second."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stopping.set)
        if threading.current_thread() is threading.main_thread():
            # A handler of Python's own runs when the loop wakes, and a signal need not wake it.
            for number in _ENDS:
                loop.add_signal_handler(number, self.tell)
        if not self._told.is_set():
            await stopping.wait()
        self._before_end()

    def tell(self) -> None:
        """Stop, whatever thread or signal handler this is called from."""
        self.should_exit = True
        self._told.set()
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._wake()


class _Simulator:
    """An appliance, bound to a socket and ready to be run."""

    def __init__(self, options: Options, alarm: TextIO | None = None) -> None:
        self.appliance = Appliance(options)
        self.person = self.appliance.add_user(PERSON, is_administrator=True)
        populate(self.appliance)
        self.storage = Storage(options.body_cap_bytes)
        given = (*FAULTS.get(options.scenario, ()), *options.faults)
        faults = Faults(parse_faults(given), random.Random(options.seed))
        service = Service(self.appliance, self.storage, alarm)
        service.prepare_large()
        self.application = Application(service, faults)
        self.certificate = _certificate(options) if options.tls else None
        self.socket = _bind(options)
        host, port = self.socket.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.endpoint = f"{'https' if options.tls else 'http'}://{shown}:{port}"
        self.server = _Server(self._config(), self.application.let_go)

    def _config(self) -> uvicorn.Config:
        config = uvicorn.Config(
            self.application,
            http=Protocol,
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        config.load()
        if self.certificate is not None:
            config.ssl = self.certificate.context
        return config

    def run(self) -> None:
        """Serve until told to stop."""
        try:
            self.server.run(sockets=[self.socket])
        finally:
            self.socket.close()
            self.storage.close()

    def stop(self) -> None:
        """Tell the server to stop; it will within a moment."""
        self.server.tell()


def _certificate(options: Options) -> Certificate:
    from bptui.simulator.certificates import make_certificate  # noqa: PLC0415 - trustme costs 100 ms

    return make_certificate(options.host, "localhost")


def _bind(options: Options) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # Asyncio switches Nagle's algorithm off only where the protocol is named; left on, small answers take 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((options.host, options.port))
        # Listening from here on: whoever connects before the loop runs waits in the queue.
        bound.listen(512)
    except OSError as error:
        bound.close()
        raise OptionsError(f"Cannot listen on {options.host}:{options.port}: {error.strerror or error}.") from error
    return bound


def serve(options: Options, *, out: TextIO = sys.stdout, until_eof: BinaryIO | TextIO | None = None) -> int:
    """Print where and with which keys the appliance answers, then serve until a signal or the end of a stream.

    Raises:
        OptionsError: nothing can listen at the address.
    """
    simulator = _without_collecting(options)
    for number in _ENDS:
        signal.signal(number, lambda *_: simulator.stop())
    print(f"DS3_ENDPOINT={simulator.endpoint}", file=out)
    print(f"DS3_ACCESS_KEY={simulator.person.access_id}", file=out)
    print(f"DS3_SECRET_KEY={simulator.person.secret_key}", file=out, flush=True)
    if simulator.certificate is not None:
        sys.stderr.write(f"certificate SHA-256: {simulator.certificate.sha256}\n")
        sys.stderr.flush()
    if until_eof is not None:
        threading.Thread(target=_wait_for_end, args=(until_eof, simulator), daemon=True).start()
    simulator.run()
    return 0


def _without_collecting(options: Options) -> _Simulator:
    """An appliance whose half a million objects the garbage collector neither walks now nor later."""
    gc.disable()
    try:
        return _Simulator(options)
    finally:
        gc.freeze()
        gc.enable()


def _wait_for_end(stream: BinaryIO | TextIO, simulator: _Simulator) -> None:
    while stream.read(1):
        pass
    simulator.stop()


class RunningSimulator:
    """A pretend appliance on a thread of this process, answering on a real socket while the `with` block runs."""

    def __init__(self, options: Options | None = None, *, alarm: TextIO | None = None) -> None:
        self._simulator = _Simulator(options or Options(), alarm)
        self._thread = threading.Thread(target=self._simulator.run, name="pretend appliance", daemon=True)
        self.endpoint = self._simulator.endpoint
        self.access_key = self._simulator.person.access_id
        self.secret_key = self._simulator.person.secret_key
        self.appliance = self._simulator.appliance

    @property
    def requests(self) -> list[Logged]:
        """Every request received so far, oldest first."""
        return list(self._simulator.application.requests)

    @property
    def prepared(self) -> dict[str, list[bytes]]:
        """Bodies, in blocks, that are served as they are, by path with query."""
        return self._simulator.application.prepared

    @property
    def certificate_sha256(self) -> str | None:
        """The fingerprint of the certificate, with TLS."""
        certificate = self._simulator.certificate
        return None if certificate is None else certificate.sha256

    @property
    def ca_pem(self) -> bytes | None:
        """The certificate's authority, with TLS."""
        certificate = self._simulator.certificate
        return None if certificate is None else certificate.ca_pem

    def set_faults(self, faults: Iterable[str]) -> None:
        """Put these faults in force instead of all others."""
        self._simulator.application.faults.set(parse_faults(faults))

    def stop(self) -> None:
        """Tell it to stop, without waiting for it; the end of the `with` block waits."""
        self._simulator.stop()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._simulator.stop()
        self._thread.join(GRACE_SECONDS + 5)
