"""`bptui jobs` and `bptui job` over a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from bptui.units import UNKNOWN
from tests.cli.calling import Bptui

NOT_THERE = "00000000-0000-4000-8000-000000000000"
JOB_KEYS = {
    "endpoint", "job_id", "name", "bucket_name", "request_type", "status", "priority", "aggregating", "naked",
    "entirely_in_cache", "original_size_in_bytes", "cached_size_in_bytes", "completed_size_in_bytes", "start_date",
    "user_id", "user_name", "chunk_client_processing_order_guarantee",
}  # fmt: skip
CHUNK_KEYS = {
    "chunk_id", "chunk_number", "node_id", "object_count", "in_cache_count", "latest_count", "size_in_bytes",
}  # fmt: skip
OBJECT_KEYS = {"id", "name", "in_cache", "latest", "length", "offset", "version", "version_id"}


@pytest.fixture(autouse=True)
def watched(standing: RunningSimulator, use: Callable[[RunningSimulator], None]) -> Iterator[None]:
    use(standing)
    yield
    standing.set_faults([])


@pytest.fixture(scope="session")
def hostile() -> Iterator[RunningSimulator]:
    with RunningSimulator(Options(scenario="hostile", speed=0.0)) as simulator:
        yield simulator


def running(simulator: RunningSimulator) -> set[str]:
    return {job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running}


def test_jobs_as_json(bptui: Bptui, standing: RunningSimulator) -> None:
    """An array of the running jobs, each with every key."""
    ran = bptui("jobs", "--json")
    jobs = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert {job["job_id"] for job in jobs} == running(standing)
    assert [set(job) for job in jobs] == [JOB_KEYS] * len(jobs)
    assert {job["endpoint"] for job in jobs} == {"env"}


def test_all_jobs(bptui: Bptui, standing: RunningSimulator) -> None:
    """--all adds those that ended."""
    assert {job["job_id"] for job in json.loads(bptui("jobs", "--all", "--json").out)} == set(standing.appliance.jobs)


def test_jobs_for_people(bptui: Bptui, standing: RunningSimulator) -> None:
    """A table with a line for each job, whole where nobody cuts it."""
    ran = bptui("jobs")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].split()[:4] == ["JOB", "ID", "TYPE", "STATUS"]
    assert {line.split()[0] for line in lines[1:]} == running(standing)


def test_a_chunk_without_objects_has_no_numbers(bptui: Bptui, use: Callable[[RunningSimulator], None]) -> None:
    """Of a chunk that lists no objects nothing is counted: not that none is in cache, and not that it is empty."""
    with RunningSimulator(Options(scenario="night-3", speed=0)) as simulator:
        use(simulator)
        job_id = next(job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running)
        lines = [line.split() for line in bptui("job", job_id).out.splitlines()]
        cells = [line[3:] for line in lines if len(line) > 3 and line[3] == "0"]
    assert cells != []
    assert [each for each in cells if each != ["0", UNKNOWN, UNKNOWN, UNKNOWN]] == []


def test_an_empty_list(bptui: Bptui, use: Callable[[RunningSimulator], None]) -> None:
    """Nothing running is an empty array, and a word to people."""
    with RunningSimulator(Options(scenario="empty")) as simulator:
        use(simulator)
        assert json.loads(bptui("jobs", "--json").out) == []
        assert bptui("jobs").err == "bptui: No jobs.\n"


def test_a_job_as_json(bptui: Bptui, standing: RunningSimulator) -> None:
    """One object with nodes, chunks and, on demand, objects."""
    for job_id in running(standing):
        plain, full = bptui("job", job_id, "--json"), bptui("job", job_id.upper(), "--objects", "--json")
        job = json.loads(full.out)
        assert (plain.code, full.code) == (0, 0)
        assert job["job_id"] == job_id
        assert set(job) == JOB_KEYS | {"nodes", "chunks"}
        assert {frozenset(chunk) for chunk in job["chunks"]} <= {frozenset(CHUNK_KEYS | {"objects"})}
        assert {frozenset(one) for chunk in job["chunks"] for one in chunk["objects"]} <= {frozenset(OBJECT_KEYS)}
        for chunk in job["chunks"]:
            assert chunk["object_count"] == len(chunk.pop("objects"))
        assert json.loads(plain.out) == job


def test_a_job_for_people(bptui: Bptui, standing: RunningSimulator) -> None:
    """Facts, chunks, and on demand objects by name."""
    for job_id, job in standing.appliance.jobs.items():
        ran = bptui("job", job_id, "--objects")
        assert ran.code == 0
        assert f"job                {job_id}\n" in ran.out
        if job.is_running:
            assert [chunk.id for chunk in job.chunks if chunk.id not in ran.out] == []


def test_hostile_names(bptui: Bptui, hostile: RunningSimulator, use: Callable[[RunningSimulator], None]) -> None:
    """Tables hold no character that a terminal obeys, JSON nothing but ASCII."""
    use(hostile)
    for job_id in hostile.appliance.jobs:
        table, data = bptui("job", job_id, "--objects"), bptui("job", job_id, "--objects", "--json")
        assert table.out.replace("\n", "").isprintable()
        assert data.out.isascii()
        assert data.out.replace("\n", "").isprintable()
        job = hostile.appliance.jobs[job_id]
        assert json.loads(data.out)["name"] == job.name
    assert bptui("jobs", "--all").out.replace("\n", "").isprintable()


@pytest.mark.parametrize("text", ["", " ", "*", "..", "5f0c8d1e", NOT_THERE.replace("-", ""), f"{NOT_THERE}/x"])
def test_what_is_no_job_id_is_never_asked_for(bptui: Bptui, standing: RunningSimulator, text: str) -> None:
    """An id that is none is refused before anything is sent."""
    before = len(standing.requests)
    for command in ("job", "close"):
        ran = bptui(command, text)
        assert (ran.code, ran.out) == (2, "")
        assert "is not a job id" in ran.err
    assert len(standing.requests) == before


@pytest.mark.parametrize(
    ("fault", "code", "word"),
    [
        ("503:retry=1", 5, "503"),
        ("forbidden", 4, ""),
        ("skew:7200", 4, "clock"),
        ("management", 1, "data path"),
        ("garbage:html", 1, ""),
        ("garbage:xml", 1, ""),
        ("garbage:empty", 1, ""),
        ("cut:at=10", 5, ""),
        ("reset", 5, ""),
        ("500", 5, "500"),
        ("307", 5, ""),
    ],
)
def test_trouble_has_a_code_and_a_sentence(
    bptui: Bptui, standing: RunningSimulator, fault: str, code: int, word: str
) -> None:
    """Each kind of trouble ends with its code, a sentence on standard error, and no data."""
    standing.set_faults([fault])
    ran = bptui("jobs", "--json")
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("bptui: env: ")
    assert word in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("fault", ["503:retry=1", "500", "reset", "cut:at=10"])
def test_trouble_that_passes_costs_a_moment(bptui: Bptui, standing: RunningSimulator, fault: str) -> None:
    """A read that fails once is tried again, which standard error says; the data are whole."""
    plain = bptui("jobs", "--json")
    one = json.loads(plain.out)[0]["job_id"]
    for command in (("jobs", "--json"), ("job", one, "--json")):
        expected = bptui(*command).out
        standing.set_faults([f"{fault}{',' if ':' in fault else ':'}times=1"])
        ran = bptui(*command)
        assert (ran.code, ran.out) == (0, expected)
        assert ran.err.startswith("bptui: env: ")
        assert ran.err.endswith("Trying again in 1 s.\n")


def test_a_refusal_is_not_tried_again(bptui: Bptui, standing: RunningSimulator) -> None:
    """What no other try can cure is asked for once."""
    standing.set_faults(["forbidden"])
    before = len(standing.requests)
    assert bptui("jobs").code == 4
    assert len(standing.requests) == before + 1


def test_a_job_that_is_not_there(bptui: Bptui) -> None:
    """Not found is 3."""
    ran = bptui("job", NOT_THERE, "--json")
    assert (ran.code, ran.out) == (3, "")
    assert NOT_THERE in ran.err


def test_a_wrong_key(bptui: Bptui, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong key is 4, and is not shown."""
    monkeypatch.setenv("DS3_SECRET_KEY", "wrong-and-secret")
    ran = bptui("jobs")
    assert (ran.code, ran.out) == (4, "")
    assert "wrong-and-secret" not in ran.err


