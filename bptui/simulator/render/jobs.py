"""Jobs as `Jobs`, `MasterObjectList`, `Objects` and `JobSummary` (DS3 API reference, "Response schemas")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.jobs import SEGMENT_BLOBS
from bptui.simulator.markup import ATTRIBUTE_ESCAPES, Style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bptui.simulator.jobs import Blob, Chunk, Job
    from bptui.simulator.machine import Node
    from bptui.simulator.markup import Value
    from bptui.simulator.release import Release

ROWS_A_BLOCK = 256
CHUNKS_A_BLOCK = 1000
LONE_BLOBS = 200
"""Chunks with this many blobs are sent by themselves, so that their bytes are not copied each time."""


class JobRenderer:
    """Renders jobs for a release; what has not changed since it was last rendered is not rendered again."""

    def __init__(self, release: Release, style: Style, nodes: list[Node]) -> None:
        self._release = release
        self._style = style
        self._nodes = nodes

    def attributes(self, job: Job, *, is_list: bool) -> dict[str, Value]:
        """The attributes shared by `Job` in a list and the roots of one job's answers."""
        return {
            "Aggregating": job.is_aggregating,
            "BucketName": job.bucket.name,
            "CachedSizeInBytes": job.cached_bytes,
            "ChunkClientProcessingOrderGuarantee": job.order.value,
            "CompletedSizeInBytes": job.completed_bytes,
            "EntirelyInCache": self._entirely_in_cache(job, is_list=is_list),
            "JobId": job.id,
            "Naked": job.is_naked,
            "Name": job.name,
            "OriginalSizeInBytes": job.original_bytes,
            "Priority": job.priority.value,
            "RequestType": job.request_type.value,
            "StartDate": job.created_at,
            "Status": job.status.value,
            "UserId": job.user.id,
            "UserName": job.user.name,
        }

    def _entirely_in_cache(self, job: Job, *, is_list: bool) -> bool | None:
        if self._release.always_tells_entirely_in_cache:
            return job.is_entirely_in_cache
        if is_list or not job.is_running:
            return None
        return job.is_entirely_in_cache

    def nodes(self, job: Job, depth: int) -> str:
        """`Nodes`, filled while the job runs; an empty one is there all the same, because the Python SDK needs it."""
        start = self._style.line(depth)
        if not job.is_running:
            return f"{start}<Nodes/>"
        each = "".join(
            self._style.line(depth + 1) + f"<Node{self._style.attributes(node_attributes(node))}/>"
            for node in self._nodes
        )
        return f"{start}<Nodes>{each}{start}</Nodes>"

    def row(self, job: Job) -> bytes:
        """One `Job` of a list."""
        if job.row is None:
            start = self._style.line(1)
            attributes = self._style.attributes(self.attributes(job, is_list=True))
            job.row = f"{start}<Job{attributes}>{self.nodes(job, 2)}{start}</Job>".encode()
        return job.row

    def listing(self, jobs: Iterable[Job]) -> list[bytes]:
        """`Jobs`, in blocks."""
        rows = [self.row(job) for job in jobs]
        if not rows:
            return [b"<Jobs/>"]
        blocks = [b"".join(rows[at : at + ROWS_A_BLOCK]) for at in range(0, len(rows), ROWS_A_BLOCK)]
        return [b"<Jobs>", *blocks, f"{self._style.line(0)}</Jobs>".encode()]

    def master(self, job: Job, chunks: Iterable[Chunk] | None = None) -> list[bytes]:
        """`MasterObjectList` with all chunks, or some, in blocks of a size that is good to send."""
        blocks = [self._head("MasterObjectList", job)]
        small: list[bytes] = []
        for chunk in job.chunks if chunks is None else chunks:
            if len(chunk.blobs) <= SEGMENT_BLOBS:
                small.append(chunk.whole or self._whole(chunk))
                if len(small) < CHUNKS_A_BLOCK and len(chunk.blobs) < LONE_BLOBS:
                    continue
            blocks.append(b"".join(small))
            small.clear()
            if len(chunk.blobs) > SEGMENT_BLOBS:
                blocks += self.chunk(chunk, 1)
        blocks += [b"".join(small), f"{self._style.line(0)}</MasterObjectList>".encode()]
        return [block for block in blocks if block]

    def _whole(self, chunk: Chunk) -> bytes:
        chunk.whole = b"".join(self.chunk(chunk, 1, keeps_segments=False))
        return chunk.whole

    def _head(self, root: str, job: Job) -> bytes:
        attributes = self._style.attributes(self.attributes(job, is_list=False))
        return f"<{root}{attributes}>{self.nodes(job, 1)}".encode()

    def chunk(self, chunk: Chunk, depth: int, *, keeps_segments: bool = True) -> list[bytes]:
        """`Objects`, in blocks."""
        start = self._style.line(depth)
        attributes = self._style.attributes({"ChunkId": chunk.id, "ChunkNumber": chunk.number, "NodeId": chunk.node_id})
        if not chunk.blobs:
            return [f"{start}<Objects{attributes}/>".encode()]
        segments = self._segments(chunk, depth + 1, keeps=keeps_segments)
        return [f"{start}<Objects{attributes}>".encode(), *segments, f"{start}</Objects>".encode()]

    def _segments(self, chunk: Chunk, depth: int, *, keeps: bool) -> list[bytes]:
        segments: list[bytes] = []
        for number, known in enumerate(chunk.rendered):
            at = number * SEGMENT_BLOBS
            rendered = known or self._objects(chunk.blobs[at : at + SEGMENT_BLOBS], depth)
            if keeps:
                chunk.rendered[number] = rendered
            segments.append(rendered)
        return segments

    def _objects(self, blobs: list[Blob], depth: int) -> bytes:
        start = self._style.line(depth)
        words = {flag: self._style.text(flag) for flag in (False, True)}
        has_version_id = self._release.has_version_id
        return "".join(
            f'{start}<Object Id="{blob.id}" InCache="{words[blob.is_in_cache]}" Latest="{words[blob.is_latest]}"'
            f' Length="{blob.length}" Name="{blob.name.translate(ATTRIBUTE_ESCAPES)}" Offset="{blob.offset}"'
            + (f' VersionId="{blob.version_id}"/>' if has_version_id else f' Version="{blob.version}"/>')
            for blob in blobs
        ).encode()

    def alone(self, chunk: Chunk) -> list[bytes]:
        """`Objects` as the root of an answer."""
        blocks = self.chunk(chunk, 0, keeps_segments=False)
        return [blocks[0].lstrip(b"\n"), *blocks[1:]]

    def summary(self, job: Job) -> list[bytes]:
        """`JobSummary` of release 6.0; the layout of its children follows the contract's names."""
        done = [chunk for chunk in job.chunks if chunk.is_done]
        open_ = [chunk for chunk in job.chunks if not chunk.is_done]
        line, style = self._style.line, self._style

        def group(name: str, chunks: list[Chunk]) -> str:
            each = "".join(
                line(4) + f"<JobChunk{style.attributes({'ChunkId': chunk.id, 'ChunkNumber': chunk.number})}/>"
                for chunk in chunks
            )
            return f"{line(3)}<{name}>{each}{line(3)}</{name}>" if chunks else f"{line(3)}<{name}/>"

        identity = style.elements([("Id", job.bucket.data_policy_id)], 3)
        body = (
            f"{line(1)}<Destinations>{line(2)}<Destination>{group('Complete', done)}{identity}"
            f"{group('Incomplete', open_)}{style.elements([('Name', 'tape-first-copy')], 3)}"
            f"{line(2)}</Destination>{line(1)}</Destinations>{self.nodes(job, 1)}"
            f"{style.elements([('Summary', f'{len(done)} of {len(job.chunks)} chunks written')], 1)}{line(0)}</JobSummary>"
        )
        attributes = style.attributes(self.attributes(job, is_list=False))
        return [f"<JobSummary{attributes}>{body}".encode()]


def node_attributes(node: Node) -> dict[str, Value]:
    """A `Node` of a job; ports that are not known are absent."""
    return {"EndPoint": node.end_point, "HttpPort": node.http_port, "HttpsPort": node.https_port, "Id": node.id}
