"""Get Job and Get Jobs bodies of the size that an appliance allows, the same for the same seed."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

OBJECTS = 500_000
CHUNKS = 500
CHANGED_CHUNKS = 50
CHANGED_OBJECTS = 500
JOBS = 40_000
CHANGED_JOBS = JOBS // 100

NODE = "ed6bb2a4-f14b-4e80-9b08-902aa37b02a0"
USER = "411dee86-52a6-4a59-9e6b-9356a84e88d6"


def uuid_text(random: Random) -> str:
    """A UUID in the form that appliances write."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def object_text(random: Random, number: int, *, is_in_cache: bool) -> str:
    """An `Object` element of 5.8: about 210 bytes."""
    return (
        f'<Object Id="{uuid_text(random)}" InCache="{"true" if is_in_cache else "false"}" Latest="true"'
        f' Length="{random.getrandbits(33)}" Name="reel-{number // 5000:03}/scene {number // 500 % 10:02}/'
        f'take_{number:07}_camera_A.mov" Offset="0" VersionId="{uuid_text(random)}"/>'
    )


def changed_numbers() -> set[int]:
    """The objects that go into cache between two polls: ten anywhere in every tenth chunk."""
    random, chunk_objects = Random(2), OBJECTS // CHUNKS
    each = CHANGED_OBJECTS // CHANGED_CHUNKS
    firsts = range(0, OBJECTS, OBJECTS // CHANGED_CHUNKS)
    return {first + inside for first in firsts for inside in random.sample(range(chunk_objects), each)}


def job(chunks: int, *, is_later: bool = False) -> bytes:
    """A Get Job body with OBJECTS objects in so many chunks; `is_later` is the next poll of line 3."""
    random, changed = Random(1), changed_numbers()
    head = (
        '<MasterObjectList Aggregating="false" BucketName="harbor-masters" CachedSizeInBytes="6637690880"'
        ' ChunkClientProcessingOrderGuarantee="IN_ORDER" CompletedSizeInBytes="734003200" EntirelyInCache="false"'
        ' JobId="91eb66f6-5a61-4814-b896-fc02863292a6" Naked="false" Name="PUT by 10.24.8.61"'
        ' OriginalSizeInBytes="7784837120" Priority="NORMAL" RequestType="PUT" StartDate="2025-03-05T13:41:22.000Z"'
        f' Status="IN_PROGRESS" UserId="{USER}" UserName="mbarros"><Nodes><Node EndPoint="bp-data.example.test"'
        f' HttpPort="80" HttpsPort="443" Id="{NODE}"/></Nodes>'
    )
    parts = [head]
    size = OBJECTS // chunks
    for chunk in range(chunks):
        parts.append(f'<Objects ChunkId="{uuid_text(random)}" ChunkNumber="{chunk + 1}" NodeId="{NODE}">')
        numbers = range(chunk * size, (chunk + 1) * size)
        parts += [
            object_text(random, number, is_in_cache=random.random() < 0.5 if number not in changed else is_later)
            for number in numbers
        ]
        parts.append("</Objects>")
    parts.append("</MasterObjectList>")
    return "".join(parts).encode()


def jobs(*, is_later: bool = False) -> bytes:
    """A Get Jobs body with JOBS jobs; `is_later` moves the counters of one in a hundred."""
    random = Random(3)
    changed = set(Random(4).sample(range(JOBS), CHANGED_JOBS)) if is_later else set()
    parts = ["<Jobs>"]
    for number in range(JOBS):
        cached = random.getrandbits(36) + (number in changed)
        parts.append(
            f'<Job Aggregating="{"true" if number % 7 == 0 else "false"}" BucketName="bucket-{number % 40}"'
            f' CachedSizeInBytes="{cached}" ChunkClientProcessingOrderGuarantee="IN_ORDER" CompletedSizeInBytes="0"'
            f' JobId="{uuid_text(random)}" Naked="false" Name="PUT by 10.24.8.{number % 250}" OriginalSizeInBytes="{2**37}"'
            f' Priority="NORMAL" RequestType="PUT" StartDate="2025-03-05T14:{number % 60:02}:10.000Z"'
            f' Status="IN_PROGRESS" UserId="{USER}" UserName="mbarros"><Nodes><Node EndPoint="bp-data.example.test"'
            f' HttpPort="80" HttpsPort="443" Id="{NODE}"/></Nodes></Job>'
        )
    parts.append("</Jobs>")
    return "".join(parts).encode()


def write(folder: Path) -> None:
    """Write every body into a folder."""
    for name, chunks in (("chunks", CHUNKS), ("flat", 1), ("ones", OBJECTS)):
        (folder / f"{name}.xml").write_bytes(job(chunks))
        if name != "ones":
            (folder / f"{name}-later.xml").write_bytes(job(chunks, is_later=True))
    (folder / "jobs.xml").write_bytes(jobs())
    (folder / "jobs-later.xml").write_bytes(jobs(is_later=True))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
