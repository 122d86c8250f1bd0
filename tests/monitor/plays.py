"""For each rule the scenario that brings its verdict and takes it away, and how long either may take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bptui.model.verdict import Kind
from bptui.simulator.scenarios.plots import RULES
from bptui.simulator.scenarios.troubles import TROUBLES
from tests.monitor.stage import Stage, stage

MINUTE = 60.0
HOUR = 3600.0
GIB = 1 << 30

SOURCE_SECONDS = 60.0
"""How often anything but the list of jobs is asked for."""
COUNT_SECONDS = 240.0
"""The longest time in which no scenario's counters change although data flow: a chunk of 40 GiB, and the next blob."""
POLLS = 3
"""A counter is read, and what is not told outright holds for two evaluations."""


def client(blob_bytes: float) -> float:
    """How long a pause of the client is normal, with blobs of this size."""
    return min(max(blob_bytes / 30e6, 10 * MINUTE), HOUR)


def media(chunk_bytes: float) -> float:
    """How long a pause of the media is normal, with chunks of this size."""
    return min(max(15 * MINUTE + chunk_bytes / 100e6, 30 * MINUTE), 2 * HOUR)


CLIENT, CLIENT_UNSEEN = client(0), client(64e9)
MEDIA, MEDIA_UNSEEN = media(0), media(360e9)
VERIFY = 2 * media(300 * GIB)
OPEN, NOTHING, FINISH, SILENT = 15 * MINUTE, 10 * MINUTE, 30 * MINUTE, 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario, what is to be seen in it, and what has to pass until then."""

    scenario: str
    rule: str
    kind: Kind | None = None
    """None: a verdict about the whole appliance."""
    after_seconds: float = 0.0
    """The pause that is normal, after which the verdict is due."""
    is_counted: bool = False
    """Whether the verdict waits for a counter to move, or to have stood still for a minute."""
    words: str = ""
    """What the sentence has to hold besides."""
    role: str = ""
    trouble: str = ""
    """Whose cure is played; none where the verdict is the end."""
    cause_seconds: float = 0.0
    is_looked_at: bool = True
    lasts_seconds: float = 0.0
    """How much longer the verdict stands, by its rule, than its cause."""

    @property
    def step_seconds(self) -> float:
        """Between two lists of jobs, when nobody needs to know the times exactly."""
        return 300.0 if self.after_seconds > HOUR else 120.0

    @property
    def has_end(self) -> bool:
        """Whether there is a cure."""
        return self.trouble not in {"", "completes", "canceled", "forgotten"}

    def latest_seconds(self, step_seconds: float) -> float:
        """By when the verdict has to stand, from its cause."""
        slack = SOURCE_SECONDS + POLLS * step_seconds
        if not self.is_counted and not self.after_seconds:
            return slack
        return max(self.after_seconds, moving_seconds(step_seconds)) + COUNT_SECONDS + slack

    def earliest_seconds(self) -> float:
        """Before this it would be too early to say: the last change may have been a while before the cause."""
        return max(0.0, self.after_seconds - COUNT_SECONDS)

    def last_seconds(self, step_seconds: float) -> float:
        """By when it has to be gone, from its cure."""
        slack = SOURCE_SECONDS + POLLS * step_seconds
        return self.lasts_seconds + moving_seconds(step_seconds) + COUNT_SECONDS + slack


def moving_seconds(step_seconds: float) -> float:
    """For how long a counter counts as moving after it changed."""
    return max(MINUTE, 3 * step_seconds)


def _rule(name: str, rule: str, kind: Kind | None = None, after_seconds: float = 0.0, **more: object) -> Play:
    plot = RULES[name]
    play = Play(f"rule-{name}", rule, kind, after_seconds, role=plot.role.name, trouble=plot.trouble)
    return replace(play, cause_seconds=plot.begins_seconds, **more)  # type: ignore[arg-type]  # fields by name


def _still(name: str, rule: str, kind: Kind, after_seconds: float = 0.0, **more: object) -> Play:
    return _rule(name, rule, kind, after_seconds, is_counted=True, **more)


PLAYS = (
    _rule("X1", "X1", Kind.GONE),
    _rule("X1-unread", "X1", Kind.GONE, words="how it ended cannot be read", is_looked_at=False),
    _rule("X2", "X2", Kind.CANCELED),
    _rule("X3", "X3", Kind.DONE),
    _still("X4", "X4", Kind.BLOCKED),
    _rule("X5", "X5", Kind.WATCHING, is_looked_at=False),
    _still("X6", "X6", Kind.ERROR),
    _rule("X6-moving", "G3", Kind.SENDING, words="re-planned onto 004513L8"),
    _still("X7", "X7", Kind.UNCLEAR, NOTHING, is_looked_at=False),
    _still("X8", "X8", Kind.WORKING),
    _still("X9", "X9", Kind.UNCLEAR),
    _still("P1", "P1", Kind.RECEIVING_AND_WRITING),
    _still("P2", "P2", Kind.RECEIVING),
    _still("P3", "P3", Kind.WRITING),
    _still("P4", "P4", Kind.QUIET),
    _still("P5", "P5", Kind.CACHE, CLIENT),
    _still("P6", "P6", Kind.MEDIA, MEDIA),
    _still("P7", "P7", Kind.CLIENT, CLIENT),
    _still("P8", "P8", Kind.UNCLEAR, CLIENT),
    _still("P9", "P9", Kind.UNCLEAR, FINISH),
    _still("A1", "A1", Kind.OPEN, OPEN),
    _still("A2", "A2", Kind.OPEN, OPEN),
    _still("G1", "G1", Kind.STAGING_AND_SENDING),
    _still("G2", "G2", Kind.STAGING),
    _still("G3", "G3", Kind.SENDING),
    _still("G4", "G4", Kind.QUIET),
    _still("G5", "G5", Kind.CLIENT, CLIENT),
    _still("G6", "G6", Kind.CACHE, MEDIA),
    _still("G7", "G7", Kind.MEDIA, MEDIA),
    _still("G8", "G8", Kind.UNCLEAR, CLIENT),
    _still("G8-blind", "G8", Kind.UNCLEAR, MEDIA_UNSEEN, is_looked_at=False),
    _still("G9", "G9", Kind.UNCLEAR, FINISH),
    _still("V1", "V1", Kind.VERIFYING),
    _still("V2", "V2", Kind.QUIET),
    _still("V3", "V3", Kind.MEDIA, VERIFY),
    _still("V4", "V4", Kind.UNCLEAR, 2 * HOUR),
    _still("M1", "M1", Kind.BLOCKED),
    _still("M1-bad", "M1", Kind.BLOCKED),
    _still("M1-busy", "M1", Kind.QUEUED, MEDIA),
    _still("M2", "M2", Kind.BLOCKED),
    _still("M2-offline", "M2", Kind.BLOCKED),
    _still("M3", "M3", Kind.BLOCKED),
    _still("M3-reserved", "M3", Kind.BLOCKED),
    _still("M3-priority", "M3", Kind.BLOCKED),
    _still("M4", "M4", Kind.BLOCKED, MEDIA),
    _still("M5", "M5", Kind.BLOCKED, MEDIA),
    _still("M6", "M6", Kind.BLOCKED, MEDIA),
    _still("M7", "M7", Kind.WORKING, MEDIA),
    _still("M7-tape", "M7", Kind.WORKING, MEDIA),
    _still("M7-shared", "M7", Kind.WORKING, MEDIA, words="or for another on the same tape"),
    _still("M7-overlong", "M7", Kind.MEDIA, 2 * MEDIA),
    _still("M7-queued", "M7", Kind.QUEUED, MEDIA),
    _still("M8", "M8", Kind.QUEUED, MEDIA),
    _rule("E1", "E1"),
    _rule("E2", "E2", None, MEDIA_UNSEEN),
    _rule("E3", "E3", None, MEDIA_UNSEEN),
    _rule("E4", "E4", None, CLIENT_UNSEEN),
    _rule("E5", "E5", words="throttles at 85 %"),
    _rule("E5-soon", "E5", None, 5 * MINUTE, words="at this rate it throttles in", lasts_seconds=30 * MINUTE),
    _rule("E6", "E6", words="quiesced"),
    _rule("E6-drives", "E6", words="None of 4 tape drives works"),
    _rule("E7", "E7", lasts_seconds=HOUR),
    _rule("E7-crowded", "E7", words="3 of 3 jobs run"),
    _rule("E8", "E8", words="503"),
    _rule("E8-space", "E8", words="CRITICAL"),
    _rule("E8-verified", "E8", words="CRITICAL_DATA_VERIFICATION_ERROR"),
    _rule("E9", "E9", None, SILENT, words="bp-lab-1"),
    _rule("E10", "E10", words="blind since", trouble="fault"),
)
"""One for each rule or part of a rule, by the name of its scenario."""

INGEST, RESTORE = "ingest 7", "restore for edit bay 3"


def _night(number: int, rule: str, kind: Kind | None = None, after_seconds: float = 0.0, **more: object) -> Play:
    play = Play(f"night-{number}", rule, kind, after_seconds, role=INGEST, is_counted=kind is not None)
    return replace(play, **more)  # type: ignore[arg-type]  # fields by name


NIGHT_PLAYS = (
    _night(1, "M1", Kind.BLOCKED, role=RESTORE, trouble="tape ejected"),
    _night(2, "E5", trouble="cache full"),
    _night(2, "P5", Kind.CACHE, CLIENT, trouble="cache full"),
    _night(3, "E6", trouble="drives in error"),
    _night(3, "M3", Kind.BLOCKED, trouble="drives in error"),
    _night(4, "M4", Kind.BLOCKED, MEDIA, trouble="no free media"),
    _night(5, "E1", trouble="backend off"),
    _night(5, "X4", Kind.BLOCKED, trouble="backend off"),
    _night(6, "P1", Kind.RECEIVING_AND_WRITING, role="offsite full week 47"),
    _night(7, "X2", Kind.CANCELED, role="vfx drop 18"),
    _night(8, "M6", Kind.BLOCKED, MEDIA, trouble="target lost"),
    _night(9, "X6", Kind.ERROR, trouble="error message"),
    _night(9, "M1", Kind.BLOCKED, role=RESTORE, trouble="tape bad"),
    _night(10, "E10", role="survey 114 line 7", trouble="fault", cause_seconds=30.0),
)
"""What explains each night; the cause is there when the watching begins, or comes soon after."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long a verdict took to come and to go, in seconds and in lists of jobs asked for."""

    arrived_seconds: float
    arrived_polls: int
    left_seconds: float | None
    """None where the verdict is the end, or nothing was done about it."""
    left_polls: int | None


