"""Job answers of every layout, and their next states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

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
    "a > b.mov",
    "base64==",
    " leading and trailing ",
    "it's.mov",
    "\ufffd\u2028\U0010fffd",
    "//../.\r",
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
    """Around values; empty for the one or the other, by the value's length."""
    between: str = " "
    equals: str = "="
    before_end: str = ""
    is_shuffled: bool = False
    prefix: str = ""
    declaration: str = ""
    drained: str = "/"
    is_greater_raw: bool = False
    """Whether `>` stands in values as it is, which XML allows."""
    reference_every: int = 0
    """Each so manieth character of a value is written as a reference, though it needs none."""
    reference: str = "&#{:d};"
    """How a reference is written that has no name."""
    is_numeric: bool = False
    """Whether references are numbers even where there is a name."""
    ends: tuple[str, ...] = ("/>",)
    """How objects end, in turn by the length of their names."""
    chunk_end: str = ">"
    """What follows `</Objects`."""
    before_root: str = ""
    after_root: str = ""
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


BEFORE_ROOT = (
    "<!-- <Objects ChunkId='x'> -->",
    "<?x <Objects ?>",
    "\n",
    "text",
    "<!DOCTYPE MasterObjectList>",
    '<!DOCTYPE a SYSTEM "file:///etc/hostname">',
    '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>',
)
AFTER_ROOT = ("<!-- <Objects> -->", "<?x?>", "\n\n", "text", "<Second/>", "<Objects ChunkId='x'/>", "\0", "&amp;")


def style_of(random: Random, is_odd: bool) -> Style:
    """A layout: most often one that appliances use."""
    style = Style(newline=random.choice(("", "", "\n  ", "\r\n\t")), drained=random.choice(("/", "", " /")))
    if random.random() < 0.2:
        style.declaration = '<?xml version="1.0" encoding="UTF-8"?>' + random.choice(("", "\n"))
    if not is_odd:
        return style
    return replace(
        style,
        quote=random.choice(('"', '"', "'", "")),
        between=random.choice((" ", " ", "\n", "  ", "\t")),
        equals=random.choice(("=", "=", " = ")),
        before_end=random.choice(("", "", " ")),
        is_shuffled=random.random() < 0.3,
        prefix=random.choice(("", "", "", "s3:")),
        is_greater_raw=random.random() < 0.5,
        reference_every=random.choice((0, 0, 0, 20)),
        reference=random.choice(("&#{:d};", "&#x{:x};", "&#x00{:X};")),
        is_numeric=random.random() < 0.3,
        ends=random.choice((("/>",), ("/>",), ("/>", "></Object>", ">\n</Object >"))),
        chunk_end=random.choice((">", ">", " >", "\n>")),
        before_root=random.choice(BEFORE_ROOT) if random.random() < 0.1 else "",
        after_root=random.choice(AFTER_ROOT) if random.random() < 0.1 else "",
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
    '<Object Length="1" Name="namespaced" xmlns:q="urn:q" q:Id="other"/>',
    '<Object Length="1" Name="twice" Name="twice"/>',
    '<Objects ChunkId="outer"><Objects ChunkId="inner"/></Objects>',
    "<Object/>",
    "</Objects>",
    "<!DOCTYPE a>",
    "&x;",
    "&#1;",
    "]]>",
)


def written(random: Random, chunks: list[Chunk], style: Style) -> bytes:
    """The bytes of an answer."""
    root = ROOT.replace("<Master", f"<{style.prefix}Master")
    root += ' xmlns:s3="urn:x"' if style.prefix else random.choice(("", "", ' xmlns="urn:y"')) if style.odd_rate else ""
    parts = [style.declaration, style.before_root, root, ">", *_oddity(random, style), style.newline, NODES]
    for chunk in chunks:
        parts += [style.newline, *_oddity(random, style), *_tag(random, "Objects", chunk.attributes, style)]
        if not chunk.objects and style.drained:
            parts.append(style.drained + ">")
            continue
        parts.append(">")
        for attributes in chunk.objects:
            parts += [style.newline, *_oddity(random, style), *_tag(random, "Object", attributes, style)]
            end = style.ends[len(attributes.get("Name", "")) % len(style.ends)]
            parts.append(end.replace("/O", f"/{style.prefix}O"))
        parts += [style.newline, f"</{style.prefix}Objects{style.chunk_end}"]
    parts += [
        *_oddity(random, style),
        style.newline,
        f"</{style.prefix}MasterObjectList>",
        style.newline,
        style.after_root,
    ]
    return "".join(parts).encode()


def _oddity(random: Random, style: Style) -> Iterator[str]:
    if random.random() < style.odd_rate:
        yield random.choice(ODDITIES)


def _tag(random: Random, name: str, attributes: Attributes, style: Style) -> Iterator[str]:
    items = sorted(attributes.items())
    if style.is_shuffled:
        random.shuffle(items)
    yield f"<{style.prefix}{name}"
    for key, value in items:
        quote = style.quote or "'\""[len(value) % 2]
        yield f"{style.between}{key}{style.equals}{quote}{_value(value, style)}{quote}"
    yield style.before_end


NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


def _value(text: str, style: Style) -> str:
    """A text as it stands between quotes of either kind."""
    to_escape = NAMED.keys() - ({">"} if style.is_greater_raw else set())
    return "".join(
        _reference(character, style)
        if character in to_escape or character < " " or (style.reference_every and not at % style.reference_every)
        else character
        for at, character in enumerate(text, 1)
    )


def _reference(character: str, style: Style) -> str:
    if character in NAMED and not style.is_numeric:
        return f"&{NAMED[character]};"
    return style.reference.format(ord(character))


def edited(random: Random, chunks: list[Chunk], is_odd: bool) -> list[Chunk]:
    """The same job some time later."""
    later = [Chunk(dict(chunk.attributes), [dict(item) for item in chunk.objects]) for chunk in chunks]
    for _ in range(random.randrange(4)):
        _edit(random, later, is_odd)
    return later


def _edit(random: Random, chunks: list[Chunk], is_odd: bool) -> None:
    what = random.choice(
        ("cache", "cache", "drain", "vanish", "reorder", "grow", "add", "remove", "twice", "again", "assign")
    )
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
    elif what == "again":
        chunks.insert(random.randint(0, len(chunks)), Chunk(dict(chunk.attributes), [an_object(random, is_odd)]))
    elif what == "assign":
        chunk.attributes["NodeId"] = uuid_text(random)
    elif what == "grow" or not chunk.objects:
        chunk.objects.insert(random.randint(0, len(chunk.objects)), an_object(random, is_odd))
    elif what == "remove":
        chunk.objects.pop(random.randrange(len(chunk.objects)))
    else:
        random.choice(chunk.objects)["InCache"] = random.choice(("true", "false"))
