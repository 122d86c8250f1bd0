"""Job lists of every layout, their next states, and the two readings of them that must say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from xml.sax.saxutils import escape

from bptui.ds3.parse.jobs import JobsParser, JobsTarget, KnownJobs
from bptui.ds3.parse.limits import DEFAULT_LIMITS, ParseError
from bptui.ds3.parse.stream import XmlStream
from bptui.model.job import Job
from tests.ds3.parse.documents import NODES, uuid_text
from tests.ds3.parse.mishaps import damaged, in_another_encoding, pieces

NAMES = ("plain", "a&b", "<Job ", "]]>", "über", "new\nline", "", "a > b", "it's", 'a "b"')
ODDITIES = (
    "<!-- <Job JobId='x'/> -->",
    "<Job JobId='single'/>",
    '<Job JobId="nested"><Job JobId="inner"/></Job>',
    '<Other><Job JobId="hidden"/></Other>',
    "<?x <Job ?>",
    "<Job/>",
    "<![CDATA[<Job ]]>",
    "text",
    "&amp;",
    "&x;",
    "</Job>",
    '<Jobs><Job JobId="in a list"/></Jobs>',
    '<Job JobId="twice" JobId="twice"/>',
    '<Job JobId="x" Name="&#60;&#x3E;"/>',
    '<Job JobId="long"></Job >',
    '<Job\nJobId="line"/>',
    '<Job JobId="n"><Nodes><Node Id="1"/></Nodes><Nodes><Node Id="2"/></Nodes></Job>',
    '<Job JobId="n"><Other><Node Id="1"/></Other></Job>',
    '<Job JobId="x" CachedSizeInBytes="many"/>',
    '<Job JobId="q" xmlns="urn:q"/>',
    '<q:Job xmlns:q="urn:q" JobId="prefixed"/>',
    "<!DOCTYPE Jobs>",
)
BEFORE = ("", "", "", "<!-- -->", "\n", "<?x?>", "<!DOCTYPE Jobs [<!ENTITY x 'y'>]>")


def a_listed_job(random: Random) -> str:
    """A `Job` element of a list."""
    name = escape(random.choice(NAMES), {"\n": "&#10;", '"': "&quot;", "'": "&apos;"})
    if random.random() < 0.5:
        name = name.replace("&gt;", ">")
    sizes = "".join(f' {word}SizeInBytes="{random.randrange(10**9)}"' for word in ("Cached", "Completed", "Original"))
    head = f'<Job Aggregating="{random.choice(("true", "false"))}"{sizes} JobId="{uuid_text(random)}" Name="{name}"'
    if random.random() < 0.1:
        head = head.replace('"', "'") if "'" not in head else head
    return random.choice((f"{head}><Nodes/></Job>", f"{head}>{NODES}</Job>", f"{head}/>", f"{head}>\n<Nodes/>\n</Job>"))


def edited_list(random: Random, jobs: list[str]) -> list[str]:
    """The same list some time later."""
    later = list(jobs)
    for _ in range(random.randrange(3)):
        at = random.randint(0, len(later))
        oddity = [random.choice(ODDITIES)] if random.random() < 0.2 else [a_listed_job(random)]
        later[at : at + random.randrange(2)] = oddity if random.random() < 0.7 else []
    if random.random() < 0.2:
        random.shuffle(later)
    if later and random.random() < 0.1:
        later.append(random.choice(later))
    return later


def check_list_case(random: Random) -> None:
    """Make up a job list and its next states, and hold that reading with what is known is reading plainly."""
    known = KnownJobs()
    jobs = [a_listed_job(random) for _ in range(random.randrange(12))]
    between = random.choice(("", "\n  ", "\r\n"))
    for _ in range(3):
        text = f"<Jobs>{between}{between.join(jobs)}{between}</Jobs>"
        body = (random.choice(BEFORE) + text if random.random() < 0.1 else text).encode()
        if random.random() < 0.1:
            body = in_another_encoding(random, body)
        if random.random() < 0.3:
            body = damaged(random, body)
        expected = _outcome(lambda body=body: _plainly(body))  # type: ignore[misc]  # binds the loop's value
        actual = _outcome(lambda body=body: _piecewise(pieces(random, body), known))  # type: ignore[misc]
        assert expected == actual, body
        jobs = edited_list(random, jobs)


def _plainly(body: bytes) -> list[Job]:
    target = JobsTarget()
    stream = XmlStream(target, DEFAULT_LIMITS)
    stream.feed(body)
    stream.close()
    return list({job.job_id: job for job in target.jobs}.values())


def _piecewise(portions: Iterable[bytes], known: KnownJobs) -> list[Job]:
    parser = JobsParser(known)
    for portion in portions:
        parser.feed(portion)
    return list(parser.close().values())


def _outcome(read: Callable[[], list[Job]]) -> tuple[object, ...]:
    try:
        return tuple(read())
    except ParseError as error:
        return ("error", error.message, error.line, error.column)
