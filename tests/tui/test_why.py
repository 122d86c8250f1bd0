"""Why on the screen: the column, the detail, the header, groups, and what is painted when only time passes."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.style import Style

from bptui.model.job import Ending, JobRecord, RecordKind
from bptui.model.reading import Reading, SourceState
from bptui.model.verdict import Actor, At, EndpointVerdict, Grade, Kind, KindClass, Since, Unreadable, Verdict
from bptui.monitor.ages import Freshness
from bptui.monitor.expense import Expense
from bptui.monitor.state import PaneState
from bptui.monitor.why.history import Instant
from bptui.text import visible
from bptui.tui.appliances import costs_text
from bptui.tui.display import Display
from bptui.tui.theme import Depth, ThemeName, look
from bptui.tui.widgets.grouping import Grouping, groups, held_bytes, ranked
from bptui.tui.widgets.spark import spark
from bptui.tui.widgets.why import KIND_SENTENCES, Why, evidence_text, why_facts, why_piece
from bptui.units import UNKNOWN
from tests.tui.scripted import DENVER, GIB, NOW, SECONDS, ended, job, job_id, progress, verdict
from tests.tui.test_main_screen import JOBS, screen

DARK = look(ThemeName.DARK, Depth.TRUECOLOR)
DISPLAY = Display(DARK, UTC)
NO_TAPE = EndpointVerdict("E6", Actor.ADMIN, (("None of 4 tape drives works",),))
BLOCKED = verdict(
    Kind.BLOCKED,
    130,
    rule="M2",
    grade=Grade.TOLD,
    stands=("Nothing reached all copies for ", Since(SECONDS - 7800), " (normal up to 1h 15m)"),
    cause=(("Tape partition LTO8-A: quiesced since ", At(NOW - timedelta(hours=1))),),
    facts=(("0 of 3 other PUT jobs write",),),
    checked=(("data path active",), ("cache 41 % reserved",)),
    unreadable=(Unreadable("storage_domain_failure", SourceState(Reading.FORBIDDEN)),),
    who="Appliance admin",
)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.WATCHING])
def test_every_word_has_a_sentence_and_its_colour(kind: Kind) -> None:
    """Help explains each word, and its colour says the class; the word is there without colour too."""
    styles = {
        KindClass.MOVES: DARK.good,
        KindClass.WAITS: DARK.warn,
        KindClass.STOPPED: DARK.bad,
        KindClass.UNKNOWN: DARK.accent,
    }
    assert kind in dict(KIND_SENTENCES)
    text, style = why_piece(DISPLAY, verdict(kind), SECONDS)
    assert (text.split()[0].rstrip("0123456789m"), style) == (kind.value, styles.get(kind.kind_class, DARK.dim))
    assert len(text) <= 12


@pytest.mark.parametrize("told", [None, verdict(Kind.WATCHING)])
def test_one_look_says_nothing(told: Verdict | None) -> None:
    """Before a second look the list shows three dots and no word, dim; of old data not even that more will come."""
    assert why_piece(DISPLAY, told, SECONDS) == ("…", DARK.dim)
    assert why_piece(DISPLAY, told, SECONDS, is_stale=True) == (UNKNOWN, DARK.dim)
    plain = Display(look(ThemeName.DARK, Depth.TRUECOLOR, is_ascii=True), UTC)
    assert why_piece(plain, told, SECONDS)[0] == "..."


def test_the_detail_says_that_it_is_too_early() -> None:
    """Of a job that was read once the detail has the word, dim, and help explains it."""
    first, *_ = why_facts(Why(verdict(Kind.WATCHING, grade=None)), DISPLAY, Instant(SECONDS, NOW))
    assert (first.value, first.style) == ("watching", DARK.dim)
    assert Kind.WATCHING in dict(KIND_SENTENCES)


async def test_the_column_and_the_counts() -> None:
    """The list tells why each job stands, and the top line how many are blocked and wait."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_verdicts(
            {
                job_id(1): verdict(Kind.BLOCKED, 540),
                job_id(2): verdict(Kind.CLIENT, 41, grade=Grade.LIKELY),
                job_id(3): verdict(Kind.MEDIA, 90, is_since_lower_bound=True),
            }
        )
        await shown.shows("client? 41m")
        assert "blocked 9h" in shown.line("nightly-backup ")
        assert "media >1h" in shown.line("restore for edit bay 3")
        assert "1 blocked · 2 waiting" in shown.text.splitlines()[0]
        shown.feed.tell_verdicts({job_id(1): verdict(Kind.WRITING, 0)})
        await shown.until(lambda: "blocked" not in shown.text)


