"""A client against a pretend appliance that misbehaves: the right error, nothing repeated, and good again afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bptui.ds3 import errors
from bptui.ds3.calls import Patience
from bptui.ds3.client import Client
from bptui.ds3.timing import Allowance, Timing
from bptui.model.job import Job, JobId
from bptui.simulator.server import RunningSimulator

QUICK = Timing(read_seconds=0.5, allowances={patience: Allowance(1.0, 10_000_000) for patience in Patience})
"""For what never comes; all else has time on a slow machine."""

FAULTS: list[tuple[str, type[errors.Ds3Error]]] = [
    ("503:retry=7", errors.UnavailableError),
    ("307", errors.RedirectedError),
    ("500", errors.UnavailableError),
    ("slow:first=30", errors.TimedOutError),
    ("slow:rate=20", errors.TimedOutError),
    ("cut", errors.ConnectionBrokenError),
    ("cut:at=0", errors.ConnectionBrokenError),
    ("garbage:html", errors.WrongInterfaceError),
    ("garbage:xml", errors.BadAnswerError),
    ("garbage:empty", errors.BadAnswerError),
    ("skew:7200", errors.ClockSkewError),
    ("forbidden", errors.PermissionDeniedError),
    ("gone:path=*", errors.GoneError),
    ("management", errors.WrongInterfaceError),
    ("reset", errors.ConnectionBrokenError),
    ("hang", errors.TimedOutError),
]


@dataclass
class _Bench:
    simulator: RunningSimulator
    client: Client
    quick: Client
    job_id: JobId

    def meeting(self, kind: type[errors.Ds3Error]) -> Client:
        """Who asks where this is expected."""
        return self.quick if kind is errors.TimedOutError else self.client

    @property
    def puts(self) -> int:
        return sum(seen.method == "PUT" for seen in self.simulator.requests)


@pytest.fixture
async def bench(simulate: Callable[..., RunningSimulator], client_for: Callable[..., Client]) -> _Bench:
    simulator = simulate(speed=0)
    keys = {"secret": simulator.secret_key, "access_id": simulator.access_key}
    client, quick = client_for(simulator.endpoint, **keys), client_for(simulator.endpoint, timing=QUICK, **keys)
    job_id = next(job.job_id for job in (await client.jobs()).values() if job.is_aggregating)
    return _Bench(simulator, client, quick, job_id)


@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=[fault for fault, _ in FAULTS])
async def test_reading_under_a_fault(bench: _Bench, fault: str, kind: type[errors.Ds3Error]) -> None:
    """List and job fail alike, in words, and are read again as soon as the fault ends."""
    before = await bench.client.jobs()
    bench.simulator.set_faults([fault])
    client = bench.meeting(kind)
    for ask in (client.jobs, lambda: client.job(bench.job_id)):
        with pytest.raises(errors.Ds3Error) as caught:
            await ask()
        assert type(caught.value) is kind
        assert caught.value.problem.sentence
        assert caught.value.problem.advice
    bench.simulator.set_faults([])
    assert await client.jobs() == before
    assert (await client.job(bench.job_id)).job.job_id == bench.job_id


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=[fault for fault, _ in FAULTS])
async def test_closing_under_a_fault(bench: _Bench, fault: str, kind: type[errors.Ds3Error], when: str) -> None:
    """One PUT whatever happens; where no answer tells, the error says so, and a read settles what came of it."""
    bench.simulator.set_faults([_of_close(fault, when)])
    closing = bench.meeting(kind).close_aggregating_job(bench.job_id)
    (result,) = await asyncio.gather(closing, return_exceptions=True)
    if isinstance(result, errors.Ds3Error):
        assert type(result) is kind
        is_told = isinstance(result, errors.AnsweredError) and kind is not errors.RedirectedError
        assert (result.delivery is errors.Delivery.ANSWERED) is is_told
    else:  # some faults strike behind the root tag
        assert isinstance(result, Job)
        assert not result.is_aggregating
    assert bench.puts == 1
    bench.simulator.set_faults([])
    is_open = (await bench.client.active_job(bench.job_id)).is_aggregating
    # A skew is found before anything is done, and slowness delays the doing, too.
    if when == "after" and not fault.startswith(("skew", "slow")):
        assert not is_open


def _of_close(fault: str, when: str) -> str:
    """Narrow a fault to the one PUT; a clock that is off is off for everything."""
    if fault.startswith("skew"):
        return fault
    return f"{fault}{',' if ':' in fault else ':'}method=PUT,when={when}"


async def test_a_slow_job_does_not_delay_the_list(bench: _Bench) -> None:
    """One pool, several connections: each call has its own."""
    bench.simulator.set_faults(["hang:path=/_rest_/job/*"])
    looking = asyncio.ensure_future(bench.client.job(bench.job_id))
    assert await bench.client.jobs()
    assert not looking.done()
    looking.cancel()
    await asyncio.wait({looking})


async def test_a_few_307s_are_nothing(bench: _Bench) -> None:
    """Each was signed anew: the appliance accepted the last."""
    bench.simulator.set_faults(["307:times=5"])
    assert await bench.client.jobs()
