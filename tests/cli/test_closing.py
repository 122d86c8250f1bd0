"""`bptui close` over a real socket: one PUT for one yes, and never silence."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bptui.simulator.server import RunningSimulator
from tests.cli.calling import Bptui

NOT_THERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def watched(fresh: RunningSimulator, use: Callable[[RunningSimulator], None]) -> None:
    use(fresh)


def jobs_that(simulator: RunningSimulator, *, aggregate: bool) -> list[str]:
    return [
        job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running and job.is_aggregating is aggregate
    ]


def changes(simulator: RunningSimulator) -> list[tuple[str, str, str]]:
    return [(one.method, one.path, one.query) for one in simulator.requests if one.method != "GET"]


def lines_of(audit: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in audit.read_text().splitlines()]


def test_close_with_yes(bptui: Bptui, fresh: RunningSimulator, place: Path) -> None:
    """One request, the job no longer aggregates, and the audit file has a line before and one after."""
    job_id = jobs_that(fresh, aggregate=True)[0]
    ran = bptui("close", job_id, "--yes", "--reason", "CHG-17")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{job_id}  no longer aggregating  No longer aggregating.\n"
    assert changes(fresh) == [("PUT", f"/_rest_/job/{job_id}", "close_aggregating_job")]
    assert not fresh.appliance.jobs[job_id].is_aggregating
    audit = place / "state" / "audit.jsonl"
    assert [(line["what"], line["job_id"], line["reason"]) for line in lines_of(audit)] == [
        ("close requested", job_id, "CHG-17"),
        ("close finished", job_id, "CHG-17"),
    ]
    assert stat.S_IMODE(audit.stat().st_mode) == 0o600


def test_several_as_json(bptui: Bptui, fresh: RunningSimulator) -> None:
    """One entry for each id in the order given, each id once; the code is the worst."""
    open_id, idle_id = jobs_that(fresh, aggregate=True)[0], jobs_that(fresh, aggregate=False)[0]
    ran = bptui("close", NOT_THERE, open_id, idle_id, open_id, "--yes", "--json")
    results = json.loads(ran.out)
    assert ran.code == 6
    assert [(one["job_id"], one["outcome"]) for one in results] == [
        (NOT_THERE, "refused"),
        (open_id, "closed"),
        (idle_id, "refused"),
    ]
    keys = {"endpoint", "job_id", "outcome", "message", "status", "code", "request_id", "at"}
    assert [set(one) for one in results] == [keys] * 3
    assert [path for _, path, _ in changes(fresh)] == [f"/_rest_/job/{open_id}"]


@pytest.mark.parametrize("flag", [[], ["--json"]])
def test_without_yes_and_terminal_nothing_is_sent(bptui: Bptui, fresh: RunningSimulator, flag: list[str]) -> None:
    """A script that forgot --yes gets 2, even when it types y."""
    ran = bptui("close", jobs_that(fresh, aggregate=True)[0], *flag, typed="y\n")
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing was sent" in ran.err
    assert fresh.requests == []


@pytest.mark.parametrize(
    ("aggregate", "code"), [(False, 6), (None, 3)], ids=["a job that does not aggregate", "a job that is not there"]
)
def test_what_cannot_be_closed(bptui: Bptui, fresh: RunningSimulator, aggregate: bool | None, code: int) -> None:
    """Nothing is sent for it, and the code says why."""
    job_id = NOT_THERE if aggregate is None else jobs_that(fresh, aggregate=aggregate)[0]
    ran = bptui("close", job_id, "--yes")
    assert ran.code == code
    assert ran.out.startswith(f"{job_id}  refused  Nothing was sent: ")
    assert changes(fresh) == []


@pytest.mark.parametrize("where", ["before", "after"])
def test_read_only(bptui: Bptui, fresh: RunningSimulator, where: str) -> None:
    """--read-only, on either side of the command, means that nothing is sent at all."""
    arguments = ["close", jobs_that(fresh, aggregate=True)[0], "--yes"]
    arguments.insert(0 if where == "before" else 3, "--read-only")
    ran = bptui(*arguments)
    assert (ran.code, ran.out) == (6, "")
    assert fresh.requests == []


def test_an_endpoint_that_is_never_written_to(
    bptui: Bptui, fresh: RunningSimulator, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`writes = "no"` holds for scripts, too; "ask" needs no unlocking here."""
    table = f'url = "{fresh.endpoint}"\naccess_id = "{fresh.access_key}"\nsecret_env = "DS3_SECRET_KEY"\n'
    (place / "config.toml").write_text(f'[endpoints.no]\nwrites = "no"\n{table}[endpoints.ask]\nprod = true\n{table}')
    monkeypatch.delenv("DS3_ENDPOINT")
    job_id = jobs_that(fresh, aggregate=True)[0]
    assert bptui("close", "-e", "no", job_id, "--yes").code == 6
    assert fresh.requests == []
    assert bptui("close", "-e", "ask", job_id, "--yes").code == 0


def test_an_audit_file_that_cannot_be_written(bptui: Bptui, fresh: RunningSimulator, place: Path) -> None:
    """No line before, no request: refused, naming the path."""
    (place / "state").write_text("not a folder")
    ran = bptui("close", jobs_that(fresh, aggregate=True)[0], "--yes")
    assert ran.code == 6
    assert str(place / "state" / "audit.jsonl") in ran.out
    assert changes(fresh) == []


def test_a_release_without_close(bptui: Bptui, use: Callable[[RunningSimulator], None]) -> None:
    """Before 4.0 the same request would modify the job: it is not sent."""
    from bptui.simulator.options import Options

    with RunningSimulator(Options(release="3.5", speed=0.0)) as old:
        use(old)
        ran = bptui("close", jobs_that(old, aggregate=True)[0], "--yes")
        assert ran.code == 6
        assert "3.5" in ran.out
        assert changes(old) == []


@pytest.mark.parametrize(("fault", "code"), [("forbidden:method=PUT", 4), ("503:method=PUT", 5), ("307:method=PUT", 5)])
def test_a_close_that_is_not_granted(
    bptui: Bptui, fresh: RunningSimulator, monkeypatch: pytest.MonkeyPatch, fault: str, code: int
) -> None:
    """Sent once, whatever the answer; and the code tells why the job still aggregates."""
    monkeypatch.setattr("bptui.monitor.close.REREAD_PAUSES_SECONDS", (0.0,))
    fresh.set_faults([fault])
    ran = bptui("close", jobs_that(fresh, aggregate=True)[0], "--yes")
    assert ran.code == code
    assert len(changes(fresh)) == 1


def test_an_answer_that_is_lost(bptui: Bptui, fresh: RunningSimulator) -> None:
    """The connection breaks after the appliance acted: the next look says so, and nothing is sent twice."""
    fresh.set_faults(["reset:method=PUT,when=after"])
    ran = bptui("close", jobs_that(fresh, aggregate=True)[0], "--yes")
    assert ran.code == 0
    assert "no longer aggregating" in ran.out
    assert len(changes(fresh)) == 1
