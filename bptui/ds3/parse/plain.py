"""The plain way to read a job: every element through libxml2, whatever its layout. What other ways give must equal it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from bptui.ds3.parse import attributes as read
from bptui.ds3.parse.limits import ParseError
from bptui.ds3.parse.values import Fields, boolean, number
from bptui.model.blobs import Origin, Segment
from bptui.model.building import SEGMENT_OBJECTS, SegmentBuilder
from bptui.model.job import Job, Node

ROOTS = ("MasterObjectList", "JobSummary")
"""The element that describes a job with its chunks, and its short form (6.0)."""


class Level(Enum):
    """What is open around the element that comes next."""

    DOCUMENT = auto()
    JOB = auto()
    NODES = auto()
    CHUNK = auto()
    OBJECT = auto()
    OBJECT_ID = auto()


class JobTarget:
    """Collects a job, its chunks and objects; elements and attributes that it does not know are passed over."""

    def __init__(self, context: Level = Level.DOCUMENT, segment_objects: int = SEGMENT_OBJECTS) -> None:
        """`context` is what the elements fed first merely open again: JOB or CHUNK."""
        self.root: Job | None = None
        self.nodes: list[Node] = []
        self.segments: list[Segment] = []
        self.item_count = 0
        self._to_reopen = {Level.DOCUMENT: 0, Level.JOB: 1, Level.CHUNK: 2}[context]
        self._segment_objects = segment_objects
        self._builder = SegmentBuilder(is_continuing=context is Level.CHUNK)
        self._levels = [Level.DOCUMENT]
        self._passing_over = 0
        self._text: list[str] = []

    @property
    def level(self) -> Level | None:
        """What is open now; None inside an element that is passed over."""
        return None if self._passing_over else self._levels[-1]

    @property
    def is_between_items(self) -> bool:
        """Whether a chunk may begin here."""
        return self.level is Level.JOB

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in an element that begins."""
        if self._passing_over:
            self._passing_over += 1
        elif self._to_reopen:
            self._to_reopen -= 1
            self._levels.append(Level.JOB if len(self._levels) == 1 else Level.CHUNK)
        else:
            self._open(tag, attributes)

    def end(self, _tag: str) -> None:
        """Take in that the element opened last ends."""
        if self._passing_over:
            self._passing_over -= 1
        elif self._levels.pop() is Level.OBJECT_ID:
            self._builder.identify_last("".join(self._text).strip())

    def data(self, text: str) -> None:
        """Take in text; only the one in an object's `Id` child (3.0) says anything."""
        if self._levels[-1] is Level.OBJECT_ID and not self._passing_over:
            self._text.append(text)

    def finish(self) -> list[Segment]:
        """Freeze what is left, and give all segments."""
        self._cut()
        return self.segments

    def block(self, origin: Origin) -> Segment:
        """Freeze all that was collected as the one segment of a block."""
        return self._builder.build(is_continued=Level.CHUNK in self._levels, origin=origin)

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        level = self._levels[-1]
        self.item_count += 1
        if level is Level.CHUNK and tag == "Object":
            self._object(attributes)
            self._levels.append(Level.OBJECT)
        elif level is Level.JOB and tag == "Objects":
            self._chunk(attributes)
            self._levels.append(Level.CHUNK)
        elif level is Level.OBJECT and tag == "Id":
            self._text.clear()
            self._levels.append(Level.OBJECT_ID)
        elif level is Level.NODES and tag == "Node":
            self.nodes.append(read.node(attributes))
            self._passing_over = 1
        elif level is Level.JOB and tag == "Nodes":
            self._levels.append(Level.NODES)
        elif level is Level.DOCUMENT:
            self._root(tag, attributes)
            self._levels.append(Level.JOB)
        else:
            self._passing_over = 1

    def _root(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag not in ROOTS:
            raise ParseError(f"the answer is a {tag}, not a {ROOTS[0]}")
        self.root = read.job(tag, attributes)

    def _chunk(self, attributes: Mapping[str, str]) -> None:
        self._cut_when_full()
        fields = Fields("Objects", attributes)
        self._builder.chunk(fields.identity("ChunkId"), fields.number("ChunkNumber"), fields.identity("NodeId"))

    def _object(self, attributes: Mapping[str, str]) -> None:
        self._cut_when_full()
        get = attributes.get
        fields = Fields("Object", attributes)
        name, length, in_cache, latest = get("Name"), get("Length"), get("InCache"), get("Latest")
        if name is None or length is None:
            missing = "Length" if name is not None else "Name"
            raise ParseError(f"{missing} of Object is missing")
        self._builder.object(
            name,
            object_id=fields.identity("Id"),
            in_cache=boolean(in_cache, "InCache", "Object") if in_cache and in_cache.strip() else None,
            is_latest=boolean(latest, "Latest", "Object") if latest and latest.strip() else None,
            length_bytes=number(length, "Length", "Object"),
            offset_bytes=number(get("Offset") or "0", "Offset", "Object"),
            version=fields.number("Version"),
            version_id=fields.identity("VersionId"),
            bucket=fields.text("Bucket"),
        )

    def _cut_when_full(self) -> None:
        if self._builder.weight >= self._segment_objects:
            self._cut()

    def _cut(self) -> None:
        is_in_chunk = Level.CHUNK in self._levels
        if self._builder.weight:
            self.segments.append(self._builder.build(is_continued=is_in_chunk))
            self._builder = SegmentBuilder(is_continuing=is_in_chunk)