class Watch:
    """One play as it is watched: whether its verdict stands, and since when."""

    def __init__(self, play: Play, seen: Stage) -> None:
        self.play = play
        self.seen = seen

    def stands(self) -> bool:
        """Whether the verdict is shown now, with the words it has to hold."""
        if self.play.kind is None:
            said = self.seen.endpoint_sentences().get(self.play.rule)
            return said is not None and self.play.words in said
        key = self.seen.find(self.play.role)
        if key is None or self.seen.ruling(key) != (self.play.rule, self.play.kind):
            return False
        return not self.play.words or self.play.words in self.seen.sentence(key)

    def told(self) -> object:
        """What is shown instead, for the message of a test."""
        key = self.seen.find(self.play.role)
        return key and self.seen.ruling(key), self.seen.endpoint_sentences()

    async def look(self) -> None:
        """Open the job, as somebody does who wonders."""
        key = self.seen.find(self.play.role)
        if key and self.play.is_looked_at:
            await self.seen.look_at(key)

    async def wait(self, within_seconds: float, *, until_it_stands: bool) -> tuple[float, int]:
        """Step until the verdict stands, or is gone: how long that took, in seconds and polls."""
        began, asked = self.seen.clock.seconds, self.seen.asked("job")
        while self.stands() is not until_it_stands:
            assert self.seen.clock.seconds - began <= within_seconds, (self.play.scenario, self.told())
            await self.seen.step()
        return self.seen.clock.seconds - began, self.seen.asked("job") - asked

    def cure(self) -> None:
        """Put right what is in the way."""
        appliance = self.seen.simulator.appliance
        if self.play.trouble == "fault":
            self.seen.simulator.set_faults(())
            return
        with appliance.lock:
            job = next(job for job in appliance.jobs.values() if job.name == self.play.role)
            TROUBLES[self.play.trouble].cure(appliance, job)
            job.touch()


