"""Job answers of every layout, their edits and their damage, and the readings they are compared by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from xml.sax.saxutils import escape

from bptui.ds3.parse.blocks import Cuts
from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.jobs import JobsParser, KnownJobs
from bptui.ds3.parse.limits import DEFAULT_LIMITS, ParseError
from bptui.ds3.parse.plain import JobTarget
from bptui.ds3.parse.stream import XmlStream
from bptui.model.tree import JobTree

SMALL_CUTS = (
    Cuts(b'<Object Id="e', 64, 128, 256, 1024),
    Cuts(b'<Object Id="', 1, 1, 1, 1),
    Cuts(b'<Object Id="e5', 200, 300, 400, 600),
)
"""Cuts that come so often that a document of a few kilobytes has dozens of blocks."""

JOB_ID = "91eb66f6-5a61-4814-b896-fc02863292a6"
ROOT = (
    f'<MasterObjectList Aggregating="false" BucketName="b&amp;c" CachedSizeInBytes="1" CompletedSizeInBytes="2" '
    f'JobId="{JOB_ID}" Naked="false" Name="über &lt;name&gt;" OriginalSizeInBytes="3" Priority="NORMAL" '
    f'RequestType="PUT" StartDate="2025-03-05T13:41:22.000Z" Status="IN_PROGRESS"'
)
NODES = '<Nodes><Node EndPoint="bp.example.test" HttpPort="80" Id="ed6bb2a4-f14b-4e80-9b08-902aa37b02a0"/></Nodes>'
NAMES = (
    "plain.txt",
    "with space  two.txt",
    "a&b<c>d\"e'f.mov",
    "日本語/ファイル.mov",
    "emoji-🎬.mp4",
    "]]>-->.txt",
    '<Object Id="e5',
    "=",
    "tab\there",
    "new\nline",
    "e\u0301\u202e\x7f\x85",
    "",
)

Attributes = dict[str, str]


@dataclass
class Chunk:
    """A chunk of a made-up answer, as attributes."""

    attributes: Attributes
    objects: list[Attributes] = field(default_factory=list)


@dataclass
class Style:
    """How a made-up answer is written down."""

    newline: str = ""
    quote: str = '"'
    between: str = " "
    equals: str = "="
    before_end: str = ""
    is_shuffled: bool = False
    prefix: str = ""
    declaration: str = ""
    drained: str = "/"
    odd_rate: float = 0.0
    """How likely something odd is put before a tag."""


def uuid_text(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def an_object(random: Random, is_odd: bool) -> Attributes:
    """The attributes of an object; with `is_odd` sometimes absent, strange or impossible ones."""
    name = random.choice(NAMES) if random.random() < 0.2 else f"reel/{random.randrange(10**6)}.mov"
    attributes = {
        "Id": uuid_text(random),
        "InCache": random.choice(("true", "false")),
        "Latest": "true",
        "Length": str(random.randrange(10**9)),
        "Name": name,
        "Offset": "0" if random.random() < 0.9 else str(random.randrange(10**9)),
        "VersionId": uuid_text(random),
    }
    if is_odd and random.random() < 0.3:
        _make_odd(random, attributes)
    return attributes


def _make_odd(random: Random, attributes: Attributes) -> None:
    changes: list[tuple[str, str | None]] = [
        ("Id", None), ("Id", attributes["Id"].upper()), ("Id", " " + attributes["Id"] + " "), ("Id", ""), ("Id", "x"),
        ("InCache", None), ("InCache", "TRUE"), ("InCache", " True "), ("InCache", ""), ("InCache", "maybe"),
        ("Latest", None), ("Length", None), ("Length", "abc"), ("Length", "-1"), ("Length", str(2**63)),
        ("Length", str(2**63 - 1)), ("Length", " 7 "), ("Length", "1_0"), ("Length", "+1"), ("Length", "007"),
        ("Name", None), ("Offset", None), ("Version", "3"), ("VersionId", None), ("VersionId", ""),
        ("Bucket", "elsewhere"), ("Unknown", 'a="b"'), ("Length", "٣"),
    ]  # fmt: skip
    name, value = random.choice(changes)
    if value is None:
        attributes.pop(name, None)
    else:
        attributes[name] = value


def a_chunk(random: Random, objects: int, is_odd: bool) -> Chunk:
    attributes = {"ChunkId": uuid_text(random), "ChunkNumber": str(random.randrange(1000))}
    if random.random() < 0.7:
        attributes["NodeId"] = "ed6bb2a4-f14b-4e80-9b08-902aa37b02a0"
    if is_odd and random.random() < 0.2:
        attributes.pop(random.choice(list(attributes)))
    return Chunk(attributes, [an_object(random, is_odd) for _ in range(objects)])


def chunks_of(random: Random, is_odd: bool) -> list[Chunk]:
    """A job of one of the shapes that occur: a few chunks, one chunk, one object a chunk, drained chunks."""
    shape = random.choice(("few", "one", "dense", "mixed"))
    if shape == "one":
        return [a_chunk(random, random.randrange(40), is_odd)]
    if shape == "dense":
        return [a_chunk(random, 1, is_odd) for _ in range(random.randrange(30))]
    most = 12 if shape == "few" else 4
    return [a_chunk(random, random.randrange(most), is_odd) for _ in range(random.randrange(10))]


def style_of(random: Random, is_odd: bool) -> Style:
    """A layout: most often one that appliances use."""
    style = Style(newline=random.choice(("", "", "\n  ", "\r\n\t")), drained=random.choice(("/", "", " /")))
    if random.random() < 0.2:
        style.declaration = '<?xml version="1.0" encoding="UTF-8"?>' + random.choice(("", "\n"))
    if not is_odd:
        return style
    return replace(
        style,
        quote=random.choice(('"', '"', "'")),
        between=random.choice((" ", " ", "\n", "  ", "\t")),
        equals=random.choice(("=", "=", " = ")),
        before_end=random.choice(("", "", " ")),
        is_shuffled=random.random() < 0.3,
        prefix=random.choice(("", "", "", "s3:")),
        odd_rate=random.choice((0.0, 0.0, 0.02, 0.2)),
    )


ODDITIES = (
    "<!-- <Object Id='e5' Length=\"1\" Name='x'/> -->",
    '<![CDATA[<Objects ChunkId="x">]]>',
    '<?php <Object Id="e5"?>',
    '<Unknown><Object Id="e5" Length="1" Name="hidden"/></Unknown>',
    '<Unknown><Objects ChunkId="hidden"><Object Length="1" Name="hidden"/></Objects></Unknown>',
    "<Objects/>",
    "text",
    "&amp;",
    '<Nodes><Node Id="late"/></Nodes>',
    '<Object Length="5" Name="with id inside"><Id>abc</Id></Object>',
    '<Object Length="5" Name="placed"><PhysicalPlacement><Tapes/></PhysicalPlacement></Object>',
    '<x xmlns="urn:x"/>',
)


def written(random: Random, chunks: list[Chunk], style: Style) -> bytes:
    """The bytes of an answer."""
    root = ROOT.replace("<Master", f"<{style.prefix}Master")
    root += ' xmlns:s3="urn:x"' if style.prefix else random.choice(("", "", ' xmlns="urn:y"')) if style.odd_rate else ""
    parts = [style.declaration, root, ">", style.newline, NODES]
    for chunk in chunks:
        parts += [style.newline, *_oddity(random, style), *_tag(random, "Objects", chunk.attributes, style)]
        if not chunk.objects and style.drained:
            parts.append(style.drained + ">")
            continue
        parts.append(">")
        for attributes in chunk.objects:
            parts += [style.newline, *_oddity(random, style), *_tag(random, "Object", attributes, style), "/>"]
        parts += [style.newline, f"</{style.prefix}Objects>"]
    parts += [*_oddity(random, style), style.newline, f"</{style.prefix}MasterObjectList>", style.newline]
    return "".join(parts).encode()


def _oddity(random: Random, style: Style) -> Iterator[str]:
    if random.random() < style.odd_rate:
        yield random.choice(ODDITIES)


def _tag(random: Random, name: str, attributes: Attributes, style: Style) -> Iterator[str]:
    items = sorted(attributes.items())
    if style.is_shuffled:
        random.shuffle(items)
    yield f"<{style.prefix}{name}"
    references = {"\n": "&#10;", "\t": "&#9;", '"': "&quot;", "'": "&apos;"}
    for key, value in items:
        yield f"{style.between}{key}{style.equals}{style.quote}{escape(value, references)}{style.quote}"
    yield style.before_end


def edited(random: Random, chunks: list[Chunk], is_odd: bool) -> list[Chunk]:
    """The same job some time later."""
    later = [Chunk(dict(chunk.attributes), [dict(item) for item in chunk.objects]) for chunk in chunks]
    for _ in range(random.randrange(4)):
        _edit(random, later, is_odd)
    return later


def _edit(random: Random, chunks: list[Chunk], is_odd: bool) -> None:
    what = random.choice(("cache", "cache", "drain", "vanish", "reorder", "grow", "add", "remove", "twice", "assign"))
    if what == "add" or not chunks:
        chunks.insert(random.randint(0, len(chunks)), a_chunk(random, random.randrange(6), is_odd))
        return
    chunk = random.choice(chunks)
    if what == "drain":
        chunk.objects.clear()
    elif what == "vanish":
        chunks.remove(chunk)
    elif what == "reorder":
        random.shuffle(chunks)
    elif what == "twice":
        chunks.append(Chunk(dict(chunk.attributes), [dict(item) for item in chunk.objects]))
    elif what == "assign":
        chunk.attributes["NodeId"] = uuid_text(random)
    elif what == "grow" or not chunk.objects:
        chunk.objects.insert(random.randint(0, len(chunk.objects)), an_object(random, is_odd))
    elif what == "remove":
        chunk.objects.pop(random.randrange(len(chunk.objects)))
    else:
        random.choice(chunk.objects)["InCache"] = random.choice(("true", "false"))


def damaged(random: Random, body: bytes) -> bytes:
    """The same answer with something wrong in it, most often."""
    at = random.randrange(len(body) + 1)
    piece = random.choice(
        (b"<", b">", b'"', b"'", b"&", b"\0", b"\x01", b"\xff", b"\xef\xbf\xbf", b"</Objects>", b"<Object ", b" ", b"\n",
         b"<!DOCTYPE a>", b"<!--", b"]]>", b"<?", b"&#0;", b"&x;", b"</MasterObjectList>", b"<!DOCTYPE a [<!ENTITY x 'y'>]>")
    )  # fmt: skip
    how = random.randrange(4)
    if how == 0:
        return body[:at]
    if how == 1:
        return body[:at] + piece + body[at:]
    if how == 2:
        return body[:at] + body[at + random.randint(1, 3) :]
    return body[:at] + piece + body[at + len(piece) :]


def pieces(random: Random, body: bytes) -> Iterator[bytes]:
    """The same bytes in the portions in which a network might bring them."""
    size = random.choice((1, 7, 100, 1000, 10**6))
    at = 0
    while at < len(body):
        step = random.randint(1, size)
        yield body[at : at + step]
        at += step


Reading = tuple[object, ...]


def reading(tree: JobTree) -> Reading:
    """All that a tree says, however it is cut into segments."""
    objects = tuple(tree.object(position) for position in range(tree.object_count))
    chunks = tuple(tree.chunk(position) for position in range(tree.chunk_count))
    owners = tuple(tree.chunk_of(position) for position in range(tree.object_count))
    return (tree.job, chunks, objects, owners)


def plainly(body: bytes) -> JobTree:
    """Read an answer in one go through libxml2."""
    target = JobTarget(segment_objects=7)
    stream = XmlStream(target, DEFAULT_LIMITS)
    stream.feed(body)
    stream.close()
    if target.root is None:
        raise ParseError("the answer holds no job")
    return JobTree(replace(target.root, nodes=tuple(target.nodes)), target.finish())


def incrementally(portions: Iterator[bytes], previous: JobTree | None, cuts: Cuts) -> JobTree:
    """Read an answer as it arrives, sharing with the last one."""
    parser = JobParser(previous, cuts=cuts)
    for portion in portions:
        parser.feed(portion)
    return parser.close()


def outcome(read: Callable[[], JobTree]) -> tuple[JobTree | None, Reading]:
    """What a reading says: the whole of the tree, or the error with its place."""
    try:
        tree = read()
    except ParseError as error:
        return None, ("error", error.message, error.line, error.column)
    return tree, reading(tree)


UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def check_case(random: Random) -> None:
    """Make up a job and its next states, and hold that reading them incrementally is reading them plainly."""
    is_odd = random.random() < 0.5
    chunks, style, cuts = chunks_of(random, is_odd), style_of(random, is_odd), random.choice(SMALL_CUTS)
    previous: JobTree | None = None
    for _ in range(3):
        body = written(random, chunks, style)
        if random.random() < 0.1:
            body = random.choice(
                (b"\xef\xbb\xbf" + body, body.decode().encode("utf-16"), body.replace(b"UTF-8", b"latin-1"))
            )
        # Where UTF-16 breaks, libxml2 tells only as exactly as it was fed.
        if random.random() < 0.3 and not body.startswith(UTF_16_MARKS):
            body = damaged(random, body)
        _, expected = outcome(lambda body=body: plainly(body))  # type: ignore[misc]  # binds the loop's value
        tree, actual = outcome(
            lambda body=body, previous=previous: incrementally(pieces(random, body), previous, cuts)  # type: ignore[misc]
        )
        assert expected == actual, body
        previous = tree or previous
        chunks = edited(random, chunks, is_odd)


JOB_NAMES = ("plain", "a&b", "<Job ", "]]>", "über", "new\nline", "")
LIST_ODDITIES = (
    "<!-- <Job JobId='x'/> -->",
    "<Job JobId='single'/>",
    '<Job JobId="nested"><Job JobId="inner"/></Job>',
    '<Other><Job JobId="hidden"/></Other>',
    "<?x <Job ?>",
    "<Job/>",
    "<![CDATA[<Job ]]>",
)


def a_listed_job(random: Random) -> str:
    """A `Job` element of a list."""
    name = escape(random.choice(JOB_NAMES), {"\n": "&#10;", '"': "&quot;"})
    sizes = "".join(f' {word}SizeInBytes="{random.randrange(10**9)}"' for word in ("Cached", "Completed", "Original"))
    head = f'<Job Aggregating="{random.choice(("true", "false"))}"{sizes} JobId="{uuid_text(random)}" Name="{name}"'
    return random.choice((f"{head}><Nodes/></Job>", f"{head}>{NODES}</Job>", f"{head}/>", f"{head}>\n<Nodes/>\n</Job>"))


def plain_list(body: bytes) -> tuple[object, ...]:
    """A job list read in one go, without knowing anything: a comment at its beginning makes it go the plain way."""
    return _list_outcome([body.replace(b"<Jobs", b"<!-- --><Jobs", 1)], KnownJobs(), shift=len("<!-- -->"))


def _list_outcome(portions: Iterable[bytes], known: KnownJobs, shift: int = 0) -> tuple[object, ...]:
    parser = JobsParser(known)
    try:
        for portion in portions:
            parser.feed(portion)
        return tuple(parser.close().items())
    except ParseError as error:
        column = error.column - shift if error.column and error.line == 1 else error.column
        return ("error", error.message, error.line, column)


def check_list_case(random: Random) -> None:
    """Make up a job list and its next states, and hold that reading with what is known is reading plainly."""
    known = KnownJobs()
    jobs = [a_listed_job(random) for _ in range(random.randrange(12))]
    between = random.choice(("", "\n  "))
    for _ in range(3):
        body = f"<Jobs>{between}{between.join(jobs)}{between}</Jobs>".encode()
        if random.random() < 0.3:
            body = damaged(random, body)
        if body.startswith(b"<Jobs"):
            assert plain_list(body) == _list_outcome(pieces(random, body), known), body
        for _ in range(random.randrange(3)):
            at = random.randint(0, len(jobs))
            oddity = [random.choice(LIST_ODDITIES)] if random.random() < 0.2 else [a_listed_job(random)]
            jobs[at : at + random.randrange(2)] = oddity if random.random() < 0.7 else []
        if random.random() < 0.2:
            random.shuffle(jobs)