async def test_nothing_is_painted_while_only_seconds_pass() -> None:
    """A pause of 41 minutes reads the same 30 seconds later: no cell of the list is painted again."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_verdicts({job_id(number): verdict(Kind.QUIET, 41) for number in (1, 2, 3)})
        await shown.shows("quiet 41m")
        await shown.pilot.pause(0.5)
        painted: list[object] = []
        jobs = shown.app._main.jobs
        jobs.refresh = lambda *regions, **_: painted.extend(regions)  # type: ignore[method-assign, assignment]
        shown.feed.seconds_now += 30
        jobs.refresh_values()
        assert painted == []
        shown.feed.seconds_now += 40
        jobs.refresh_values()
        assert len(painted) == 3


async def test_problems_are_what_stalls() -> None:
    """`!` keeps the stalled jobs, follows verdicts that change, and leaves out what only waits its turn."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_verdicts({job_id(1): verdict(Kind.UNCLEAR), job_id(2): verdict(Kind.QUEUED)})
        await shown.shows("unclear 41m")
        await shown.press("!")
        await shown.shows("only problems · 1 of 3")
        shown.feed.tell_verdicts({job_id(2): verdict(Kind.CACHE)})
        await shown.shows("only problems · 2 of 3")


async def test_words_find_a_reason() -> None:
    """`/` finds jobs by their word, too."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_verdicts({job_id(3): verdict(Kind.MEDIA)})
        await shown.shows("media 41m")
        await shown.press("/", *"media", "enter")
        await shown.shows("1 of 3")
        assert "restore for edit bay 3" in shown.text


async def test_the_sentence_in_the_detail() -> None:
    """The detail tells what stands, why, who can act, what was checked, and what could not be read."""
    async with screen(*JOBS) as shown:
        shown.feed.explanations[job_id(1)] = BLOCKED
        shown.feed.explaining[job_id(1)] = NO_TAPE
        shown.feed.tell_verdicts({job_id(1): BLOCKED.ruling}, about_endpoint=[NO_TAPE])
        await shown.shows("blocked 2h (told)")
        text = " ".join(" ".join(line.rpartition("││")[2].strip("│ ") for line in shown.text.splitlines()).split())
        assert (
            "Nothing reached all copies for 2h 10m (normal up to 1h 15m). "
            "Tape partition LTO8-A: quiesced since 20:40 UTC. 0 of 3 other PUT jobs write." in text
        )
        assert "See header It explains this job; M has all of it." in text
        assert text.count("None of 4 tape drives works.") == 1
        assert "Who Appliance admin." in text
        assert "Checked data path active, cache 41 % reserved." in text
        assert "Not read storage_domain_failure (403)." in text


async def test_copying_the_evidence() -> None:
    """`c` on the sentence, and the copy menu, give the evidence as lines for a ticket."""
    async with screen(*JOBS) as shown:
        written: list[str] = []
        shown.feed.explanations[job_id(1)] = BLOCKED
        shown.feed.tell_verdicts({job_id(1): BLOCKED.ruling})
        await shown.shows("blocked 2h (told)")
        copying = shown.app._main.dialogs.copying
        copying._around = copying._around._replace(write=written.append)
        await shown.press("3", "j", "c")
        await shown.shows("The evidence, ")
        text = base64.b64decode(written[0].removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
        assert text.splitlines()[3:5] == [
            "Why: blocked (rule M2, told)",
            "Nothing reached all copies for 2h 10m (normal up to 1h 15m).",
        ]
        await shown.press("y")
        await shown.shows("evidence")


def test_hostile_evidence_stays_one_line_each() -> None:
    """A name with a line break and a control character neither adds nor hides a line."""
    one = job(1, "a\nWho: nobody\x1b[2J")
    now = Instant(SECONDS, NOW)
    lines = evidence_text(one, BLOCKED, DISPLAY, now).splitlines()
    assert lines[0].endswith(visible("a\nWho: nobody\x1b[2J"))
    assert len(lines) == len(evidence_text(job(1, "a"), BLOCKED, DISPLAY, now).splitlines())


async def test_the_header_has_a_second_line_only_while_there_is_one() -> None:
    """What is wrong with the appliance stands once below the top line, and leaves when it is over."""
    async with screen(*JOBS, size=(60, 15)) as shown:
        assert shown.text.splitlines()[1].startswith("╭─ 1 Jobs")
        silent = EndpointVerdict("E9", Actor.ADMIN, (("Node bp-02 silent since ", At(NOW)),))
        shown.feed.tell_verdicts({}, about_endpoint=[NO_TAPE, silent])
        await shown.shows("! None of 4 tape drives works.")
        assert shown.text.splitlines()[1].endswith("+1 more  M Media")
        shown.feed.tell_verdicts({})
        await shown.until(lambda: shown.text.splitlines()[1].startswith("╭─ 1 Jobs"))


async def test_stale_verdicts_are_of_then() -> None:
    """When the data are old the last verdict stays, dim, and says as of when."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_verdicts({job_id(1): verdict(Kind.BLOCKED, 41)})
        await shown.shows("blocked 41m (follows)")
        shown.feed.list_state = PaneState(600.0, Freshness.STALE, NOW - timedelta(minutes=10))
        shown.feed.seconds_now += 600
        await shown.shows("(follows), as of 21:30")
        assert "blocked 41m" in shown.line("nightly-backup ")
        look = shown.app._main.jobs.look
        styles = [style for text, style in shown.app._main.jobs.rows.line(0, 118) if "blocked" in text]
        assert styles == [look.dim]


