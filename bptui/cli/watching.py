"""Builds what watches; imported once the first frame is painted, which waits for neither monitor nor wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from bptui.cli.connecting import make_client
from bptui.cli.invocation import Invocation
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import ConfiguredEndpoint
from bptui.credentials import SecretError
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.appliance import Appliance, CannotConnect, Watched
from bptui.monitor.audit import Audit, origin
from bptui.monitor.monitor import Monitor
from bptui.monitor.recorder.recorder import Recorder
from bptui.paths import audit_file

Over = Callable[[Appliance], Appliance]
"""Puts something between the monitor and a client."""


def monitor_of(
    configured: Sequence[ConfiguredEndpoint],
    invocation: Invocation,
    recorder: Recorder,
    over: Over | None = None,
    *,
    is_list_first: bool = False,
) -> Monitor:
    """Return a monitor of these appliances, with everything loaded that the first request needs."""
    for name in ("bptui.ds3.client", "bptui.ds3.session", "bptui.ds3.parsers"):
        import_module(name)
    environ = invocation.environ
    audit = Audit(audit_file(environ), origin(environ))
    watched = [_watched(one, invocation, over) for one in configured]
    return Monitor(watched, clock=SYSTEM_CLOCK, audit=audit, recorder=recorder, is_list_first=is_list_first)


def _watched(configured: ConfiguredEndpoint, invocation: Invocation, over: Over | None) -> Watched:
    """Return an endpoint with the way to its client."""

    def connect() -> Appliance:
        try:
            client = make_client(configured, invocation, is_quiet=True)
        except SecretError as error:
            raise CannotConnect(Problem(ProblemKind.CONFIGURATION, str(error), "Mend it, then ask again.")) from None
        return client if over is None else over(client)

    return Watched(configured.endpoint, connect, is_read_only=invocation.is_read_only)