def test_nobody_there(bptui: Bptui, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed port is 5."""
    monkeypatch.setenv("DS3_ENDPOINT", "http://127.0.0.1:9")
    assert bptui("jobs").code == 5


CONFIG = """
default = "a"
[endpoints.a]
url = "{url}"
access_id = "{access_key}"
secret_key = "{secret_key}"
[endpoints.b]
url = "{url}"
access_id = "{access_key}"
secret_env = "B_KEY"
[endpoints.dead]
url = "http://127.0.0.1:9"
access_id = "x"
secret_key = "y"
"""


@pytest.fixture
def configured(place: Path, standing: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DS3_ENDPOINT")
    monkeypatch.setenv("B_KEY", standing.secret_key)
    text = CONFIG.format(url=standing.endpoint, access_key=standing.access_key, secret_key=standing.secret_key)
    (place / "config.toml").write_text(text)
    (place / "config.toml").chmod(0o600)


@pytest.mark.usefixtures("configured")
def test_which_endpoint_is_meant(bptui: Bptui, standing: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag, before or after the command; else the environment; else the default."""

    def names(*arguments: str) -> list[str]:
        return list(dict.fromkeys(job["endpoint"] for job in json.loads(bptui(*arguments).out)))

    assert names("jobs", "--json") == ["a"]
    assert names("-e", "b", "jobs", "--json") == ["b"]
    assert names("jobs", "-e", "b", "--json") == ["b"]
    assert names("-e", "b", "jobs", "-e", "a", "--json") == ["b", "a"]
    monkeypatch.setenv("DS3_ENDPOINT", standing.endpoint)
    assert names("jobs", "--json") == ["env"]
    assert names("jobs", "-e", "a", "-e", "env", "--json") == ["a", "env"]


@pytest.mark.usefixtures("configured")
def test_one_dead_appliance_of_two(bptui: Bptui) -> None:
    """The others' jobs are printed, and the code tells of the one that failed."""
    ran = bptui("jobs", "-e", "a", "-e", "dead", "--json")
    assert ran.code == 5
    assert {job["endpoint"] for job in json.loads(ran.out)} == {"a"}
    assert ran.err.startswith("bptui: dead: ")


@pytest.mark.usefixtures("configured")
def test_a_config_elsewhere(bptui: Bptui, place: Path) -> None:
    """--config works before and after the command, and beats the environment."""
    (place / "config.toml").rename(place / "other.toml")
    other = str(place / "other.toml")
    assert bptui("jobs").code == 2
    assert bptui("--config", other, "jobs", "--json").code == 0
    assert bptui("jobs", "--json", "--config", other).code == 0


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["jobs", "-e", "nix"], "bptui: There is no endpoint 'nix'; there are a, b, dead.\n"),
        (["job", NOT_THERE, "-e", "a", "-e", "b"], "bptui: This command is about one appliance: give -e once.\n"),
        (["jobs", "-e", "env"], "bptui: -e env means DS3_ENDPOINT, which is not set.\n"),
    ],
)
def test_what_cannot_be_meant(bptui: Bptui, arguments: list[str], expected: str) -> None:
    """Usage is 2, with a sentence that says what would do."""
    ran = bptui(*arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", expected)


@pytest.mark.usefixtures("configured")
def test_a_broken_config_is_named(bptui: Bptui, place: Path) -> None:
    """Every mistake with its line; nothing is asked of anybody."""
    (place / "config.toml").write_text('theme = "pink"\n\nmouse = 1\n')
    ran = bptui("jobs")
    assert ran.code == 2
    assert [line.split(": ")[1].removeprefix(str(place)) for line in ran.err.splitlines()] == [
        "/config.toml, line 1",
        "/config.toml, line 3",
    ]


def test_nothing_is_configured(bptui: Bptui, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine is told how to begin."""
    monkeypatch.delenv("DS3_ENDPOINT")
    ran = bptui("jobs")
    assert ran.code == 2
    assert "bptui endpoint add" in ran.err
    assert "bptui demo" in ran.err


def test_a_proxy_that_is_not_supported(bptui: Bptui, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the variable, and nothing is sent."""
    monkeypatch.setenv("DS3_ENDPOINT", "http://bp.example.test")
    monkeypatch.setenv("http_proxy", "socks5://user:hunter2@proxy.example.test")
    ran = bptui("jobs")
    assert (ran.code, ran.out) == (2, "")
    assert "http_proxy" in ran.err
    assert "hunter2" not in ran.err


def test_half_an_environment(bptui: Bptui, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is missing beside DS3_ENDPOINT is named."""
    monkeypatch.delenv("DS3_SECRET_KEY")
    ran = bptui("jobs")
    assert ran.code == 2
    assert "DS3_SECRET_KEY" in ran.err


def test_a_secret_that_cannot_be_had(bptui: Bptui, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that fails is named with what it said; it counts as not authenticated."""
    monkeypatch.delenv("DS3_ENDPOINT")
    table = "[endpoints.a]\nurl = 'http://127.0.0.1:9'\naccess_id = 'x'\nsecret_command = ['sh', '-c', 'echo no such entry >&2; exit 3']\n"
    (place / "config.toml").write_text(table)
    ran = bptui("jobs")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "bptui: a: The secret command sh failed with status 3 and said: no such entry\n"