async def test_stale_speeds_are_dim() -> None:
    """How fast a job went when it was seen last, and when it would be done then, do not look like the present."""
    async with screen(*JOBS) as shown:
        shown.feed.progresses[job_id(2)] = progress(is_moving=True)
        shown.feed.tell_verdicts({job_id(2): verdict(Kind.RECEIVING)})
        await shown.shows("receiving")
        jobs = shown.app._main.jobs

        def looks_of(words: str) -> list[Style]:
            return [style for row in range(2) for text, style in jobs.rows.line(row, 118) if words in text]

        assert looks_of("MiB/s") == looks_of("7m") == [jobs.look.text]
        shown.feed.list_state = PaneState(600.0, Freshness.STALE, NOW - timedelta(minutes=10))
        shown.feed.seconds_now += 600
        await shown.until(lambda: looks_of("MiB/s") == [jobs.look.dim])
        assert looks_of("7m") == [jobs.look.dim]


async def test_what_stands_has_no_eta() -> None:
    """The speed of half an hour ago does not tell when a blocked job will be done; for a quiet one it does."""
    async with screen(*JOBS) as shown:
        for number in (1, 2):
            shown.feed.progresses[job_id(number)] = progress(is_moving=False)
        shown.feed.tell_verdicts({job_id(1): verdict(Kind.BLOCKED), job_id(2): verdict(Kind.QUIET)})
        await shown.shows("blocked 41m")
        assert "\N{EN DASH} blocked 41m" in shown.line("nightly-backup ")
        assert "7m quiet 41m" in shown.line("scanner feed")


async def test_groups_and_their_jobs() -> None:
    """`u` takes jobs together, Enter lists the jobs of one, Esc goes back to the groups and then to all."""
    jobs = (job(1, "large", user_name="ann"), job(2, "small", user_name="bob", cached_size_bytes=17 * GIB), job(3, "x"))
    async with screen(*jobs) as shown:
        await shown.press("u")
        await shown.shows("by user: held is received and not yet on all copies, a lower bound")
        assert [line.split()[0] for line in shown.text.splitlines()[3:6]] == ["│ann", "│mbarros", "│bob"]
        await shown.press("j", "j", "enter")
        await shown.shows("user: bob · 1 of 3")
        assert "small" in shown.text
        assert "large" not in shown.text
        await shown.press("escape")
        await shown.shows("by user")
        assert shown.app._main.jobs.cursor.key == (DENVER, Grouping.USER, "bob")
        await shown.press("escape")
        await shown.shows("sorted by start")
        assert "large" in shown.text


