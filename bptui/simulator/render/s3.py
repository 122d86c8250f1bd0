"""The S3 half: buckets, their contents, and errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bptui.simulator.accounts import Bucket, User
    from bptui.simulator.markup import Elements
    from bptui.simulator.requests import Refusal
    from bptui.simulator.storage import StoredObject


def service(buckets: Iterable[Bucket], owner: User) -> Elements:
    """`ListAllMyBucketsResult` (Get Service)."""
    each: Elements = [("Bucket", [("CreationDate", bucket.created_at), ("Name", bucket.name)]) for bucket in buckets]
    return [("Buckets", each), ("Owner", [("DisplayName", owner.name), ("ID", owner.id)])]


def error(refusal: Refusal, resource: str, number: int) -> Elements:
    """`Error`: the code, its number, a message that repeats both, the path and the request's number."""
    return [
        ("Code", refusal.code),
        ("HttpErrorCode", refusal.status),
        ("Message", f"{refusal.code}[{refusal.status}]: {refusal.message}"),
        ("Resource", resource),
        ("ResourceId", number),
    ]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a bucket listing was asked for."""

    bucket: str
    prefix: str
    delimiter: str
    marker: str
    most: int
    is_truncated: bool
    encodes: bool

    def key(self, name: str) -> str:
        """A name as the client wants it: as it is, or percent-encoded."""
        return quote(name, safe="/") if self.encodes else name


def listing(asked: Listing, stored: list[StoredObject], groups: list[str], owner: User) -> Elements:
    """`ListBucketResult` (Get Bucket)."""
    last = max([each.name for each in stored] + groups, default="")
    return [
        *[("CommonPrefixes", [("Prefix", asked.key(group))]) for group in groups],
        *[("Contents", _contents(asked, each, owner)) for each in stored],
        ("Delimiter", asked.delimiter),
        *([("EncodingType", "url")] if asked.encodes else []),
        ("IsTruncated", asked.is_truncated),
        ("Marker", asked.key(asked.marker)),
        ("MaxKeys", asked.most),
        ("Name", asked.bucket),
        ("NextMarker", asked.key(last) if asked.is_truncated else None),
        ("Prefix", asked.key(asked.prefix)),
    ]


def _contents(asked: Listing, each: StoredObject, owner: User) -> Elements:
    return [
        ("ETag", each.entity_tag),
        ("Key", asked.key(each.name)),
        ("LastModified", each.created_at),
        ("Owner", [("DisplayName", owner.name), ("ID", owner.id)]),
        ("Size", each.size_bytes),
        ("StorageClass", None),
    ]