async def perform(play: Play, seen: Stage) -> Times:
    """Watch a play to its end, within the times that it may take."""
    watch = Watch(play, seen)
    await watch.look()
    if seen.step_seconds < play.cause_seconds:
        await _reach(play.cause_seconds - seen.step_seconds / 2, seen)
        assert not watch.stands(), f"{play.scenario}: before its cause"
    late = seen.clock.seconds - play.cause_seconds
    waited, polls = await watch.wait(play.latest_seconds(seen.step_seconds) - late, until_it_stands=True)
    arrived = waited + late
    assert arrived >= play.earliest_seconds(), f"{play.scenario}: after {arrived:g} s"
    if not play.has_end:
        return Times(arrived, polls, None, None)
    watch.cure()
    left, left_polls = await watch.wait(play.last_seconds(seen.step_seconds), until_it_stands=False)
    return Times(arrived, polls, left, left_polls)


async def _reach(seconds: float, seen: Stage) -> None:
    while seen.clock.seconds < seconds:
        await seen.step(min(seen.step_seconds, seconds - seen.clock.seconds))


async def performed(play: Play, tmp_path: Path, step_seconds: float) -> Times:
    """A play from its beginning, on a stage of its own."""
    async with stage(play.scenario, tmp_path, step_seconds=step_seconds) as seen:
        return await perform(play, seen)