async def test_a_group_is_no_job() -> None:
    """`X` on a group closes nothing, and says so."""
    async with screen(*JOBS) as shown:
        await shown.press("u")
        await shown.shows("by user")
        await shown.press("X")
        await shown.shows("This is a group: Enter lists its jobs.")
        assert shown.feed.wishes == []


def test_who_holds_the_cache() -> None:
    """Groups are ranked by what was received and is not on all copies; held ones keep their places."""
    jobs = [
        job(1, bucket_name="a", cached_size_bytes=20 * GIB),
        job(2, bucket_name="b", cached_size_bytes=60 * GIB),
        job(3, bucket_name=None, completed_size_bytes=40 * GIB),
    ]
    found = groups(jobs, Grouping.BUCKET, {job_id(2): Kind.BLOCKED}.get)
    assert [(each.name, each.held_bytes, each.stalled) for each in ranked(found, None)] == [
        ("b", 44 * GIB, 1),
        ("a", 4 * GIB, 0),
        (None, 0, 0),
    ]
    assert [each.name for each in ranked(found, ["a", "gone", "b"])] == ["a", "b", None]
    assert held_bytes(ended(jobs[0], Ending.COMPLETED).job) == 0


async def test_canceled_lately_has_a_group_with_its_reason() -> None:
    """Jobs canceled in the last twelve hours stand apart from other ended jobs, with the idle timer."""
    record = JobRecord(
        RecordKind.CANCELED, job_id(8), "dropped", None, None, JOBS[0].request_type, JOBS[0].priority,
        JOBS[0].order_guarantee, 0, 0, 0, None, date_canceled=NOW - timedelta(hours=3), is_canceled_due_to_timeout=True,
    )  # fmt: skip
    dropped = replace(ended(job(8, "dropped"), Ending.CANCELED), record=record)
    long_ago = ended(job(9, "old"), Ending.CANCELED, minutes_ago=13 * 60)
    async with screen(*JOBS, size=(200, 50)) as shown:
        shown.feed.tell_jobs(*JOBS, ended_jobs=(dropped, long_ago))
        await shown.shows("1 canceled in the last 12 h, 1 of them by the idle timer")
        assert "canceled 3h, idle timer" in shown.line("dropped")
        lines = shown.text.splitlines()
        rule = next(number for number, line in enumerate(lines) if "1 ended" in line)
        assert "old" in lines[rule + 1]


def test_sparks() -> None:
    """Nothing is the lowest sign, the least something is above it; ASCII has the same heights."""
    amounts = (0, 1, 50, 100, 0, 0, 25, 100)
    assert spark(amounts) == "▁▂▅█▁▁▃█"
    assert spark(amounts, is_ascii=True) == "_,=#__:#"
    assert spark(()) == ""


def test_a_time_in_which_nobody_looked_is_not_nothing() -> None:
    """Of what passed before the first look a spark shows no height, in both forms."""
    amounts = (0, 0, 0, 0, 0, 0, 25, 100)
    assert spark(amounts, unseen=5) == "·····▁▃█"
    assert spark(amounts, unseen=5, is_ascii=True) == "....._:#"


@pytest.mark.parametrize(
    ("at", "expected"),
    [(NOW - timedelta(hours=1), "20:40 UTC"), (NOW - timedelta(days=2), "19 Nov 21:40 UTC")],
)
def test_moments_inside_sentences(at: datetime, expected: str) -> None:
    """A moment is a clock time with its zone, and with its day when that is not clear."""
    assert DISPLAY.clock(at, NOW, has_seconds=False) == expected


def test_what_watching_costs() -> None:
    """The endpoint list tells requests and bytes a minute, in all and for each call, the dearest first."""
    expenses = {"node": Expense(1, 0, 300, 1.0, 300.0), "jobs": Expense(60, 0, 90_000, 12.0, 18_432.0)}
    assert costs_text(DENVER, expenses) == (
        "Watching prod-denver costs it 13 requests and 18.3 KiB a minute: jobs 12.0 (18.0 KiB), node 1.0 (300 B)."
    )
    assert costs_text(DENVER, {}) == ""
